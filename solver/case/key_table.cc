// Implements: case/key_table.h.
#include "case/key_table.h"

#include <algorithm>
#include <cmath>

#include "base/registry.h"
#include "base/text.h"
#include "base/units.h"
#include "case/case_draft.h"
#include "case/library.h"
#include "case/quantity.h"

namespace thermodose {

namespace {

std::string shown(double si, const std::string& unit) {
  if (!std::isfinite(si)) return "";
  return text::exact(units::parse_unit(unit).from_si(si)) + (unit == "1" ? "" : " " + unit);
}

std::string shown(const Vec3& p, const std::string& unit) {
  std::string out;
  for (const double c : p) {
    out += text::exact(units::parse_unit(unit).from_si(c)) + " ";
  }
  return out + (unit == "1" ? "" : unit);
}

}  // namespace

KeyRow& KeyTable::add(const Key& key, const std::string& type, const std::string& fallback) {
  KeyRow row;
  row.path = child_path(parent_, key.name);
  row.type = type;
  row.unit = key.unit == "1" ? "" : key.unit;
  if (!key.choices.empty()) {
    row.range = "one of " + text::list(key.choices, "or");
  } else if (!key.unit.empty()) {
    row.range = range_text(key, units::parse_unit(key.unit));
  }
  row.fallback = key.required ? "required" : fallback.empty() ? "optional" : fallback;
  row.help = key.help;
  row.source = key.citation;
  rows_.push_back(row);
  return rows_.back();
}

void KeyTable::append(const KeyTable& inner) {
  rows_.insert(rows_.end(), inner.rows_.begin(), inner.rows_.end());
}

void KeyTable::real(const Key& key, double& value) {
  add(key, key.unit == "1" ? "number" : "quantity", shown(value, key.unit));
}

void KeyTable::real(const Key& key, std::optional<double>& value) {
  add(key, key.unit == "1" ? "number" : "quantity", value ? shown(*value, key.unit) : "");
}

void KeyTable::real_in(const Key& key, const std::vector<std::string>& units, TaggedReal& value) {
  add(key, "quantity", value.unit.empty() ? "" : shown(value.value, value.unit)).unit =
      text::list(units, "or");
}

void KeyTable::integer(const Key& key, int& value) {
  add(key, "whole number", std::to_string(value));
}

void KeyTable::integer(const Key& key, std::optional<int>& value) {
  add(key, "whole number", value ? std::to_string(*value) : "");
}

void KeyTable::flag(const Key& key, bool& value) {
  add(key, "true or false", value ? "true" : "false");
}

void KeyTable::text(const Key& key, std::string& value) { add(key, "text", value); }

void KeyTable::texts(const Key& key, std::vector<std::string>& value) {
  add(key, "list of words", text::join(value, ", "));
}

void KeyTable::point(const Key& key, Vec3& value) {
  add(key, key.unit == "1" ? "direction" : "point", shown(value, key.unit));
}

void KeyTable::point(const Key& key, std::optional<Vec3>& value) {
  add(key, key.unit == "1" ? "direction" : "point", value ? shown(*value, key.unit) : "");
}

void KeyTable::reals(const Key& key, std::vector<double>& value) {
  std::vector<std::string> words;
  words.reserve(value.size());
  for (const double v : value) words.push_back(shown(v, key.unit));
  add(key, "list of quantities", text::join(words, ", "));
}

void KeyTable::named_points(const Key& key, std::vector<std::string>& /*names*/,
                            std::vector<Vec3>& /*values*/) {
  add(key, "map of points", "");
}

void KeyTable::curve(const Key& key, const Key& x,
                     std::vector<std::pair<double, double>>& /*value*/) {
  KeyRow& row = add(key, "table", "");
  if (row.unit.empty()) row.unit = "1";
  row.unit += " against " + x.name + (x.unit == "1" ? "" : " in " + x.unit);
}

void KeyTable::section(const Key& key, bool* /*present*/, const std::function<void(Keys&)>& body) {
  const std::size_t row = rows_.size();
  add(key, "map", "");
  const std::string path = child_path(parent_, key.name);
  KeyTable inner(path);
  body(inner);
  std::string signature;
  for (const auto& r : inner.rows()) {
    signature += r.path.substr(path.size()) + r.range + r.fallback + r.help + "\n";
  }
  // Sections with the same keys (the faces of a box) are spelt out once.
  const auto [first, fresh] = sections_.emplace(signature, path);
  if (fresh || inner.rows().empty()) {
    append(inner);
  } else {
    rows_[row].help += " Keys as in " + first->second + ".";
  }
}

void KeyTable::list(const Key& key, const std::function<void(std::size_t)>& resize,
                    const std::function<std::size_t()>& /*size*/,
                    const std::function<void(Keys&, std::size_t)>& body) {
  add(key, "list of maps", "");
  resize(1);
  KeyTable inner(child_path(parent_, key.name) + "[]");
  body(inner, 0);
  append(inner);
}

void KeyTable::named(const Key& key, std::vector<std::string>& names,
                     const std::function<void(std::size_t)>& resize,
                     const std::function<void(Keys&, std::size_t)>& body) {
  add(key, "map of maps", "");
  names.assign(1, "<name>");
  resize(1);
  KeyTable inner(child_path(child_path(parent_, key.name), "<name>"));
  body(inner, 0);
  append(inner);
}

void KeyTable::plugin(const Key& key, const std::string& registry, std::string& chosen,
                      std::shared_ptr<Configurable>& /*value*/) {
  add(key, registry, chosen);
}

void KeyTable::plugins(const Key& key, const std::string& registry,
                       std::vector<std::string>& /*chosen*/,
                       std::vector<std::shared_ptr<Configurable>>& /*value*/) {
  add(key, "list of " + registry, "");
}

void KeyTable::library(const Key& key, const LibraryKind& kind,
                       std::vector<NamedConfigurable>& /*entries*/) {
  add(key, "map of maps", "");
  Key each = thermodose::key("<name>", "", "An entry: the keys of its kind, and these.").optional();
  KeyTable names(child_path(parent_, key.name));
  names.add(each, kind.registry, "");
  KeyTable inner(child_path(child_path(parent_, key.name), "<name>"));
  const auto word = [&](const char* name, const char* help, const std::string& fallback) {
    inner.add(thermodose::key(name, "", help).optional(), "text", fallback);
  };
  word("from", "Entry of this section or of the library that this one starts from.", "");
  word("kind", "What the entry is.", kind.default_kind);
  word("title", "What it is, in one line.", "");
  word("notes", "What a reader of the data should know.", "");
  append(names);
  append(inner);
}

std::vector<KeyRow> case_rows() {
  KeyTable table;
  CaseDraft draft;
  keys(table, draft);
  return table.rows();
}

std::vector<KeyRow> entry_rows(const std::string& registry, const std::string& entry) {
  KeyTable table;
  registry::find(registry, entry)->make()->keys(table);
  return table.rows();
}

std::vector<std::string> described_registries() {
  std::vector<std::string> order{"shape", "material", "device"};
  for (const auto& name : registry::names()) {
    if (std::find(order.begin(), order.end(), name) == order.end()) order.push_back(name);
  }
  order.erase(std::remove_if(order.begin(), order.end(),
                             [](const std::string& n) { return registry::entries(n).empty(); }),
              order.end());
  return order;
}

}  // namespace thermodose
