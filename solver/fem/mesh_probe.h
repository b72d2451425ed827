// Probes in an unstructured mesh.
// Implements: two ways for a needle to meet the mesh.
//   Body-fitted (axisymmetric): grid lines follow the needle. Nodes with r <= radius inside the
//   active length are prescribed while the surface temperature is; a convective surface gives
//   h(z) A_i (T_cryogen - T_i) to the nodes at r = radius. The space inside the needle is meshed
//   as tissue: it counts in volumes and takes part in conduction when the probe is released. The
//   shaft beyond the active length exchanges nothing.
//   Immersed (cubes): fem/immersed_probe.h on the uniform cubes around the needle, station heat
//   q_s = g_s (theta(T_surface) - theta_bar_s), exact below the cell size.
#pragma once

#include <cstddef>
#include <vector>

#include "fem/heat_system.h"
#include "fem/immersed_probe.h"
#include "fem/mesh_arrays.h"
#include "fem/mesh_slots.h"
#include "fem/surface_balance.h"

namespace thermodose {

/// Nodes of a body-fitted probe.
struct FittedProbe {
  struct Node {
    int node;
    double area;  ///< m2 of lateral surface
    double profile;
  };
  std::vector<int> inside;    ///< r <= radius within the active length, ends included
  std::vector<Node> surface;  ///< r = radius
};

FittedProbe fit_probe(const MeshArrays& mesh, const ActiveSegment& segment);

/// Stations of an immersed probe over the slots of a mesh.
struct ImmersedProbe {
  struct Station {
    std::size_t begin, end;  ///< entries of slot, node and weight
    int law;
    double conductance;  ///< g_s, m: 2 pi ds / ln(r_eff / r)
    double area;         ///< m2, times the relative h of the profile
  };
  std::vector<Station> stations;
  std::vector<int> slot, node;
  std::vector<double> weight;  ///< sums to 1 over a station

  template <class Real>
  double mean(const Station& s, const Real* theta) const {
    double sum = 0;
    for (std::size_t e = s.begin; e < s.end; ++e)
      sum += weight[e] * static_cast<double>(theta[slot[e]]);
    return sum;
  }
};

/// `lattice`: the finest cubes. Throws InputError when the mesh is coarser somewhere around the
/// probe, or the probe too close to the edge of the domain.
ImmersedProbe immerse_probe(const MeshArrays& mesh, MeshSlots& slots, const Lattice& lattice,
                            const ActiveSegment& segment);

}  // namespace thermodose
