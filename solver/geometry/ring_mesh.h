// Axisymmetric meshes of quadrilaterals from a file.
// Implements: cells, their groups and the outer edges of a mesh in the plane of (r, z), checked:
// what cannot be solved, or would be solved wrong without a word (cracks between parts that do not
// share nodes), is told with numbers and the first places.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/types.h"
#include "geometry/msh_reader.h"

namespace thermodose {

/// An edge of one cell, not on the axis.
struct RingEdge {
  std::array<int, 2> nodes{};
  int group = 0;  ///< physical group of dimension 1, 0 = none
};

struct RingMesh {
  std::vector<Vec3> points;     ///< (r, 0, z) in m; every one belongs to a cell
  std::vector<int> cells;       ///< 4 nodes per cell, lexicographic: r fastest
  std::vector<int> cell_group;  ///< physical group of dimension 2, 0 = none
  std::vector<RingEdge> boundary;
  std::vector<int> hidden;  ///< groups of lines that are no edge of the boundary

  std::array<Vec3, 4> corners(std::size_t cell) const;
  /// m3 of the body of revolution.
  double volume(std::size_t cell) const;
  /// Edge of the square as large as the mean cell, m.
  double mean_edge() const;
  double shortest_edge() const;  ///< m
};

/// x of the file is r, y is z. `metres`: length of its unit. Adds what is wrong to `problems`; the
/// mesh is good when there is nothing.
RingMesh make_ring_mesh(const MshFile& file, double metres, std::vector<std::string>& problems);

}  // namespace thermodose
