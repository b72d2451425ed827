// Numbers as the JSON of a run holds them.
// Implements: SI and kelvin into the user's units (degC, mm, mL, %). A number that is not finite is
// written as null when the text is made.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/types.h"

namespace thermodose::json {

using Json = nlohmann::ordered_json;

inline Json number(double value) { return value; }
/// Without the digits that kelvin and back leave: -40 degC is -40.
inline Json celsius(double kelvin) {
  return number(std::round((kelvin - kZeroCelsius) * 1e9) / 1e9);
}
inline Json mm(double metres) { return number(metres / 1e-3); }
inline Json mm(const Vec3& p) { return Json::array({mm(p[0]), mm(p[1]), mm(p[2])}); }
inline Json mL(double m3) { return number(m3 / 1e-6); }
inline Json percent(double share) { return number(100 * share); }

/// A conversion of what may be unknown.
template <class Convert>
Json or_null(const std::optional<double>& value, const Convert& convert) {
  return value ? convert(*value) : Json(nullptr);
}
inline Json number(const std::optional<double>& v) {
  return or_null(v, [](double x) { return number(x); });
}
inline Json celsius(const std::optional<double>& v) {
  return or_null(v, [](double x) { return celsius(x); });
}
inline Json mm(const std::optional<double>& v) {
  return or_null(v, [](double x) { return mm(x); });
}
inline Json mL(const std::optional<double>& v) {
  return or_null(v, [](double x) { return mL(x); });
}
inline Json percent(const std::optional<double>& v) {
  return or_null(v, [](double x) { return percent(x); });
}

}  // namespace thermodose::json
