// That only a part of a grid is integrated does not show in a run.
#include <gtest/gtest.h>

#include "fem/rkl2.h"
#include "grid_active.h"

namespace thermodose {
namespace {

using namespace testing_grid;
using Index = std::array<int, 3>;

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
  double lost = 0;  ///< of the heat exchanged
  std::vector<double> temperature;
};

Conditions cold(std::size_t probes) {
  Conditions conditions;
  conditions.faces[2] = [](double) { return fixed(kBody); };
  conditions.probes.assign(
      probes, [](double t, double) { return fixed(kBody - 177 * std::min(1.0, t / 60)); });
  return conditions;
}

Outcome freeze(GridSetup setup, bool active_box) {
  setup.active_box = active_box;
  const Conditions conditions = cold(setup.probes.size());
  const auto law = [&](std::size_t n) -> const SegmentLaw& {
    return setup.laws[setup.node_law.empty() ? 0 : setup.node_law[n]];
  };
  const auto system = make_grid_system<double>(setup, conditions);
  Outcome out;
  out.active_before = active_nodes(*system);
  StepControl control;  // the same steps for both: it is the active part that is looked at
  control.first_step = control.max_step = 2;
  control.tolerance = 10;
  Rkl2<double> rkl(*system, control);
  rkl.start(0);
  rkl.advance(200, true, [](const AcceptedStep<double>&) {});
  out.active_after = active_nodes(*system);
  out.lost = std::abs(rkl.ledger().net() - system->stored(rkl.state())) / rkl.ledger().gross;
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
  out.temperature = std::move(t);
  return out;
}

// Everywhere within `warming` and about the threshold (0.15 K) of what the whole grid gives.
void expect_same(const GridSetup& setup, double warming = 0) {
  const Outcome part = freeze(setup, true), whole = freeze(setup, false);
  EXPECT_GT(whole.ice, 2e-6) << "some mL";
  EXPECT_NEAR(part.ice, whole.ice, 1e-3 * whole.ice);
  EXPECT_NEAR(part.lethal, whole.lethal, 1e-3 * whole.lethal);
  double miss = 0;
  for (std::size_t n = 0; n < part.temperature.size(); ++n)
    miss = std::max(miss, std::abs(part.temperature[n] - whole.temperature[n]));
  EXPECT_LT(miss, 0.15 + warming);
  EXPECT_LT(part.lost, 1e-12) << "heat";
  EXPECT_TRUE(part.rest_outside);
  EXPECT_GT(part.active_after, 2 * part.active_before) << "it grew";
  EXPECT_LT(part.active_after, whole.active_after);
}

// The needle in the middle: thermocouples as well.
void expect_part_does_not_show(const GridSetup& setup, double warming = 0) {
  const Outcome part = freeze(setup, true), whole = freeze(setup, false);
  for (std::size_t c = 0; c < 3; ++c)
    EXPECT_NEAR(part.thermocouples[c], whole.thermocouples[c], 0.02 + 0.5 * warming) << c;
  EXPECT_LT(whole.thermocouples[0], 265);
  EXPECT_LT(whole.thermocouples[1], kBody - 3) << "warm, but no longer at rest";
  EXPECT_LT(part.active_before, whole.active_before / 3);
  expect_same(setup, warming);
}

TEST(GridActive, PartDoesNotShowInARun) { expect_part_does_not_show(probe_setup()); }

TEST(GridActive, PartDoesNotShowInARunOfTwoTissues) {
  GridSetup setup = probe_setup();
  setup.laws.push_back(make_law(other_tissue()));
  paint(setup, [](const Vec3& p) { return p[0] + 0.2 * p[1] > 4e-3 ? 1 : 0; });
  expect_part_does_not_show(setup);
}

TEST(GridActive, PartDoesNotShowWhereTissueWarmsALittle) {
  GridSetup setup = probe_setup();
  LawData warm = freezing_tissue();
  warm.arterial = kBody + 0.1;
  setup.laws = {make_law(warm)};
  expect_part_does_not_show(setup, 0.1);
}

// Insulated faces and a fixed one, which takes heat that the ledger must know; two tissues.
TEST(GridActive, GrowsIntoFacesEdgesAndCorners) {
  GridSetup setup = probe_setup();
  setup.faces[2] = FaceKind::fixed;
  setup.probes = {needle({-28e-3, -29e-3, -31e-3}, {-25e-3, -28e-3, -24e-3})};
  setup.laws.push_back(make_law(other_tissue()));
  paint(setup, [](const Vec3& p) { return p[0] + 0.2 * p[1] > -31e-3 ? 1 : 0; });
  expect_same(setup);
}

TEST(GridActive, PartsOfTwoNeedlesMerge) {
  GridSetup setup = probe_setup();
  setup.probes = {needle({1e-3, -11e-3, -5e-3}, {0, -11e-3, 6e-3}),
                  needle({-2e-3, 11e-3, -5e-3}, {-1e-3, 12e-3, 6e-3})};
  const Conditions conditions = cold(2);
  const auto system = make_grid_system<double>(setup, conditions);
  const auto middle = node_of(setup.lattice.nodes, 28, 29, 30);
  const auto holds_middle = [&] {
    for (const NodeRun& run : system->active_runs())
      if (middle >= run.begin && middle < run.end) return true;
    return false;
  };
  EXPECT_FALSE(holds_middle()) << "apart at first";
  expect_same(setup);
  EXPECT_LT(freeze(setup, true).thermocouples[0], kBody - 1) << "not apart in the end";
}

}  // namespace
}  // namespace thermodose
