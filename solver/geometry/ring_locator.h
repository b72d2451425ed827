// Which cell of an axisymmetric mesh holds a point?
// Implements: buckets of equal size over convex quadrilaterals.
#pragma once

#include <array>
#include <vector>

#include "geometry/ring_mesh.h"

namespace thermodose {

class RingLocator {
 public:
  RingLocator() = default;
  /// `mesh` outlives the object and has cells.
  explicit RingLocator(const RingMesh& mesh);
  /// The last cell that holds (r, z), -1 outside all. Edges belong to their cells, with 1e-9 of
  /// the mesh to spare. Thread-safe.
  int cell_at(double r, double z) const;

 private:
  std::size_t bucket(double x, std::size_t d) const;

  const RingMesh* mesh_ = nullptr;
  std::array<double, 2> lower_{}, edge_{1, 1};
  std::array<std::size_t, 2> count_{1, 1};
  double slack_ = 0;                     ///< m
  std::vector<std::vector<int>> cells_;  ///< of each bucket
};

}  // namespace thermodose
