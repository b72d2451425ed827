// Implements: case/tree_reader.h, values of single keys.
#include "case/tree_reader.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace thermodose {

namespace {

/// A default as if it stood in the file, in the unit of its key.
double as_written(double si, const Key& key) {
  const units::Unit unit = units::parse_unit(key.unit);
  return unit.to_si(unit.from_si(si));
}

}  // namespace

TreeReader::TreeReader(const Node& map, std::string path, Problems& problems)
    : map_(map), path_(std::move(path)), problems_(problems) {}

void TreeReader::declare(const std::string& key) {
  if (std::find(declared_.begin(), declared_.end(), key) == declared_.end()) {
    declared_.push_back(key);
  }
}

void TreeReader::finish(bool of_case) {
  for (const auto& entry : map_.entries) {
    if (std::find(declared_.begin(), declared_.end(), entry.key) != declared_.end()) continue;
    problems_.add(entry.place, child_path(path_, entry.key),
                  "unknown key" + unknown_key_hint(entry, of_case));
  }
}

std::string TreeReader::unknown_key_hint(const Node::Entry& entry, bool of_case) const {
  const auto colon = entry.key.find(':');
  if (entry.value.kind == Node::Kind::nothing && colon != std::string::npos && colon > 0) {
    return "; write a blank after the colon";
  }
  const bool number = std::string("+-.0123456789").find(entry.key[0]) != std::string::npos;
  if (entry.value.kind == Node::Kind::nothing && number) {
    return "; is there a comma inside a value? Separate numbers by blanks";
  }
  std::string near = text::did_you_mean(entry.key, declared_);
  if (!near.empty()) return near;
  return (declared_.empty() ? "" : "; allowed here: " + text::list(declared_)) +
         problems_.elsewhere(entry.key, of_case ? "" : path_.substr(0, path_.find_first_of(".[")));
}

const Node* TreeReader::take(const Key& key) {
  declare(key.name);
  const Node* node = map_.find(key.name);
  const std::string path = child_path(path_, key.name);
  if (node == nullptr) {
    if (key.required) {
      problems_.add(
          map_.place, path,
          "missing; expected: " + key.help + problems_.note(path_, Problems::About::missing));
    }
    return nullptr;
  }
  problems_.locate(path, node->place);
  if (node->kind == Node::Kind::nothing) {
    problems_.add(node->place, path, "found nothing; give a value or remove the key");
    return nullptr;
  }
  return node;
}

Spot TreeReader::spot(const Key& key, const Node& node) const {
  return {&problems_, child_path(path_, key.name), node.place};
}

bool TreeReader::expect(const Key& key, const Node& node, Node::Kind kind,
                        const std::string& expected) {
  if (node.kind == kind) return true;
  spot(key, node).complain("found " + what(node) + ", expected " + expected);
  return false;
}

void TreeReader::real(const Key& key, std::optional<double>& value) {
  if (value) value = as_written(*value, key);
  const Node* node = take(key);
  if (node == nullptr) return;
  const Spot at = spot(key, *node);
  const Node* scalar = quantity_scalar(*node, key, at);
  if (scalar == nullptr) return;
  if (const auto si = read_quantity(scalar->text, key, at)) value = *si;
}

void TreeReader::real(const Key& key, double& value) {
  std::optional<double> read = value;
  real(key, read);
  value = *read;
}

void TreeReader::real_in(const Key& key, const std::vector<std::string>& units, TaggedReal& value) {
  const Node* node = take(key);
  if (node == nullptr) return;
  const Spot at = spot(key, *node);
  const Node* scalar = quantity_scalar(*node, key, at);
  if (scalar == nullptr) return;
  try {
    const units::Quantity q = units::split(scalar->text);
    const units::Unit given = units::parse_unit(q.unit);
    const bool bare = q.unit.empty();
    for (const auto& name : units) {
      const units::Unit target = units::parse_unit(name);
      if (bare ? name != "1" : !units::same_dimension(given, target)) continue;
      // The range is stated in key.unit; for other dimensions only its sign can be kept.
      Key checked = key;
      if (!units::same_dimension(target, units::parse_unit(key.unit))) {
        checked.min = key.min >= 0 ? std::min(key.min, std::numeric_limits<double>::min())
                                   : -std::numeric_limits<double>::infinity();
        checked.max = std::numeric_limits<double>::infinity();
      }
      checked.unit = name;
      if (const auto si = read_quantity(q, checked, at)) value = {*si, name};
      return;
    }
    at.complain("found " + text::quoted(scalar->text) +
                (bare ? ": the unit is missing" : ", which is " + units::dimension(given)) +
                ", expected a quantity in " + text::list(units, "or"));
  } catch (const units::UnitError& e) {
    at.complain(e.what());
  }
}

void TreeReader::integer(const Key& key, std::optional<int>& value) {
  const Node* node = take(key);
  if (node == nullptr) return;
  if (!expect(key, *node, Node::Kind::scalar, "a whole number")) return;
  const Spot at = spot(key, *node);
  try {
    const double number = units::number(node->text);
    constexpr double limit = std::numeric_limits<int>::max();
    const bool whole = number == std::floor(number) && std::fabs(number) <= limit;
    if (!whole) {
      at.complain("found " + text::quoted(node->text) + ", expected a whole number");
    } else if (number < key.min || number > key.max) {
      at.complain("found " + text::quoted(node->text) +
                  ", allowed: " + range_text(key, units::parse_unit("1")));
    } else {
      value = static_cast<int>(number);
    }
  } catch (const units::UnitError& e) {
    at.complain(e.what());
  }
}

void TreeReader::integer(const Key& key, int& value) {
  std::optional<int> read;
  integer(key, read);
  if (read) value = *read;
}

void TreeReader::flag(const Key& key, bool& value) {
  const Node* node = take(key);
  if (node == nullptr) return;
  if (node->is_scalar() && (node->text == "true" || node->text == "false")) {
    value = node->text == "true";
    return;
  }
  spot(key, *node).complain("found " + what(*node) + ", expected true or false");
}

std::optional<std::string> TreeReader::word(const Key& key, const Node& node,
                                            const Spot& at) const {
  if (!node.is_scalar()) {
    at.complain("found " + what(node) + ", expected text");
    return std::nullopt;
  }
  const auto& allowed = key.choices;
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), node.text) == allowed.end()) {
    at.complain("found " + what(node) + ", allowed: " + text::list(allowed, "or") +
                text::did_you_mean(node.text, allowed));
    return std::nullopt;
  }
  return node.text;
}

void TreeReader::text(const Key& key, std::string& value) {
  const Node* node = take(key);
  if (node == nullptr) return;
  if (const auto read = word(key, *node, spot(key, *node))) value = *read;
}

void TreeReader::texts(const Key& key, std::vector<std::string>& value) {
  const Node* node = take(key);
  if (node == nullptr) return;
  value.clear();
  if (node->is_scalar()) {
    if (const auto read = word(key, *node, spot(key, *node))) value.push_back(*read);
    return;
  }
  if (!expect(key, *node, Node::Kind::list, "a list of words")) return;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const Node& item = node->items[i];
    const Spot at{&problems_, child_path(child_path(path_, key.name), i), item.place};
    problems_.locate(at.path, item.place);
    if (const auto read = word(key, item, at)) value.push_back(*read);
  }
}

std::optional<Vec3> read_point(const Node& node, const Key& key, const Spot& at) {
  if (node.is_scalar()) {
    const auto row = read_row(node.text, 3, key, at);
    if (row.size() != 3) return std::nullopt;
    return Vec3{row[0], row[1], row[2]};
  }
  const std::string suffix = key.unit == "1" ? "" : " " + key.unit;
  if (!node.is_list() || node.items.size() != 3) {
    at.complain("found " + what(node) +
                (node.is_list() ? " of " + std::to_string(node.items.size()) + " values" : "") +
                ", expected a point such as '0 0 10" + suffix + "'");
    return std::nullopt;
  }
  Vec3 out{};
  for (std::size_t i = 0; i < 3; ++i) {
    const Node& item = node.items[i];
    const Spot inner{at.problems, child_path(at.path, i), item.place};
    const Node* scalar = quantity_scalar(item, key, inner);
    const auto si = scalar == nullptr ? std::nullopt : read_quantity(scalar->text, key, inner);
    if (!si) return std::nullopt;
    out[i] = *si;
  }
  return out;
}

void TreeReader::point(const Key& key, std::optional<Vec3>& value) {
  const Node* node = take(key);
  if (node == nullptr) return;
  if (const auto read = read_point(*node, key, spot(key, *node))) value = read;
}

void TreeReader::point(const Key& key, Vec3& value) {
  std::optional<Vec3> read;
  point(key, read);
  if (read) value = *read;
}

void TreeReader::reals(const Key& key, std::vector<double>& value) {
  for (double& v : value) v = as_written(v, key);
  const Node* node = take(key);
  if (node == nullptr) return;
  const Spot at = spot(key, *node);
  value.clear();
  if (node->is_scalar()) {
    value = read_row(node->text, 0, key, at);
    return;
  }
  if (!expect(key, *node, Node::Kind::list, "a list of quantities")) return;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const Node& item = node->items[i];
    const Spot inner{&problems_, child_path(at.path, i), item.place};
    const Node* scalar = quantity_scalar(item, key, inner);
    if (scalar == nullptr) continue;
    if (const auto si = read_quantity(scalar->text, key, inner)) value.push_back(*si);
  }
}

}  // namespace thermodose
