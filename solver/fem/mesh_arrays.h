// An unstructured mesh as flat arrays, without any mesh library behind it.
// Implements: nodes, cells, hanging nodes, lumped volumes, faces and tissue of the `mesh` engine.
//   u_h = sum_m w u_m for a hanging node h with masters m of equal weight w = 1 / masters;
//   residuals return through the same weights, r_m += w r_h (C^T A C), and the volume of h
//   belongs to its masters, so that volumes sum to the domain exactly.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "base/types.h"
#include "fem/mesh_hex.h"
#include "fem/mesh_quad.h"
#include "fem/node_mixtures.h"
#include "geometry/cell_composition.h"
#include "geometry/node_geometry.h"

namespace thermodose {

/// A face of a cell on the outer boundary: its nodes (4, or 2 when axisymmetric), and which
/// outer face 0..5 = x_min, x_max, y_min, y_max, z_min, z_max it belongs to (x is r); of a mesh
/// from a file, which of its own faces.
struct BoundaryFace {
  int side = 0;
  std::array<int, 4> nodes{};
};

/// What a mesh builder delivers.
struct RawMesh {
  bool axisymmetric = false;  ///< points are (r, 0, z)
  std::vector<Vec3> points;   ///< m
  std::vector<int> cells;     ///< 8 or 4 nodes per cell, lexicographic: x (r) fastest
  std::vector<HangingNode> hanging;
  std::vector<BoundaryFace> boundary;
  bool own_faces = false;  ///< a mesh from a file: its faces are not the sides of a box
};

/// Share of a node in the area of an outer face.
struct FaceNode {
  int node = 0;
  double area = 0;  ///< m2
};

/// What cubes and nodes are made of, in the numbers of a RawMesh; laws are materials.
struct MeshTissues {
  std::vector<LawIndex> cell_law;  ///< of cut cells the largest share
  std::vector<LawIndex> node_law;
  std::vector<CutCell> cuts;  ///< by cell
};

/// The mesh the heat system works on. Nodes are sorted by law, those of interface cells first, then
/// by place.
struct MeshArrays {
  NodeGeometry geometry;      ///< uniform = false; points and cells as in RawMesh
  std::vector<NodeRun> runs;  ///< nodes of one law
  std::vector<int> node_law;  ///< law of every node
  std::vector<int> cell_law;  ///< law of every cell
  std::vector<CutCell> cuts;  ///< cubes of several tissues, by cell
  /// 1 for cubes that are cut or see nodes of other laws (fem/mesh_interfaces.h); empty: none.
  std::vector<char> interface;
  std::vector<int> raw_node;  ///< the number of every node in the RawMesh
  // One of these, of every cell:
  std::vector<double> edge;        ///< m, of cubes
  std::vector<QuadElement> quads;  ///< axisymmetric
  std::vector<HexElement> hexes;   ///< of a mesh from a file in 3-D
  std::vector<double> volume;      ///< m3, lumped, zero at hanging nodes
  std::vector<HangingNode> hanging;
  /// Of each outer face, six at least; hanging nodes' areas went to their masters.
  std::vector<std::vector<FaceNode>> faces;

  std::size_t nodes() const { return geometry.points.size(); }
  int nodes_per_cell() const { return geometry.nodes_per_cell(); }
  std::size_t cells() const {
    return geometry.cells.size() / static_cast<std::size_t>(nodes_per_cell());
  }
  const int* cell(std::size_t c) const {
    return &geometry.cells[c * static_cast<std::size_t>(nodes_per_cell())];
  }
  /// Volume of cell c that belongs to its local node n, m3.
  double share(std::size_t c, std::size_t n) const {
    if (!hexes.empty()) return hexes[c].share[n];
    return edge.empty() ? quads[c].share[n] : edge[c] * edge[c] * edge[c] / 8;
  }
  /// Numbers per cell that its kernel takes (fem/mesh_kernel.h), and those.
  std::size_t factors() const {
    return !hexes.empty() ? kHexCouplings : edge.empty() ? kQuadPairs.size() : 1;
  }
  double factor(std::size_t c, std::size_t f) const {
    if (!hexes.empty()) return hexes[c].coupling[f];
    return edge.empty() ? quads[c].coupling[f] : edge[c] / 12;
  }
  /// Largest eigenvalue of K x = lambda diag(share) x of cell c alone, or a bound of it, 1/m2.
  double cell_limit(std::size_t c) const {
    if (!hexes.empty()) return largest_eigenvalue(hexes[c]);
    return edge.empty() ? largest_eigenvalue(quads[c]) : 4 / (edge[c] * edge[c]);
  }
};

/// Tissue (index of a law, 0..laws-1) at a point.
using TissueAt = std::function<int(const Vec3&)>;

/// Sorts, assigns tissue (at cell centres; nodes have the tissue with most of their volume) and
/// adds up volumes and areas. Cells in 3-D must be cubes, but those of a file; throws
/// std::invalid_argument otherwise, or when a cell is inverted.
MeshArrays arrange_mesh(RawMesh raw, const TissueAt& tissue);
/// The same of cubes whose tissues are known.
MeshArrays arrange_mesh(RawMesh raw, const MeshTissues& tissues);

}  // namespace thermodose
