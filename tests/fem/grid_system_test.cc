// The grid engine as a HeatSystem: its right-hand side, volumes, checks of a step, symmetry.
#include <gtest/gtest.h>

#include <limits>

#include "fem/rkl2.h"
#include "fem/thread_team.h"
#include "grid_fixture.h"
#include "verification/pinned_system.h"

namespace thermodose {
namespace {

using namespace testing_grid;

const std::vector<SegmentLaw>& two_laws() {
  static const std::vector<SegmentLaw> laws{make_law(freezing_tissue()), make_law(other_tissue())};
  return laws;
}

// Enthalpies of random temperatures, each in the law of its node.
std::vector<double> random_temperatures(const GridSetup& s, double low, double high,
                                        unsigned seed = 7) {
  std::vector<double> y = random_state(node_count(s.lattice.nodes), low, high, seed);
  for (std::size_t n = 0; n < y.size(); ++n)
    y[n] = s.laws[s.node_law.empty() ? 0 : s.node_law[n]].enthalpy(y[n]);
  return y;
}

NaiveGrid naive_grid(const GridSetup& s) {
  NaiveGrid b;
  b.nodes = s.lattice.nodes;
  for (std::size_t f = 0; f < 6; ++f)
    b.edge[f] = s.faces[f] == FaceKind::fixed ? Edge::fixed : Edge::symmetric;
  b.spacing = s.lattice.spacing;
  b.laws = s.laws;
  b.node_law = s.node_law;
  b.cell_law = s.cell_law;
  return b;
}

// Fixed, convective and insulated faces, two tissues, sources: everything but probes.
struct Everything {
  GridSetup setup = box_setup({9, 8, 7}, 1.5e-3, two_laws());
  Conditions conditions;

  Everything() {
    setup.faces = {FaceKind::convective, FaceKind::fixed,      FaceKind::convective,
                   FaceKind::insulated,  FaceKind::convective, FaceKind::insulated};
    conditions.faces[0] = [](double t) { return convective(280 + t, 150); };
    conditions.faces[1] = [](double) { return fixed(295); };
    conditions.faces[2] = [](double t) { return convective(320 - t, 40); };
    conditions.faces[4] = [](double) { return convective(90, 500); };
    paint(setup, [](const Vec3& p) { return p[0] + 0.4 * p[1] + 0.2 * p[2] > 0.3e-3 ? 1 : 0; });
  }
  // Heat through the convective faces of node (i, j, k) per volume.
  double convection(int i, int j, int k, double t, double temperature) const {
    const std::array<int, 3> p{i, j, k};
    double sum = 0;
    for (std::size_t d = 0; d < 3; ++d)
      if (p[d] == 0) {  // area / volume of a node on a face
        const SurfaceCondition c = conditions.face(int(2 * d), t);
        sum += 2 / setup.lattice.spacing * c.coefficient * (c.temperature - temperature);
      }
    return sum;
  }
};

TEST(GridSystem, RateOfEverythingMatchesTheAssembly) {
  const Everything all;
  const auto& n = all.setup.lattice.nodes;
  const auto system = make_grid_system<double>(all.setup, all.conditions);
  const std::vector<double> y = random_temperatures(all.setup, 120, 330);
  const double t = 7;
  const std::vector<double> l = rate(*system, t, y);
  const NaiveGrid box = naive_grid(all.setup);
  const std::vector<double> naive = naive_rates(box, y).rate;
  const double scale = largest(naive);
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) {
        const std::size_t m = node_of(n, i, j, k);
        const double surface = all.convection(i, j, k, t, box.law(m).temperature(y[m]));
        const double expected = i == n[0] - 1 ? 0 : naive[m] + surface;
        EXPECT_NEAR(l[m], expected, 1e-12 * scale) << i << ' ' << j << ' ' << k;
      }
  // The same in float, to what float holds.
  const auto single = make_grid_system<float>(all.setup, all.conditions);
  const auto lf = rate(*single, t, std::vector<float>(y.begin(), y.end()));
  for (std::size_t m = 0; m < y.size(); ++m) EXPECT_NEAR(lf[m], l[m], 3e-6 * scale);
}

TEST(GridSystem, VolumesAddUpAndWeighTheStoredHeat) {
  const Conditions conditions;
  const GridSetup setup = box_setup({9, 8, 7}, 1.5e-3, two_laws());
  const auto system = make_grid_system<double>(setup, conditions);
  const NaiveGrid box = naive_grid(setup);
  const std::vector<double> y = random_temperatures(setup, 150, 330);
  const std::vector<double> volume = naive_rates(box, y).volume;
  double sum = 0, heat = 0;
  for (std::size_t n = 0; n < y.size(); ++n) {
    EXPECT_NEAR(system->volume(n), volume[n], 1e-12 * volume[n]) << n;
    sum += system->volume(n);
    heat += volume[n] * y[n];
  }
  EXPECT_NEAR(sum, 8 * 7 * 6 * std::pow(1.5e-3, 3), 1e-20);
  EXPECT_NEAR(system->stored(y.data()), heat, 1e-12 * std::abs(heat));
}

TEST(GridSystem, TissueAtRestStaysAtRest) {
  const Conditions conditions;
  GridSetup setup = box_setup({13, 13, 13}, 1e-3, two_laws());
  paint(setup, [](const Vec3& p) { return p[2] > 0.1e-3 ? 1 : 0; });
  const auto two = make_grid_system<double>(setup, conditions);
  // Where tissues meet k T is rounded at 310 K: 1e-7 W/m3 heats by 1e-9 K in a day.
  EXPECT_LT(largest(rate(*two, 0, std::vector<double>(two->size(), 0.0))), 1e-7);
  setup.node_law.clear();
  setup.cell_law.clear();
  const auto d = make_grid_system<double>(setup, conditions);
  EXPECT_EQ(largest(rate(*d, 0, std::vector<double>(d->size(), 0.0))), 0);
  const auto f = make_grid_system<float>(setup, conditions);
  EXPECT_EQ(largest(rate(*f, 0, std::vector<float>(f->size(), 0.0F))), 0);
}

// From rest, or from `y`, with steps of 0.5 s that nothing changes.
std::vector<double> after(HeatSystem<double>& system, double end, std::vector<double> y = {}) {
  y.resize(system.size(), 0.0);
  verification::PinnedSystem<double> started(system, nullptr, std::move(y));
  StepControl control;
  control.first_step = control.max_step = 0.5;
  Rkl2<double> rkl(started, control);
  rkl.start(0);
  rkl.advance(end, true, [](const AcceptedStep<double>&) {});
  return {rkl.state(), rkl.state() + system.size()};
}

Conditions cold_probes(std::size_t count) {
  Conditions c;
  c.probes.assign(count, [](double, double) { return fixed(140); });
  return c;
}

TEST(GridSystem, MirroredProblemHasTheMirroredResult) {
  const Conditions conditions = cold_probes(1);
  const auto build = [&](double sign) {
    GridSetup s = box_setup({17, 15, 16}, 1e-3, two_laws());
    paint(s, [&](const Vec3& p) { return sign * p[0] + 0.3 * p[1] > 0.4e-3 ? 1 : 0; });
    s.probes = {needle({sign * 1.3e-3, -0.2e-3, -2.1e-3}, {-sign * 0.7e-3, 0.4e-3, 3e-3})};
    s.active_box = false;  // rows are rounded up to whole vectors at one end
    return make_grid_system<double>(std::move(s), conditions);
  };
  const auto y = after(*build(1), 10), mirrored = after(*build(-1), 10);
  EXPECT_LT(*std::min_element(y.begin(), y.end()), -4e8) << "something froze";
  double miss = 0;
  for (std::size_t n = 0; n < y.size(); ++n)
    miss = std::max(miss, std::abs(y[n] - mirrored[n / 17 * 17 + 16 - n % 17]));
  EXPECT_LT(miss, 1) << "of 4e8 J/m3";
}

TEST(GridSystem, HalfADomainEqualsTheWhole) {
  const Conditions conditions = cold_probes(2);
  // Parallel to the plane, 16 points on a ring: the points of the one are images of the other's.
  const auto probe = [](double sign) {
    return needle({sign * 4.3e-3, 0.3e-3, -3e-3}, {sign * 4.3e-3, -1e-3, 2e-3}, 0.8e-3);
  };
  GridSetup whole = box_setup({25, 13, 13}, 1e-3, two_laws());
  whole.probes = {probe(1), probe(-1)};
  GridSetup half = box_setup({13, 13, 13}, 1e-3, two_laws());
  whole.active_box = half.active_box = false;
  half.lattice.origin[0] = 0;
  half.probes = {probe(1)};
  for (GridSetup* s : {&whole, &half})
    paint(*s, [](const Vec3& p) { return p[2] < 0.2e-3 ? 1 : 0; });
  const auto right = make_grid_system<double>(half, conditions);
  const auto both = make_grid_system<double>(whole, conditions);
  const auto y = after(*right, 15);
  std::vector<double> mirrored(both->size());
  const auto right_node = [](std::size_t n) {  // of the whole -> of the half
    const std::size_t i = n % 25;
    return n / 25 * 13 + (i < 12 ? 12 - i : i - 12);
  };
  for (std::size_t n = 0; n < mirrored.size(); ++n) mirrored[n] = y[right_node(n)];
  EXPECT_LT(y[node_of({13, 13, 13}, 0, 6, 6)], -1e6) << "the cold reached the plane of symmetry";
  const auto a = rate(*both, 15, mirrored), b = rate(*right, 15, y);
  double miss = 0;
  for (std::size_t n = 0; n < a.size(); ++n)
    miss = std::max(miss, std::abs(a[n] - b[right_node(n)]));
  EXPECT_LT(miss, 1e-10 * largest(b));
  // Runs differ by what the number of stages does, for the bounds of the spectrum are not the same.
  const auto run = after(*both, 15);
  for (std::size_t n = 0; n < a.size(); ++n) miss = std::max(miss, std::abs(run[n] - mirrored[n]));
  EXPECT_LT(miss, 1e4) << "3 mK";
}

// Mean heat may flow, none may leave; the hottest never heats and the coldest never cools.
TEST(GridSystem, InsulatedBoxKeepsItsHeat) {
  const Conditions conditions;
  const std::vector<SegmentLaw> laws{make_law(freezing_tissue(0))};
  const auto system = make_grid_system<double>(box_setup({11, 12, 10}, 1e-3, laws), conditions);
  const std::vector<double> start =
      random_temperatures(box_setup({11, 12, 10}, 1e-3, laws), 240, 320);
  const std::vector<double> end = after(*system, 30, start);
  const double before = system->stored(start.data());
  EXPECT_NEAR(system->stored(end.data()), before, 1e-12 * std::abs(before));
  const auto [low, high] = std::minmax_element(end.begin(), end.end());
  EXPECT_GE(*low, *std::min_element(start.begin(), start.end()));
  EXPECT_LE(*high, *std::max_element(start.begin(), start.end()));
  EXPECT_LT(*high - *low, 2e8) << "it did conduct";
}

TEST(GridSystem, ThreadsGiveTheSameStateBitwise) {
  GridSetup setup = box_setup({21, 19, 23}, 1e-3, two_laws());
  paint(setup, [](const Vec3& p) { return p[0] > 0.3e-3 ? 1 : 0; });
  setup.faces[0] = FaceKind::convective;
  setup.probes = {needle({1e-3, 0, -4e-3}, {-1e-3, 1e-3, 4e-3})};
  Conditions conditions = cold_probes(1);
  conditions.faces[0] = [](double) { return convective(285, 200); };
  const auto one = after(*make_grid_system<double>(setup, conditions), 5);
  for (const int threads : {2, 3}) {
    setup.team = std::make_shared<ThreadTeam>(threads);
    EXPECT_EQ(after(*make_grid_system<double>(setup, conditions), 5), one) << threads;
  }
}

// Slabs large enough that threads work at the same time, on workspaces of their own.
TEST(GridSystem, ThreadsDoNotDisturbEachOther) {
  const Conditions conditions;
  GridSetup setup = box_setup({61, 62, 63}, 1e-3, two_laws());
  paint(setup, [](const Vec3& p) { return p[0] > 0.3e-3 ? 1 : 0; });
  const std::vector<double> y = random_temperatures(setup, 150, 330);
  const auto one = rate(*make_grid_system<double>(setup, conditions), 0, y);
  setup.team = std::make_shared<ThreadTeam>(4);
  const auto system = make_grid_system<double>(setup, conditions);
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(rate(*system, 0, y) == one) << "bitwise, " << i;
}

// The embedded defect is a mean over nodes that have left rest and are not prescribed: where all
// of those in `moved_law` have the same defect, it is that, whichever rows are looked at.
double defect_of_a_step(int moved_law, int threads) {
  Conditions conditions;
  conditions.faces[0] = [](double) { return fixed(250); };
  GridSetup setup = box_setup({12, 13, 11}, 1e-3, two_laws());
  setup.faces[0] = FaceKind::fixed;
  paint(setup, [](const Vec3& p) { return p[0] > 0 ? 1 : 0; });
  setup.team = std::make_shared<ThreadTeam>(threads);
  const auto system = make_grid_system<double>(setup, conditions);
  std::vector<double> old(system->size()), now = old, l_old = old, l_now = old;
  for (std::size_t n = 0; n < old.size(); ++n) {
    if (n % 12 == 0) continue;
    const double c = two_laws()[setup.node_law[n]].capacity(0);
    const bool moved = setup.node_law[n] == moved_law;
    now[n] = (moved ? -20 : 0.5) * c;  // 1 K decides
    old[n] = now[n] + 4 * c;
    l_old[n] = -0.7 * c;
    l_now[n] = -0.6 * c;
  }
  system->begin_step(0, 2, old.data());
  for (auto* y : {&old, &now}) system->prescribe(0, y->data());
  const StepCheck check = system->check_step(2, old.data(), now.data(), l_old.data(), l_now.data());
  EXPECT_TRUE(check.physical);
  return check.error;
}

TEST(GridSystem, DefectOfAStepIsThatOfTheMovedFreeNodes) {
  for (const int threads : {1, 3})
    for (const int law : {0, 1})
      EXPECT_NEAR(defect_of_a_step(law, threads), 0.8 * 4 - 0.4 * 2 * 1.3, 1e-9) << law;
  EXPECT_EQ(defect_of_a_step(7, 1), 0) << "nothing moved but the fixed face";
}

// Whatever is out of the range of its law or no number must be seen, wherever it is.
template <class Real>
bool physical(double value, std::size_t where) {
  static const Conditions conditions;
  GridSetup setup = box_setup({8, 7, 9}, 1e-3, two_laws());
  const auto system = make_grid_system<Real>(setup, conditions);
  std::vector<Real> y(system->size(), Real(0)), now = y;
  const std::vector<Real> l = y;
  for (std::size_t n = 0; n < y.size(); n += 3) y[n] = now[n] = Real(-3e8);
  system->begin_step(0, 1, y.data());
  now[where] = static_cast<Real>(value);
  return system->check_step(1, y.data(), now.data(), l.data(), l.data()).physical;
}

TEST(GridSystem, UnphysicalStatesAreSeen) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  const SegmentLaw& law = two_laws()[0];
  for (const std::size_t where : {0, 3, 5, 250, 503}) {
    for (const double bad : {nan, inf, -inf, law.enthalpy(law.min_temperature - 0.1),
                             law.enthalpy(law.max_temperature + 0.1)}) {
      EXPECT_FALSE(physical<double>(bad, where)) << bad << " at " << where;
      EXPECT_FALSE(physical<float>(bad, where)) << bad << " at " << where;
    }
    for (const double good : {0.0, -3e8, law.enthalpy(law.min_temperature + 0.1),
                              law.enthalpy(law.max_temperature - 0.1)})
      EXPECT_TRUE(physical<double>(good, where)) << good << " at " << where;
  }
}

TEST(GridSystem, SensedTemperatureOfAUniformStateIsThatState) {
  GridSetup setup = box_setup({15, 15, 15}, 1e-3, two_laws());
  paint(setup, [](const Vec3& p) { return p[0] > 0.3e-3 ? 1 : 0; });
  setup.probes = {needle({1e-3, 0.2e-3, -2e-3}, {-1e-3, 1e-3, 2e-3})};
  const Conditions conditions;
  const auto system = make_grid_system<double>(setup, conditions);
  for (const double t : {150.0, 268.0, 305.0})
    EXPECT_NEAR(system->sensed(0, {}, random_temperatures(setup, t, t + 1e-12).data()), t, 1e-9);
}

// At a switch the instant belongs to both sides: the inside of the step tells which mode holds.
// Temperatures are asked for at the times of the stages.
TEST(GridSystem, ProbesAreAskedAtTheStagesInTheModeOfTheStep) {
  struct Asked {
    double t, inside;
  };
  std::vector<Asked> asked;
  Conditions conditions;
  conditions.probes = {[&](double t, double inside) {
    asked.push_back({t, inside});
    return inside < 12 ? fixed(200) : SurfaceCondition{};
  }};
  GridSetup setup = box_setup({15, 15, 15}, 1e-3, two_laws());
  setup.probes = {needle({1e-3, 0.2e-3, -2e-3}, {-1e-3, 1e-3, 2e-3})};
  const auto system = make_grid_system<double>(setup, conditions);
  std::vector<double> y(system->size(), 0.0), out = y, l0 = y;
  for (const double begin : {10.0, 12.0}) {
    asked.clear();
    system->begin_step(begin, 2, y.data());
    for (const double t : {begin, begin + 0.3, begin + 1.7, begin + 2}) {
      StageCoefficients c;
      c.first = true;
      c.time = t;
      system->stage(c, y.data(), out.data(), y.data(), l0.data());
      EXPECT_EQ(asked.back().t, t);
      EXPECT_EQ(largest(l0) > 0, begin < 12) << "mode of the step that begins at " << begin;
    }
    for (const Asked& a : asked) {
      EXPECT_GT(a.inside, begin);
      EXPECT_LT(a.inside, begin + 2);
    }
  }
}

}  // namespace
}  // namespace thermodose
