// Units of measurement at the user's edge.
// Implements: quantities such as "860 mL/min/kg" or "-140 degC" into SI and back, over UDUNITS-2
// with one system for the process. All functions may be called from several threads.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace thermodose::units {

/// A text that is no quantity or no unit. The message says what was found and what is expected.
class UnitError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A unit: SI value = scale * number + shift (shift is not zero for degC and degF only).
/// Conversions are rounded to 15 significant digits of their larger term, so that -20 degC is the
/// double nearest to 253.15 K and back, whatever binary fractions lie between.
struct Unit {
  std::string text;
  double scale = 1;
  double shift = 0;
  /// Powers of the base units, sorted by name: {{"K", -1}, {"W"...}}; angles keep their "rad".
  std::vector<std::pair<std::string, int>> powers;

  double to_si(double number) const;
  double from_si(double si) const;
};

/// The unit of a text; "" and "1" are the pure number. Reads "mL/min/100g" as mL/min/(100 g).
/// Throws UnitError: unknown unit (with the nearest known one), malformed expression.
Unit parse_unit(const std::string& text);

bool same_dimension(const Unit& a, const Unit& b);

/// "length (m)", "thermal conductivity (W/m/K)", or the SI unit alone for a nameless dimension.
std::string dimension(const Unit& unit);

/// The coherent SI unit of the same dimension, readable by parse_unit: "W/m/K".
std::string si_unit(const Unit& unit);

/// A number and the text of its unit ("" when there is none), both as the user wrote them.
struct Quantity {
  double number = 0;
  std::string unit;
};

/// Splits "860 mL/min/kg". Throws UnitError: not a number, NaN, infinity, hexadecimal, overflow.
Quantity split(const std::string& text);

/// "; the minus sign is '-'" for a text with a dash that only looks like one, else "".
std::string minus_hint(const std::string& text);

/// A plain decimal number and nothing else. Throws UnitError as split.
double number(const std::string& text);

/// Value of `text` in SI; its dimension must be that of `target`. An absolute temperature
/// (target degC) accepts degC, K and degF; a temperature difference (target K) refuses units with
/// an offset. Throws UnitError: everything above, no unit, wrong dimension (found and expected).
double to_si(const std::string& text, const Unit& target);
double to_si(const Quantity& quantity, const Unit& target);

}  // namespace thermodose::units
