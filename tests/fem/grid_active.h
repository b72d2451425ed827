// Implements: a needle in a grid of which only a part is active, for the tests of active rows.
#pragma once

#include "grid_fixture.h"

namespace thermodose::testing_grid {

inline std::size_t active_nodes(const HeatSystem<double>& system) {
  std::size_t n = 0;
  for (const NodeRun& run : system.active_runs()) n += run.end - run.begin;
  return n;
}

inline GridSetup probe_setup() {
  GridSetup s = box_setup({57, 59, 61}, 1.2e-3, {make_law(freezing_tissue())});
  s.probes = {needle({0.2e-3, 0.1e-3, -6e-3}, {0.5e-3, -0.3e-3, 6e-3})};
  return s;
}

}  // namespace thermodose::testing_grid
