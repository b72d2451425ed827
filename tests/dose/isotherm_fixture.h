// Profiles on grids for the tests of isotherms.
// Implements: a cube of nodes, sampling of a profile, the measure of one region below a level.
#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include "dose/isotherm.h"
#include "geometry/vec.h"

namespace thermodose::isotherm_test {

inline constexpr double kPi = 3.14159265358979323846;
using Profile = std::function<double(const Vec3&)>;

/// Cube [-1, 1]^3 with n cells per edge.
inline NodeGeometry cube(int n) {
  NodeGeometry g;
  g.origin = {-1, -1, -1};
  g.spacing = 2.0 / n;
  g.nodes = {n + 1, n + 1, n + 1};
  return g;
}

inline Vec3 node_position(const NodeGeometry& g, std::size_t i) {
  if (!g.uniform) return g.points[i];
  const std::size_t nx = std::size_t(g.nodes[0]);
  const std::size_t ny = std::size_t(g.nodes[1]);
  return {g.origin[0] + g.spacing * double(i % nx), g.origin[1] + g.spacing * double(i / nx % ny),
          g.origin[2] + g.spacing * double(i / nx / ny)};
}

inline std::vector<float> sample(const NodeGeometry& g, const Profile& f) {
  std::vector<float> t(g.size());
  for (std::size_t i = 0; i < t.size(); ++i) t[i] = static_cast<float>(f(node_position(g, i)));
  return t;
}

inline IsothermMeasure below(const NodeGeometry& g, const Profile& f, double level,
                             const IsothermOptions& options = {}) {
  const std::vector<float> t = sample(g, f);
  return measure_isotherms(g, t.data(), {{level, IsothermLevel::Side::below}}, options).at(0);
}

inline double order(double coarse, double fine) {
  return std::log2(std::abs(coarse) / std::abs(fine));
}

inline const Vec3 kCentre{0.0137, -0.0211, 0.0173};  // off every symmetry of the grids

}  // namespace thermodose::isotherm_test
