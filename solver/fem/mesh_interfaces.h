// Cubes of an octree where tissues meet.
// Implements: the heat of cubes that are cut or see nodes of other laws, with the formulas of
// fem/interface_cells.h and its kernel, W:
//   q_a = sum over diagonals ab  h / 12 k_ab (T_b - T_a), and for cut cells what layers conduct
//   along themselves.
// Of these cubes it is the whole heat, not a correction: the batches of fem/mesh_operator.h leave
// them out. Conductivities are scaled by h / 12, so that cubes of one size and the same tissues
// share a block of eight. A hanging node has the mean temperature of its masters, and its heat
// goes to them in equal parts.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "fem/interface_blocks.h"
#include "fem/mesh_arrays.h"

namespace thermodose {

template <class Real>
class MeshInterfaces {
 public:
  /// `mesh` outlives it.
  MeshInterfaces(const MeshArrays& mesh, const std::vector<SegmentLaw>& laws);

  bool empty() const { return blocks_.empty(); }
  /// Nodes that the cubes see: the first ones of run r of the mesh, up to seen_end(r).
  std::size_t seen_end(std::size_t run) const { return seen_end_[run]; }
  /// T - T_ref of the nodes, K; of those that the cubes see, to be set before add().
  Real* excess() { return excess_.data(); }
  const Real* excess() const { return excess_.data(); }
  /// Means at hanging nodes.
  void fill_hanging();

  std::size_t blocks() const { return blocks_.size(); }
  /// Heat of the blocks [first, last), W, to `heat` of nodes.
  void add(std::size_t first, std::size_t last, Real* heat) const;
  /// The same with the largest conductivities of all temperatures: a linear operator.
  void add_largest(std::size_t first, std::size_t last, Real* heat) const;
  /// Heat of hanging nodes whose masters have several laws to these masters.
  void fold(Real* heat) const;

  /// Sum over the cubes of a node of its share in the bound K <= diag, W/K; of hanging nodes it is
  /// with their masters.
  const std::vector<double>& conductance() const { return conductance_; }

  const std::vector<InterfaceBlock>& all_blocks() const { return blocks_; }
  const std::vector<InterfacePart>& parts() const { return parts_; }
  const KernelLaw<Real>& of_temperature(const InterfacePart& p) const { return laws_[p.law]; }
  /// Hanging nodes that the cubes see.
  const std::vector<HangingNode>& hanging() const { return hanging_; }

 private:
  using Key = std::pair<int, CellTissues>;  ///< size, tissues
  std::uint32_t scaled_law(int size, LawIndex law);
  void find_nodes();
  void make_blocks(const Key& key, const std::vector<std::size_t>& cells);
  InterfaceInput<Real> input(const std::vector<KernelLaw<Real>>& laws, Real* heat) const;

  const MeshArrays& mesh_;
  const std::vector<SegmentLaw>& material_laws_;
  std::vector<double> sizes_;  ///< m, edges of cubes
  std::vector<InterfaceBlock> blocks_;
  std::vector<InterfacePart> parts_;
  std::vector<std::uint32_t> active_;            ///< 0, 1, ... : all blocks
  std::vector<KernelLaw<Real>> laws_, largest_;  ///< T - T_ref -> theta h / 12
  std::map<std::pair<int, LawIndex>, std::uint32_t> known_;
  std::vector<std::size_t> seen_end_;
  std::vector<HangingNode> hanging_, loose_;  ///< seen; of these, with masters of several laws
  std::vector<Real> excess_, zero_;
  std::vector<double> conductance_;
};

}  // namespace thermodose
