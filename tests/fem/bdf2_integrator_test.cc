// Implements: tests of the implicit integration: linear solver, tangents, Newton, balance, order,
// failures.
#include "fem/bdf2_integrator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "fem/rkl2.h"
#include "mesh_fixture.h"

namespace thermodose {
namespace {

using testing_mesh::Conditions;
using testing_mesh::freezing_tissue;
using testing_mesh::LawData;
using testing_mesh::make_law;
using testing_mesh::random_state;

TEST(Krylov, SolvesSymmetricAndOtherSystems) {
  constexpr std::size_t n = 50;
  for (const bool symmetric : {true, false}) {
    const auto solver = make_krylov(n, symmetric);
    // Twice with different matrices: the preconditioner must follow the new diagonal.
    for (const double mass : {0.1, 1e4}) {
      const double skew = symmetric ? 0 : 0.5;
      std::vector<double> diagonal(n), b(n), x(n), back(n);
      for (std::size_t i = 0; i < n; ++i) {
        diagonal[i] = 2 + mass * static_cast<double>(1 + i % 7);
        b[i] = std::sin(static_cast<double>(i));
      }
      const LinearAction action = [&](const double* in, double* out) {
        for (std::size_t i = 0; i < n; ++i)
          out[i] = diagonal[i] * in[i] - (i > 0 ? (1 + skew) * in[i - 1] : 0) -
                   (i + 1 < n ? (1 - skew) * in[i + 1] : 0);
      };
      const LinearOutcome outcome = solver->solve(action, diagonal, b, 1e-10, x);
      EXPECT_TRUE(outcome.converged);
      if (mass > 1) {
        EXPECT_LT(outcome.iterations, 8) << "mass dominates: Jacobi must nearly solve it";
      }
      action(x.data(), back.data());
      for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(back[i], b[i], 1e-7);
    }
  }
}

TEST(Krylov, SaysWhenItDoesNotConverge) {
  const auto solver = make_krylov(3, true);
  const LinearAction nothing = [](const double*, double* out) { std::fill(out, out + 3, 0.0); };
  std::vector<double> x(3);
  EXPECT_FALSE(solver->solve(nothing, {1, 1, 1}, {1, 1, 1}, 1e-6, x).converged);
}

enum class Shape { needle, cubes, two_tissues };

struct Engine {
  Conditions conditions;
  std::unique_ptr<MeshSystem<double>> system;
  std::unique_ptr<ImplicitSystem> tangent;
};

// Everything that enters the tangent: sources, convection, probes, hanging nodes, tissue borders.
void build(Engine& e, Shape shape, const SurfaceCondition& probe, int threads = 1) {
  e.conditions.faces[1] = [](double) { return testing_mesh::convective(290, 400); };
  e.conditions.faces[4] = [](double) { return testing_mesh::fixed(305); };
  e.conditions.probes = {[probe](double t, double) {
    SurfaceCondition now = probe;
    now.temperature = 310.15 - std::min(1.0, t / 10) * (310.15 - probe.temperature);
    return now;
  }};
  MeshSetup setup;
  setup.threads = threads;
  setup.laws = {make_law(freezing_tissue())};
  ActiveSegment segment;
  segment.radius = 0.75e-3;
  if (shape == Shape::needle) {
    segment.begin = {0, 0, -0.005};
    segment.end = {0, 0, 0.005};
    AxisymmetricRequest q;
    q.radius = q.upper = 0.02;
    q.lower = -0.02;
    q.finest = 0.3e-3;
    q.growth = 1.3;
    q.coarsest = 2e-3;
    q.probes = {segment};
    setup.mesh = arrange_mesh(build_axisymmetric(q), [](const Vec3&) { return 0; });
  } else {
    segment.begin = testing_mesh::small_box().axes[0].first;
    segment.end = testing_mesh::small_box().axes[0].second;
    const auto c = testing_mesh::octree_case(testing_mesh::small_box(), [shape](const Vec3& p) {
      return shape == Shape::two_tissues && p[0] > 0.001 ? 1 : 0;
    });
    setup.mesh = c.mesh;
    setup.lattice = c.finest();
    LawData other = freezing_tissue(4e3);
    other.k = {1.2, 0.3};
    other.breaks = {266.15, 272.65};
    setup.laws.push_back(make_law(other));
  }
  setup.probes = {segment};
  e.system = std::make_unique<MeshSystem<double>>(std::move(setup), e.conditions);
  e.tangent = make_mesh_tangent(*e.system);
}

// J x against central differences of the heat, at a state with every phase.
void check_tangent(Shape shape, const SurfaceCondition& probe) {
  Engine e;
  build(e, shape, probe);
  const std::size_t n = e.system->size();
  std::vector<double> y = random_state(n, -5.5e8, 3e7), q0(n), q1(n), jx(n), d(n);
  const double t = 7;
  e.system->begin_step(t, 1, y.data());
  e.tangent->heat(t, y.data(), q0.data());
  e.tangent->linearise(y.data());
  const std::vector<char> is_free = e.tangent->free_nodes();
  const std::vector<double> kappa = e.tangent->diffusivity();
  std::vector<double> x = random_state(n, -1, 1, 11);
  for (std::size_t i = 0; i < n; ++i)
    if (is_free[i] == 0) x[i] = 0;
  e.tangent->apply(x.data(), jx.data());
  e.tangent->diagonal(d.data());
  const double eps = 1e-5;  // W/m: 1e-5 to 2e-5 K
  const auto moved = [&](double by) {
    std::vector<double> z = y;
    for (std::size_t i = 0; i < n; ++i) z[i] += by * x[i] / kappa[i];
    return z;
  };
  e.tangent->heat(t, moved(eps).data(), q1.data());
  e.tangent->heat(t, moved(-eps).data(), q0.data());
  double scale = 0, worst = 0;
  for (std::size_t i = 0; i < n; ++i) {
    scale = std::max(scale, std::abs(jx[i]));
    worst = std::max(worst, std::abs(jx[i] + (q1[i] - q0[i]) / (2 * eps)));
    if (is_free[i] == 0) {
      EXPECT_EQ(jx[i], 0);
      EXPECT_EQ(d[i], 0);
    }
  }
  EXPECT_LT(worst, 1e-6 * scale) << "shape " << static_cast<int>(shape) << " probe "
                                 << static_cast<int>(probe.kind);
  // The diagonal, at nodes without hanging neighbours: those near the probe.
  for (std::size_t i = 0; i < n; ++i) {
    const Vec3& p = e.system->geometry().points[i];
    if (is_free[i] == 0 || p[0] * p[0] + p[1] * p[1] + p[2] * p[2] > 4e-6) continue;
    std::vector<double> unit(n, 0.0);
    unit[i] = 1;
    e.tangent->apply(unit.data(), jx.data());
    EXPECT_NEAR(d[i], jx[i], 1e-10 * scale) << i;
  }
}

TEST(MeshTangent, AgreesWithDifferences) {
  for (const Shape shape : {Shape::needle, Shape::cubes, Shape::two_tissues})
    for (const SurfaceCondition& probe :
         {testing_mesh::fixed(133.15), testing_mesh::convective(90, 3000)})
      check_tangent(shape, probe);
}

TEST(MeshTangent, IsSymmetricWithOneTissue) {
  for (const Shape shape : {Shape::needle, Shape::cubes}) {
    Engine e;
    build(e, shape, testing_mesh::convective(90, 3000));
    EXPECT_TRUE(e.tangent->symmetric());
    const std::size_t n = e.system->size();
    std::vector<double> y = random_state(n, -5e8, 1e7), q(n), ja(n), jb(n);
    e.system->begin_step(7, 1, y.data());
    e.tangent->heat(7, y.data(), q.data());
    e.tangent->linearise(y.data());
    std::vector<double> a = random_state(n, -1, 1, 3), b = random_state(n, -1, 1, 4);
    for (std::size_t i = 0; i < n; ++i)
      if (e.tangent->free_nodes()[i] == 0) a[i] = b[i] = 0;
    e.tangent->apply(a.data(), ja.data());
    e.tangent->apply(b.data(), jb.data());
    double ab = 0, ba = 0, size = 0;
    for (std::size_t i = 0; i < n; ++i) {
      ab += a[i] * jb[i];
      ba += b[i] * ja[i];
      size += std::abs(a[i] * jb[i]);
    }
    EXPECT_NEAR(ab, ba, 1e-12 * size);
  }
}

TEST(Bdf2, ConservesEnergyToRoundOff) {
  for (const Shape shape : {Shape::needle, Shape::cubes, Shape::two_tissues})
    for (const SurfaceCondition& probe :
         {testing_mesh::fixed(133.15), testing_mesh::convective(90, 3000)}) {
      Engine e;
      build(e, shape, probe);
      StepControl control;
      control.max_step = 5;
      Bdf2 bdf(*e.tangent, control);
      bdf.start(0);
      const double before = e.system->stored(bdf.state());
      double last = 0;
      bdf.advance(30, true, [&](const AcceptedStep<double>& s) {
        EXPECT_EQ(s.begin, last);
        last = s.end;
      });
      EXPECT_EQ(last, 30);
      const double change = e.system->stored(bdf.state()) - before;
      EXPECT_LT(change, -100) << "too little happens to test a balance";
      EXPECT_NEAR(bdf.ledger().net(), change, 1e-12 * bdf.ledger().gross);
      EXPECT_EQ(bdf.newton_statistics().failures, 0);
    }
}

// The two integrators share the discretisation in space: their difference is the error in time.
TEST(Bdf2, AgreesWithRkl2) {
  Engine e;
  build(e, Shape::needle, testing_mesh::fixed(133.15));
  StepControl fine;
  fine.first_step = fine.max_step = 0.05;
  const auto nothing = [](const AcceptedStep<double>&) {};
  Rkl2<double> rkl(*e.system, fine);
  rkl.start(0);
  rkl.advance(60, true, nothing);
  const double reference = e.system->stored(rkl.state());
  double error[2];
  for (int k = 0; k < 2; ++k) {
    StepControl control;
    control.first_step = control.max_step = k == 0 ? 1.0 : 0.5;
    control.tolerance = 1e3;  // fixed steps
    Bdf2 bdf(*e.tangent, control, {1e-5, 1e-3, 40});
    bdf.start(0);
    bdf.advance(60, true, nothing);
    error[k] = std::abs(e.system->stored(bdf.state()) / reference - 1);
  }
  EXPECT_LT(error[0], 2e-3);
  EXPECT_GT(std::log2(error[0] / error[1]), 1.5) << error[0] << ' ' << error[1];
}

// A single mode of heat conduction, exact in space: pure order of the formula, with steps that
// change by 1.3 from one to the next.
double mode_error(int steps) {
  MeshSetup setup;
  RawMesh raw;
  raw.axisymmetric = true;
  raw.points = {{0, 0, 0}, {1e-3, 0, 0}, {0, 0, 1e-3}, {1e-3, 0, 1e-3}};
  raw.cells = {0, 1, 2, 3};
  setup.mesh = arrange_mesh(raw, [](const Vec3&) { return 0; });
  LawData d;
  d.capacity = {1e6};
  d.k = {0.5};
  setup.laws = {make_law(d)};
  const Conditions conditions;
  MeshSystem<double> system(std::move(setup), conditions);
  const auto tangent = make_mesh_tangent(system);
  StepControl control;
  control.tolerance = 1e3;
  const double end = 1.0;
  Bdf2 bdf(*tangent, control, {1e-9, 1e-8, 40});
  bdf.start(0);
  const auto nothing = [](const AcceptedStep<double>&) {};
  // Alternating in z, smooth enough in time: rate k/C 4/(h^2) ... from the system itself.
  for (std::size_t i = 0; i < 4; ++i)
    bdf.initial_state()[i] = system.geometry().points[i][2] > 0 ? 1e6 : -1e6;
  const std::vector<double> y(bdf.state(), bdf.state() + 4);
  const double lambda = -testing_mesh::rate(system, 0, y)[0] / y[0];
  // Land on each point of the time mesh; history goes on.
  double t = 0;
  const double small = end / (steps * (1 + 1.3) / 2);
  for (int s = 0; s < steps; ++s) {
    t = s == steps - 1 ? end : t + (s % 2 == 0 ? small : 1.3 * small);
    bdf.advance(t, s == 0, nothing);
  }
  return std::abs(bdf.state()[0] / y[0] - std::exp(-lambda * end));
}

TEST(Bdf2, IsOfSecondOrderWithVariableSteps) {
  const double a = mode_error(40), b = mode_error(80), c = mode_error(160);
  EXPECT_NEAR(std::log2(a / b), 2, 0.3);
  EXPECT_NEAR(std::log2(b / c), 2, 0.2);
}

TEST(Bdf2, StopsWithAnErrorWhenTheStateLeavesTheLaws) {
  Engine e;
  // A surface colder than the laws hold.
  build(e, Shape::needle, testing_mesh::fixed(60));
  Bdf2 bdf(*e.tangent, StepControl{});
  bdf.start(0);
  double last = 0;
  EXPECT_THROW(bdf.advance(60, true, [&](const AcceptedStep<double>& s) { last = s.end; }),
               SolverError);
  EXPECT_EQ(bdf.time(), last) << "the last good state is kept";
  EXPECT_GT(bdf.statistics().rejected, 0);
}

// Latent heat over a twentieth of a kelvin and steps of 30 s: without the stops at the breaks nodes
// jump over the freezing range and back.
TEST(Bdf2, NewtonPassesNearlySharpFreezing) {
  LawData d = freezing_tissue(0);
  d.breaks = {272.10, 272.15};
  d.capacity[1] = 1050 * 250e3 / 0.05;
  AxisymmetricRequest q;
  q.radius = q.upper = 0.02;
  q.finest = 0.3e-3;
  q.growth = 1.1;
  q.coarsest = 0.6e-3;
  ActiveSegment s;
  s.begin = {0, 0, 0.008};
  s.end = {0, 0, 0.016};
  s.radius = 0.75e-3;
  q.probes = {s};
  Conditions conditions;
  conditions.probes = {[](double, double) { return testing_mesh::fixed(133.15); }};
  MeshSystem<double> system(axisymmetric_setup(
                                q, [](const Vec3&) { return 0; }, {make_law(d)}, 1),
                            conditions);
  const auto tangent = make_mesh_tangent(system);
  StepControl control;
  control.first_step = control.max_step = 30;
  control.tolerance = 1e3;
  Bdf2 bdf(*tangent, control, {1e-3, 1e-2, 40});
  bdf.start(0);
  bdf.advance(300, true, [](const AcceptedStep<double>&) {});
  EXPECT_EQ(bdf.newton_statistics().failures, 0);
  EXPECT_EQ(bdf.statistics().steps, 10);
  EXPECT_LT(bdf.newton_statistics().iterations, 120);
}

}  // namespace
}  // namespace thermodose
