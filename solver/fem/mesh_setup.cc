// Implements: set-up of the mesh engine (see mesh_setup.h).
#include "fem/mesh_setup.h"

#include <algorithm>
#include <utility>

#include "fem/mesh_tissues.h"

namespace thermodose {

MeshSetup octree_setup(OctreeRequest request, const TissueAt& tissue, std::vector<SegmentLaw> laws,
                       std::vector<ActiveSegment> probes, int threads, Forest forest) {
  request.axes.clear();
  for (const ActiveSegment& s : probes) {
    request.axes.emplace_back(s.begin, s.end);
    request.core = std::max(request.core, s.radius + 4 * request.finest);
  }
  const OctreeLattice lattice = choose_octree_lattice(request);
  MeshSetup setup;
  setup.mesh = arrange_octree(
      build_octree(request, lattice, forest),
      [&](const Vec3& p) { return static_cast<MaterialIndex>(tissue(p)); }, laws, threads);
  setup.lattice = Lattice{lattice.lower, lattice.finest, lattice.fine_nodes()};
  setup.laws = std::move(laws);
  setup.probes = std::move(probes);
  setup.threads = threads;
  return setup;
}

MeshSetup axisymmetric_setup(const AxisymmetricRequest& request, const TissueAt& tissue,
                             std::vector<SegmentLaw> laws, int threads) {
  MeshSetup setup;
  setup.mesh = arrange_mesh(build_axisymmetric(request), tissue);
  setup.laws = std::move(laws);
  setup.probes = request.probes;
  setup.threads = threads;
  return setup;
}

template <class Real>
std::unique_ptr<HeatSystem<Real>> make_mesh_system(MeshSetup setup,
                                                   const BoundaryConditions& conditions) {
  return std::make_unique<MeshSystem<Real>>(std::move(setup), conditions);
}

template std::unique_ptr<HeatSystem<float>> make_mesh_system<float>(MeshSetup,
                                                                    const BoundaryConditions&);
template std::unique_ptr<HeatSystem<double>> make_mesh_system<double>(MeshSetup,
                                                                      const BoundaryConditions&);

}  // namespace thermodose
