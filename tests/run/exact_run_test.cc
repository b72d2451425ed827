// Implements: whole runs with closed-form answers: quiet tissue, metabolic heat, perfusion, a bag
// of warm water around a small block, groups of probes that start at different times.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "output/h5_read.h"
#include "run/simulation.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

constexpr double kCapacity = 1000 * 4000.0;  // J/m3/K of plain_material

CaseText without_probes(const std::string& material_lines, const std::string& faces) {
  CaseText c;
  c.tissue = "plain";
  c.materials = plain_material("plain", "0.5 W/m/K", material_lines);
  c.faces = faces;
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{inside: 3 1 -7 mm, corner: 20 20 20 mm}";
  c.output = "{isotherms: [0 degC], traces_every: 10 s}";
  c.more = "duration: 5 min\n";
  return c;
}

/// Traces of a run: columns of results.h5 by name.
struct Traces {
  explicit Traces(const CaseText& text) : summary(run_in(scratch, read(text))) {}
  std::vector<double> column(const std::string& name) const {
    return output_test::H5Reader(scratch.file("out/results.h5")).values("traces/" + name);
  }
  Scratch scratch;
  RunSummary summary;
};

TEST(ExactRun, QuietTissueStaysQuiet) {
  for (const char* faces : {"all: {insulated: true}", "all: {fixed: 37 degC}",
                            "all: {convection: 50 W/m2/K, ambient: 37 degC}"}) {
    const Traces t(without_probes("", faces));
    for (const char* name : {"inside_degC", "corner_degC"})
      for (const double v : t.column(name)) EXPECT_NEAR(v, 37, 1e-5) << faces;
    EXPECT_NEAR(t.summary.energy.stored, 0, 1e-3) << faces;
    EXPECT_EQ(t.summary.simulated_time, 300);
    EXPECT_TRUE(t.summary.probes.empty());
  }
}

// dT/dt = Q_m / (rho c).
TEST(ExactRun, MetabolicHeatWarmsAtItsRate) {
  const Traces t(without_probes("    metabolic_heat: 40 kW/m3\n", "all: {insulated: true}"));
  const auto time = t.column("time_s");
  ASSERT_EQ(time.size(), 31U);
  for (const char* name : {"inside_degC", "corner_degC"}) {
    const auto v = t.column(name);
    for (std::size_t n = 0; n < time.size(); ++n)
      EXPECT_NEAR(v[n], 37 + 40e3 / kCapacity * time[n], 2e-4) << time[n];
  }
  EXPECT_NEAR(t.summary.energy.stored, 40e3 * 6.4e-5 * 300, 0.1) << "Q_m V t";
}

// dT/dt = W (T_a - T) / (rho c).
TEST(ExactRun, PerfusionRelaxesToTheBlood) {
  CaseText c = without_probes("    perfusion: 40 kW/m3/K\n    arterial_temperature: 37 degC\n",
                              "all: {insulated: true}");
  c.initial = "25 degC";
  c.numerics =
      "{cell_size: 2.5 mm, error_estimate: false, max_step: 2 s}";  // traces are linear in it
  const Traces t(c);
  const auto time = t.column("time_s"), v = t.column("inside_degC");
  for (std::size_t n = 0; n < time.size(); ++n)
    EXPECT_NEAR(v[n], 37 - 12 * std::exp(-40e3 / kCapacity * time[n]), 5e-3) << time[n];
  EXPECT_GT(v.back(), 36);
}

// A block that conducts so well that it has one temperature: with b = h A / (rho c V),
//   dT/dt = b (T_w(t) - T),  T_w = 37 + r t for t < t_1, then constant.
TEST(ExactRun, WarmWaterBagThatWarmsUp) {
  CaseText c = without_probes("",
                              "all: {convection: 400 W/m2/K, ambient: [[0 min, 37 degC], "
                              "[2 min, 43 degC], [5 min, 43 degC]]}");
  c.materials = plain_material("plain", "400 W/m/K");
  c.domain = "box: {center: 0 0 0 mm, size: 10 10 10 mm}";
  c.numerics = "{cell_size: 2.5 mm, error_estimate: false, max_step: 2 s}";
  c.thermocouples = "{inside: 1 1 -2 mm}";
  const Traces t(c);
  const double b = 400 * 6 / 10e-3 / kCapacity, r = 6.0 / 120;
  const auto exact = [&](double s) {
    const double at_corner = 37 + r * (120 - (1 - std::exp(-b * 120)) / b);
    if (s <= 120) return 37 + r * (s - (1 - std::exp(-b * s)) / b);
    return 43 + (at_corner - 43) * std::exp(-b * (s - 120));
  };
  const auto time = t.column("time_s"), v = t.column("inside_degC");
  ASSERT_EQ(time.size(), 31U);
  for (std::size_t n = 0; n < time.size(); ++n) EXPECT_NEAR(v[n], exact(time[n]), 0.02) << time[n];
  EXPECT_GT(v.back(), 42.9);
  EXPECT_NEAR(t.summary.energy.stored, kCapacity * 1e-6 * (exact(300) - 37), 0.1);
}

// Two layers between faces of 20 and 40 degC, steady: k_1 (T_i - 20) / L = k_2 (40 - T_i) / L,
// linear in each. The border falls on a plane of nodes; every cell has the tissue of its centre.
TEST(ExactRun, SteadyHeatThroughTwoLayers) {
  for (const char* engine : {"grid", "mesh"}) {
    CaseText c = without_probes("",
                                "all: {insulated: true}, x_min: {fixed: 20 degC}, "
                                "x_max: {fixed: 40 degC}");
    c.tissue = "better";
    c.materials += plain_material("better", "2 W/m/K");
    c.regions =
        "[{name: left, shape: {half_space: {point: 0 0 0 mm, normal: 1 0 0}}, tissue: plain}]";
    c.domain = "box: {center: 0 0 0 mm, size: 20 5 5 mm}";
    c.initial = "30 degC";
    c.thermocouples = "{left: -5 0 0 mm, border: 0 0 0 mm, right: 5 0 0 mm, between: 3.2 1 -1 mm}";
    c.numerics = "{engine: " + std::string(engine) + ", cell_size: 1.25 mm, error_estimate: false}";
    c.output = "{isotherms: [0 degC], traces_every: 60 s}";
    c.more = "duration: 120 min\n";
    const RunSummary s = run(c);
    const double border = (0.5 * 20 + 2 * 40) / 2.5;
    EXPECT_NEAR(s.thermocouples[1].final, kelvin(border), 0.01) << engine;
    EXPECT_NEAR(s.thermocouples[0].final, kelvin((20 + border) / 2), 0.01) << engine;
    EXPECT_NEAR(s.thermocouples[2].final, kelvin((40 + border) / 2), 0.01) << engine;
    EXPECT_NEAR(s.thermocouples[3].final, kelvin(border + 0.32 * (40 - border)), 0.01) << engine;
  }
}

TEST(ExactRun, GroupsStartAtTheirOwnTimes) {
  CaseText c;
  c.probes =
      "{early: {device: needle, tip: -10 0 -5 mm, direction: 0 0 1}, "
      "late: {device: needle, tip: 10 0 -5 mm, direction: 0 0 1}}";
  c.protocol = R"(
  - {probes: [early], steps: [{freeze: 1 min}]}
  - {probes: [late], start: 1 min, steps: [{freeze: 1 min}]})";
  c.thermocouples = "{by_early: -10 0 3.5 mm, by_late: 10 0 3.5 mm}";
  c.faces = "all: {insulated: true}";
  c.numerics = "{cell_size: 2.5 mm, error_estimate: false, max_step: 1 s}";
  c.output = "{isotherms: [0 degC], isotherms_every: 10 s, traces_every: 1 s}";
  const Traces t(c);
  const auto early = t.column("by_early_degC"), late = t.column("by_late_degC");
  for (std::size_t n = 0; n <= 60; ++n) EXPECT_NEAR(late[n], 37, 0.5) << "not begun";
  EXPECT_LT(late[80], 0);
  EXPECT_LT(early[60], -40);
  EXPECT_GT(early[120], early[60] + 20) << "off: it warms";
  // Nearly mirror images, one minute apart (the second starts in tissue that the first has cooled
  // a little: 20 mm away).
  for (std::size_t n = 0; n <= 60; n += 10) EXPECT_NEAR(late[n + 60], early[n], 0.6) << n;
  const auto& probes = t.summary.probes;
  ASSERT_EQ(probes.size(), 2U);
  EXPECT_EQ(probes[0].name, "early");
  EXPECT_NEAR(*probes[0].energy / *probes[1].energy, 1, 0.03);
  EXPECT_NEAR(*probes[1].min_surface_temperature, kelvin(-140), 1e-3);
  const double first = isotherm(t.summary, 60, 0).volume, both = isotherm(t.summary, 120, 0).volume;
  EXPECT_GT(first, 0.5e-6);
  EXPECT_GT(both, first);
}

// A freeze at full power and one at none in between: the second probe of a pair changes nothing
// while it is idle.
TEST(ExactRun, AnIdleNeedleLeavesNoTrace) {
  CaseText alone, pair;
  pair.probes =
      "{p: {device: needle, tip: 0 0 -5 mm, direction: 0 0 1}, "
      "idle: {device: needle, tip: 6 0 -5 mm, direction: 0 0 1}}";
  const RunSummary a = run(alone), b = run(pair);
  const double va = isotherm(a, 60, 0).volume, vb = isotherm(b, 60, 0).volume;
  EXPECT_GT(va, 0.5e-6);
  EXPECT_NEAR(vb, va, 1e-3 * va) << "apart from the steps";
  EXPECT_EQ(*b.probes[1].energy, 0);
}

}  // namespace
}  // namespace thermodose::run_test
