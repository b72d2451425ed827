// Implements: tests of hexahedra of any shape against exact solutions in time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "fem/bdf2_integrator.h"
#include "fem/rkl2.h"
#include "hex_fixture.h"

namespace thermodose {
namespace {

using testing_mesh::Conditions;
using testing_mesh::hex_block;
using testing_mesh::hex_setup;
using testing_mesh::LawData;
using testing_mesh::make_law;

constexpr double kPi = 3.14159265358979323846;

/// A system with an integrator of either kind.
struct Runner {
  Runner(MeshSetup setup, const Conditions& conditions, const StepControl& control, bool implicit)
      : system(std::move(setup), conditions) {
    if (implicit) {
      tangent = make_mesh_tangent(system);
      integrator = std::make_unique<Bdf2>(*tangent, control);
    } else {
      integrator = std::make_unique<Rkl2<double>>(system, control);
    }
    integrator->start(0);
    before = system.stored(integrator->state());
  }
  void run(double end) {
    integrator->advance(end, true, [](const auto&) {});
  }

  MeshSystem<double> system;
  std::unique_ptr<ImplicitSystem> tangent;
  std::unique_ptr<TimeIntegrator<double>> integrator;
  double before = 0;  ///< J, with the nodes of held faces at what they are held at
};

class HexExact : public testing::TestWithParam<bool> {};

// A mode of the box decays: T = sin(pi x/a) cos(pi y/b) cos(pi z/c) exp(-D (1/a2+1/b2+1/c2) pi2 t),
// x faces held, the others insulated.
double mode_error(int n) {
  const Vec3 lower{0, 0, 0}, upper{0.01, 0.012, 0.008};
  LawData d;
  d.k = {0.6};
  const double diffusivity = 0.6 / 3.6e6, end = 20;
  Conditions conditions;
  conditions.faces[0] = conditions.faces[1] = [](double) { return testing_mesh::fixed(310.15); };
  StepControl control;
  control.first_step = control.max_step = 0.1;
  Runner r(hex_setup(hex_block({n, n, n}, lower, upper, testing_mesh::skew(lower, upper, 0.07)),
                     {make_law(d)}),
           conditions, control, true);
  const auto mode = [&](const Vec3& p) {
    return std::sin(kPi * p[0] / upper[0]) * std::cos(kPi * p[1] / upper[1]) *
           std::cos(kPi * p[2] / upper[2]);
  };
  const auto& points = r.system.geometry().points;
  for (std::size_t i = 0; i < points.size(); ++i)
    dynamic_cast<Bdf2&>(*r.integrator).initial_state()[i] = 3.6e7 * mode(points[i]);
  r.run(end);
  double q2 = 0, worst = 0;
  for (const double side : upper) q2 += kPi * kPi / (side * side);
  const double decay = std::exp(-diffusivity * q2 * end);
  for (std::size_t i = 0; i < points.size(); ++i)
    worst = std::max(worst, std::abs(r.integrator->state()[i] / 3.6e7 - mode(points[i]) * decay));
  return worst;
}

TEST(HexRun, ADecayingModeIsOfSecondOrderOnSkewedCells) {
  const double coarse = mode_error(6), middle = mode_error(12), fine = mode_error(24);
  RecordProperty(
      "errors", std::to_string(coarse) + ' ' + std::to_string(middle) + ' ' + std::to_string(fine));
  EXPECT_GT(std::log2(coarse / middle), 1.75) << coarse << ' ' << middle;
  EXPECT_GT(std::log2(middle / fine), 1.85) << middle << ' ' << fine;
  EXPECT_LT(fine, 5e-3);
}

// Freezing of a slab with latent heat over a range, as in mesh_exact_test.cc: fronts at 600 s from
// the three error-function zones, 11.79701 mm (-8 degC) and 14.19051 mm (-1 degC).
constexpr double kFront8 = 11.79701e-3, kFront1 = 14.19051e-3;

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

struct Column {
  double front8 = 0, front1 = 0;  ///< m, along the middle line
  double heat = 0;                ///< J/m2, that left
  double residual = 0;            ///< of the energy balance
};

// A column of 60 mm, 4 x 4 cells across, whose inner nodes are moved along and across.
Column freeze_column(int cells, bool implicit) {
  const double length = 60e-3, h = length / cells, width = 4 * h;
  const Vec3 lower{0, 0, 0}, upper{width, width, length};
  const auto bend = [&](const Vec3& p) {
    const double u = p[0] / width, v = p[1] / width;
    const double s =
        0.3 * h * std::sin(kPi * u) * std::sin(kPi * v) * std::sin(kPi * p[2] / length);
    const double along = p[2] / h;
    return Vec3{p[0] + s * std::cos(2 * along), p[1] + s * std::sin(3 * along),
                p[2] + s * std::sin(5 * u + along)};
  };
  Conditions conditions;
  conditions.faces[4] = [](double) { return testing_mesh::fixed(233.15); };
  StepControl control;
  control.first_step = 0.01;
  control.max_step = 2;
  control.max_growth = 1.2;
  Runner r(hex_setup(hex_block({4, 4, cells}, lower, upper, bend), {stepped_law()}), conditions,
           control, implicit);
  r.run(600);
  Column out;
  const double* y = r.integrator->state();
  const auto front = [&](double temperature) {  // along the edge x = y = 0, where nothing moved
    std::vector<std::pair<double, double>> line;
    for (std::size_t i = 0; i < r.system.size(); ++i) {
      const Vec3& p = r.system.geometry().points[i];
      if (p[0] == 0 && p[1] == 0) line.emplace_back(p[2], r.system.laws()[0].temperature(y[i]));
    }
    std::sort(line.begin(), line.end());
    for (std::size_t i = 1; i < line.size(); ++i)
      if (line[i].second >= temperature) {
        const auto [z0, t0] = line[i - 1];
        const auto [z1, t1] = line[i];
        return z0 + (z1 - z0) * (temperature - t0) / (t1 - t0);
      }
    return 0.0;
  };
  out.front8 = front(265.15);
  out.front1 = front(272.15);
  const double stored = r.system.stored(y);
  const HeatLedger& ledger = r.integrator->ledger();
  out.heat = -stored / (width * width);
  out.residual = std::abs(stored - r.before - ledger.net()) / ledger.gross;
  return out;
}

TEST_P(HexExact, ASkewedColumnFreezesAsTheExactSolution) {
  const Column coarse = freeze_column(60, GetParam()), fine = freeze_column(240, GetParam());
  // A kink of the temperature inside a cell hides from linear interpolation: a fifth of a cell, and
  // cells are moved by up to 0.3 of one.
  EXPECT_NEAR(fine.front8, kFront8, 0.3 * 0.25e-3);
  EXPECT_NEAR(fine.front1, kFront1, 0.3 * 0.25e-3);
  // Heat that left: 2 sqrt(t) k_s (T1 - T_w) / (sqrt(pi alpha) erf).
  const double alpha = 2.0 / 1.8e6, x = kFront8 / (2 * std::sqrt(alpha * 600));
  const double exact = 2 * std::sqrt(600.0) * 2.0 * 32 / (std::sqrt(kPi * alpha) * std::erf(x));
  RecordProperty("heat", std::to_string(coarse.heat / exact - 1) + ' ' +
                             std::to_string(fine.heat / exact - 1));
  EXPECT_LT(std::abs(coarse.heat / exact - 1), 2e-3);
  EXPECT_LT(std::abs(fine.heat / exact - 1), 2e-4);
  EXPECT_LT(coarse.residual, 1e-9);
  EXPECT_LT(fine.residual, 1e-9);
}

TEST(HexRun, BothIntegratorsAgree) {
  const Column a = freeze_column(60, false), b = freeze_column(60, true);
  EXPECT_NEAR(a.heat / b.heat, 1, 2e-4);
  EXPECT_NEAR(a.front8, b.front8, 0.02e-3);
}

// How far do temperatures leave the range of what is held? x_min is held at 100 K less, z_min at
// the temperature of the start, in cells of 1 : 1 : `aspect`.
double overshoot(double aspect, double share) {
  Conditions conditions;
  conditions.faces[0] = [](double) { return testing_mesh::fixed(210.15); };
  conditions.faces[4] = [](double) { return testing_mesh::fixed(310.15); };
  const Vec3 lower{0, 0, 0}, upper{8e-3, 8e-3, aspect * 8e-3};
  Runner r(hex_setup(hex_block({8, 8, 8}, lower, upper, testing_mesh::skew(lower, upper, share)),
                     {make_law(LawData{})}),
           conditions, StepControl{}, false);
  double highest = 0;
  for (const double t : {1.0, 3.0, 10.0, 30.0}) {
    r.run(t);
    for (std::size_t i = 0; i < r.system.size(); ++i)
      highest = std::max(highest, r.integrator->state()[i] / 3.6e6);
  }
  return highest;
}

TEST(HexRun, FlatCellsKeepTheRange) {
  for (const double aspect : {0.1, 0.5, 1.0, 3.0, 10.0}) {
    EXPECT_LT(overshoot(aspect, 0), 1e-9) << "K; bricks of 1 : 1 : " << aspect;
    EXPECT_LT(overshoot(aspect, 0.02), 0.01) << "slightly skewed, 1 : 1 : " << aspect;
    EXPECT_LT(overshoot(aspect, 0.1), 2) << "strongly skewed, 1 : 1 : " << aspect;
  }
}

INSTANTIATE_TEST_SUITE_P(Integrators, HexExact, testing::Values(false, true),
                         [](const auto& run) { return run.param ? "Bdf2" : "Rkl2"; });

}  // namespace
}  // namespace thermodose
