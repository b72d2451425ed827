// Implements: tests of --set.
#include <gtest/gtest.h>

#include "sample_case.h"

namespace thermodose::test {
namespace {

CaseSpec with(const std::string& key, const std::string& value) {
  return read_sample(kSampleCase, {{}, {{key, value}}});
}

std::string told(const std::string& key, const std::string& value) {
  return problems_of(kSampleCase, {{}, {{key, value}}});
}

TEST(Overrides, ReplaceValuesInMapsAndLists) {
  EXPECT_DOUBLE_EQ(with("accuracy", "5 %").accuracy, 0.05);
  EXPECT_NEAR(with("probes.left.tip", "-12 0 0 mm").probes[0].tip[0], -0.012, 1e-16);
  EXPECT_EQ(with("protocol.1.steps.0.freeze", "6 min").protocol[1].steps[0].duration, 360);
  EXPECT_EQ(with("protocol[1].steps[0].freeze", "6 min").protocol[1].steps[0].duration, 360);
  EXPECT_EQ(with("output.isotherms", "[0 degC]").output.isotherms.size(), 1U);
  EXPECT_EQ(with("dose", "[freeze_count]").dose_names, std::vector<std::string>{"freeze_count"});
}

TEST(Overrides, AddKeysThatTheFileDoesNotHave) {
  EXPECT_EQ(with("duration", "7 min").end_time, 420);
  EXPECT_EQ(with("numerics.max_step", "5 s").numerics.max_step, 5);
  EXPECT_EQ(with("materials.lump.density", "999 kg/m3").materials[1].name, "lump");
}

TEST(Overrides, ReachNamesWithDots) {
  const std::string text =
      replaced(replaced(kSampleCase, "left:", "left_1.5mm:"), "[left]", "[left_1.5mm]");
  const CaseSpec spec = read_sample(text, {{}, {{"probes.left_1.5mm.tip", "-12 0 0 mm"}}});
  EXPECT_NEAR(spec.probes[0].tip[0], -0.012, 1e-16);
}

TEST(Overrides, TakeTheLongestNameThatExists) {
  const std::string text =
      replaced(kSampleCase, "probes:\n  left:",
               "probes:\n  left.tip: {device: needle, tip: 0 20 0 mm, direction: 0 0 1}\n  left:");
  const ReadOptions set{{}, {{"probes.left.tip.tip", "0 25 0 mm"}}};
  const CaseSpec spec = read_sample(text, set);
  EXPECT_NEAR(spec.probes[0].tip[1], 0.025, 1e-16);
  EXPECT_NEAR(spec.probes[1].tip[0], -0.01, 1e-16);
}

TEST(Overrides, AreAppliedInOrder) {
  const CaseSpec spec = read_sample(kSampleCase, {{}, {{"accuracy", "5 %"}, {"accuracy", "7 %"}}});
  EXPECT_DOUBLE_EQ(spec.accuracy, 0.07);
}

TEST(Overrides, AreCheckedLikeTheFile) {
  EXPECT_EQ(told("probes.left.tp", "0 0 0 mm"),
            "--set probes.left.tp: probes.left.tp: unknown key; did you mean 'tip'?");
  EXPECT_EQ(told("acuracy", "5 %"),
            "--set acuracy: acuracy: unknown key; did you mean 'accuracy'?");
  EXPECT_EQ(told("accuracy", "5"),
            "--set accuracy: accuracy: found the bare number '5', expected a share such as '2 %': "
            "the unit is missing");
  EXPECT_EQ(told("accuracy", "500 %"),
            "--set accuracy: accuracy: found '500 %', allowed: 0.1 .. 50 %");
  EXPECT_EQ(told("regions.3.tissue", "soft"),
            "--set regions.3.tissue: regions.3.tissue: there is no entry '3' in a list of 1 (the "
            "first is 0)");
  EXPECT_EQ(told("regions.first.tissue", "soft"),
            "--set regions.first.tissue: regions.first.tissue: there is no entry 'first' in a list "
            "of 1 (the first is 0)");
  EXPECT_EQ(told("tissue.name", "soft"),
            "--set tissue.name: tissue.name: cannot set 'name' inside 'soft'");
  EXPECT_EQ(told("a..b", "1"), "--set a..b: a..b: expected a dotted key such as domain.box.size");
  EXPECT_EQ(told("title", "{a: b"),
            "--set title: title: found a list or map where a key is due; is a bracket not closed?");
  EXPECT_EQ(told("accuracy", ""),
            "--set accuracy: accuracy: found nothing; give a value or remove the key");
}

}  // namespace
}  // namespace thermodose::test
