// Meshes of hexahedra from a file.
// Implements: cells, their groups and the outer faces of a mesh in space, checked: what cannot be
// solved, or would be solved wrong without a word (cracks between parts that do not share nodes),
// is told with numbers and the first places.
#pragma once

#include "geometry/file_mesh.h"
#include "geometry/hexahedron.h"
#include "geometry/msh_reader.h"

namespace thermodose {

/// Groups of cells are of dimension 3, those of faces of dimension 2.
struct HexMesh : FileMesh {
  Corners corners(std::size_t cell) const;
  double volume(std::size_t cell) const override;
  double mean_edge() const override;
  double shortest_edge() const override;
};

/// Local nodes of the faces of a lexicographic cell, lexicographic too: x_min, x_max, ... z_max.
inline constexpr std::size_t kHexFaces[6][4] = {{0, 2, 4, 6}, {1, 3, 5, 7}, {0, 1, 4, 5},
                                                {2, 3, 6, 7}, {0, 1, 2, 3}, {4, 5, 6, 7}};

/// `metres`: length of the unit of the file. Adds what is wrong to `problems`; the mesh is good
/// when there is nothing.
HexMesh make_hex_mesh(const MshFile& file, double metres, std::vector<std::string>& problems);

}  // namespace thermodose
