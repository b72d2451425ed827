// Reading Gmsh meshes.
// Implements: the text forms 2.2 and 4.1 of the MSH file format (Gmsh reference manual, chapter
// "Gmsh file formats"; Geuzaine C, Remacle J-F, Int J Numer Methods Eng 79(11), 1309, 2009):
// nodes, hexahedra, quadrilaterals, lines and physical groups. Own code: deal.II's reader drops the
// names of groups and asserts what a broken file breaks. Counts are checked against the size of the
// file before anything is read by them.
#pragma once

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/types.h"

namespace thermodose {

/// An element of N nodes (positions in MshFile::points) and its physical group, 0 = none.
template <std::size_t N>
struct MshElement {
  std::array<int, N> nodes{};
  int group = 0;
};

/// What a file holds, as it is: in its own unit, nodes without cells among it.
struct MshFile {
  std::vector<Vec3> points;
  std::vector<MshElement<8>> hexes;  ///< round the bottom, then round the top
  std::vector<MshElement<4>> quads;  ///< in the order around the cell
  std::vector<MshElement<2>> lines;
  std::map<std::pair<int, int>, std::string> names;  ///< of physical groups by (dimension, number)
};

/// Throws InputError with the file (and the line) for one that is missing, of another form, broken,
/// or of elements that cannot be solved.
MshFile read_msh(const std::string& path);

/// The same for the bytes of a file; `path` is for messages.
MshFile parse_msh(const std::string& path, const std::string& bytes);

}  // namespace thermodose
