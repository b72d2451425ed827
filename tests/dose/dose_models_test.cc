// Implements: closed forms of each dose model, in both precisions.
#include <gtest/gtest.h>

#include <cmath>

#include "dose/dose_fixture.h"

namespace thermodose::test {
namespace {

template <class Real>
class DoseModels : public ::testing::Test {};
using Precisions = ::testing::Types<float, double>;
TYPED_TEST_SUITE(DoseModels, Precisions, );  // the last comma: GoogleTest's macro is variadic

const std::vector<NodeRun> kTwoLaws = {{0, 2, 0}, {2, 4, 1}};

Values below(double celsius) {
  Values v;
  v.reals = {{"temperature", degc(celsius)}};
  return v;
}

TYPED_TEST(DoseModels, ExtremesOfAFreezeThaw) {
  Driver<TypeParam> d(dose_model("temperature_extremes"), kTwoLaws, {37, 37, 20, 20});
  d.step(10, {-50, 37, -5, 60});
  d.step(10, {10, 36, -60, -7});
  const auto low = d.values(0);
  const auto high = d.values(1);
  const std::vector<double> lows = {-50, 36, -60, -7};
  const std::vector<double> highs = {37, 37, 20, 60};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(low[i], lows[i], 2e-5) << i;
    EXPECT_NEAR(high[i], highs[i], 2e-5) << i;
  }
}

TYPED_TEST(DoseModels, TimeBelowPlacesCrossingsLinearlyInEnthalpy) {
  // Law 0 around -20 degC is linear: from 0 to -40 in 10 s passes -20 after 5 s.
  Driver<TypeParam> d(dose_model("time_below", below(-20)), kTwoLaws, {0, 0, 0, -30});
  d.step(10, {-40, -20.5, -10, -30});
  auto v = d.values();
  EXPECT_NEAR(v[0], 5, 1e-5);
  EXPECT_NEAR(v[1], 10 * 0.5 / 20.5, 1e-5);
  EXPECT_FLOAT_EQ(v[2], 0);
  EXPECT_FLOAT_EQ(v[3], 10);
  d.step(10, {-40, 10, -10, -30});
  d.step(20, {0, 10, -10, -10});
  v = d.values();
  EXPECT_NEAR(v[0], 5 + 10 + 10, 1e-5);
  // Node 1 rewarms from -20.5 to +10 across the kink: below it 2 K per C, above it 1 K per C.
  const double share = 0.25 / (10.25 + 10);
  EXPECT_NEAR(v[1], 10 * 0.5 / 20.5 + 10 * share, 1e-4);
  EXPECT_FLOAT_EQ(v[2], 0);
  EXPECT_NEAR(v[3], 20 + 10, 1e-5);
  // A second dip of node 0 adds to the first.
  d.step(10, {-40, 10, -10, -10});
  d.step(100, {-40, 10, -10, -10});
  EXPECT_NEAR(d.values()[0], 25 + 5 + 100, 1e-4);
}

TYPED_TEST(DoseModels, TimeBelowCountsNodesThatNoStepTouched) {
  const std::vector<NodeRun> first = {{0, 2, 0}};
  Driver<TypeParam> d(dose_model("time_below", below(-20)), kTwoLaws, {-30, 30, -30, 30}, 100);
  d.step(50, {-30, 30, -30, 30}, &first);
  EXPECT_EQ(d.values(), (std::vector<float>{50, 0, 50, 0}));
  // A node that was left out while below and rises later had its time all along.
  d.step(50, {-30, 30, -10, 30});
  EXPECT_NEAR(d.values()[2], 50 + 25, 1e-4);
}

TYPED_TEST(DoseModels, TimeBelowOfAPrescribedNodeEndsAtItsJump) {
  Driver<TypeParam> d(dose_model("time_below", below(-20)), {{0, 1, 0}}, {37});
  d.jump({-140});
  d.step(30, {-140});
  EXPECT_FLOAT_EQ(d.values()[0], 30);
  d.jump({20});
  d.step(30, {20});
  EXPECT_FLOAT_EQ(d.values()[0], 30);
}

TYPED_TEST(DoseModels, TimeBelowNamesItsField) {
  const std::vector<std::pair<double, std::string>> names = {{-40, "time_below_m40_s"},
                                                             {-20, "time_below_m20_s"},
                                                             {10, "time_below_p10_s"},
                                                             {0, "time_below_0_s"},
                                                             {-2.5, "time_below_m2_5_s"}};
  for (const auto& [celsius, name] : names) {
    EXPECT_EQ(dose_model("time_below", below(celsius))->fields()[0].name, name);
  }
}

TYPED_TEST(DoseModels, FreezeCountCountsDownwardCrossings) {
  Driver<TypeParam> d(dose_model("freeze_count"), kTwoLaws, {37, 37, -5, 20});
  d.step(1, {-5, 1, -5, 20});
  EXPECT_EQ(d.values(), (std::vector<float>{1, 0, 0, 0}));
  d.step(1, {-50, 1, 5, 20});
  d.step(1, {5, -1, -5, 20});
  EXPECT_EQ(d.values(), (std::vector<float>{1, 1, 1, 0}));
  d.step(1, {-5, 1, -5, 20});
  EXPECT_EQ(d.values(), (std::vector<float>{2, 1, 1, 0}));
}

// A node at the edge of the ice whose temperature trembles about 0 degC froze once.
TYPED_TEST(DoseModels, FreezeCountDoesNotCountATremblingFront) {
  Driver<TypeParam> d(dose_model("freeze_count"), {{0, 1, 0}}, {37});
  for (int i = 0; i < 5; ++i) {
    d.step(1, {-0.3});
    d.step(1, {0.8});
  }
  EXPECT_EQ(d.values(), (std::vector<float>{1}));
  d.step(1, {1.1});
  d.step(1, {-0.3});
  EXPECT_EQ(d.values(), (std::vector<float>{2}));
}

TYPED_TEST(DoseModels, FreezeCountNeedsAThawBetweenTwoFreezes) {
  Values v;
  v.reals = {{"temperature", degc(-1)}, {"thawed_at", degc(2)}};
  Driver<TypeParam> d(dose_model("freeze_count", v), {{0, 2, 0}}, {37, 37});
  for (int i = 0; i < 10; ++i) {
    d.step(1, {-1.5, -1.5});
    d.step(1, {-0.5, 3});
  }
  EXPECT_EQ(d.values(), (std::vector<float>{1, 10}));
  v.reals["thawed_at"] = degc(-2);
  EXPECT_EQ(dose_model("freeze_count", v)->check().size(), 1U);
}

TYPED_TEST(DoseModels, FreezeKillIsTheLogisticOfEachFreeze) {
  Driver<TypeParam> d(dose_model("freeze_kill"), kTwoLaws, {37, 37, -10, 20});
  // Above 0 degC nothing dies; frozen at the start counts.
  EXPECT_EQ(d.values(), (std::vector<float>{1, 1, 0.5F, 1}));
  d.step(1, {-10, 1, -10, -24.7});
  d.step(1, {-5, 1, 5, 20});
  auto s = d.values();
  EXPECT_NEAR(s[0], 0.5, 1e-6);
  EXPECT_EQ(s[1], 1);
  EXPECT_NEAR(s[2], 0.5, 1e-6);
  EXPECT_NEAR(s[3], 0.05, 1e-6);
  // Node 0 only went on in its first freeze, node 2 freezes again, node 3 a second time.
  d.step(1, {-24.7, 1, -10, -10});
  s = d.values();
  EXPECT_NEAR(s[0], 0.05, 1e-6);
  EXPECT_NEAR(s[2], 0.25, 1e-6);
  EXPECT_NEAR(s[3], 0.025, 1e-6);
}

TYPED_TEST(DoseModels, FreezeKillTakesItsOwnResponse) {
  Values v;
  v.reals = {{"ad50", degc(-20)}, {"ad95", degc(-40)}, {"frozen_below", degc(-5)}};
  Driver<TypeParam> d(dose_model("freeze_kill", v), {{0, 3, 0}}, {37, 37, 37});
  d.step(1, {-4.9, -20, -40});
  const auto s = d.values();
  EXPECT_EQ(s[0], 1);
  EXPECT_NEAR(s[1], 0.5, 1e-6);
  EXPECT_NEAR(s[2], 0.05, 1e-6);
  v.reals["ad95"] = degc(-20);
  EXPECT_EQ(dose_model("freeze_kill", v)->check().size(), 1U);
}

TYPED_TEST(DoseModels, BlocksAndRestsOfRunsAgreeWithNodesOneByOne) {
  // Lengths around the block length, so that full, overlapping and short blocks all occur.
  const std::vector<std::size_t> lengths = {1, 31, 32, 33, 63, 64, 65, 100};
  std::vector<NodeRun> runs;
  std::vector<NodeRun> singles;
  std::size_t nodes = 0;
  for (std::size_t r = 0; r < lengths.size(); ++r) {
    const int law = int(r % 2);
    runs.push_back({nodes, nodes + lengths[r], law});
    for (std::size_t i = 0; i < lengths[r]; ++i, ++nodes)
      singles.push_back({nodes, nodes + 1, law});
  }
  const auto field = [nodes](int step) {
    std::vector<double> out(nodes);
    for (std::size_t i = 0; i < nodes; ++i) {
      out[i] = 5 + 65 * std::sin(0.37 * double(i) + 0.9 * step + 0.01 * double(i) * step);
    }
    return out;
  };
  for (const auto& [name, values] : known_models()) {
    Driver<TypeParam> whole(dose_model(name, values), runs, field(0));
    Driver<TypeParam> apart(dose_model(name, values), singles, field(0));
    for (int s = 1; s < 12; ++s) {
      whole.step(2, field(s));
      apart.step(2, field(s));
    }
    const std::size_t count = dose_model(name, values)->fields().size();
    for (std::size_t f = 0; f < count; ++f) EXPECT_EQ(whole.values(f), apart.values(f)) << name;
  }
}

}  // namespace
}  // namespace thermodose::test
