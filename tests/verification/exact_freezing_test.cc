// Checks the exact freezing solutions and the steady ice against tabulated values.
// Implements: Neumann's slab, Paterson's line and point sinks, the slab with a freezing range, and
// the steady frozen region, against values evaluated with 25 digits and confirmed by integrating
// the similarity equations; the transcendental equations themselves are checked as residuals.
#include "verification/exact_freezing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "verification/exact_ice.h"
#include "verification/exact_math.h"
#include "verification/printed.h"

namespace thermodose::exact {
namespace {

constexpr double kMm = 1e-3;
// degC throughout: the solutions depend on differences of temperature only.
constexpr double kMelting = -1, kInitial = 37, kLatent = 250e6;
const Phase kFrozen{2, 1.8e6}, kUnfrozen{0.5, 3.6e6};

SimilarityFreezing sharp(Symmetry symmetry, double strength) {
  return {{symmetry, strength, kInitial}, {{kFrozen, kMelting, kLatent}}, kUnfrozen};
}

TEST(ExactFreezing, NeumannFronts) {
  struct Row {
    double wall;
    std::string lambda, front_60, front_600;
  };
  const std::vector<Row> table = {{-20, "0.183747", "3.000579", "9.48867"},
                                  {-80, "0.388869", "6.350205", "20.08111"},
                                  {-140, "0.505407", "8.253264", "26.09911"},
                                  {-160, "0.536109", "8.754631", "27.68457"}};
  for (const Row& row : table) {
    const SimilarityFreezing slab = sharp(Symmetry::slab, row.wall);
    EXPECT_TRUE(agrees(slab.lambda(0), row.lambda)) << row.wall;
    EXPECT_TRUE(agrees(slab.front(0, 60) / kMm, row.front_60)) << row.wall;
    EXPECT_TRUE(agrees(slab.front(0, 600) / kMm, row.front_600)) << row.wall;
  }
}

TEST(ExactFreezing, NeumannProfile) {
  const SimilarityFreezing slab = sharp(Symmetry::slab, -140);
  const std::vector<std::string> table = {"-82.8880", "-29.8780", "19.2932", "35.2890", "36.9055"};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double x = 10.0 * static_cast<double>(i + 1);
    EXPECT_TRUE(agrees(slab.temperature(x * kMm, 600), table[i])) << x;
  }
}

TEST(ExactFreezing, NeumannSatisfiesItsTranscendentalEquation) {
  const double wall = -140, g = std::sqrt(kFrozen.diffusivity() / kUnfrozen.diffusivity());
  EXPECT_TRUE(agrees(g, "2.828427"));
  const double x = sharp(Symmetry::slab, wall).lambda(0);
  const double left = std::exp(-x * x) / std::erf(x) -
                      kUnfrozen.k / kFrozen.k * g * (kInitial - kMelting) / (kMelting - wall) *
                          std::exp(-x * x * g * g) / std::erfc(x * g);
  EXPECT_NEAR(left, x * kLatent * std::sqrt(kPi) / (kFrozen.rho_c * (kMelting - wall)), 1e-12);
}

TEST(ExactFreezing, LineSinkWithEqualProperties) {
  // Kelvin in this published case.
  const Phase same{2.22, 1.762e6};
  const SimilarityFreezing line({Symmetry::cylinder, 1e4, 310}, {{same, 273, 338e6}}, same);
  EXPECT_TRUE(agrees(line.lambda(0), "0.828804"));
  EXPECT_TRUE(agrees(line.front(0, 1) / kMm, "1.86061"));
  EXPECT_TRUE(agrees(line.temperature(1 * kMm, 1), "-30.2314"));
  EXPECT_TRUE(agrees(line.temperature(3.5 * kMm, 1), "307.3635"));
}

TEST(ExactFreezing, LineSink) {
  struct Row {
    double strength;
    std::string lambda, front, near, r20, r40;
  };
  const std::vector<Row> table = {
      {300, "0.178323", "9.20858", "-60.50", "4.10269", "1.77060"},
      {600, "0.275705", "14.23733", "-139.77", "9.36468", "6.10260"},
      {1000, "0.363334", "18.76249", "-252.13", "14.40184", "11.02788"}};
  for (const Row& row : table) {
    const SimilarityFreezing line = sharp(Symmetry::cylinder, row.strength);
    EXPECT_TRUE(agrees(line.lambda(0), row.lambda)) << row.strength;
    EXPECT_TRUE(agrees(line.front(0, 600) / kMm, row.front)) << row.strength;
    EXPECT_TRUE(agrees(line.temperature(0.75 * kMm, 600), row.near)) << row.strength;
    EXPECT_TRUE(agrees(line.position(-20, 600) / kMm, row.r20)) << row.strength;
    EXPECT_TRUE(agrees(line.position(-40, 600) / kMm, row.r40)) << row.strength;
    // The heat that reaches the axis is the strength.
    EXPECT_NEAR(line.flux(1e-6, 600) * 2 * kPi * 1e-6, row.strength, 1e-6 * row.strength);
  }
}

TEST(ExactFreezing, PointSink) {
  struct Row {
    double strength;
    std::string power, lambda, front, t3, t5;
  };
  const std::vector<Row> table = {{0.5, "12.2474", "0.226545", "11.69871", "-120.210", "-55.600"},
                                  {1, "24.4949", "0.299237", "15.45253", "-258.333", "-129.112"},
                                  {2, "48.9898", "0.385091", "19.88600", "-540.731", "-282.290"}};
  for (const Row& row : table) {
    const SimilarityFreezing point = sharp(Symmetry::sphere, row.strength);
    EXPECT_TRUE(agrees(point.lambda(0), row.lambda)) << row.strength;
    EXPECT_TRUE(agrees(point.front(0, 600) / kMm, row.front)) << row.strength;
    EXPECT_TRUE(agrees(point.temperature(3 * kMm, 600), row.t3)) << row.strength;
    EXPECT_TRUE(agrees(point.temperature(5 * kMm, 600), row.t5)) << row.strength;
    const double r = 1e-6;
    EXPECT_TRUE(agrees(point.flux(r, 600) * 4 * kPi * r * r, row.power)) << row.strength;
  }
}

Zone mushy_zone() {
  const double heat = (1.8e6 + 3.6e6) / 2 + kLatent / 7;
  return {{1.25, heat}, -1, 0};
}

TEST(ExactFreezing, SlabWithFreezingRange) {
  struct Row {
    double wall;
    std::string solidus, liquidus;
  };
  EXPECT_TRUE(agrees(mushy_zone().phase.rho_c / 1000, "38414.29"));
  const std::vector<Row> table = {{-40, "11.79701", "14.19051"}, {-140, "24.64175", "26.11606"}};
  for (const Row& row : table) {
    const SimilarityFreezing slab({Symmetry::slab, row.wall, kInitial},
                                  {{kFrozen, -8, 0}, mushy_zone()}, kUnfrozen);
    EXPECT_TRUE(agrees(slab.front(0, 600) / kMm, row.solidus)) << row.wall;
    EXPECT_TRUE(agrees(slab.front(1, 600) / kMm, row.liquidus)) << row.wall;
  }
}

// Any symmetry: temperature continuous, flux continuous except for latent heat, equation satisfied.
class FreezingOverRange : public ::testing::TestWithParam<Symmetry> {};

TEST_P(FreezingOverRange, SatisfiesEquationAndInterfaces) {
  const double strength = GetParam() == Symmetry::slab       ? -140
                          : GetParam() == Symmetry::cylinder ? 600
                                                             : 1;
  const SimilarityFreezing solution({GetParam(), strength, kInitial},
                                    {{kFrozen, -8, 0}, mushy_zone()}, kUnfrozen);
  const double t = 600;
  const int dimension = static_cast<int>(GetParam());
  for (std::size_t j = 0; j < 2; ++j) {
    const double r = solution.front(j, t);
    EXPECT_NEAR(solution.temperature(r, t), j == 0 ? -8 : -1, 1e-9);
    EXPECT_NEAR(solution.temperature(r * (1 + 1e-12), t), j == 0 ? -8 : -1, 1e-8);
    EXPECT_NEAR(solution.flux(r * (1 - 1e-9), t) / solution.flux(r * (1 + 1e-9), t), 1, 1e-7);
  }
  EXPECT_NEAR(solution.temperature(1, t), kInitial, 1e-9);
  const std::vector<Phase> phases = {kFrozen, mushy_zone().phase, kUnfrozen};
  const std::vector<double> radii = {0.7 * solution.front(0, t),
                                     0.5 * (solution.front(0, t) + solution.front(1, t)),
                                     1.3 * solution.front(1, t)};
  for (std::size_t j = 0; j < 3; ++j) {
    const double r = radii[j], dr = 1e-4 * r, dt = 1e-3 * t;
    const auto flow = [&](double x) { return std::pow(x, dimension - 1) * solution.flux(x, t); };
    const double divergence = (flow(r + dr) - flow(r - dr)) / (2 * dr) / std::pow(r, dimension - 1);
    const double rate =
        (solution.temperature(r, t + dt) - solution.temperature(r, t - dt)) / (2 * dt);
    EXPECT_NEAR(phases[j].rho_c * rate / divergence, 1, 1e-5) << j;
  }
}

INSTANTIATE_TEST_SUITE_P(Symmetries, FreezingOverRange,
                         ::testing::Values(Symmetry::slab, Symmetry::cylinder, Symmetry::sphere));

TEST(ExactFreezing, NarrowRangeTendsToTheSharpFront) {
  const double front = sharp(Symmetry::cylinder, 600).front(0, 600);
  double before = 0;
  for (const double range : {0.4, 0.2, 0.1}) {
    const Zone zone{{1.25, 2.7e6 + kLatent / range}, kMelting, 0};
    const SimilarityFreezing narrow({Symmetry::cylinder, 600, kInitial},
                                    {{kFrozen, kMelting - range, 0}, zone}, kUnfrozen);
    const double defect = std::abs(narrow.front(1, 600) / front - 1);
    EXPECT_LT(defect, 0.03 * range);
    if (before > 0) {
      EXPECT_NEAR(before / defect, 2, 0.2);  // first order in the range
    }
    before = defect;
  }
}

TEST(ExactFreezing, ThrowsWhenNothingFreezes) {
  EXPECT_THROW(sharp(Symmetry::slab, kMelting + 5), std::domain_error);
}

IceSetup ice(Symmetry shape, double a, double probe, double perfusion) {
  return {shape, a * kMm, probe, -1, 37, 2, 0.5, perfusion * 1060 * 3600, 0};
}

TEST(ExactIce, FrontRadii) {
  struct Row {
    double a, probe;
    Symmetry shape;
    std::vector<std::string> radii;
  };
  const std::vector<Row> table = {
      {1.2, -140, Symmetry::sphere, {"11.4748", "8.0336", "6.4921"}},
      {1.2, -140, Symmetry::cylinder, {"54.4639", "22.9432", "14.9176"}},
      {0.75, -140, Symmetry::sphere, {"8.0723", "5.8645", "4.7960"}},
      {0.75, -140, Symmetry::cylinder, {"49.0739", "20.2857", "13.0213"}},
      {1.2, -180, Symmetry::sphere, {"13.5204", "9.2533", "7.4053"}},
      {1.2, -180, Symmetry::cylinder, {"67.8862", "28.1203", "18.0973"}}};
  const std::vector<double> perfusion = {5e-4, 5e-3, 1.67e-2};
  const std::vector<std::string> lengths = {"16.1881", "5.1191", "2.8011"};
  for (const Row& row : table) {
    for (std::size_t i = 0; i < perfusion.size(); ++i) {
      const SteadyIce solution(ice(row.shape, row.a, row.probe, perfusion[i]));
      EXPECT_TRUE(agrees(solution.front() / kMm, row.radii[i])) << row.a << " " << perfusion[i];
      EXPECT_TRUE(agrees(solution.length() / kMm, lengths[i]));
    }
  }
}

TEST(ExactIce, ProfileIsContinuousWithContinuousFlux) {
  for (const Symmetry shape : {Symmetry::cylinder, Symmetry::sphere}) {
    const SteadyIce solution(ice(shape, 0.75, -140, 5e-3));
    const double r = solution.front(), d = 1e-6 * r;
    EXPECT_NEAR(solution.temperature(0.75 * kMm), -140, 1e-9);
    EXPECT_NEAR(solution.temperature(r), -1, 1e-9);
    EXPECT_NEAR(solution.temperature(1), 37, 1e-9);
    const double in = 2 * (solution.temperature(r) - solution.temperature(r - d));
    const double out = 0.5 * (solution.temperature(r + d) - solution.temperature(r));
    EXPECT_NEAR(in / out, 1, 1e-4);
    // All the perfusion heat goes into the probe.
    const int p = static_cast<int>(shape) - 1;
    const double heat = integrate(
        [&](double s) {
          return std::pow(s, p) * 5e-3 * 1060 * 3600 * (37 - solution.temperature(s));
        },
        {r, r + 40 * solution.length()});
    EXPECT_NEAR(solution.power(), (p == 2 ? 4 : 2) * kPi * heat, 1e-8 * solution.power());
  }
}

TEST(ExactIce, WideRangeBalancesHeat) {
  for (const Symmetry shape : {Symmetry::cylinder, Symmetry::sphere}) {
    IceSetup setup = ice(shape, 0.75, -140, 5e-3);
    setup.range = 15;
    const SteadyIce solution(setup);
    const int p = static_cast<int>(shape) - 1;
    const auto heat = [&](double r) {
      const double temperature = solution.temperature(r);
      const double unfrozen = std::min(1.0, std::max(0.0, (temperature + 16) / 15));
      return std::pow(r, p) * unfrozen * setup.w * (37 - temperature);
    };
    double sum = integrate(heat, {solution.front(), solution.front() + 40 * solution.length()});
    // The range by the midpoint rule: its profile is piecewise linear.
    const double inner = 0.5 * solution.front(), step = (solution.front() - inner) / 40000;
    for (int i = 0; i < 40000; ++i) sum += step * heat(inner + (i + 0.5) * step);
    EXPECT_NEAR(solution.power() / ((p == 2 ? 4 : 2) * kPi * sum), 1, 2e-6);
  }
}

TEST(ExactIce, FreezingRangeTendsToTheSharpFront) {
  for (const Symmetry shape : {Symmetry::cylinder, Symmetry::sphere}) {
    IceSetup setup = ice(shape, 0.75, -140, 5e-3);
    const double front = SteadyIce(setup).front();
    double before = 0;
    for (const double range : {0.4, 0.2, 0.1}) {
      setup.range = range;
      const SteadyIce narrow(setup);
      EXPECT_NEAR(narrow.temperature(0.75 * kMm), -140, 1e-8);
      const double defect = std::abs(narrow.front() / front - 1);
      if (before > 0) {
        EXPECT_NEAR(before / defect, 2, 0.3);
      }
      before = defect;
    }
    EXPECT_LT(before, 2e-3);
  }
}

}  // namespace
}  // namespace thermodose::exact
