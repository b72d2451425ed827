// Distance to a surface.
// Implements: the nearest point of a set of triangles by a tree of bounding boxes, exact to single
// precision (1e-7 of the size of the surface). Boxes of few triangles are turned into their plane:
// from a point that sees much of a surface at one distance, boxes along the axes exclude little.
// Closest point on a triangle after Ericson, Real-Time Collision Detection, 2005, section 5.1.5.
// Axisymmetric: between surfaces of revolution about one axis the nearest points lie in one
// half-plane, so the meridian's segments are enough.
#pragma once

#include <array>
#include <limits>
#include <vector>

#include "dose/eval_surface.h"

namespace thermodose::evaluation {

struct NearestPoint {
  double distance = std::numeric_limits<double>::infinity();  ///< m
  Vec3 point{};   ///< on the surface; axisymmetric: (r, 0, z)
  int face = -1;  ///< of the surface; -1 when none is near enough
};

/// Immutable; queries are thread-safe.
class SurfaceTree {
 public:
  /// n log n: 0.1 us per face.
  explicit SurfaceTree(const Surface& surface);
  bool empty() const { return triangles_.empty(); }
  /// Nearest point of the surface that is less than `within` (m) away. `hint`: the face found for a
  /// point nearby, which makes it faster, never different in distance.
  NearestPoint nearest(const Vec3& point, double within = std::numeric_limits<double>::infinity(),
                       int hint = -1) const;
  /// Nearest points of many points in an order of some coherence.
  std::vector<NearestPoint> nearest(const std::vector<Vec3>& points) const;

 private:
  using Point = std::array<float, 3>;
  struct Triangle {
    Point a, b, c;
    Point normal;     ///< unit, or 0
    float low, high;  ///< of normal . x
    int face;
  };
  struct Node {
    std::array<Point, 3> axes;  ///< of the box, orthonormal
    Point lower, upper;         ///< along them
    int first;  ///< leaf: its first triangle; else: the second child (the first one follows)
    int count;  ///< triangles of a leaf, 0 otherwise
  };
  void sort_triangles();
  int build(int first, int last);
  Node box(int first, int last) const;
  static float distance(const Triangle& t, const Point& p, Point& nearest);
  static float distance(const Node& node, const Point& p);

  bool axisymmetric_;
  Vec3 centre_{};  ///< subtracted before rounding to float
  std::vector<Triangle> triangles_;
  std::vector<int> where_;  ///< place in triangles_ of every face
  std::vector<Node> nodes_;
};

}  // namespace thermodose::evaluation
