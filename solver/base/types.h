// Plain types shared by every room.
// Implements: a point in space, SI metres, as a value without any library behind it.
#pragma once

#include <array>

namespace thermodose {

/// A point or direction in space: (x, y, z) in metres. An axisymmetric point is (r, 0, z).
using Vec3 = std::array<double, 3>;

/// 0 degC in kelvin (exact by definition of the degree Celsius).
inline constexpr double kZeroCelsius = 273.15;

}  // namespace thermodose
