// Implements: tests of base/segment_distance.h against a dense search over both segments.
#include "base/segment_distance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace thermodose {
namespace {

Vec3 between(const Vec3& a, const Vec3& b, double s) {
  return {a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1]), a[2] + s * (b[2] - a[2])};
}

TEST(SegmentDistance, AgreesWithASearch) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> coordinate(-1, 1);
  const auto point = [&] {
    return Vec3{coordinate(random), coordinate(random), coordinate(random)};
  };
  for (int trial = 0; trial < 200; ++trial) {
    const Vec3 p0 = point(), p1 = trial % 10 == 0 ? p0 : point();
    const Vec3 q0 = point(), q1 = trial % 15 == 0 ? q0 : point();
    double least = 1e300;
    constexpr int n = 100;
    for (int i = 0; i <= n; ++i)
      for (int j = 0; j <= n; ++j) {
        const Vec3 a = between(p0, p1, double(i) / n), b = between(q0, q1, double(j) / n);
        least = std::min(least, std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
      }
    const double exact = segment_distance(p0, p1, q0, q1);
    EXPECT_LE(exact, least + 1e-12);
    EXPECT_GT(exact, least - 0.04);
    EXPECT_NEAR(exact, segment_distance(q1, q0, p1, p0), 1e-9);
  }
}

TEST(SegmentDistance, SpecialPositions) {
  EXPECT_NEAR(segment_distance({0, 0, 0}, {0, 0, 1}, {2, 0, 0}, {2, 0, 1}), 2, 1e-15) << "parallel";
  EXPECT_NEAR(segment_distance({0, 0, 0}, {0, 0, 1}, {0, 0, 3}, {0, 0, 4}), 2, 1e-15) << "in line";
  EXPECT_NEAR(segment_distance({0, 0, 0}, {0, 0, 2}, {-1, 1, 1}, {1, 1, 1}), 1, 1e-15) << "skew";
  EXPECT_NEAR(segment_distance({0, 0, 0}, {0, 0, 2}, {0, 0, 2}, {3, 0, 5}), 0, 1e-15) << "touch";
  EXPECT_NEAR(segment_distance({1, 1, 1}, {1, 1, 1}, {1, 1, 3}, {1, 1, 3}), 2, 1e-15) << "points";
}

}  // namespace
}  // namespace thermodose
