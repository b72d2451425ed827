// Checks the exact solutions against tabulated values.
// Implements: closed forms of Pennes slab, sphere, point, line and of bodies in contact, against
// values evaluated independently with 25 digits and confirmed by numerical Laplace inversion;
// freezing and steady ice are in exact_freezing_test.cc. Tables are in docs/verification.md.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "verification/exact_layers.h"
#include "verification/exact_math.h"
#include "verification/exact_pennes.h"
#include "verification/printed.h"

namespace thermodose::exact {
namespace {

constexpr double kMm = 1e-3;
constexpr double kBody = 37;  // degC; all results here are affine in temperature

const Tissue kHeated{0.5, 1050.0 * 3600, 5e-4 * 1060 * 3600};

struct Row {
  double t;
  std::vector<std::string> values;
};

TEST(ExactPennes, TissueConstants) {
  EXPECT_TRUE(agrees(kHeated.w, "1908"));
  EXPECT_TRUE(agrees(kHeated.diffusivity(), "1.322751e-7"));
  EXPECT_TRUE(agrees(kHeated.length() / kMm, "16.1881"));
  EXPECT_TRUE(agrees(kHeated.rate(), "5.047619e-4"));
}

TEST(ExactPennes, ThinSlabTransient) {
  const PennesSlab slab{{0.3, 1200.0 * 3200, 1e-4 * 1052 * 3600}, kMm, 113, 500};
  const std::vector<Row> table = {{0.1, {"37.00717", "37.00001"}},
                                  {0.5, {"45.32089", "37.82295"}},
                                  {2, {"78.10687", "54.441435"}}};
  for (const Row& row : table) {
    EXPECT_TRUE(agrees(kBody + slab.at(kMm / 2, row.t), row.values[0])) << row.t;
    EXPECT_TRUE(agrees(kBody + slab.at(kMm / 4, row.t), row.values[1])) << row.t;
  }
  EXPECT_TRUE(agrees(kBody + slab.steady(kMm / 2), "93.49129"));
  EXPECT_NEAR(slab.at(kMm / 2, 1e4), slab.steady(kMm / 2), 1e-12);
}

TEST(ExactPennes, ThickSlabSteady) {
  const PennesSlab slab{kHeated, 50 * kMm, 23, 0};
  const std::vector<std::string> table = {"38.3815", "41.6955", "49.3378", "53.8583"};
  const std::vector<double> y = {10, 25, 40, 45};
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_TRUE(agrees(kBody + slab.steady(y[i] * kMm), table[i])) << y[i];
  }
}

TEST(ExactPennes, HeldSphere) {
  const HeldSphere sphere{kHeated, 2 * kMm, 53};
  const std::vector<Row> table = {{10, {"55.9971", "38.3755", "37.0000"}},
                                  {60, {"65.1782", "46.4457", "37.4626"}},
                                  {600, {"69.5176", "53.3737", "41.9708"}}};
  const std::vector<double> r = {3, 5, 10};
  const std::vector<std::string> steady = {"70.2167", "54.6137", "43.4667"};
  for (std::size_t i = 0; i < r.size(); ++i) {
    for (const Row& row : table) {
      EXPECT_TRUE(agrees(kBody + sphere.at(r[i] * kMm, row.t), row.values[i]))
          << row.t << " " << r[i];
    }
    EXPECT_TRUE(agrees(kBody + sphere.steady(r[i] * kMm), steady[i])) << r[i];
  }
  EXPECT_TRUE(agrees(sphere.steady_power(), "0.748302"));
}

TEST(ExactPennes, PointSource) {
  const PointSource point{kHeated, 2};
  const std::vector<Row> table = {{10, {"0.133843", "2.48300e-8", "1.50e-33"}},
                                  {60, {"13.0963", "0.375035", "8.0e-6"}},
                                  {600, {"40.7183", "11.8980", "1.46052"}}};
  const std::vector<double> r = {5, 10, 20};
  const std::vector<std::string> steady = {"46.7455", "17.1621", "4.62658"};
  for (std::size_t i = 0; i < r.size(); ++i) {
    for (const Row& row : table) {
      EXPECT_TRUE(agrees(point.at(r[i] * kMm, row.t), row.values[i])) << row.t << " " << r[i];
    }
    EXPECT_TRUE(agrees(point.steady(r[i] * kMm), steady[i])) << r[i];
  }
}

TEST(ExactPennes, LineSource) {
  const LineSource line{kHeated, 200};
  const std::vector<Row> table = {{10, {"0.0503152", "9.88e-9", "6.1e-34"}},
                                  {60, {"9.91797", "0.335065", "7.71e-6"}},
                                  {600, {"58.2116", "23.6909", "3.70914"}}};
  const std::vector<double> r = {5, 10, 20};
  const std::vector<std::string> steady = {"85.6765", "48.0564", "19.3220"};
  for (std::size_t i = 0; i < r.size(); ++i) {
    for (const Row& row : table) {
      EXPECT_TRUE(agrees(line.at(r[i] * kMm, row.t), row.values[i])) << row.t << " " << r[i];
    }
    EXPECT_TRUE(agrees(line.steady(r[i] * kMm), steady[i])) << r[i];
  }
  EXPECT_NEAR(line.at(5 * kMm, 1e6), line.steady(5 * kMm), 1e-9);
}

// A solution satisfies its own equation: second differences in space, first in time.
TEST(ExactPennes, TransientsSatisfyTheEquation) {
  const HeldSphere sphere{kHeated, 2 * kMm, 53};
  const LineSource line{kHeated, 200};
  const double r = 6 * kMm, t = 100, dr = 0.02 * kMm, dt = 0.1;
  const auto residual = [&](auto&& f, int dimension) {
    const double rate = (f(r, t + dt) - f(r, t - dt)) / (2 * dt);
    const double curvature = (f(r + dr, t) - 2 * f(r, t) + f(r - dr, t)) / (dr * dr);
    const double slope = (f(r + dr, t) - f(r - dr, t)) / (2 * dr);
    return kHeated.rho_c * rate - kHeated.k * (curvature + (dimension - 1) / r * slope) +
           kHeated.w * f(r, t);
  };
  const double scale = kHeated.w * 10;
  EXPECT_LT(std::abs(residual([&](double x, double s) { return sphere.at(x, s); }, 3)),
            1e-3 * scale);
  EXPECT_LT(std::abs(residual([&](double x, double s) { return line.at(x, s); }, 2)), 1e-3 * scale);
}

TEST(ExactLayers, GasBetweenTwoTissues) {
  struct Gap {
    double conductivity, thickness;
    std::string conductance;
    std::vector<std::string> faces;
  };
  const std::vector<Gap> table = {{0.01663, 0.5, "33.26", {"24.9103", "16.8351", "13.1998"}},
                                  {0.01663, 2, "8.315", {"33.2450", "29.3546", "26.8802"}},
                                  {0.01663, 5, "3.326", {"35.4244", "33.6135", "32.3473"}},
                                  {0.0264, 0.5, "52.8", {"20.4470", "12.0401", "8.8435"}},
                                  {0.0264, 2, "13.2", {"31.3032", "25.9400", "22.8011"}},
                                  {0.0264, 5, "5.28", {"34.5456", "31.8391", "30.0179"}}};
  const Phase tissue{0.5, 1050.0 * 3600};
  const std::vector<double> times = {60, 300, 600};
  for (const Gap& gap : table) {
    const double h = gap.conductivity / (gap.thickness * kMm);
    EXPECT_TRUE(agrees(h, gap.conductance));
    const TwoBodies bodies({tissue, 37}, {tissue, -40}, h);
    for (std::size_t i = 0; i < times.size(); ++i) {
      EXPECT_TRUE(agrees(bodies.first(0, times[i]), gap.faces[i])) << h << " " << times[i];
      // The flux through the layer is h times the jump across it.
      const double jump = bodies.second(0, times[i]) - bodies.first(0, times[i]);
      EXPECT_NEAR(bodies.flux(times[i]), h * jump, 1e-9 * std::abs(h * jump));
    }
  }
}

TEST(ExactLayers, BodiesSatisfyEquationAndContact) {
  const Body ice{{2, 1.8e6}, -40}, tissue{{0.5, 3.6e6}, 37};
  const TwoBodies bodies(ice, tissue, 150);
  const double t = 60, d = 3 * kMm, dx = 0.02 * kMm, dt = 0.05;
  const auto check = [&](auto&& at, const Body& body, double sign) {
    const double rate = (at(d, t + dt) - at(d, t - dt)) / (2 * dt);
    const double curvature = (at(d + dx, t) - 2 * at(d, t) + at(d - dx, t)) / (dx * dx);
    EXPECT_NEAR(body.phase.diffusivity() * curvature / rate, 1, 1e-4);
    const double e = 1e-7;
    EXPECT_NEAR(sign * body.phase.k * (at(0, t) - at(e, t)) / e, bodies.flux(t),
                1e-3 * bodies.flux(t));
    EXPECT_NEAR(at(1, t), body.initial, 1e-12);
  };
  check([&](double x, double s) { return bodies.first(x, s); }, ice, 1);
  check([&](double x, double s) { return bodies.second(x, s); }, tissue, -1);
}

TEST(ExactLayers, PerfectContactHoldsTheEffusivityMean) {
  const TwoBodies equal({{0.5, 3.78e6}, 37}, {{0.5, 3.78e6}, -40},
                        std::numeric_limits<double>::infinity());
  EXPECT_TRUE(agrees(equal.first(0, 60), "-1.5"));
  const Body ice{{2, 1.8e6}, -40}, tissue{{0.5, 3.6e6}, 37};
  const TwoBodies unequal(ice, tissue, std::numeric_limits<double>::infinity());
  const double e1 = std::sqrt(2 * 1.8e6), e2 = std::sqrt(0.5 * 3.6e6);
  EXPECT_NEAR(unequal.first(0, 10), (e1 * -40 + e2 * 37) / (e1 + e2), 1e-12);
  EXPECT_NEAR(unequal.second(0, 10), unequal.first(0, 10), 1e-12);
  // k dT/dx continuous across the contact.
  const double d = 1e-6;
  const double in = 2 * (unequal.first(0, 10) - unequal.first(d, 10)) / d;
  const double out = 0.5 * (unequal.second(d, 10) - unequal.second(0, 10)) / d;
  EXPECT_NEAR(in / out, 1, 1e-6);
}

TEST(ExactLayers, StackOfEqualLayersIsOneSlab) {
  const PennesSlab slab{kHeated, 50 * kMm, 23, 800};
  const double perfect = std::numeric_limits<double>::infinity();
  const Layer layer{10 * kMm, kHeated.k, kHeated.w, 800, perfect};
  const SteadyStack stack(std::vector<Layer>(5, layer), 0, 23);
  for (const double y : {5.0, 10.0, 25.0, 40.0, 45.0}) {
    EXPECT_NEAR(stack.at(y * kMm), slab.steady(y * kMm), 1e-11) << y;
  }
}

TEST(ExactLayers, StackOfUnequalLayersBalances) {
  const std::vector<Layer> layers = {
      {4 * kMm, 0.2, 0, 0, 40},
      {6 * kMm, 0.5, 2000, 1500, std::numeric_limits<double>::infinity()},
      {10 * kMm, 2, 0, 3000, 0}};
  const SteadyStack stack(layers, -30, 10);
  EXPECT_NEAR(stack.at(20 * kMm), 10, 1e-10);
  const double eps = 1e-12;
  // Contact of 40 W/m2/K: the flux is continuous, the temperature jumps by flux/h.
  EXPECT_NEAR(stack.flux(4 * kMm), stack.flux(4 * kMm + eps), 1e-6);
  EXPECT_NEAR(stack.at(4 * kMm + eps) - stack.at(4 * kMm), stack.flux(4 * kMm) / 40, 1e-8);
  EXPECT_NEAR(stack.at(10 * kMm + eps), stack.at(10 * kMm), 1e-8);
  // Heat in the perfused layer: flux out minus flux in = int (W theta - Q).
  const double generated =
      integrate([&](double y) { return 2000 * stack.at(y) - 1500; }, {4 * kMm + eps, 10 * kMm});
  EXPECT_NEAR(stack.flux(10 * kMm) - stack.flux(4 * kMm), generated, 1e-5);
  EXPECT_NEAR(stack.flux(20 * kMm) - stack.flux(10 * kMm), -3000 * 10 * kMm, 1e-9);
  // Slope of the profile is the flux over k.
  EXPECT_NEAR(2 * (stack.at(17 * kMm) - stack.at(15 * kMm)) / (2 * kMm), stack.flux(16 * kMm),
              1e-8);
}

}  // namespace
}  // namespace thermodose::exact
