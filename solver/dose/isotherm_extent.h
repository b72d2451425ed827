// Extents of a cloud of surface points.
// Implements: bounding box, length along given directions, and maximum caliper across them, from
// points that arrive one by one.
#pragma once

#include <array>
#include <vector>

#include "base/types.h"

namespace thermodose::isotherm {

/// Width of a set along a direction and across it. Across: the set is projected on the plane
/// perpendicular to the direction; the extreme points of 32 equidistant directions are kept and
/// the largest distance between two of them is the caliper (error below 0.1 % of it).
class AxisExtent {
 public:
  explicit AxisExtent(const Vec3& direction);
  void add(const Vec3& p);
  double along() const;
  double across() const;

 private:
  static constexpr int kDirections = 32;
  struct Basis {
    double along[3], u[3], v[3];
  } basis_{};
  bool empty_ = true;
  double lower_ = 0, upper_ = 0;
  std::array<float, kDirections> support_{};
  std::array<std::array<double, 2>, kDirections> extreme_{};
};

/// Bounding box and axis extents of one region.
class RegionExtent {
 public:
  explicit RegionExtent(const std::vector<Vec3>& axes);
  void add(const Vec3& p) {
    for (int d = 0; d < 3; ++d) {
      if (p[d] < lower[d]) lower[d] = p[d];
      if (p[d] > upper[d]) upper[d] = p[d];
    }
    for (AxisExtent& a : axis) a.add(p);
  }
  bool empty() const { return lower[0] > upper[0]; }

  Vec3 lower, upper;
  std::vector<AxisExtent> axis;
};

}  // namespace thermodose::isotherm
