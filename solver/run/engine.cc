#include "run/engine.h"

#include <utility>

#include "run/engine_parts.h"

namespace thermodose {

EngineSize engine_size(const Model& model, const Plan& plan) {
  if (plan.engine != "grid") return mesh_engine_size(model, plan);
  return {static_cast<double>(node_count(*model.spec, plan)), plan.cell_size};
}

template <class Real>
Engine<Real> make_engine(const Model& model, const Plan& plan, const BoundaryConditions& conditions,
                         std::shared_ptr<ThreadTeam> team) {
  return plan.engine == "grid" ? make_grid_engine<Real>(model, plan, conditions, std::move(team))
                               : make_mesh_engine<Real>(model, plan, conditions, team);
}

template Engine<float> make_engine<float>(const Model&, const Plan&, const BoundaryConditions&,
                                          std::shared_ptr<ThreadTeam>);
template Engine<double> make_engine<double>(const Model&, const Plan&, const BoundaryConditions&,
                                            std::shared_ptr<ThreadTeam>);

}  // namespace thermodose
