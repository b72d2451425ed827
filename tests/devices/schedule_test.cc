// Implements: tests of the protocol schedule: intervals, exact instants, carried and sensed
// surface temperatures, and the refusals.
#include "devices/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "devices/shaft_laws.h"

namespace thermodose::test {
namespace {

std::vector<ScheduleProbe> probes(std::size_t count, const std::shared_ptr<ShaftLaw>& law) {
  std::vector<ScheduleProbe> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back({"p" + std::to_string(i), law.get()});
  return out;
}

std::shared_ptr<ShaftLaw> reference_law() {
  return shaft_law("surface_temperature", reference_values());
}

/// The protocol of the reference case: 10 min freeze, 3 min passive, 2 min at +20 degC, 10 min.
ScheduleGroup reference_group(std::vector<std::size_t> which) {
  return {std::move(which),
          0,
          1,
          {{"freeze", 600, 1, {}},
           {"passive_thaw", 180, 1, {}},
           {"active_thaw", 120, 1, degc(20)},
           {"freeze", 600, 1, {}}}};
}

std::string refusal(const std::vector<ScheduleGroup>& groups) {
  const auto law = reference_law();
  try {
    const Schedule schedule(probes(2, law), groups, kBody);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(Schedule, ReferenceProtocol) {
  const auto law = reference_law();
  Schedule s(probes(2, law), {reference_group({0, 1})}, kBody);
  EXPECT_DOUBLE_EQ(s.end_time(), 1500);
  EXPECT_EQ(s.switch_times(), (std::vector<double>{0, 60, 600, 780, 900, 960, 1500}));
  ASSERT_EQ(s.intervals(0).size(), 5U);  // the last one is off, without end
  EXPECT_TRUE(std::isinf(s.intervals(0).back().end));
  EXPECT_EQ(s.mode(0, 0), ProbeMode::freeze);
  EXPECT_EQ(s.mode(0, 599.999), ProbeMode::freeze);
  EXPECT_EQ(s.mode(0, 600), ProbeMode::passive_thaw);
  EXPECT_EQ(s.mode(1, 780), ProbeMode::active_thaw);
  EXPECT_EQ(s.mode(1, 1500), ProbeMode::off);
  EXPECT_EQ(s.mode(1, 1e9), ProbeMode::off);
  EXPECT_DOUBLE_EQ(s.condition(0, 0, 30).temperature, degc(-51.5));
  EXPECT_EQ(s.condition(0, 1, 700).kind, SurfaceCondition::Kind::zero_flux);
  // The end of an interval still belongs to it when asked with its index.
  EXPECT_DOUBLE_EQ(s.condition(0, 0, 600).temperature, degc(-140));
  // After an instant active thaw the second freeze begins at +20 degC, sensed or not.
  EXPECT_TRUE(s.needs_sensed_temperature(0, 2));
  s.set_surface_at_begin(0, 2, degc(-30));
  EXPECT_FALSE(s.needs_sensed_temperature(0, 3));
  EXPECT_DOUBLE_EQ(s.intervals(0)[3].surface_at_begin, degc(20));
  EXPECT_NEAR(s.condition(0, 3, 930).temperature, degc(-60), 1e-9);
}

TEST(Schedule, EqualInstantsCompareEqual) {
  const auto law = reference_law();
  // 0.1 + 0.2 != 0.3 in doubles; 49 steps of 0.1 min against one of 4.9 min.
  std::vector<ScheduleStep> many(49, {"freeze", 0.1 * 60, 1, {}});
  Schedule s(probes(3, law),
             {{{0}, 0.1, 1, {{"passive_thaw", 0.2, 1, {}}}},
              {{1}, 0.3, 1, many},
              {{2}, 0.3, 1, {{"freeze", 4.9 * 60, 1, {}}}}},
             kBody);
  EXPECT_EQ(s.intervals(0)[1].end, 0.3);
  EXPECT_EQ(s.intervals(1)[0].end, 0.3);
  EXPECT_EQ(s.intervals(1).back().begin, s.intervals(2).back().begin);
  EXPECT_EQ(s.end_time(), s.intervals(1).back().begin);
  const auto& t = s.switch_times();
  for (std::size_t i = 1; i < t.size(); ++i) EXPECT_GT(t[i] - t[i - 1], 1e-7);
  EXPECT_EQ(exact_time(0.1 + 0.2), 0.3);
  EXPECT_EQ(exact_time(1500.0), 1500.0);
}

TEST(Schedule, GroupsStartAndStopAtTheirOwnTimesAndCycle) {
  const auto law = reference_law();
  Schedule s(probes(3, law),
             {{{0, 2}, 0, 2, {{"freeze", 100, 1, {}}, {"passive_thaw", 50, 1, {}}}},
              {{1}, 40, 1, {{"freeze", 30, 0.5, {}}}}},
             kBody);
  EXPECT_DOUBLE_EQ(s.end_time(), 300);
  EXPECT_EQ(s.mode(0, 150), ProbeMode::freeze);
  EXPECT_EQ(s.mode(2, 250), ProbeMode::passive_thaw);
  EXPECT_EQ(s.mode(1, 39), ProbeMode::off);
  EXPECT_EQ(s.mode(1, 40), ProbeMode::freeze);
  EXPECT_EQ(s.mode(1, 70), ProbeMode::off);
  EXPECT_EQ(s.switch_times(), (std::vector<double>{0, 40, 60, 70, 100, 150, 210, 250, 300}));
}

TEST(Schedule, OneProbeInTwoGroupsOneAfterTheOther) {
  const auto law = reference_law();
  Schedule s(probes(1, law),
             {{{0}, 300, 1, {{"freeze", 60, 0.5, {}}}}, {{0}, 0, 1, {{"freeze", 300, 1, {}}}}},
             kBody);
  ASSERT_EQ(s.intervals(0).size(), 3U);
  // A freeze that goes on at another power starts from the temperature reached.
  EXPECT_FALSE(s.needs_sensed_temperature(0, 1));
  EXPECT_DOUBLE_EQ(s.intervals(0)[1].surface_at_begin, degc(-140));
  EXPECT_NEAR(s.condition(0, 1, 360).temperature, degc(-51.5), 1e-9);
}

TEST(Schedule, FreezeCutShortIsCarriedFromTheTemperatureReached) {
  const auto law = reference_law();
  Schedule s(probes(1, law), {{{0}, 0, 1, {{"freeze", 30, 1, {}}, {"freeze", 90, 0.5, {}}}}},
             kBody);
  EXPECT_NEAR(s.intervals(0)[1].surface_at_begin, degc(-51.5), 1e-9);
}

TEST(Schedule, SensesAfterAPassiveThawAndAfterAPause) {
  const auto law = reference_law();
  Schedule s(probes(2, law),
             {{{0},
               0,
               1,
               {{"freeze", 100, 1, {}},
                {"passive_thaw", 50, 1, {}},
                {"freeze", 30, 1, {}},
                {"freeze", 30, 0.5, {}},
                {"passive_thaw", 50, 1, {}},
                {"freeze", 30, 1, {}}}},
              {{1}, 40, 1, {{"freeze", 30, 1, {}}}}},
             kBody);
  EXPECT_FALSE(s.needs_sensed_temperature(0, 0));
  EXPECT_FALSE(s.needs_sensed_temperature(0, 1));
  EXPECT_TRUE(s.needs_sensed_temperature(0, 2));
  EXPECT_TRUE(s.needs_sensed_temperature(0, 5));
  // A neighbour may have cooled the tissue before a late probe starts.
  EXPECT_TRUE(s.needs_sensed_temperature(1, 1));
  s.set_surface_at_begin(0, 2, degc(-20));
  EXPECT_DOUBLE_EQ(s.condition(0, 2, 150).temperature, degc(-20));
  EXPECT_NEAR(s.intervals(0)[3].surface_at_begin, degc(-80), 1e-9);
  EXPECT_TRUE(std::isnan(s.intervals(0)[5].surface_at_begin));
  s.set_surface_at_begin(0, 5, degc(5));
  s.set_surface_at_begin(0, 2, degc(-20));  // leaves what was sensed later alone
  EXPECT_DOUBLE_EQ(s.condition(0, 5, 260).temperature, degc(5));
  EXPECT_NEAR(s.intervals(0)[3].surface_at_begin, degc(-80), 1e-9);
}

TEST(Schedule, AProbeWithoutAGroupIsOff) {
  const auto law = reference_law();
  const Schedule s(probes(2, law), {reference_group({0})}, kBody);
  ASSERT_EQ(s.intervals(1).size(), 1U);
  EXPECT_EQ(s.mode(1, 100), ProbeMode::off);
  EXPECT_EQ(s.condition(1, 0, 100).kind, SurfaceCondition::Kind::zero_flux);
}

TEST(Schedule, RefusesAProbeInTwoGroupsAtOnce) {
  EXPECT_EQ(refusal({reference_group({0, 1}), {{1}, 1499, 1, {{"freeze", 60, 1, {}}}}}),
            "protocol[1]: probe p1 would begin a step at 1499 s while a step of another group "
            "lasts from 900 s to 1500 s");
  EXPECT_EQ(refusal({reference_group({0, 1}), {{1}, 1500, 1, {{"freeze", 60, 1, {}}}}}), "");
}

TEST(Schedule, RefusesBadStepsAllAtOnce) {
  const std::string text = refusal({{{0, 0},
                                     -1,
                                     0,
                                     {{"freeze", 60, 0, {}},
                                      {"freeze", 0, 1, {}},
                                      {"freeze", 60, 1.01, {}},
                                      {"active_thaw", 60, 1, {}},
                                      {"active_thaw", 60, 1, degc(14.9)},
                                      {"active_thaw", 60, 1, degc(40.1)},
                                      {"thaw", 60, 1, {}}}},
                                    {{}, 0, 1, {}}});
  for (const char* part :
       {"protocol[0].probes: names p0 twice", "protocol[0].start", "protocol[0].cycles: is 0",
        "protocol[0].steps[0].power: is 0 %", "protocol[0].steps[1]: lasts 0 s",
        "protocol[0].steps[2].power: is 101 %", "protocol[0].steps[3].temperature: is missing",
        "protocol[0].steps[4].temperature: is 14.9 degC",
        "protocol[0].steps[5].temperature: is 40.1 degC", "protocol[0].steps[6]: 'thaw'",
        "protocol[1].probes: names no probe", "protocol[1].steps: has no step"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nnot in\n" << text;
  }
  EXPECT_EQ(refusal({{{0}, 0, 1, {{"active_thaw", 60, 1, degc(15)}}}}), "");
  EXPECT_EQ(refusal({{{0}, 0, 1, {{"active_thaw", 60, 1, degc(40)}}}}), "");
}

}  // namespace
}  // namespace thermodose::test
