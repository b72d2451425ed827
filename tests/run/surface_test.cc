// Implements: tests of regions from files: a ball of triangles freezes as the built-in one does.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "geometry/shape.h"
#include "geometry/surface_files.h"
#include "geometry/surfaces.h"
#include "run/placement.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

using test::ball_surface;

constexpr double kRadius = 9e-3;  // m
const Vec3 kCentre{2e-3, 1e-3, 0};

/// Ice that grows through a ball of another tissue and beyond it.
CaseText frozen_ball(const std::string& shape) {
  CaseText c;
  c.materials = plain_material("ball", "0.2 W/m/K");
  c.regions = "[{name: ball, shape: " + shape + ", tissue: ball}]";
  c.protocol = "[{probes: [p], steps: [{freeze: 6 min}]}]";
  c.numerics = "{cell_size: 1.5 mm, error_estimate: false}";
  c.output = "{isotherms: [0 degC, -20 degC]}";
  return c;
}

TEST(SurfaceCase, ABallOfTrianglesFreezesAsTheBuiltInOne) {
  const Scratch dir;
  write_stl(dir.file("ball.stl"), ball_surface(kCentre, kRadius, 5));
  const CaseSpec file =
      read(frozen_ball("{surface: {file: " + dir.file("ball.stl") + ", unit: mm}}"));
  const CaseSpec formula = read(frozen_ball("{sphere: {center: 2 1 0 mm, radius: 9 mm}}"));
  const Assembly<float> a(file), b(formula);
  const auto& shape = dynamic_cast<const Shape&>(*file.regions[0].shape);
  EXPECT_NEAR(a.engine.region_volume[0], shape.volume(), 0.005 * shape.volume());
  EXPECT_NEAR(a.engine.region_volume[0], b.engine.region_volume[0], 0.005 * shape.volume());
  const Scratch one, two;
  const RunSummary s = run_in(one, file), t = run_in(two, formula);
  int compared = 0;
  double farthest = 0;
  ASSERT_EQ(s.isotherms.size(), t.isotherms.size());
  for (std::size_t i = 0; i < t.isotherms.size(); ++i) {
    const double expected = t.isotherms[i].volume;
    EXPECT_NEAR(s.isotherms[i].volume, expected, 0.005 * expected);
    if (expected < 0.2e-6) continue;
    farthest = std::max(farthest, std::fabs(s.isotherms[i].volume / expected - 1));
    ++compared;
  }
  EXPECT_GE(compared, 2);
  RecordProperty("farthest", std::to_string(farthest));
  // The ball matters: without it the ice is another one.
  CaseText none = frozen_ball("");
  none.regions = "[]";
  const RunSummary plain = run(none);
  EXPECT_GT(std::fabs(plain.isotherms.back().volume / t.isotherms.back().volume - 1), 0.02);
}

TEST(SurfaceCase, TheResolvedCaseNamesTheFileFromAnywhere) {
  const Scratch dir;
  write_stl(dir.file("ball.stl"), ball_surface(kCentre, kRadius, 2));
  dir.write("case.yaml", frozen_ball("{surface: {file: ball.stl, unit: mm}}").text());
  const CaseSpec spec = read_case(dir.file("case.yaml"), library());
  const std::string resolved = resolved_yaml(spec, {});
  EXPECT_NE(resolved.find(dir.file("ball.stl")), std::string::npos) << resolved;
  EXPECT_NO_THROW(read_case_text(resolved, "elsewhere.yaml", library()));
}

}  // namespace
}  // namespace thermodose::run_test
