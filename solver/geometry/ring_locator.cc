// Implements: geometry/ring_locator.h.
#include "geometry/ring_locator.h"

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {

constexpr std::size_t kMostBuckets = 2000;  // along one axis
constexpr double kSlack = 1e-9;

/// (r, z) of a point.
std::array<double, 2> flat(const Vec3& p) { return {p[0], p[2]}; }

bool holds(const std::array<Vec3, 4>& c, double r, double z, double slack) {
  constexpr std::size_t around[4] = {0, 1, 3, 2};
  for (std::size_t i = 0; i < 4; ++i) {
    const Vec3 &a = c[around[i]], &b = c[around[(i + 1) % 4]];
    const double left = (b[0] - a[0]) * (z - a[2]) - (r - a[0]) * (b[2] - a[2]);
    if (left < -slack * std::hypot(b[0] - a[0], b[2] - a[2])) return false;
  }
  return true;
}

}  // namespace

RingLocator::RingLocator(const RingMesh& mesh) : mesh_(&mesh) {
  std::array<double, 2> upper = lower_ = flat(mesh.points.front());
  for (const Vec3& p : mesh.points)
    for (std::size_t d = 0; d < 2; ++d) {
      lower_[d] = std::min(lower_[d], flat(p)[d]);
      upper[d] = std::max(upper[d], flat(p)[d]);
    }
  const std::size_t cells = mesh.cell_group.size();
  slack_ = kSlack * (upper[0] - lower_[0] + upper[1] - lower_[1]);
  for (std::size_t d = 0; d < 2; ++d) {
    count_[d] = std::clamp<std::size_t>(std::size_t(std::sqrt(double(cells))), 1, kMostBuckets);
    edge_[d] = (upper[d] - lower_[d]) / double(count_[d]);
  }
  cells_.resize(count_[0] * count_[1]);
  for (std::size_t c = 0; c < cells; ++c) {
    const auto corners = mesh.corners(c);
    std::array<double, 2> low = flat(corners[0]), high = low;
    for (const Vec3& p : corners)
      for (std::size_t d = 0; d < 2; ++d) {
        low[d] = std::min(low[d], flat(p)[d]);
        high[d] = std::max(high[d], flat(p)[d]);
      }
    for (std::size_t j = bucket(low[1] - slack_, 1); j <= bucket(high[1] + slack_, 1); ++j)
      for (std::size_t i = bucket(low[0] - slack_, 0); i <= bucket(high[0] + slack_, 0); ++i)
        cells_[i + count_[0] * j].push_back(static_cast<int>(c));
  }
}

std::size_t RingLocator::bucket(double x, std::size_t d) const {
  const double b = std::clamp((x - lower_[d]) / edge_[d], 0.0, double(count_[d] - 1));
  return static_cast<std::size_t>(b);
}

int RingLocator::cell_at(double r, double z) const {
  if (!std::isfinite(r) || !std::isfinite(z)) return -1;
  const auto& near = cells_[bucket(r, 0) + count_[0] * bucket(z, 1)];
  for (auto c = near.rbegin(); c != near.rend(); ++c)
    if (holds(mesh_->corners(static_cast<std::size_t>(*c)), r, z, slack_)) return *c;
  return -1;
}

}  // namespace thermodose
