// Implements: odd but legal cases. Each runs to its end with its energy balanced and does what
// its oddity says.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "output/h5_read.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

RunSummary completed(const CaseText& text) {
  RunSummary s = run(text);
  EXPECT_EQ(s.status, RunSummary::Status::complete);
  EXPECT_LT(std::abs(s.energy.relative_residual), 1e-4);
  for (const auto& i : s.isotherms) {
    EXPECT_GE(i.volume, 0);
    EXPECT_TRUE(std::isfinite(i.volume));
  }
  return s;
}

double ice(const RunSummary& s, double time, double celsius = 0) {
  return isotherm(s, time, celsius).volume;
}

// The same needle along z, along a diagonal and off the nodes: the same ice.
TEST(OddCase, NeedleAlongTheDiagonal) {
  CaseText c;
  c.numerics = "{cell_size: 1.25 mm, error_estimate: false, max_step: 2 s}";
  const double straight = ice(completed(c), 60);
  EXPECT_GT(straight, 0.5e-6);
  c.probes = "{p: {device: needle, tip: -2.8868 -2.8868 -2.8868 mm, direction: 1 1 1}}";
  EXPECT_NEAR(ice(completed(c), 60), straight, 0.04 * straight);
  c.probes = "{p: {device: needle, tip: 0.31 0.47 -4.4 mm, direction: 0 0 1}}";
  EXPECT_NEAR(ice(completed(c), 60), straight, 0.04 * straight);
}

TEST(OddCase, NeedleThickerThanACell) {
  CaseText c;
  c.devices = std::string(CaseText::kNeedle).replace(2, 6, "thick_one");
  c.devices.replace(c.devices.find("1.5 mm"), 6, "3.8 mm");
  c.probes = "{p: {device: thick_one, tip: 0 0 -5 mm, direction: 0 0 1}}";
  c.numerics = "{cell_size: 1.25 mm, error_estimate: false}";
  const RunSummary s = completed(c);
  EXPECT_GT(ice(s, 60), 1.5 * ice(completed(CaseText{}), 60));
  EXPECT_NEAR(s.probes[0].diameter, 3.8e-3, 1e-12);
}

TEST(OddCase, OneStepThatStartsLate) {
  CaseText c;
  c.protocol = "[{probes: [p], start: 1.5 min, steps: [{freeze: 1 min}]}]";
  const RunSummary s = completed(c), reference = completed(CaseText{});
  EXPECT_EQ(s.simulated_time, 150);
  EXPECT_EQ(ice(s, 90), 0) << "nothing happens before the start";
  EXPECT_NEAR(ice(s, 150), ice(reference, 60), 1e-3 * ice(reference, 60));
}

TEST(OddCase, ThreeCycles) {
  CaseText c;
  c.protocol = "[{probes: [p], cycles: 3, steps: [{freeze: 30 s}, {passive_thaw: 30 s}]}]";
  c.dose = "[freeze_count, temperature_extremes]";
  c.numerics = "{cell_size: 1.25 mm, error_estimate: false}";
  const Scratch scratch;
  const RunSummary s = run_in(scratch, read(c));
  EXPECT_EQ(s.simulated_time, 180);
  EXPECT_GT(ice(s, 90), ice(s, 60)) << "grows in the second freeze";
  EXPECT_GT(ice(s, 150), ice(s, 120)) << "and in the third";
  EXPECT_GT(ice(s, 150), ice(s, 30)) << "which starts from colder tissue";
  EXPECT_LT(std::abs(s.energy.relative_residual), 1e-4);
}

// A level above the initial temperature bounds what is warmer.
TEST(OddCase, IsothermAboveTheInitialTemperature) {
  CaseText c;
  c.protocol = "[{probes: [p], steps: [{active_thaw: 2 min, temperature: 40 degC}]}]";
  c.output = "{isotherms: [38 degC, 36 degC, 45 degC]}";
  const RunSummary s = completed(c);
  const auto& warm = isotherm(s, 120, 38);
  EXPECT_FALSE(warm.below);
  EXPECT_GT(warm.volume, 0.1e-6);
  EXPECT_LT(warm.volume, 10e-6);
  EXPECT_EQ(isotherm(s, 120, 45).volume, 0) << "nowhere that warm";
  EXPECT_TRUE(isotherm(s, 120, 36).below);
  EXPECT_EQ(isotherm(s, 120, 36).volume, 0);
}

// At the initial temperature itself: only what has cooled counts.
TEST(OddCase, IsothermAtTheInitialTemperature) {
  CaseText c;
  c.output = "{isotherms: [37 degC, 36.9 degC]}";
  const RunSummary s = completed(c);
  EXPECT_EQ(isotherm(s, 0, 37).volume, 0);
  EXPECT_GE(isotherm(s, 60, 37).volume, isotherm(s, 60, 36.9).volume);
  EXPECT_LE(isotherm(s, 60, 37).volume, 64.0e-6 * (1 + 1e-6)) << "the whole block at most";
}

TEST(OddCase, PeriodsThatDivideNothing) {
  CaseText c;
  c.output =
      "{isotherms: [0 degC], isotherms_every: 7.3 s, fields_every: 47 s, traces_every: 11.1 s}";
  const Scratch scratch;
  const RunSummary s = run_in(scratch, read(c));
  ASSERT_EQ(s.isotherms.size(), 19U) << "0, 7.3 ... 116.8 s, the end of the freeze and the end";
  for (std::size_t n = 0; n < 9; ++n) EXPECT_NEAR(s.isotherms[n].time, 7.3 * double(n), 1e-9);
  EXPECT_EQ(s.isotherms[9].time, 60);
  EXPECT_EQ(s.isotherms[18].time, 120);
  const output_test::H5Reader f(scratch.file("out/fields.h5"));
  for (std::size_t n = 0; n < 5; ++n)
    EXPECT_EQ(f.number("step/" + std::to_string(n), "time_s"),
              (std::vector<double>{0, 47, 60, 94, 120})[n]);
}

// A thermocouple on the axis reads what the needle's space is taken to have: near its surface.
TEST(OddCase, ThermocoupleOnTheAxis) {
  CaseText c;
  c.thermocouples = "{on_axis: 0 0 0 mm, on_surface: 0.75 0 0 mm, at_tip: 0 0 -5 mm}";
  c.numerics = "{cell_size: 0.8 mm, error_estimate: false}";
  const RunSummary s = completed(c);
  ASSERT_EQ(s.thermocouples.size(), 3U);
  EXPECT_NEAR(s.thermocouples[0].minimum, kelvin(-140), 25);
  EXPECT_NEAR(s.thermocouples[1].minimum, kelvin(-140), 25);
  EXPECT_GT(s.thermocouples[2].minimum, s.thermocouples[0].minimum);
  for (const auto& t : s.thermocouples) EXPECT_GE(t.minimum, kelvin(-145)) << "hardly colder";
}

TEST(OddCase, StackOfTenRegions) {
  CaseText c;
  const std::vector<std::string> tissues = {"muscle", "fat", "liver", "kidney", "skin"};
  c.regions = "\n";
  for (int n = 0; n < 10; ++n)
    c.regions += "  - {name: r" + std::to_string(n) +
                 ", shape: {sphere: {center: 0 0 0 mm, radius: " + std::to_string(19 - 1.8 * n) +
                 " mm}}, tissue: " + tissues[std::size_t(n % 5)] + "}\n";
  const Scratch scratch;
  const RunSummary s = run_in(scratch, read(c));
  EXPECT_LT(std::abs(s.energy.relative_residual), 1e-4);
  EXPECT_GT(ice(s, 60), 0.3e-6);
  const output_test::H5Reader f(scratch.file("out/fields.h5"));
  const auto region = f.values("mesh/0/region_id"), material = f.values("mesh/0/material_id");
  EXPECT_EQ(region[8 + 17 * (8 + 17 * 8)], 10) << "the innermost was painted last";
  EXPECT_EQ(*std::max_element(material.begin(), material.end()), 5) << "five tissues, five laws";
}

TEST(OddCase, GelAtRoomTemperature) {
  CaseText c;
  c.tissue = "agar_gel";
  c.initial = "24 degC";
  c.faces = "all: {convection: 10 W/m2/K, ambient: 24 degC}";
  const RunSummary s = completed(c);
  EXPECT_GT(ice(s, 60), 0.3e-6);
  EXPECT_NEAR(s.thermocouples[0].maximum, kelvin(24), 1e-3);
}

TEST(OddCase, EdgesWithoutACommonDivisor) {
  CaseText c;
  c.domain = "box: {center: 1.3 -0.7 2.9 mm, size: 41.3 37.9 43.7 mm}";
  c.numerics = "{cell_size: 1.7 mm, error_estimate: false}";
  CaseText cube;
  cube.numerics = c.numerics;
  const RunSummary s = completed(c);
  EXPECT_NEAR(ice(s, 60), ice(completed(cube), 60), 0.05 * ice(s, 60));
}

double coldest(const CaseText& c) {
  const Scratch scratch;
  EXPECT_EQ(run_in(scratch, read(c)).status, RunSummary::Status::complete);
  const output_test::H5Reader fields(scratch.file("out/fields.h5"));
  const auto values = fields.values("step/2/t_min_degC");
  return *std::min_element(values.begin(), values.end());
}

// A needle that crosses a border draws neither tissue further below its own temperature than it
// does where it lies in that tissue alone.
TEST(OddCase, NeedleAtABorderDrainsNeitherTissue) {
  CaseText c;
  c.output = "{isotherms: [0 degC], traces_every: 5 s, fields_every: 60 s}";
  for (const char* engine : {"grid", "mesh"}) {
    c.numerics = "{engine: " + std::string(engine) +
                 ", cell_size: 1.25 mm, precision: double, error_estimate: false}";
    c.regions = "[]";
    c.tissue = "soft";
    const double soft = coldest(c);
    c.tissue = "fat";
    const double alone = std::min(soft, coldest(c));
    c.tissue = "soft";
    for (const char* normal : {"0 0 1", "1 0 0", "1 0.3 0.6"}) {
      c.regions = "[{name: fat, tissue: fat, shape: {half_space: {point: 0.3 0 1 mm, normal: " +
                  std::string(normal) + "}}}]";
      EXPECT_GT(coldest(c), alone - 5) << normal << " " << engine;
    }
  }
}

// A domain of two cells has no coarser companion: the run is made, the error is not stated.
TEST(OddCase, DomainOfTwoCells) {
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 5 5 5 mm}";
  c.probes = "{}";
  c.protocol = "[]";
  c.faces = "all: {fixed: 20 degC}";
  c.thermocouples = "{}";
  c.numerics = "{cell_size: 2.5 mm}";
  c.more = "duration: 1 min\n";
  const Scratch scratch;
  const RunSummary s = run_in(scratch, read(c));
  EXPECT_EQ(s.cells, 8U);
  for (const auto& i : s.isotherms) EXPECT_FALSE(i.volume_error.has_value());
  EXPECT_NE(summary_of(scratch)["warnings"].dump().find("no discretisation error"),
            std::string::npos);
}

// A background whose data end at -50 degC and a needle in a region of other tissue: what the
// region's nodes have is what thermocouples there read.
TEST(OddCase, RegionColderThanTheDataOfTheBackground) {
  CaseText c;
  c.tissue = "limited";
  c.materials = std::string(CaseText::kSoft).replace(2, 4, "limited") +
                "    min_temperature: -50 degC\n" + CaseText::kSoft;
  c.regions = "[{name: core, shape: {sphere: {center: 0 0 0 mm, radius: 15 mm}}, tissue: gelatin}]";
  c.thermocouples = "{close: 1.2 0 0 mm}";
  const RunSummary s = completed(c);
  EXPECT_LT(s.thermocouples[0].minimum, kelvin(-70));
}

}  // namespace
}  // namespace thermodose::run_test
