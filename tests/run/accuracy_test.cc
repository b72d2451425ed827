// Implements: tests of how a run reaches its accuracy: the coarse companion, refinement, what is
// said when it is not reached, and the progress that is told meanwhile.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "output/h5_read.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

/// A long needle and a short freeze: the ice is a cell or two thick on the first cells.
CaseText demanding(const std::string& accuracy, const std::string& numerics) {
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 48 48 64 mm}";
  c.devices = std::string(CaseText::kNeedle).replace(2, 6, "longer");
  c.devices.replace(c.devices.find("10 mm"), 5, "35 mm");
  c.probes = "{p: {device: longer, tip: 0 0 -17.5 mm, direction: 0 0 1}}";
  c.protocol = "[{probes: [p], steps: [{freeze: 40 s}]}]";
  c.output = "{isotherms: [0 degC], isotherms_every: 20 s}";
  c.accuracy = accuracy;
  c.numerics = numerics;
  return c;
}

double worst_error(const RunSummary& s) {
  double error = 0, most = 0;
  for (const auto& i : s.isotherms) {
    error = std::max(error, i.volume_error.value_or(NAN));
    most = std::max(most, i.volume);
  }
  return error / most;
}

bool warns_of_accuracy(const RunSummary& s) {
  return std::any_of(s.warnings.begin(), s.warnings.end(), [](const auto& w) {
    return w.find("more than the accuracy") != std::string::npos;
  });
}

TEST(Accuracy, CellsAreRefinedUntilTheErrorFits) {
  const CaseText text = demanding("15 %", "{}");
  const Plan first = make_plan(read(text));
  const RunSummary s = run(text, 2);
  EXPECT_EQ(s.status, RunSummary::Status::complete);
  EXPECT_LT(s.spacing, 0.9 * first.cell_size) << "the first cells do not do";
  EXPECT_LE(worst_error(s), 0.15);
  EXPECT_FALSE(warns_of_accuracy(s));
  // The volume is nearer to that of fine cells than the accuracy asks for.
  const RunSummary fine = run(demanding("15 %", "{cell_size: 1 mm, error_estimate: false}"), 2);
  const double v = isotherm(fine, 40, 0).volume;
  EXPECT_NEAR(isotherm(s, 40, 0).volume, v, 0.15 * v);
}

// In an anatomy a pass is given up when it is sure to miss: the last one runs to the end.
TEST(Accuracy, APassThatMissesItInAnAnatomyIsGivenUp) {
  CaseText c = demanding("15 %", "{max_step: 2 s}");
  c.tissue = "muscle";
  c.regions = "[{name: core, shape: {sphere: {center: 0 0 0 mm, radius: 4 mm}}, tissue: soft}]";
  c.output = "{isotherms: [0 degC], isotherms_every: 5 s}";
  c.more = "anatomy: {vertebra: {level: L2}}\n";
  const CaseSpec spec = read(c);
  double first = 0, last = 0;
  const Scratch scratch;
  const RunSummary s = run_in(scratch, spec, 2, [&](const Progress& p) {
    if (p.phase == "freeze") first = std::max(first, p.time);
    if (p.phase.rfind("again", 0) == 0) last = std::max(last, p.time);
  });
  EXPECT_GT(first, 0);
  EXPECT_LT(first, 40) << "the first pass on full cells";
  EXPECT_EQ(last, 40);
  EXPECT_EQ(s.simulated_time, 40);
  EXPECT_EQ(s.status, RunSummary::Status::complete);
  EXPECT_LT(s.spacing, 0.9 * make_plan(spec).cell_size);
  EXPECT_TRUE(worst_error(s) <= 0.15 || warns_of_accuracy(s));
}

// The whole pass on the first cells is worth more than half of one on finer cells.
TEST(Accuracy, AnInterruptedRepeatLeavesThePassBeforeIt) {
  const CaseSpec spec = read(demanding("15 %", "{}"));
  const Plan first = make_plan(spec);
  const Scratch scratch;
  std::atomic<bool> stop{false};
  std::string told;
  try {
    run_in(
        scratch, spec, 2,
        [&](const Progress& p) { stop = stop || (p.phase.rfind("again", 0) == 0 && p.time > 5); },
        &stop);
    FAIL() << "not interrupted";
  } catch (const Interrupted& e) {
    told = e.what();
  }
  EXPECT_NE(told.find("whole pass on " + fmt::format("{:.3f}", 1e3 * first.cell_size)),
            std::string::npos)
      << told;
  const auto summary = summary_of(scratch);
  EXPECT_EQ(summary["status"], "interrupted");
  EXPECT_EQ(summary["message"], told);
  EXPECT_EQ(double(summary["simulated_time_s"]), 40);
  EXPECT_NEAR(double(summary["spacing_mm"]), 1e3 * first.cell_size, 1e-6);
  EXPECT_FALSE(summary["isotherms"].back()["discretisation_error_mL"].is_null());
  const output_test::H5Reader fields(scratch.file("out/fields.h5"));
  EXPECT_EQ(fields.number("step/1", "time_s"), 40);
  EXPECT_NEAR(fields.values("mesh/0/spacing_mm").front(), 1e3 * first.cell_size, 1e-6);
  EXPECT_FALSE(std::filesystem::exists(scratch.file("out/fields.h5.part")));
}

TEST(Accuracy, CellsOfTheUserAreKeptAndTheErrorIsTold) {
  const RunSummary s = run(demanding("1 %", "{cell_size: 4 mm}"), 2);
  EXPECT_NEAR(s.spacing, 4e-3, 1e-9);
  EXPECT_GT(worst_error(s), 0.01);
  EXPECT_TRUE(warns_of_accuracy(s));
}

TEST(Accuracy, NoCompanionNoError) {
  const RunSummary s = run(demanding("15 %", "{error_estimate: false}"));
  EXPECT_FALSE(warns_of_accuracy(s));
  for (const auto& i : s.isotherms) EXPECT_FALSE(i.volume_error.has_value());
}

TEST(Accuracy, MisfitOfTheDomainIsTold) {
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 44.7 40.9 43.1 mm}";
  c.numerics = "{cell_size: 4 mm, error_estimate: false}";
  const double misfit = make_plan(read(c)).misfit;
  ASSERT_GT(misfit, 0.9e-3);
  const auto warnings = run(c).warnings;
  EXPECT_EQ(std::count_if(warnings.begin(), warnings.end(),
                          [](const auto& w) { return w.find("mm off") != std::string::npos; }),
            1);
}

TEST(Progress, TellsPhasesAndTimes) {
  CaseText c;
  c.protocol =
      "[{probes: [p], start: 6 s, steps: [{freeze: 30 s}, {passive_thaw: 30 s}, "
      "{active_thaw: 30 s, temperature: 20 degC}]}]";
  c.numerics = "{cell_size: 2.5 mm, max_step: 1 s}";
  std::vector<Progress> told;
  const Scratch scratch;
  run_in(scratch, read(c), 1, [&](const Progress& p) { told.push_back(p); });
  std::vector<std::string> phases;
  for (const auto& p : told) {
    if (phases.empty() || phases.back() != p.phase) phases.push_back(p.phase);
    EXPECT_EQ(p.end_time, 96);
    EXPECT_GT(p.wall_s, 0);
    EXPECT_GT(p.time, 0);
    EXPECT_LE(p.time, 96);
  }
  EXPECT_EQ(phases, (std::vector<std::string>{"coarse companion", "off", "freeze", "passive thaw",
                                              "active thaw"}));
  EXPECT_EQ(told.back().time, 96);
  const auto of_companion = [](const Progress& p) { return p.phase == "coarse companion"; };
  const auto coarse = std::size_t(std::count_if(told.begin(), told.end(), of_companion));
  EXPECT_LT(coarse, told.size() - coarse) << "its steps are longer, as its cells are";
}

// Two groups: the phase tells of both, each mode once.
TEST(Progress, TellsWhatEveryGroupDoes) {
  CaseText c;
  c.probes =
      "{a: {device: needle, tip: -6 0 -5 mm, direction: 0 0 1}, "
      "b: {device: needle, tip: 6 0 -5 mm, direction: 0 0 1}, "
      "d: {device: needle, tip: 0 6 -5 mm, direction: 0 0 1}}";
  c.protocol =
      "[{probes: [a, d], steps: [{freeze: 20 s}, {passive_thaw: 20 s}]}, "
      "{probes: [b], start: 10 s, steps: [{freeze: 30 s}]}]";
  std::vector<std::string> phases;
  const Scratch scratch;
  run_in(scratch, read(c), 1, [&](const Progress& p) {
    if (phases.empty() || phases.back() != p.phase) phases.push_back(p.phase);
  });
  EXPECT_EQ(phases, (std::vector<std::string>{"freeze + off", "freeze", "passive thaw + freeze"}));
}

}  // namespace
}  // namespace thermodose::run_test
