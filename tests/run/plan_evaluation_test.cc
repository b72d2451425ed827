// Implements: tests of run/plan_evaluation.h: targets and organs in a slab between a cold and a
// warm face, whose steady temperature T = -63 degC + (x + 20 mm) 2.5 K/mm is exact between nodes:
// coverages, margins, residuals, organs, histograms and lesions against closed forms; and the
// files.
#include "run/plan_evaluation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "output/h5_read.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// Relaxes with a time constant of 43 s; after ten minutes it is steady to 1e-6.
CaseText slab() {
  CaseText c;
  c.faces = "all: {insulated: true}, x_min: {fixed: -63 degC}, x_max: {fixed: 37 degC}";
  c.tissue = "metal_like";
  c.materials = plain_material("metal_like", "15 W/m/K");
  c.regions =
      "[{name: ball, shape: {sphere: {center: -14 0 0 mm, radius: 4 mm}}, tissue: metal_like},"
      " {name: sheet, shape: {box: {center: 12 0 0 mm, size: 4 30 30 mm}}, tissue: metal_like}]";
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{}";
  c.numerics = "{cell_size: 1 mm, error_estimate: false}";
  c.output = "{isotherms: [0 degC], isotherms_every: 60 s}";
  c.more =
      "duration: 10 min\n"
      "targets:\n"
      "  ball: {criteria: [{below: -40 degC}, {below: -20 degC}], margin: 5 mm}\n"
      "protect:\n"
      "  sheet: {keep: [15 degC, 45 degC], criteria: [{below: 20 degC}]}\n";
  return c;
}

class SlabPlan : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = new Scratch;
    summary_ = new RunSummary(run_in(*scratch_, read(slab())));
  }
  static void TearDownTestSuite() {
    delete summary_;
    delete scratch_;
  }
  static const EvaluationReport& report() { return summary_->evaluation; }
  static const CriterionReport& by(std::size_t criterion) {
    return report().targets.at(0).criteria.at(criterion);
  }
  static Scratch* scratch_;
  static RunSummary* summary_;
};
Scratch* SlabPlan::scratch_ = nullptr;
RunSummary* SlabPlan::summary_ = nullptr;

TEST_F(SlabPlan, CoverageIsThatOfTheCap) {
  const TargetReport& t = report().targets.at(0);
  EXPECT_EQ(t.name, "ball");
  const double ball = 4.0 / 3 * kPi * std::pow(4e-3, 3), cap = kPi * 0.64e-6 * (12e-3 - 0.8e-3) / 3;
  EXPECT_NEAR(t.volume, ball, 0.003 * ball);
  EXPECT_EQ(by(0).criterion, "coldest below -40 degC");
  EXPECT_NEAR(by(0).coverage.fraction, 1 - cap / ball, 0.002);
  EXPECT_NEAR(by(1).coverage.fraction, 1, 1e-6);
  EXPECT_NEAR(by(0).residual.volume, cap, 0.04 * cap);
  EXPECT_EQ(by(0).residual.pieces, 1U);
  EXPECT_NEAR(by(0).residual.centroid[1], 0, 1e-4);
  EXPECT_EQ(by(1).residual.pieces, 0U);
  // 95 % of the ball lies below the plane that leaves a cap of 5 %, 1.08 mm high (Newton).
  EXPECT_NEAR(t.coldest_95, kelvin(-63 + 2.5 * (20 - 10 - 1.0786)), 0.05);
}

TEST_F(SlabPlan, MarginsEndAtTheIsothermOrTheDomain) {
  EXPECT_NEAR(by(0).margin.minimal, -0.8e-3, 2e-5);
  EXPECT_NEAR(by(0).margin.where[0], -10e-3, 2e-5);
  EXPECT_NEAR(by(1).margin.minimal, 7.2e-3, 2e-5);
  EXPECT_NEAR(by(1).margin.certain, 2e-3, 5e-5) << "the face x = -20 mm is 2 mm from the ball";
  EXPECT_TRUE(by(1).margin.clipped);
  EXPECT_FALSE(by(0).verdict.curative);
  EXPECT_FALSE(by(1).verdict.curative) << "5 mm are wanted";
  EXPECT_NEAR(by(1).verdict.missing_margin, 3e-3, 5e-5);
  EXPECT_EQ(by(0).verdict.palliation, evaluation::Palliation::effective);
}

TEST_F(SlabPlan, OvertreatmentIsTheRestOfTheSlab) {
  const double section = 40e-3 * 40e-3, ball = report().targets.at(0).volume;
  EXPECT_NEAR(by(1).over.lesion, 17.2e-3 * section, 1e-3 * 17.2e-3 * section);
  EXPECT_NEAR(by(1).over.outside_target, 17.2e-3 * section - ball, 2e-8);
  // Less the ball of 9 mm about the same centre, of which the face 6 mm to its left cuts a cap.
  const double wide = 4.0 / 3 * kPi * std::pow(9e-3, 3), cut = kPi * 9e-6 * (27e-3 - 3e-3) / 3;
  EXPECT_NEAR(by(1).over.outside_margin, 17.2e-3 * section - (wide - cut), 0.01 * wide);
}

TEST_F(SlabPlan, OrgansAreWatched) {
  ASSERT_EQ(report().organs.size(), 1U);
  const OrganSummary& o = report().organs[0];
  const double volume = 4e-3 * 30e-3 * 30e-3;
  EXPECT_NEAR(o.organ.volume, volume, 1e-6 * volume);
  EXPECT_NEAR(o.organ.coldest.value, kelvin(12), 0.02);
  EXPECT_NEAR(o.organ.coldest.place[0], 10e-3, 1e-5);
  EXPECT_NEAR(o.organ.coldest.time, 600, 1e-9);
  EXPECT_NEAR(o.organ.hottest.value, kelvin(37), 1e-3);
  EXPECT_NEAR(o.organ.cold_volume, 0.3 * volume, 0.01 * volume);
  EXPECT_EQ(o.organ.hot_volume, 0);
  EXPECT_FALSE(o.spared());
  // It gets colder all the time: outside from the first moment to the end.
  EXPECT_NEAR(o.organ.time_outside, 600 - o.organ.first_outside, 1e-6);
  EXPECT_GT(o.organ.first_outside, 10);
  ASSERT_EQ(o.volumes.size(), 1U);
  EXPECT_NEAR(o.volumes[0].second, 0.8 * volume, 0.01 * volume) << o.volumes[0].first;
}

TEST_F(SlabPlan, LesionsAreMeasured) {
  ASSERT_EQ(report().lesions.size(), 3U) << "-40, -20 degC and the edge of the ice";
  for (const LesionReport& l : report().lesions) {
    EXPECT_TRUE(l.shape.clipped);
    if (l.criterion != "coldest below -40 degC") continue;
    EXPECT_NEAR(l.shape.volume, 9.2e-3 * 1600e-6, 1e-9);
    ASSERT_TRUE(l.rim);
    EXPECT_NEAR(l.rim->mean, 16e-3, 2e-5);
  }
}

TEST_F(SlabPlan, WithoutProbesNothingIsAheadOfATip) {
  const auto json = summary_of(*scratch_);
  ASSERT_EQ(json.at("lesions").size(), 3U);
  for (const auto& l : json.at("lesions")) {
    EXPECT_FALSE(l.contains("ahead_of_tip_mm")) << l;
    EXPECT_FALSE(l.contains("behind_tip_mm")) << l;
    EXPECT_TRUE(l.contains("length_mm"));
  }
  const EvaluationReport& r = report();
  for (const LesionReport& l : r.lesions) EXPECT_FALSE(l.has_tip);
}

TEST_F(SlabPlan, TablesHoldWhatHappenedOverTime) {
  const output_test::H5Reader reader(scratch_->file("out/results.h5"));
  const auto covered = reader.values("/targets/ball/coverage/below_m40_degC_percent");
  ASSERT_EQ(covered.size(), 11U);
  EXPECT_EQ(covered.front(), 0);
  for (std::size_t i = 1; i < covered.size(); ++i) EXPECT_GE(covered[i], covered[i - 1]);
  EXPECT_NEAR(covered.back(), 100 * by(0).coverage.fraction, 1e-9);
  const auto coldest = reader.values("/protect/sheet/extremes/coldest_degC");
  EXPECT_NEAR(coldest.front(), 37, 1e-4);
  EXPECT_NEAR(coldest.back(), 12, 0.02);
  // T is uniform over the sheet from 12 to 22 degC.
  const auto edge = reader.values("/protect/sheet/histogram_t_min_degC/t_min_degC");
  const auto below = reader.values("/protect/sheet/histogram_t_min_degC/below_mL");
  const auto from = reader.values("/protect/sheet/histogram_t_min_degC/from_mL");
  ASSERT_EQ(edge.size(), below.size());
  ASSERT_EQ(edge.size(), from.size());
  for (std::size_t i = 0; i < edge.size(); ++i) {
    const double share = std::clamp((edge[i] - 12) / 10, 0.0, 1.0);
    EXPECT_NEAR(below[i], 3.6 * share, 0.01) << edge[i];
    EXPECT_NEAR(from[i], 3.6 * (1 - share), 0.01) << edge[i];
  }
  EXPECT_EQ(reader.values("/targets/ball/margins/x_mm").size(), by(0).margin.map.size());
}

TEST_F(SlabPlan, SummaryAndSurfacesAreWritten) {
  const auto json = summary_of(*scratch_);
  const auto& target = json.at("targets").at(0);
  EXPECT_EQ(target.at("name"), "ball");
  const auto& first = target.at("criteria").at(0);
  EXPECT_NEAR(first.at("margin").at("minimal_mm").get<double>(), -0.8, 0.02);
  EXPECT_EQ(first.at("verdict").at("palliation"), "effective");
  EXPECT_NEAR(json.at("protect").at(0).at("coldest").at("temperature_degC").get<double>(), 12,
              0.02);
  EXPECT_EQ(json.at("lesions").size(), 3U);
  for (const char* name : {"lesion_below_m40_degC", "lesion_below_0_degC", "target_ball"})
    for (const char* extension : {".vtp", ".stl"})
      EXPECT_TRUE(
          std::filesystem::exists(scratch_->file("out/surfaces/" + std::string(name) + extension)))
          << name << extension;
}

TEST(PlanEvaluation, AnAxisymmetricCaseGivesTheSame) {
  CaseText c = slab();
  c.domain = "cylinder: {radius: 20 mm, bottom: -20 mm, top: 20 mm}";
  c.faces = "r_max: {insulated: true}, z_min: {fixed: -63 degC}, z_max: {fixed: 37 degC}";
  c.regions =
      "[{name: ball, shape: {sphere: {center: 0 0 -14 mm, radius: 4 mm}}, tissue: metal_like},"
      " {name: sheet, shape: {box: {center: 0 0 12 mm, size: 10 10 4 mm}}, tissue: metal_like}]";
  const RunSummary s = run(c);
  const CriterionReport& first = s.evaluation.targets.at(0).criteria.at(0);
  EXPECT_NEAR(first.coverage.fraction, 0.972, 0.005);
  EXPECT_NEAR(first.margin.minimal, -0.8e-3, 3e-5);
  EXPECT_NEAR(s.evaluation.organs.at(0).organ.coldest.value, kelvin(12), 0.05);
}

TEST(PlanEvaluation, ACompanionGivesErrors) {
  CaseText c = slab();
  c.numerics = "{cell_size: 1 mm}";
  const RunSummary s = run(c);
  const CriterionReport& first = s.evaluation.targets.at(0).criteria.at(0);
  ASSERT_TRUE(first.coverage_error);
  ASSERT_TRUE(first.margin_error);
  // Nothing depends on the cells here: what is left is the floor.
  EXPECT_NEAR(*first.margin_error, 0.15e-3, 0.1e-3);
  EXPECT_LT(*first.coverage_error, 0.06);
  EXPECT_GT(*first.coverage_error, 0.02);
}

TEST(PlanEvaluation, DosesAreCriteriaToo) {
  CaseText c = slab();
  c.dose = "[{time_below: {temperature: -40 degC}}]";
  c.more =
      "duration: 10 min\ntargets:\n  ball: {criteria: [{field: time_below_m40_s, at_least: 200 s},"
      " {field: time_below_m40_s, at_most: 200 s}]}\n";
  const RunSummary s = run(c);
  const auto& criteria = s.evaluation.targets.at(0).criteria;
  EXPECT_EQ(criteria.at(0).criterion, "time_below_m40_s at least 200 s");
  // The time jumps from 0 to 10 min at the isotherm: within a cell of it.
  EXPECT_NEAR(criteria.at(0).coverage.fraction, 0.972, 0.025);
  EXPECT_NEAR(criteria.at(0).coverage.fraction + criteria.at(1).coverage.fraction, 1, 0.01);
}

TEST(PlanEvaluation, WhatLiesOutsideTheDomainIsUntreated) {
  CaseText c = slab();
  c.more =
      "duration: 10 min\n"
      "targets:\n"
      "  half: {shape: {sphere: {center: -20 0 0 mm, radius: 4 mm}}, criteria: [{below: -20 "
      "degC}]}\n";
  const Scratch scratch;
  const TargetReport t = run_in(scratch, read(c)).evaluation.targets.at(0);
  EXPECT_NEAR(t.criteria.at(0).coverage.fraction, 0.5, 0.01);
  EXPECT_NEAR(t.criteria.at(0).residual.volume, 0.5 * t.volume, 0.01 * t.volume);
}

/// A needle along x with its active length from x = -5 to 5 mm, tip first.
CaseText needle() {
  CaseText c;
  c.probes = "{p: {device: needle, tip: -5 0 0 mm, direction: 1 0 0}}";
  c.more =
      "targets:\n"
      "  ball: {shape: {sphere: {center: 0 0 0 mm, radius: 3 mm}}, criteria: [{below: -20 "
      "degC}]}\n";
  return c;
}

// The ice has x = 0 as a plane of symmetry, 5 mm behind the tip.
TEST(PlanEvaluation, AheadOfTheTipIsAwayFromTheHandle) {
  const auto check = [](const CaseText& c, const std::string& what) {
    const RunSummary s = run(c);
    ASSERT_EQ(s.evaluation.lesions.size(), 2U) << "-20 degC and the edge of the ice";
    EXPECT_TRUE(s.evaluation.freezes);
    for (const LesionReport& l : s.evaluation.lesions) {
      EXPECT_TRUE(l.has_tip);
      EXPECT_GT(l.shape.length, 10e-3) << what;
      EXPECT_NEAR(l.shape.behind - l.shape.ahead, 10e-3, 1e-5) << what << ' ' << l.criterion;
    }
  };
  check(needle(), "one probe");
  // Two beside each other count from the middle of their tips.
  CaseText two = needle();
  two.probes =
      "{p: {device: needle, tip: -5 -4 0 mm, direction: 1 0 0},"
      " q: {device: needle, tip: -5 4 0 mm, direction: 1 0 0}}";
  two.protocol = "[{probes: [p, q], steps: [{freeze: 1 min}, {passive_thaw: 1 min}]}]";
  check(two, "two probes");
  two.probes =
      "{p: {device: needle, tip: -7 -4 0 mm, direction: 1 0 0},"
      " q: {device: needle, tip: -3 4 0 mm, direction: 1 0 0}}";
  check(two, "one deeper than the other");
}

// Without a step that freezes, tissue below its freezing point tells: the slab is colder, but of a
// material that does not freeze.
TEST(PlanEvaluation, KnowsWhetherTheRunFreezes) {
  CaseText c = slab();
  c.more.replace(c.more.find("10 min"), 6, "20 s");
  EXPECT_FALSE(run(c).evaluation.freezes);
  // Of two tissues the one in the cold freezes, at the face below its -1 degC.
  c.tissue = "soft";
  EXPECT_TRUE(run(c).evaluation.freezes);
  c.faces = "all: {insulated: true}, x_min: {fixed: 2 degC}, x_max: {fixed: 37 degC}";
  EXPECT_FALSE(run(c).evaluation.freezes);
  c.faces = "all: {insulated: true}, x_min: {fixed: -0.5 degC}, x_max: {fixed: 37 degC}";
  EXPECT_FALSE(run(c).evaluation.freezes) << "above its liquidus of -1 degC";
  // A freeze of 3 s, from 37 to 19 degC.
  c = needle();
  c.protocol = "[{probes: [p], steps: [{freeze: 3 s}]}]";
  EXPECT_TRUE(run(c).evaluation.freezes) << "was to freeze";
}

TEST(PlanEvaluation, WithoutTargetsNothingIsMeasured) {
  CaseText c = slab();
  c.more = "duration: 10 min\n";
  const Scratch scratch;
  EXPECT_TRUE(run_in(scratch, read(c)).evaluation.empty());
  EXPECT_FALSE(summary_of(scratch).contains("targets"));
  EXPECT_FALSE(std::filesystem::exists(scratch.file("out/surfaces")));
}

}  // namespace
}  // namespace thermodose::run_test
