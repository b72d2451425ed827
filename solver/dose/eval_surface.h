// Surfaces as triangles.
// Implements: the isosurface of a node field inside cells (marching cubes on the Q1 interpolant's
// edges; on axisymmetric meshes the meridian as segments), with areas. Error of a vertex: that of
// linear interpolation along an edge, O(h^2): h^2 / (8 R) for a distance field about a sphere of
// radius R. Where a coarse cell of an octree meets finer ones the surface may gape by O(h^2).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "dose/isotherm.h"
#include "geometry/node_geometry.h"
#include "geometry/vec.h"

namespace thermodose::evaluation {

using Side = IsothermLevel::Side;

/// The points where a field is below (above) a level. Values and level in one unit, any unit; the
/// Kirchhoff variable of a temperature makes surfaces twice as accurate (docs/numerics.md). A node
/// exactly at the level, or NaN, is outside.
struct Criterion {
  const float* values = nullptr;  ///< one per node
  double level = 0;
  Side side = Side::below;

  /// Negative inside; NaN where the value is.
  double offset(double value) const { return side == Side::below ? value - level : level - value; }
};

/// Triangles, normals out of the region. Axisymmetric: points (r, 0, z), faces are segments
/// {a, b, b} of the meridian.
struct Surface {
  bool axisymmetric = false;
  std::vector<Vec3> points;  ///< m
  std::vector<std::array<int, 3>> faces;
  /// Nodes of the region on the boundary of the domain, where it is cut off: the surface is open.
  std::vector<Vec3> cut;
  unsigned touched = 0;  ///< faces of the domain it is cut at: bit 2 d lower, 2 d + 1 upper

  bool clipped() const { return touched != 0; }
  /// m2; axisymmetric: of the surface of revolution.
  double face_area(std::size_t face) const;
  double area() const;
  /// m2 per point: its share of the faces around it. Sums to area().
  std::vector<double> point_areas() const;
};

/// Surface of the region of a criterion, and where it is cut by the bounding box of the domain
/// (the axis of an axisymmetric mesh is no boundary). A region without nodes has none.
Surface iso_surface(const NodeGeometry& geometry, const Criterion& criterion);

/// m
Vec3 node_position(const NodeGeometry& geometry, std::size_t node);

inline Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// Numbers of the points of a surface by the edge they lie on.
class EdgePoints {
 public:
  EdgePoints() : slots_(1024) {}
  /// The number of the edge between a and b, set to `next` when it has none.
  int find(std::uint64_t a, std::uint64_t b, int next);

 private:
  struct Slot {
    std::uint64_t key = 0;
    int number = -1;
  };
  std::size_t start(std::uint64_t key) const {
    return std::size_t((key * 0x9e3779b97f4a7c15ULL) >> 20U) & (slots_.size() - 1);
  }
  void grow();

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace thermodose::evaluation
