// From a description of a domain to a mesh system.
// Implements: what the run needs to start the `mesh` engine, for both kinds of mesh.
#pragma once

#include <memory>
#include <vector>

#include "fem/mesh_build.h"
#include "fem/mesh_system.h"

namespace thermodose {

/// Octree of a box around probes; cells that tissues cut hold what their volume holds
/// (fem/mesh_tissues.h), `tissue` is called from several threads. `request.axes` and the least
/// width of its core (the immersed probes want uniform cubes up to four cells beyond their surface)
/// are taken from the probes. Sides that cubes cannot meet are met to half a finest cell: see
/// MeshSetup::lattice. Throws InputError (box, probe placement) and SolverError (module missing).
MeshSetup octree_setup(OctreeRequest request, const TissueAt& tissue, std::vector<SegmentLaw> laws,
                       std::vector<ActiveSegment> probes, int threads,
                       Forest forest = Forest::serial);

/// Quadrilaterals in (r, z) around `request.probes`. Throws as above.
MeshSetup axisymmetric_setup(const AxisymmetricRequest& request, const TissueAt& tissue,
                             std::vector<SegmentLaw> laws, int threads);

/// The system in single or double precision; `conditions` outlives it. For implicit integration
/// make a MeshSystem<double> and make_mesh_tangent().
template <class Real>
std::unique_ptr<HeatSystem<Real>> make_mesh_system(MeshSetup setup,
                                                   const BoundaryConditions& conditions);

}  // namespace thermodose
