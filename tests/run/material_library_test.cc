// Implements: tests of the material library through the real reader: every file reads, its laws
// hold what a law must hold, every number has a source that resolves, and perfusion is what the
// database gives per volume.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "case/case_reader.h"
#include "physics/segment_builder.h"
#include "physics/tissue.h"

namespace thermodose {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(THERMODOSE_SOURCE_DIR) / "materials";
constexpr double kBody = 310.15;

std::vector<std::string> materials() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder))
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

/// The material as a case that uses it would get it.
std::shared_ptr<Tissue> read(const std::string& name) {
  const std::string text =
      "thermodose: 1\ntitle: material\n"
      "domain:\n  box: {center: 0 0 0 mm, size: 40 40 40 mm}\n"
      "  initial_temperature: 37 degC\n  faces: {all: {fixed: 37 degC}}\n"
      "tissue: " +
      name + "\nduration: 1 min\naccuracy: 5 %\n";
  // The folder of the case must hold no materials of its own: they would come first.
  const fs::path file = kFolder / "no_such_folder" / "material.yaml";
  ReadOptions options;
  options.library = {kFolder.string()};
  const CaseSpec spec = read_case_text(text, file.string(), options);
  EXPECT_EQ(spec.materials.size(), 1U);
  auto tissue = std::dynamic_pointer_cast<Tissue>(spec.materials.front().object);
  EXPECT_TRUE(tissue) << name;
  return tissue;
}

class MaterialLibrary : public ::testing::TestWithParam<std::string> {};

TEST_P(MaterialLibrary, ReadsAndItsLawsHold) {
  std::shared_ptr<Tissue> tissue;
  try {
    tissue = read(GetParam());
  } catch (const InputError& e) {
    FAIL() << e.what();
  }
  EXPECT_FALSE(tissue->title.empty());
  const SegmentLaw law = build_segment_law(*tissue, kBody, 0.05, 32);
  EXPECT_LE(law.segments.size(), 12U);
  EXPECT_LE(law.interpolation_error, 0.05);
  for (double t = tissue->min_temperature; t < tissue->max_temperature; t += 0.5) {
    EXPECT_GT(tissue->conductivity(t), 0) << t;
    EXPECT_GT(tissue->capacity(t), 0) << t;
    const double h = law.enthalpy(t);
    EXPECT_NEAR(law.temperature(h), t, 1e-9 * t);
    EXPECT_NEAR(law.temperature(tissue->enthalpy(t, kBody)), t, 0.0501);
    EXPECT_NEAR(law.conductivity(h) / tissue->conductivity(t), 1, 0.01) << t;
  }
  if (!tissue->freezes()) return;
  EXPECT_GT(tissue->frozen_conductivity.value_or(0), 0);
  EXPECT_EQ(tissue->unfrozen_fraction(kBody), 1);
  EXPECT_EQ(tissue->source(tissue->min_temperature), 0);
}

bool is_number(const std::string& text) {
  static const std::regex number(R"(^[-+]?[0-9.]+([eE][-+]?[0-9]+)?(\s.*)?$)");
  return std::regex_match(text, number);
}

/// Every number stands in a map with a source, or in a table, whose source is a comment.
void expect_sources(const YAML::Node& node, const std::string& path,
                    std::vector<std::string>& out) {
  if (!node.IsMap()) {
    if (node.IsScalar()) {
      EXPECT_FALSE(is_number(node.Scalar())) << path << ": no source";
    }
    return;
  }
  if (node["value"]) {
    ASSERT_TRUE(node["source"]) << path;
    out.push_back(node["source"].Scalar());
    EXPECT_GE(out.back().size(), 5U) << path;
    return;
  }
  for (const auto& entry : node) {
    const auto key = entry.first.as<std::string>();
    if (key != "points" && key != "caveats") expect_sources(entry.second, path + "." + key, out);
  }
}

TEST_P(MaterialLibrary, EveryNumberHasASourceThatResolves) {
  const std::string known = text_of(kFolder / "SOURCES.md");
  const YAML::Node root = YAML::LoadFile((kFolder / (GetParam() + ".yaml")).string());
  std::vector<std::string> sources;
  expect_sources(root, GetParam(), sources);
  EXPECT_GE(sources.size(), 5U);
  static const std::regex bracket(R"(\[([^\]]+)\])"), code(R"([a-z0-9_]+)");
  for (const std::string& source : sources) {
    for (std::sregex_iterator b(source.begin(), source.end(), bracket), end; b != end; ++b) {
      const std::string inside = (*b)[1];
      for (std::sregex_iterator c(inside.begin(), inside.end(), code); c != end; ++c)
        EXPECT_NE(known.find("| `" + c->str() + "` |"), std::string::npos) << c->str();
    }
    // What is unverified must be told by every run that uses it.
    if (source.rfind("unverified", 0) == 0) {
      EXPECT_TRUE(root["caveats"]) << source;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, MaterialLibrary, ::testing::ValuesIn(materials()),
                         [](const auto& name) { return name.param; });

TEST(MaterialLibraryAsAWhole, HoldsWhatTheProgramPromises) {
  const auto names = materials();
  EXPECT_GE(names.size(), 60U);
  const std::set<std::string> all(names.begin(), names.end());
  for (const char* name : {"liver",
                           "kidney",
                           "muscle",
                           "fat",
                           "bone_cancellous",
                           "bone_cortical",
                           "spinal_cord",
                           "lung_inflated",
                           "prostate",
                           "blood",
                           "water",
                           "saline",
                           "cerebrospinal_fluid",
                           "bile",
                           "urine",
                           "ice",
                           "air",
                           "carbon_dioxide",
                           "argon",
                           "helium",
                           "nitrogen",
                           "nitinol",
                           "stainless_steel_304",
                           "pmma_cement",
                           "gelatin",
                           "liver_tumour"})
    EXPECT_EQ(all.count(name), 1U) << name;
}

TEST(MaterialLibraryAsAWhole, PerfusionPerVolumeIsThatOfTheDatabase) {
  // W/m3/K and W/m3 as published for IT'IS V5.0 data with blood of 1049.75 kg/m3, 3617 J/kg/K.
  const std::map<std::string, std::pair<double, double>> expected = {
      {"liver", {58740, 10713}},        {"kidney", {256069, 19248}},
      {"muscle", {2535, 988}},          {"fat", {1886, 461}},
      {"skin", {7466, 1827}},           {"lung_inflated", {141822, 2446}},
      {"bone_cancellous", {2237, 547}}, {"spinal_cord", {10907, 2669}},
      {"thyroid", {373714, 91458}}};
  for (const auto& [name, values] : expected) {
    const auto tissue = read(name);
    EXPECT_NEAR(tissue->perfusion_coefficient() / values.first, 1, 2.5e-3) << name;
    EXPECT_NEAR(tissue->metabolic_power() / values.second, 1, 2.5e-3) << name;
  }
}

TEST(MaterialLibraryAsAWhole, LatentHeatIsPlausible) {
  const auto latent = [](const std::string& name) {
    const auto tissue = read(name);
    return dynamic_cast<const FreezingLaw&>(*tissue->freezing_law).latent_heat();
  };
  for (const std::string& name : materials()) {
    if (!read(name)->freezes()) continue;
    EXPECT_GE(latent(name), 80e3) << name;
    EXPECT_LE(latent(name), 334e3) << name;  // that of water
  }
  EXPECT_NEAR(latent("lung_inflated"), 91e3, 500);
  EXPECT_NEAR(latent("lung_deflated"), 268e3, 500);
  EXPECT_EQ(latent("skin"), 250e3);
}

}  // namespace
}  // namespace thermodose
