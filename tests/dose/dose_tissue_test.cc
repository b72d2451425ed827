// Implements: dose models whose thresholds differ from tissue to tissue, against closed forms and
// dense evaluation along traces, in both precisions; nodes that hold several tissues.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "dose/dose_fixture.h"
#include "physics/segment_mix.h"

namespace thermodose::test {
namespace {

template <class Real>
class DoseTissue : public ::testing::Test {};
using Precisions = ::testing::Types<float, double>;
TYPED_TEST_SUITE(DoseTissue, Precisions, );  // the last comma: GoogleTest's macro is variadic

const std::vector<NodeRun> kTwoLaws = {{0, 2, 0}, {2, 4, 1}};  // of soft and firm

/// Thresholds of tissues, SI, and further keys.
Values lethal(const std::map<std::string, double>& tissues, std::map<std::string, double> reals) {
  Values v;
  v.reals = std::move(reals);
  for (const auto& [name, threshold] : tissues)
    v.named["tissues"][name] = {{"threshold", threshold}};
  return v;
}

Values cold(const std::map<std::string, double>& celsius) {
  std::map<std::string, double> kelvin;
  for (const auto& [name, c] : celsius) kelvin[name] = degc(c);
  return lethal(kelvin, {});
}

double minutes(double n) { return 60 * n; }

/// 37 to -57 degC and back in ten minutes, to -41.3 degC and back in the ten that follow.
double freeze_twice(double t) {
  return 37 - (t < 600 ? 94 : 78.3) * std::pow(std::sin(M_PI * t / 600), 2);
}

/// 37 to 72 degC and back in five minutes.
double heating(double t) { return 37 + 35 * std::pow(std::sin(M_PI * t / 300), 2); }

/// Values of four nodes, two of soft and two of firm tissue, after `steps` steps along a trace; the
/// second of each two goes along it backwards.
template <class Real>
std::vector<float> along(const std::string& model, const Values& values,
                         const std::function<double(double)>& trace, double duration, int steps) {
  const auto at = [&](double t) {
    return std::vector<double>{trace(t), trace(duration - t), trace(t), trace(duration - t)};
  };
  Driver<Real> d(dose_model(model, values), kTwoLaws, at(0));
  for (int s = 1; s <= steps; ++s) d.step(duration / steps, at(duration * s / steps));
  return d.values();
}

TYPED_TEST(DoseTissue, ColdAtConstantTemperatureIsMeasuredFromTheTissue) {
  const auto at = [](double celsius, const Values& v) {
    return along<TypeParam>(
        "lethal_cold", v, [&](double) { return celsius; }, 60, 2);
  };
  const auto by_default = at(-30, {});
  const auto firm_dies_early = at(-30, cold({{"firm", -20}}));
  const auto both = at(-30, cold({{"soft", -16.1}, {"firm", -50}}));
  EXPECT_NEAR(by_default[0], 10, 2e-5);
  EXPECT_NEAR(by_default[2], 10, 2e-5);
  EXPECT_NEAR(firm_dies_early[1], 10, 2e-5);
  EXPECT_NEAR(firm_dies_early[3], -10, 2e-5);
  EXPECT_NEAR(both[0], -13.9, 2e-5);
  EXPECT_NEAR(both[2], 20, 2e-5);
  Values other = cold({{"firm", -20}});
  other.reals["default"] = degc(-28);
  EXPECT_NEAR(at(-30, other)[0], -2, 2e-5);
  EXPECT_NEAR(at(-30, other)[2], -10, 2e-5);
}

TYPED_TEST(DoseTissue, ColdAlongTwoFreezesIsThatOfTheColder) {
  double coldest = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= 1200000; ++i) coldest = std::min(coldest, freeze_twice(1e-3 * i));
  const auto v = along<TypeParam>("lethal_cold", cold({{"firm", -10}}), freeze_twice, 1200, 1200);
  for (const std::size_t i : {0U, 1U}) EXPECT_NEAR(v[i], coldest + 40, 1e-4) << i;
  for (const std::size_t i : {2U, 3U}) EXPECT_NEAR(v[i], coldest + 10, 1e-4) << i;
}

TYPED_TEST(DoseTissue, HeatAtConstantTemperatureIsAShareOfTheThreshold) {
  const auto at = [](double celsius, double seconds, const Values& v) {
    return along<TypeParam>(
        "lethal_heat", v, [&](double) { return celsius; }, seconds, 3);
  };
  // 240 min at 43 degC are reached in an hour at 45 degC.
  const auto v = at(45, 3600, lethal({{"firm", minutes(80)}}, {}));
  EXPECT_NEAR(v[0], 1, 3e-5);
  EXPECT_NEAR(v[2], 3, 1e-4);
  const auto w = at(45, 3600, lethal({{"soft", minutes(960)}}, {{"default", minutes(120)}}));
  EXPECT_NEAR(w[0], 0.25, 1e-5);
  EXPECT_NEAR(w[3], 2, 6e-5);
  // The keys of cem43 hold: two kelvin below the break, at 0.5 a kelvin.
  const auto other = at(41, 600, lethal({{"firm", minutes(1)}}, {{"r_below", 0.5}}));
  EXPECT_NEAR(other[3], 10.0 / 4, 1e-4);
}

TYPED_TEST(DoseTissue, HeatAlongATraceIsTheDenseIntegralOverTheThreshold) {
  double dense = 0;
  for (int i = 0; i < 300000; ++i) {
    const double c = heating((i + 0.5) * 1e-3);
    dense += std::pow(c >= 43 ? 0.5 : 0.25, 43 - c) / 60 * 1e-3;
  }
  const Values v = lethal({{"firm", minutes(80)}}, {});
  const auto fine = along<TypeParam>("lethal_heat", v, heating, 300, 300);
  EXPECT_NEAR(fine[1] * 240 / dense, 1, 2e-3);
  EXPECT_NEAR(fine[2] * 80 / dense, 1, 2e-3);
}

TYPED_TEST(DoseTissue, AMixedNodeTakesTheMeanByShare) {
  const SegmentLaw soft = kinked_law(3.6e6, 37, "soft"), firm = kinked_law(2e6, 37, "firm"),
                   rest = kinked_law(3e6, 37, "rest");
  const SegmentLaw both = mix_laws({{&soft, 0.75}, {&firm, 0.25}}, 8);
  const std::vector<SegmentLaw> laws = {soft, firm, both,
                                        mix_laws({{&both, 0.5}, {&rest, 0.5}}, 8)};
  const std::vector<NodeRun> runs = {{0, 1, 0}, {1, 2, 1}, {2, 3, 2}, {3, 4, 3}};
  const auto hold = [&](const char* model, const Values& v, double celsius, double seconds) {
    Driver<TypeParam> d(dose_model(model, v), laws, runs, std::vector<double>(4, celsius));
    d.step(seconds, std::vector<double>(4, celsius));
    return d.values();
  };
  // Lethal: -20, -50, -27.5 and, with -40 degC of the rest, -33.75 degC.
  const auto c = hold("lethal_cold", cold({{"soft", -20}, {"firm", -50}}), -30, 60);
  const std::vector<double> above = {-10, 20, -2.5, 3.75};
  // Of 240 min: 480, 80, 380 and, with 240 min of the rest, 310 min.
  const auto h =
      hold("lethal_heat", lethal({{"soft", minutes(480)}, {"firm", minutes(80)}}, {}), 45, 3600);
  const std::vector<double> share = {0.5, 3, 240.0 / 380, 240.0 / 310};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(c[i], above[i], 1e-4) << i;
    EXPECT_NEAR(h[i], share[i], 1e-4) << i;
  }
}

TYPED_TEST(DoseTissue, ThresholdsDoNotChangeHowAStepMayBeSplit) {
  for (const double celsius : {-33.0, 44.0}) {
    const auto hold = [&](const char* model, const Values& v, int steps) {
      return along<TypeParam>(
          model, v, [&](double) { return celsius; }, 600, steps);
    };
    for (const int steps : {2, 7, 600}) {
      const Values c = cold({{"firm", -20}}), h = lethal({{"firm", minutes(80)}}, {});
      const auto one = hold("lethal_heat", h, 1), many = hold("lethal_heat", h, steps);
      for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(many[i], one[i], 1e-5 * one[i]);
      EXPECT_EQ(hold("lethal_cold", c, 1), hold("lethal_cold", c, steps));
    }
  }
}

}  // namespace
}  // namespace thermodose::test
