// What a run is expected to take.
// Implements: the forecast behind `thermodose check`: time steps, stages and nodes that move, from
// the laws, the protocol and the plan, without solving. docs/numerics.md has the step control.
#pragma once

#include <vector>

#include "devices/schedule.h"
#include "run/model.h"
#include "run/plan.h"

namespace thermodose {

/// One pass over the simulated time.
struct Forecast {
  double nodes = 0;
  double finest = 0;  ///< m, edge of the finest cells
  double steps = 0, stages = 0;
  double node_updates = 0;    ///< nodes that move, summed over the stages
  double node_steps = 0;      ///< the same over the steps: what dose models are charged
  double border_updates = 0;  ///< cells where tissues meet inside the moving part, over the stages
  double border_cells = 0;    ///< all cells where tissues meet; grids only
  double field_times = 0, isotherm_times = 0;

  /// Mean share of the nodes that is integrated.
  double share() const { return nodes > 0 && stages > 0 ? node_updates / nodes / stages : 0; }
};

Forecast forecast(const Model& model, const Schedule& schedule, const Plan& plan);

/// Wall time of a pass on idle cores, s. `full`: with fields, traces and dose, as no companion has.
double pass_seconds(const Model& model, const Plan& plan, const Forecast& f, int cores, bool full);

/// Wall time of a full pass and, when the case wants one, its coarser companion, s.
double run_seconds(const Model& model, const Schedule& schedule, const Plan& plan, int cores);

/// The same with one and with two repeats on the finest cells that a refinement may choose, s;
/// shorter where cells may not be refined (fixed ones, no error estimate, too many nodes).
std::vector<double> repeat_seconds(const Model& model, const Schedule& schedule, const Plan& plan,
                                   int cores);

}  // namespace thermodose
