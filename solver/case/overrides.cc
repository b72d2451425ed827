// Implements: case/overrides.h.
#include "case/overrides.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

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

bool is_quote(char c) { return c == '"' || c == '\''; }

/// "a[0].b" -> "a.0.b", outside of quotes. Empty when a quote or a bracket is left open.
std::string dotted(const std::string& path) {
  std::string out;
  char open = 0;
  for (const char c : path) {
    const bool closes = open != 0 && c == open;
    if (open == 0 && c == ']') return "";
    if (open == 0 && c == '[') {
      open = ']';
      out += '.';
    } else if (open == 0 && is_quote(c)) {
      open = c;
      out += c;
    } else {
      if (closes) open = 0;
      if (!closes || is_quote(c)) out += c;
    }
  }
  return open == 0 ? out : "";
}

bool well_formed(const std::string& path) {
  return !path.empty() && path.front() != '.' && path.back() != '.' &&
         path.find("..") == std::string::npos;
}

/// Takes `size` characters and the dot behind them off `rest`.
std::string take(std::string& rest, std::size_t size) {
  std::string key = rest.substr(0, size);
  rest = size < rest.size() ? rest.substr(size + 1) : "";
  return key;
}

/// Takes the next key off `rest`: a quoted one, or the longest that exists in the map or in `more`,
/// since names may hold dots; else what stands before the next dot.
std::string next_key(const Node& map, const std::vector<std::string>& more, std::string& rest) {
  if (is_quote(rest.front())) {
    const std::size_t close = rest.find(rest.front(), 1);
    const std::string quoted = take(rest, std::min(rest.find('.', close), rest.size()));
    return quoted.substr(1, close - 1);
  }
  std::size_t best = 0;
  const auto offer = [&](const std::string& key) {
    const std::size_t n = key.size();
    const bool fits = rest.compare(0, n, key) == 0 && (rest.size() == n || rest[n] == '.');
    if (fits && n > best) best = n;
  };
  for (const auto& entry : map.entries) offer(entry.key);
  for (const auto& name : more) offer(name);
  return take(rest, best > 0 ? best : std::min(rest.find('.'), rest.size()));
}

Node& add_entry(Node& map, const std::string& key, const Place& place) {
  Node fresh;
  fresh.place = place;
  map.entries.push_back({key, place, fresh});
  return map.entries.back().value;
}

/// The entry of a list that `rest` begins with; null with a problem.
Node* list_item(Node& list, std::string& rest, const Spot& at) {
  const std::string first = take(rest, std::min(rest.find('.'), rest.size()));
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(first.data(), first.data() + first.size(), index);
  if (error == std::errc() && end == first.data() + first.size() && index < list.items.size()) {
    return &list.items[index];
  }
  at.complain("there is no entry " + text::quoted(first) + " in a list of " +
              std::to_string(list.items.size()) + " (the first is 0)");
  return nullptr;
}

/// Walks along one path.
class Walk {
 public:
  Walk(std::string rest, const Spot& at, const std::vector<LibrarySection>& libraries)
      : rest_(std::move(rest)), at_(at), libraries_(libraries) {}

  /// The node at the end of the path, made when it is missing; null with a problem.
  Node* to_end(Node& root) {
    Node* node = &root;
    while (node != nullptr && !rest_.empty()) {
      inherits_ = inherits_ || (entry_ && node->find("from") != nullptr);
      parent_ = node;
      node = descend(*node);
    }
    return node;
  }
  /// After to_end: takes the last key out of its map. What `from` may have brought stays to be
  /// taken out later; an entry of a list stays, too. Returns whether it is gone.
  bool remove() {
    if (inherits_ || !parent_->is_map()) return false;
    auto& entries = parent_->entries;
    entries.erase(std::remove_if(entries.begin(), entries.end(),
                                 [&](const auto& e) { return e.key == keys_.back(); }),
                  entries.end());
    return true;
  }
  const std::optional<LibraryEntry>& entry() const { return entry_; }

 private:
  /// The library of the map that the path has come to.
  const LibrarySection* library() const {
    const auto found = std::find_if(libraries_.begin(), libraries_.end(), [&](const auto& l) {
      return keys_.size() == 1 && l.section == keys_.front();
    });
    return found == libraries_.end() ? nullptr : &*found;
  }

  /// Maps whose keys are names, which may be numbers; so may those of a library's entries.
  bool holds_names(const std::string& key) const {
    return keys_.size() > 1 || key == "probes" || key == "thermocouples" ||
           std::any_of(libraries_.begin(), libraries_.end(),
                       [&](const auto& l) { return l.section == key; });
  }
  /// The rest is an entry by number: "0.tissue".
  bool number_follows() const {
    const auto digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    return digits > 0 && (digits == rest_.size() || rest_[digits] == '.');
  }

  Node* descend(Node& node) {
    if (node.kind == Node::Kind::nothing) node.kind = Node::Kind::map;
    if (node.is_list()) {
      keys_.emplace_back();
      return list_item(node, rest_, at_);
    }
    if (!node.is_map()) {
      const std::string last = rest_.substr(rest_.rfind('.') + 1);
      at_.complain("cannot set " + text::quoted(rest_) + " inside " + what(node) +
                   at_.problems->elsewhere(last));
      return nullptr;
    }
    const LibrarySection* from = library();
    const std::string key =
        next_key(node, from == nullptr ? std::vector<std::string>{} : from->names, rest_);
    keys_.push_back(key);
    if (from != nullptr) entry_ = LibraryEntry{from->section, key};
    Node* const found = node.find(key);
    if (!holds_names(key) && number_follows() &&
        (found == nullptr || found->kind == Node::Kind::nothing)) {
      at_.complain("there is no list " + text::quoted(key) +
                   " to take an entry of; set it as a whole");
      return nullptr;
    }
    if (found != nullptr) return found;
    if (keys_.size() == 2 && keys_.front() == "probes") note_new_probe(node);
    return from == nullptr ? &add_entry(node, key, at_.place) : library_entry(node, *from, key);
  }

  /// A new entry of a section with a library.
  Node* library_entry(Node& section, const LibrarySection& from, const std::string& name) {
    const bool known = std::find(from.names.begin(), from.names.end(), name) != from.names.end();
    const bool makes_one = rest_.empty() || rest_ == "from";
    if (!known && !makes_one) {
      std::vector<std::string> names = from.names;
      for (const auto& entry : section.entries) names.push_back(entry.key);
      at_.problems->add(at_.place, child_path(from.section, name),
                        "there is no " + from.noun + " " + text::quoted(name) + ", neither in '" +
                            from.section + ":' nor in the library" +
                            text::did_you_mean(name, names));
      return nullptr;
    }
    Node& entry = add_entry(section, name, at_.place);
    if (known && !makes_one) {
      entry.kind = Node::Kind::map;
      Node& origin = add_entry(entry, "from", at_.place);
      origin.kind = Node::Kind::scalar;
      origin.text = name;
    }
    return &entry;
  }

  /// A misspelt name makes a new probe, whose other keys will be missing.
  void note_new_probe(const Node& probes) const {
    std::vector<std::string> names;
    for (const auto& entry : probes.entries) names.push_back(entry.key);
    const std::string& name = keys_.back();
    at_.problems->set_note(child_path("probes", name), Problems::About::missing,
                           " (" + text::quoted(name) + " is new" +
                               (names.empty() ? "" : ", the case has " + text::list(names)) + ")");
  }

  std::string rest_;
  Node* parent_ = nullptr;
  bool inherits_ = false;  ///< the path goes through an entry with `from`
  const Spot& at_;
  const std::vector<LibrarySection>& libraries_;
  std::vector<std::string> keys_;
  std::optional<LibraryEntry> entry_;
};

}  // namespace

std::optional<LibraryEntry> apply_override(Node& root, const std::string& path,
                                           const std::string& value,
                                           const std::vector<LibrarySection>& libraries,
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
    return std::nullopt;
  }
  const std::string rest = dotted(path);
  if (!well_formed(rest)) {
    at.complain(rest.empty() && !path.empty() ? "a quote or a bracket is not closed"
                                              : "expected a dotted key such as domain.box.size");
    return std::nullopt;
  }
  Walk walk(rest, at, libraries);
  Node* node = walk.to_end(root);
  if (node == nullptr) return std::nullopt;
  const bool removes = parsed && parsed->kind == Node::Kind::nothing && parsed->text == "~";
  if (removes && walk.remove()) return walk.entry();
  if (parsed) {
    *node = std::move(*parsed);
  } else {
    *node = Node{};
    node->place = at.place;
  }
  drop_lines(*node);
  return walk.entry();
}

}  // namespace thermodose
