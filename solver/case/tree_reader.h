// Reading: declared keys <- tree.
// Implements: the Keys visitor that fills bound members from a Node and collects every problem:
// unknown keys with the nearest valid name, missing keys, wrong types, units, ranges, choices.
#pragma once

#include <string>
#include <vector>

#include "case/case_visitor.h"
#include "case/problems.h"
#include "case/quantity.h"
#include "case/tree.h"

namespace thermodose {

/// Reads one map. Call finish() after the keys were visited.
class TreeReader : public CaseVisitor {
 public:
  TreeReader(const Node& map, std::string path, Problems& problems);

  /// Reports the keys of the map that nobody declared. `of_case`: the map is a part of the case
  /// itself, whose keys may have been meant for any other part; else for one near by.
  void finish(bool of_case = true);
  /// Declares a key that the caller reads itself.
  void declare(const std::string& key);

  void real(const Key& key, double& value) override;
  void real(const Key& key, std::optional<double>& value) override;
  void real_in(const Key& key, const std::vector<std::string>& units, TaggedReal& value) override;
  void integer(const Key& key, int& value) override;
  void integer(const Key& key, std::optional<int>& value) override;
  void flag(const Key& key, bool& value) override;
  void text(const Key& key, std::string& value) override;
  void texts(const Key& key, std::vector<std::string>& value) override;
  void point(const Key& key, Vec3& value) override;
  void point(const Key& key, std::optional<Vec3>& value) override;
  void reals(const Key& key, std::vector<double>& value) override;
  void named_points(const Key& key, std::vector<std::string>& names,
                    std::vector<Vec3>& values) override;
  void curve(const Key& key, const Key& x, std::vector<std::pair<double, double>>& value) override;
  void section(const Key& key, bool* present, const std::function<void(Keys&)>& body) override;
  void list(const Key& key, const std::function<void(std::size_t)>& resize,
            const std::function<std::size_t()>& size,
            const std::function<void(Keys&, std::size_t)>& body) override;
  void named(const Key& key, std::vector<std::string>& names,
             const std::function<void(std::size_t)>& resize,
             const std::function<void(Keys&, std::size_t)>& body) override;
  void plugin(const Key& key, const std::string& registry, std::string& chosen,
              std::shared_ptr<Configurable>& value) override;
  void plugins(const Key& key, const std::string& registry, std::vector<std::string>& chosen,
               std::vector<std::shared_ptr<Configurable>>& value) override;
  /// Only declares the section; class Library reads it when it is known what the case uses.
  void library(const Key& key, const LibraryKind& kind,
               std::vector<NamedConfigurable>& entries) override;

 private:
  /// What to do about a key that nobody declared.
  std::string unknown_key_hint(const Node::Entry& entry, bool of_case) const;
  /// The value of a key, or null when it is absent or empty (a problem when it is required).
  const Node* take(const Key& key);
  Spot spot(const Key& key, const Node& node) const;
  bool expect(const Key& key, const Node& node, Node::Kind kind, const std::string& expected);
  std::optional<std::string> word(const Key& key, const Node& node, const Spot& at) const;

  const Node& map_;
  std::string path_;
  Problems& problems_;
  std::vector<std::string> declared_;
};

/// One plugin: a bare word, or a map of one key. Adds problems; null object when there are any.
void read_plugin(const Node& node, const std::string& registry, const Spot& at, std::string& chosen,
                 std::shared_ptr<Configurable>& value);

/// Reads the keys of `object` from `map`, then runs its check(). `own`: keys that the caller
/// reads. Returns true when no problem was found.
bool read_configurable(const Node& map, const std::string& path, Problems& problems,
                       const std::vector<std::string>& own, Configurable& object);

/// Names that users choose (probes, thermocouples, materials): letters, digits, and . _ + -,
/// starting with a letter or digit, at most 64 characters. Adds a problem otherwise.
bool check_name(const std::string& name, const Spot& at);

/// A point: "1 2 3 mm" or [1 mm, 2 mm, 3 mm].
std::optional<Vec3> read_point(const Node& node, const Key& key, const Spot& at);

}  // namespace thermodose
