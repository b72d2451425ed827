// From a heap of triangles to a closed surface.
// Implements: joining of equal and nearly equal points, and the test that every edge belongs to two
// triangles that run through it in opposite directions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "geometry/surface_interior.h"
#include "geometry/surface_mesh.h"

namespace thermodose {

/// Edges at which a surface is not closed, and the middles of the first of them, m.
struct EdgeFaults {
  struct Kind {
    std::size_t count = 0;
    std::vector<Vec3> first;
  };
  Kind open;     ///< of one triangle
  Kind crowded;  ///< of more than two triangles
  Kind twisted;  ///< of two triangles that face opposite ways
  bool none() const { return open.count + crowded.count + twisted.count == 0; }
};

EdgeFaults edge_faults(const TriangleSurface& surface);

/// Joins points that are equal, and drops triangles of which two corners become one.
void join_equal_points(TriangleSurface& surface);

/// Joins points of faulty edges that are nearer to each other than `tolerance`, m: programs that
/// round a corner once per triangle leave cracks of one digit.
void join_near_points(TriangleSurface& surface, double tolerance);

/// Largest distance along an axis of two points, m; 0 without points.
double longest_side(const TriangleSurface& surface);

/// Makes a closed surface, its triangles facing outwards, of what a file holds, and returns what it
/// holds. `problems`: why it is none, in words of the user; `notes`: what was done to it.
SurfaceInterior close_surface(TriangleSurface& surface, std::vector<std::string>& problems,
                              std::vector<std::string>& notes);

}  // namespace thermodose
