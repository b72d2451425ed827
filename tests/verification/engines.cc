// Implements: the engines declared in engines.h.
#include "verification/engines.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "fem/grid_system.h"
#include "fem/mesh_build.h"
#include "fem/mesh_system.h"
#include "fem/mesh_tissues.h"

namespace thermodose::verification {
namespace {

std::array<int, 3> cells(const Domain& domain) {
  std::array<int, 3> count{};
  for (std::size_t d = 0; d < 3; ++d) {
    count[d] = static_cast<int>(std::lround(domain.size[d] / domain.spacing));
  }
  return count;
}

/// Law of every node or cell; a node has the law of the cell above it on every axis.
std::vector<LawIndex> laws_at(const Domain& domain, const std::array<int, 3>& counts) {
  const std::array<int, 3> last = cells(domain);
  std::vector<LawIndex> laws;
  for (int k = 0; k < counts[2]; ++k) {
    for (int j = 0; j < counts[1]; ++j) {
      for (int i = 0; i < counts[0]; ++i) {
        const std::array<int, 3> at = {i, j, k};
        Vec3 centre{0, 0, domain.lower_z};
        for (std::size_t d = 0; d < 3; ++d) {
          centre[d] += domain.spacing * (std::min(at[d], last[d] - 1) + 0.5);
        }
        laws.push_back(static_cast<LawIndex>(domain.tissue(centre)));
      }
    }
  }
  return laws;
}

std::unique_ptr<HeatSystem<double>> make_grid(const Domain& domain,
                                              const BoundaryConditions& conditions) {
  GridSetup setup;
  setup.lattice.origin = {0, 0, domain.lower_z};
  setup.lattice.spacing = domain.spacing;
  const std::array<int, 3> count = cells(domain);
  for (std::size_t d = 0; d < 3; ++d) setup.lattice.nodes[d] = count[d] + 1;
  for (std::size_t f = 0; f < 6; ++f) {
    setup.faces[f] = domain.fixed[f] ? FaceKind::fixed : FaceKind::insulated;
  }
  setup.laws = domain.laws;
  if (domain.tissue) {
    setup.node_law = laws_at(domain, setup.lattice.nodes);
    setup.cell_law = laws_at(domain, count);
  }
  setup.probes = domain.probes;
  setup.active_box = false;
  return make_grid_system<double>(std::move(setup), conditions);
}

OctreeRequest octree_request(Engine engine, const Domain& domain) {
  OctreeRequest request;
  request.lower = {0, 0, domain.lower_z};
  request.upper = {domain.size[0], domain.size[1], domain.lower_z + domain.size[2]};
  request.finest = request.coarsest = domain.spacing;
  if (engine == Engine::graded_octree) {
    request.coarsest = 2 * domain.spacing;
    request.core = domain.core;
    request.growth = 1e3;
    request.axes = {{Vec3{}, Vec3{}}};
  }
  return request;
}

AxisymmetricRequest axisymmetric_request(const Domain& domain) {
  AxisymmetricRequest request;
  request.radius = domain.size[0];
  request.lower = domain.lower_z;
  request.upper = domain.lower_z + domain.size[2];
  request.finest = domain.spacing;
  request.growth = domain.growth;
  request.coarsest = std::max(domain.coarsest, domain.spacing);
  request.probes = domain.probes;
  return request;
}

std::string engine_name(Engine engine) {
  switch (engine) {
    case Engine::grid:
      return "grid";
    case Engine::octree:
      return "octree";
    case Engine::graded_octree:
      return "graded octree";
    case Engine::axisymmetric:
      return "axisymmetric";
  }
  throw std::logic_error("unknown engine");
}

std::unique_ptr<HeatSystem<double>> make_mesh(Engine engine, const Domain& domain,
                                              const BoundaryConditions& conditions) {
  const TissueAt tissue = domain.tissue ? domain.tissue : [](const Vec3&) { return 0; };
  MeshSetup setup;
  setup.laws = domain.laws;
  setup.probes = domain.probes;
  if (engine == Engine::axisymmetric) {
    setup.mesh = arrange_mesh(build_axisymmetric(axisymmetric_request(domain)), tissue);
  } else {
    const OctreeRequest request = octree_request(engine, domain);
    const OctreeLattice lattice = choose_octree_lattice(request);
    setup.mesh = arrange_octree(
        build_octree(request, lattice),
        [&](const Vec3& p) { return static_cast<MaterialIndex>(tissue(p)); }, setup.laws, 1);
    setup.lattice = Lattice{lattice.lower, lattice.finest, lattice.fine_nodes()};
  }
  return std::make_unique<MeshSystem<double>>(std::move(setup), conditions);
}

}  // namespace

std::string name(const Scheme& scheme) {
  return engine_name(scheme.engine) + (scheme.method == Method::bdf2 ? ", BDF2" : "");
}

std::string identifier(const Scheme& scheme) {
  std::string text = engine_name(scheme.engine) + (scheme.method == Method::bdf2 ? "_bdf2" : "");
  std::replace(text.begin(), text.end(), ' ', '_');
  return text;
}

std::unique_ptr<HeatSystem<double>> make(Engine engine, const Domain& domain,
                                         const BoundaryConditions& conditions) {
  if (engine == Engine::grid) return make_grid(domain, conditions);
  return make_mesh(engine, domain, conditions);
}

}  // namespace thermodose::verification
