// How a surface passes through one cell.
// Implements: for every pattern of corners inside and outside, the polygons that separate them, as
// edges of the cell: marching cubes (Lorensen and Cline, Comput. Graph. 21, 1987,
// doi:10.1145/37402.37422) with a table made by following the cut edges around the faces. On a face
// with four cut edges the inside corners are separated; both cells at the face decide alike, so the
// surface has no holes.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace thermodose::evaluation {

/// Corners of the edges of a cell, corners lexicographic (x fastest): the first four are those of
/// a quadrilateral.
inline constexpr std::array<std::array<std::uint8_t, 2>, 12> kCellEdges{{{0, 1},
                                                                         {2, 3},
                                                                         {0, 2},
                                                                         {1, 3},
                                                                         {4, 5},
                                                                         {6, 7},
                                                                         {4, 6},
                                                                         {5, 7},
                                                                         {0, 4},
                                                                         {1, 5},
                                                                         {2, 6},
                                                                         {3, 7}}};

/// Triangles of a cube whose inside corners are the bits of `pattern` (0 .. 255), as three edges
/// each; normals point out of the inside.
const std::vector<std::array<std::uint8_t, 3>>& cube_cut(unsigned pattern);

/// Segments of a quadrilateral (pattern 0 .. 15) as two edges each, the third repeats the second.
const std::vector<std::array<std::uint8_t, 3>>& quad_cut(unsigned pattern);

}  // namespace thermodose::evaluation
