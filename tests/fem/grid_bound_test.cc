// The bound of the spectrum of the grid engine against the spectrum itself.
#include <gtest/gtest.h>

#include <random>

#include "grid_fixture.h"

namespace thermodose {
namespace {

using namespace testing_grid;

// Largest growth per application of dL/dH at the state y, by power iteration on differences of L.
// The slower the largest mode parts from the next, the more often that takes.
double spectral_radius(HeatSystem<double>& system, const std::vector<double>& y, int settle) {
  constexpr double step = 100;  // J/m3: 30 microkelvin, far less than a piece of a law
  constexpr int measure = 60;
  std::vector<double> v = random_state(y.size(), -1, 1, 11), high = y, low = y;
  double growth = 0;
  for (int it = 0; it < settle + measure; ++it) {
    for (std::size_t n = 0; n < y.size(); ++n) {
      high[n] = y[n] + step * v[n];
      low[n] = y[n] - step * v[n];
    }
    const std::vector<double> up = rate(system, 0, high), down = rate(system, 0, low);
    for (std::size_t n = 0; n < y.size(); ++n) v[n] = (up[n] - down[n]) / (2 * step);
    const double size = largest(v);
    for (double& x : v) x /= size;
    if (it >= settle) growth += std::log(size) / measure;
  }
  return std::exp(growth);
}

struct Bound {
  double bound, radius;  // 1/s
  double slack() const { return bound / radius; }
};

// With every node at a random temperature.
Bound bound_of(GridSetup setup, const Conditions& conditions, double low, double high,
               unsigned seed = 1, int settle = 60) {
  setup.active_box = false;
  const auto system = make_grid_system<double>(setup, conditions);
  std::vector<double> y = random_state(system->size(), low, high, seed);
  for (std::size_t n = 0; n < y.size(); ++n)
    y[n] = setup.laws[setup.node_law.empty() ? 0 : setup.node_law[n]].enthalpy(y[n]);
  const double radius = spectral_radius(*system, y, settle);
  return {system->spectral_bound(), radius};
}

LawData plain_tissue(double perfusion) {
  LawData d;
  d.capacity = {2e6};
  d.k = {1.5};
  d.perfusion = perfusion;
  return d;
}

ActiveSegment slanted(double length) {
  return needle({-0.3 * length, 0.1e-3, -0.4 * length}, {0.3 * length, 0.4e-3, 0.4 * length});
}

TEST(GridBound, IsTightOnPlainTissue) {
  const Conditions conditions;
  const GridSetup setup = box_setup({13, 11, 12}, 1.2e-3, {make_law(plain_tissue(40e3))});
  const Bound b = bound_of(setup, conditions, 290, 320);
  EXPECT_NEAR(b.bound, 4 * 0.75e-6 / 1.44e-6 + 0.02, 1e-9) << "4 a / h2 and perfusion";
  EXPECT_GE(b.slack(), 1 - 1e-6);
  EXPECT_LE(b.slack(), 1.02);
}

TEST(GridBound, HoldsForTissueInAnyStateOfFreezing) {
  const Conditions conditions;
  const GridSetup setup = box_setup({13, 11, 12}, 1.2e-3, {make_law(freezing_tissue())});
  for (unsigned seed = 1; seed < 4; ++seed)
    for (const double low : {150.0, 255.0, 300.0}) {
      const Bound b = bound_of(setup, conditions, low, low + 30, seed);
      EXPECT_GE(b.slack(), 1 - 1e-6) << low;
      EXPECT_LE(b.slack(), low == 150 ? 1.6 : 100) << "ice everywhere";
    }
}

// Spacings from 0.7 to 3.3 radii, on and off; the exchange must be in the bound and cost little.
TEST(GridBound, HoldsForProbesOfAnyCondition) {
  for (const double spacing : {0.55e-3, 0.75e-3, 1.25e-3, 2.5e-3})
    for (const bool convect : {false, true}) {
      GridSetup setup = box_setup({17, 15, 16}, spacing, {make_law(freezing_tissue())});
      setup.probes = {slanted(6 * spacing),
                      needle({0, 0, -2 * spacing}, {0.5 * spacing, spacing, 3 * spacing})};
      Conditions conditions;
      const Bound off = bound_of(setup, conditions, 150, 200);
      conditions.probes.assign(
          2, [&](double, double) { return convect ? convective(100, 20e3) : fixed(133); });
      const Bound on = bound_of(setup, conditions, 150, 200);
      EXPECT_GE(off.slack(), 1 - 1e-6) << spacing;
      EXPECT_GE(on.slack(), 1 - 1e-6) << spacing;
      EXPECT_LE(on.slack(), 1.6) << spacing;
      EXPECT_GE(on.bound, off.bound);
    }
}

// Ice at one temperature and single needles at any angle: nothing hides behind the random state.
TEST(GridBound, HoldsForNeedlesOfAnyAngle) {
  Conditions conditions;
  conditions.probes = {[](double, double) { return fixed(133); }};
  LawData ice;
  ice.capacity = {2e6};
  ice.k = {2};
  for (const double spacing : {0.5e-3, 0.75e-3})
    for (const Vec3& axis : {Vec3{0, 0, 1}, Vec3{0, 0.6, 0.8}, Vec3{0.48, 0.6, 0.64}}) {
      GridSetup setup = box_setup({15, 18, 19}, spacing, {make_law(ice)});
      const Vec3 begin{-2.2 * spacing * axis[0], 0.1e-3 - 4 * spacing * axis[1],
                       -4 * spacing * axis[2]};
      Vec3 end = begin;
      for (std::size_t d = 0; d < 3; ++d) end[d] += 8 * spacing * axis[d];
      setup.probes = {needle(begin, end)};
      const Bound b = bound_of(setup, conditions, 200, 201, 1, 500);
      EXPECT_GE(b.slack(), 1 - 1e-6) << spacing << ' ' << axis[0];
      EXPECT_LE(b.slack(), 1.1) << spacing << ' ' << axis[0];
      Conditions released;
      const Bound off = bound_of(setup, released, 200, 201);
      EXPECT_NEAR(off.bound, 4 * 1e-6 / (spacing * spacing), 1e-9 * off.bound);
    }
}

// Tissues of every node and cell drawn at random: more interfaces than any case has.
TEST(GridBound, HoldsWhereTissuesMeet) {
  const Conditions conditions;
  LawData thin = plain_tissue(0);
  thin.capacity = {0.4e6};
  GridSetup setup = box_setup(
      {9, 10, 9}, 1e-3, {make_law(freezing_tissue()), make_law(other_tissue()), make_law(thin)});
  for (unsigned seed = 1; seed < 6; ++seed) {
    std::mt19937 random(seed);
    setup.node_law.assign(9 * 10 * 9, 0);
    setup.cell_law.assign(8 * 9 * 8, 0);
    const int laws = seed < 4 ? 2 : 3;
    for (auto* painted : {&setup.node_law, &setup.cell_law})
      for (auto& law : *painted)
        law = static_cast<LawIndex>(std::uniform_int_distribution<int>(0, laws - 1)(random));
    for (const double low : {120.0, 180.0, 255.0})
      for (const double spread : {1.0, 60.0})
        EXPECT_GE(bound_of(setup, conditions, low, low + spread, seed).slack(), 1 - 1e-6)
            << low << " to " << low + spread;
  }
}

// Convection adds up where faces meet.
TEST(GridBound, HoldsOnConvectiveFaces) {
  for (const double coefficient : {50.0, 500.0, 5000.0}) {
    GridSetup setup = box_setup({9, 10, 9}, 1e-3, {make_law(plain_tissue(0))});
    Conditions conditions;
    for (std::size_t f = 0; f < 6; ++f) {
      const Bound b = bound_of(setup, conditions, 290, 320);
      EXPECT_GE(b.slack(), 1 - 1e-6) << f << " faces of " << coefficient;
      setup.faces[f] = FaceKind::convective;
      conditions.faces[f] = [coefficient](double) { return convective(300, coefficient); };
    }
  }
}

TEST(GridBound, HoldsForEverythingTogether) {
  GridSetup setup =
      box_setup({15, 14, 13}, 1e-3, {make_law(freezing_tissue()), make_law(other_tissue())});
  paint(setup, [](const Vec3& p) { return p[0] + 0.3 * p[1] > 0.2e-3 ? 1 : 0; });
  setup.faces[0] = setup.faces[2] = FaceKind::convective;
  setup.faces[5] = FaceKind::fixed;
  setup.probes = {slanted(8e-3)};
  Conditions conditions;
  conditions.faces[0] = [](double) { return convective(300, 800); };
  conditions.faces[2] = [](double) { return convective(300, 600); };
  conditions.faces[5] = [](double) { return fixed(280); };
  conditions.probes = {[](double, double) { return fixed(133); }};
  for (unsigned seed = 1; seed < 4; ++seed)
    EXPECT_GE(bound_of(setup, conditions, 140 + 30 * seed, 260, seed).slack(), 1 - 1e-6);
}

// Two tissues side by side at about one temperature: what counts is what they conduct there.
struct TwoTissues {
  GridSetup setup =
      box_setup({13, 11, 12}, 1.2e-3, {make_law(freezing_tissue(0)), make_law(other_tissue())});
  Conditions conditions;
  TwoTissues() {
    setup.active_box = false;
    paint(setup, [](const Vec3& p) { return p[0] + 0.4 * p[1] > 0.3e-3 ? 1 : 0; });
  }
  std::vector<double> state(double low, double high) const {
    std::vector<double> y = random_state(node_count(setup.lattice.nodes), low, high, 5);
    for (std::size_t n = 0; n < y.size(); ++n) y[n] = setup.laws[setup.node_law[n]].enthalpy(y[n]);
    return y;
  }
};

TEST(GridBound, FollowsTheStateOfSeveralTissues) {
  const TwoTissues two;
  const auto system = make_grid_system<double>(two.setup, two.conditions);
  const double everywhere = system->spectral_bound();
  for (const double low : {140.0, 200.0, 255.0, 268.0, 280.0, 305.0}) {
    std::vector<double> y = two.state(low, low + 5);
    system->begin_step(low, 1, y.data());
    const double bound = system->spectral_bound();
    EXPECT_GE(bound, (1 - 1e-6) * spectral_radius(*system, y, 60)) << low;
    EXPECT_LE(bound, (1 + 1e-9) * everywhere) << low;
    if (low > 295) {
      EXPECT_LT(bound, 0.6 * everywhere) << "no ice within reach";
    }
  }
}

// Ice of one tissue at the probe, of a better conductor away from it: each counts where it is.
TEST(GridBound, CountsTheExchangeOfProbesWithTheTissueAroundThem) {
  LawData poor, good;
  poor.capacity = good.capacity = {2e6};
  poor.k = {1};
  for (const double k : {0.3, 1.0, 1.4, 1.8, 2.4, 6.0}) {
    good.k = {k};
    const double h = 1.25e-3;
    GridSetup setup = box_setup({15, 25, 16}, h, {make_law(poor), make_law(good)});
    setup.active_box = false;
    paint(setup, [&](const Vec3& p) { return p[1] > 7.3 * h ? 1 : 0; });
    setup.probes = {needle({0.1e-3, -2 * h, -4 * h}, {0.4e-3, 0, 4 * h})};
    Conditions conditions;
    conditions.probes = {[](double, double) { return fixed(133); }};
    const auto system = make_grid_system<double>(setup, conditions);
    const double everywhere = system->spectral_bound();
    std::vector<double> y(system->size());
    for (std::size_t n = 0; n < y.size(); ++n) y[n] = setup.laws[setup.node_law[n]].enthalpy(200);
    system->begin_step(0, 1, y.data());
    const double bound = system->spectral_bound();
    EXPECT_GE(bound, (1 - 1e-6) * spectral_radius(*system, y, 500)) << k;
    if (k > 1) {
      EXPECT_LT(bound, 0.95 * everywhere) << k;
    }
  }
}

// Ice where the bound expected none: the step is taken back, and judged again from there.
TEST(GridBound, StepsThatLeaveWhatTheBoundIsForAreTakenBack) {
  const TwoTissues two;
  const auto system = make_grid_system<double>(two.setup, two.conditions);
  std::vector<double> warm = two.state(305, 309), cold = two.state(180, 200), l(warm.size());
  const auto physical = [&](std::vector<double>& from, std::vector<double>& to) {
    system->begin_step(0, 1, from.data());
    system->end_step(0, 1, from.data(), to.data());
    return system->check_step(1, from.data(), to.data(), l.data(), l.data()).physical;
  };
  EXPECT_TRUE(physical(warm, warm));
  EXPECT_FALSE(physical(warm, cold));
  EXPECT_TRUE(physical(cold, cold));
  EXPECT_TRUE(physical(cold, warm));
}

}  // namespace
}  // namespace thermodose
