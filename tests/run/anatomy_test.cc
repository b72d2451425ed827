// Implements: tests of anatomies in a case: parts become tissues and regions, regions lie over
// them, their volumes on the grid are their own, and what is refused.
#include "geometry/anatomy.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "geometry/label_files.h"
#include "output/h5_read.h"
#include "run/placement.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

/// The vertebra L2 in muscle with a needle that lies in its body.
CaseText vertebra() {
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 64 64 48 mm}";
  c.tissue = "muscle";
  c.numerics = "{cell_size: 1 mm, error_estimate: false}";
  c.more =
      "anatomy: {vertebra: {level: L2, lesion: {center: 0 0 0 mm, diameter: 18 mm}}}\n"
      "duration: 10 s\n";
  return c;
}

int index_of(const Model& model, const std::string& name) {
  const auto& names = model.region_name;
  return static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin());
}

std::string told(const CaseText& c) {
  try {
    read(c);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(AnatomyCase, PartsAreRegionsAndRegionsLieOverThem) {
  CaseText c = vertebra();
  c.regions = "[{name: core, shape: {sphere: {center: 0 0 0 mm, radius: 4 mm}}, tissue: soft}]";
  const CaseSpec spec = read(c);
  const Model m = make_model(spec, 0.05);
  const int lesion = index_of(m, "lesion"), core = index_of(m, "core");
  ASSERT_EQ(core, static_cast<int>(m.region_name.size()) - 1);
  EXPECT_EQ(m.region_at({0, 0, 0}), core);
  EXPECT_EQ(m.region_at({6e-3, 0, 0}), lesion);
  EXPECT_EQ(m.region_at({15e-3, 0, 0}), index_of(m, "cancellous_bone"));
  EXPECT_EQ(m.region_at({31e-3, 30e-3, 0}), -1);
  EXPECT_EQ(m.law_names[static_cast<std::size_t>(m.law_at({6e-3, 0, 0}))], "liver_tumour");
  EXPECT_EQ(m.law_names[static_cast<std::size_t>(m.law_at({0, 0, 0}))], "soft");
  EXPECT_EQ(m.law_names[0], "muscle");
  const auto of_anatomy = [](const std::string& line) { return line.rfind("anatomy: ", 0) == 0; };
  EXPECT_TRUE(std::any_of(m.caveats.begin(), m.caveats.end(), of_anatomy)) << "a stand-in is told";
}

// Many points at once, near each other and far apart, more than fit into one go: with a half space
// that has no bounds and a ball whose box they may miss.
TEST(AnatomyCase, ManyPointsHaveTheRegionsOfEach) {
  CaseText c = vertebra();
  c.regions =
      "[{name: back, shape: {half_space: {point: 0 -20 0 mm, normal: 0 1 0.2}}, tissue: soft}, "
      "{name: core, shape: {sphere: {center: 0 0 0 mm, radius: 4 mm}}, tissue: soft}]";
  const CaseSpec spec = read(c);
  const Model m = make_model(spec, 0.05);
  std::vector<int> hits(m.region_name.size() + 1, 0);
  unsigned seed = 1;
  const auto random = [&] {
    seed = seed * 1664525U + 1013904223U;
    return static_cast<double>(seed >> 8U) / 16777216.0 - 0.5;
  };
  for (const double size : {64e-3, 8e-3, 1e-3})
    for (int cloud = 0; cloud < 60; ++cloud) {
      const Vec3 middle{60e-3 * random(), 60e-3 * random(), 44e-3 * random()};
      std::vector<Vec3> points(1 + static_cast<std::size_t>(cloud) * 11);
      for (Vec3& p : points)
        for (std::size_t d = 0; d < 3; ++d) p[d] = middle[d] + size * random();
      std::vector<MaterialIndex> found(points.size());
      m.regions_at(points.data(), points.size(), found.data());
      for (std::size_t i = 0; i < points.size(); ++i) {
        EXPECT_EQ(found[i], m.region_at(points[i]) + 1) << size << ", " << i;
        ++hits[found[i]];
      }
    }
  EXPECT_GT(hits[0], 100);
  EXPECT_GT(hits[static_cast<std::size_t>(index_of(m, "core")) + 1], 20);
  EXPECT_GT(hits[static_cast<std::size_t>(index_of(m, "back")) + 1], 100);
  EXPECT_GT(hits[static_cast<std::size_t>(index_of(m, "cancellous_bone")) + 1], 100);
}

TEST(AnatomyCase, VolumesOnTheGridAreThoseOfTheParts) {
  const Assembly<float> a(read(vertebra()));
  int compared = 0;
  for (const char* name : {"lesion", "cancellous_bone", "upper_end_plate", "lower_end_plate"}) {
    const auto r = static_cast<std::size_t>(index_of(a.model, name));
    const double exact = a.model.anatomy->parts()[r].volume;
    if (!(exact > 0)) continue;
    // An end plate is a third of a cell thick.
    const double tolerance = std::string(name).find("plate") == std::string::npos ? 0.01 : 0.03;
    EXPECT_NEAR(a.engine.region_volume[r], exact, tolerance * exact) << name;
    ++compared;
  }
  EXPECT_GE(compared, 3);
}

TEST(AnatomyCase, RunsAndWritesItsRegions) {
  CaseText c = vertebra();
  c.numerics = "{cell_size: 2 mm, error_estimate: false}";
  const Scratch scratch;
  const RunSummary s = run_in(scratch, read(c));
  EXPECT_EQ(s.status, RunSummary::Status::complete);
  EXPECT_LT(std::abs(s.energy.relative_residual), 1e-4);
  const output_test::H5Reader fields(scratch.file("out/fields.h5"));
  EXPECT_NE(fields.text("mesh/0/region_id", "names").find("|lesion|"), std::string::npos);
  // The resolved case is the same case.
  const CaseSpec again = read_case(scratch.file("out/case.resolved.yaml"), library());
  EXPECT_EQ(again.anatomy_name, "vertebra");
  EXPECT_EQ(make_model(again, 0.05).region_name, make_model(read(c), 0.05).region_name);
}

TEST(AnatomyCase, WhatIsRefused) {
  CaseText c = vertebra();
  c.regions = "[{name: lesion, shape: {sphere: {center: 0 0 0 mm, radius: 4 mm}}, tissue: soft}]";
  EXPECT_NE(told(c).find("the name 'lesion' is used twice"), std::string::npos) << told(c);
  c = vertebra();
  c.domain = "box: {center: 300 0 0 mm, size: 40 40 40 mm}";
  c.probes = "{p: {device: needle, tip: 300 0 -5 mm, direction: 0 0 1}}";
  c.thermocouples = "{}";
  EXPECT_NE(told(c).find("anatomy: the anatomy lies outside the domain"), std::string::npos)
      << told(c);
  c = vertebra();
  c.domain = "cylinder: {radius: 30 mm, bottom: -20 mm, top: 20 mm}";
  EXPECT_NE(told(c).find("an anatomy has no symmetry about an axis"), std::string::npos) << told(c);
  c = vertebra();
  c.more = "anatomy: {labels: {file: nowhere.nii.gz, map: totalsegmentator}}\n";
  EXPECT_NE(told(c).find("nowhere.nii.gz"), std::string::npos) << told(c);
  c.more = "anatomy: {vertebra: {level: L9}}\n";
  EXPECT_NE(told(c).find("anatomy.vertebra.level"), std::string::npos) << told(c);
}

TEST(AnatomyCase, ATargetWhoseLabelHasNoVoxelIsNoUnknownName) {
  const Scratch dir;
  dir.write("map.yaml",
            "labels:\n  1: {name: liver, tissue: liver}\n  2: {name: lesion, tissue: liver}\n");
  write_nrrd(dir.file("a.nrrd"), test::plain_volume());
  CaseText c = vertebra();
  c.more = "anatomy: {labels: {file: " + dir.file("a.nrrd") + ", map: " + dir.file("map.yaml") +
           "}}\ntargets: {lesion: {criteria: [{below: 0 degC}]}}\n"
           "protect: {bowel: {region: [lesion, colon], criteria: [{below: 0 degC}]}}\n";
  const std::string all = told(c);
  const std::string why = "no volume: 'lesion' is label 2 of the map '" + dir.file("map.yaml") +
                          "', but no voxel of the image " + dir.file("a.nrrd") + " carries it";
  EXPECT_NE(all.find("targets.lesion: " + why), std::string::npos) << all;
  EXPECT_NE(all.find("protect.bowel.region: " + why), std::string::npos) << all;
  EXPECT_NE(all.find("protect.bowel.region: unknown region 'colon'; the case has liver"),
            std::string::npos)
      << all;
}

// A lesion beside the bone is nowhere; what is thinner than a cell has volume but no node.
TEST(Anatomy, RegionsWithoutVolumeOrNodesAreToldOf) {
  const std::vector<RegionSummary> regions{
      {"body", "bone", 30e-6, 9000}, {"dura", "dura", 0.4e-6, 0}, {"lesion", "tumour", 0, 0}};
  const auto warnings = region_warnings(regions, {});
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_NE(warnings[0].find("lesion of `regions` or `anatomy` has no volume"), std::string::npos);
  EXPECT_NE(warnings[1].find("no node lies in dura"), std::string::npos);
  EXPECT_TRUE(region_warnings({regions[0]}, {}).empty());
}

// Parts of a map that the domain does not reach: five names, those of the case itself first.
TEST(Anatomy, ManyRegionsWithoutVolumeAreCounted) {
  std::vector<RegionSummary> regions;
  for (int n = 1; n <= 60; ++n) regions.push_back({"rib_" + std::to_string(n), "bone", 0, 0});
  regions.push_back({"lesion", "tumour", 0, 0});
  std::vector<RegionSpec> painted(1);
  painted[0].name = "lesion";
  auto warnings = region_warnings(regions, painted);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].find("61 parts (lesion, rib_1, rib_2, rib_3, rib_4, ...; `regions` of "
                             "summary.json has all) of `regions` or `anatomy` have no volume"),
            0U)
      << warnings[0];
  regions.resize(5);
  warnings = region_warnings(regions, painted);
  EXPECT_EQ(warnings[0].find("rib_1, rib_2, rib_3, rib_4, rib_5 of `regions`"), 0U) << warnings[0];
}

}  // namespace
}  // namespace thermodose::run_test
