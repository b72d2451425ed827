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

namespace thermodose::verification {

enum class Engine { grid, octree, graded_octree, axisymmetric };

enum class Method { rkl2, bdf2 };

/// An engine with an integrator.
struct Scheme {
  Engine engine;
  Method method = Method::rkl2;
};

/// Name for tables, "graded octree, BDF2" (RKL2 goes without saying), and for test names.
std::string name(const Scheme& scheme);
std::string identifier(const Scheme& scheme);

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
  double coarsest = 0;  ///< m, axisymmetric: largest spacing away from a probe; 0 = uniform
  double growth = 1.2;  ///< axisymmetric: ratio of neighbouring spacings
  double lower_z = 0;   ///< m, start of the domain in z (size[2] is its length)
};

std::unique_ptr<HeatSystem<double>> make(Engine engine, const Domain& domain,
                                         const BoundaryConditions& conditions);

}  // namespace thermodose::verification
