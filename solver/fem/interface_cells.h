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
// Cells and nodes are in order of slabs of planes, in a slab by tissues and laws. Cells of a slab
// add their heat one after the other, even and odd slabs to sums of their own: sums do not depend
// on who computed them. The sweep takes theta and sources of these nodes from here: there are many
// laws among them and few neighbours of one law.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "fem/active_rows.h"
#include "fem/grid_system.h"
#include "fem/interface_kernel.h"
#include "fem/law_spans.h"

namespace thermodose {

template <class Real>
class InterfaceCells {
 public:
  explicit InterfaceCells(const GridSetup& setup);

  bool empty() const { return cells_ == 0; }
  std::size_t size() const { return cells_; }
  /// Lattice numbers of the nodes of all cells; some twice.
  const std::vector<std::uint32_t>& nodes() const { return nodes_; }
  /// Keeps to the cells whose nodes are all active.
  void clip(const ActiveRows& active);

  /// A stage: evaluate(), then work() by each member of the team, then apply().
  /// Laws of the active nodes at y.
  void evaluate(const Real* y);
  /// theta and S of the nodes evaluated, by lattice number.
  const Real* theta() const { return theta_.data(); }
  const Real* source() const { return source_.data(); }
  /// Adds up the heat of slabs of cells until none is left.
  void work();
  /// evaluate() and work() of the whole team.
  void update(const Real* y);
  /// The heat that came to nodes of fixed faces, W.
  double heat_of_fixed_nodes() const;
  /// Rates of the nodes; those of fixed faces keep what is prescribed.
  void apply(Real* y_out, Real* l0, double dt_l);

  /// Largest conductivity of an interface cell times the largest 1/C of its nodes, m2/s.
  double max_diffusivity() const { return max_diffusivity_; }
  /// The same at the temperatures evaluated and within `margin` (K) of these, of active cells and
  /// of those of them that are near (none unless set_near() said so).
  std::array<Reach, 2> max_diffusivity(double margin);
  /// Cells with a node of `near` are near.
  void set_near(const ActiveRows& near);

 private:
  struct Run {
    std::size_t begin, end;
    LawIndex law;
  };
  struct Builder;

  std::vector<std::uint8_t> held_by(const ActiveRows& rows) const;
  template <class Task>
  void share(std::size_t parts, const Task& task);
  void widen(std::size_t block, double margin, std::array<Reach, 2>& reach) const;
  Real sum(std::size_t node) const { return rate_[0][node] + rate_[1][node]; }

  std::shared_ptr<ThreadTeam> team_;
  std::array<int, 3> lattice_{};
  double inv12h2_ = 0, cell_volume_ = 0, max_diffusivity_ = 0;
  std::size_t cells_ = 0;
  std::vector<InterfaceBlock> blocks_;  ///< cells of a slab and of the same tissues
  std::vector<InterfacePart> parts_;
  std::vector<float> inverse_capacity_;       ///< largest of the nodes of a block
  std::vector<std::uint8_t> near_;            ///< blocks with cells that are near
  std::vector<std::size_t> slab_begin_{0};    ///< blocks of each slab
  std::vector<std::uint32_t> active_;         ///< blocks with active cells
  std::vector<std::size_t> active_begin_{0};  ///< of each slab
  std::atomic<std::size_t> next_{0};          ///< slab or part that nobody has taken yet
  std::vector<std::uint32_t> nodes_;          ///< lattice numbers, by slab and law
  std::vector<Run> runs_;                     ///< of all nodes, in whole vectors
  std::vector<Run> active_runs_;              ///< of vectors with active ones, all short
  std::vector<std::size_t> part_begin_{0};    ///< active runs of parts of about equal work
  /// h^3 / V / (12 h^2), 0 at fixed outer faces.
  std::vector<Real> scale_;
  std::vector<std::uint32_t> fixed_;  ///< nodes on a fixed outer face
  std::vector<std::uint32_t> active_fixed_;
  std::vector<KernelLaw<Real>> of_enthalpy_;     ///< H -> T - T_ref, theta, S
  std::vector<KernelLaw<Real>> of_temperature_;  ///< T - T_ref -> theta
  std::vector<Real> excess_, own_;               ///< of nodes
  /// Of nodes, by even and odd slabs; zero again after apply().
  std::array<std::vector<Real>, 2> rate_;
  std::vector<Real> theta_, source_;  ///< of the lattice
};

}  // namespace thermodose
