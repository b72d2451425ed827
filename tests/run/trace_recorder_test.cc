// Implements: tests of run/trace_recorder.h: samples in time and space, extremes, ranges.
#include "run/trace_recorder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "run/simulation.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

/// Temperature at one node after every step.
class NodeWatch final : public Observer<double> {
 public:
  explicit NodeWatch(std::size_t node) : node_(node) {}
  std::vector<double> times{0}, values;

  void begin(const HeatSystem<double>& system, const double* y) override { add(system, y); }
  void step(const HeatSystem<double>& system, const AcceptedStep<double>& s) override {
    times.push_back(s.end);
    add(system, s.after);
  }
  double at(double t) const {
    const auto after = std::lower_bound(times.begin(), times.end(), t) - times.begin();
    const auto i = std::size_t(std::max<long>(after, 1));
    const double f = (t - times[i - 1]) / (times[i] - times[i - 1]);
    return (1 - f) * values[i - 1] + f * values[i];
  }

 private:
  void add(const HeatSystem<double>& system, const double* y) {
    values.push_back(system.laws()[0].temperature(y[node_]) - kZeroCelsius);
  }
  std::size_t node_;
};

struct Traced {
  explicit Traced(CaseText c, std::size_t node = 0)
      : assembly(read(prepared(std::move(c)))), watch(node) {
    TraceRecorder<double> recorder(assembly.spec, *assembly.engine.system, assembly.conditions);
    Simulation<double> simulation(assembly.engine, assembly.spec, assembly.schedule, nullptr);
    simulation.observe(recorder);
    simulation.observe(watch);
    simulation.run(nullptr, {});
    table = recorder.table();
    points = recorder.thermocouples();
    for (std::size_t p = 0; p < assembly.spec.probes.size(); ++p)
      ranges.push_back(recorder.surface_range(p));
  }
  static CaseText prepared(CaseText c) {
    c.numerics = "{cell_size: 2.5 mm, precision: double, error_estimate: false}";
    return c;
  }
  Assembly<double> assembly;
  NodeWatch watch;
  Table table;
  std::vector<ThermocoupleSummary> points;
  std::vector<std::pair<double, double>> ranges;
};

constexpr std::size_t kNodeAt5mm = 10 + 17 * (8 + 17 * 8);  // x = 5, y = z = 0 mm

CaseText on_the_node(const std::string& every) {
  CaseText c;
  c.thermocouples = "{node: 5 0 0 mm, far: 20 20 20 mm}";
  c.output = "{isotherms: [0 degC], traces_every: " + every + "}";
  return c;
}

TEST(TraceRecorder, SamplesAtItsOwnTimesLinearInAStep) {
  const Traced t(on_the_node("0.7 s"), kNodeAt5mm);
  ASSERT_EQ(t.table.columns.size(), 4U);
  EXPECT_EQ(t.table.name, "traces");
  EXPECT_EQ(t.table.columns[0].name, "time_s");
  EXPECT_EQ(t.table.columns[1].name, "node_degC");
  EXPECT_EQ(t.table.columns[2].name, "far_degC");
  const auto& times = t.table.columns[0].values;
  ASSERT_EQ(times.size(), 172U);
  for (std::size_t n = 0; n < times.size(); ++n) {
    EXPECT_NEAR(times[n], 0.7 * double(n), 1e-9);
    EXPECT_NEAR(t.table.columns[1].values[n], t.watch.at(times[n]), 1e-4) << times[n];
    EXPECT_NEAR(t.table.columns[2].values[n], 37, 1e-6) << "a fixed face, at its corner";
  }
  EXPECT_LT(t.table.columns[1].values.back(), 20) << "the tissue did cool";
}

// docs of output.traces_every: 0 s = every step.
TEST(TraceRecorder, NoPeriodMeansEveryStep) {
  const Traced t(on_the_node("0 s"), kNodeAt5mm);
  ASSERT_EQ(t.table.columns[0].values.size(), t.watch.times.size());
  for (std::size_t n = 0; n < t.watch.times.size(); ++n) {
    EXPECT_EQ(t.table.columns[0].values[n], t.watch.times[n]);
    EXPECT_NEAR(t.table.columns[1].values[n], t.watch.values[n], 1e-4);
  }
}

TEST(TraceRecorder, ExtremesAreThoseOfAllSteps) {
  const Traced t(on_the_node("50 s"), kNodeAt5mm);
  ASSERT_EQ(t.points.size(), 2U);
  const auto& p = t.points[0];
  EXPECT_EQ(p.name, "node");
  EXPECT_DOUBLE_EQ(p.position[0], 5e-3);
  const auto& v = t.watch.values;
  const auto coldest = std::min_element(v.begin(), v.end());
  EXPECT_NEAR(p.minimum, kelvin(*coldest), 1e-4);
  EXPECT_EQ(p.time_of_minimum, t.watch.times[std::size_t(coldest - v.begin())]);
  EXPECT_GT(p.time_of_minimum, 55) << "coldest about the end of the freeze";
  EXPECT_NEAR(p.maximum, kelvin(37), 1e-4);
  EXPECT_NEAR(p.final, kelvin(v.back()), 1e-4);
}

TEST(TraceRecorder, SurfaceRangeCountsWhileDriven) {
  CaseText c;
  c.probes =
      "{p: {device: needle, tip: -8 0 -5 mm, direction: 0 0 1}, "
      "idle: {device: needle, tip: 8 0 -5 mm, direction: 0 0 1}}";
  c.protocol =
      "[{probes: [p], steps: [{freeze: 30 s, power: 50 %}, "
      "{active_thaw: 30 s, temperature: 25 degC}, {passive_thaw: 1 min}]}]";
  const Traced t(c);
  EXPECT_NEAR(t.ranges[0].first, kelvin(37 - 0.5 * 177), 1e-6);
  EXPECT_NEAR(t.ranges[0].second, kelvin(25), 20) << "the first step begins at 37 degC";
  EXPECT_TRUE(std::isnan(t.ranges[1].first)) << "never driven";
  EXPECT_TRUE(std::isnan(t.ranges[1].second));
  // The undriven probe shows the tissue it touches.
  const auto& idle = t.table.columns.back();
  EXPECT_EQ(idle.name, "idle_surface_degC");
  EXPECT_NEAR(idle.values.front(), 37, 1e-6);
  EXPECT_LT(idle.values.back(), 37);
  EXPECT_GT(idle.values.back(), 30);
}

TEST(TraceRecorder, PointsOutsideAreNamed) {
  Assembly<double> a(read(Traced::prepared(CaseText{})));
  a.spec.thermocouples = {{0, 0, 0}, {0.03, 0, 0}};
  a.spec.thermocouple_names = {"in", "out"};
  try {
    const TraceRecorder<double> recorder(a.spec, *a.engine.system, a.conditions);
    FAIL() << "30 mm is outside a 40 mm cube";
  } catch (const InputError& e) {
    ASSERT_EQ(e.problems().size(), 1U);
    EXPECT_EQ(e.problems()[0].key, "thermocouples.out");
  }
}

// Cells need not fit the domain: a thermocouple in its corner is a legal one all the same.
TEST(TraceRecorder, CornerOfADomainThatCellsDoNotFit) {
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 41.3 37.9 43.7 mm}";
  c.thermocouples = "{corner: 20.65 18.95 21.85 mm}";
  const Traced t(c);
  EXPECT_GT(t.assembly.plan.misfit, 1e-5);
  for (const double v : t.table.columns[1].values) EXPECT_NEAR(v, 37, 1e-6);
}

}  // namespace
}  // namespace thermodose::run_test
