// Library entries of a case: materials and devices.
// Implements: the lookup of a name (section of the case first, then library files), `from:`
// chains without circles, entries overlaid key by key, and reading into Configurables.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "case/case_visitor.h"
#include "case/problems.h"
#include "case/tree.h"

namespace thermodose {

/// Keys of an entry that belong to the library and not to the object: kind, from, title, notes.
const std::vector<std::string>& library_keys();

class Library {
 public:
  /// `section`: the section of the case, or null. `folders`: directories with <name>.yaml.
  Library(const LibraryKind& kind, const Node* section, std::vector<std::string> folders,
          Problems& problems);

  /// The case uses `name` at key `path`. Reads it on first use.
  void use(const std::string& name, const std::string& path);
  /// True when an entry of the section is used, itself or through `from`.
  bool reached(const std::string& name) const { return reached_.count(name) > 0; }
  /// Reads the entries of the section that nobody used, for their problems only.
  void check_unused();
  /// What was used, in order of first use.
  const std::vector<NamedConfigurable>& used() const { return used_; }
  /// Names that can be used, sorted.
  std::vector<std::string> names() const;

 private:
  struct Merged {
    Node map;
    std::string origin;
    /// Laws of which only some keys were replaced ("freezing.linear"), and the keys taken over.
    std::map<std::string, std::vector<std::string>> kept;
  };
  /// The nearest name, or how to find the names.
  std::string advice(const std::string& name) const;
  bool in_section(const std::string& name) const;
  /// Path of the library file of a name; empty when there is none.
  std::string file_of(const std::string& name) const;
  const Node* file_tree(const std::string& name);
  /// The entry with everything it is made from. `chain`: names being resolved.
  std::optional<Merged> resolve(const std::string& name, bool allow_section,
                                std::vector<std::string> chain);
  std::optional<Merged> overlay(const Node& own, const std::string& origin, const std::string& name,
                                bool allow_section, const std::vector<std::string>& chain);
  /// Lays the entries of `own` over those of `base`: key by key, in a law of the same name, too.
  static void lay_over(Node& base, const Node& own, const std::string& path, Merged& merged);
  NamedConfigurable read(const std::string& name, const Merged& merged);

  const LibraryKind& kind_;
  const Node* section_;
  std::vector<std::string> folders_;
  Problems& problems_;
  std::map<std::string, std::unique_ptr<Node>> files_;  ///< null = unreadable, told
  std::vector<NamedConfigurable> used_;
  std::set<std::string> reached_;  ///< entries of the section
};

/// Path of the first <name>.yaml in folders; "" when there is none.
std::string library_file(const std::vector<std::string>& folders, const std::string& name);

/// Names of the library files in folders, sorted.
std::vector<std::string> library_names(const std::vector<std::string>& folders);

/// Folders of a kind of library below the library directories.
std::vector<std::string> library_folders(const LibraryKind& kind,
                                         const std::vector<std::string>& directories);

}  // namespace thermodose
