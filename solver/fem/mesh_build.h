// Mesh builders of the `mesh` engine.
// Implements: graded octrees in 3-D (deal.II) and graded body-fitted quadrilaterals in (r, z),
// handed over as flat arrays. deal.II lives in a module (libthermodose_mesh.so beside the
// program) that is loaded when a tree or a quadrature is asked for: a program linked to it
// directly needs 0.23 s and 150 MB before main for its two hundred libraries, which every run of
// the other engine would pay too (measured). A grid of rectangles needs no library.
// What needs the module throws SolverError when it cannot be loaded.
#pragma once

#include <array>
#include <vector>

#include "fem/heat_system.h"
#include "fem/mesh_arrays.h"
#include "geometry/octree_rule.h"

namespace thermodose {

/// Who keeps the tree. Both give the same cells.
enum class Forest {
  serial,  ///< deal.II Triangulation: three times faster on one process (measured)
  p4est    ///< parallel::distributed::Triangulation on one process: the way to several
};

/// Cubes graded by `request` on `lattice`, 2:1 balanced across faces, edges and corners.
RawMesh build_octree(const OctreeRequest& request, const OctreeLattice& lattice,
                     Forest forest = Forest::serial);

/// A cylinder 0 <= r <= radius, lower <= z <= upper, around needles on its axis.
struct AxisymmetricRequest {
  double radius = 0;                  ///< m
  double lower = 0, upper = 0;        ///< m
  double finest = 0;                  ///< m, spacing at the needle's surface and ends
  double growth = 1.2;                ///< ratio of neighbouring spacings
  double coarsest = 0;                ///< m
  std::vector<ActiveSegment> probes;  ///< on the axis; x = y = 0
};

/// Rectangles with lines at each probe's radius and at the ends of its active length. Inside the
/// probe (r < its radius) the mesh goes on: that space is tissue when the probe is released, and
/// prescribed with it otherwise (fem/mesh_system.h). Without probes the spacing is `finest`
/// everywhere. Throws InputError when a probe does not fit.
RawMesh build_axisymmetric(const AxisymmetricRequest& request);

/// Q1 matrices of single cells by deal.II's quadrature, dense and lexicographic: `along[d]` holds
/// int (d phi_i/dx_d)(d phi_j/dx_d), `mass` int phi_i; measure 2 pi r when axisymmetric (d = 0, 2
/// are r, z). Cells of any shape: corners as in RawMesh.
struct CellMatrices {
  std::array<std::vector<double>, 3> along;
  std::vector<double> mass;
};
std::vector<CellMatrices> cell_matrices(bool axisymmetric, const std::vector<Vec3>& corners);

/// Elements of axisymmetric quadrilaterals that are no rectangles (consistent stiffness).
std::vector<QuadElement> general_quad_elements(const std::vector<Vec3>& corners);

/// Elements of hexahedra of any shape (fem/mesh_hex.h), eight corners each.
std::vector<HexElement> hex_elements(const std::vector<Vec3>& corners);

}  // namespace thermodose
