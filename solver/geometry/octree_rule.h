// Where an octree is fine, and the cubes it starts from.
// Implements: the target edge of a cell as a function of its distance d to given axes,
//   edge(d) = finest                                  for d <= core
//             min(finest + growth (d - core), coarsest)   beyond,
// at most `at_surfaces` where the surface of a given structure passes through the cell,
// and the choice of coarse cubes that tile a box: edge = finest 2^levels, the same in every
// direction, because the cell kernel knows cubes only. No mesh library here.
#pragma once

#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "base/bounded.h"
#include "base/types.h"

namespace thermodose {

/// Something whose surface wants fine cells: a target, an organ.
struct OctreeStructure {
  BoundingBox bounds;  ///< m
  std::function<bool(const Vec3&)> inside;
};

/// What a graded octree should look like. SI.
struct OctreeRequest {
  Vec3 lower{}, upper{};  ///< m, the box
  double finest = 0;      ///< m, wanted edge near the axes (never exceeded there)
  double core = 0;        ///< m, distance from the axes within which cells stay finest
  double growth = 0.3;    ///< edge gained per distance beyond the core
  double coarsest = 0;    ///< m, no cell is larger; 0 = 8 x finest
  std::vector<std::pair<Vec3, Vec3>> axes;  ///< ends of the probes' active lengths
  std::vector<OctreeStructure> structures;
  double at_surfaces = 0;  ///< m, edge of cells that the surface of a structure cuts; 0 = any
};

/// Coarse cubes: coarse[d] of them along d, each of edge finest 2^levels, from `lower` on.
struct OctreeLattice {
  Vec3 lower{};
  double finest = 0;  ///< m, edge after `levels` bisections; within [0.75, 1] of the request
  int levels = 0;
  std::array<int, 3> coarse{};

  double coarse_edge() const { return finest * (1 << levels); }
  Vec3 upper() const;
  /// Index bounds of the lattice of finest nodes.
  std::array<int, 3> fine_nodes() const;
};

/// The coarsest cubes that tile the box. Sides without a common divisor are met to half a finest
/// cell: `upper()` of the result is what the mesh has. Throws InputError for an impossible box.
OctreeLattice choose_octree_lattice(const OctreeRequest& request);

/// Distance from a point to the nearest axis (a straight piece between two ends), m; infinity
/// without axes.
double distance_to_axes(const OctreeRequest& request, const Vec3& point);

/// True when the surface of a structure passes through a cube, as far as points `at_surfaces` apart
/// tell (at most 9 along an edge).
bool surface_cuts(const OctreeRequest& request, const Vec3& centre, double edge);

/// Cells of the tree, without the few that balancing adds; more than `most` are not counted.
double count_cells(const OctreeRequest& request, const OctreeLattice& lattice, double most);

/// True when a cube of this edge, centred here, must be bisected.
bool must_refine(const OctreeRequest& request, const OctreeLattice& lattice, const Vec3& centre,
                 double edge);

}  // namespace thermodose
