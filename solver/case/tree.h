// A parsed YAML file as a tree of values that know where they stand.
// Implements: text -> Node with file and line per value and per key, duplicate keys detected,
// and limits on size, depth and expansion, so that no input can exhaust the program.
// Not supported, and said so: tags, several documents, keys that are not plain text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "case/problems.h"

namespace thermodose {

/// A value of the file: nothing, text, a list or a map.
struct Node {
  enum class Kind { nothing, scalar, list, map };
  struct Entry;

  Kind kind = Kind::nothing;
  Place place;
  std::string text;            ///< scalar; "~" for a nothing that is written so
  std::vector<Node> items;     ///< list
  std::vector<Entry> entries;  ///< map, in file order

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  /// The value of a key, or null.
  const Node* find(const std::string& key) const;
  Node* find(const std::string& key);
};

struct Node::Entry {
  std::string key;
  Place place;  ///< of the key
  Node value;
};

/// "text '5 mm'", "a list", "a map", "nothing": what was found, for messages.
std::string what(const Node& node);

/// Largest input file in bytes and deepest nesting.
inline constexpr std::size_t kLargestFile = 1U << 20U;
inline constexpr int kDeepest = 32;

/// Parses one YAML document. Problems go to `problems`; then the tree may be incomplete, and is
/// null when nothing could be read. Never throws on bad text.
std::unique_ptr<Node> parse_yaml(const std::string& text, const std::string& file,
                                 Problems& problems);

/// Reads a whole file. Throws IoError (missing, unreadable, a directory), and InputError when it
/// is larger than kLargestFile.
std::string read_file(const std::string& path);

/// True when `path` names an existing regular file.
bool is_file(const std::string& path);

}  // namespace thermodose
