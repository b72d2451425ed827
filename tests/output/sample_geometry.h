// Small discretisations for tests of the writers.
// Implements: a grid with three different edge lengths, two hexahedra, an axisymmetric mesh.
#pragma once

#include <cstddef>
#include <vector>

#include "geometry/node_geometry.h"

namespace thermodose::output_test {

/// 70 x 41 x 37 nodes, 1.25 mm apart, three different origins: no two axes can be confused, and
/// no edge is a multiple of the writer's blocks.
inline NodeGeometry sample_grid() {
  NodeGeometry g;
  g.nodes = {70, 41, 37};
  g.spacing = 1.25e-3;
  g.origin = {-0.040, -0.020, 0.010};
  return g;
}

/// n x 1 x 1 cubes of 2 mm in a row along x.
inline NodeGeometry sample_hexahedra(int n) {
  NodeGeometry m;
  m.uniform = false;
  for (int k = 0; k < 2; ++k) {
    for (int j = 0; j < 2; ++j) {
      for (int i = 0; i <= n; ++i) m.points.push_back({0.002 * i, 0.002 * j, 0.002 * k});
    }
  }
  const int row = n + 1;
  for (int i = 0; i < n; ++i) {
    for (const int base : {i, i + row, i + 2 * row, i + 3 * row}) {
      m.cells.push_back(base);
      m.cells.push_back(base + 1);
    }
  }
  return m;
}

/// nr x nz cells of 1 mm on r >= 0, z >= -10 mm.
inline NodeGeometry sample_axisymmetric(int nr, int nz) {
  NodeGeometry m;
  m.uniform = false;
  m.axisymmetric = true;
  for (int j = 0; j <= nz; ++j) {
    for (int i = 0; i <= nr; ++i) m.points.push_back({0.001 * i, 0, -0.010 + 0.001 * j});
  }
  for (int j = 0; j < nz; ++j) {
    for (int i = 0; i < nr; ++i) {
      const int corner = i + (nr + 1) * j;
      for (const int c : {corner, corner + 1, corner + nr + 1, corner + nr + 2})
        m.cells.push_back(c);
    }
  }
  return m;
}

/// Position of a node, m.
inline Vec3 node_at(const NodeGeometry& g, std::size_t i) {
  if (!g.uniform) return g.points[i];
  const std::size_t nx = std::size_t(g.nodes[0]);
  const std::size_t ny = std::size_t(g.nodes[1]);
  return {g.origin[0] + g.spacing * double(i % nx), g.origin[1] + g.spacing * double(i / nx % ny),
          g.origin[2] + g.spacing * double(i / nx / ny)};
}

}  // namespace thermodose::output_test
