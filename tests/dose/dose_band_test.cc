// Implements: the models `rates` and `safety_band` in closed form.
#include <gtest/gtest.h>

#include <cmath>

#include "dose/dose_fixture.h"

namespace thermodose::test {
namespace {

template <class Real>
class DoseBand : public ::testing::Test {};
using Precisions = ::testing::Types<float, double>;
TYPED_TEST_SUITE(DoseBand, Precisions, );  // the last comma: GoogleTest's macro is variadic

Values ends(double low, double high) {
  Values v;
  v.reals = {{"low", degc(low)}, {"high", degc(high)}};
  return v;
}

/// From one temperature to another at a constant rate.
template <class Real>
void ramp(Driver<Real>& d, double from, double to, double duration, int steps) {
  for (int s = 1; s <= steps; ++s) d.step(duration / steps, {from + (to - from) * s / steps});
}

TYPED_TEST(DoseBand, RatesOfASteadyPassageDoNotDependOnSteps) {
  // Below 0 degC law 0 is linear: -2 to -50 in 480 s is 6 K/min, back in 96 s is 30 K/min.
  for (const int steps : {1, 7, 480}) {
    Driver<TypeParam> d(dose_model("rates", ends(-40, -5)), {{0, 1, 0}}, {-2});
    EXPECT_EQ(d.values(0)[0], 0);
    ramp(d, -2, -50, 480, steps);
    EXPECT_NEAR(d.values(0)[0], 6, 1e-4) << steps;
    EXPECT_EQ(d.values(1)[0], 0);
    ramp(d, -50, -2, 96, steps);
    EXPECT_NEAR(d.values(0)[0], 6, 1e-4) << steps;
    EXPECT_NEAR(d.values(1)[0], 30, 1e-3) << steps;
    // A slower passage changes nothing, a faster one does.
    ramp(d, -2, -50, 960, steps);
    EXPECT_NEAR(d.values(0)[0], 6, 1e-4);
    ramp(d, -50, -2, 960, steps);
    ramp(d, -2, -50, 240, steps);
    EXPECT_NEAR(d.values(0)[0], 12, 1e-3);
    EXPECT_NEAR(d.values(1)[0], 30, 1e-3);
  }
}

TYPED_TEST(DoseBand, RatesNeedACompletePassage) {
  Driver<TypeParam> d(dose_model("rates", ends(-40, -5)), {{0, 4, 0}}, {-2, -20, -60, 37});
  d.step(60, {-30, -50, -30, 36});  // node 1 started inside
  d.step(60, {-2, -30, -60, 37});   // turned back by the end they came in by
  EXPECT_EQ(d.values(0), (std::vector<float>{0, 0, 0, 0}));
  EXPECT_EQ(d.values(1), (std::vector<float>{0, 0, 0, 0}));
  // Turning back inside belongs to the passage: -5 after 7.5 s, -40 after 150 + 60 * 2/3 s.
  d.step(60, {-26, -30, -60, 37});
  d.step(60, {-10, -30, -60, 37});
  d.step(30, {-20, -30, -60, 37});
  d.step(60, {-50, -30, -60, 37});
  EXPECT_NEAR(d.values(0)[0], 35 / (150 + 40 - 7.5) * 60, 1e-3);
  EXPECT_EQ(d.values(0)[1], 0);
}

TYPED_TEST(DoseBand, RatesOfPrescribedNodesIgnoreTheirJumps) {
  Driver<TypeParam> d(dose_model("rates", ends(-40, -5)), {{0, 2, 0}}, {37, -2});
  d.step(60, {37, -30});
  d.jump({-140, -140});
  d.step(60, {-140, -140});
  d.jump({-20, -20});
  d.step(60, {20, -20});
  // Node 0 comes in and turns back; set inside later, it has forgotten when it came.
  d.step(60, {-20, -20});
  d.step(60, {20, -20});
  d.jump({-20, -20});
  d.step(60, {-60, -20});
  EXPECT_EQ(d.values(0), (std::vector<float>{0, 0}));
  EXPECT_EQ(d.values(1), (std::vector<float>{0, 0}));
}

TYPED_TEST(DoseBand, RatesWithinOneStepAreFinite) {
  Driver<TypeParam> d(dose_model("rates", ends(-11, -10)), {{0, 1, 0}}, {37}, 36000);
  d.step(0.01, {-190});  // times in single precision are 4 ms apart
  EXPECT_TRUE(std::isfinite(d.values(0)[0]));
  EXPECT_GT(d.values(0)[0], 0);
}

TYPED_TEST(DoseBand, RatesNameTheirRange) {
  const auto fields = dose_model("rates", ends(-40, 0))->fields();
  EXPECT_EQ(fields[0].name, "cooling_0_to_m40_K_per_min");
  EXPECT_EQ(fields[1].name, "thawing_m40_to_0_K_per_min");
  EXPECT_EQ(dose_model("rates", ends(0, 0))->check().size(), 1U);
  EXPECT_TRUE(dose_model("rates", ends(-1, 0))->check().empty());
}

TYPED_TEST(DoseBand, TimeOutsideOnBothSides) {
  // Law 0 above 0 degC is linear.
  Driver<TypeParam> d(dose_model("safety_band"), {{0, 4, 0}}, {37, 37, 5, 50});
  d.step(10, {53, 1, 5, 50});
  auto t = d.values(0);
  EXPECT_NEAR(t[0], 5, 1e-5);
  EXPECT_NEAR(t[1], 10 * 9.0 / 36, 1e-5);
  EXPECT_FLOAT_EQ(t[2], 10);
  EXPECT_FLOAT_EQ(t[3], 10);
  // Through the whole band in one step: 35 of 50 K are inside.
  d.step(20, {3, 51, 5, 20});
  t = d.values(0);
  EXPECT_NEAR(t[0], 5 + 20 * 15.0 / 50, 1e-4);
  EXPECT_NEAR(t[1], 2.5 + 20 * 15.0 / 50, 1e-4);
  EXPECT_NEAR(t[3], 10 + 20 * 5.0 / 30, 1e-4);
  d.step(10, {3, 51, 20, 20});
  t = d.values(0);
  EXPECT_NEAR(t[0], 5 + 6 + 10, 1e-4);
  EXPECT_NEAR(t[1], 2.5 + 6 + 10, 1e-4);
  EXPECT_NEAR(t[2], 30 + 10 * 5.0 / 15, 1e-4);
  EXPECT_NEAR(t[3], 10 + 20 * 5.0 / 30, 1e-4);
  const std::vector<double> below = {7, 9, 5, 0};
  const std::vector<double> above = {8, 6, 0, 5};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(d.values(1)[i], below[i], 2e-5) << i;
    EXPECT_NEAR(d.values(2)[i], above[i], 2e-5) << i;
  }
}

TYPED_TEST(DoseBand, TimeOutsideDoesNotDependOnSteps) {
  for (const int steps : {1, 7, 600}) {
    Driver<TypeParam> d(dose_model("safety_band"), {{0, 1, 0}}, {2}, 100);
    ramp(d, 2, 62, 600, steps);
    EXPECT_NEAR(d.values(0)[0], 80 + 170, 2e-3) << steps;
    ramp(d, 62, 2, 300, steps);
    EXPECT_NEAR(d.values(0)[0], 250 + 125, 2e-3) << steps;
    EXPECT_NEAR(d.values(1)[0], 8, 2e-5);
    EXPECT_NEAR(d.values(2)[0], 17, 2e-5);
  }
}

TYPED_TEST(DoseBand, NodesThatRestOrJump) {
  const std::vector<NodeRun> first = {{0, 1, 0}};
  Driver<TypeParam> d(dose_model("safety_band"), {{0, 3, 0}}, {37, 50, 37});
  d.step(30, {37, 50, 37}, &first);
  EXPECT_EQ(d.values(0), (std::vector<float>{0, 30, 0}));
  d.jump({-140, 50, 37});
  d.step(30, {-140, 50, 37});
  d.jump({37, 50, 37});
  d.step(30, {37, 50, 37});
  const auto t = d.values(0);
  EXPECT_NEAR(t[0], 30, 1e-4);
  EXPECT_NEAR(t[1], 90, 1e-4);
  EXPECT_EQ(t[2], 0);
  EXPECT_NEAR(d.values(1)[0], 150, 1e-4);
}

TYPED_TEST(DoseBand, BandsAreNamedAndChecked) {
  const auto fields = dose_model("safety_band")->fields();
  EXPECT_EQ(fields[0].name, "outside_band_p10_to_p45_s");
  EXPECT_EQ(fields[1].name, "below_band_p10_to_p45_K");
  EXPECT_EQ(fields[2].name, "above_band_p10_to_p45_K");
  EXPECT_EQ(dose_model("safety_band", ends(-20, 42.5))->fields()[0].name,
            "outside_band_m20_to_p42_5_s");
  EXPECT_EQ(dose_model("safety_band", ends(45, 45))->check().size(), 1U);
}

}  // namespace
}  // namespace thermodose::test
