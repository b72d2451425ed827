// Implements: whole runs in which damage stops perfusion and metabolic heat, against a dense
// solution of the same equations, and what must hold whatever the numbers are.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "output/h5_read.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

// An insulated block of one temperature above that of the blood: rho c dT/dt = f (W (T_a - T) + Q).
constexpr double kRhoC = 1000 * 4000.0;                // J/m3/K of plain_material
constexpr double kW = 40e3, kQ = 20e3;                 // W/m3/K, W/m3
constexpr double kBlood = 37, kStart = 52, kEnd = 60;  // degC, degC, s

const char* const kMesh = "engine: mesh, ";
const char* const kExponential =
    "perfusion_stops: {field: omega_microvascular, law: exponential}\n";

CaseText warm_block(const std::string& stop, double max_step, const std::string& numerics = "") {
  CaseText c;
  c.tissue = "plain";
  c.materials = plain_material("plain", "0.5 W/m/K",
                               "    perfusion: 40 kW/m3/K\n    arterial_temperature: 37 degC\n"
                               "    metabolic_heat: 20 kW/m3\n");
  c.domain = "box: {center: 0 0 0 mm, size: 10 10 10 mm}";
  c.initial = "52 degC";
  c.faces = "all: {insulated: true}";
  c.probes = "{}";
  c.protocol = "[]";
  c.dose =
      "[{arrhenius: {set: microvascular}}, {arrhenius: {set: skin}}, temperature_extremes, "
      "three_state]";
  c.thermocouples = "{inside: 1 1 -2 mm, corner: 5 5 5 mm}";
  c.numerics = "{" + numerics +
               "cell_size: 2.5 mm, error_estimate: false, max_step: " + std::to_string(max_step) +
               " s}";
  c.output = "{isotherms: [0 degC], traces_every: 10 s}";
  c.more = "duration: 1 min\n" + stop;
  return c;
}

struct Dense {
  double celsius, omega;
};

/// Classical Runge-Kutta in steps of 1 ms: the share of perfusion that is left is left(omega).
template <class Left>
double dense_end(double frequency, double energy, const Left& left, double end = kEnd) {
  const auto rate = [&](const Dense& s) {
    const double source = kW * (kBlood - s.celsius) + kQ;
    return Dense{
        left(s.omega) * source / kRhoC,
        s.celsius < 43 ? 0.0 : frequency * std::exp(-energy / (8.314 * kelvin(s.celsius)))};
  };
  const double dt = 1e-3;
  Dense s{kStart, 0};
  const auto on = [&](const Dense& r, double d) {
    return Dense{s.celsius + d * r.celsius, s.omega + d * r.omega};
  };
  for (int n = 0; n < std::lround(end / dt); ++n) {
    const Dense a = rate(s), b = rate(on(a, dt / 2)), c = rate(on(b, dt / 2)), d = rate(on(c, dt));
    s.celsius += dt / 6 * (a.celsius + 2 * b.celsius + 2 * c.celsius + d.celsius);
    s.omega += dt / 6 * (a.omega + 2 * b.omega + 2 * c.omega + d.omega);
  }
  return s.celsius;
}

double stasis_end() {
  return dense_end(1.98e106, 6.67e5, [](double omega) { return std::exp(-omega); });
}

/// Temperatures of all thermocouples at the end, degC.
std::vector<double> ends(const CaseText& text) {
  const Scratch scratch;
  const RunSummary s = run_in(scratch, read(text));
  EXPECT_LT(std::abs(s.energy.relative_residual), 1e-4);
  const output_test::H5Reader file(scratch.file("out/results.h5"));
  return {file.values("traces/inside_degC").back(), file.values("traces/corner_degC").back()};
}

TEST(PerfusionStop, FollowsTheDenseSolution) {
  const double exact = stasis_end();
  EXPECT_GT(exact,
            kBlood + kQ / kW + (kStart - kBlood - kQ / kW) * std::exp(-kW / kRhoC * kEnd) + 3)
      << "without stasis it would be far colder";
  EXPECT_LT(exact, kStart - 1) << "and it has cooled first";
  for (const char* numerics :
       {"", "precision: double, ", kMesh, "engine: mesh, precision: double, ",
        "engine: mesh, integrator: bdf2, "})
    for (const double t : ends(warm_block(kExponential, 0.25, numerics)))
      EXPECT_NEAR(t, exact, 1e-3 * (kStart - kBlood)) << numerics;
}

// The share held through a step is that of its middle, so long steps do well: with that of the
// begin they are 0.28 .. 0.06 K off.
TEST(PerfusionStop, ErrorFallsWithTheStep) {
  const double exact = stasis_end();
  std::vector<double> error;
  for (const double step : {4.0, 2.0, 1.0, 0.5}) {
    error.push_back(
        std::abs(ends(warm_block(kExponential, step, "precision: double, "))[0] - exact));
    EXPECT_LT(error.back(), 0.025 * step) << step;
  }
  EXPECT_LT(error.back(), 0.2 * error.front());
}

// Perfusion is whole up to the level.
TEST(PerfusionStop, SwitchesOffAtALevel) {
  const auto end = [](double level, double seconds) {
    return dense_end(
        1.98e106, 6.67e5, [level](double omega) { return omega >= level ? 0.0 : 1.0; }, seconds);
  };
  const double exact = end(0.7, kEnd);
  ASSERT_LT(exact, end(0.7, 2) - 0.2) << "it stops after 2 s";
  ASSERT_GT(exact, end(1e9, kEnd) + 1);
  for (const char* numerics : {"", kMesh, "engine: mesh, integrator: bdf2, "})
    for (const double step : {1.0, 0.1}) {
      const double t = ends(warm_block(
          "perfusion_stops: {field: omega_microvascular, at_least: 0.7}\n", step, numerics))[0];
      // It stops at the end of the step in which the level is reached, at up to 0.15 K/s; BDF2
      // remembers the slope before.
      EXPECT_LT(t, exact + 2e-3) << numerics << step;
      EXPECT_GT(t, exact - 0.18 * step - 2e-3) << numerics << step;
    }
}

// A coagulated block that cools below every threshold stays without blood.
TEST(PerfusionStop, StaysStoppedWhenTheTissueCools) {
  CaseText c = warm_block("perfusion_stops: {field: t_max_degC, at_least: 51 degC}\n", 1);
  c.materials = plain_material("plain", "10 W/m/K",
                               "    perfusion: 40 kW/m3/K\n    arterial_temperature: 37 degC\n"
                               "    metabolic_heat: 20 kW/m3\n");
  c.faces = "all: {insulated: true}, z_min: {fixed: 20 degC}";
  CaseText none = c, flowing = c;
  flowing.more = none.more = "duration: 1 min\n";
  none.materials = plain_material("plain", "10 W/m/K");
  const double stopped = ends(c)[1], bare = ends(none)[1];
  EXPECT_LT(bare, 36) << "it has cooled";
  EXPECT_GT(std::abs(ends(flowing)[1] - bare), 0.5) << "perfusion would matter";
  EXPECT_NEAR(stopped, bare, 1e-3);
}

/// State after 40 s of a run with every source stopped, or as the case says.
template <class Real>
std::vector<Real> after_40_s(const CaseText& text, bool stop) {
  Assembly<Real> a(read(text));
  std::vector<SourceStop> stops;
  for (const NodeRun& run : a.engine.system->all_runs())
    for (std::size_t i = run.begin; i < run.end; ++i) stops.push_back({i, run.law, 1});
  if (stop) a.engine.system->stop_sources(stops);
  a.engine.integrator->start(0);
  a.engine.integrator->advance(40, true, [](const auto&) {});
  const Real* y = a.engine.integrator->state();
  return {y, y + a.engine.system->size()};
}

// A needle in soft tissue with a region of another one, beside a warm face.
template <class Real>
void expect_no_perfusion(const std::string& numerics) {
  CaseText c;
  c.numerics = numerics;
  c.faces = "all: {fixed: 37 degC}, z_max: {fixed: 60 degC}";
  c.regions = "[{name: r, shape: {sphere: {center: 6 0 0 mm, radius: 5 mm}}, tissue: plain}]";
  const std::string blood = "    perfusion: 60 kW/m3/K\n    arterial_temperature: 37 degC\n";
  c.tissue = "other";
  const auto materials = [](const std::string& lines) {
    return plain_material("plain", "0.3 W/m/K", lines) +
           plain_material("other", "0.6 W/m/K", lines);
  };
  c.materials = materials(blood);
  CaseText none = c;
  none.materials = materials("");
  const auto stopped = after_40_s<Real>(c, true), flowing = after_40_s<Real>(c, false);
  const auto bare = after_40_s<Real>(none, false);
  ASSERT_EQ(stopped.size(), bare.size());
  double largest = 0, worst = 0, matters = 0;
  for (std::size_t i = 0; i < bare.size(); ++i) {
    largest = std::max(largest, std::abs(double(bare[i])));
    worst = std::max(worst, std::abs(double(stopped[i]) - double(bare[i])));
    matters = std::max(matters, std::abs(double(flowing[i]) - double(bare[i])));
  }
  EXPECT_GT(matters, 1e-2 * largest) << numerics;
  // The number of stages differs by the rate of the sources, so does the error of the step.
  EXPECT_LT(worst, 2e-3 * largest) << numerics;
}

TEST(PerfusionStop, AllStoppedIsARunWithoutPerfusion) {
  expect_no_perfusion<float>("{cell_size: 2.5 mm, error_estimate: false}");
  expect_no_perfusion<double>("{cell_size: 2.5 mm, error_estimate: false, precision: double}");
  expect_no_perfusion<float>("{engine: mesh, cell_size: 2.5 mm, error_estimate: false}");
  expect_no_perfusion<double>(
      "{engine: mesh, integrator: bdf2, cell_size: 2.5 mm, error_estimate: false}");
}

// A needle and a hot face, so that stopped nodes lie on faces too.
TEST(PerfusionStop, BalanceClosesToRoundOff) {
  for (const std::string engine : {"", "engine: mesh, ", "engine: mesh, integrator: bdf2, "}) {
    CaseText c;
    c.numerics = "{" + engine + "precision: double, cell_size: 2.5 mm, error_estimate: false}";
    c.faces = "all: {insulated: true}, z_max: {fixed: 60 degC}";
    c.dose = "[{arrhenius: {set: microvascular}}]";
    const RunSummary flowing = run(c);
    c.more = kExponential;
    const RunSummary stopped = run(c);
    EXPECT_LT(std::abs(stopped.energy.relative_residual), 1e-12) << engine;
    const auto tissue = [](const RunSummary& s) {
      for (const auto& [cause, joule] : s.energy.supplied)
        if (cause == "tissue") return joule;
      return 0.0;
    };
    EXPECT_GT(tissue(stopped), tissue(flowing) + 0.05 * std::abs(tissue(flowing)))
        << engine << "blood no longer cools the hot side";
  }
}

// Twice, and after a companion on coarser cells.
TEST(PerfusionStop, NothingIsCarriedIntoTheNextRun) {
  CaseText c = warm_block(kExponential, 1);
  const CaseSpec alone = read(c);
  c.numerics.replace(c.numerics.find("false"), 5, "true");
  c.accuracy = "1 %";
  const CaseSpec accompanied = read(c);
  std::vector<double> stored;
  for (const CaseSpec* spec : {&alone, &alone, &accompanied}) {
    const Scratch scratch;
    stored.push_back(run_in(scratch, *spec).energy.stored);
  }
  EXPECT_EQ(stored[0], stored[1]);
  EXPECT_NEAR(stored[0], stored[2], 0.02 * std::abs(stored[0])) << "its steps may differ";
}

TEST(PerfusionStop, NoDamageNoChange) {
  CaseText c = warm_block("perfusion_stops: {field: omega_skin, at_least: 1000}\n", 1);
  c.initial = "42 degC";
  CaseText none = warm_block("", 1);
  none.initial = c.initial;
  EXPECT_EQ(ends(c), ends(none));
}

std::string refusal(const std::string& stop) {
  try {
    (void)make_model(read(warm_block(stop, 1)), 0.05);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(PerfusionStop, RefusesWhatItCannotUse) {
  const auto expect = [](const std::string& keys, const std::string& words) {
    EXPECT_NE(refusal("perfusion_stops: {" + keys + "}\n").find(words), std::string::npos)
        << keys << ": " << refusal("perfusion_stops: {" + keys + "}\n");
  };
  expect("field: omega_liver, law: exponential",
         "perfusion_stops.field: no dose model of the case writes the field 'omega_liver'");
  expect("field: dead, law: exponential", "perfusion_stops.law: exponential is a law of");
  expect("field: dead, at_least: 240 min",
         "perfusion_stops.at_least: found a value in min, but dead is in no unit");
  expect("field: dead", "found none of law, at_least and at_most");
  expect("field: dead, at_least: 0.8, at_most: 0.9", "found more than one of");
  expect("law: exponential", "field");
}

TEST(PerfusionStop, RefusesALevelThatHoldsFromTheStart) {
  const Scratch scratch;
  const CaseSpec spec = read(warm_block("perfusion_stops: {field: dead, at_most: 0.8}\n", 1));
  EXPECT_THROW((void)run_in(scratch, spec), InputError);
}

}  // namespace
}  // namespace thermodose::run_test
