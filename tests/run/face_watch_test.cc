// Implements: tests of the warning that the domain is small.
#include <gtest/gtest.h>

#include <algorithm>

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
