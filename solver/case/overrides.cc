// Implements: case/overrides.h.
#include "case/overrides.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace thermodose {

namespace {

void drop_lines(Node& node) {
  node.place.line = 0;
  for (auto& item : node.items) drop_lines(item);
  for (auto& entry : node.entries) {
    entry.place.line = 0;
    drop_lines(entry.value);
  }
}

/// "a[0].b" -> "a.0.b".
std::string dotted(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '[') out += '.';
    if (c != '[' && c != ']') out += c;
  }
  return out;
}

/// Takes the next key off `rest`: the longest existing one, since names may hold dots.
std::string next_key(const Node& map, std::string& rest) {
  std::size_t best = std::string::npos;
  for (const auto& entry : map.entries) {
    const std::size_t n = entry.key.size();
    const bool fits = rest.compare(0, n, entry.key) == 0 && (rest.size() == n || rest[n] == '.');
    if (fits && (best == std::string::npos || n > best)) best = n;
  }
  if (best == std::string::npos) best = std::min(rest.find('.'), rest.size());
  std::string key = rest.substr(0, best);
  rest = best < rest.size() ? rest.substr(best + 1) : "";
  return key;
}

/// The entry that `rest` begins with, made when it is missing; null with a problem.
Node* descend(Node& node, std::string& rest, const Spot& at) {
  if (node.kind == Node::Kind::nothing) node.kind = Node::Kind::map;
  if (node.is_map()) {
    const std::string key = next_key(node, rest);
    if (Node* found = node.find(key)) return found;
    Node fresh;
    fresh.place = at.place;
    node.entries.push_back({key, at.place, fresh});
    return &node.entries.back().value;
  }
  if (!node.is_list()) {
    at.complain("cannot set '" + rest + "' inside " + what(node));
    return nullptr;
  }
  const std::string first = rest.substr(0, rest.find('.'));
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(first.data(), first.data() + first.size(), index);
  if (error != std::errc() || end != first.data() + first.size() || index >= node.items.size()) {
    at.complain("there is no entry " + text::quoted(first) + " in a list of " +
                std::to_string(node.items.size()) + " (the first is 0)");
    return nullptr;
  }
  rest = first.size() < rest.size() ? rest.substr(first.size() + 1) : "";
  return &node.items[index];
}

}  // namespace

void apply_override(Node& root, const std::string& path, const std::string& value,
                    Problems& problems) {
  const std::string file = "--set " + path;
  const Spot at{&problems, path, {std::make_shared<const std::string>(file), 0}};
  Problems own;
  std::unique_ptr<Node> parsed;
  try {
    parsed = parse_yaml(value, file, own);
    own.raise();
  } catch (const InputError& e) {
    for (const auto& problem : e.problems()) at.complain(problem.message);
    return;
  }
  std::string rest = dotted(path);
  if (rest.empty() || rest.front() == '.' || rest.back() == '.' ||
      rest.find("..") != std::string::npos) {
    at.complain("expected a dotted key such as domain.box.size");
    return;
  }
  Node* node = &root;
  while (!rest.empty()) {
    node = descend(*node, rest, at);
    if (node == nullptr) return;
  }
  if (parsed) {
    *node = std::move(*parsed);
  } else {
    *node = Node{};
    node->place = at.place;
  }
  drop_lines(*node);
}

}  // namespace thermodose
