// Implements: geometry/face_cracks.h.
#include "geometry/face_cracks.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <unordered_map>

#include "geometry/vec.h"

namespace thermodose {

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Is a point no farther than `same` from a bilinear face? Corners lexicographic.
bool on_face(const std::array<Vec3, 4>& c, const Vec3& p, double same) {
  const double size = norm(c[3] - c[0]);
  double u = 0.5, v = 0.5;
  // Along the face and its normal; a few steps, as faces are nearly flat.
  for (int step = 0; step < 10; ++step) {
    const Vec3 low = c[0] + u * (c[1] - c[0]), high = c[2] + u * (c[3] - c[2]);
    const Vec3 off = p - (low + v * (high - low));
    const Vec3 a = (1 - v) * (c[1] - c[0]) + v * (c[3] - c[2]), b = high - low;
    const double aa = dot(a, a), ab = dot(a, b), bb = dot(b, b), det = aa * bb - ab * ab;
    const double du = (bb * dot(off, a) - ab * dot(off, b)) / det;
    const double dv = (aa * dot(off, b) - ab * dot(off, a)) / det;
    u += du;
    v += dv;
    if (!(std::abs(u) + std::abs(v) < 10)) return false;
    if (std::abs(du) + std::abs(dv) < 1e-12) break;
  }
  const double slack = same / size;
  if (std::min(u, v) < -slack || std::max(u, v) > 1 + slack) return false;
  const Vec3 low = c[0] + u * (c[1] - c[0]), high = c[2] + u * (c[3] - c[2]);
  return norm(p - (low + v * (high - low))) <= same;
}

/// Nodes by the cube of space they are in.
class NodeBins {
 public:
  explicit NodeBins(double edge) : edge_(edge) {}
  void add(int node, const Vec3& p) { bins_[key(bin(p))].push_back(node); }
  template <class Visit>
  void within(const Vec3& lower, const Vec3& upper, const Visit& visit) const {
    const auto low = bin(lower), high = bin(upper);
    for (std::int64_t k = low[2]; k <= high[2]; ++k)
      for (std::int64_t j = low[1]; j <= high[1]; ++j)
        for (std::int64_t i = low[0]; i <= high[0]; ++i)
          if (const auto found = bins_.find(key({i, j, k})); found != bins_.end())
            for (const int node : found->second) visit(node);
  }

 private:
  using Bin = std::array<std::int64_t, 3>;
  Bin bin(const Vec3& p) const {
    Bin b{};
    for (std::size_t d = 0; d < 3; ++d) b[d] = std::int64_t(std::floor(p[d] / edge_));
    return b;
  }
  /// Bins that share a key are looked through together.
  static std::uint64_t key(const Bin& b) {
    return std::uint64_t(b[0]) * 73856093U ^ std::uint64_t(b[1]) * 19349663U ^
           std::uint64_t(b[2]) * 83492791U;
  }

  double edge_;
  std::unordered_map<std::uint64_t, std::vector<int>> bins_;
};

}  // namespace

std::vector<int> cracked_nodes(const std::vector<Vec3>& points,
                               const std::vector<OuterFace>& boundary, double same) {
  double sizes = 0;
  std::set<int> nodes, cracked;
  for (const OuterFace& f : boundary) {
    sizes += norm(points[at(f.nodes[3])] - points[at(f.nodes[0])]);
    nodes.insert(f.nodes.begin(), f.nodes.end());
  }
  if (boundary.empty()) return {};
  NodeBins bins(sizes / static_cast<double>(boundary.size()));
  for (const int n : nodes) bins.add(n, points[at(n)]);
  const Vec3 slack{same, same, same};
  for (const OuterFace& f : boundary) {
    std::array<Vec3, 4> c{};
    for (std::size_t i = 0; i < 4; ++i) c[i] = points[at(f.nodes[i])];
    Vec3 lower = c[0], upper = c[0];
    for (const Vec3& p : c)
      for (std::size_t d = 0; d < 3; ++d) {
        lower[d] = std::min(lower[d], p[d]);
        upper[d] = std::max(upper[d], p[d]);
      }
    bins.within(lower - slack, upper + slack, [&](int n) {
      if (std::find(f.nodes.begin(), f.nodes.end(), n) == f.nodes.end() &&
          on_face(c, points[at(n)], same))
        cracked.insert(n);
    });
  }
  return {cracked.begin(), cracked.end()};
}

}  // namespace thermodose
