// A structure on a lattice of its own.
// Implements: points of a rectilinear lattice marked inside or outside a structure, crossings of
// its surface along lattice edges by bisection, the surface as triangles with those crossings as
// vertices. Vertices lie on the surface to 2e-5 of a lattice edge; a triangle departs from a
// surface of radius R by edge^2 / (8 R). What fits between lattice points is not seen.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/bounded.h"
#include "dose/eval_surface.h"

namespace thermodose::evaluation {

/// A set of points under evaluation: a target, an organ. Shapes and parts of an anatomy both give
/// one. Axisymmetric geometry asks for points (r, 0, z) only.
struct Structure {
  BoundingBox bounds;  ///< m, holds the whole of it
  std::function<bool(const Vec3&)> inside;
  /// Points of it at its corners and, at most a spacing (m) apart, on its faces, as far as a box
  /// holds them: what a lattice misses of a surface of steps. Empty: the surface has no steps.
  std::function<std::vector<Vec3>(const BoundingBox& box, double spacing)> corners = nullptr;
  /// Planes on which all its faces lie, as those of voxels do. Volumes are exact then.
  std::optional<PlaneGrid> planes = std::nullopt;
};

/// a and b in common; empty (lower > upper) when there is nothing.
BoundingBox common(const BoundingBox& a, const BoundingBox& b);
bool is_empty(const BoundingBox& box);
/// Also on the faces; false for NaN.
bool within(const BoundingBox& box, const Vec3& p);

/// Lattice points [first, last] of a line along x that are inside, and where the surface is before
/// the first and behind the last of them: the structure holds [begin, end] of the line, m.
struct LatticeRun {
  int j, k, first, last;
  double begin, end;
};

/// Marked points. The structure must outlive it.
class Lattice {
 public:
  using Axes = std::array<std::vector<double>, 3>;

  /// Coordinates, m, rising. Points outside `clip` count as outside the structure.
  Lattice(const Structure& structure, const BoundingBox& clip, Axes axes, bool axisymmetric);

  std::size_t size(std::size_t d) const { return axes_[d].size(); }
  double coordinate(std::size_t d, std::size_t i) const { return axes_[d][i]; }
  bool inside(std::size_t i, std::size_t j, std::size_t k) const {
    return marks_[i + axes_[0].size() * (j + axes_[1].size() * k)] != 0;
  }
  /// Where the edge from point (i, j, k) to the next along `axis`, whose ends differ, crosses the
  /// surface: the coordinate along the axis of a point inside, 2^-16 of the edge from one outside.
  double crossing(std::size_t axis, std::size_t i, std::size_t j, std::size_t k) const;
  /// In the order of k, j, first.
  std::vector<LatticeRun> runs() const;
  /// Points inside.
  std::size_t count() const;
  /// Edges along `axis` whose ends differ.
  std::size_t changes(std::size_t axis) const;
  Surface surface() const;

 private:
  bool contains(const Vec3& p) const;
  std::size_t number(std::size_t i, std::size_t j, std::size_t k) const {
    return i + axes_[0].size() * (j + axes_[1].size() * k);
  }
  void cell(std::size_t i, std::size_t j, std::size_t k, EdgePoints& edges, Surface& out) const;

  const Structure& structure_;
  BoundingBox clip_;
  Axes axes_;
  bool axisymmetric_;
  std::vector<std::uint8_t> marks_;
};

struct LatticeAxes {
  Lattice::Axes at;     ///< coordinates of the points, m
  Lattice::Axes width;  ///< of the interval that each stands for, m
};

/// Axes over a box with midpoints of equal intervals, at most `spacing` long, and one point more on
/// either side. Axisymmetric: x is r and begins at 0, y is 0 alone. Sets `spacing` to the
/// intervals. With planes that are farther apart than `spacing`, no interval holds one of them:
/// those between two are equal, those at the ends of the box are cut by it.
LatticeAxes lattice_axes(const BoundingBox& box, bool axisymmetric, Vec3& spacing,
                         const std::optional<PlaneGrid>& planes = std::nullopt);

}  // namespace thermodose::evaluation
