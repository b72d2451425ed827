// Implements: tests of the mesh engine: rest, linear fields, tissue borders, bounds, heat.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "fem/rkl2.h"
#include "geometry/vec.h"
#include "mesh_fixture.h"

namespace thermodose {
namespace {

using testing_mesh::Conditions;
using testing_mesh::cubes_setup;
using testing_mesh::freezing_tissue;
using testing_mesh::largest;
using testing_mesh::LawData;
using testing_mesh::make_law;
using testing_mesh::random_state;
using testing_mesh::rate;
using testing_mesh::small_box;
using testing_mesh::small_probe;

AxisymmetricRequest needle_mesh() {
  AxisymmetricRequest q;
  q.radius = 0.02;
  q.lower = -0.02;
  q.upper = 0.02;
  q.finest = 0.3e-3;
  q.growth = 1.3;
  q.coarsest = 2e-3;
  ActiveSegment s;
  s.begin = {0, 0, -0.006};
  s.end = {0, 0, 0.006};
  s.radius = 0.75e-3;
  q.probes = {s};
  return q;
}

MeshSetup needle_setup(std::vector<SegmentLaw> laws) {
  return axisymmetric_setup(
      needle_mesh(), [](const Vec3&) { return 0; }, std::move(laws), 1);
}

TEST(MeshSystem, TissueAtRestStaysAtRestExactly) {
  const Conditions conditions;
  MeshSystem<double> cubes(cubes_setup({make_law(freezing_tissue())}), conditions);
  EXPECT_EQ(largest(rate(cubes, 0, std::vector<double>(cubes.size(), 0.0))), 0);
  MeshSystem<float> needle(needle_setup({make_law(freezing_tissue())}), conditions);
  EXPECT_EQ(largest(rate(needle, 0, std::vector<float>(needle.size(), 0.0F))), 0);
}

// theta linear in space: no heat is left anywhere inside, hanging nodes and their masters too.
TEST(MeshSystem, LinearFieldLeavesNoHeatInside) {
  const Conditions conditions;
  LawData d;
  d.capacity = {1e6};
  d.k = {0.7};
  MeshSystem<double> s(cubes_setup({make_law(d)}), conditions);
  std::vector<double> y(s.size());
  const Vec3 slope{1e3, -2e3, 0.5e3};  // K/m
  for (std::size_t i = 0; i < s.size(); ++i) {
    const Vec3& p = s.geometry().points[i];
    y[i] = 1e6 * (slope[0] * p[0] + slope[1] * p[1] + slope[2] * p[2]);
  }
  const std::vector<double> l = rate(s, 0, y);
  for (std::size_t i = 0; i < s.size(); ++i) {
    const Vec3& p = s.geometry().points[i];
    const double inside = 0.016 - std::max({std::abs(p[0]), std::abs(p[1]), std::abs(p[2])});
    // k grad / h = 0.7 * 2e3 / 1e-3 is the scale of one missing neighbour.
    if (inside > 1e-6) {
      EXPECT_NEAR(l[i], 0, 1e-9 * 1.4e6) << i;
    }
  }
}

// The bound holds, and is not so loose that stages are wasted.
template <class Real>
double power_iteration(MeshSystem<Real>& s, double t) {
  std::vector<Real> y, base = rate(s, t, std::vector<Real>(s.size(), Real(0)));
  for (const double x : random_state(s.size(), -1, 1)) y.push_back(static_cast<Real>(x));
  double lambda = 0;
  for (int it = 0; it < 150; ++it) {
    std::vector<Real> l = rate(s, t, y);
    double ly = 0, yy = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double d = static_cast<double>(l[i] - base[i]);
      ly += d * d;
      yy += static_cast<double>(y[i]) * static_cast<double>(y[i]);
      l[i] = static_cast<Real>(d);
    }
    lambda = std::sqrt(ly / yy);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = l[i] / static_cast<Real>(lambda);
  }
  return lambda;
}

TEST(MeshSystem, SpectralBoundHoldsOnCubes) {
  Conditions conditions;
  LawData d;
  d.capacity = {1e6};
  d.k = {2.0};
  d.perfusion = 20e3;
  MeshSystem<double> plain(cubes_setup({make_law(d)}), conditions);
  double lambda = power_iteration(plain, 0);
  EXPECT_NEAR(plain.spectral_bound(), 4 * 2e-6 / 1e-6 + 0.02, 1e-9);
  EXPECT_LE(lambda, plain.spectral_bound() * (1 + 1e-9));
  EXPECT_GE(lambda, 0.8 * plain.spectral_bound());

  MeshSetup with = cubes_setup({make_law(d)});
  with.probes = {small_probe()};
  conditions.probes = {[](double, double) { return testing_mesh::fixed(310.15); }};
  MeshSystem<double> probe(std::move(with), conditions);
  lambda = power_iteration(probe, 0);
  EXPECT_LE(lambda, probe.spectral_bound() * (1 + 1e-9));
  EXPECT_GE(lambda, 0.85 * probe.spectral_bound());
}

TEST(MeshSystem, SpectralBoundHoldsWhereTissuesMeet) {
  LawData quick, slow;
  quick.capacity = {1e6};
  quick.k = {2.0};
  slow.capacity = {4e6};
  slow.k = {0.1};
  // The thin tissue is quick or slow, cut in every cube; a probe, which has its bound measured.
  for (const bool swapped : {false, true})
    for (const bool probe : {false, true}) {
      const std::vector<SegmentLaw> laws{make_law(swapped ? slow : quick),
                                         make_law(swapped ? quick : slow)};
      MeshSetup setup = cubes_setup(laws, [](const Vec3& p) {
        return std::abs(std::remainder(p[0] + 0.5 * p[1], 3e-3)) < 0.4e-3 ? 1 : 0;
      });
      Conditions conditions;
      if (probe) {
        setup.probes = {small_probe()};
        conditions.probes = {[](double, double) { return testing_mesh::fixed(310.15); }};
      }
      MeshSystem<double> s(std::move(setup), conditions);
      const double lambda = power_iteration(s, 0);
      EXPECT_LE(lambda, s.spectral_bound() * (1 + 1e-9)) << swapped << probe;
      EXPECT_GE(lambda, 0.25 * s.spectral_bound()) << swapped << probe;
    }
}

TEST(MeshSystem, SpectralBoundHoldsOnTheNeedle) {
  Conditions conditions;
  LawData d;
  d.capacity = {2e6};
  d.k = {0.5};
  MeshSystem<double> released(needle_setup({make_law(d)}), conditions);
  double lambda = power_iteration(released, 0);
  EXPECT_LE(lambda, released.spectral_bound() * (1 + 1e-9));
  EXPECT_GE(lambda, 0.6 * released.spectral_bound());
  conditions.probes = {[](double, double) { return testing_mesh::convective(310.15, 1e5); }};
  conditions.faces[1] = [](double) { return testing_mesh::convective(310.15, 1e5); };
  MeshSystem<double> cooled(needle_setup({make_law(d)}), conditions);
  lambda = power_iteration(cooled, 0);
  EXPECT_LE(lambda, cooled.spectral_bound() * (1 + 1e-9));
  EXPECT_GE(lambda, 0.6 * cooled.spectral_bound());
}

// The set-up keeps the cubes around a probe uniform; a coarser mesh is refused.
TEST(MeshSystem, ProbesNeedUniformCubesAroundThem) {
  const Conditions conditions;
  OctreeRequest r = small_box();
  r.core = 0;
  r.growth = 20;
  const auto tissue = [](const Vec3&) { return 0; };
  MeshSetup good = octree_setup(r, tissue, {make_law(freezing_tissue())}, {small_probe()}, 1);
  EXPECT_NO_THROW(MeshSystem<double>(std::move(good), conditions));
  const auto bare = testing_mesh::octree_case(r);
  MeshSetup bad;
  bad.mesh = bare.mesh;
  bad.lattice = bare.finest();
  bad.laws = {make_law(freezing_tissue())};
  bad.probes = {small_probe()};
  EXPECT_THROW(MeshSystem<double>(std::move(bad), conditions), InputError);
}

// Everything that can move heat at once; the balance must close to round-off in every step.
template <class Real>
double balance_defect(MeshSystem<Real>& s, double end) {
  StepControl control;
  control.max_step = 5;
  Rkl2<Real> rkl(s, control);
  rkl.start(0);
  const double before = s.stored(rkl.state());
  rkl.advance(end, true, [](const AcceptedStep<Real>&) {});
  const double change = s.stored(rkl.state()) - before;
  EXPECT_GT(rkl.statistics().steps, 5);
  EXPECT_GT(rkl.ledger().gross, std::abs(change) / 2);
  return std::abs(rkl.ledger().net() - change) / rkl.ledger().gross;
}

Conditions busy_conditions(const SurfaceCondition& probe) {
  Conditions c;
  c.faces[1] = [](double t) { return testing_mesh::fixed(300 + 0.1 * t); };
  c.faces[4] = [](double t) { return testing_mesh::convective(310 - 0.2 * t, 300); };
  c.faces[5] = [](double) { return testing_mesh::convective(280, 100); };
  c.probes = {[probe](double t, double) {
    SurfaceCondition now = probe;
    now.temperature = 310.15 - std::min(1.0, t / 20) * (310.15 - probe.temperature);
    return now;
  }};
  return c;
}

TEST(MeshSystem, EnergyBalanceClosesOnCubes) {
  const std::vector<SegmentLaw> laws{make_law(freezing_tissue()), make_law(freezing_tissue(5e3))};
  const auto tissue = [](const Vec3& p) { return p[0] > 0.002 ? 1 : 0; };
  for (const SurfaceCondition& probe :
       {testing_mesh::fixed(133.15), testing_mesh::convective(90, 3000)}) {
    const Conditions conditions = busy_conditions(probe);
    MeshSetup setup = cubes_setup(laws, tissue);
    setup.probes = {small_probe()};
    MeshSystem<double> s(setup, conditions);
    EXPECT_LT(balance_defect(s, 40), 1e-12);
    MeshSystem<float> f(setup, conditions);
    EXPECT_LT(balance_defect(f, 40), 1e-4);
  }
}

// One needle in two tissues: the surface reported is the one that the heat crosses.
TEST(MeshSystem, SensesTheSurfaceThatConvectionActsOn) {
  const std::vector<SegmentLaw> laws{make_law(freezing_tissue()), make_law(freezing_tissue(5e3))};
  MeshSetup setup = cubes_setup(laws, [](const Vec3& p) { return p[0] > 0.002 ? 1 : 0; });
  setup.probes = {small_probe()};
  double area = 0;  // of the stations, with their end correction
  for (const double h : {300.0, 3000.0}) {
    Conditions conditions;
    conditions.probes = {[h](double, double) { return testing_mesh::convective(90, h); }};
    MeshSystem<double> s(setup, conditions);
    Rkl2<double> rkl(s, StepControl{});
    rkl.start(0);
    rkl.advance(1e-4, true, [](const AcceptedStep<double>&) {});
    const double drop =
        90 - s.sensed(0, testing_mesh::convective(90, h), std::vector<double>(s.size()).data());
    const double found = rkl.ledger().probes.at(0) / (1e-4 * h * drop);
    EXPECT_NEAR(found, area == 0 ? found : area, 1e-3 * found) << h;
    area = found;
  }
  const double side = 2 * 3.14159265358979323846 * small_probe().radius *
                      norm(small_probe().end - small_probe().begin);
  EXPECT_GT(area, side);
  EXPECT_LT(area, 1.3 * side);
}

TEST(MeshSystem, EnergyBalanceClosesOnTheNeedle) {
  for (const SurfaceCondition& probe :
       {testing_mesh::fixed(133.15), testing_mesh::convective(90, 3000)}) {
    const Conditions conditions = busy_conditions(probe);
    MeshSystem<double> s(needle_setup({make_law(freezing_tissue())}), conditions);
    EXPECT_LT(balance_defect(s, 40), 1e-12);
  }
}

// Released, prescribed at a jump, released again: the jump is heat of the probe.
TEST(MeshSystem, SwitchesAreBooked) {
  Conditions conditions;
  conditions.probes = {[](double t, double inside) {
    (void)t;
    return inside < 10   ? SurfaceCondition{}
           : inside < 20 ? testing_mesh::fixed(200)
                         : SurfaceCondition{};
  }};
  MeshSystem<double> s(needle_setup({make_law(freezing_tissue(0))}), conditions);
  Rkl2<double> rkl(s, StepControl{});
  rkl.start(0);
  const auto nothing = [](const AcceptedStep<double>&) {};
  rkl.advance(10, true, nothing);
  EXPECT_EQ(rkl.ledger().gross, 0);
  rkl.advance(20, true, nothing);
  const double frozen = rkl.ledger().probes.at(0);
  EXPECT_LT(frozen, -50);
  EXPECT_NEAR(frozen, s.stored(rkl.state()), 1e-12 * std::abs(frozen));
  EXPECT_NEAR(s.sensed(0, {}, rkl.state()), 200, 1e-9);
  rkl.advance(40, true, nothing);
  EXPECT_EQ(rkl.ledger().probes.at(0), frozen);
  EXPECT_NEAR(s.stored(rkl.state()), frozen, 1e-11 * std::abs(frozen));
  EXPECT_GT(s.sensed(0, {}, rkl.state()), 201);
}

// Lumped mass and positive couplings: nothing overshoots the initial 37 degC after a quench, on
// a mesh with cells of aspect ratio up to ten.
TEST(MeshSystem, QuenchDoesNotOvershoot) {
  Conditions conditions;
  conditions.probes = {[](double, double) { return testing_mesh::fixed(133.15); }};
  MeshSystem<double> s(needle_setup({make_law(freezing_tissue(0))}), conditions);
  Rkl2<double> rkl(s, StepControl{});
  rkl.start(0);
  double hottest = 0;
  rkl.advance(30, true, [&](const AcceptedStep<double>& step) {
    hottest = std::max(hottest, *std::max_element(step.after, step.after + s.size()));
  });
  EXPECT_LT(hottest, 3.78e6 * 1e-3) << "more than 1 mK above rest";
}

// A fresh team works with all its members, however busy the machine (later it may fall back).
TEST(MeshOperator, ThreadsAndPrecisionAgree) {
  OctreeRequest r = small_box();
  r.finest = 0.8e-3;
  r.core = 12e-3;
  const std::vector<SegmentLaw> laws{make_law(freezing_tissue()), make_law(freezing_tissue(5e3))};
  const MeshArrays mesh =
      testing_mesh::octree_case(r, [](const Vec3& p) { return p[0] > 0.002 ? 1 : 0; }).mesh;
  ASSERT_GT(mesh.cells(), 25000U) << "smaller meshes stay on one thread";
  ASSERT_FALSE(mesh.hanging.empty());
  const MeshSlots slots(mesh, laws);
  const std::vector<double> y = random_state(mesh.nodes(), -5e8, 1e7);
  const std::vector<float> y_single(y.begin(), y.end());
  const auto heat = [&](auto& op, const auto& state) {
    op.evaluate(state.data(), {});
    op.conduct();
    op.fold();
    return std::vector<double>(op.heat(), op.heat() + mesh.nodes());
  };
  ThreadTeam alone(1), team(3);
  MeshOperator<double> one(mesh, slots, laws, alone), three(mesh, slots, laws, team);
  MeshOperator<float> single(mesh, slots, laws, team);
  const auto a = heat(one, y), b = heat(three, y), c = heat(single, y_single);
  const double scale = largest(a);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(a[i], b[i], 1e-13 * scale);
    EXPECT_NEAR(a[i], c[i], 2e-6 * scale);
  }
}

}  // namespace
}  // namespace thermodose
