// The `grid` engine: Q1 elements on uniform cubes.
// Implements: HeatSystem on a box of cubes with lumped mass, the fused stage of fem/grid_kernel.h
// over z-slabs of threads, a growing active box (tissue outside is at rest; no heat crosses the
// box), immersed probes (fem/immersed_probe.h), fixed, insulated and convective outer faces, and
// tissue interfaces (fem/interface_cells.h).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "fem/heat_system.h"
#include "fem/immersed_probe.h"
#include "fem/node_mixtures.h"
#include "geometry/cell_composition.h"

namespace thermodose {

class ThreadTeam;

enum class FaceKind { fixed, insulated, convective };

/// What a grid is made of. All SI.
struct GridSetup {
  Lattice lattice;
  std::array<FaceKind, 6> faces{};
  std::vector<SegmentLaw> laws;
  /// Law of every node (x fastest); empty = law 0 everywhere.
  std::vector<LawIndex> node_law;
  /// Law of every cell (x fastest); empty = law 0 everywhere. Cells whose nodes all share the
  /// cell's law need no special care.
  std::vector<LawIndex> cell_law;
  /// Cells of several tissues, by cell; materials are laws. Their entry in cell_law is not used.
  std::vector<CutCell> cuts;
  std::vector<ActiveSegment> probes;
  std::shared_ptr<ThreadTeam> team;  ///< null: one thread
  bool active_box = true;            ///< off: every node, every step (for verification)
  double active_threshold = 0.15;    ///< K, change next to the box face that makes it grow
  /// s, length of the run. Tissue outside the box stays as it began; metabolic heat alone would
  /// warm it, and where that exceeds the threshold by then, there is no box.
  double horizon = std::numeric_limits<double>::infinity();
};

/// `conditions` outlives the system.
template <class Real>
std::unique_ptr<HeatSystem<Real>> make_grid_system(GridSetup setup,
                                                   const BoundaryConditions& conditions);

}  // namespace thermodose
