// A data sheet: numbers with units and sources, as the shipped anatomies have them.
// Implements: reading of YAML of two levels,
//   section:
//     quantity: {value: 41.2 mm, source: "end plate, [panjabi1992]"}
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"

namespace thermodose {

/// A sheet in memory. Problems are collected; `finish` throws them all.
class DataSheet {
 public:
  /// Reads a file. Throws IoError when it cannot be read, InputError when it is no YAML.
  explicit DataSheet(std::string path);

  bool has(const std::string& section, const std::string& quantity) const;
  /// SI value of section.quantity, which must be a number, not negative and of the dimension of
  /// `unit`; 0 and a problem otherwise.
  double value(const std::string& section, const std::string& quantity, const std::string& unit);
  /// Where the number is from; "" when there is no such quantity.
  std::string source(const std::string& section, const std::string& quantity) const;

  /// Throws InputError with every problem: malformed entries, missing quantities, wrong
  /// units, sections or quantities that are not known.
  void finish(const std::vector<std::string>& sections,
              const std::vector<std::string>& quantities) const;

 private:
  struct Entry {
    std::string text, source;
    int line = 0;
  };
  struct Section {
    std::map<std::string, Entry> entries;
    int line = 0;
  };

  void read();
  const Entry* find(const std::string& section, const std::string& quantity) const;
  void add(int line, const std::string& key, const std::string& message);

  std::string path_;
  std::map<std::string, Section> sections_;
  std::vector<Problem> problems_;
};

/// Path of `name` in the first of the folders that has it: itself, in its folder `meshes`, or in
/// the folder `meshes` beside it (the library of materials has one there).
/// Throws InputError (key `anatomy`) that lists where it was looked for.
std::string shipped_file(const std::vector<std::string>& folders, const std::string& name);

}  // namespace thermodose
