// Implements: case/tree_reader.h, keys that hold several values: sections, lists, plugins.
#include <algorithm>
#include <cctype>

#include "base/registry.h"
#include "base/text.h"
#include "case/tree_reader.h"

namespace thermodose {

namespace {

std::vector<std::string> entry_names(const std::string& registry) {
  std::vector<std::string> out;
  for (const RegistryEntry* entry : registry::entries(registry)) out.push_back(entry->name);
  return out;
}

}  // namespace

bool check_name(const std::string& name, const Spot& at) {
  constexpr std::size_t kLongest = 64;
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
           c == '+';
  };
  const bool good = !name.empty() && name.size() <= kLongest &&
                    std::isalnum(static_cast<unsigned char>(name[0])) != 0 &&
                    std::all_of(name.begin(), name.end(), plain);
  if (!good) {
    at.complain("the name " + text::quoted(name) +
                " may only hold letters, digits, '_', '-', '+' and '.', at most 64 of them, and "
                "must start with a letter or digit");
  }
  return good;
}

bool read_configurable(const Node& map, const std::string& path, Problems& problems,
                       const std::vector<std::string>& own, Configurable& object) {
  TreeReader reader(map, path, problems);
  for (const auto& key : own) reader.declare(key);
  problems.locate(path, map.place);
  object.keys(reader);
  reader.finish(false);
  if (!problems.good(path)) return false;
  for (const auto& found : object.check()) {
    const auto colon = found.find(": ");
    const bool has_key = colon != std::string::npos && found.find(' ') > colon;
    problems.add_at(has_key ? child_path(path, found.substr(0, colon)) : path,
                    (has_key ? found.substr(colon + 2) : found) +
                        problems.note(path, Problems::About::several));
  }
  return problems.good(path);
}

void read_plugin(const Node& node, const std::string& registry, const Spot& at, std::string& chosen,
                 std::shared_ptr<Configurable>& value) {
  const auto names = entry_names(registry);
  const std::string example = names.empty() ? "name" : names.front();
  std::string noun = registry;  // "shaft law"
  std::replace(noun.begin(), noun.end(), '_', ' ');
  Node parameters;
  parameters.kind = Node::Kind::map;
  parameters.place = node.place;
  std::string name;
  if (node.is_scalar()) {
    name = node.text;
  } else if (node.is_map() && node.entries.size() == 1) {
    name = node.entries.front().key;
    const Node& inner = node.entries.front().value;
    if (inner.is_map()) {
      parameters = inner;
    } else if (inner.kind != Node::Kind::nothing) {
      at.problems->add(inner.place, child_path(at.path, name),
                       "found " + what(inner) + ", expected a map of keys");
      return;
    }
  } else {
    std::vector<std::string> found;
    for (const auto& entry : node.entries) found.push_back(entry.key);
    at.complain("found " + what(node) + (found.empty() ? "" : " with " + text::list(found)) +
                ", expected one " + noun + ": a word or a map of one key such as {" + example +
                ": {...}}");
    return;
  }
  const RegistryEntry* entry = registry::find(registry, name);
  if (entry == nullptr) {
    at.complain("unknown " + noun + " " + text::quoted(name) + "; known: " + text::list(names) +
                text::did_you_mean(name, names));
    return;
  }
  auto object = entry->make();
  if (!read_configurable(parameters, child_path(at.path, name), *at.problems, {}, *object)) return;
  chosen = name;
  value = std::move(object);
}

void TreeReader::named_points(const Key& key, std::vector<std::string>& names,
                              std::vector<Vec3>& values) {
  const Node* node = take(key);
  if (node == nullptr) return;
  names.clear();
  values.clear();
  if (!expect(key, *node, Node::Kind::map, "a map from names to points")) return;
  for (const auto& entry : node->entries) {
    const Spot at{&problems_, child_path(child_path(path_, key.name), entry.key), entry.place};
    problems_.locate(at.path, entry.place);
    const bool good = check_name(entry.key, at);
    const auto point = read_point(entry.value, key, at);
    if (!good || !point) continue;
    names.push_back(entry.key);
    values.push_back(*point);
  }
}

void TreeReader::curve(const Key& key, const Key& x,
                       std::vector<std::pair<double, double>>& value) {
  const Node* node = take(key);
  if (node == nullptr) return;
  const Spot at = spot(key, *node);
  value.clear();
  if (node->is_scalar()) {  // one value everywhere
    if (const auto y = read_quantity(node->text, key, at)) value.emplace_back(0., *y);
    return;
  }
  if (!expect(key, *node, Node::Kind::list,
              "a quantity or a table [[" + x.name + ", " + key.name + "], ...]")) {
    return;
  }
  if (node->items.empty()) at.complain("the table is empty");
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const Node& row = node->items[i];
    const Spot inner{&problems_, child_path(at.path, i), row.place};
    if (!row.is_list() || row.items.size() != 2 || !row.items[0].is_scalar() ||
        !row.items[1].is_scalar()) {
      inner.complain("found " + what(row) + ", expected a pair [" + x.name + ", " + key.name + "]");
      continue;
    }
    const auto abscissa = read_quantity(row.items[0].text, x, inner);
    const auto ordinate = read_quantity(row.items[1].text, key, inner);
    if (!abscissa || !ordinate) continue;
    if (!value.empty() && *abscissa <= value.back().first) {
      inner.complain("found " + text::quoted(row.items[0].text) + ": " + x.name +
                     " must increase from row to row");
    }
    value.emplace_back(*abscissa, *ordinate);
  }
}

void TreeReader::section(const Key& key, bool* present, const std::function<void(Keys&)>& body) {
  const Node* node = take(key);
  if (present != nullptr) *present = node != nullptr;
  if (node == nullptr || !expect(key, *node, Node::Kind::map, "a map of keys")) return;
  TreeReader inner(*node, child_path(path_, key.name), problems_);
  body(inner);
  inner.finish();
}

void TreeReader::list(const Key& key, const std::function<void(std::size_t)>& resize,
                      const std::function<std::size_t()>& /*size*/,
                      const std::function<void(Keys&, std::size_t)>& body) {
  const Node* node = take(key);
  if (node == nullptr || !expect(key, *node, Node::Kind::list, "a list (- ...)")) return;
  resize(node->items.size());
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const Node& item = node->items[i];
    const std::string path = child_path(child_path(path_, key.name), i);
    problems_.locate(path, item.place);
    if (!item.is_map()) {
      problems_.add(item.place, path, "found " + what(item) + ", expected a map of keys");
      continue;
    }
    TreeReader inner(item, path, problems_);
    body(inner, i);
    inner.finish();
  }
}

void TreeReader::named(const Key& key, std::vector<std::string>& names,
                       const std::function<void(std::size_t)>& resize,
                       const std::function<void(Keys&, std::size_t)>& body) {
  const Node* node = take(key);
  if (node == nullptr || !expect(key, *node, Node::Kind::map, "a map from names to maps")) return;
  names.clear();
  for (const auto& entry : node->entries) names.push_back(entry.key);
  resize(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& entry = node->entries[i];
    const Spot at{&problems_, child_path(child_path(path_, key.name), entry.key), entry.place};
    problems_.locate(at.path, entry.place);
    check_name(entry.key, at);
    if (!entry.value.is_map()) {
      at.complain("found " + what(entry.value) + ", expected a map of keys");
      continue;
    }
    TreeReader inner(entry.value, at.path, problems_);
    body(inner, i);
    inner.finish();
  }
}

void TreeReader::plugin(const Key& key, const std::string& registry, std::string& chosen,
                        std::shared_ptr<Configurable>& value) {
  const Node* node = take(key);
  if (node == nullptr) return;
  read_plugin(*node, registry, spot(key, *node), chosen, value);
}

void TreeReader::plugins(const Key& key, const std::string& registry,
                         std::vector<std::string>& chosen,
                         std::vector<std::shared_ptr<Configurable>>& value) {
  const Node* node = take(key);
  if (node == nullptr || !expect(key, *node, Node::Kind::list, "a list [...]")) return;
  chosen.assign(node->items.size(), "");
  value.assign(node->items.size(), nullptr);
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const Node& item = node->items[i];
    const Spot at{&problems_, child_path(child_path(path_, key.name), i), item.place};
    problems_.locate(at.path, item.place);
    read_plugin(item, registry, at, chosen[i], value[i]);
  }
}

void TreeReader::library(const Key& key, const LibraryKind& /*kind*/,
                         std::vector<NamedConfigurable>& /*entries*/) {
  const Node* node = take(key);
  if (node == nullptr || !expect(key, *node, Node::Kind::map, "a map from names to maps")) return;
  for (const auto& entry : node->entries) {
    const Spot at{&problems_, child_path(child_path(path_, key.name), entry.key), entry.place};
    problems_.locate(at.path, entry.place);
    check_name(entry.key, at);
    if (!entry.value.is_map()) {
      at.complain("found " + what(entry.value) + ", expected a map of keys");
    }
  }
}

}  // namespace thermodose
