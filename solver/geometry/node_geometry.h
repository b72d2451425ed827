// Where the degrees of freedom of a discretisation are.
// Implements: the plain description that dose, isotherms and output share, for both engines.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "base/types.h"

namespace thermodose {

/// Nodes [begin, end) that share one tissue law.
struct NodeRun {
  std::size_t begin, end;
  int law;  ///< index into the laws of the run
};

/// A node whose value is the mean of `count` (2 or 4) others.
struct HangingNode {
  int node = 0;
  int count = 0;
  std::array<int, 4> masters{};
};

/// Nodes of a discretisation. Node values are Q1 (trilinear / bilinear) between nodes.
struct NodeGeometry {
  /// uniform: nodes[0] x nodes[1] x nodes[2] points, x fastest, at origin + spacing * (i, j, k).
  /// Otherwise `points` and `cells` describe it.
  bool uniform = true;
  bool axisymmetric = false;  ///< points are (r, 0, z), cells are quadrilaterals, measure 2 pi r
  Vec3 origin{};
  double spacing = 0;  ///< m
  std::array<int, 3> nodes{};

  std::vector<Vec3> points;  ///< m
  /// 8 (hexahedra) or 4 (axisymmetric) node numbers per cell, lexicographic: x fastest.
  std::vector<int> cells;
  /// Faces of the domain that each node is on, bit f for face f (of 32 at most). Empty: the six
  /// sides of the box around the points.
  std::vector<unsigned> outer;

  std::size_t size() const {
    return uniform ? std::size_t(nodes[0]) * nodes[1] * nodes[2] : points.size();
  }
  int nodes_per_cell() const { return axisymmetric ? 4 : 8; }
};

}  // namespace thermodose
