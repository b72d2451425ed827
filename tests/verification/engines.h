// The engines under verification, behind one call.
// Implements: the same rectangular domain on the `grid` engine, on a uniform or graded octree of
// the `mesh` engine, and on its axisymmetric quadrilaterals.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fem/heat_system.h"
#include "fem/mesh_system.h"

namespace thermodose::verification {

enum class Engine { grid, octree, graded_octree, axisymmetric };

/// Name for tables and tests.
std::string name(Engine engine);

/// A domain [0, size] in x (r), y, z. Axisymmetric engines use x and z. Faces are fixed where
/// `fixed` says so and insulated elsewhere.
struct Domain {
  std::array<double, 3> size{};  ///< m
  double spacing = 0;            ///< m, of the finest cells
  std::array<bool, 6> fixed{};
  std::vector<SegmentLaw> laws;
  /// Law of a point inside a cell; empty = law 0 everywhere.
  std::function<int(const Vec3&)> tissue;
  std::vector<ActiveSegment> probes;
  double core =
      0;  ///< m, graded octree: cells beyond this distance from the origin are twice as large
  double lower_z = 0;  ///< m, start of the domain in z (size[2] is its length)
};

std::unique_ptr<HeatSystem<double>> make(Engine engine, const Domain& domain,
                                         const BoundaryConditions& conditions);
/// The mesh engines, as the type that the implicit integrator needs.
std::unique_ptr<MeshSystem<double>> make_mesh(Engine engine, const Domain& domain,
                                              const BoundaryConditions& conditions);

}  // namespace thermodose::verification
