// Implements: every shipped case reads, is checked, and runs on coarse cells with its energy
// balanced; the reference case gives its volumes to the accuracy of such cells.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

namespace fs = std::filesystem;

const fs::path kCases = fs::path(THERMODOSE_SOURCE_DIR) / "cases";

std::vector<std::string> shipped() {
  std::vector<std::string> names;
  for (const auto& folder : fs::directory_iterator(kCases))
    if (fs::exists(folder.path() / "case.yaml")) names.push_back(folder.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

CaseSpec read_shipped(const std::string& name,
                      const std::vector<std::pair<std::string, std::string>>& settings = {}) {
  ReadOptions options = library();
  options.overrides = settings;
  return read_case((kCases / name / "case.yaml").string(), options);
}

const std::vector<std::pair<std::string, std::string>> kCoarse = {
    {"numerics.cell_size", "3 mm"}, {"accuracy", "10 %"}, {"numerics.error_estimate", "false"}};

class ShippedCase : public ::testing::TestWithParam<std::string> {};

TEST_P(ShippedCase, IsCheckedAsItStands) {
  const CaseSpec spec = read_shipped(GetParam());
  const std::string text = check_case(spec).text;
  EXPECT_NE(text.find("cells of"), std::string::npos) << text;
  EXPECT_NE(text.find("MB of memory"), std::string::npos) << text;
  EXPECT_FALSE(spec.title.empty());
}

TEST_P(ShippedCase, RunsOnCoarseCells) {
  const CaseSpec spec = read_shipped(GetParam(), kCoarse);
  const Scratch scratch;
  const RunSummary s = run_in(scratch, spec, 2);
  EXPECT_EQ(s.status, RunSummary::Status::complete);
  EXPECT_DOUBLE_EQ(s.simulated_time, spec.end_time);
  EXPECT_LT(std::abs(s.energy.relative_residual), 1e-4);
  for (const auto& warning : s.warnings)  // the end plates of a vertebra
    EXPECT_NE(warning.find("thinner than the cells"), std::string::npos) << warning;
  ASSERT_FALSE(s.isotherms.empty());
  const auto largest = [&](double celsius) {
    double v = 0;
    for (const auto& i : s.isotherms)
      if (std::abs(i.temperature - kelvin(celsius)) < 1e-9) v = std::max(v, i.volume);
    return v;
  };
  EXPECT_GT(largest(-40), 0.3e-6) << "every shipped case kills something";
  EXPECT_GT(largest(-20), largest(-40));
  EXPECT_GT(largest(0), largest(-20));
  for (const auto& i : s.isotherms) EXPECT_FALSE(i.clipped) << i.time;
  for (const auto& t : s.thermocouples) EXPECT_LT(t.minimum, t.maximum) << t.name;
  for (const auto& p : s.probes) EXPECT_LT(p.energy.value_or(0), -1000) << p.name;
}

INSTANTIATE_TEST_SUITE_P(All, ShippedCase, ::testing::ValuesIn(shipped()),
                         [](const auto& entry) { return entry.param; });

/// The first block of YAML under a heading of a page in docs.
std::string block_under(const std::string& page, const std::string& heading) {
  std::ifstream in(fs::path(THERMODOSE_SOURCE_DIR) / "docs" / page);
  const std::string text{std::istreambuf_iterator<char>(in), {}}, fence = "```yaml\n";
  const auto begin = text.find(fence, text.find("\n## " + heading + "\n"));
  return begin == text.npos ? ""
                            : text.substr(begin + fence.size(),
                                          text.find("\n```", begin) + 1 - begin - fence.size());
}

// The recipe in the documents, volumes against closed forms. The cylinders of the nerve join at a
// bend: what they share there is about what their ends lack.
TEST(Recipes, SkinNervesAndTheTractOfAShaftAreWatched) {
  std::ifstream in(kCases / "cryo_ref" / "case.yaml");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string recipe = block_under("evaluation.md", "Skin, nerves and what a shaft passes");
  ASSERT_NE(recipe.find("protect:"), std::string::npos) << recipe;
  ReadOptions options = library();
  options.overrides = kCoarse;
  const Scratch scratch;
  const RunSummary s = run_in(scratch, read_case_text(text + recipe, "recipe.yaml", options), 2);
  const auto organ = [&](const std::string& name) -> const OrganSummary& {
    for (const auto& o : s.evaluation.organs)
      if (o.name == name) return o;
    throw std::runtime_error(name);
  };
  const double pi = 3.14159265358979323846, piece = std::sqrt(36 + 1600 + 16.0);
  const std::vector<std::pair<std::string, double>> volumes{
      // mL
      {"skin", 100.0},
      {"skin_of_limb", 1e-3 * pi * (45 * 45 - 35 * 35) * 100},
      {"nerve", 1e-3 * (pi * 4 * 2 * piece + 4.0 / 3 * pi * 8)},
      {"tract", 1e-3 * pi * (25 - 0.75 * 0.75) * 32.5}};
  for (const auto& [name, exact] : volumes)
    EXPECT_NEAR(1e6 * organ(name).organ.volume, exact, 0.02 * exact) << name;
  // Ice reaches up the tract from the active length, and stays away from the skin.
  EXPECT_LT(organ("tract").organ.coldest.value, kelvin(-20));
  EXPECT_LT(organ("tract").organ.coldest.place[2], 18e-3);
  EXPECT_TRUE(organ("skin").spared());
}

TEST(ShippedCase, AtLeastTheFour) {
  const auto names = shipped();
  for (const char* name : {"bone", "cryo_ref", "four_probe_lesion", "gel_axisymmetric"})
    EXPECT_TRUE(std::binary_search(names.begin(), names.end(), name)) << name;
}

// The converged volumes stand in the opening comment of the case. Cells of 2 mm are four times
// the error of its own 1 mm.
TEST(ShippedCase, ReferenceVolumes) {
  const Scratch scratch;
  const RunSummary s = run_in(scratch,
                              read_shipped("cryo_ref", {{"numerics.cell_size", "2 mm"},
                                                        {"numerics.error_estimate", "false"}}),
                              2);
  struct Volume {
    double time, celsius, millilitre;
  };
  for (const auto& v : std::vector<Volume>{{600, 0, 40.0},
                                           {780, 0, 31.8},
                                           {900, 0, 20.55},
                                           {1500, 0, 44.7},
                                           {600, -40, 10.72},
                                           {1500, -40, 11.62}}) {
    const double got = 1e6 * isotherm(s, v.time, v.celsius).volume;
    RecordProperty(std::to_string(int(v.time)) + "s_" + std::to_string(int(v.celsius)),
                   std::to_string(got));
    EXPECT_NEAR(got, v.millilitre, 0.05 * v.millilitre) << v.time << " s, " << v.celsius << " degC";
  }
}

}  // namespace
}  // namespace thermodose::run_test
