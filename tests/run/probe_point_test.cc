// Implements: tests of run/probe_point.h: linear fields are reproduced on every kind of geometry.
#include "run/probe_point.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <random>
#include <stdexcept>

namespace thermodose {
namespace {

Vec3 node(const NodeGeometry& g, std::size_t i) {
  if (!g.uniform) return g.points[i];
  const auto nx = std::size_t(g.nodes[0]), ny = std::size_t(g.nodes[1]);
  const std::size_t row = i / nx, plane = row / ny;
  return {g.origin[0] + g.spacing * double(i % nx), g.origin[1] + g.spacing * double(row % ny),
          g.origin[2] + g.spacing * double(plane)};
}

/// The weights at `p` sum to 1, none is negative, and `field` comes out.
void expect_reproduced(const NodeGeometry& g, const Vec3& p,
                       const std::function<double(const Vec3&)>& field, double expected) {
  const InterpolationPoint at = locate(g, p);
  ASSERT_EQ(at.nodes.size(), at.weights.size());
  EXPECT_LE(at.nodes.size(), std::size_t(g.nodes_per_cell()));
  double value = 0;
  for (std::size_t n = 0; n < at.nodes.size(); ++n) {
    ASSERT_LT(at.nodes[n], g.size());
    EXPECT_GE(at.weights[n], -1e-8);
    value += at.weights[n] * field(node(g, at.nodes[n]));
  }
  EXPECT_NEAR(std::accumulate(at.weights.begin(), at.weights.end(), 0.0), 1, 1e-12);
  EXPECT_NEAR(value, expected, 1e-9) << p[0] << ' ' << p[1] << ' ' << p[2];
}

double linear(const Vec3& p) { return 3 + 2 * p[0] - 5 * p[1] + 7 * p[2]; }

void expect_outside(const NodeGeometry& g, const Vec3& p) {
  EXPECT_THROW(locate(g, p), std::invalid_argument) << p[0] << ' ' << p[1] << ' ' << p[2];
}

NodeGeometry lattice() {
  NodeGeometry g;
  g.origin = {-1, 2, 0.5};
  g.spacing = 0.25;
  g.nodes = {5, 4, 6};
  return g;
}

/// One cube of edge 2 at x 0..2, eight of edge 1 at x 2..4.
NodeGeometry octree() {
  NodeGeometry g;
  g.uniform = false;
  const auto cube = [&](const Vec3& lo, double edge) {
    for (int a = 0; a < 8; ++a) {
      g.cells.push_back(int(g.points.size()));
      g.points.push_back(
          {lo[0] + edge * (a & 1), lo[1] + edge * (a >> 1 & 1), lo[2] + edge * (a >> 2)});
    }
  };
  cube({0, 0, 0}, 2);
  for (int c = 0; c < 8; ++c) cube({2.0 + (c & 1), double(c >> 1 & 1), double(c >> 2)}, 1);
  return g;
}

/// (r, z) quadrilaterals with lines at unequal distances.
NodeGeometry axisymmetric() {
  NodeGeometry g;
  g.uniform = false;
  g.axisymmetric = true;
  const std::vector<double> r{0, 0.1, 0.3, 1}, z{-1, -0.5, 0.7};
  for (const double b : z)
    for (const double a : r) g.points.push_back({a, 0, b});
  for (int j = 0; j < 2; ++j)
    for (int i = 0; i < 3; ++i)
      for (const int n : {4 * j + i, 4 * j + i + 1, 4 * j + i + 4, 4 * j + i + 5})
        g.cells.push_back(n);
  return g;
}

TEST(ProbePoint, UniformGrid) {
  const NodeGeometry g = lattice();
  std::mt19937 random(1);
  std::uniform_real_distribution<double> x(-1, 0), y(2, 2.75), z(0.5, 1.75);
  for (int n = 0; n < 200; ++n) {
    const Vec3 p{x(random), y(random), z(random)};
    expect_reproduced(g, p, linear, linear(p));
  }
  for (const Vec3& p : {Vec3{-1, 2, 0.5}, Vec3{0, 2.75, 1.75}, Vec3{-0.5, 2.25, 1.0}})
    expect_reproduced(g, p, linear, linear(p));
  for (std::size_t d = 0; d < 3; ++d)
    for (const double side : {-1.0, 1.0}) {
      Vec3 p{-0.5, 2.4, 1};
      p[d] += side * 1.3;
      expect_outside(g, p);
    }
  expect_outside(g, {-1 - 1e-6, 2.1, 1});
}

TEST(ProbePoint, TrilinearFieldOfOneCell) {
  const auto product = [](const Vec3& p) { return (1 + p[0]) * (2 - p[1]) * (3 + p[2]); };
  const Vec3 p{-0.4, 2.6, 0.9};
  expect_reproduced(lattice(), p, product, product(p));
}

TEST(ProbePoint, CubesOfTwoSizes) {
  const NodeGeometry g = octree();
  std::mt19937 random(2);
  std::uniform_real_distribution<double> x(0, 4), y(0, 2);
  for (int n = 0; n < 200; ++n) {
    const Vec3 p{x(random), y(random), y(random)};
    expect_reproduced(g, p, linear, linear(p));
  }
  expect_reproduced(g, {2, 1, 1}, linear, linear({2, 1, 1}));
  expect_reproduced(g, {4, 2, 2}, linear, linear({4, 2, 2}));
  expect_outside(g, {4.01, 1, 1});
  expect_outside(g, {1, -0.01, 1});
  expect_outside(g, {1, 1, 2.01});
}

TEST(ProbePoint, AxisymmetricTakesTheRadius) {
  const NodeGeometry g = axisymmetric();
  const auto field = [](const Vec3& p) { return 1 + 4 * p[0] - 3 * p[2]; };
  std::mt19937 random(3);
  std::uniform_real_distribution<double> r(0, 1), z(-1, 0.7), angle(0, 6.28);
  for (int n = 0; n < 200; ++n) {
    const double radius = r(random), height = z(random), phi = angle(random);
    expect_reproduced(g, {radius * std::cos(phi), radius * std::sin(phi), height}, field,
                      1 + 4 * radius - 3 * height);
  }
  expect_reproduced(g, {0, 0, -1}, field, 4);
  expect_outside(g, {0.8, 0.8, 0});
  expect_outside(g, {0.1, 0, 0.71});
}

}  // namespace
}  // namespace thermodose
