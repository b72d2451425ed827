// Implements: tests of run/model.h: regions, laws, needles, protocol and boundary conditions made
// from a case.
#include "run/model.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "devices/cryoprobe.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

struct Made {
  explicit Made(const CaseText& text) : spec(read(text)), model(make_model(spec, 0.05)) {}
  CaseSpec spec;
  Model model;
};

CaseText painted() {
  CaseText c;
  c.regions = R"(
  - {name: ball, shape: {sphere: {center: 0 0 0 mm, radius: 10 mm}}, tissue: fat}
  - {name: slab, shape: {box: {center: 0 0 0 mm, size: 30 30 4 mm}}, tissue: muscle}
  - {name: core, shape: {sphere: {center: 0 0 0 mm, radius: 3 mm}}, tissue: fat}
  - {name: window, shape: {sphere: {center: 12 0 0 mm, radius: 2 mm}}, tissue: soft})";
  return c;
}

TEST(Model, LaterRegionsPaintOverEarlierOnes) {
  const Made made(painted());
  const Model& m = made.model;
  EXPECT_EQ(m.region_at({0, 0, 9e-3}), 0);
  EXPECT_EQ(m.region_at({5e-3, 0, 0}), 1) << "the slab covers the ball";
  EXPECT_EQ(m.region_at({2e-3, 0, 0}), 2) << "the core covers both";
  EXPECT_EQ(m.region_at({12e-3, 0, 0}), 3);
  EXPECT_EQ(m.region_at({0, 0, 15e-3}), -1);
}

TEST(Model, RegionsOfOneTissueShareItsLaw) {
  const Made made(painted());
  const Model& m = made.model;
  EXPECT_EQ(m.law_names, (std::vector<std::string>{"soft", "fat", "muscle"}));
  EXPECT_EQ(m.region_law, (std::vector<int>{1, 2, 1, 0})) << "soft is the background's law";
  ASSERT_EQ(m.laws.size(), 3U);
  ASSERT_EQ(m.tissues.size(), 3U);
  EXPECT_EQ(m.law_at({0, 0, 15e-3}), 0);
  EXPECT_EQ(m.law_at({2e-3, 0, 0}), 1);
  for (const auto& law : m.laws) EXPECT_DOUBLE_EQ(law.reference_temperature, kelvin(37));
}

TEST(Model, CaveatsAreCollectedOnce) {
  CaseText c;
  c.materials = plain_material("doubtful", "0.5 W/m/K", "    caveats: [measured in the dark]\n");
  c.regions = R"(
  - {name: a, shape: {sphere: {center: 9 0 0 mm, radius: 2 mm}}, tissue: doubtful}
  - {name: b, shape: {sphere: {center: -9 0 0 mm, radius: 2 mm}}, tissue: doubtful})";
  c.probes =
      "{p: {device: needle, tip: 0 0 -5 mm, direction: 0 0 1}, "
      "q: {device: iceseed_1.5mm_tip, tip: 8 8 -5 mm, direction: 0 0 1}, "
      "r: {device: iceseed_1.5mm_tip, tip: -8 8 -5 mm, direction: 0 0 1}}";
  const Made made(c);
  const auto& all = made.model.caveats;
  const auto count = [&](const std::string& text) {
    return std::count(all.begin(), all.end(), text);
  };
  EXPECT_EQ(count("doubtful: measured in the dark"), 1);
  auto once = all;
  std::sort(once.begin(), once.end());
  EXPECT_EQ(std::adjacent_find(once.begin(), once.end()), once.end());
  const auto of_device = [](const std::string& line) {
    return line.rfind("iceseed_1.5mm_tip: ", 0) == 0;
  };
  EXPECT_GE(std::count_if(all.begin(), all.end(), of_device), 1);
  EXPECT_TRUE(Made(CaseText{}).model.caveats.empty());
}

// The order of the stated error: what freezes where no needle is does not decide it.
TEST(Model, NarrowestFreezingIsThatOfTheTissueAroundTheNeedles) {
  CaseText c;
  const std::string ball = "radius: 3 mm}}, tissue: water}]";
  c.regions = "[{name: far, shape: {sphere: {center: 12 12 0 mm, " + ball;
  EXPECT_EQ(Made(c).model.sharply_freezing(2), 0) << "-8 to -1 degC";
  EXPECT_NEAR(Made(c).model.sharply_freezing(7.1), 1, 1e-9);
  c.regions = "[{name: near, shape: {sphere: {center: 0 0 0 mm, " + ball;
  EXPECT_GT(Made(c).model.sharply_freezing(2), 0.05) << "water in the middle of the needle";
  c.tissue = "water";
  c.regions = "[{name: target, shape: {sphere: {center: 0 0 0 mm, radius: 10 mm}}, tissue: soft}]";
  EXPECT_GT(Made(c).model.sharply_freezing(2), 0.05)
      << "the ice grows out of the target into water";
  c.tissue = "soft";
  c.regions = "[{name: far, shape: {sphere: {center: 12 12 0 mm, " + ball;
  c.probes = "{}";
  c.protocol = "[]";
  c.more = "duration: 1 min\n";
  EXPECT_GT(Made(c).model.sharply_freezing(2), 0.05) << "a cold face may freeze any tissue";
}

TEST(Model, CaveatOfThrottlingOnlyWhereThereIsSome) {
  CaseText c;
  c.probes =
      "{p: {device: needle, tip: 0 0 -5 mm, direction: 0 0 1}, "
      "q: {device: iceseed_1.5mm_tip, tip: 8 8 -5 mm, direction: 0 0 1}}";
  const auto throttling = [&] {
    std::string text;
    for (const auto& line : Made(c).model.caveats)
      if (line.find("below 100 %") != std::string::npos) text += line + "\n";
    return text;
  };
  c.protocol = "[{probes: [all], steps: [{freeze: 1 min}]}]";
  EXPECT_EQ(throttling(), "");
  c.protocol =
      "[{probes: [p], steps: [{freeze: 1 min, power: 60 %}, {freeze: 1 min}]}, "
      "{probes: [q], steps: [{freeze: 1 min}]}]";
  EXPECT_EQ(throttling().rfind("needle: a power below 100 %", 0), 0U) << throttling();
  EXPECT_EQ(throttling().find("iceseed"), std::string::npos) << throttling();
}

TEST(Model, CaveatsOfAnEntryThatTheCaseChangedSaySo) {
  CaseText c;
  c.tissue = "own";
  c.materials = "  own: {from: liver, density: 1060 kg/m3}\n";
  const auto all = Made(c).model.caveats;
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all[0].rfind("own: ", 0), 0U) << all[0];
  EXPECT_NE(all[0].find("before this case changed it"), std::string::npos) << all[0];
}

TEST(Model, NeedlesReachFromTheirDeadTipAlongTheirAxis) {
  CaseText c;
  c.devices = R"(  blunt:
    diameter: 2 mm
    active_length: 8 mm
    dead_tip: 3 mm
    law:
      surface_temperature:
        {end_temperature: -140 degC, fall: linear, fall_time: 30 s, off_temperature: 37 degC}
)";
  c.probes =
      "{p: {device: needle, tip: 1 2 3 mm, direction: 0 0 -4}, "
      "q: {device: blunt, tip: -9 0 0 mm, entry: -9 30 40 mm}}";
  c.domain = "box: {center: 0 0 0 mm, size: 60 60 60 mm}";
  const Made made(c);
  const auto& s = made.model.segments;
  ASSERT_EQ(s.size(), 2U);
  const auto near = [](const Vec3& a, const Vec3& b) {
    for (std::size_t d = 0; d < 3; ++d) EXPECT_NEAR(a[d], b[d], 1e-12) << d;
  };
  near(s[0].begin, {1e-3, 2e-3, 3e-3});
  near(s[0].end, {1e-3, 2e-3, -7e-3});
  EXPECT_DOUBLE_EQ(s[0].radius, 0.75e-3);
  near(s[1].begin, {-9e-3, 1.8e-3, 2.4e-3});
  near(s[1].end, {-9e-3, 6.6e-3, 8.8e-3});
  EXPECT_DOUBLE_EQ(s[1].radius, 1e-3);
  EXPECT_TRUE(s[0].profile.empty()) << "no profile: no numbers to look at";
}

TEST(Model, ProfileRunsFromTheTip) {
  CaseText c;
  c.devices = R"(  gas:
    diameter: 2 mm
    active_length: 8 mm
    law:
      convective:
        {cryogen_temperature: -140 degC, coefficient: 2000 W/m2/K, thaw_coefficient: 500 W/m2/K,
         fall: linear, fall_time: 30 s, off_temperature: 37 degC,
         profile: [[0, 1], [0.5, 0.5], [1, 0.25]]}
)";
  c.probes = "{p: {device: gas, tip: 0 0 -4 mm, direction: 0 0 1}}";
  const Made made(c);
  const auto& profile = made.model.segments[0].profile;
  ASSERT_GE(profile.size(), 3U);
  EXPECT_DOUBLE_EQ(profile.front(), 1);
  EXPECT_DOUBLE_EQ(profile[profile.size() / 2], 0.5);
  EXPECT_DOUBLE_EQ(profile.back(), 0.25);
}

TEST(Model, ScheduleOfGroups) {
  CaseText c;
  c.probes =
      "{p: {device: needle, tip: -6 0 -5 mm, direction: 0 0 1}, "
      "q: {device: needle, tip: 6 0 -5 mm, direction: 0 0 1}}";
  c.protocol = R"(
  - {probes: [all], cycles: 2, steps: [{freeze: 1 min, power: 50 %}, {passive_thaw: 1 min}]}
  - {probes: [q], start: 4 min, steps: [{active_thaw: 30 s, temperature: 20 degC}]})";
  const Made made(c);
  const Schedule schedule = make_schedule(made.model);
  ASSERT_EQ(schedule.probes(), 2U);
  EXPECT_EQ(schedule.end_time(), 270);
  EXPECT_EQ(made.spec.end_time, 270);
  for (const std::size_t p : {0U, 1U}) {
    EXPECT_EQ(schedule.mode(p, 30), ProbeMode::freeze);
    EXPECT_EQ(schedule.mode(p, 90), ProbeMode::passive_thaw);
    EXPECT_EQ(schedule.mode(p, 150), ProbeMode::freeze);
  }
  EXPECT_EQ(schedule.mode(0, 250), ProbeMode::off);
  EXPECT_EQ(schedule.mode(1, 250), ProbeMode::active_thaw);
  const auto cold = schedule.condition(0, schedule.interval_at(0, 50), 50);
  EXPECT_NEAR(cold.temperature, kelvin(37 - 0.5 * 177), 1e-9) << "half power";
}

TEST(Model, ConditionsOfProbesBelongToTheSideOfTheStep) {
  const Made made(CaseText{});
  const Schedule schedule = make_schedule(made.model);
  const CaseConditions conditions(made.model, schedule);
  using Kind = SurfaceCondition::Kind;
  EXPECT_EQ(conditions.probe(0, 60, 59).kind, Kind::temperature) << "the last instant of a freeze";
  EXPECT_NEAR(conditions.probe(0, 60, 59).temperature, kelvin(-140), 1e-9);
  EXPECT_EQ(conditions.probe(0, 60, 61).kind, Kind::zero_flux) << "the first of a passive thaw";
  EXPECT_NEAR(conditions.probe(0, 15, 14).temperature, kelvin(37 - 88.5), 1e-9);
}

TEST(Model, ConditionsOfFaces) {
  CaseText c;
  c.faces =
      "all: {insulated: true}, x_min: {fixed: 30 degC}, y_max: {fixed: 33 degC}, "
      "z_max: {convection: 50 W/m2/K, ambient: [[1 min, 40 degC], [2 min, 44 degC], "
      "[2.5 min, 20 degC]]}";
  const Made made(c);
  const Schedule schedule = make_schedule(made.model);
  const CaseConditions conditions(made.model, schedule);
  using Kind = SurfaceCondition::Kind;
  EXPECT_EQ(conditions.face(0, 5).kind, Kind::temperature);
  EXPECT_DOUBLE_EQ(conditions.face(0, 5).temperature, kelvin(30));
  EXPECT_DOUBLE_EQ(conditions.face(3, 5).temperature, kelvin(33));
  for (const int face : {1, 2, 4}) EXPECT_EQ(conditions.face(face, 5).kind, Kind::zero_flux);
  const auto bag = [&](double t) { return conditions.face(5, t); };
  EXPECT_EQ(bag(0).kind, Kind::convective);
  EXPECT_DOUBLE_EQ(bag(0).coefficient, 50);
  for (const auto& [t, celsius] : std::vector<std::pair<double, double>>{
           {0, 40}, {60, 40}, {75, 41}, {120, 44}, {135, 32}, {150, 20}, {1000, 20}})
    EXPECT_NEAR(bag(t).temperature, kelvin(celsius), 1e-9) << t;
}

}  // namespace
}  // namespace thermodose::run_test
