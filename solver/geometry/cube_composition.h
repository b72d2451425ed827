// What the cells of an octree are made of.
// Implements: the composition of geometry/cell_composition.h for cubes of several sizes. A cube
// whose 27 points on a lattice of half its edge, a little inside its faces, all agree is uniform.
// The control volume of a node is the eighths of the cubes around it; what a hanging node would
// own belongs to its masters in equal parts, so that volumes sum to those of the cubes exactly.
#pragma once

#include <cstddef>
#include <vector>

#include "geometry/cell_composition.h"
#include "geometry/node_geometry.h"

namespace thermodose {

struct CompositionCubes {
  std::vector<Vec3> lower;   ///< m, of every cube
  std::vector<double> edge;  ///< m
  std::vector<int> corners;  ///< 8 nodes of every cube, x fastest
  std::size_t nodes = 0;
  std::vector<HangingNode> hanging;
};

/// Samples cubes with `threads` threads. A hanging node has the material of its first master.
Composition compose(const CompositionCubes& cubes, const MaterialsAt& materials_at,
                    std::size_t materials, int threads);

}  // namespace thermodose
