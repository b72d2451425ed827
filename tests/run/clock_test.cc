// Implements: tests of run/clock.h: the instants a run lands on.
#include "run/clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

std::vector<Instant> instants(const CaseText& text) {
  const CaseSpec spec = read(text);
  const Model model = make_model(spec, 0.05);
  return Clock(spec, make_schedule(model)).instants();
}

std::vector<double> times(const std::vector<Instant>& all, bool Instant::*flag = nullptr) {
  std::vector<double> out;
  for (const auto& i : all)
    if (flag == nullptr || i.*flag) out.push_back(i.time);
  return out;
}

bool increases(const std::vector<Instant>& all) {
  return std::adjacent_find(all.begin(), all.end(), [](const auto& a, const auto& b) {
           return a.time >= b.time;
         }) == all.end();
}

CaseText asking(const std::string& output) {
  CaseText c;
  c.output = "{isotherms: [0 degC], " + output + "}";
  return c;
}

TEST(Clock, LandsOnSwitchesPeriodsAndTheEnd) {
  const auto all = instants(asking("isotherms_every: 25 s, fields_every: 50 s"));
  EXPECT_TRUE(increases(all));
  EXPECT_EQ(times(all), (std::vector<double>{0, 25, 30, 50, 60, 75, 100, 120}));
  EXPECT_EQ(times(all, &Instant::switches), (std::vector<double>{0, 30, 60, 120}));
  EXPECT_EQ(times(all, &Instant::isotherms), (std::vector<double>{0, 25, 50, 60, 75, 100, 120}));
  EXPECT_EQ(times(all, &Instant::fields), (std::vector<double>{0, 50, 60, 100, 120}))
      << "the freeze ends at 60 s; the corner at 30 s asks for no output";
}

TEST(Clock, NoPeriodMeansStepsAndTheEnd) {
  CaseText c = asking("isotherms_every: 0 s, fields_every: 0 s");
  c.more = "duration: 3 min\n";
  const auto all = instants(c);
  for (const auto flag : {&Instant::isotherms, &Instant::fields})
    EXPECT_EQ(times(all, flag), (std::vector<double>{0, 60, 120, 180}));
  const auto mixed = instants(asking("isotherms_every: 0 s, fields_every: 40 s"));
  EXPECT_EQ(times(mixed, &Instant::isotherms), (std::vector<double>{0, 60, 120}));
  EXPECT_EQ(times(mixed, &Instant::fields), (std::vector<double>{0, 40, 60, 80, 120}));
}

// 0.1 s is no binary fraction: sums and products of it differ in the last digits.
TEST(Clock, InstantsCloserThanAMicrosecondAreOne) {
  const auto all = instants(asking("isotherms_every: 0.1 s, fields_every: 0.3 s"));
  EXPECT_TRUE(increases(all));
  EXPECT_EQ(all.size(), 1201U);
  EXPECT_EQ(times(all, &Instant::fields).size(), 401U) << "60 s is a multiple";
  for (std::size_t i = 1; i < all.size(); ++i)
    EXPECT_GT(all[i].time - all[i - 1].time, 0.0999) << all[i].time;
  CaseText c = asking("isotherms_every: 60 s");
  c.protocol = "[{probes: [p], steps: [{freeze: 60.0000001 s}, {passive_thaw: 60.0000001 s}]}]";
  EXPECT_EQ(times(instants(c)), (std::vector<double>{0, 30, 60, 120}));
}

TEST(Clock, ProtocolCutOrOutlived) {
  CaseText c = asking("isotherms_every: 40 s");
  c.more = "duration: 50 s\n";
  EXPECT_EQ(times(instants(c)), (std::vector<double>{0, 30, 40, 50}));
  EXPECT_EQ(times(instants(c), &Instant::fields), (std::vector<double>{0, 50}));
  c.more = "duration: 130 s\n";
  EXPECT_EQ(times(instants(c)), (std::vector<double>{0, 30, 40, 60, 80, 120, 130}));
  c.output = "{isotherms: [0 degC], isotherms_every: 1000 s, fields_every: 1000 s}";
  EXPECT_EQ(times(instants(c), &Instant::fields), (std::vector<double>{0, 60, 120, 130}));
}

TEST(Clock, CornersOfAnAmbientTemperatureAreSwitches) {
  CaseText c = asking("isotherms_every: 60 s, fields_every: 60 s");
  c.faces =
      "all: {fixed: 37 degC}, z_max: {convection: 100 W/m2/K, ambient: [[0 min, 37 degC], "
      "[0.25 min, 42 degC], [2 min, 40 degC], [9 min, 37 degC]]}";
  const auto all = instants(c);
  EXPECT_EQ(times(all, &Instant::switches), (std::vector<double>{0, 15, 30, 60, 120}));
  EXPECT_EQ(times(all, &Instant::isotherms), (std::vector<double>{0, 60, 120}))
      << "a corner asks for no output";
}

TEST(Clock, RunsThroughOnce) {
  const CaseSpec spec = read(asking("isotherms_every: 60 s"));
  const Model model = make_model(spec, 0.05);
  Clock clock(spec, make_schedule(model));
  std::vector<double> seen;
  while (!clock.finished()) seen.push_back(clock.next().time);
  EXPECT_EQ(seen, times(clock.instants()));
  EXPECT_EQ(seen.back(), spec.end_time);
}

}  // namespace
}  // namespace thermodose::run_test
