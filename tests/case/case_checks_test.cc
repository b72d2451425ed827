// Implements: tests of the checks that need several keys, where a single malformed case would not
// tell a right limit from a wrong one.
#include <gtest/gtest.h>

#include "base/text.h"
#include "case/key_table.h"
#include "devices/controlled_law.h"
#include "sample_case.h"

namespace thermodose::test {
namespace {

/// Problems of the sample with the second probe (1.5 mm thick, 20 mm long) placed so; the first
/// one runs from (-10, 0, 0) to (-10, 0, 20) mm.
std::string with_probe(const std::string& tip, const std::string& direction) {
  return problems_of(
      replaced(kSampleCase, "right: {device: needle, tip: 10 0 0 mm, entry: 10 0 30 mm}",
               "right: {device: needle, tip: " + tip + " mm, direction: " + direction + "}"));
}

std::string cut(const std::string& distance) {
  return "sample.yaml:37: probes.right: cuts into probe 'left': their axes come as near as " +
         distance + " mm";
}

TEST(Probes, KeepTheSumOfTheirRadiiApart) {
  EXPECT_EQ(with_probe("-8.5 0 0", "0 0 1"), "");
  EXPECT_EQ(with_probe("-8.6 0 0", "0 0 1"), cut("1.4"));   // parallel, side by side
  EXPECT_EQ(with_probe("-8.6 0 19", "0 0 1"), cut("1.4"));  // parallel, overlapping by 1 mm
  EXPECT_EQ(with_probe("-10 0 21", "1 0 0"), cut("1"));     // end to flank
  EXPECT_EQ(with_probe("-10 0 22", "1 0 0"), "");
  EXPECT_EQ(with_probe("-20 1 10", "1 0 0"), cut("1"));  // skew, crossing in the middle
  EXPECT_EQ(with_probe("-20 1.6 10", "1 0 0"), "");
  EXPECT_EQ(with_probe("-8.9 0 10", "1 0 0"), cut("1.1"));       // tip near the flank
  EXPECT_EQ(with_probe("-8.9 0 10", "1 0 1"), cut("1.1"));       // the same, leaning
  EXPECT_EQ(with_probe("-15 0 20", "1 0 0.3"), cut("1.43674"));  // 1.5 mm / sqrt(1.09)
  EXPECT_EQ(with_probe("-10 0 0", "0 0 -1"), cut("0"));          // in line, tip to tip
}

TEST(Probes, MayTouchTheBoundaryOfTheDomain) {
  EXPECT_EQ(with_probe("10 0 20", "0 0 1"), "");  // ends at z = 40 mm, the top
  EXPECT_NE(with_probe("10 0 20.1", "0 0 1"), "");
  EXPECT_EQ(with_probe("50 0 0", "0 0 1"), "");
  EXPECT_NE(with_probe("50.1 0 0", "0 0 1"), "");
}

TEST(Groups, MayFollowEachOtherWithoutAGap) {
  const std::string text = replaced(kSampleCase, "probes: [right]", "probes: [left, right]");
  // The first group ends at 13 min.
  EXPECT_EQ(problems_of(replaced(text, "start: 1 min", "start: 13 min")), "");
  EXPECT_NE(problems_of(replaced(text, "start: 1 min", "start: 12.99 min"))
                .find("probe 'left' is also in protocol[0] at the same time"),
            std::string::npos);
}

TEST(Regions, MayReachOutOfTheDomainButNotLieOutside) {
  const auto with_ball = [](const std::string& center) {
    return problems_of(
        replaced(kSampleCase, "sphere: {center: 0 0 0 mm", "sphere: {center: " + center));
  };
  EXPECT_EQ(with_ball("60 0 0 mm"), "");
  EXPECT_NE(with_ball("65 0 0 mm"), "");
  EXPECT_NE(with_ball("0 0 -35 mm"), "");
}

TEST(Cells, FitTwiceIntoTheShortestEdge) {
  const auto with_cell = [](const std::string& size) {
    return problems_of(replaced(kSampleCase, "cell_size: 1.25 mm", "cell_size: " + size));
  };
  EXPECT_EQ(with_cell("30 mm"), "");
  EXPECT_NE(with_cell("31 mm"), "");
}

TEST(ActiveThaws, HaveTheRangeOfTheDevices) {
  const auto celsius = [](double kelvin) { return text::exact(kelvin - kZeroCelsius) + " degC"; };
  for (const auto& row : case_rows()) {
    if (row.path != "protocol[].steps[].temperature") continue;
    EXPECT_EQ(row.range, text::exact(kThawMin - kZeroCelsius) + " .. " + celsius(kThawMax));
    return;
  }
  FAIL() << "no such key";
}

}  // namespace
}  // namespace thermodose::test
