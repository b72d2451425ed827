// Implements: tests of what a closed surface holds: exactly, without leaks, against formulas and
// the solid angle of the surface.
#include "geometry/surface_interior.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <string>

#include "geometry/cell_composition.h"
#include "surfaces.h"
#include "vertebra_keys.h"

namespace thermodose::test {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// Winding number as the sum of solid angles over 4 pi (van Oosterom, Strackee 1983, IEEE Trans
/// Biomed Eng 30:125): another way to the same number.
double winding_by_angle(const TriangleSurface& s, const Vec3& p) {
  double sum = 0;
  for (const auto& t : s.triangles) {
    const Vec3 a = s.points[t[0]] - p, b = s.points[t[1]] - p, c = s.points[t[2]] - p;
    const double la = norm(a), lb = norm(b), lc = norm(c);
    const double triple = a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) +
                          a[2] * (b[0] * c[1] - b[1] * c[0]);
    sum += 2 * std::atan2(triple, la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb);
  }
  return sum / (4 * kPi);
}

// Every ray meets edges, corners or diagonals of faces, or runs within a face.
TEST(SurfaceInterior, ACuboidOnItsOwnLattice) {
  const SurfaceInterior box(cuboid({-1, -1, -1}, {1, 1, 1}));
  constexpr int n = 12;  // of which 8 are one
  int inside = 0;
  for (int i = -n; i <= n; ++i) {
    for (int j = -n; j <= n; ++j) {
      for (int k = -n; k <= n; ++k) {
        const Vec3 p{i / 8., j / 8., k / 8.};
        const int farthest = std::max({std::abs(i), std::abs(j), std::abs(k)});
        ASSERT_EQ(box.contains(p), farthest <= 8) << i << ' ' << j << ' ' << k;
        ASSERT_EQ(box.winding(p), farthest < 8 ? 1 : 0) << i << ' ' << j << ' ' << k;
        if (farthest <= 8) ++inside;
      }
    }
  }
  EXPECT_EQ(inside, 17 * 17 * 17);
}

TEST(SurfaceInterior, NothingLeaksBelowCornersAndEdges) {
  for (const Vec3& turn : {Vec3{}, Vec3{0.3, -0.7, 1.1}}) {
    const TriangleSurface s = rotated(ball_surface({}, 1, 4), turn);
    const SurfaceInterior ball(s);
    const double flat = 0.99;  // of the radius: this ball lies inside the triangles
    for (const auto& t : s.triangles) {
      for (int e = 0; e < 3; ++e) {
        const Vec3 &a = s.points[t[std::size_t(e)]], &b = s.points[t[std::size_t((e + 1) % 3)]];
        for (const double share : {0., 0.5, 0.3}) {
          Vec3 p = (1 - share) * a + share * b;
          const double rim = std::hypot(p[0], p[1]);
          if (rim > 0.9) continue;
          const double height = std::sqrt(flat * flat - rim * rim);
          for (const double z : {-0.99, -0.5, 0., 0.123, 0.8}) {
            p[2] = z * height;
            ASSERT_EQ(ball.winding(p), 1);
          }
          const double over = std::sqrt(1 - rim * rim) + 1e-6;
          p[2] = over;
          ASSERT_FALSE(ball.contains(p));
          p[2] = -over;
          ASSERT_FALSE(ball.contains(p));
        }
        ASSERT_TRUE(ball.contains(a)) << "a corner belongs to it";
      }
    }
  }
}

TEST(SurfaceInterior, AgreesWithSolidAngles) {
  const TriangleSurface hollow = together(rotated(cuboid({-1, -2, -3}, {1, 2, 3}), {0.4, 0.5, 0.6}),
                                          turned_over(ball_surface({0.1, 0, 0.2}, 0.7, 3)));
  const TriangleSurface s = together(hollow, ball_surface({4, 0, 0}, 1, 2));
  const SurfaceInterior interior(s);
  std::mt19937 random(3);
  std::uniform_real_distribution<double> x(-3.5, 5), y(-3.5, 3.5);
  int inside = 0;
  for (int n = 0; n < 20000; ++n) {
    const Vec3 p{x(random), y(random), y(random)};
    const double expected = winding_by_angle(s, p);
    ASSERT_NEAR(expected, std::round(expected), 1e-6);
    ASSERT_EQ(interior.winding(p), int(std::lround(expected)))
        << p[0] << ' ' << p[1] << ' ' << p[2];
    if (expected > 0.5) ++inside;
  }
  EXPECT_GT(inside, 1000);
}

TEST(SurfaceInterior, SheetsOfOneLatticeStepAreSeen) {
  // 1 nm thick and 1 m wide.
  const SurfaceInterior plate(cuboid({0, 0, 0}, {1, 1, 1e-9}));
  EXPECT_TRUE(plate.contains({0.3, 0.4, 0.5e-9}));
  EXPECT_TRUE(plate.contains({0.5, 0.5, 1e-9}));
  EXPECT_FALSE(plate.contains({0.5, 0.5, 1.1e-9}));
  EXPECT_FALSE(plate.contains({0.5, 0.5, -1e-12}));
}

TEST(SurfaceInterior, ThePlaneOfATriangleIsNotTheTriangle) {
  TriangleSurface s;
  s.points = {{0, 0, 0}, {1, 0, 0}, {1, 1, 1}, {1, 0, 1}};
  s.triangles = {{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {0, 3, 2}};
  ASSERT_GT(enclosed_volume(s), 0);
  const SurfaceInterior wedge(s);
  EXPECT_TRUE(wedge.contains({0.75, 0.25, 0.25})) << "on z = y";
  EXPECT_FALSE(wedge.contains({0.25, 0.75, 0.75})) << "in the plane, beside the triangle";
}

TEST(SurfaceInterior, FaultsShowPiecesThatDoNotFit) {
  const auto faults = [](const TriangleSurface& s) { return SurfaceInterior(s).faults(100000); };
  const TriangleSurface big = ball_surface({}, 2, 3), small = ball_surface({0.3, 0, 0}, 1, 3);
  EXPECT_TRUE(faults(big).empty());
  EXPECT_TRUE(faults(together(big, turned_over(small))).empty()) << "a cavity";
  EXPECT_TRUE(faults(together(big, ball_surface({5, 0, 0}, 1, 2))).empty()) << "two pieces";
  const auto inverted = faults(turned_over(big));
  ASSERT_FALSE(inverted.empty());
  EXPECT_EQ(inverted[0].front, -1);
  EXPECT_EQ(inverted[0].behind, 0);
  const auto nested = faults(together(big, small));
  ASSERT_GT(nested.size(), 400U);
  EXPECT_EQ(nested[0].front, 1);
  EXPECT_EQ(nested[0].behind, 2);
  EXPECT_NEAR(norm(nested[0].at - Vec3{0.3, 0, 0}), 1, 0.05) << "on the inner ball";
  const auto crossing = faults(together(big, ball_surface({2, 0, 0}, 1, 3)));
  EXPECT_GT(crossing.size(), 100U);
}

/// Volume of a shape on a grid of 1.5 mm cells over that of the surface.
double volume_on_grid(const TriangleSurface& s) {
  const SurfaceInterior interior(s);
  const BoundingBox box = interior.bounds();
  CompositionGrid grid;
  grid.spacing = 1.5e-3;
  for (std::size_t d = 0; d < 3; ++d) {
    grid.origin[d] = box.lower[d] - 2.2e-3;
    grid.nodes[d] = int((box.upper[d] - box.lower[d]) / grid.spacing) + 6;
  }
  const auto material = [&](const Vec3& p) { return MaterialIndex(interior.contains(p) ? 1 : 0); };
  return compose(grid, material, 2, 2).volume[1] / enclosed_volume(s);
}

TEST(SurfaceInterior, VolumesOnTheGridAreThoseOfTheSurface) {
  const double ball = volume_on_grid(ball_surface({0.001, 0.002, 0.0003}, 0.01, 4));
  EXPECT_NEAR(ball, 1, 0.01);
  AnatomyValues values{{}, {}, {{"level", "L2"}}, {}, {}};
  const Placed vertebra = make_anatomy("vertebra", values);
  const BoundingBox body{{-0.023, -0.019, -0.0135}, {0.023, 0.019, 0.0135}};
  const TriangleSurface bone = extract_part(*vertebra, "cancellous_bone", 0.5e-3, body);
  EXPECT_GT(bone.triangles.size(), 50000U);
  const double body_of_bone = volume_on_grid(bone);
  EXPECT_NEAR(body_of_bone, 1, 0.01);
  RecordProperty("off_ball", std::to_string(ball - 1));
  RecordProperty("off_bone", std::to_string(body_of_bone - 1));
}

// A million nodes and the samples of cut cells ask: the time of a question must not grow with the
// number of triangles as the number does.
TEST(SurfaceInterior, ManyTrianglesCostLittleMore) {
  const auto seconds = [](int levels) {
    const SurfaceInterior ball(ball_surface({}, 1, levels));
    double best = 1e9;
    for (int again = 0; again < 3; ++again) {
      const auto begin = std::chrono::steady_clock::now();
      int inside = 0;
      for (int n = 0; n < 64000; ++n) {
        const Vec3 p{(n % 40 - 19.5) / 20, (n / 40 % 40 - 19.5) / 20, (n / 1600 - 19.5) / 20};
        if (ball.contains(p)) ++inside;
      }
      EXPECT_NEAR(inside / 8000., 4. / 3. * kPi, 0.15);
      best = std::min(
          best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
  };
  const double few = seconds(3), many = seconds(7);  // 512 and 131072 triangles
  RecordProperty("nanoseconds_few", int(few / 64e-6));
  RecordProperty("nanoseconds_many", int(many / 64e-6));
  EXPECT_LT(many, 32 * few) << "256 times as many triangles";
}

}  // namespace
}  // namespace thermodose::test
