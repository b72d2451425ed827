// Implements: the mesh engine of run/engine.h.
#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "fem/bdf2_integrator.h"
#include "fem/mesh_build.h"
#include "fem/mesh_system.h"
#include "fem/mesh_tissues.h"
#include "fem/rkl2.h"
#include "geometry/gmsh_domain.h"
#include "geometry/vec.h"
#include "run/engine_parts.h"
#include "run/graded.h"
#include "run/placement.h"
#include "run/structures.h"

namespace thermodose {

namespace {

// Cells stay finest out to the ice edge of a strong freeze, then grow with distance.
constexpr double kCore = 18e-3;    // m from a probe's axis
constexpr double kGrowth = 0.3;    // edge gained per distance
constexpr double kCoarsening = 8;  // coarsest over finest cell
// Surfaces of targets and organs may at most double the cells.
constexpr double kSurfaceBudget = 2;
constexpr double kAxisGrowth = 1.1;  // ratio of neighbouring spacings, axisymmetric

OctreeRequest octree_request(const Model& model, const Plan& plan) {
  OctreeRequest request;
  request.lower = model.spec->domain.lower;
  request.upper = model.spec->domain.upper;
  request.finest = plan.cell_size;
  request.core = kCore;
  request.growth = kGrowth;
  request.coarsest = kCoarsening * plan.cell_size;
  for (const auto& s : model.segments) request.axes.emplace_back(s.begin, s.end);
  return request;
}

// The same with the surfaces of targets and organs, as fine as the budget of cells allows.
OctreeRequest with_surfaces(const Model& model, const Plan& plan) {
  OctreeRequest request = octree_request(model, plan);
  const CaseSpec& spec = *model.spec;
  StructureMaker maker(model);
  const auto add = [&](const StructureSpec& where, const std::string& name) {
    const evaluation::Structure s = maker.make(where, name);
    request.structures.push_back({s.bounds, s.inside});
  };
  for (const auto& t : spec.targets) add(t.where, t.name);
  for (const auto& p : spec.protect) add(p.where, p.name);
  if (request.structures.empty()) return request;
  const OctreeLattice lattice = choose_octree_lattice(request);
  const double most = kSurfaceBudget * count_cells(request, lattice, 1e300);
  for (const double coarser : {1, 2, 4}) {
    request.at_surfaces = coarser * lattice.finest;
    if (count_cells(request, lattice, most) <= most) return request;
  }
  request.at_surfaces = 0;
  return request;
}

RawMesh octree(const Model& model, const Plan& plan, std::optional<Lattice>& lattice) {
  const OctreeRequest request = with_surfaces(model, plan);
  const OctreeLattice chosen = choose_octree_lattice(request);
  lattice = octree_lattice(model, plan);
  if (!request.structures.empty())
    log::info(request.at_surfaces > 0
                  ? fmt::format("octree: cells of {:.3f} mm at the surfaces of targets and organs",
                                1e3 * request.at_surfaces)
                  : std::string("octree: the budget has no cells for surfaces of targets and "
                                "organs away from the probes"));
  return build_octree(request, chosen);
}

AxisymmetricRequest axisymmetric_request(const Model& model, const Plan& plan) {
  AxisymmetricRequest request;
  request.radius = model.spec->domain.upper[0];
  request.lower = model.spec->domain.lower[2];
  request.upper = model.spec->domain.upper[2];
  request.finest = plan.cell_size;
  request.growth = kAxisGrowth;
  request.probes = model.segments;
  // The needle's surface wants four cells across its radius; far cells follow the plan.
  for (const auto& s : model.segments) request.finest = std::min(request.finest, s.radius / 4);
  request.coarsest = plan.cell_size;
  return request;
}

RawMesh from_file(const GmshDomain& domain) {
  const FileMesh& mesh = domain.mesh();
  RawMesh raw;
  raw.own_faces = true;
  raw.axisymmetric = mesh.axisymmetric;
  raw.points = mesh.points;
  raw.cells = mesh.cells;
  for (std::size_t f = 0; f < domain.outer_face().size(); ++f)
    raw.boundary.push_back({domain.outer_face()[f], mesh.boundary[f].nodes});
  return raw;
}

RawMesh raw_mesh(const Model& model, const Plan& plan, std::optional<Lattice>& lattice) {
  if (model.mesh != nullptr) return from_file(*model.mesh);
  if (model.spec->domain.axisymmetric) return build_axisymmetric(axisymmetric_request(model, plan));
  return octree(model, plan, lattice);
}

// Of an octree: regions first, for their volumes, then laws.
template <class Real>
MeshArrays arrange_octree(const Model& model, RawMesh raw, ThreadTeam* team,
                          std::vector<SegmentLaw>& laws, Engine<Real>& engine) {
  if (model.region_shape.empty())
    return arrange_mesh(std::move(raw), [](const Vec3&) { return 0; });
  const Composition regions = compose(
      raw, [&](const Vec3* p, std::size_t n, MaterialIndex* out) { model.regions_at(p, n, out); },
      model.region_shape.size() + 1, team != nullptr ? team->size() : 1);
  std::vector<MaterialIndex> law{0};
  for (const int r : model.region_law) law.push_back(static_cast<MaterialIndex>(r));
  MeshTissues tissues;
  GradedLaws graded;
  if (model.scale != nullptr) graded = graded_laws(model, raw, regions, team);
  engine.region_fraction = graded.region_fraction;
  engine.law_shares =
      set_tissues(tissues, laws,
                  model.scale != nullptr ? graded.laws : relabel(regions, law, model.laws.size()),
                  model.law_shares);
  MeshArrays mesh = arrange_mesh(std::move(raw), tissues);
  engine.region_volume.assign(regions.volume.begin() + 1, regions.volume.end());
  for (const int n : mesh.raw_node)
    engine.node_region.push_back(static_cast<int>(regions.node[static_cast<std::size_t>(n)]) - 1);
  return mesh;
}

// Of the other meshes tissue is that of the cell's centre; of a file, groups end at cells, and
// their volume is that of these.
template <class Real>
MeshArrays arrange_by_centres(const Model& model, RawMesh raw, Engine<Real>& engine) {
  MeshArrays mesh = arrange_mesh(std::move(raw), [&](const Vec3& p) { return model.law_at(p); });
  if (model.region_shape.empty()) return mesh;
  for (const auto& p : mesh.geometry.points) engine.node_region.push_back(model.region_at(p));
  if (model.mesh == nullptr) return mesh;
  engine.region_volume.assign(model.region_shape.size(), 0.0);
  for (std::size_t c = 0; c < mesh.cells(); ++c) {
    Vec3 centre{};
    double volume = 0;
    const auto corners = static_cast<std::size_t>(mesh.nodes_per_cell());
    for (std::size_t i = 0; i < corners; ++i) {
      centre = centre + (1.0 / double(corners)) *
                            mesh.geometry.points[static_cast<std::size_t>(mesh.cell(c)[i])];
      volume += mesh.share(c, i);
    }
    const int region = model.region_at(centre);
    if (region >= 0) engine.region_volume[static_cast<std::size_t>(region)] += volume;
  }
  return mesh;
}

template <class Real>
void add_integrator(Engine<Real>& engine, MeshSystem<Real>& system, const Plan& plan) {
  if constexpr (std::is_same_v<Real, double>) {
    if (plan.integrator == "bdf2") {
      std::shared_ptr<ImplicitSystem> tangent = make_mesh_tangent(system);
      engine.tangent = tangent;
      engine.integrator = std::make_unique<Bdf2>(*tangent, plan.control);
      return;
    }
  }
  engine.integrator = std::make_unique<Rkl2<Real>>(system, plan.control);
}

}  // namespace

Lattice octree_lattice(const Model& model, const Plan& plan) {
  const OctreeLattice l = choose_octree_lattice(octree_request(model, plan));
  return {l.lower, l.finest, l.fine_nodes()};
}

EngineSize mesh_engine_size(const Model& model, const Plan& plan, double most) {
  if (model.mesh != nullptr) {
    const FileMesh& mesh = model.mesh->mesh();
    return {static_cast<double>(mesh.points.size()), mesh.shortest_edge()};
  }
  if (!model.spec->domain.axisymmetric) {
    const OctreeRequest request = with_surfaces(model, plan);
    const OctreeLattice lattice = choose_octree_lattice(request);
    return {count_cells(request, lattice, most), lattice.finest};
  }
  const AxisymmetricRequest request = axisymmetric_request(model, plan);
  return {static_cast<double>(build_axisymmetric(request).points.size()), request.finest};
}

template <class Real>
Engine<Real> make_mesh_engine(const Model& model, const Plan& plan,
                              const BoundaryConditions& conditions,
                              const std::shared_ptr<ThreadTeam>& team) {
  MeshSetup setup;
  RawMesh raw = raw_mesh(model, plan, setup.lattice);
  if (setup.lattice) {
    auto problems = misplaced_probes(model, *setup.lattice);
    if (!problems.empty()) throw InputError(std::move(problems));
  }
  setup.laws = model.laws;
  setup.probes = model.segments;
  setup.threads = team ? team->size() : 1;
  Engine<Real> engine;
  setup.mesh = setup.lattice ? arrange_octree(model, std::move(raw), team.get(), setup.laws, engine)
                             : arrange_by_centres(model, std::move(raw), engine);
  engine.cells = setup.mesh.cells();
  // An octree chooses cells that tile the domain, up to a quarter finer than the plan's.
  engine.spacing = setup.lattice ? setup.lattice->spacing : plan.cell_size;
  auto system = std::make_unique<MeshSystem<Real>>(std::move(setup), conditions);
  add_integrator(engine, *system, plan);
  engine.system = std::move(system);
  return engine;
}

template Engine<float> make_mesh_engine<float>(const Model&, const Plan&, const BoundaryConditions&,
                                               const std::shared_ptr<ThreadTeam>&);
template Engine<double> make_mesh_engine<double>(const Model&, const Plan&,
                                                 const BoundaryConditions&,
                                                 const std::shared_ptr<ThreadTeam>&);

}  // namespace thermodose
