// Implements: isotherm_extent.h.
#include "dose/isotherm_extent.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "geometry/vec.h"

namespace thermodose::isotherm {

namespace {

constexpr int kCount = 32;

struct Compass {
  std::array<float, kCount> u{}, v{};
};

const Compass& compass() {
  static const Compass made = [] {
    Compass c;
    for (int i = 0; i < kCount; ++i) {
      const double angle = 2 * 3.14159265358979323846 * i / kCount;
      c.u[i] = static_cast<float>(std::cos(angle));
      c.v[i] = static_cast<float>(std::sin(angle));
    }
    return c;
  }();
  return made;
}

double project(const double (&direction)[3], const Vec3& p) {
  return direction[0] * p[0] + direction[1] * p[1] + direction[2] * p[2];
}

}  // namespace

AxisExtent::AxisExtent(const Vec3& direction) {
  static_assert(kCount == kDirections);
  const double length = norm(direction);
  assert(length > 0 && "the direction of an axis must not vanish");
  const Vec3 a = (1 / length) * direction;
  // The coordinate axis least aligned with `a` spans the plane together with it.
  int least = 0;
  for (int d = 1; d < 3; ++d) {
    if (std::abs(a[d]) < std::abs(a[least])) least = d;
  }
  Vec3 helper{};
  helper[least] = 1;
  const Vec3 raw = helper - dot(helper, a) * a;
  const Vec3 u = (1 / norm(raw)) * raw;
  const Vec3 v{a[1] * u[2] - a[2] * u[1], a[2] * u[0] - a[0] * u[2], a[0] * u[1] - a[1] * u[0]};
  for (int d = 0; d < 3; ++d) {
    basis_.along[d] = a[d];
    basis_.u[d] = u[d];
    basis_.v[d] = v[d];
  }
  support_.fill(-std::numeric_limits<float>::infinity());
}

void AxisExtent::add(const Vec3& p) {
  const double s = project(basis_.along, p);
  const double u = project(basis_.u, p);
  const double v = project(basis_.v, p);
  lower_ = empty_ ? s : std::min(lower_, s);
  upper_ = empty_ ? s : std::max(upper_, s);
  empty_ = false;
  const Compass& c = compass();
  const float uf = static_cast<float>(u);
  const float vf = static_cast<float>(v);
  for (int i = 0; i < kDirections; ++i) {
    const float reach = uf * c.u[i] + vf * c.v[i];
    if (reach > support_[i]) {
      support_[i] = reach;
      extreme_[i] = {u, v};
    }
  }
}

double AxisExtent::along() const { return upper_ - lower_; }

double AxisExtent::across() const {
  if (empty_) return 0;
  double largest = 0;
  for (int i = 0; i < kDirections; ++i) {
    for (int j = 0; j < i; ++j) {
      const double du = extreme_[i][0] - extreme_[j][0];
      const double dv = extreme_[i][1] - extreme_[j][1];
      largest = std::max(largest, du * du + dv * dv);
    }
  }
  return std::sqrt(largest);
}

RegionExtent::RegionExtent(const std::vector<Vec3>& axes) {
  lower.fill(std::numeric_limits<double>::infinity());
  upper.fill(-std::numeric_limits<double>::infinity());
  axis.reserve(axes.size());
  for (const Vec3& a : axes) axis.emplace_back(a);
}

}  // namespace thermodose::isotherm
