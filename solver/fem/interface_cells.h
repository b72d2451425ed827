// Cells where tissues meet.
// Implements: the correction of cells whose nodes do not all have the cell's tissue law. The sweep
// (fem/grid_kernel.h) conducts with each node's own theta; in an interface cell the true heat flux
// is k (K T) with one conductivity of the cell's tissue, the chord
//   k = (theta_c(T_max) - theta_c(T_min)) / (T_max - T_min)   over the cell's nodes,
// which is the Kirchhoff mean across a front. The difference is added after the sweep; it sums to
// zero over a cell, so energy is conserved.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fem/active_box.h"
#include "fem/grid_system.h"
#include "physics/segment_law.h"

namespace thermodose {

class InterfaceCells {
 public:
  explicit InterfaceCells(const GridSetup& setup);

  bool empty() const { return cells_.empty(); }
  std::size_t size() const { return cells_.size(); }
  /// Keeps to the cells inside the box.
  void clip(const ActiveBox& box);
  /// Rates for y, one per touched node; returns the heat they bring to nodes of fixed faces, W.
  template <class Real>
  double update(const Real* y);
  /// Nodes of fixed faces keep what is prescribed.
  template <class Real>
  void apply(Real* y_out, Real* l0, double dt_l) const;
  /// Largest conductivity of an interface cell times the largest 1/C of its nodes, m2/s.
  double max_diffusivity() const { return max_diffusivity_; }

 private:
  struct Cell {
    std::array<std::uint32_t, 8> node;  ///< into nodes_
    std::uint8_t law;
    bool inside = true;
    std::array<int, 3> index;
  };
  void cell_rates(const Cell& cell);
  std::uint32_t add_node(const GridSetup& setup, const std::array<int, 3>& p, std::size_t at);

  const std::vector<SegmentLaw>& laws_;
  double inv12h2_ = 0, cell_volume_ = 0, max_diffusivity_ = 0;
  std::vector<Cell> cells_;
  std::vector<std::size_t> nodes_;  ///< lattice numbers
  std::vector<std::uint8_t> node_law_;
  std::vector<double> inverse_volume_;  ///< h^3 / V: 1, 2 on a face, 4, 8
  std::vector<std::uint8_t> fixed_;     ///< 1 on a fixed outer face
  std::vector<double> temperature_, theta_, rate_;
};

}  // namespace thermodose
