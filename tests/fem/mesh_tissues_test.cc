// Implements: tests of tissues on meshes: composed laws, states that conduct nothing, layers with
// the same flux.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "mesh_fixture.h"

namespace thermodose {
namespace {

using namespace testing_mesh;

TEST(MeshSystem, UniformFrozenStateOfTwoTissuesConductsNothing) {
  const Conditions conditions;
  LawData other = freezing_tissue(0);
  other.k = {1.3, 0.2};
  other.capacity = {1.5e6, 30e6, 2.5e6};
  other.breaks = {268.15, 271.15};
  const std::vector<SegmentLaw> laws{make_law(freezing_tissue(0)), make_law(other)};
  MeshSystem<double> s(cubes_setup(laws, [](const Vec3& p) { return p[0] + p[1] > 0 ? 1 : 0; }),
                       conditions);
  for (const double t : {230.0, 269.0, 305.0}) {
    std::vector<double> y(s.size());
    for (const NodeRun& run : s.all_runs())
      for (std::size_t i = run.begin; i < run.end; ++i)
        y[i] = s.laws()[static_cast<std::size_t>(run.law)].enthalpy(t);
    // Against the flux of 1 K across a cell: k/h2.
    EXPECT_LT(largest(rate(s, 0, y)), 1e-9 * 2 / 1e-6) << t;
  }
}

// Composed laws at the border of two tissues.
TEST(MeshSlots, ComposedLawIsTheOtherTissuesKirchhoffVariable) {
  LawData other = freezing_tissue(0);
  other.breaks = {262.0, 270.0};
  other.k = {1.1, 0.3};
  other.capacity = {1.4e6, 55e6, 3.1e6};
  const SegmentLaw a = make_law(freezing_tissue()), b = make_law(other);
  const SegmentLaw ab = composed_law(a, b);
  for (double t = 180; t < 340; t += 0.37) {
    const double h = a.enthalpy(t), expected = b.kirchhoff(b.enthalpy(t));
    EXPECT_NEAR(ab.kirchhoff(h), expected, 1e-10 * (1 + std::abs(expected))) << t;
    EXPECT_NEAR(ab.temperature(h), t, 1e-9) << t;
    EXPECT_NEAR(ab.conductivity(h), b.conductivity(b.enthalpy(t)), 1e-8) << t;
  }
  LawData elsewhere;
  elsewhere.reference = 300;
  EXPECT_THROW(composed_law(a, make_law(elsewhere)), std::invalid_argument);
}

// Two layers with ice in one: continuous T, equal flux. Exact for Q1 with the border on nodes, in
// equal cubes (a hanging node at a border has the mean of T, not of theta).
TEST(MeshSystem, LayersOfDifferentTissueCarryTheSameFlux) {
  const Conditions conditions;
  OctreeRequest equal = small_box();
  equal.coarsest = equal.finest;
  LawData other = freezing_tissue(0);
  other.k = {0.9, 0.25};
  const SegmentLaw a = make_law(freezing_tissue(0)), b = make_law(other);
  MeshSystem<double> s(cubes_setup(
                           {a, b}, [](const Vec3& p) { return p[2] < 0 ? 1 : 0; }, equal),
                       conditions);
  // Steady: theta_a(T) and theta_b(T) linear in z with the same slope, T0 at z = 0, across the
  // freezing range of both.
  const double t0 = 268, flux = 3e3;
  const auto temperature = [&](double z) {
    const SegmentLaw& law = z < 0 ? b : a;
    const double theta = law.kirchhoff(law.enthalpy(t0)) + flux * z;
    double low = 100, high = 450;
    while (high - low > 1e-11) {
      const double mid = 0.5 * (low + high);
      (law.kirchhoff(law.enthalpy(mid)) < theta ? low : high) = mid;
    }
    return low;
  };
  std::vector<double> y(s.size());
  for (const NodeRun& run : s.all_runs())
    for (std::size_t i = run.begin; i < run.end; ++i)
      y[i] = s.laws()[static_cast<std::size_t>(run.law)].enthalpy(
          temperature(s.geometry().points[i][2]));
  const std::vector<double> l = rate(s, 0, y);
  for (std::size_t i = 0; i < s.size(); ++i)
    if (std::abs(s.geometry().points[i][2]) < 0.0159) {
      EXPECT_NEAR(l[i], 0, 1e-6 * flux / 1e-3) << i;
    }
}

}  // namespace
}  // namespace thermodose
