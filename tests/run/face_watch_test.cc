// Implements: tests of the warning that the domain is small.
#include <gtest/gtest.h>

#include <algorithm>

#include "geometry/msh_files.h"
#include "run/face_watch.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

/// Warnings of the domain of a run in a box with x edge `x`.
std::vector<std::string> warnings(CaseText c, const std::string& x, const std::string& engine) {
  c.domain = "box: {center: 0 0 0 mm, size: " + x + " 40 40 mm}";
  c.numerics = "{engine: " + engine + ", cell_size: 2 mm, error_estimate: false}";
  const Scratch scratch;
  run_in(scratch, read(c));
  std::vector<std::string> out;
  const auto summary = summary_of(scratch);
  for (const std::string w : summary["warnings"])
    if (w.find("the domain is small") != std::string::npos) out.push_back(w);
  return out;
}

CaseText long_freeze() {
  CaseText c;
  c.protocol = "[{probes: [p], steps: [{freeze: 3 min}]}]";
  return c;
}

TEST(FaceWatch, WarnsOnceOfTheFacesThatAreClose) {
  for (const char* engine : {"grid", "mesh"}) {
    EXPECT_TRUE(warnings(long_freeze(), "40", engine).empty()) << engine;
    const auto said = warnings(long_freeze(), "16", engine);
    ASSERT_EQ(said.size(), 1U) << engine;
    EXPECT_NE(said[0].find("x_min, x_max"), std::string::npos) << said[0];
    EXPECT_EQ(said[0].find("y_"), std::string::npos) << said[0];
  }
}

// A wall that is insulated or held at another temperature is part of the case, not far away.
TEST(FaceWatch, OtherFacesAreMeantAsTheyAre) {
  CaseText c = long_freeze();
  c.faces = "all: {insulated: true}";
  EXPECT_TRUE(warnings(c, "16", "grid").empty());
  c.faces = "all: {fixed: 30 degC}";
  EXPECT_TRUE(warnings(c, "16", "grid").empty());
}

/// A mesh from a file, a disc as thick as its radius (mm), on whose upper
/// side a plate of 6 mm is held at -140 degC, everything else at 37 degC.
RunSummary plate_run(double half, const std::string& plate = "fixed: -140 degC") {
  const Scratch dir;
  test::MshPlan plan;
  plan.x = test::steps(0, half, static_cast<int>(2 * half));
  plan.y = test::steps(-half, 0, static_cast<int>(2 * half));
  plan.edge_group = [](const test::Flat& p) { return p[1] == 0 && p[0] < 3 ? "plate" : ""; };
  dir.write("m.msh", test::MshText(plan).v4());
  CaseText c;
  c.domain =
      "mesh: {gmsh: {file: " + dir.file("m.msh") + ", unit: mm, groups: {tissue: {tissue: soft}}}}";
  c.faces = "all: {fixed: 37 degC}, groups: {plate: {" + plate + "}}";
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{}";
  c.numerics = "{error_estimate: false}";
  c.more = "duration: 5 min\n";
  return run_in(dir, read(c));
}

// What is close to a plate is cold because of the plate; the far sides are still watched.
TEST(FaceWatch, APlateThatIsColdIsNoOuterFace) {
  for (const char* plate : {"fixed: -140 degC", "convection: 20000 W/m2/K, ambient: -140 degC"}) {
    const RunSummary large = plate_run(40, plate);
    EXPECT_TRUE(large.warnings.empty()) << large.warnings[0];
    ASSERT_FALSE(large.isotherms.empty());
    EXPECT_GT(large.isotherms.back().volume, 1e-8);
    for (const auto& i : large.isotherms) EXPECT_FALSE(i.clipped) << "ice at the plate's rim";
  }
  const RunSummary small = plate_run(5);
  const auto said = std::find_if(
      small.warnings.begin(), small.warnings.end(),
      [](const std::string& w) { return w.find("the domain is small") != std::string::npos; });
  ASSERT_NE(said, small.warnings.end());
  EXPECT_NE(said->find("close to r_max, z_min tissue"), std::string::npos) << *said;
}

TEST(FaceWatch, AxisymmetricNames) {
  DomainSpec domain;
  domain.axisymmetric = true;
  const std::string text = small_domain_warning(domain, {0, 12, 0, 0, 9, 31});
  EXPECT_NE(text.find("r_max, z_max"), std::string::npos) << text;
  EXPECT_NE(text.find("31 K"), std::string::npos) << text;
  EXPECT_EQ(small_domain_warning(domain, {0, 9, 0, 0, 9, 9}), "");
}

}  // namespace
}  // namespace thermodose::run_test
