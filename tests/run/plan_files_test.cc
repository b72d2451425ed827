// Implements: tests of run/plan_files.h and run/plan_errors.h: surfaces of revolution are closed
// and enclose their volume, values follow their points; errors from two resolutions.
#include "run/plan_files.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "geometry/vec.h"
#include "run/plan_errors.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// A half circle of radius 10 mm about z = 2 mm, from pole to pole, segments facing outwards.
evaluation::Surface meridian(int pieces) {
  evaluation::Surface s;
  s.axisymmetric = true;
  for (int i = 0; i <= pieces; ++i) {
    const double a = kPi * i / pieces;
    const double r = i == 0 || i == pieces ? 0 : 10e-3 * std::sin(a);
    s.points.push_back({r, 0, 2e-3 - 10e-3 * std::cos(a)});
    if (i > 0) s.faces.push_back({i - 1, i, i});
  }
  return s;
}

TEST(PlanFiles, ASurfaceOfRevolutionIsClosed) {
  const SpaceSurface s = in_space(meridian(60));
  EXPECT_EQ(open_edges(s.triangles), 0U);
  const double exact = 4.0 / 3 * kPi * 1e-6;
  EXPECT_NEAR(std::abs(enclosed_volume(s.triangles)), exact, 0.003 * exact);
  for (const auto& t : s.triangles.triangles)
    for (const auto corner : t) {
      const Vec3& p = s.triangles.points[corner];
      EXPECT_NEAR(std::hypot(p[0], p[1], p[2] - 2e-3), 10e-3, 1e-9);
    }
}

TEST(PlanFiles, TrianglesFaceOutwards) {
  NodeGeometry g;
  g.uniform = false;
  g.axisymmetric = true;
  const int n = 31;  // nodes along r and z
  std::vector<float> values;
  for (int k = 0; k < n; ++k)
    for (int i = 0; i < n; ++i) {
      g.points.push_back({0.5e-3 * i, 0, 1e-3 * (k - 15)});
      values.push_back(static_cast<float>(norm(g.points.back())));
      if (i + 1 < n && k + 1 < n)
        for (const int corner : {0, 1, n, n + 1}) g.cells.push_back(i + n * k + corner);
    }
  const double exact = 4.0 / 3 * kPi * 1e-6;
  const auto ball = evaluation::iso_surface(g, {values.data(), 10e-3, evaluation::Side::below});
  const SpaceSurface s = in_space(ball);
  EXPECT_EQ(open_edges(s.triangles), 0U);
  EXPECT_NEAR(enclosed_volume(s.triangles), exact, 0.02 * exact) << "positive: facing outwards";
}

TEST(PlanFiles, ValuesGoWithTheirPoints) {
  const evaluation::Surface surface = meridian(10);
  const SpaceSurface s = in_space(surface);
  ASSERT_EQ(s.origin.size(), s.triangles.points.size());
  for (std::size_t n = 0; n < s.origin.size(); ++n)
    EXPECT_NEAR(s.triangles.points[n][2], surface.points[s.origin[n]][2], 1e-12);
  const Scratch scratch;
  NamedSurface named{"target_x", surface, {{"margin_mm", std::vector<double>(11, 3.0)}}};
  write_surfaces(scratch.file("surfaces"), {named});
  const std::string vtp = scratch.read("surfaces/target_x.vtp");
  EXPECT_NE(vtp.find("Name=\"margin_mm\""), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(scratch.file("surfaces/target_x.stl")));
}

EvaluationReport with(double fraction, double margin) {
  EvaluationReport r;
  r.targets.emplace_back();
  r.targets[0].name = "t";
  r.targets[0].volume = 4.0 / 3 * kPi * 1e-6;  // R = 10 mm
  r.targets[0].wanted_margin = 5e-3;
  CriterionReport c;
  c.criterion = "coldest below -40 degC";
  c.coverage.fraction = fraction;
  c.margin.certain = margin;
  r.targets[0].criteria.push_back(c);
  return r;
}

TEST(PlanErrors, AreThoseOfARichardsonStepOverAFloor) {
  EvaluationReport fine = with(0.9, 4.8e-3);
  add_errors(fine, with(0.88, 4.4e-3), std::sqrt(2.0), 2, 1e-3);
  const CriterionReport& c = fine.targets[0].criteria[0];
  // Order 2 at a ratio of sqrt(2): the difference itself, times 1.25.
  EXPECT_NEAR(*c.coverage_error, 1.25 * 0.02 + 0.6 * 0.01 * 0.9, 1e-9);
  EXPECT_NEAR(*c.margin_error, 1.25 * 0.4e-3 + 0.15e-3, 1e-9);
  const auto warnings = evaluation_warnings(fine);
  ASSERT_EQ(warnings.size(), 1U) << "4.8 +- 0.65 mm of 5 mm";
  EXPECT_NE(warnings[0].find("is within the error"), std::string::npos);
  fine = with(0.9, 4.0e-3);
  add_errors(fine, with(0.9, 4.0e-3), std::sqrt(2.0), 2, 1e-3);
  EXPECT_TRUE(evaluation_warnings(fine).empty()) << "4.0 +- 0.15 mm of 5 mm";
}

TEST(PlanErrors, StructuresThatTheCellsHoldBadlyAreToldOf) {
  EvaluationReport r;
  r.targets.resize(2);
  r.targets[0].name = "lump";
  r.targets[0].in_domain = 2e-6;
  r.targets[0].on_cells = 2.05e-6;
  r.targets[1].in_domain = 2e-6;  // a shape of its own
  r.organs.resize(2);
  r.organs[0].name = "nerve";
  r.organs[0].organ.in_domain = 1e-6;
  r.organs[0].on_cells = 0.9e-6;
  r.organs[1].organ.in_domain = 1e-6;
  r.organs[1].on_cells = 1.01e-6;
  const auto warnings = evaluation_warnings(r);
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0].rfind("target lump has 2.05 mL on the cells, +2.5 % of the 2 mL", 0), 0U)
      << warnings[0];
  EXPECT_EQ(warnings[1].rfind("organ nerve has 0.9 mL on the cells, -10.0 % of the 1 mL", 0), 0U)
      << warnings[1];
}

TEST(PlanErrors, NothingIsStatedWithoutACoarserRun) {
  EvaluationReport fine = with(0.9, 4.8e-3);
  add_errors(fine, with(0.8, 4e-3), 1.05, 2, 1e-3);
  EXPECT_FALSE(fine.targets[0].criteria[0].coverage_error);
  add_errors(fine, {}, 1.5, 2, 1e-3);
  EXPECT_FALSE(fine.targets[0].criteria[0].margin_error);
}

}  // namespace
}  // namespace thermodose::run_test
