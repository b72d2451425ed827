// Meshes from files, as they are solved.
// Implements: what axisymmetric meshes (geometry/ring_mesh.h) and those of hexahedra
// (geometry/hex_mesh.h) have in common, and how what is wrong with them is told.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/types.h"

namespace thermodose {

/// A face of one cell only; axisymmetric: an edge of one cell, not on the axis.
struct OuterFace {
  std::array<int, 4> nodes{};  ///< lexicographic; of an edge the first two
  int group = 0;               ///< physical group of faces, 0 = none
};

struct FileMesh {
  bool axisymmetric = false;
  std::vector<Vec3> points;     ///< m, axisymmetric (r, 0, z); every one belongs to a cell
  std::vector<int> cells;       ///< 8 (axisymmetric: 4) nodes per cell, lexicographic: x fastest
  std::vector<int> cell_group;  ///< physical group of cells, 0 = none
  std::vector<OuterFace> boundary;
  std::vector<int> hidden;         ///< groups of faces that are no part of the boundary
  std::vector<std::string> notes;  ///< what a reader should know although the mesh can be solved

  virtual ~FileMesh() = default;
  std::size_t nodes_per_cell() const { return axisymmetric ? 4 : 8; }
  std::size_t nodes_per_face() const { return axisymmetric ? 2 : 4; }
  const Vec3& point(std::size_t cell, std::size_t corner) const {
    return points[static_cast<std::size_t>(cells[cell * nodes_per_cell() + corner])];
  }
  /// m3, of rings the body of revolution.
  virtual double volume(std::size_t cell) const = 0;
  /// Edge of the cube (square) as large as the mean cell, m.
  virtual double mean_edge() const = 0;
  virtual double shortest_edge() const = 0;  ///< m
};

/// How often something is wrong, and where first, in the coordinates of the file in mm.
class FaultCount {
 public:
  FaultCount(bool flat, std::string what) : flat_(flat), what_(std::move(what)) {}
  void add(const Vec3& p) {
    if (count_++ == 0) first_ = p;
  }
  void tell(std::vector<std::string>& problems) const;

 private:
  bool flat_;  ///< points are (r, 0, z), the file's are (x, y)
  std::string what_;
  std::size_t count_ = 0;
  Vec3 first_{};
};

/// Points no farther than `same` from another one: nodes at one place do not hold their cells
/// together.
std::vector<int> doubled_points(const std::vector<Vec3>& points, double same);

}  // namespace thermodose
