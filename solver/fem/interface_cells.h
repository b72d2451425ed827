// Cells where tissues meet.
// Implements: the correction of cells whose nodes do not all have the cell's own tissue law. The
// sweep (fem/grid_kernel.h) conducts with each node's own theta; here the true heat flux replaces
// it. With the chord of a tissue m over the cell's nodes,
//   k_m = (theta_m(T_max) - theta_m(T_min)) / (T_max - T_min),
// which is the Kirchhoff mean across a front, the flux is
//   one tissue:   k_m K T, K the stiffness of the cube: h / 12 along each of its diagonals,
//   cut cell:     h / 12 k_d (T_a - T_b) along each diagonal d, 1 / k_d = sum line_m / k_m with the
//                 shares along it (layers in series), and
//                 (k_t - sum w_d k_d) V G^T (1 - n n^T) G T
// for heat along the layers: k_t = sum f_m k_m (layers side by side) is what the cell should
// conduct along them, the sum over the diagonals with w_d ~ |(1 - n n^T) e_d|^2 what the diagonals
// do; G is the mean gradient. An oblique layer is so crossed at its true thickness by everything
// that crosses it; one conductivity per cell instead lets 20 % of the resistance of a thin shell
// leak away. All this keeps the bound 4 max(k) / h^2 of the cube's own stiffness.
// The difference to the sweep is added after it; it sums to zero over a cell, so energy is
// conserved. What a cut cell stores is in the mixed laws of its nodes (physics/segment_mix.h).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "fem/active_rows.h"
#include "fem/grid_system.h"
#include "fem/interface_kernel.h"

namespace thermodose {

template <class Real>
class InterfaceCells {
 public:
  explicit InterfaceCells(const GridSetup& setup);

  bool empty() const { return cells_ == 0; }
  std::size_t size() const { return cells_; }
  /// Keeps to the cells whose nodes are all active.
  void clip(const ActiveRows& active);
  /// Rates for y, one per touched node; returns the heat they bring to nodes of fixed faces, W.
  double update(const Real* y);
  /// Nodes of fixed faces keep what is prescribed.
  void apply(Real* y_out, Real* l0, double dt_l) const;
  /// Largest conductivity of an interface cell times the largest 1/C of its nodes, m2/s.
  double max_diffusivity() const { return max_diffusivity_; }

 private:
  struct Run {
    std::size_t begin, end;
    LawIndex law;
  };
  struct Builder;

  void add_up(std::size_t node);

  std::shared_ptr<ThreadTeam> team_;
  std::array<int, 3> lattice_{};
  double inv12h2_ = 0, cell_volume_ = 0, max_diffusivity_ = 0;
  std::size_t cells_ = 0;
  std::vector<InterfaceBlock> blocks_;  ///< cells of the same tissues, in the order of the lattice
  std::vector<InterfacePart> parts_;
  std::vector<std::uint32_t> active_;  ///< blocks with active cells
  std::vector<std::size_t> nodes_;     ///< lattice numbers, by law
  std::vector<Run> runs_;              ///< of all nodes
  std::vector<Run> active_runs_;       ///< of active ones and of gaps between them, all short
  std::vector<float> inverse_volume_;  ///< h^3 / V: 1, 2 on a face, 4, 8
  std::vector<std::uint32_t> fixed_;   ///< nodes on a fixed outer face
  std::vector<std::uint8_t> free_;     ///< 0 on a fixed outer face
  std::vector<KernelLaw<Real>> of_enthalpy_;          ///< H -> T - T_ref and theta of the own law
  std::vector<KernelLaw<Real>> of_temperature_;       ///< T - T_ref -> theta
  std::vector<Real> enthalpy_, excess_, own_, rate_;  ///< of nodes
  // Heat of the corners of all cells, and the corners at each node in the order of the cells:
  // sums do not depend on who computed them.
  std::vector<Real> heat_;
  std::vector<std::uint32_t> corner_begin_, corners_;
};

}  // namespace thermodose
