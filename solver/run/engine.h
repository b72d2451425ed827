// A discretisation with its integrator, made from a model and a plan.
// Implements: the choice between the engines.
#pragma once

#include <memory>
#include <vector>

#include "fem/grid_tissues.h"
#include "fem/thread_team.h"
#include "fem/time_integrator.h"
#include "run/model.h"
#include "run/plan.h"

namespace thermodose {

template <class Real>
struct Engine {
  std::unique_ptr<HeatSystem<Real>> system;
  std::shared_ptr<void> tangent;  ///< what an implicit integrator needs; outlives it
  std::unique_ptr<TimeIntegrator<Real>> integrator;
  std::vector<int> node_region;  ///< region of every node, -1 = background
  /// What every law of the system is made of, largest share first; laws of the model come first.
  /// Empty: the laws of the model as they are.
  std::vector<LawShares> law_shares;
  std::vector<double> region_volume;  ///< m3 of each region of the case on the cells; may be empty
  /// Mean over each region of the fraction of the second tissue (Model::scale); NaN where none is
  /// scaled. Empty without a scale.
  std::vector<double> region_fraction;
  std::size_t cells = 0;
  double spacing = 0;  ///< m, edge of the finest cells (axisymmetric: of the far ones)
};

/// What an engine would be made of: exact for grids and axisymmetric meshes, near for octrees.
struct EngineSize {
  double nodes = 0;
  double finest = 0;  ///< m, edge of the finest cells
};
EngineSize engine_size(const Model& model, const Plan& plan);

/// Throws InputError with what an engine of this plan would refuse: more nodes than fit into
/// memory, probes that lie too close to the edge of the domain for its cells, tips outside the
/// body.
void require_feasible(const Model& model, const Plan& plan);

/// Throws InputError (a probe too close to the edge), SolverError (mesh engine not available).
template <class Real>
Engine<Real> make_engine(const Model& model, const Plan& plan, const BoundaryConditions& conditions,
                         std::shared_ptr<ThreadTeam> team);

}  // namespace thermodose
