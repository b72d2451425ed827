// Implements: geometry/file_mesh.h.
#include "geometry/file_mesh.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace thermodose {

namespace {

/// Sorts a part of `order` along axis d, and what is equal there along the axes that follow: a
/// plane of nodes is no reason to compare all pairs.
void find_doubles(const std::vector<Vec3>& p, std::vector<int>::iterator first,
                  std::vector<int>::iterator last, std::size_t d, double same,
                  std::vector<int>& out) {
  const auto x = [&](int i) { return p[static_cast<std::size_t>(i)][d]; };
  std::sort(first, last, [&](int a, int b) { return x(a) < x(b); });
  auto begin = first;
  for (auto i = first; i != last; ++i) {
    const bool ends = i + 1 == last || x(*(i + 1)) - x(*i) > same;
    if (d == 2 && !ends) out.push_back(*(i + 1));
    if (!ends) continue;
    if (d < 2 && i != begin) find_doubles(p, begin, i + 1, d + 1, same, out);
    begin = i + 1;
  }
}

}  // namespace

void FaultCount::tell(std::vector<std::string>& problems) const {
  if (count_ == 0) return;
  const double x = 1e3 * first_[0], y = 1e3 * first_[1], z = 1e3 * first_[2];
  problems.push_back(fmt::format("{} {}; the first at ", count_, what_) +
                     (flat_ ? fmt::format("x = {:.6g}, y = {:.6g} mm", x, z)
                            : fmt::format("x = {:.6g}, y = {:.6g}, z = {:.6g} mm", x, y, z)));
}

std::vector<int> doubled_points(const std::vector<Vec3>& points, double same) {
  std::vector<int> order(points.size()), out;
  std::iota(order.begin(), order.end(), 0);
  find_doubles(points, order.begin(), order.end(), 0, same, out);
  return out;
}

}  // namespace thermodose
