// Tests of the location of points and of interpolation on all kinds of discretisation.
#include "dose/eval_sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "eval_fixture.h"

namespace thermodose::evaluation {
namespace {

double linear(const Vec3& p) { return 3 + 2 * p[0] - 5 * p[1] + 7 * p[2]; }

std::vector<Vec3> random_points(int count, double reach) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> uniform(-reach, reach);
  std::vector<Vec3> points;
  for (int i = 0; i < count; ++i)
    points.push_back({uniform(random), uniform(random), uniform(random)});
  return points;
}

/// A linear function is reproduced at every point of the domain, with and without a hint.
void expect_linear(const NodeGeometry& geometry) {
  const FieldSampler sampler(geometry);
  const std::vector<float> values = sample(geometry, linear);
  Stencil last;
  for (const Vec3& p : random_points(2000, 1)) {
    EXPECT_NEAR(double(sampler.value_at(values.data(), p)), linear(p), 2e-5);
    last = sampler.locate(p, last);
    EXPECT_NEAR(double(sampler.value(values.data(), last)), linear(p), 2e-5);
  }
}

TEST(EvalSampler, LinearFunctionsAreExact) {
  expect_linear(cube(9));
  expect_linear(as_mesh(cube(9), bend));
  expect_linear(Octree(8, 0.4).geometry);
}

TEST(EvalSampler, AxisymmetricPointsMayBeAnywhereAroundTheAxis) {
  const NodeGeometry geometry = half_plane(12, 0.1);
  const FieldSampler sampler(geometry);
  const auto f = [](const Vec3& p) { return 1 + 2 * p[0] - 3 * p[2]; };
  const std::vector<float> values = sample(geometry, f);
  int inside = 0;
  for (const Vec3& p : random_points(2000, 0.9)) {
    const double r = std::hypot(p[0], p[1]);
    if (r > 1) continue;
    ++inside;
    EXPECT_NEAR(double(sampler.value_at(values.data(), p)), f({r, 0, p[2]}), 1e-5);
  }
  EXPECT_GT(inside, 1000);
}

TEST(EvalSampler, BilinearInsideACell) {
  NodeGeometry one;
  one.origin = {1, 2, 3};
  one.spacing = 0.5;
  one.nodes = {2, 2, 2};
  const std::vector<float> values{0, 1, 2, 3, 4, 5, 6, 70};
  const FieldSampler sampler(one);
  // 0.75 of the way along z at the far edge: 3 + 0.75 (70 - 3)
  EXPECT_NEAR(double(sampler.value_at(values.data(), {1.5, 2.5, 3.375})), 53.25, 1e-5);
  EXPECT_NEAR(double(sampler.value_at(values.data(), {1.25, 2.25, 3.25})), 91.0 / 8, 1e-5);
}

TEST(EvalSampler, OutsideIsNaN) {
  for (const bool uniform : {true, false}) {
    const NodeGeometry geometry =
        uniform ? cube(5) : as_mesh(cube(5), [](const Vec3& p) { return p; });
    const FieldSampler sampler(geometry);
    const std::vector<float> values(geometry.size(), 1.0F);
    EXPECT_TRUE(std::isnan(sampler.value_at(values.data(), {1.01, 0, 0})));
    EXPECT_TRUE(std::isnan(sampler.value_at(values.data(), {0, 0, -1.01})));
    EXPECT_TRUE(std::isnan(sampler.value_at(values.data(), {NAN, 0, 0})));
    EXPECT_EQ(sampler.value_at(values.data(), {1, -1, 1}), 1.0F);
    EXPECT_EQ(sampler.locate({0, 5, 0}).cell, -1);
  }
}

TEST(EvalSampler, CellSizeIsThatOfTheFinestCellInTheBox) {
  const Octree tree(8, 0.4);
  const FieldSampler sampler(tree.geometry);
  EXPECT_NEAR(sampler.cell_size({{-0.1, -0.1, -0.1}, {0.1, 0.1, 0.1}}), 0.125, 1e-12);
  EXPECT_NEAR(sampler.cell_size({{0.6, 0.6, 0.6}, {0.9, 0.9, 0.9}}), 0.25, 1e-12);
  EXPECT_NEAR(sampler.cell_size({{3, 3, 3}, {4, 4, 4}}), 0.125, 1e-12);
}

TEST(EvalSampler, ThinCellsDoNotMakeBucketsWithoutEnd) {
  // 1000 times as wide as high: a bucket for each cube of the height would need 10^7 of them.
  const NodeGeometry flat = as_mesh(cube(10), [](const Vec3& p) {
    return Vec3{p[0], p[1], 1e-3 * p[2]};
  });
  const FieldSampler sampler(flat);
  const std::vector<float> values = sample(flat, linear);
  EXPECT_NEAR(double(sampler.value_at(values.data(), {0.33, -0.21, 0.0004})),
              linear({0.33, -0.21, 0.0004}), 1e-5);
}

}  // namespace
}  // namespace thermodose::evaluation
