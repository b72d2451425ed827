#include "run/engine.h"

#include <utility>

#include "base/error.h"
#include "run/engine_parts.h"
#include "run/placement.h"

namespace thermodose {

EngineSize engine_size(const Model& model, const Plan& plan) {
  if (plan.engine != "grid") return mesh_engine_size(model, plan, most_nodes(*model.spec, plan));
  return {static_cast<double>(node_count(*model.spec, plan)), plan.cell_size};
}

void require_feasible(const Model& model, const Plan& plan) {
  const CaseSpec& spec = *model.spec;
  const bool grid = plan.engine == "grid", rings = spec.domain.axisymmetric;
  const bool file = spec.domain.mesh != nullptr;
  // An octree has one coarse cell for 8^3 fine ones at least; what it has is counted below.
  const double share = grid || rings || file ? 1 : 1.0 / 512;
  require_memory(spec, plan, share * uniform_nodes(spec, plan));
  std::vector<Problem> problems;
  if (rings)
    problems = misplaced_on_axis(model);
  else if (!file)
    problems =
        misplaced_probes(model, grid ? make_lattice(spec, plan) : octree_lattice(model, plan));
  for (auto& problem : unfitted_probes(model)) problems.push_back(std::move(problem));
  for (auto& problem : probes_outside_body(model)) problems.push_back(std::move(problem));
  if (!problems.empty()) throw InputError(std::move(problems));
  if (!grid) require_memory(spec, plan, engine_size(model, plan).nodes);
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
