// Which label is which structure and which tissue.
// Implements: maps in YAML, shipped (materials/maps/NAME.yaml) or the user's own:
//   title: what the numbers come from          (optional)
//   source: publication                        (optional)
//   labels:
//     5: {name: liver, tissue: liver}
// Label 0 is what no structure owns; it has no place in a map.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"

namespace thermodose {

/// Name of the part of label 0.
inline constexpr const char* kBackgroundPart = "background";

/// One structure.
struct LabelEntry {
  std::string name;    ///< unique in the map
  std::string tissue;  ///< of the materials library or of the case
};

struct LabelMap {
  std::string origin;  ///< "map 'totalsegmentator'", for messages; empty when there is no map
  std::map<std::int64_t, LabelEntry> labels;

  std::vector<std::string> names() const;
  /// The label of a structure, or null.
  const std::int64_t* find(const std::string& name) const;
};

/// Reads a map. Problems, with file, line and key: no such file, no YAML, unknown keys, labels that
/// are no whole numbers, entries without name or tissue, a label or a name twice.
LabelMap read_label_map(const std::string& path, std::vector<Problem>& problems);

/// Path of a map: a shipped one by its name, in the folders `maps` of the library; a path (with a
/// '/' or ending in .yaml) from `directory`. Empty, and a problem of the key `map`, when unknown.
std::string find_label_map(const std::string& map, const std::string& directory,
                           const std::vector<std::string>& library, std::vector<Problem>& problems);

/// A label as text: a whole number and nothing else. False when it is none.
bool read_label(const std::string& text, std::int64_t& label);

/// Names of structures: letters, digits and . _ + -, beginning with a letter or digit, at most 64.
bool is_part_name(const std::string& name);

}  // namespace thermodose
