// A point between nodes.
// Implements: Q1 interpolation weights of a point on a NodeGeometry (uniform grid, cubes of an
// octree, hexahedra and axisymmetric quadrilaterals of any shape).
#pragma once

#include <vector>

#include "geometry/node_geometry.h"

namespace thermodose {

struct InterpolationPoint {
  std::vector<std::size_t> nodes;
  std::vector<double> weights;  ///< sum to 1
};

/// Throws std::invalid_argument when the point lies outside the mesh. An axisymmetric geometry
/// takes r = hypot(x, y).
InterpolationPoint locate(const NodeGeometry& geometry, const Vec3& point);

}  // namespace thermodose
