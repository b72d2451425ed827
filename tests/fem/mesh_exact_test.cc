// Implements: tests of the mesh engine against exact solutions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "fem/bdf2_integrator.h"
#include "fem/rkl2.h"
#include "mesh_fixture.h"

namespace thermodose {
namespace {

using testing_mesh::Conditions;
using testing_mesh::LawData;
using testing_mesh::make_law;

constexpr double kPi = 3.14159265358979323846;

template <class Integrator>
void run_to(Integrator& integrator, double end) {
  integrator.start(0);
  integrator.advance(end, true, [](const auto&) {});
}

// Steady conduction from a needle through a cylinder: T is a logarithm of r. One implicit step of
// ten years is the steady state.
struct Cylinder {
  double temperature = 0, flux = 0;  ///< largest error in K per K, relative error of the heat
};

Cylinder steady_cylinder(double finest, double growth) {
  const double a = 0.75e-3, outer = 15e-3, length = 10e-3, k = 0.5;
  ActiveSegment s;
  s.begin = {0, 0, 0};
  s.end = {0, 0, length};
  s.radius = a;
  AxisymmetricRequest q;
  q.radius = outer;
  q.upper = length;
  q.finest = finest;
  q.growth = growth;
  q.coarsest = 10e-3;
  q.probes = {s};
  Conditions conditions;
  conditions.probes = {[](double, double) { return testing_mesh::fixed(309.15); }};
  conditions.faces[1] = [](double) { return testing_mesh::fixed(310.15); };
  LawData d;
  d.k = {k};
  MeshSetup setup;
  setup.mesh = arrange_mesh(build_axisymmetric(q), [](const Vec3&) { return 0; });
  setup.laws = {make_law(d)};
  setup.probes = {s};
  MeshSystem<double> system(std::move(setup), conditions);
  const auto tangent = make_mesh_tangent(system);
  StepControl control;
  control.first_step = control.max_step = 3e8;
  Bdf2 bdf(*tangent, control, {1e-6, 1e-10, 40});
  run_to(bdf, 3e8);
  Cylinder error;
  for (std::size_t i = 0; i < system.size(); ++i) {
    const double r = system.geometry().points[i][0];
    if (r < a) continue;
    const double exact = -std::log(outer / r) / std::log(outer / a);
    error.temperature =
        std::max(error.temperature, std::abs(system.laws()[0].excess(bdf.state()[i]) - exact));
  }
  // The stored heat is a part in 1e5 of what flows through.
  const double exact = -2 * kPi * k * length / std::log(outer / a) * 3e8;
  error.flux = std::abs(bdf.ledger().probes.at(0) / exact - 1);
  return error;
}

TEST(MeshExact, SteadyCylinderIsOfSecondOrder) {
  const Cylinder coarse = steady_cylinder(0.4e-3, 1.4), fine = steady_cylinder(0.2e-3, 1.2),
                 finest = steady_cylinder(0.1e-3, 1.1);
  EXPECT_LT(coarse.flux, 0.02);
  EXPECT_NEAR(std::log2(coarse.flux / fine.flux), 2, 0.25);
  EXPECT_NEAR(std::log2(fine.flux / finest.flux), 2, 0.15);
  EXPECT_NEAR(std::log2(fine.temperature / finest.temperature), 2, 0.3);
  EXPECT_LT(finest.flux, 1e-3);
}

// Freezing of a slab with latent heat over a range (three error-function zones). Properties
// rho 1000, c 1800/3600, k 2/0.5, L 250 kJ/kg from -1 to -8 degC; start 37 degC, wall -40 degC.
// The lengths L1, L2 below solve the two flux conditions; front positions at 600 s are 11.79701 and
// 14.19051 mm (shooting and Laplace inversion give the same).
constexpr double kFront8 = 11.79701e-3, kFront1 = 14.19051e-3;

struct Slab {
  double front8 = 0, front1 = 0, heat = 0;  ///< m, m, J/m2
};

MeshSetup slab_mesh(int cells, double& area) {
  const double length = 60e-3, h = length / cells, width = 1e-3;
  RawMesh raw;
  raw.axisymmetric = true;
  for (int j = 0; j <= cells; ++j)
    for (int i = 0; i < 2; ++i) raw.points.push_back({i * width, 0, j * h});
  for (int j = 0; j < cells; ++j)
    for (const int n : {2 * j, 2 * j + 1, 2 * j + 2, 2 * j + 3}) raw.cells.push_back(n);
  raw.boundary.push_back({4, {0, 1, 0, 0}});
  area = kPi * width * width;
  MeshSetup setup;
  setup.mesh = arrange_mesh(std::move(raw), [](const Vec3&) { return 0; });
  return setup;
}

// Constant k in each zone, 1.25 throughout the freezing range, 2 below and 0.5 above.
SegmentLaw stepped_law() {
  LawData d;
  d.breaks = {265.15, 272.15};
  d.capacity = {1.8e6, 1000 * (250e3 / 7 + 2700), 3.6e6};
  d.k = {1.25};
  SegmentLaw law = make_law(d);
  law.segments[0].th1 = 2.0 * law.segments[0].t1;
  law.segments[2].th1 = 0.5 * law.segments[2].t1;
  return law;
}

double crossing(const HeatSystem<double>& s, const double* y, double temperature) {
  std::vector<std::pair<double, double>> line;
  for (std::size_t i = 0; i < s.size(); ++i)
    if (s.geometry().points[i][0] == 0)
      line.emplace_back(s.geometry().points[i][2], s.laws()[0].temperature(y[i]));
  std::sort(line.begin(), line.end());
  for (std::size_t i = 1; i < line.size(); ++i)
    if (line[i].second >= temperature) {
      const auto [z0, t0] = line[i - 1];
      const auto [z1, t1] = line[i];
      return z0 + (z1 - z0) * (temperature - t0) / (t1 - t0);
    }
  return 0;
}

Slab freeze_slab(int cells, bool implicit) {
  double area = 0;
  MeshSetup setup = slab_mesh(cells, area);
  setup.laws = {stepped_law()};
  Conditions conditions;
  conditions.faces[4] = [](double) { return testing_mesh::fixed(233.15); };
  MeshSystem<double> system(std::move(setup), conditions);
  StepControl control;
  control.first_step = 0.01;
  control.max_step = 2;
  control.max_growth = 1.2;
  std::unique_ptr<ImplicitSystem> tangent;
  std::unique_ptr<TimeIntegrator<double>> integrator;
  if (implicit) {
    tangent = make_mesh_tangent(system);
    integrator = std::make_unique<Bdf2>(*tangent, control);
  } else {
    integrator = std::make_unique<Rkl2<double>>(system, control);
  }
  run_to(*integrator, 600);
  return {crossing(system, integrator->state(), 265.15),
          crossing(system, integrator->state(), 272.15),
          -system.stored(integrator->state()) / area};
}

// Heat that left through the wall until 600 s: 2 sqrt(t) k_s (T1 - T_w) / (sqrt(pi alpha) erf).
double slab_heat() {
  const double alpha = 2.0 / 1.8e6, x = kFront8 / (2 * std::sqrt(alpha * 600));
  return 2 * std::sqrt(600.0) * 2.0 * 32 / (std::sqrt(kPi * alpha) * std::erf(x));
}

class MeshFreezing : public testing::TestWithParam<bool> {};

TEST_P(MeshFreezing, SlabWithAMushyRange) {
  const Slab coarse = freeze_slab(60, GetParam()), fine = freeze_slab(240, GetParam());
  // A kink of the temperature inside a cell hides from linear interpolation: a fifth of a cell.
  EXPECT_NEAR(fine.front8, kFront8, 0.2 * 0.25e-3);
  EXPECT_NEAR(fine.front1, kFront1, 0.2 * 0.25e-3);
  const double exact = slab_heat();
  const double e1 = std::abs(coarse.heat / exact - 1), e4 = std::abs(fine.heat / exact - 1);
  EXPECT_LT(e4, 2e-5);
  EXPECT_GT(std::log2(e1 / e4) / 2, 1.7) << e1 << ' ' << e4;
}

// The same needle immersed in cubes and followed by quadrilaterals: two discretisations that share
// nothing but the laws. Walls are far from the ice.
MeshSetup needle_in_cubes(const ActiveSegment& s) {
  OctreeRequest r;
  r.lower = {-0.024, -0.024, -0.024};
  r.upper = {0.024, 0.024, 0.024};
  r.finest = 1e-3;
  r.coarsest = 4e-3;
  r.core = 7e-3;
  r.axes = {{s.begin, s.end}};
  const auto c = testing_mesh::octree_case(r);
  MeshSetup setup;
  setup.mesh = c.mesh;
  setup.lattice = c.finest();
  return setup;
}

MeshSetup needle_in_quadrilaterals(const ActiveSegment& s) {
  AxisymmetricRequest q;
  q.radius = q.upper = 0.024;
  q.lower = -0.024;
  q.finest = 0.15e-3;
  q.growth = 1.15;
  q.coarsest = 1e-3;
  q.probes = {s};
  MeshSetup setup;
  setup.mesh = arrange_mesh(build_axisymmetric(q), [](const Vec3&) { return 0; });
  return setup;
}

double probe_heat(MeshSetup setup, const ActiveSegment& s) {
  Conditions conditions;
  conditions.probes = {
      [](double t, double) { return testing_mesh::fixed(310.15 - 177 * std::min(1.0, t / 30)); }};
  setup.laws = {make_law(testing_mesh::freezing_tissue())};
  setup.probes = {s};
  MeshSystem<double> system(std::move(setup), conditions);
  Rkl2<double> rkl(system, StepControl{});
  run_to(rkl, 100);
  return rkl.ledger().probes.at(0);
}

TEST(MeshExact, ImmersedAndFollowedNeedleTakeTheSameHeat) {
  ActiveSegment s;
  s.begin = {0, 0, -0.01};
  s.end = {0, 0, 0.01};
  s.radius = 0.75e-3;
  const double followed = probe_heat(needle_in_quadrilaterals(s), s);
  const double immersed = probe_heat(needle_in_cubes(s), s);
  EXPECT_LT(followed, -500);
  EXPECT_NEAR(immersed / followed, 1, 0.03);
}

INSTANTIATE_TEST_SUITE_P(Integrators, MeshFreezing, testing::Values(false, true),
                         [](const auto& run) { return run.param ? "Bdf2" : "Rkl2"; });

}  // namespace
}  // namespace thermodose
