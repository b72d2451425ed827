// Implements: tests of run/simulation.h: what observers see, and when.
#include "run/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "run/small_case.h"
#include "run/trace_recorder.h"

namespace thermodose::run_test {
namespace {

/// Writes down everything a simulation shows.
class Witness final : public Observer<double> {
 public:
  struct Step {
    double begin, end;
  };
  struct Seen {
    Instant instant;
    bool last;
    bool dose;
    float coldest;
  };
  std::vector<Step> steps;
  std::vector<Seen> instants;
  int begins = 0;
  bool chained = true;  ///< every step starts from what the one before it left

  void begin(const HeatSystem<double>& system, const double* y) override {
    ++begins;
    state_.assign(y, y + system.size());
  }
  void step(const HeatSystem<double>& system, const AcceptedStep<double>& s) override {
    steps.push_back({s.begin, s.end});
    chained = chained && std::equal(state_.begin(), state_.end(), s.before);
    state_.assign(s.after, s.after + system.size());
  }
  void instant(const Frame<double>& frame) override {
    const auto& t = frame.fields->temperature();
    instants.push_back(
        {frame.instant, frame.last, frame.dose != nullptr, *std::min_element(t.begin(), t.end())});
    chained = chained && std::equal(state_.begin(), state_.end(), frame.state);
  }

 private:
  std::vector<double> state_;
};

/// Counts how often every node was advanced.
class AdvanceCount final : public DoseModel {
 public:
  void keys(Keys&) override {}
  void start(std::size_t nodes, const std::vector<SegmentLaw>&, const std::vector<NodeRun>&,
             EnthalpyView, double) override {
    count_.assign(nodes, 0);
  }
  void advance(const DoseStep& step) override {
    for (const auto& run : *step.runs)
      for (std::size_t i = run.begin; i < run.end; ++i) count_[i] += 1;
  }
  std::vector<DoseField> fields() const override { return {{"advances_1", "1", "advances"}}; }
  std::vector<float> values(std::size_t, double) const override { return count_; }

 private:
  std::vector<float> count_;
};

CaseText in_double(CaseText c = {}) {
  c.numerics = "{cell_size: 2.5 mm, precision: double, error_estimate: false}";
  return c;
}

TEST(Simulation, StepsFollowEachOtherAndLandOnEveryInstant) {
  CaseText c = in_double();
  c.output = "{isotherms: [0 degC], isotherms_every: 7 s, fields_every: 40 s}";
  Assembly<double> a(read(c));
  Witness witness;
  Simulation<double> simulation(a.engine, a.spec, a.schedule, nullptr);
  simulation.observe(witness);
  simulation.run(nullptr, {});
  EXPECT_EQ(witness.begins, 1);
  ASSERT_FALSE(witness.steps.empty());
  EXPECT_EQ(witness.steps.back().end, 120);
  std::vector<double> ends{0};
  for (const auto& step : witness.steps) {
    EXPECT_EQ(step.begin, ends.back());
    EXPECT_GT(step.end, step.begin);
    ends.push_back(step.end);
  }
  EXPECT_TRUE(witness.chained);
  const Clock clock(a.spec, a.schedule);
  std::size_t seen = 0;
  for (const auto& i : clock.instants()) {
    EXPECT_EQ(std::count(ends.begin(), ends.end(), i.time), 1) << i.time;
    if (!i.isotherms && !i.fields) continue;
    ASSERT_LT(seen, witness.instants.size());
    EXPECT_EQ(witness.instants[seen].instant.time, i.time);
    EXPECT_EQ(witness.instants[seen].instant.fields, i.fields);
    EXPECT_EQ(witness.instants[seen].last, i.time == 120);
    ++seen;
  }
  EXPECT_EQ(seen, witness.instants.size());
  EXPECT_FALSE(witness.instants[0].dose) << "no dose was given";
  EXPECT_NEAR(witness.instants[0].coldest, kelvin(37), 1e-4);
  EXPECT_LT(witness.instants[5].coldest, kelvin(-60)) << "fields are those of the instant";
}

TEST(Simulation, EverySwitchRestartsWithASmallStep) {
  Assembly<double> a(read(in_double()));
  Witness witness;
  Simulation<double> simulation(a.engine, a.spec, a.schedule, nullptr);
  simulation.observe(witness);
  simulation.run(nullptr, {});
  for (const double t : {0.0, 30.0, 60.0}) {
    const auto first = std::find_if(witness.steps.begin(), witness.steps.end(),
                                    [&](const auto& s) { return s.begin == t; });
    ASSERT_NE(first, witness.steps.end()) << t;
    EXPECT_LE(first->end - first->begin, a.plan.control.first_step * (1 + 1e-9)) << t;
  }
  double longest = 0;
  for (const auto& s : witness.steps) longest = std::max(longest, s.end - s.begin);
  EXPECT_GT(longest, 2 * a.plan.control.first_step) << "and grows in between";
  EXPECT_GT(simulation.solve_seconds(), 0);
}

TEST(Simulation, ProgressRisesToTheEnd) {
  Assembly<double> a(read(in_double()));
  Simulation<double> simulation(a.engine, a.spec, a.schedule, nullptr);
  std::vector<double> told;
  simulation.run(nullptr, [&](double t) { told.push_back(t); });
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_EQ(told.back(), 120);
}

// Freeze, rest, freeze: the second freeze starts from the temperature the tissue then has.
TEST(Simulation, FreezingAfterARestStartsFromTheTissue) {
  CaseText c = in_double();
  c.protocol = "[{probes: [p], steps: [{freeze: 1 min}, {passive_thaw: 1 min}, {freeze: 1 min}]}]";
  c.output = "{isotherms: [0 degC], traces_every: 0.25 s}";
  Assembly<double> a(read(c));
  TraceRecorder<double> traces(a.spec, *a.engine.system, a.conditions);
  Simulation<double> simulation(a.engine, a.spec, a.schedule, nullptr);
  simulation.observe(traces);
  simulation.run(nullptr, {});
  const Table table = traces.table();
  ASSERT_EQ(table.columns.size(), 3U);
  EXPECT_EQ(table.columns[2].name, "p_surface_degC");
  const auto& t = table.columns[0].values;
  const auto& surface = table.columns[2].values;
  const double at_60 = surface[240], at_120 = surface[480], after = surface[481];
  ASSERT_EQ(t[480], 120);
  EXPECT_NEAR(at_60, -140, 1e-6);
  EXPECT_GT(at_120, at_60 + 30) << "the rest has warmed it";
  EXPECT_LT(at_120, 0);
  // Linear fall in 30 s from there: never faster than its own slope.
  const double slope = (-140 - at_120) / 30;
  EXPECT_NEAR(after - at_120, 0.25 * slope, 0.02 * std::abs(slope));
  EXPECT_NEAR(surface[540], at_120 + 15 * slope, 1e-3);
}

TEST(Simulation, StopsWhenAskedAndShowsTheLastState) {
  Assembly<double> a(read(in_double()));
  Witness witness;
  Simulation<double> simulation(a.engine, a.spec, a.schedule, nullptr);
  simulation.observe(witness);
  std::atomic<bool> stop{false};
  EXPECT_THROW(simulation.run(&stop, [&](double t) { stop = stop || t > 40; }), Interrupted);
  EXPECT_GT(witness.steps.back().end, 40);
  EXPECT_LT(witness.steps.back().end, 60);
  ASSERT_FALSE(witness.instants.empty());
  EXPECT_TRUE(witness.instants.back().last);
  EXPECT_EQ(witness.instants.back().instant.time, witness.steps.back().end);
  EXPECT_TRUE(witness.instants.back().instant.fields);
  EXPECT_TRUE(witness.instants.back().instant.isotherms);
  EXPECT_TRUE(witness.chained);
}

TEST(Simulation, DoseSeesEveryStep) {
  CaseText c = in_double();
  c.dose = "[temperature_extremes, {time_below: {temperature: 50 degC}}]";
  Assembly<double> a(read(c));
  const auto team = std::make_shared<ThreadTeam>(2);
  a.spec.dose.push_back(std::make_shared<AdvanceCount>());
  a.spec.dose_names.emplace_back("advances");
  DoseSet dose(a.spec, team);
  Witness witness;
  Simulation<double> simulation(a.engine, a.spec, a.schedule, &dose);
  simulation.observe(witness);
  simulation.run(nullptr, {});
  EXPECT_TRUE(witness.instants.back().dose);
  ASSERT_EQ(dose.models().size(), 3U);
  // Shared among the threads, every active node once per step.
  const auto count = dose.models()[2]->values(0, 120);
  const auto steps = float(witness.steps.size());
  EXPECT_EQ(*std::max_element(count.begin(), count.end()), steps);
  EXPECT_EQ(count[8 + 17 * (8 + 17 * 8)], steps) << "at the needle";
  // Everything is below 50 degC throughout: every node counts the whole time.
  const auto time = dose.models()[1]->values(0, 120);
  for (const float t : time) EXPECT_NEAR(t, 120, 1e-3);
  const auto coldest = dose.models()[0]->values(0, 120);
  EXPECT_LT(*std::min_element(coldest.begin(), coldest.end()), -80);
}

}  // namespace
}  // namespace thermodose::run_test
