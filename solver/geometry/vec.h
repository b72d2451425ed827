// Small vector algebra on Vec3.
// Implements: sums, products, lengths and rotations of points, nothing with state.
#pragma once

#include <array>
#include <cmath>

#include "base/types.h"

namespace thermodose {

inline Vec3 operator+(const Vec3& a, const Vec3& b) {
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}
inline Vec3 operator-(const Vec3& a, const Vec3& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}
inline Vec3 operator*(double s, const Vec3& a) { return {s * a[0], s * a[1], s * a[2]}; }
inline double dot(const Vec3& a, const Vec3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline double norm(const Vec3& a) { return std::sqrt(dot(a, a)); }

/// Rotation matrix, rows first: R = Rz(angles[2]) Ry(angles[1]) Rx(angles[0]), radians, about the
/// fixed axes: first x, then y, then z.
using Rotation = std::array<Vec3, 3>;

inline Rotation rotation_xyz(const Vec3& angles) {
  const double cx = std::cos(angles[0]), sx = std::sin(angles[0]);
  const double cy = std::cos(angles[1]), sy = std::sin(angles[1]);
  const double cz = std::cos(angles[2]), sz = std::sin(angles[2]);
  return {Vec3{cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx},
          Vec3{sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx},
          Vec3{-sy, cy * sx, cy * cx}};
}

/// R v: from the body's axes to space.
inline Vec3 rotate(const Rotation& r, const Vec3& v) {
  return {dot(r[0], v), dot(r[1], v), dot(r[2], v)};
}

/// R^T v: from space to the body's axes.
inline Vec3 rotate_back(const Rotation& r, const Vec3& v) {
  return {r[0][0] * v[0] + r[1][0] * v[1] + r[2][0] * v[2],
          r[0][1] * v[0] + r[1][1] * v[1] + r[2][1] * v[2],
          r[0][2] * v[0] + r[1][2] * v[1] + r[2][2] * v[2]};
}

}  // namespace thermodose
