// Implements: lesion_shape() of eval_lesion.h.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "dose/eval_lesion.h"

namespace thermodose::evaluation {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr int kDirections = 180;

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void add(double x) {
    low = std::min(low, x);
    high = std::max(high, x);
  }
  double width() const { return high - low; }
};

/// Two unit vectors across a unit vector.
std::array<Vec3, 2> across(const Vec3& axis) {
  std::size_t least = 0;
  for (std::size_t d = 1; d < 3; ++d) {
    if (std::abs(axis[d]) < std::abs(axis[least])) least = d;
  }
  Vec3 helper{};
  helper[least] = 1;
  const Vec3 raw = cross(axis, helper);
  const Vec3 u = (1 / norm(raw)) * raw;
  return {u, cross(axis, u)};
}

/// Largest extent over directions in a plane, and the extent at right angles to it.
void calipers(const std::vector<std::array<double, 2>>& points, LesionShape& shape) {
  std::array<double, kDirections> extent{};
  for (int i = 0; i < kDirections; ++i) {
    const double c = std::cos(kPi * i / kDirections);
    const double s = std::sin(kPi * i / kDirections);
    Range range;
    for (const auto& [u, v] : points) range.add(c * u + s * v);
    extent[i] = range.width();
  }
  const auto widest = std::max_element(extent.begin(), extent.end()) - extent.begin();
  shape.width = extent[widest];
  shape.height = extent[(widest + kDirections / 2) % kDirections];
}

double volume(const Lesion& lesion) {
  // dose/isotherm.h knows temperatures only by name: any value and level will do.
  const Criterion& c = lesion.criterion();
  return measure_isotherms(lesion.sampler().geometry(), c.values, {{c.level, c.side}}).at(0).volume;
}

}  // namespace

LesionShape lesion_shape(const Lesion& lesion, const Vec3& origin, const Vec3& axis) {
  LesionShape shape;
  if (lesion.empty()) return shape;
  const Surface& surface = lesion.surface();
  const bool round = surface.axisymmetric;
  const Vec3 along = round ? Vec3{0, 0, axis[2] < 0 ? -1.0 : 1.0} : (1 / norm(axis)) * axis;
  const auto [u, v] = across(along);
  Range length;
  Range radius;
  std::vector<std::array<double, 2>> plane;
  plane.reserve(surface.points.size() + surface.cut.size());
  for (const auto* points : {&surface.points, &surface.cut}) {
    for (const Vec3& p : *points) {
      const Vec3 off = p - origin;
      length.add(dot(off, along));
      radius.add(p[0]);
      plane.push_back({dot(off, u), dot(off, v)});
    }
  }
  shape.length = length.width();
  shape.ahead = length.high;
  shape.behind = -length.low;
  if (round) {
    shape.width = shape.height = 2 * radius.high;
  } else {
    calipers(plane, shape);
  }
  shape.volume = volume(lesion);
  shape.area = surface.area();
  shape.clipped = surface.clipped();
  shape.sphericity = shape.clipped
                         ? std::numeric_limits<double>::quiet_NaN()
                         : std::cbrt(kPi) * std::pow(6 * shape.volume, 2.0 / 3) / shape.area;
  return shape;
}

}  // namespace thermodose::evaluation
