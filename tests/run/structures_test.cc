// Implements: tests of run/structures.h and run/criterion.h: what a structure consists of, what is
// refused (outside the domain, covered, unknown fields, wrong units), what is warned of.
#include "run/structures.h"

#include <gtest/gtest.h>

#include "geometry/surface_files.h"
#include "geometry/surface_mesh.h"
#include "run/criterion.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

CaseText balls() {
  CaseText c;
  c.regions =
      "[{name: outer, shape: {sphere: {center: 0 0 0 mm, radius: 8 mm}}, tissue: soft},"
      " {name: inner, shape: {sphere: {center: 0 0 0 mm, radius: 4 mm}}, tissue: soft},"
      " {name: away, shape: {sphere: {center: 40 0 0 mm, radius: 21 mm}}, tissue: soft}]";
  return c;
}

std::string told(const CaseText& c) {
  try {
    const CaseSpec spec = read(c);
    const Model model = make_model(spec, 0.05);
    require_structures(model, make_plan(spec));
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(Structures, ARegionIsWhatNoOtherCoversAndAListIsAllOfThem) {
  const CaseSpec spec = read(balls());
  const Model model = make_model(spec, 0.05);
  StructureMaker maker(model);
  const auto shell = maker.make({}, "outer");
  EXPECT_FALSE(shell.inside({0, 0, 0}));
  EXPECT_TRUE(shell.inside({6e-3, 0, 0}));
  EXPECT_NEAR(shell.bounds.upper[0], 8e-3, 1e-12);
  const auto both = maker.make({{"outer", "inner"}, "", nullptr}, "both");
  EXPECT_TRUE(both.inside({0, 0, 0}));
  EXPECT_TRUE(both.inside({6e-3, 0, 0}));
  EXPECT_FALSE(both.inside({9e-3, 0, 0}));
}

TEST(Structures, AShapeIsAllOfItWhateverTheTissue) {
  CaseText c = balls();
  c.more = "targets: {whole: {shape: {sphere: {center: 0 0 0 mm, radius: 9 mm}}}}\n";
  const CaseSpec spec = read(c);
  const Model model = make_model(spec, 0.05);
  StructureMaker maker(model);
  const auto whole = maker.make(spec.targets.at(0).where, "whole");
  EXPECT_TRUE(whole.inside({0, 0, 0}));
  EXPECT_TRUE(whole.inside({8.5e-3, 0, 0}));
  EXPECT_EQ(model.region_name.size(), 3U) << "no region of its own";
}

TEST(Structures, PartsOfAnAnatomyHaveBounds) {
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 64 64 48 mm}";
  c.tissue = "muscle";
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{}";
  c.more =
      "anatomy: {vertebra: {level: L2, lesion: {center: 3 -2 1 mm, diameter: 18 mm}}}\n"
      "duration: 10 s\n";
  const CaseSpec spec = read(c);
  const Model model = make_model(spec, 0.05);
  StructureMaker maker(model);
  const auto lesion = maker.make({}, "lesion");
  const Vec3 centre{3e-3, -2e-3, 1e-3};
  for (std::size_t d = 0; d < 3; ++d) {
    EXPECT_LE(lesion.bounds.lower[d], centre[d] - 9e-3 + 2e-3) << d;
    EXPECT_GE(lesion.bounds.lower[d], centre[d] - 9e-3 - 4e-3) << d;
    EXPECT_GE(lesion.bounds.upper[d], centre[d] + 9e-3 - 2e-3) << d;
    EXPECT_LE(lesion.bounds.upper[d], centre[d] + 9e-3 + 4e-3) << d;
  }
}

TEST(Structures, ASurfaceIsATarget) {
  const Scratch scratch;
  const auto ball = [](const Vec3& p) {
    return p[0] * p[0] + p[1] * p[1] + p[2] * p[2] < 6e-3 * 6e-3;
  };
  const BoundingBox box{{-7e-3, -7e-3, -7e-3}, {7e-3, 7e-3, 7e-3}};
  write_stl(scratch.file("ball.stl"), extract_surface(ball, box, 0.5e-3));
  CaseText c;
  c.more =
      "targets: {ball: {shape: {surface: {file: " + scratch.file("ball.stl") + ", unit: mm}}}}\n";
  const CaseSpec spec = read(c);
  const Model model = make_model(spec, 0.05);
  StructureMaker maker(model);
  const auto target = maker.make(spec.targets.at(0).where, "ball");
  EXPECT_TRUE(target.inside({5.8e-3, 0, 0}));
  EXPECT_FALSE(target.inside({6.2e-3, 0, 0}));
  c.more = "targets: {ball: {shape: {surface: {file: none.stl, unit: mm}}}}\n";
  EXPECT_NE(told(c).find("targets.ball.shape.surface.file"), std::string::npos) << told(c);
}

TEST(Structures, NothingInTheDomainIsAnError) {
  CaseText c = balls();
  c.regions =
      "[{name: hidden, shape: {sphere: {center: 0 0 0 mm, radius: 4 mm}}, tissue: soft},"
      " {name: over, shape: {sphere: {center: 0 0 0 mm, radius: 6 mm}}, tissue: soft},"
      " {name: ring, shape: {sphere: {center: 26 26 0 mm, radius: 8 mm}}, tissue: soft}]";
  c.more = "targets: {hidden: {}}\nprotect: {ring: {}}\n";
  const std::string text = told(c);
  EXPECT_NE(text.find("targets.hidden: has no volume: other regions cover it"), std::string::npos)
      << text;
  EXPECT_NE(text.find("protect.ring: lies outside the domain"), std::string::npos) << text;
}

TEST(Structures, WhatTheCellsHoldIsToldBesideIt) {
  CaseText c = balls();
  c.numerics = "{cell_size: 1.6 mm, error_estimate: false}";
  c.more =
      "targets: {both: {region: [outer, inner]}}\n"
      "protect: {inner: {}, ball: {shape: {sphere: {center: 0 0 0 mm, radius: 4 mm}}}}\n";
  const RunSummary s = run(c);
  const auto ball = [](double r) { return 4.0 / 3 * 3.14159265358979 * r * r * r; };
  const auto& both = s.evaluation.targets.at(0);
  ASSERT_TRUE(both.on_cells);
  EXPECT_NEAR(*both.on_cells, ball(8e-3), 0.01 * ball(8e-3));
  EXPECT_NEAR(both.in_domain, *both.on_cells, 0.01 * both.in_domain);
  EXPECT_NEAR(s.evaluation.organs.at(0).on_cells.value(), ball(4e-3), 0.01 * ball(4e-3));
  EXPECT_FALSE(s.evaluation.organs.at(1).on_cells) << "a shape of its own has no cells";
}

TEST(Structures, NeedlesInOrgansAreToldOf) {
  // The active length goes from z = -5 to 5 mm, the shaft on upwards.
  CaseText c;
  c.more =
      "protect: {vein: {shape: {box: {center: 0 0 4 mm, size: 6 6 6 mm}}},"
      " nerve: {shape: {cylinder: {begin: -9 0 12 mm, end: 9 0 12 mm, radius: 2 mm}}},"
      " far: {shape: {sphere: {center: 9 0 0 mm, radius: 5 mm}}}}\n";
  const CaseSpec spec = read(c);
  const Model model = make_model(spec, 0.05);
  const auto warnings = require_structures(model, make_plan(spec));
  ASSERT_EQ(warnings.size(), 3U) << ::testing::PrintToString(warnings);
  EXPECT_EQ(warnings[0], "4.0 mm of the active length of probe p lie in protect.vein");
  EXPECT_EQ(warnings[1], "shaft or tip of probe p passes through protect.vein over 2.0 mm");
  EXPECT_EQ(warnings[2], "shaft or tip of probe p passes through protect.nerve over 4.0 mm");
  // A tip of 3 mm that does not freeze: the active length begins at z = -5 mm.
  c.devices = std::string(CaseText::kNeedle).replace(2, 6, "capped") + "    dead_tip: 3 mm\n";
  c.probes = "{p: {device: capped, tip: 0 0 -8 mm, direction: 0 0 1}}";
  c.more = "protect: {below: {shape: {box: {center: 0 0 -7.5 mm, size: 6 6 4 mm}}}}\n";
  const CaseSpec capped = read(c);
  const Model with_tip = make_model(capped, 0.05);
  const auto told = require_structures(with_tip, make_plan(capped));
  ASSERT_EQ(told.size(), 1U) << ::testing::PrintToString(told);
  EXPECT_EQ(told[0], "shaft or tip of probe p passes through protect.below over 2.5 mm");
}

TEST(Structures, ATargetInAGasIsRefusedAndAPartIsToldOf) {
  CaseText c;
  c.regions =
      "[{name: gut, shape: {sphere: {center: 10 0 0 mm, radius: 6 mm}}, tissue: soft},"
      " {name: bubble, shape: {half_space: {point: 9 0 0 mm, normal: -1 0 0}}, tissue: air}]";
  const std::string ball = "{shape: {sphere: {center: 10 0 0 mm, radius: 6 mm}}}";
  c.more = "targets: {gut: " + ball + "}\n";
  EXPECT_NE(told(c).find("targets.gut: 62 % of it lies in air, which is a gas"), std::string::npos)
      << told(c);
  c.more = "protect: {gut: " + ball + "}\n";
  const CaseSpec spec = read(c);
  const Model model = make_model(spec, 0.05);
  const auto warnings = require_structures(model, make_plan(spec));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0], "62 % of protect.gut lies in air, which is a gas");
}

TEST(Structures, WhatIsPartlyOutsideIsWarnedOf) {
  CaseText c = balls();
  c.more = "targets: {away: {}}\nprotect: {also: {region: away}}\n";
  const CaseSpec spec = read(c);
  const Model model = make_model(spec, 0.05);
  const auto warnings = require_structures(model, make_plan(spec));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].find("of targets.away lies outside the domain"), std::string::npos);
}

TEST(Criteria, UnknownFieldsAndWrongUnitsAreErrorsAllAtOnce) {
  CaseText c = balls();
  c.dose = "[cem43, three_state]";
  c.more =
      "targets:\n  inner:\n    criteria:\n      - {field: cem34_min, at_least: 240 min}\n"
      "      - {field: cem43_min, at_least: 3}\n      - {field: t_min_degC, at_most: 3}\n"
      "      - {field: cem43_min, at_least: 4 h}\n";
  const std::string text = told(c);
  EXPECT_NE(text.find("targets.inner.criteria[0].field: no dose model of the case writes the field "
                      "'cem34_min'"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("did you mean 'cem43_min'"), std::string::npos) << text;
  EXPECT_NE(text.find("targets.inner.criteria[1].at_least: found a value in no unit, but cem43_min "
                      "is in min"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("targets.inner.criteria[2].field: of temperatures use below and above"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("criteria[3]"), std::string::npos) << text;
}

TEST(Criteria, LevelsAreInTheUnitOfTheField) {
  CaseText c = balls();
  c.dose = "[cem43]";
  c.more = "targets: {inner: {criteria: [{field: cem43_min, at_least: 4 h}]}}\n";
  const CaseSpec spec = read(c);
  const PlanCriterion criterion = plan_criterion(spec.targets[0].criteria[0], spec);
  EXPECT_EQ(criterion.words, "cem43_min at least 240 min");
  EXPECT_NEAR(criterion.level, 240, 1e-3);
  EXPECT_LT(criterion.level, 240) << "a node exactly there counts";
}

TEST(Criteria, WhereProbesFreezeTheDefaultIsMinus40) {
  CaseText c = balls();
  c.dose = "[cem43]";
  c.more = "targets: {inner: {}}\n";
  const CaseSpec spec = read(c);
  ASSERT_EQ(spec.targets.at(0).criteria.size(), 1U);
  EXPECT_NEAR(*spec.targets[0].criteria[0].below, kelvin(-40), 1e-9);
  EXPECT_EQ(spec.dose_names.back(), "temperature_extremes") << "what plans are judged by";
}

}  // namespace
}  // namespace thermodose::run_test
