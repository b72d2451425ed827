// Axisymmetric meshes of quadrilaterals from a file.
// Implements: cells, their groups and the outer edges of a mesh in the plane of (r, z), checked:
// what cannot be solved, or would be solved wrong without a word (cracks between parts that do not
// share nodes), is told with numbers and the first places.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "geometry/file_mesh.h"
#include "geometry/msh_reader.h"

namespace thermodose {

/// Points are (r, 0, z), groups of cells of dimension 2, those of edges of dimension 1.
struct RingMesh : FileMesh {
  RingMesh() { axisymmetric = true; }
  std::array<Vec3, 4> corners(std::size_t cell) const;
  double volume(std::size_t cell) const override;
  double mean_edge() const override;
  double shortest_edge() const override;
};

/// x of the file is r, y is z. `metres`: length of its unit. Adds what is wrong to `problems`; the
/// mesh is good when there is nothing.
RingMesh make_ring_mesh(const MshFile& file, double metres, std::vector<std::string>& problems);

}  // namespace thermodose
