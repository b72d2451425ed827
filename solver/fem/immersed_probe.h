// Probes of any position and angle inside a uniform lattice of cubes, exact below the cell size.
// Implements: distributed exchange. The active surface is sampled by stations along the axis, each
// a ring of points of the probe's radius. A station sees the tissue through quadratic B-splines
// (their moments up to the second do not depend on where the lattice lies, so neither position
// nor angle leaves a trace) and returns its heat through the same weights:
//   theta_bar_s = sum_n w_sn theta_n,   q_s = g_s (theta(T_surface) - theta_bar_s)        [W]
//   g_s = 2 pi ds / ln(r_eff / r_probe)
// r_eff is the radius at which the logarithmic profile of the discrete solution takes the value
// theta_bar; it is found once per pose from a small Laplace problem, so the radial flux is exact.
// The flat ends of the needle conduct as well: the stations reach over each end by
// end_extension(), so that the discrete flux of a finite needle is that of a finite cylinder.
// Where a needle crosses a border of tissues, split_by_tissue() gives each tissue its share of the
// station, with the Kirchhoff variable of its own law: a mean over two laws would drain the poorer
// conductor below the needle's own temperature.
// The same idea as the well index of reservoir simulation (Peaceman 1978, doi 10.2118/6893-PA).
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "base/types.h"
#include "fem/heat_system.h"

namespace thermodose {

/// Nodes at origin + spacing * (i, j, k), 0 <= i < nodes[0] ...
struct Lattice {
  Vec3 origin{};
  double spacing = 0;  ///< m
  std::array<int, 3> nodes{};
};

/// Coupling of one probe to the nodes of a lattice.
struct ProbeCoupling {
  struct Station {
    std::size_t begin, end;  ///< entries of `index` and `weight`
    double length;           ///< m of surface it stands for
    double position;         ///< fraction of the active length, 0 at ActiveSegment::begin
  };
  std::vector<std::array<int, 3>> nodes;  ///< lattice nodes touched, each once
  std::vector<Station> stations;
  std::vector<int> index;       ///< into nodes
  std::vector<double> weight;   ///< sums to 1 over a station
  double radius = 0;            ///< m
  double effective_radius = 0;  ///< m, > radius
  /// 2 pi / ln(r_eff / r): conductance per length and unit conductivity.
  double shape_factor() const;
};

/// Builds the coupling. Throws std::invalid_argument when a station leaves the lattice by less
/// than two cells' distance (the run checks placement before).
ProbeCoupling couple_probe(const Lattice& lattice, const ActiveSegment& segment);

/// The same coupling with stations that touch nodes of one law only: a station of n laws becomes n
/// stations at its place, each with the length in proportion to its weights, which sum to 1 again.
/// `node_law[n]`: law of ProbeCoupling::nodes[n].
ProbeCoupling split_by_tissue(const ProbeCoupling& coupling, const std::vector<int>& node_law);

/// Length by which the stations reach over each flat end, m.
double end_extension(double radius, double spacing);

}  // namespace thermodose
