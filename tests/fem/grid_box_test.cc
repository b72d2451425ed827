// The part of a grid that is integrated: how its box grows, and that it does not show in a run.
#include <gtest/gtest.h>

#include <set>

#include "fem/active_box.h"
#include "fem/rkl2.h"
#include "grid_fixture.h"

namespace thermodose {
namespace {

using namespace testing_grid;
using Index = std::array<int, 3>;

TEST(ActiveBox, ShrinksToNodesWithAMarginInsideTheGrid) {
  ActiveBox box({30, 20, 10});
  EXPECT_TRUE(box.full());
  EXPECT_EQ(box.cells(), 6000U);
  box.shrink_to({{4, 9, 5}, {12, 10, 5}, {8, 7, 4}}, 3);
  EXPECT_EQ(box.lo, (Index{1, 4, 1}));
  EXPECT_EQ(box.hi, (Index{16, 14, 9}));
  EXPECT_FALSE(box.full());
  EXPECT_EQ(box.cells(), 15U * 10 * 8);
  box.shrink_to({{4, 9, 5}}, 7);
  EXPECT_EQ(box.lo, (Index{0, 2, 0}));
  EXPECT_EQ(box.hi, (Index{12, 17, 10}));
}

// One node beyond the threshold, somewhere; returns what of the box has changed.
struct Growth {
  Index lo, hi;
  bool told;
};
Growth grown(const Index& where, float value) {
  const Index nodes{30, 20, 25};
  ActiveBox box(nodes);
  box.lo = {10, 0, 1};
  box.hi = {20, 15, 24};
  std::vector<float> y(node_count(nodes), 0.0F);
  y[node_of(nodes, where[0], where[1], where[2])] = value;
  const bool told = box.grow(y.data(), 5.0F, 3);
  return {{10 - box.lo[0], -box.lo[1], 1 - box.lo[2]},
          {box.hi[0] - 20, box.hi[1] - 15, box.hi[2] - 24},
          told};
}

void expect_growth(const Index& where, const Index& lo, const Index& hi) {
  for (const float value : {5.5F, -5.5F}) {
    const Growth g = grown(where, value);
    EXPECT_EQ(g.lo, lo) << value;
    EXPECT_EQ(g.hi, hi) << value;
    EXPECT_EQ(g.told, lo != Index{} || hi != Index{}) << value;
  }
  EXPECT_FALSE(grown(where, 4.5F).told) << "below the threshold";
}

TEST(ActiveBox, GrowsWhereTissueNextToItsFaceHasMoved) {
  expect_growth({15, 8, 12}, {}, {});         // deep inside
  expect_growth({12, 8, 12}, {}, {});         // two planes inside
  expect_growth({11, 8, 12}, {3, 0, 0}, {});  // one plane inside
  expect_growth({18, 8, 12}, {}, {3, 0, 0});
  expect_growth({15, 1, 12}, {}, {});  // that face is the end of the grid
  expect_growth({15, 13, 12}, {}, {0, 3, 0});
  expect_growth({15, 8, 2}, {0, 0, 1}, {});  // to the end of the grid and no further
  expect_growth({15, 8, 22}, {}, {0, 0, 1});
  expect_growth({11, 13, 22}, {3, 0, 0}, {0, 3, 1});  // a corner
  expect_growth({11, 16, 12}, {}, {});                // outside
}

TEST(ActiveBox, RunsAreItsNodesSplitByTissue) {
  const Index nodes{9, 6, 5};
  std::vector<std::size_t> row_spans{0};
  std::vector<LawSpan> spans;
  const auto law = [](int i, std::size_t row) { return (i + int(row)) % 9 < 4 ? 1 : 2; };
  for (std::size_t row = 0; row < 30; ++row) {
    for (int i = 1; i < 9; ++i)
      if (law(i, row) != law(i - 1, row)) spans.push_back({i, law(i - 1, row)});
    spans.push_back({9, law(8, row)});
    row_spans.push_back(spans.size());
  }
  ActiveBox box(nodes);
  box.lo = {1, 2, 0};
  box.hi = {7, 5, 4};
  std::set<std::size_t> seen;
  for (const NodeRun& run : box.runs(row_spans, spans)) {
    ASSERT_LT(run.begin, run.end);
    EXPECT_EQ(run.begin / 9, (run.end - 1) / 9) << "within a row";
    for (std::size_t n = run.begin; n < run.end; ++n) {
      EXPECT_TRUE(seen.insert(n).second) << "twice";
      EXPECT_EQ(run.law, law(int(n % 9), n / 9));
      const Index p{int(n % 9), int(n / 9 % 6), int(n / 54)};
      for (std::size_t d = 0; d < 3; ++d) EXPECT_TRUE(p[d] >= box.lo[d] && p[d] < box.hi[d]);
    }
  }
  EXPECT_EQ(seen.size(), box.cells());
}

std::size_t active_nodes(const HeatSystem<double>& system) {
  std::size_t n = 0;
  for (const NodeRun& run : system.active_runs()) n += run.end - run.begin;
  return n;
}

GridSetup probe_setup() {
  GridSetup s = box_setup({57, 59, 61}, 1.2e-3, {make_law(freezing_tissue())});
  s.probes = {needle({0.2e-3, 0.1e-3, -6e-3}, {0.5e-3, -0.3e-3, 6e-3})};
  return s;
}

TEST(GridBox, IsUsedOnlyWhereTissueBeyondIsAtRest) {
  Conditions conditions;
  const auto share = [&](const GridSetup& s) {
    const auto system = make_grid_system<double>(s, conditions);
    return double(active_nodes(*system)) / double(system->size());
  };
  EXPECT_LT(share(probe_setup()), 0.25);
  GridSetup s = probe_setup();
  s.active_box = false;
  EXPECT_EQ(share(s), 1);
  s = probe_setup();
  s.probes.clear();
  EXPECT_EQ(share(s), 1) << "nothing to shrink to";
  s = probe_setup();
  LawData heated = freezing_tissue();
  heated.arterial = kBody + 0.5;
  s.laws = {make_law(heated)};
  EXPECT_EQ(share(s), 1) << "tissue warms up by itself, in the end by 0.5 K";
  s.horizon = 30;
  EXPECT_LT(share(s), 0.25) << "within half a minute by 0.07 K";
  heated.perfusion = 0;
  s.laws = {make_law(heated)};
  s.laws[0].source_at_reference = 1000;
  EXPECT_LT(share(s), 0.25) << "within half a minute by 0.01 K";
  s.horizon = 1e3;
  EXPECT_EQ(share(s), 1) << "0.26 K, and nothing to stop it";
  heated.perfusion = 20e3;
  heated.arterial = kBody + 0.1;
  s.horizon = 1e9;
  s.laws = {make_law(heated)};
  EXPECT_LT(share(s), 0.25) << "0.1 K at most";
  s = probe_setup();
  s.faces[3] = FaceKind::fixed;
  conditions.faces[3] = [](double) { return fixed(kBody); };
  EXPECT_LT(share(s), 0.25) << "a face at the temperature of rest is quiet";
  conditions.faces[3] = [](double) { return fixed(kBody - 0.1); };
  EXPECT_EQ(share(s), 1);
  s.faces[3] = FaceKind::convective;
  conditions.faces[3] = [](double) { return convective(kBody, 10); };
  EXPECT_EQ(share(s), 1) << "the ambient may change";
}

// Volume below a temperature, K: trilinear between nodes, counted at 27 points of each cell.
double volume_below(const std::vector<double>& t, const GridSetup& s, double threshold) {
  const Index& n = s.lattice.nodes;
  double points = 0;
  for (int k = 0; k + 1 < n[2]; ++k)
    for (int j = 0; j + 1 < n[1]; ++j)
      for (int i = 0; i + 1 < n[0]; ++i) {
        std::array<double, 8> c{};
        for (unsigned a = 0; a < 8; ++a)
          c[a] = t[node_of(n, i + int(a & 1U), j + int(a >> 1U & 1U), k + int(a >> 2U))];
        const auto [low, high] = std::minmax_element(c.begin(), c.end());
        if (*low >= threshold || *high < threshold) {
          points += *high < threshold ? 27 : 0;
          continue;
        }
        for (int p = 0; p < 27; ++p) {
          const std::array<double, 3> x{(p % 3 + 0.5) / 3, (p / 3 % 3 + 0.5) / 3,
                                        (p / 9 + 0.5) / 3};
          double value = 0;
          for (unsigned a = 0; a < 8; ++a)
            value += c[a] * ((a & 1U) != 0 ? x[0] : 1 - x[0]) * ((a & 2U) != 0 ? x[1] : 1 - x[1]) *
                     ((a & 4U) != 0 ? x[2] : 1 - x[2]);
          points += value < threshold ? 1 : 0;
        }
      }
  return points / 27 * std::pow(s.lattice.spacing, 3);
}

struct Outcome {
  double ice = 0, lethal = 0;         ///< m3 below 0 and -40 degC
  std::vector<double> thermocouples;  ///< K, at 6, 12 and 18 mm from the axis
  std::size_t active_before = 0, active_after = 0;
  bool rest_outside = true;
};

Outcome freeze(bool active_box, int tissues, double warming = 0) {
  Conditions conditions;
  conditions.probes = {[](double t, double) { return fixed(kBody - 177 * std::min(1.0, t / 60)); }};
  GridSetup setup = probe_setup();
  setup.active_box = active_box;
  if (warming > 0) {
    LawData warm = freezing_tissue();
    warm.arterial = kBody + warming;
    setup.laws = {make_law(warm)};
  }
  if (tissues > 1) {
    setup.laws.push_back(make_law(other_tissue()));
    paint(setup, [](const Vec3& p) { return p[0] + 0.2 * p[1] > 4e-3 ? 1 : 0; });
  }
  const auto law = [&](std::size_t n) -> const SegmentLaw& {
    return setup.laws[setup.node_law.empty() ? 0 : setup.node_law[n]];
  };
  const auto system = make_grid_system<double>(setup, conditions);
  Outcome out;
  out.active_before = active_nodes(*system);
  StepControl control;  // the same steps for both: it is the box that is looked at
  control.first_step = control.max_step = 2;
  control.tolerance = 10;
  Rkl2<double> rkl(*system, control);
  rkl.start(0);
  rkl.advance(200, true, [](const AcceptedStep<double>&) {});
  out.active_after = active_nodes(*system);
  std::vector<double> t(system->size());
  for (std::size_t n = 0; n < t.size(); ++n) t[n] = law(n).temperature(rkl.state()[n]);
  out.ice = volume_below(t, setup, 273.15);
  out.lethal = volume_below(t, setup, 233.15);
  for (const int cells : {5, 10, 15})
    out.thermocouples.push_back(t[node_of(setup.lattice.nodes, 28 + cells, 29, 30)]);
  std::vector<char> active(t.size(), 0);
  for (const NodeRun& run : system->active_runs())
    std::fill(active.begin() + std::ptrdiff_t(run.begin), active.begin() + std::ptrdiff_t(run.end),
              1);
  for (std::size_t n = 0; n < t.size(); ++n)
    out.rest_outside = out.rest_outside && (active[n] != 0 || rkl.state()[n] == 0);
  return out;
}

void expect_box_does_not_show(int tissues, double warming = 0) {
  const Outcome box = freeze(true, tissues, warming), whole = freeze(false, tissues, warming);
  EXPECT_GT(whole.ice, 2e-6) << "some mL";
  EXPECT_NEAR(box.ice, whole.ice, 1e-3 * whole.ice);
  EXPECT_NEAR(box.lethal, whole.lethal, 1e-3 * whole.lethal);
  for (std::size_t c = 0; c < 3; ++c)
    EXPECT_NEAR(box.thermocouples[c], whole.thermocouples[c], 0.02 + 0.5 * warming) << c;
  EXPECT_LT(whole.thermocouples[0], 265);
  EXPECT_LT(whole.thermocouples[1], kBody - 3) << "warm, but no longer at rest";
  EXPECT_TRUE(box.rest_outside);
  EXPECT_LT(box.active_before, whole.active_before / 3);
  EXPECT_GT(box.active_after, 2 * box.active_before) << "it grew";
  EXPECT_LT(box.active_after, whole.active_after);
}

TEST(GridBox, DoesNotShowInARun) { expect_box_does_not_show(1); }
TEST(GridBox, DoesNotShowInARunOfTwoTissues) { expect_box_does_not_show(2); }
TEST(GridBox, DoesNotShowWhereTissueWarmsALittle) { expect_box_does_not_show(1, 0.1); }

}  // namespace
}  // namespace thermodose
