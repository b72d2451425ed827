// Implements: geometry/hex_locator.h.
#include "geometry/hex_locator.h"

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {

constexpr double kMostBuckets = 1000;  // along one axis
constexpr double kSlack = 1e-9;

struct Box {
  Vec3 lower, upper;
};

Box box_of(const Corners& corners) {
  Box box{corners[0], corners[0]};
  for (const Vec3& p : corners)
    for (std::size_t d = 0; d < 3; ++d) {
      box.lower[d] = std::min(box.lower[d], p[d]);
      box.upper[d] = std::max(box.upper[d], p[d]);
    }
  return box;
}

}  // namespace

HexLocator::HexLocator(const HexMesh& mesh) : mesh_(&mesh) {
  Vec3 upper = lower_ = mesh.points.front();
  for (const Vec3& p : mesh.points)
    for (std::size_t d = 0; d < 3; ++d) {
      lower_[d] = std::min(lower_[d], p[d]);
      upper[d] = std::max(upper[d], p[d]);
    }
  const std::size_t cells = mesh.cell_group.size();
  const Vec3 side = upper - lower_;
  slack_ = kSlack * std::max({side[0], side[1], side[2]});
  const double cube = std::cbrt(side[0] * side[1] * side[2] / static_cast<double>(cells));
  for (std::size_t d = 0; d < 3; ++d) {
    count_[d] = static_cast<std::size_t>(std::clamp(side[d] / cube, 1.0, kMostBuckets));
    edge_[d] = side[d] / static_cast<double>(count_[d]);
  }
  first_.assign(count_[0] * count_[1] * count_[2] + 1, 0);
  for (std::size_t c = 0; c < cells; ++c) buckets_of(c, [&](std::size_t b) { ++first_[b + 1]; });
  for (std::size_t b = 1; b < first_.size(); ++b) first_[b] += first_[b - 1];
  cells_.resize(first_.back());
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t c = 0; c < cells; ++c)
    buckets_of(c, [&](std::size_t b) { cells_[next[b]++] = static_cast<int>(c); });
}

std::size_t HexLocator::bucket(double x, std::size_t d) const {
  return static_cast<std::size_t>(
      std::clamp((x - lower_[d]) / edge_[d], 0.0, static_cast<double>(count_[d] - 1)));
}

template <class Visit>
void HexLocator::buckets_of(std::size_t cell, const Visit& visit) const {
  const Box box = box_of(mesh_->corners(cell));
  std::array<std::size_t, 3> low{}, high{};
  for (std::size_t d = 0; d < 3; ++d) {
    low[d] = bucket(box.lower[d] - slack_, d);
    high[d] = bucket(box.upper[d] + slack_, d);
  }
  for (std::size_t k = low[2]; k <= high[2]; ++k)
    for (std::size_t j = low[1]; j <= high[1]; ++j)
      for (std::size_t i = low[0]; i <= high[0]; ++i) visit(i + count_[0] * (j + count_[1] * k));
}

bool HexLocator::holds(std::size_t cell, const Vec3& p) const {
  const Corners corners = mesh_->corners(cell);
  const Box box = box_of(corners);
  double shortest = HUGE_VAL;
  for (std::size_t d = 0; d < 3; ++d) {
    if (p[d] < box.lower[d] - slack_ || p[d] > box.upper[d] + slack_) return false;
    shortest = std::min(shortest, box.upper[d] - box.lower[d]);
  }
  Vec3 u{};
  if (!hex_inverse(corners, p, u)) return false;
  const double slack = slack_ / shortest;
  return std::all_of(u.begin(), u.end(),
                     [slack](double x) { return x >= -slack && x <= 1 + slack; });
}

int HexLocator::cell_at(const Vec3& p) const {
  if (!std::isfinite(p[0] + p[1] + p[2])) return -1;
  const std::size_t b =
      bucket(p[0], 0) + count_[0] * (bucket(p[1], 1) + count_[1] * bucket(p[2], 2));
  for (std::size_t i = first_[b + 1]; i-- > first_[b];)
    if (holds(static_cast<std::size_t>(cells_[i]), p)) return cells_[i];
  return -1;
}

}  // namespace thermodose
