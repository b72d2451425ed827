// What the cells of a grid are made of.
// Implements: the shares of materials in every cell and around every node, by sampling a function
// of space. A cell whose points on a lattice of half its edge all agree is uniform; the others are
// cut, and are sampled at kSamples^3 points that are sheared against each other, so that a plane
// along the axes is met to 1 / kSamples^2 of the edge. A sheet thinner than half an edge between
// two volumes of the same material can be missed; thinner shells between different ones cannot.
// A cut cell also knows the shares along its sixteen diagonals, of its faces and of its body. The
// normal of the interface is the main axis of sum g g^T over the samples, g being the jumps of the
// material between neighbouring samples: right for one interface and for a layer with two.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/types.h"

namespace thermodose {

using MaterialIndex = std::uint16_t;
/// Material at a point; called from several threads.
using MaterialAt = std::function<MaterialIndex(const Vec3&)>;
/// Materials at n points at once, which lie close together; called from several threads.
using MaterialsAt = std::function<void(const Vec3* points, std::size_t n, MaterialIndex* out)>;
/// The same point by point.
MaterialsAt one_by_one(MaterialAt material_at);

/// Materials of a volume and their shares, largest first; the shares sum to 1.
struct Shares {
  static constexpr std::size_t kMost = 4;  ///< the smallest ones beyond are left out
  std::array<MaterialIndex, kMost> material{};
  std::array<float, kMost> share{};
  int count = 0;
};

/// The diagonals of a cube as pairs of corners (bit d of a corner: its upper end in direction d):
/// twelve of faces, four of the body. Along these, and only these, Q1 elements couple the corners.
inline constexpr std::array<std::array<std::uint8_t, 2>, 16> kDiagonals{{{0, 3},
                                                                         {1, 2},
                                                                         {4, 7},
                                                                         {5, 6},
                                                                         {0, 5},
                                                                         {1, 4},
                                                                         {2, 7},
                                                                         {3, 6},
                                                                         {0, 6},
                                                                         {2, 4},
                                                                         {1, 7},
                                                                         {3, 5},
                                                                         {0, 7},
                                                                         {1, 6},
                                                                         {2, 5},
                                                                         {3, 4}}};

struct CutCell {
  std::size_t cell = 0;  ///< x fastest
  Shares shares;
  std::array<float, 3> normal{};  ///< unit vector across the interface, either sign
  /// Along each diagonal, in 1/255 of its length, per material of `shares`.
  std::array<std::array<std::uint8_t, Shares::kMost>, 16> line{};
};

struct MixedNode {
  std::size_t node = 0;  ///< x fastest
  Shares shares;         ///< of the node's control volume: the eighths of the cells around it
};

/// A grid of cubes: nodes x fastest at origin + spacing (i, j, k).
struct CompositionGrid {
  Vec3 origin{};
  double spacing = 0;
  std::array<int, 3> nodes{};
};

struct Composition {
  std::vector<MaterialIndex> cell;  ///< with the largest share
  std::vector<MaterialIndex> node;  ///< with the largest share of the control volume
  std::vector<CutCell> cuts;        ///< by cell
  std::vector<MixedNode> mixed;     ///< by node
  std::vector<double> volume;       ///< m3 of each material on the grid, index = material
};

/// Samples a grid with `threads` threads. `materials`: number of materials.
Composition compose(const CompositionGrid& grid, const MaterialsAt& materials_at,
                    std::size_t materials, int threads);
Composition compose(const CompositionGrid& grid, const MaterialAt& material_at,
                    std::size_t materials, int threads);

/// The same composition with materials that were told apart made one: `to[m]` is the new material
/// of m. Cells and nodes that then hold one material only are no longer cut or mixed.
Composition relabel(const Composition& composition, const std::vector<MaterialIndex>& to,
                    std::size_t materials);

/// The new material of an old one, at a place: the number of a cell or of a node.
using LocalMaterial = std::function<MaterialIndex(MaterialIndex, std::size_t)>;

/// The same where the new material of a cell or of a node differs from place to place. The volumes
/// of the new materials are not added up.
Composition relabel(const Composition& composition, const LocalMaterial& in_cell,
                    const LocalMaterial& at_node);

}  // namespace thermodose
