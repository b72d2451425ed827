// Tests of isosurfaces and of the distance to them.
#include "dose/eval_surface.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <utility>

#include "dose/eval_distance.h"
#include "eval_fixture.h"

namespace thermodose::evaluation {
namespace {

/// Volume by the divergence theorem; negative when normals point inwards.
double enclosed(const Surface& s) {
  double sum = 0;
  for (const auto& [a, b, c] : s.faces)
    sum += dot(s.points[a], cross(s.points[b], s.points[c])) / 6;
  return sum;
}

/// Every directed edge is used as often as its reverse (more than once where a diagonal of two
/// neighbouring cells lies in their common face).
bool closed_and_oriented(const Surface& s) {
  std::map<std::pair<int, int>, int> uses;
  for (const auto& f : s.faces) {
    for (std::size_t v = 0; v < 3; ++v) ++uses[{f[v], f[(v + 1) % 3]}];
  }
  for (const auto& [edge, count] : uses) {
    const auto back = uses.find({edge.second, edge.first});
    if (back == uses.end() || back->second != count) return false;
  }
  return !uses.empty();
}

TEST(EvalSurface, RandomSignsGiveClosedSurfaces) {
  // Every pattern of corners and of neighbours occurs, the ambiguous ones too.
  std::mt19937 random(3);
  std::uniform_real_distribution<float> uniform(0.1F, 1);
  for (const bool mesh : {false, true}) {
    NodeGeometry g = cube(12);
    std::vector<float> values(g.size(), 1.0F);
    double expected = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Vec3 p = isotherm_test::node_position(g, i);
      if (std::abs(p[0]) > 0.99 || std::abs(p[1]) > 0.99 || std::abs(p[2]) > 0.99) continue;
      values[i] = uniform(random) * (random() % 2 == 0 ? 1.0F : -1.0F);
      expected += values[i] < 0 ? 1 : 0;
    }
    ASSERT_GT(expected, 500);
    if (mesh) g = as_mesh(g, [](const Vec3& p) { return p; });
    const Surface s = iso_surface(g, {values.data(), 0, Side::below});
    EXPECT_TRUE(closed_and_oriented(s)) << mesh;
    EXPECT_FALSE(s.clipped());
    EXPECT_GT(enclosed(s), 0);
    const Surface turned = iso_surface(g, {values.data(), 0, Side::above});
    EXPECT_LT(enclosed(turned), 0);  // the outside, open at the walls, seen from the other side
    EXPECT_TRUE(turned.clipped());
  }
}

TEST(EvalSurface, SphereConverges) {
  const double radius = 0.6;
  for (const bool mesh : {false, true}) {
    std::vector<double> area_errors;
    for (const int n : {12, 24, 48}) {
      const NodeGeometry g = mesh ? as_mesh(cube(n), bend) : cube(n);
      const std::vector<float> f = sample(g, distance_to(kCentre));
      const Surface s = iso_surface(g, {f.data(), radius, Side::below});
      const double h = 2.0 / n;
      double worst = 0;
      for (const Vec3& p : s.points) worst = std::max(worst, std::abs(norm(p - kCentre) - radius));
      EXPECT_LT(worst, (mesh ? 0.35 : 0.14) * h * h / radius) << n;
      EXPECT_TRUE(closed_and_oriented(s));
      area_errors.push_back(s.area() / (4 * kPi * radius * radius) - 1);
      double sum = 0;
      for (const double a : s.point_areas()) sum += a;
      EXPECT_NEAR(sum, s.area(), 1e-12);
    }
    EXPECT_LT(std::abs(area_errors[1]), 0.6 * std::pow(2.0 / 24 / radius, 2));
    EXPECT_GT(order(area_errors[0], area_errors[1]), 1.7);
    EXPECT_GT(order(area_errors[1], area_errors[2]), 1.7);
  }
}

TEST(EvalSurface, AxisymmetricSphere) {
  const double radius = 0.6;
  const NodeGeometry g = half_plane(40, 0.05);
  const std::vector<float> f = sample(g, distance_to({0, 0, 0.03}));
  const Surface s = iso_surface(g, {f.data(), radius, Side::below});
  EXPECT_NEAR(s.area(), 4 * kPi * radius * radius, 2e-3 * 4 * kPi * radius * radius);
  EXPECT_FALSE(s.clipped());
  // Outside on the right of a -> b when walking with the region on the left: normals point out.
  for (const auto& [a, b, c] : s.faces) {
    const Vec3 step = s.points[b] - s.points[a];
    const Vec3 out = s.points[a] - Vec3{0, 0, 0.03};
    EXPECT_GT(step[2] * out[0] - step[0] * out[2], 0);
    EXPECT_EQ(b, c);
  }
}

TEST(EvalSurface, TouchedFacesOfTheDomainAreNamed) {
  for (const bool mesh : {false, true}) {
    const NodeGeometry g = mesh ? as_mesh(cube(16), [](const Vec3& p) { return p; }) : cube(16);
    for (unsigned d = 0; d < 3; ++d) {
      for (const bool upper : {false, true}) {
        Vec3 centre{};
        centre[d] = upper ? 1 : -1;
        const std::vector<float> f = sample(g, distance_to(centre));
        const Surface s = iso_surface(g, {f.data(), 0.5, Side::below});
        EXPECT_EQ(s.touched, (upper ? 2U : 1U) << (2 * d));
        ASSERT_FALSE(s.cut.empty());
        for (const Vec3& p : s.cut) EXPECT_NEAR(p[d], centre[d], 1e-12);
      }
    }
  }
  const NodeGeometry half = half_plane(16, 0);
  const std::vector<float> r = sample(half, [](const Vec3& p) { return p[0]; });
  EXPECT_EQ(iso_surface(half, {r.data(), 0.5, Side::below}).touched, 0b110000U);  // not the axis
  EXPECT_EQ(iso_surface(half, {r.data(), 0.5, Side::above}).touched, 0b110010U);
}

TEST(EvalSurface, EmptyAndFull) {
  const NodeGeometry g = cube(6);
  const std::vector<float> f = sample(g, distance_to(kCentre));
  const Surface none = iso_surface(g, {f.data(), -1, Side::below});
  EXPECT_TRUE(none.faces.empty() && none.cut.empty());
  const Surface all = iso_surface(g, {f.data(), 9, Side::below});
  EXPECT_TRUE(all.faces.empty());
  EXPECT_EQ(all.touched, 0b111111U);
  EXPECT_TRUE(SurfaceTree(none).empty());
  EXPECT_EQ(SurfaceTree(none).nearest({0, 0, 0}).face, -1);
}

TEST(EvalSurface, NodesWithoutAValueAreOutside) {
  const NodeGeometry g = cube(8);
  std::vector<float> f = sample(g, distance_to(kCentre));
  f[g.size() / 2] = NAN;  // the middle of the ball
  const Surface s = iso_surface(g, {f.data(), 0.6, Side::below});
  EXPECT_TRUE(closed_and_oriented(s));
  for (const Vec3& p : s.points) EXPECT_TRUE(std::isfinite(p[0] + p[1] + p[2]));
}

double brute_distance(const Vec3& p, const Vec3& a, const Vec3& b, const Vec3& c) {
  // Minimum over a triangle by nested ternary search: distance is convex in both coordinates.
  const auto along = [&](double u) {
    double low = 0;
    double high = 1 - u;
    const auto at = [&](double v) { return norm(p - (a + u * (b - a) + v * (c - a))); };
    for (int i = 0; i < 45; ++i) {
      const double l = low + (high - low) / 3;
      const double r = high - (high - low) / 3;
      (at(l) < at(r) ? high : low) = at(l) < at(r) ? r : l;
    }
    return at(low);
  };
  double low = 0;
  double high = 1;
  for (int i = 0; i < 45; ++i) {
    const double l = low + (high - low) / 3;
    const double r = high - (high - low) / 3;
    (along(l) < along(r) ? high : low) = along(l) < along(r) ? r : l;
  }
  return along(low);
}

TEST(EvalDistance, AgreesWithBruteForceOnRandomTriangles) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> uniform(-1, 1);
  const auto vec = [&](double scale) {
    return Vec3{scale * uniform(random), scale * uniform(random), scale * uniform(random)};
  };
  Surface s;
  for (int t = 0; t < 60; ++t) {
    const Vec3 a = vec(1);
    const Vec3 side = vec(0.4);
    s.points.push_back(a);
    s.points.push_back(a + side);
    // slivers, segments and points among them
    s.points.push_back(t % 4 == 0   ? a + vec(0.4)
                       : t % 4 == 1 ? a + 0.3 * side + vec(1e-4)
                       : t % 4 == 2 ? a + side
                                    : a + vec(0.1));
    if (t % 8 == 6) s.points[s.points.size() - 1] = s.points[s.points.size() - 2] = a;
    s.faces.push_back({3 * t, 3 * t + 1, 3 * t + 2});
  }
  const SurfaceTree tree(s);
  for (int q = 0; q < 60; ++q) {
    const Vec3 p = vec(1.5);
    double expected = 1e9;
    for (const auto& [a, b, c] : s.faces)
      expected = std::min(expected, brute_distance(p, s.points[a], s.points[b], s.points[c]));
    const NearestPoint found = tree.nearest(p);
    EXPECT_NEAR(found.distance, expected, 1e-6);
    EXPECT_NEAR(norm(p - found.point), found.distance, 1e-6);
    EXPECT_NEAR(tree.nearest(p, 9, q % 60).distance, expected, 1e-6);
    EXPECT_EQ(tree.nearest(p, 0.99 * expected).face, -1);
    EXPECT_NEAR(tree.nearest(p, 1.01 * expected).distance, expected, 1e-6);
  }
}

TEST(EvalDistance, SliversSeenFromAfar) {
  // Thinner than single precision can tell the plane of: as far away as their long side.
  std::mt19937 random(9);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (int t = 0; t < 300; ++t) {
    const auto vec = [&] { return Vec3{uniform(random), uniform(random), uniform(random)}; };
    Surface s;
    const Vec3 a = vec();
    const Vec3 side = vec();
    s.points = {a, a + side, a + 0.5 * side + 1e-5 * vec()};
    s.faces = {{0, 1, 2}};
    const Vec3 p = 10.0 * vec();
    const double along = std::clamp(dot(p - a, side) / dot(side, side), 0.0, 1.0);
    EXPECT_NEAR(SurfaceTree(s).nearest(p).distance, norm(p - (a + along * side)), 3e-5);
  }
}

TEST(EvalDistance, NearestTriangleOfManyIsFound) {
  // Isosurface of a ball: every query against all faces, one by one.
  const NodeGeometry g = cube(20);
  const std::vector<float> f = sample(g, distance_to(kCentre));
  const Surface s = iso_surface(g, {f.data(), 0.7, Side::below});
  const SurfaceTree tree(s);
  std::vector<SurfaceTree> single;
  for (const auto& face : s.faces) {
    Surface one;
    one.points = {s.points[face[0]], s.points[face[1]], s.points[face[2]]};
    one.faces = {{0, 1, 2}};
    single.emplace_back(one);
  }
  std::mt19937 random(2);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (int q = 0; q < 100; ++q) {
    const Vec3 p{uniform(random), uniform(random), uniform(random)};
    double expected = 1e9;
    for (const SurfaceTree& t : single) expected = std::min(expected, t.nearest(p).distance);
    EXPECT_NEAR(tree.nearest(p).distance, expected, 1e-6);
  }
}

}  // namespace
}  // namespace thermodose::evaluation
