// Node fields at points.
// Implements: location of a point in a discretisation and the Q1 interpolant of any field there, on
// uniform grids, hexahedra (cubes of an octree with hanging nodes, bent cells) and axisymmetric
// quadrilaterals. What the evaluation of a plan stands on.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/bounded.h"
#include "geometry/node_geometry.h"

namespace thermodose::evaluation {

/// Where a point is in a discretisation; serves every field on it.
struct Stencil {
  std::ptrdiff_t cell = -1;   ///< uniform: node at its lower corner; -1 outside the domain
  std::array<float, 3> at{};  ///< reference coordinates, 0 .. 1 (axisymmetric: the first two)
};

/// Locates points and interpolates. The geometry must outlive it; all methods are thread-safe.
/// Points of axisymmetric geometry may be anywhere in space: r = hypot(x, y).
class FieldSampler {
 public:
  explicit FieldSampler(const NodeGeometry& geometry);
  ~FieldSampler();
  FieldSampler(const FieldSampler&) = delete;
  FieldSampler& operator=(const FieldSampler&) = delete;

  const NodeGeometry& geometry() const { return geometry_; }
  bool axisymmetric() const { return geometry_.axisymmetric; }
  /// Bounding box of the nodes, m. Axisymmetric: r, 0, z.
  const BoundingBox& domain() const { return domain_; }
  /// Smallest edge of the cells that a box meets (all cells if it meets none), m.
  double cell_size(const BoundingBox& box) const;

  /// A uniform grid: 20 ns; a mesh: 0.1 to 0.5 us, less when the point is in the cell of `hint`.
  /// Coordinates of bent cells by Newton's method to 1e-7 of a cell.
  Stencil locate(const Vec3& point, const Stencil& hint = {}) const;
  /// Interpolated value; NaN outside the domain.
  float value(const float* values, const Stencil& stencil) const;
  /// The nodes that value() reads, appended.
  void add_nodes(const Stencil& stencil, std::vector<std::size_t>& nodes) const;
  float value_at(const float* values, const Vec3& point) const {
    return value(values, locate(point));
  }

 private:
  Stencil locate_uniform(const Vec3& point) const;

  class Buckets;
  const NodeGeometry& geometry_;
  BoundingBox domain_{};
  std::unique_ptr<Buckets> buckets_;  ///< meshes only
};

}  // namespace thermodose::evaluation
