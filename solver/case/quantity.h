// One quantity of the input.
// Implements: a YAML value -> SI number, checked for unit, dimension and range. A quantity is
// text ("5 mm") or a map {value: 5 mm, spread: 1 mm, source: text}.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/keys.h"
#include "base/units.h"
#include "case/problems.h"
#include "case/tree.h"

namespace thermodose {

/// Where a value stands and how it is called, for messages.
struct Spot {
  Problems* problems;
  std::string path;
  Place place;
  void complain(const std::string& message) const { problems->add(place, path, message); }
};

/// The scalar of a quantity: the node itself or its `value`. Checks spread and source on the way.
/// Null when there is none; then a problem was added.
const Node* quantity_scalar(const Node& node, const Key& key, const Spot& spot);

/// SI value of a text in the dimension of key.unit, inside the key's range.
std::optional<double> read_quantity(const std::string& text, const Key& key, const Spot& spot);

/// As above, for a number whose unit stands elsewhere ("1 2 3 mm").
std::optional<double> read_quantity(const units::Quantity& quantity, const Key& key,
                                    const Spot& spot);

/// "1 2 3 mm": `count` numbers and one unit (count 0: at least one number). Empty on a problem.
std::vector<double> read_row(const std::string& text, std::size_t count, const Key& key,
                             const Spot& spot);

/// "0.1 .. 50 mm", "at least 0 mm", "more than 0", or "" for a key without bounds; in `unit`.
std::string range_text(const Key& key, const units::Unit& unit);

}  // namespace thermodose
