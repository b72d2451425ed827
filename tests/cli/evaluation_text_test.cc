// Implements: tests of cli/evaluation_text.h: what a user reads of a plan.
#include "cli/evaluation_text.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

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
  c.verdict.margin = -2e-3;
  c.verdict.missing_margin = 12e-3;
  t.criteria.push_back(c);
  r.targets.push_back(t);
  OrganSummary cord;
  cord.name = "cord";
  cord.keep_lower = 283.15;
  cord.keep_upper = 318.15;
  cord.organ.coldest = {282.15, {0, -20e-3, 0}, 1560};
  cord.organ.hottest = {310.15, {0, 0, 0}, 0};
  cord.organ.time_below = cord.organ.time_outside = 142;
  cord.organ.cold_volume = 0.02e-6;
  cord.organ.volume = cord.organ.in_domain = 10e-6;
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
  EXPECT_NE(text.find("verdict: not curative: least margin -2.0 mm, wanted 10.0 mm all round; "
                      "palliative: effective; OUTSIDE its band: cord\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("9.0 degC at (0.0, -20.0, 0.0)"), std::string::npos) << text;
  EXPECT_NE(text.find("OUTSIDE for 142 s, 0.020 mL, 0.20 % of it\n"), std::string::npos) << text;
}

/// The lines of the organ.
std::string organ_lines(const EvaluationReport& r) {
  const std::string text = evaluation_text(r);
  const auto begin = text.find("  cord ");
  return begin == text.npos ? text : text.substr(begin);
}

TEST(EvaluationText, AnOrganShowsTheSideThatTheTreatmentDrivesTo) {
  EvaluationReport r = report();
  auto& organ = r.organs[0].organ;
  // Nearer to its upper limit (44.0 of 45) than to the lower (35.0 of 10), as skin in warm water.
  organ.coldest.value = 308.15;
  organ.hottest = {317.15, {5e-3, 0, 0}, 300};
  organ.time_below = organ.time_outside = 0;
  const std::string band = "  cord                  10.0 .. 45.0  ";
  const std::string cold = band + "   35.0 degC at (0.0, -20.0, 0.0)         1560 s  spared\n";
  const std::string hot = band + "   44.0 degC at (5.0, 0.0, 0.0)            300 s  spared\n";
  EXPECT_EQ(organ_lines(r), cold);
  r.freezes = false;
  EXPECT_EQ(organ_lines(r), hot);
}

TEST(EvaluationText, BothSidesAreShownWhereBothWereLeft) {
  EvaluationReport r = report();
  auto& organ = r.organs[0].organ;
  organ.hottest = {330.15, {5e-3, 0, 0}, 300};
  organ.time_above = 60;
  organ.hot_volume = 0.5e-6;
  const std::string band = "  cord                  10.0 .. 45.0  ";
  const std::string blank(band.size(), ' ');
  const std::string cold =
      "    9.0 degC at (0.0, -20.0, 0.0)         1560 s  OUTSIDE for 142 s, 0.020 mL, 0.20 % of "
      "it\n";
  const std::string hot =
      "   57.0 degC at (5.0, 0.0, 0.0)            300 s  OUTSIDE for 60 s, 0.50 mL, 5.0 % of it\n";
  EXPECT_EQ(organ_lines(r), band + cold + blank + hot);
  r.freezes = false;
  EXPECT_EQ(organ_lines(r), band + hot + blank + cold);
  // What was left is never hidden, and the other side is not called spared.
  r.freezes = true;
  organ.coldest.value = 308.15;
  organ.time_below = 0;
  EXPECT_EQ(organ_lines(r),
            band + "   35.0 degC at (0.0, -20.0, 0.0)         1560 s  inside\n" + blank + hot);
}

TEST(EvaluationText, WhatIsNotNothingNeverReadsAsNothing) {
  EvaluationReport r = report();
  auto& organ = r.organs[0].organ;
  for (const auto& [volume, words] :
       std::vector<std::pair<double, std::string>>{{0.0013e-6, "0.0013 mL, 0.013 % of it\n"},
                                                   {0.0996e-6, "0.100 mL, 1.00 % of it\n"},
                                                   {3.14159e-6, "3.14 mL, 31.4 % of it\n"},
                                                   {2.5e-15, "2.5e-09 mL, 2.5e-08 % of it\n"},
                                                   {0, "0.00 mL, 0.0 % of it\n"}}) {
    organ.cold_volume = volume;
    EXPECT_NE(organ_lines(r).find("OUTSIDE for 142 s, " + words), std::string::npos)
        << organ_lines(r);
  }
}

TEST(EvaluationText, AnOrganBeyondTheDomainIsSparedAsFarAsSeen) {
  EvaluationReport r = report();
  auto& organ = r.organs[0].organ;
  organ.volume = 30e-6;
  organ.in_domain = 7e-6;
  EXPECT_NE(organ_lines(r).find("0.020 mL, 0.29 % of the 7.00 mL in the domain (30.00 in all)\n"),
            std::string::npos)
      << organ_lines(r);
  organ.time_below = organ.time_outside = 0;
  const std::string part = "  spared, as far as seen: 7.00 of 30.00 mL lie in the domain\n";
  EXPECT_NE(organ_lines(r).find(part), std::string::npos) << organ_lines(r);
  organ.in_domain = 28.6e-6;  // 95.3 %
  EXPECT_NE(organ_lines(r).find("  spared\n"), std::string::npos) << organ_lines(r);
}

TEST(EvaluationText, AVerdictNamesTheOrgansOutsideTheirBands) {
  EvaluationReport r = report();
  r.organs.push_back(r.organs[0]);
  r.organs.push_back(r.organs[0]);
  r.organs[1].name = "bowel";
  r.organs[1].organ.time_below = r.organs[1].organ.time_outside = 0;
  r.organs[2].name = "roots";
  const std::string both = evaluation_text(r);
  EXPECT_NE(both.find("palliative: effective; OUTSIDE their bands: cord, roots\n"),
            std::string::npos)
      << both;
  r.organs.resize(2);
  r.organs[0].organ.time_outside = 0;
  const std::string none = evaluation_text(r);
  EXPECT_NE(none.find("palliative: effective\n"), std::string::npos) << none;
}

TEST(EvaluationText, ZeroHasNoSign) {
  EvaluationReport r = report();
  r.targets[0].criteria[0].margin.where = {1e-3, -2e-3, -1e-9};
  EXPECT_NE(evaluation_text(r).find(" at (1.0, -2.0, 0.0)"), std::string::npos);
}

TEST(EvaluationText, AVerdictSaysWhatIsMissingToACure) {
  EvaluationReport r = report();
  auto& verdict = r.targets[0].criteria[0].verdict;
  const auto holds = [&](const std::string& words) {
    const std::string text = evaluation_text(r);
    EXPECT_NE(text.find("    verdict: " + words + "; palliative"), std::string::npos) << text;
  };
  verdict.margin = 9.98e-3;
  verdict.missing_margin = 0.02e-3;
  holds("not curative: least margin just under 10.0 mm, wanted 10.0 mm all round");
  verdict.margin = 11e-3;
  verdict.missing_margin = 0;
  verdict.coverage = 0.9981;
  holds("not curative: covered 99.81 %, wanted 99.9 %");
  verdict.coverage = 1;
  verdict.curative = true;
  holds("curative, 10.0 mm or more all round");
}

TEST(EvaluationText, AheadOfATipNeedsAProbe) {
  EvaluationReport r = report();
  LesionReport l;
  l.criterion = "coldest below -40 degC";
  l.shape.volume = 2e-6;
  l.shape.length = 17e-3;
  l.shape.ahead = 4.4e-3;
  l.rim = evaluation::Rim{7e-3, 6e-3, 8e-3, false};
  r.lesions.push_back(l);
  const std::string with = evaluation_text(r);
  EXPECT_NE(with.find("ahead of tip"), std::string::npos) << with;
  EXPECT_NE(with.find("     4.4  7.0 (6.0 .. 8.0)"), std::string::npos) << with;
  r.lesions[0].has_tip = false;
  const std::string without = evaluation_text(r);
  EXPECT_EQ(without.find("ahead of tip"), std::string::npos) << without;
  EXPECT_EQ(without.find("4.4"), std::string::npos) << without;
  EXPECT_NE(without.find("along z, width, height"), std::string::npos) << without;
  EXPECT_NE(without.find("17.0 x   0.0 x   0.0  7.0 (6.0 .. 8.0)"), std::string::npos) << without;
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
