// Implements: tests of run/source_range.h: what the sources of a case allow.
#include "run/source_range.h"

#include <gtest/gtest.h>

#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

struct Given {
  explicit Given(const CaseText& text)
      : spec(read(text)), model(make_model(spec, 0.05)), schedule(make_schedule(model)) {}
  CaseSpec spec;
  Model model;
  Schedule schedule;
};

void expect_range(const CaseText& text, double low, double high) {
  const Given given(text);
  const auto [cold, warm] = source_range(given.model, given.schedule);
  EXPECT_NEAR(cold, kelvin(low), 1e-6);
  EXPECT_NEAR(warm, kelvin(high), 1e-6);
}

TEST(SourceRange, NeedleAtFullAndAtPartialPower) {
  CaseText c;
  expect_range(c, -140, 37);
  c.protocol = "[{probes: [p], steps: [{freeze: 2 min, power: 50 %}]}]";
  expect_range(c, -51.5, 37);
}

TEST(SourceRange, RampFromATemperatureThatOnlyTheSolutionKnows) {
  CaseText c;
  c.protocol =
      "[{probes: [p], steps: [{freeze: 1 min}, {passive_thaw: 1 min}, {freeze: 1 min}, "
      "{passive_thaw: 1 min}, {active_thaw: 1 min, temperature: 40 degC}]}]";
  expect_range(c, -140, 40);
}

TEST(SourceRange, FacesOfEveryKind) {
  CaseText c;
  c.probes = "{}";
  c.protocol = "[]";
  c.more = "duration: 1 min\n";
  c.faces = "all: {fixed: 36 degC}";
  expect_range(c, 36, 37);
  c.faces =
      "all: {insulated: true}, z_max: {convection: 50 W/m2/K, "
      "ambient: [[0 s, 20 degC], [30 s, 42 degC]]}";
  expect_range(c, 20, 42);
}

// Blood of 30 degC in tissue of 37 degC cools it, metabolism without perfusion knows no bound.
TEST(SourceRange, BloodAndMetabolism) {
  CaseText c;
  c.probes = "{}";
  c.protocol = "[]";
  c.more = "duration: 1 min\n";
  c.faces = "all: {insulated: true}";
  c.tissue = "own";
  c.materials = plain_material("own", "0.5 W/m/K",
                               "    perfusion: 2000 W/m3/K\n    arterial_temperature: 30 degC\n");
  expect_range(c, 30, 37);
  c.materials = plain_material("own", "0.5 W/m/K",
                               "    perfusion: 2000 W/m3/K\n    arterial_temperature: 37 degC\n"
                               "    metabolic_heat: 4000 W/m3\n");
  expect_range(c, 37, 39);
  c.materials = plain_material("own", "0.5 W/m/K",
                               "    metabolic_heat: 4000 W/m3\n    max_temperature: 80 degC\n");
  expect_range(c, 37, 80);
}

TEST(SourceRange, LimitsOfTheLawsAreNarrowedNotWidened) {
  CaseText c;
  c.materials = "";
  Given given(c);
  limit_to_sources(given.model, given.schedule);
  EXPECT_NEAR(given.model.laws[0].min_temperature, kelvin(-140 - 17.7), 1e-6);
  EXPECT_NEAR(given.model.laws[0].max_temperature, kelvin(37 + 17.7), 1e-6);
  c.tissue = "delicate";
  c.materials =
      std::string(CaseText::kSoft).replace(2, 4, "delicate") + "    min_temperature: -60 degC\n";
  Given tight(c);
  limit_to_sources(tight.model, tight.schedule);
  EXPECT_NEAR(tight.model.laws[0].min_temperature, kelvin(-60), 1e-6);
}

}  // namespace
}  // namespace thermodose::run_test
