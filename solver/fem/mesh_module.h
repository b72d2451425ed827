// What the mesh module (libthermodose_mesh.so) offers to the program.
// Implements: the entry points between the program and the module with deal.II and PETSc.
// Functions return an empty string, or what went wrong: no exception crosses the border.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "fem/bdf2_krylov.h"
#include "fem/mesh_build.h"

namespace thermodose {

/// The entry points, found under the name `kMeshModuleEntry`.
struct MeshModule {
  std::string (*octree)(const OctreeRequest&, const OctreeLattice&, Forest, RawMesh&);
  std::string (*matrices)(bool axisymmetric, const std::vector<Vec3>&, std::vector<CellMatrices>&);
  std::string (*krylov)(std::size_t n, bool symmetric, std::unique_ptr<KrylovBackend>&);
};

inline constexpr const char* kMeshModuleEntry = "thermodose_mesh_module";
using MeshModuleEntry = const MeshModule* (*)();

/// The module, loaded on the first call. Throws SolverError when it is missing.
const MeshModule& mesh_module();

}  // namespace thermodose
