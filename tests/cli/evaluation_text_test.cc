// Implements: tests of cli/evaluation_text.h: what a user reads of a plan.
#include "cli/evaluation_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace thermodose::cli {
namespace {

EvaluationReport report() {
  EvaluationReport r;
  TargetReport t;
  t.name = "lesion";
  t.volume = 5.57e-6;
  t.wanted_margin = 10e-3;
  t.coldest_95 = 233.15;
  t.hottest_95 = 310.15;
  CriterionReport c;
  c.criterion = "coldest below -40 degC";
  c.coverage.fraction = 0.97;
  c.coverage_error = 0.005;
  c.margin.defined = true;
  c.margin.certain = -2e-3;
  c.margin.where = {1e-3, -2e-3, 3e-3};
  c.residual.pieces = 1;
  c.residual.largest = 0.16e-6;
  c.residual.volume = 0.17e-6;
  c.verdict.coverage = 0.97;
  c.verdict.palliation = evaluation::Palliation::effective;
  c.verdict.missing_margin = 12e-3;
  t.criteria.push_back(c);
  r.targets.push_back(t);
  OrganSummary cord;
  cord.name = "cord";
  cord.keep_lower = 283.15;
  cord.keep_upper = 318.15;
  cord.organ.coldest = {282.15, {0, -20e-3, 0}, 1560};
  cord.organ.hottest = {310.15, {0, 0, 0}, 0};
  cord.organ.time_outside = 142;
  cord.organ.cold_volume = 0.02e-6;
  r.organs.push_back(cord);
  return r;
}

TEST(EvaluationText, SaysWhatAPlannerAsks) {
  const std::string text = evaluation_text(report());
  EXPECT_NE(text.find("target lesion: 5.57 mL, 95 % of it colder than -40.0 degC"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("covered 97.0 +- 0.5 %, least margin -2.0 mm at (1.0, -2.0, 3.0)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("untreated 0.17 mL, the largest piece 0.16 mL"), std::string::npos) << text;
  EXPECT_NE(text.find("not curative, 12.0 mm short of 10.0 mm all round; palliative: effective"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("9.0 degC at (0.0, -20.0, 0.0)"), std::string::npos) << text;
  EXPECT_NE(text.find("OUTSIDE for 142 s, 0.02 mL"), std::string::npos) << text;
}

TEST(EvaluationText, TheWorseSideOfAnOrganIsShown) {
  EvaluationReport r = report();
  r.organs[0].organ.coldest.value = 308;
  r.organs[0].organ.hottest = {330.15, {5e-3, 0, 0}, 300};
  EXPECT_NE(evaluation_text(r).find("57.0 degC at (5.0, 0.0, 0.0)"), std::string::npos);
  r.organs[0].organ.hottest.value = 311.15;
  r.organs[0].organ.time_outside = 0;
  EXPECT_NE(evaluation_text(r).find("spared"), std::string::npos);
}

TEST(EvaluationText, WhatIsNotKnownIsADash) {
  EvaluationReport r = report();
  CriterionReport& c = r.targets[0].criteria[0];
  c.margin.defined = false;
  c.margin.certain = std::numeric_limits<double>::quiet_NaN();
  c.verdict.missing_margin = c.margin.certain;
  const std::string text = evaluation_text(r);
  EXPECT_NE(text.find("least margin - mm"), std::string::npos) << text;
  EXPECT_NE(text.find("not curative, no margin"), std::string::npos) << text;
  EXPECT_EQ(evaluation_text({}), "");
}

}  // namespace
}  // namespace thermodose::cli
