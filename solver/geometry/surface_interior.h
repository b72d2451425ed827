// Which points a closed triangle surface holds.
// Implements: the winding number of a closed, oriented surface about a point as the signed count of
// its triangles over the point, in whole numbers and therefore exactly. Corners and points are
// rounded to a lattice of 2^30 steps along the longest side of the surface's box (0.1 nm for
// 100 mm); on it the side of an edge and of a triangle that a point is on are determinants that fit
// into 64 and 128 bits. A point straight below an edge or a corner is moved by an infinitesimal
// step, the same for every triangle (Edelsbrunner, Muecke 1990, ACM Trans Graph 9:66), so that a
// ray never slips between two triangles and never meets both. The triangles are held by a tree of
// boxes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bounded.h"
#include "geometry/surface_mesh.h"

namespace thermodose {

class SurfaceInterior {
 public:
  SurfaceInterior() = default;
  /// `surface`: closed and oriented, with finite points, not empty.
  explicit SurfaceInterior(const TriangleSurface& surface);

  /// True for points inside or on the surface. Thread-safe.
  bool contains(const Vec3& p) const;
  /// Winding number: 1 inside, 0 outside of a surface whose triangles face outwards; 0 on it.
  int winding(const Vec3& p) const;
  BoundingBox bounds() const { return box_; }

  /// A place at which a surface is not the border of what it holds: the winding number in front of
  /// a triangle is not 0, or that behind it not 1.
  struct Fault {
    Vec3 at{};      ///< m, on the triangle
    int front = 0;  ///< winding number in front of the triangle
    int behind = 0;
  };
  /// Looks at the middle of triangles, of every one or of `most` evenly chosen ones. Finds pieces
  /// that face the wrong way or that run through each other, unless they do so between the middles
  /// of their triangles.
  std::vector<Fault> faults(std::size_t most) const;

 private:
  using Point = std::array<std::int32_t, 3>;
  struct Triangle {
    std::array<Point, 3> p;
  };
  /// A box of the tree; the ray goes upwards, so its floor does not matter.
  struct Box {
    std::array<std::int32_t, 2> lower, upper;
    std::int32_t top;
    std::uint32_t next;   ///< the box after all those within this one
    std::uint32_t first;  ///< triangles [first, first + count), none unless it is a leaf
    std::uint32_t count;
  };
  struct Count {
    int winding = 0;
    bool touched = false;  ///< the point is on a triangle
  };

  Point round(const Vec3& p) const;
  bool in_box(const Vec3& p) const;
  void build(std::size_t first, std::size_t count);
  Count count(const Point& p, std::size_t skipped) const;

  BoundingBox box_{};
  double step_ = 1;  ///< m
  std::vector<Triangle> triangles_;
  std::vector<Box> boxes_;  ///< depth first
};

}  // namespace thermodose
