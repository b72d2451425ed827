// Implements: tests of output/evaluation_report.h: its part of summary.json.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "output/evaluation_report.h"

namespace thermodose {
namespace {

OrganSummary organ(const char* name, double time_outside) {
  OrganSummary o;
  o.name = name;
  o.organ.time_outside = time_outside;
  return o;
}

TEST(EvaluationJson, EveryVerdictNamesTheOrgansOutsideTheirBands) {
  EvaluationReport report;
  TargetReport target;
  target.criteria.resize(2);
  report.targets.push_back(target);
  report.organs = {organ("cord", 142), organ("bowel", 0), organ("roots", 3)};
  const auto outside = [&](std::size_t criterion) {
    nlohmann::ordered_json summary;
    add_json(summary, report);
    return summary.at("targets")
        .at(0)
        .at("criteria")
        .at(criterion)
        .at("verdict")
        .at("organs_outside");
  };
  EXPECT_EQ(outside(0), nlohmann::ordered_json({"cord", "roots"}));
  EXPECT_EQ(outside(1), nlohmann::ordered_json({"cord", "roots"}));
  report.organs = {organ("bowel", 0)};
  EXPECT_EQ(outside(0), nlohmann::ordered_json::array());
}

}  // namespace
}  // namespace thermodose
