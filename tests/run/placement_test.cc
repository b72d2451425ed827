// Implements: tests of run/placement.h.
#include "run/placement.h"

#include <gtest/gtest.h>

#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

struct Placed {
  explicit Placed(const CaseText& text) : spec(read(text)), model(make_model(spec, 0.05)) {}
  CaseSpec spec;
  Model model;
};

// A needle along z at the origin (z from -5 to 5 mm, radius 0.75 mm) and another one.
CaseText with(const std::string& tip, const std::string& direction = "0 0 1") {
  CaseText c;
  c.probes =
      "{p: {device: needle, tip: 0 0 -5 mm, direction: 0 0 1}, q: {device: needle, tip: " + tip +
      ", direction: " + direction + "}}";
  return c;
}

TEST(Placement, DistanceOfNeedles) {
  const auto warning = [](const CaseText& c) {
    const auto all = placement_warnings(Placed(c).model, 5e-3);
    return all.empty() ? std::string() : all.front();
  };
  EXPECT_NE(warning(with("4 0 -5 mm")).find("p and q are 2.50 mm apart"), std::string::npos);
  EXPECT_NE(warning(with("4 0 8 mm")).find("are 3.50 mm apart"), std::string::npos) << "3-4-5";
  EXPECT_NE(warning(with("6 4 0 mm", "-1 0 0")).find("are 2.50 mm apart"), std::string::npos)
      << "skew, nearest inside both";
  EXPECT_EQ(warning(with("12 0 -5 mm")), "");
}

TEST(Placement, ThermocoupleInsideANeedle) {
  CaseText c;
  c.thermocouples = "{on: 0.3 0.4 2 mm, shaft: 0 0 15 mm, beyond: 0 0 -6 mm, beside: 0.8 0 0 mm}";
  const auto all = placement_warnings(Placed(c).model, 1e-3);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_NE(all[0].find("thermocouple on lies inside the needle p (0.50 mm"), std::string::npos);
  EXPECT_NE(all[1].find("thermocouple shaft"), std::string::npos);
  const Scratch scratch;
  run_in(scratch, read(c));
  EXPECT_NE(summary_of(scratch)["warnings"].dump().find("thermocouple on"), std::string::npos);
  EXPECT_NE(check_case(read(c)).text.find("warning: thermocouple on"), std::string::npos);
}

TEST(Placement, BloodThatIsNotAtTheTemperatureOfTheStart) {
  CaseText c;
  const auto warned = [&](const std::string& initial) {
    c.initial = initial;
    const auto all = placement_warnings(Placed(c).model, 1e-3);
    return !all.empty() && all.front().find("its blood is at 37.00 degC") != std::string::npos;
  };
  EXPECT_FALSE(warned("37 degC"));
  EXPECT_TRUE(warned("310 K")) << "0.15 K off";
  EXPECT_TRUE(warned("-50 degC"));
}

TEST(Placement, FacesThatDriftFromTheStart) {
  CaseText c;
  const auto warned = [&](const std::string& faces) -> std::string {
    c.faces = faces;
    const auto all = placement_warnings(Placed(c).model, 1e-3);
    return all.empty() ? "" : all.front();
  };
  EXPECT_EQ(warned("all: {fixed: 37 degC}, z_max: {convection: 10 W/m2/K, ambient: 37 degC}"), "");
  EXPECT_EQ(warned("all: {fixed: 37 degC}, z_max: {convection: 10 W/m2/K, ambient: 22 degC}")
                .find("the surroundings of z_max are not at the temperature of the start, 37 degC"),
            0U);
}

TEST(Placement, ManyWarningsOfOneKindAreCounted) {
  CaseText c;
  c.thermocouples = "{";
  for (int i = 0; i < 30; ++i)
    c.thermocouples += (i ? ", t" : "t") + std::to_string(i) + ": 0 0 0 mm";
  c.thermocouples += "}";
  const auto all = placement_warnings(Placed(c).model, 1e-3);
  ASSERT_EQ(all.size(), 11U);
  EXPECT_EQ(all.back(), "... and 20 more of this kind");
}

TEST(Placement, ATipOutsideTheBodyIsRefused) {
  CaseText c;
  c.regions = "[{name: gut, shape: {sphere: {center: 0 0 -5 mm, radius: 3 mm}}, tissue: air}]";
  const CaseSpec spec = read(c);
  const Model model = make_model(spec, 0.05);
  const auto problems = probes_outside_body(model);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].key, "probes.p.tip");
  EXPECT_NE(problems[0].message.find("(0, 0, -5) mm lies in air, which is a gas"),
            std::string::npos)
      << problems[0].message;
  EXPECT_THROW(require_feasible(model, make_plan(spec)), InputError);
  EXPECT_TRUE(probes_outside_body(make_model(read(CaseText{}), 0.05)).empty());
}

TEST(Placement, AnActiveLengthInAGasIsRefusedOrToldOf) {
  // The active length goes from z = -5 to 5 mm.
  const auto air_from = [](const std::string& z) {
    CaseText c;
    c.regions = "[{name: gut, shape: {half_space: {point: 0 0 " + z +
                " mm, normal: 0 0 -1}}, tissue: air}]";
    return c;
  };
  const Placed most(air_from("-3"));
  const auto problems = probes_outside_body(most.model);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].key, "probes.p");
  EXPECT_NE(problems[0].message.find("80 % of its active length lies in air, which is a gas"),
            std::string::npos)
      << problems[0].message;
  const Placed some(air_from("2"));
  EXPECT_TRUE(probes_outside_body(some.model).empty());
  const auto warnings = placement_warnings(some.model, 1e-3);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0], "30 % of the active length of probe p lies in air, which is a gas");
  EXPECT_TRUE(placement_warnings(Placed(air_from("6")).model, 1e-3).empty());
}

TEST(Placement, EdgeIsToldWithDistances) {
  CaseText c;
  c.probes = "{p: {device: needle, tip: 18.5 0 -5 mm, direction: 0 0 1}}";
  try {
    check_case(read(c));
    FAIL() << "1.5 mm from the face on cells of 2.5 mm";
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("within 1.50 mm of a face, cells of 2.50 mm need"),
              std::string::npos)
        << e.what();
  }
}

}  // namespace
}  // namespace thermodose::run_test
