// Implements: case/quantity.h.
#include "case/quantity.h"

#include <cmath>
#include <limits>

#include "base/text.h"

namespace thermodose {

namespace {

/// Room for the rounding of a unit conversion at the ends of a range.
constexpr double kSlack = 1e-12;

bool is_strictly_positive(const Key& key) { return key.min == std::numeric_limits<double>::min(); }

bool inside(double si, const Key& key, const units::Unit& unit) {
  if (is_strictly_positive(key) && !(si > 0)) return false;
  const double lower = unit.to_si(key.min), upper = unit.to_si(key.max);
  const double slack = kSlack * std::fabs(si);
  return si >= lower - slack && si <= upper + slack;
}

void check_spread(const Node& spread, const Key& key, const Spot& parent) {
  const Spot spot{parent.problems, child_path(parent.path, "spread"), spread.place};
  if (!spread.is_scalar()) {
    spot.complain("found " + what(spread) + ", expected a quantity such as '10 %'");
    return;
  }
  try {
    const units::Quantity q = units::split(spread.text);
    const units::Unit unit = units::parse_unit(q.unit);
    units::Unit target = units::parse_unit(key.unit);
    target.shift = 0;  // a spread of temperatures is a difference
    const bool relative = !q.unit.empty() && unit.powers.empty();
    if (!relative) units::to_si(q, target);
    if (q.number < 0) spot.complain("found " + text::quoted(spread.text) + ", allowed: at least 0");
  } catch (const units::UnitError& e) {
    spot.complain(e.what());
  }
}

}  // namespace

std::string range_text(const Key& key, const units::Unit& unit) {
  const units::Unit own = units::parse_unit(key.unit);
  const auto shown = [&](double bound) {
    // Rounded, so that 50 mm is not 0.05000000001 m.
    return text::number(unit.from_si(own.to_si(bound)));
  };
  const std::string suffix = unit.text == "1" ? "" : " " + unit.text;
  const bool lower = std::isfinite(key.min), upper = std::isfinite(key.max);
  if (is_strictly_positive(key)) {
    return "more than 0" + suffix + (upper ? ", at most " + shown(key.max) + suffix : "");
  }
  if (lower && upper && key.min == key.max) return shown(key.min) + suffix;
  if (lower && upper) return shown(key.min) + " .. " + shown(key.max) + suffix;
  if (lower) return "at least " + shown(key.min) + suffix;
  if (upper) return "at most " + shown(key.max) + suffix;
  return "";
}

const Node* quantity_scalar(const Node& node, const Key& key, const Spot& spot) {
  if (node.is_scalar()) return &node;
  if (!node.is_map()) {
    spot.complain("found " + what(node) + ", expected a quantity" +
                  (key.unit == "1" ? "" : " in units such as " + key.unit));
    return nullptr;
  }
  const Node* value = nullptr;
  for (const auto& entry : node.entries) {
    const Spot inner{spot.problems, child_path(spot.path, entry.key), entry.place};
    if (entry.key == "value") {
      value = &entry.value;
      if (!value->is_scalar()) {
        inner.complain("found " + what(*value) + ", expected a quantity");
        return nullptr;
      }
    } else if (entry.key == "spread") {
      check_spread(entry.value, key, spot);
    } else if (entry.key == "source") {
      if (!entry.value.is_scalar()) {
        inner.complain("found " + what(entry.value) + ", expected text");
      }
    } else {
      inner.complain("unknown key; a quantity has the keys value, spread and source" +
                     text::did_you_mean(entry.key, {"value", "spread", "source"}));
    }
  }
  if (value == nullptr) {
    spot.complain("the quantity has no value: write {value: ..., source: ...}");
  }
  return value;
}

std::optional<double> read_quantity(const std::string& raw, const Key& key, const Spot& spot) {
  try {
    return read_quantity(units::split(raw), key, spot);
  } catch (const units::UnitError& e) {
    spot.complain(e.what());
    return std::nullopt;
  }
}

std::optional<double> read_quantity(const units::Quantity& quantity, const Key& key,
                                    const Spot& spot) {
  try {
    const units::Unit own = units::parse_unit(key.unit);
    const double si = units::to_si(quantity, own);
    if (inside(si, key, own)) return si;
    const units::Unit unit = units::parse_unit(quantity.unit);
    const std::string shown =
        text::exact(quantity.number) + (quantity.unit.empty() ? "" : " " + quantity.unit);
    spot.complain("found " + text::quoted(shown) + ", allowed: " + range_text(key, unit));
  } catch (const units::UnitError& e) {
    spot.complain(e.what());
  }
  return std::nullopt;
}

std::vector<double> read_row(const std::string& raw, std::size_t count, const Key& key,
                             const Spot& spot) {
  const auto words = text::words(raw);
  std::vector<double> numbers;
  std::size_t used = 0;
  try {
    for (; used < words.size(); ++used) {
      const units::Quantity q = units::split(words[used]);
      if (!q.unit.empty()) break;  // "3mm": the last number carries the unit
      numbers.push_back(q.number);
    }
  } catch (const units::UnitError&) {
    // The first word that is no number starts the unit.
  }
  std::string unit =
      text::join({words.begin() + static_cast<std::ptrdiff_t>(used), words.end()}, " ");
  if (!unit.empty() && numbers.size() + 1 == count) {
    try {
      const units::Quantity last = units::split(unit);
      numbers.push_back(last.number);
      unit = last.unit;
    } catch (const units::UnitError&) {
      numbers.clear();
    }
  }
  if (numbers.empty() || (count > 0 && numbers.size() != count)) {
    const std::string suffix = key.unit == "1" ? "" : " " + key.unit;
    spot.complain("found " + text::quoted(raw) + ", expected " +
                  (count == 3 ? "three numbers" : "numbers") + " separated by blanks" +
                  (suffix.empty() ? "" : " and one unit") + ", such as '0 0 10" + suffix + "'" +
                  units::minus_hint(raw));
    return {};
  }
  std::vector<double> out;
  for (const double number : numbers) {
    const auto si = read_quantity(units::Quantity{number, unit}, key, spot);
    if (!si) return {};
    out.push_back(*si);
  }
  return out;
}

}  // namespace thermodose
