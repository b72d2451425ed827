// Implements: case/yaml_writer.h.
#include "case/yaml_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/text.h"
#include "base/units.h"

namespace thermodose {

namespace {

/// A share such as "%" has no SI name that could be written: it stays in its own unit.
bool is_share(const units::Unit& unit) { return unit.powers.empty() && unit.scale != 1; }

/// The number that reads back as `si` in `unit`, to the last bit where there is one. What was read
/// from a file has one with at most 15 digits.
double number_in(double si, const units::Unit& unit) {
  const double guess = unit.from_si(si);
  for (const double n :
       {guess, std::nextafter(guess, -HUGE_VAL), std::nextafter(guess, HUGE_VAL)}) {
    if (unit.to_si(n) == si) return n;
  }
  return guess;
}

std::string written_unit(const units::Unit& unit) {
  return is_share(unit) ? unit.text : units::si_unit(unit);
}

std::string row_text(const Vec3& p, const std::string& unit) {
  const std::string si = written_unit(units::parse_unit(unit));
  std::string out = text::exact(p[0]) + " " + text::exact(p[1]) + " " + text::exact(p[2]);
  return si == "1" ? out : out + " " + si;
}

}  // namespace

std::string quantity_text(double si, const std::string& unit) {
  const units::Unit own = units::parse_unit(unit);
  if (is_share(own)) return text::exact(number_in(si, own)) + " " + own.text;
  const std::string name = units::si_unit(own);
  return name == "1" ? text::exact(si) : text::exact(si) + " " + name;
}

std::string scalar_text(const std::string& raw) {
  const bool plain =
      !raw.empty() && std::isalpha(static_cast<unsigned char>(raw[0])) != 0 &&
      std::all_of(raw.begin(), raw.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
      });
  if (plain && raw != "null") return raw;
  std::string out = "\"";
  for (const char c : raw) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (u < 0x20) {
      out += fmt::format("\\x{:02x}", u);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string YamlWriter::text() const {
  std::string out;
  for (const auto& line : lines_) out += line + "\n";
  return out;
}

void YamlWriter::put(const std::string& key, const std::string& value) {
  lines_.push_back(key + ": " + value);
}

void YamlWriter::nest(const std::string& key, const YamlWriter& inner) {
  if (inner.empty()) {
    lines_.push_back(key + ": {}");
    return;
  }
  lines_.push_back(key + ":");
  for (const auto& line : inner.lines_) lines_.push_back("  " + line);
}

void YamlWriter::item(const YamlWriter& inner) {
  if (inner.empty()) lines_.emplace_back("- {}");
  for (std::size_t i = 0; i < inner.lines_.size(); ++i) {
    lines_.push_back((i == 0 ? "- " : "  ") + inner.lines_[i]);
  }
}

void YamlWriter::real(const Key& key, double& value) {
  if (std::isfinite(value)) put(key.name, quantity_text(value, key.unit));
}

void YamlWriter::real(const Key& key, std::optional<double>& value) {
  if (value) put(key.name, quantity_text(*value, key.unit));
}

void YamlWriter::real_in(const Key& key, const std::vector<std::string>& /*units*/,
                         TaggedReal& value) {
  if (!value.unit.empty()) put(key.name, quantity_text(value.value, value.unit));
}

void YamlWriter::integer(const Key& key, int& value) { put(key.name, std::to_string(value)); }

void YamlWriter::integer(const Key& key, std::optional<int>& value) {
  if (value) put(key.name, std::to_string(*value));
}

void YamlWriter::flag(const Key& key, bool& value) { put(key.name, value ? "true" : "false"); }

void YamlWriter::text(const Key& key, std::string& value) {
  if (!value.empty() || key.required) put(key.name, scalar_text(value));
}

void YamlWriter::texts(const Key& key, std::vector<std::string>& value) {
  std::vector<std::string> words;
  words.reserve(value.size());
  for (const auto& v : value) words.push_back(scalar_text(v));
  if (!value.empty() || key.required) put(key.name, "[" + text::join(words, ", ") + "]");
}

void YamlWriter::point(const Key& key, Vec3& value) { put(key.name, row_text(value, key.unit)); }

void YamlWriter::point(const Key& key, std::optional<Vec3>& value) {
  if (value) put(key.name, row_text(*value, key.unit));
}

void YamlWriter::reals(const Key& key, std::vector<double>& value) {
  std::vector<std::string> words;
  words.reserve(value.size());
  for (const double v : value) words.push_back(quantity_text(v, key.unit));
  if (!value.empty() || key.required) put(key.name, "[" + text::join(words, ", ") + "]");
}

void YamlWriter::named_points(const Key& key, std::vector<std::string>& names,
                              std::vector<Vec3>& values) {
  YamlWriter inner;
  for (std::size_t i = 0; i < names.size(); ++i) {
    inner.put(scalar_text(names[i]), row_text(values[i], key.unit));
  }
  if (!inner.empty()) nest(key.name, inner);
}

void YamlWriter::curve(const Key& key, const Key& x,
                       std::vector<std::pair<double, double>>& value) {
  std::vector<std::string> rows;
  rows.reserve(value.size());
  for (const auto& [a, b] : value) {
    rows.push_back("[" + quantity_text(a, x.unit) + ", " + quantity_text(b, key.unit) + "]");
  }
  if (!value.empty() || key.required) put(key.name, "[" + text::join(rows, ", ") + "]");
}

void YamlWriter::section(const Key& key, bool* present, const std::function<void(Keys&)>& body) {
  if (present != nullptr && !*present) return;
  YamlWriter inner;
  body(inner);
  nest(key.name, inner);
}

void YamlWriter::list(const Key& key, const std::function<void(std::size_t)>& /*resize*/,
                      const std::function<std::size_t()>& size,
                      const std::function<void(Keys&, std::size_t)>& body) {
  const std::size_t n = size();
  if (n == 0) return;
  YamlWriter items;
  for (std::size_t i = 0; i < n; ++i) {
    YamlWriter inner;
    body(inner, i);
    items.item(inner);
  }
  nest(key.name, items);
}

void YamlWriter::named(const Key& key, std::vector<std::string>& names,
                       const std::function<void(std::size_t)>& /*resize*/,
                       const std::function<void(Keys&, std::size_t)>& body) {
  YamlWriter all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    YamlWriter inner;
    body(inner, i);
    all.nest(scalar_text(names[i]), inner);
  }
  if (!all.empty()) nest(key.name, all);
}

void YamlWriter::plugin(const Key& key, const std::string& /*registry*/, std::string& chosen,
                        std::shared_ptr<Configurable>& value) {
  if (!value) return;
  YamlWriter parameters;
  value->keys(parameters);
  if (parameters.empty()) {
    put(key.name, scalar_text(chosen));
    return;
  }
  YamlWriter inner;
  inner.nest(scalar_text(chosen), parameters);
  nest(key.name, inner);
}

void YamlWriter::plugins(const Key& key, const std::string& /*registry*/,
                         std::vector<std::string>& chosen,
                         std::vector<std::shared_ptr<Configurable>>& value) {
  YamlWriter items;
  for (std::size_t i = 0; i < value.size(); ++i) {
    YamlWriter parameters, inner;
    value[i]->keys(parameters);
    if (parameters.empty()) {
      items.lines_.push_back("- " + scalar_text(chosen[i]));
    } else {
      inner.nest(scalar_text(chosen[i]), parameters);
      items.item(inner);
    }
  }
  if (items.empty()) {
    put(key.name, "[]");
  } else {
    nest(key.name, items);
  }
}

void YamlWriter::library(const Key& key, const LibraryKind& /*kind*/,
                         std::vector<NamedConfigurable>& entries) {
  YamlWriter all;
  for (auto& entry : entries) {
    YamlWriter inner;
    inner.comment("from " + entry.origin);
    inner.put("kind", scalar_text(entry.kind));
    entry.object->keys(inner);
    all.nest(scalar_text(entry.name), inner);
  }
  if (!all.empty()) nest(key.name, all);
}

}  // namespace thermodose
