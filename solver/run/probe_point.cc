#include "run/probe_point.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace thermodose {

namespace {

constexpr double kTolerance = 1e-9;  // of a cell

InterpolationPoint locate_uniform(const NodeGeometry& g, const Vec3& p) {
  std::array<std::size_t, 3> cell{};
  Vec3 f{};
  for (std::size_t d = 0; d < 3; ++d) {
    const double x = (p[d] - g.origin[d]) / g.spacing;
    if (x < -kTolerance || x > g.nodes[d] - 1 + kTolerance)
      throw std::invalid_argument("the point lies outside the domain");
    const double base = std::clamp(std::floor(x), 0.0, static_cast<double>(g.nodes[d] - 2));
    cell[d] = static_cast<std::size_t>(base);
    f[d] = std::clamp(x - base, 0.0, 1.0);
  }
  InterpolationPoint out;
  const auto nx = static_cast<std::size_t>(g.nodes[0]), ny = static_cast<std::size_t>(g.nodes[1]);
  for (std::size_t a = 0; a < 8; ++a) {
    const std::size_t i = a & 1U, j = a >> 1U & 1U, k = a >> 2U;
    out.nodes.push_back(((cell[2] + k) * ny + cell[1] + j) * nx + cell[0] + i);
    out.weights.push_back((i ? f[0] : 1 - f[0]) * (j ? f[1] : 1 - f[1]) * (k ? f[2] : 1 - f[2]));
  }
  return out;
}

// Weights of `p` in the axis-aligned cell whose nodes start at `nodes`; false when outside.
bool weights_in_cell(const NodeGeometry& g, const int* nodes, const Vec3& p,
                     InterpolationPoint& out) {
  const auto count = static_cast<std::size_t>(g.nodes_per_cell());
  const Vec3& lo = g.points[static_cast<std::size_t>(nodes[0])];
  const Vec3& hi = g.points[static_cast<std::size_t>(nodes[count - 1])];
  Vec3 f{};
  for (std::size_t d = 0; d < 3; ++d) {
    if (g.axisymmetric && d == 1) continue;
    f[d] = (p[d] - lo[d]) / (hi[d] - lo[d]);
    if (f[d] < -kTolerance || f[d] > 1 + kTolerance) return false;
  }
  for (std::size_t a = 0; a < count; ++a) {
    double w = (a & 1U) ? f[0] : 1 - f[0];
    if (g.axisymmetric) {
      w *= (a >> 1U) ? f[2] : 1 - f[2];
    } else {
      w *= ((a >> 1U & 1U) ? f[1] : 1 - f[1]) * ((a >> 2U) ? f[2] : 1 - f[2]);
    }
    out.nodes.push_back(static_cast<std::size_t>(nodes[a]));
    out.weights.push_back(w);
  }
  return true;
}

}  // namespace

InterpolationPoint locate(const NodeGeometry& g, const Vec3& point) {
  if (g.uniform) return locate_uniform(g, point);
  const Vec3 p = g.axisymmetric ? Vec3{std::hypot(point[0], point[1]), 0, point[2]} : point;
  const auto step = static_cast<std::size_t>(g.nodes_per_cell());
  InterpolationPoint out;
  for (std::size_t c = 0; c < g.cells.size(); c += step)
    if (weights_in_cell(g, &g.cells[c], p, out)) return out;
  throw std::invalid_argument("the point lies outside the domain");
}

}  // namespace thermodose
