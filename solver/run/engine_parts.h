// The makers behind run/engine.h, one per engine.
// Implements: declarations only.
#pragma once

#include <memory>

#include "run/engine.h"

namespace thermodose {

/// Counting stops beyond `most` nodes.
EngineSize mesh_engine_size(const Model& model, const Plan& plan, double most);
/// Finest cubes of an octree in the domain.
Lattice octree_lattice(const Model& model, const Plan& plan);

template <class Real>
Engine<Real> make_grid_engine(const Model& model, const Plan& plan,
                              const BoundaryConditions& conditions,
                              std::shared_ptr<ThreadTeam> team);
template <class Real>
Engine<Real> make_mesh_engine(const Model& model, const Plan& plan,
                              const BoundaryConditions& conditions,
                              const std::shared_ptr<ThreadTeam>& team);

}  // namespace thermodose
