// Implements: the grid engine of run/engine.h.
#include <algorithm>
#include <stdexcept>

#include "base/error.h"
#include "fem/grid_system.h"
#include "fem/grid_tissues.h"
#include "fem/rkl2.h"
#include "run/engine_parts.h"
#include "run/graded.h"
#include "run/placement.h"

namespace thermodose {

namespace {

FaceKind face_kind(const std::string& kind) {
  if (kind == "fixed") return FaceKind::fixed;
  return kind == "convective" ? FaceKind::convective : FaceKind::insulated;
}

// What the cells are made of: regions first, for their volumes, then laws.
template <class Real>
void set_regions(const Model& model, GridSetup& setup, Engine<Real>& engine) {
  const Lattice& l = setup.lattice;
  const std::size_t materials = model.region_shape.size() + 1;  // 0 is the background
  const Composition regions = compose(
      {l.origin, l.spacing, l.nodes},
      [&](const Vec3* p, std::size_t n, MaterialIndex* out) { model.regions_at(p, n, out); },
      materials, setup.team ? setup.team->size() : 1);
  for (const MaterialIndex r : regions.node) engine.node_region.push_back(static_cast<int>(r) - 1);
  engine.region_volume.assign(regions.volume.begin() + 1, regions.volume.end());
  if (model.laws.size() == 1) return;
  if (model.scale != nullptr) {
    const GradedLaws graded = graded_laws(model, l, regions, setup.team.get());
    engine.law_shares = set_tissues(setup, graded.laws, model.law_shares);
    engine.region_fraction = graded.region_fraction;
    return;
  }
  std::vector<MaterialIndex> law{0};
  for (const int r : model.region_law) law.push_back(static_cast<MaterialIndex>(r));
  engine.law_shares = set_tissues(setup, relabel(regions, law, model.laws.size()));
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
  if (!model.region_shape.empty()) set_regions(model, setup, engine);
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
