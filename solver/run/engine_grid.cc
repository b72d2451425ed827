// Implements: the grid engine of run/engine.h.
#include <algorithm>
#include <stdexcept>

#include "base/error.h"
#include "fem/grid_system.h"
#include "fem/rkl2.h"
#include "run/engine_parts.h"

namespace thermodose {

namespace {

FaceKind face_kind(const std::string& kind) {
  if (kind == "fixed") return FaceKind::fixed;
  return kind == "convective" ? FaceKind::convective : FaceKind::insulated;
}

Vec3 point_of(const Lattice& l, double i, double j, double k) {
  return {l.origin[0] + i * l.spacing, l.origin[1] + j * l.spacing, l.origin[2] + k * l.spacing};
}

// Law of every cell by its centre.
std::vector<std::uint8_t> cell_laws(const Model& model, const Lattice& l) {
  std::vector<std::uint8_t> out;
  for (int k = 0; k + 1 < l.nodes[2]; ++k)
    for (int j = 0; j + 1 < l.nodes[1]; ++j)
      for (int i = 0; i + 1 < l.nodes[0]; ++i)
        out.push_back(
            static_cast<std::uint8_t>(model.law_at(point_of(l, i + 0.5, j + 0.5, k + 0.5))));
  return out;
}

}  // namespace

template <class Real>
Engine<Real> make_grid_engine(const Model& model, const Plan& plan,
                              const BoundaryConditions& conditions,
                              std::shared_ptr<ThreadTeam> team) {
  GridSetup setup;
  setup.lattice = make_lattice(*model.spec, plan);
  setup.laws = model.laws;
  setup.probes = model.segments;
  setup.active_threshold = plan.active_threshold;
  setup.horizon = model.spec->end_time;
  setup.team = std::move(team);
  for (std::size_t f = 0; f < 6; ++f) setup.faces[f] = face_kind(model.spec->domain.faces[f].kind);

  Engine<Real> engine;
  const Lattice& l = setup.lattice;
  engine.spacing = l.spacing;
  engine.cells = 1;
  for (const int n : l.nodes) engine.cells *= static_cast<std::size_t>(n - 1);
  if (!model.region_shape.empty())
    for (int k = 0; k < l.nodes[2]; ++k)
      for (int j = 0; j < l.nodes[1]; ++j)
        for (int i = 0; i < l.nodes[0]; ++i)
          engine.node_region.push_back(model.region_at(point_of(l, i, j, k)));
  if (model.laws.size() > 1) {
    for (const int r : engine.node_region)
      setup.node_law.push_back(
          static_cast<std::uint8_t>(r < 0 ? 0 : model.region_law[static_cast<std::size_t>(r)]));
    setup.cell_law = cell_laws(model, l);
  }
  const Lattice lattice = setup.lattice;
  try {
    engine.system = make_grid_system<Real>(std::move(setup), conditions);
  } catch (const std::invalid_argument& e) {
    auto problems = misplaced_probes(model, lattice);
    if (problems.empty()) problems.push_back({model.spec->file, 0, "probes", e.what()});
    throw InputError(std::move(problems));
  }
  engine.integrator = std::make_unique<Rkl2<Real>>(*engine.system, plan.control);
  return engine;
}

template Engine<float> make_grid_engine<float>(const Model&, const Plan&, const BoundaryConditions&,
                                               std::shared_ptr<ThreadTeam>);
template Engine<double> make_grid_engine<double>(const Model&, const Plan&,
                                                 const BoundaryConditions&,
                                                 std::shared_ptr<ThreadTeam>);

}  // namespace thermodose
