// Which hexahedron of a mesh holds a point?
// Implements: buckets of equal size over the boxes around trilinear cells.
#pragma once

#include <array>
#include <vector>

#include "geometry/hex_mesh.h"

namespace thermodose {

class HexLocator {
 public:
  /// `mesh` outlives the object and has cells.
  explicit HexLocator(const HexMesh& mesh);
  /// The last cell that holds a point, -1 outside all. Faces belong to their cells, with 1e-9 of
  /// the mesh to spare. Thread-safe.
  int cell_at(const Vec3& p) const;

 private:
  std::size_t bucket(double x, std::size_t d) const;
  template <class Visit>
  void buckets_of(std::size_t cell, const Visit& visit) const;
  bool holds(std::size_t cell, const Vec3& p) const;

  const HexMesh* mesh_;
  Vec3 lower_{}, edge_{1, 1, 1};
  std::array<std::size_t, 3> count_{1, 1, 1};
  double slack_ = 0;                ///< m
  std::vector<std::size_t> first_;  ///< of each bucket in cells_
  std::vector<int> cells_;
};

}  // namespace thermodose
