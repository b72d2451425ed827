// Heat between immersed probes and the nodes of a lattice.
// Implements: the exchange of fem/immersed_probe.h during a run, for surfaces of prescribed
// temperature, convective surfaces (the surface temperature solves
//   g_s (theta(T_s) - theta_bar_s) = h(s) 2 pi r ds (T_cryogen - T_s)   at each station)
// and surfaces without flux.
#pragma once

#include <cstdint>
#include <vector>

#include "fem/grid_kernel.h"
#include "fem/grid_system.h"

namespace thermodose {

/// Exchange of one probe. The laws of `setup` outlive it.
class ProbeExchange {
 public:
  ProbeExchange(const GridSetup& setup, const ActiveSegment& segment);

  const std::vector<std::array<int, 3>>& lattice_nodes() const { return coupling_.nodes; }

  /// Whether the boxes around both have nodes in common.
  bool touches(const std::vector<std::array<int, 3>>& nodes) const;

  /// Rates for the state y under `condition`: node_rate() in W per node; returns their sum, W.
  template <class Real>
  double update(const SurfaceCondition& condition, const Real* y);
  /// The same for theta = y and a surface at zero: the bare geometry of the operator.
  template <class Real>
  void update_linear(const Real* y);
  /// y_out += dt_l rate / volume, and l0 += rate / volume when `l0` is given. `cell_volume`: of a
  /// node inside; on a face it is half of that, and a fixed face keeps its temperature.
  template <class Real>
  void apply(Real* y_out, Real* l0, double dt_l, double cell_volume) const;
  /// What the last update gave to nodes of fixed faces, W: it leaves through the face.
  double heat_of_fixed_nodes() const;
  /// Mean temperature of the active surface, K; see HeatSystem::sensed.
  template <class Real>
  double sensed(const SurfaceCondition& condition, const Real* y) const;
  /// True when the last update exchanged heat.
  bool active() const { return active_; }

 private:
  double station_heat(std::size_t s, const SurfaceCondition& condition) const;
  double station_area(std::size_t s) const;
  double station_mean(std::size_t s) const;
  void scatter(std::size_t s, double heat);

  const std::vector<SegmentLaw>& laws_;
  ProbeCoupling coupling_;             ///< each station in one tissue
  std::vector<double> profile_;        ///< relative h per station
  std::vector<std::size_t> global_;    ///< lattice number of each node
  std::vector<LawIndex> law_;          ///< law of each node
  std::vector<double> inverse_share_;  ///< h^3 / V of each node: 1, 2 on a face, 4, 8; 0 if fixed
  std::vector<LawIndex> station_law_;
  bool one_law_ = true;
  double g_per_length_ = 0;
  KernelLaw<double> kernel_law_;  ///< of the only law
  std::vector<double> h_, theta_, scratch_, rate_;
  bool active_ = false;
};

}  // namespace thermodose
