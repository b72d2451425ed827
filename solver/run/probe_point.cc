#include "run/probe_point.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "geometry/hexahedron.h"

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

// Weights of `p` in the cell whose nodes start at `nodes`; false when outside. Most cells are
// boxes, others are inverted by Newton's method.
bool weights_in_cell(const NodeGeometry& g, const int* nodes, const Vec3& p,
                     InterpolationPoint& out) {
  Corners c{};
  for (std::size_t i = 0; i < 8; ++i) c[i] = g.points[static_cast<std::size_t>(nodes[i])];
  Vec3 f{};
  bool box = true;
  for (std::size_t d = 0; d < 3; ++d) {
    double low = c[0][d], high = low;
    for (const Vec3& corner : c) {
      low = std::min(low, corner[d]);
      high = std::max(high, corner[d]);
    }
    f[d] = (p[d] - low) / (high - low);
    if (f[d] < -kTolerance || f[d] > 1 + kTolerance) return false;
    for (std::size_t i = 0; i < 8; ++i)
      box =
          box && std::abs(c[i][d] - ((i >> d & 1U) != 0 ? high : low)) <= kTolerance * (high - low);
  }
  if (!box) {
    if (!hex_inverse(c, p, f)) return false;
    for (const double x : f)
      if (x < -kTolerance || x > 1 + kTolerance) return false;
  }
  const auto weights = hex_weights(f);
  for (std::size_t a = 0; a < 8; ++a) {
    out.nodes.push_back(static_cast<std::size_t>(nodes[a]));
    out.weights.push_back(weights[a]);
  }
  return true;
}

// Weights of (r, z) in a quadrilateral of any convex shape by Newton's method; false when outside.
bool weights_in_quad(const NodeGeometry& g, const int* nodes, const Vec3& p,
                     InterpolationPoint& out) {
  std::array<Vec3, 4> c{};
  for (std::size_t i = 0; i < 4; ++i) c[i] = g.points[static_cast<std::size_t>(nodes[i])];
  for (const std::size_t d : {0U, 2U}) {
    const auto [low, high] = std::minmax({c[0][d], c[1][d], c[2][d], c[3][d]});
    if (p[d] < low - kTolerance * (high - low) || p[d] > high + kTolerance * (high - low))
      return false;
  }
  double u = 0.5, v = 0.5, moved = 1;
  for (int step = 0; step < 30 && moved > 1e-13; ++step) {
    double off[2], by_u[2], by_v[2];
    for (const std::size_t d : {0U, 1U}) {
      const std::size_t x = 2 * d;
      const double low = c[0][x] + u * (c[1][x] - c[0][x]),
                   high = c[2][x] + u * (c[3][x] - c[2][x]);
      off[d] = p[x] - (low + v * (high - low));
      by_u[d] = (1 - v) * (c[1][x] - c[0][x]) + v * (c[3][x] - c[2][x]);
      by_v[d] = high - low;
    }
    const double area = by_u[0] * by_v[1] - by_u[1] * by_v[0];
    const double du = (off[0] * by_v[1] - off[1] * by_v[0]) / area;
    const double dv = (by_u[0] * off[1] - by_u[1] * off[0]) / area;
    u += du;
    v += dv;
    moved = std::abs(du) + std::abs(dv);
    if (!(std::abs(u) + std::abs(v) < 10)) return false;
  }
  if (std::min(u, v) < -kTolerance || std::max(u, v) > 1 + kTolerance) return false;
  const double weight[4] = {(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v};
  for (std::size_t a = 0; a < 4; ++a) {
    out.nodes.push_back(static_cast<std::size_t>(nodes[a]));
    out.weights.push_back(weight[a]);
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
    if (g.axisymmetric ? weights_in_quad(g, &g.cells[c], p, out)
                       : weights_in_cell(g, &g.cells[c], p, out))
      return out;
  throw std::invalid_argument("the point lies outside the domain");
}

}  // namespace thermodose
