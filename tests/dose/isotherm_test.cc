// Implements: tests of volumes and extents of isotherms on uniform grids against closed forms.
#include "dose/isotherm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "isotherm_fixture.h"

namespace thermodose {
namespace {

using namespace isotherm_test;

TEST(Isotherm, SphereIsSecondOrderWithTheInterpolantsConstant) {
  // f = |x - c| has Laplacian 2/r: Q1 lifts it by h^2/12 * 2/r on average, so the volume is short
  // by 4 pi R^2 * h^2/(6 R), that is (h/R)^2 / 2 of it.
  const double radius = 0.6;
  const double exact = 4.0 / 3 * kPi * std::pow(radius, 3);
  const Profile f = [](const Vec3& p) { return norm(p - kCentre); };
  std::vector<double> errors;
  for (const int n : {16, 32, 64}) {
    const IsothermMeasure m = below(cube(n), f, radius);
    errors.push_back(m.volume / exact - 1);
    const double expected = -0.5 * std::pow(2.0 / n / radius, 2);
    EXPECT_NEAR(errors.back(), expected, 0.15 * std::abs(expected)) << n;
    EXPECT_FALSE(m.clipped);
    for (int d = 0; d < 3; ++d) {
      EXPECT_NEAR(m.extent[d], 2 * radius, 0.6 * std::pow(2.0 / n, 2) / radius) << n;
      EXPECT_NEAR(0.5 * (m.lower[d] + m.upper[d]), kCentre[d], 0.3 * std::pow(2.0 / n, 2));
    }
  }
  EXPECT_GT(order(errors[0], errors[1]), 1.8);
  EXPECT_GT(order(errors[1], errors[2]), 1.9);
}

TEST(Isotherm, LinearProfileGivesTheHalfSpaceAndItsExtents) {
  // The half-space a.x < 0 halves the cube for every direction a; columns are exact inside, what
  // remains comes from the cells where the plane leaves through the faces of the cube.
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (int trial = 0; trial < 20; ++trial) {
    const Vec3 a{uniform(random), uniform(random), uniform(random)};
    const IsothermMeasure m = below(
        cube(24), [&](const Vec3& p) { return dot(a, p); }, 0);
    EXPECT_NEAR(m.volume, 4, 4e-4) << trial;
    EXPECT_TRUE(m.clipped);
  }
  // An axis-aligned plane anywhere is exact, for each axis and side.
  for (int d = 0; d < 3; ++d) {
    const IsothermMeasure m = below(
        cube(24), [&](const Vec3& p) { return p[d]; }, 0.123);
    EXPECT_NEAR(m.volume, 4 * 1.123, 1e-6);
    EXPECT_NEAR(m.extent[d], 1.123, 1e-6);
    EXPECT_NEAR(m.extent[(d + 1) % 3], 2, 1e-12);
  }
}

TEST(Isotherm, LogProfileOfALineSinkIsBetterThanSecondOrderOnceResolved) {
  // T = ln(r) about an oblique line: harmonic, so the Q1 interpolant has no h^2 term on average.
  const Vec3 a = (1 / std::sqrt(1.09)) * Vec3{0.3, 0, 1};
  const Profile f = [&](const Vec3& p) {
    const Vec3 d = p - kCentre;
    const double s = dot(d, a);
    return std::log(std::max(1e-3, std::sqrt(dot(d, d) - s * s)));
  };
  const double radius = 0.35;
  const double exact = kPi * radius * radius * 2 * std::sqrt(1.09);  // clipped by z = -1, 1
  std::vector<double> errors;
  for (const int n : {16, 32, 64}) {
    const IsothermMeasure m = below(cube(n), f, std::log(radius));
    errors.push_back(m.volume / exact - 1);
    EXPECT_TRUE(m.clipped);
  }
  EXPECT_LT(std::abs(errors[0]), 0.1 * std::pow(2.0 / 16 / radius, 2));
  EXPECT_LT(std::abs(errors[1]), 0.1 * std::pow(2.0 / 32 / radius, 2));
  EXPECT_LT(std::abs(errors[2]), 0.05 * std::pow(2.0 / 64 / radius, 2));
}

TEST(Isotherm, BothSidesFillTheDomain) {
  const NodeGeometry g = cube(20);
  const std::vector<float> t = sample(g, [](const Vec3& p) { return norm(p - kCentre); });
  const auto m = measure_isotherms(g, t.data(),
                                   {{0.5, IsothermLevel::Side::below},
                                    {0.5, IsothermLevel::Side::above},
                                    {5.0, IsothermLevel::Side::above},
                                    {5.0, IsothermLevel::Side::below}});
  EXPECT_NEAR(m[0].volume + m[1].volume, 8, 1e-6);
  EXPECT_TRUE(m[1].clipped);
  EXPECT_NEAR(m[1].extent[0], 2, 1e-12);
  EXPECT_EQ(m[2].volume, 0);
  EXPECT_EQ(m[2].extent[1], 0);
  EXPECT_FALSE(m[2].clipped);
  EXPECT_NEAR(m[3].volume, 8, 1e-9);
}

TEST(Isotherm, NodesExactlyAtTheLevelAreOutsideOnEitherSide) {
  for (const int n : {8, 40}) {  // rows shorter and longer than a block
    const NodeGeometry g = cube(n);
    const std::vector<float> t(g.size(), 310.15F);
    const auto m = measure_isotherms(
        g, t.data(), {{310.15, IsothermLevel::Side::below}, {310.15, IsothermLevel::Side::above}});
    EXPECT_EQ(m[0].volume, 0);
    EXPECT_EQ(m[1].volume, 0);
  }
}

TEST(Isotherm, ElevenLevelsInTwoPassesEachMatchTheirOwnMeasurement) {
  const NodeGeometry g = cube(18);
  const std::vector<float> t = sample(g, [](const Vec3& p) { return norm(p - kCentre); });
  std::vector<IsothermLevel> levels;
  for (int l = 0; l < 11; ++l)
    levels.push_back(
        {0.2 + 0.06 * l, l % 3 == 1 ? IsothermLevel::Side::above : IsothermLevel::Side::below});
  const auto all = measure_isotherms(g, t.data(), levels);
  ASSERT_EQ(all.size(), 11U);
  for (std::size_t l = 0; l < 11; ++l) {
    const auto one = measure_isotherms(g, t.data(), {levels[l]}).at(0);
    EXPECT_EQ(all[l].volume, one.volume) << l;
    EXPECT_EQ(all[l].extent, one.extent) << l;
  }
}

TEST(Isotherm, BoxThatHoldsTheRegionChangesNothing) {
  for (const int n : {17, 24, 31}) {  // rows that end everywhere in a machine word
    const NodeGeometry g = cube(n);
    const std::vector<float> t = sample(g, [](const Vec3& p) { return norm(p - kCentre); });
    IsothermOptions options;
    options.box = NodeBox{{n / 5, n / 5 + 1, n / 5 - 1}, {n - 1, n - 2, n - 1}};
    const std::vector<IsothermLevel> levels{{0.4, IsothermLevel::Side::below}};
    const auto whole = measure_isotherms(g, t.data(), levels).at(0);
    const auto part = measure_isotherms(g, t.data(), levels, options).at(0);
    EXPECT_NEAR(part.volume, whole.volume, 1e-12);
    EXPECT_FALSE(part.clipped);
    for (int d = 0; d < 3; ++d) EXPECT_NEAR(part.extent[d], whole.extent[d], 1e-12);
    options.box = NodeBox{{n / 2, 0, 0}, {n + 5, n + 1, n + 1}};  // cuts the sphere in two
    const auto half = measure_isotherms(g, t.data(), levels, options).at(0);
    EXPECT_TRUE(half.clipped);
    EXPECT_LT(half.volume, 0.7 * whole.volume);
    options.box = NodeBox{{3, 3, 3}, {3, 9, 9}};
    EXPECT_EQ(measure_isotherms(g, t.data(), levels, options).at(0).volume, 0);
  }
}

TEST(Isotherm, CapsuleLengthAndWidthAboutAnyAxis) {
  // Distance to a segment of half-length s: a capsule 2 (s + R) long and 2 R wide. In the plane
  // across the y axis a capsule along a shows its length; the caliper finds it.
  const double s = 0.3;
  const double radius = 0.33;
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 5; ++trial) {
    const Vec3 raw{normal(random), normal(random), normal(random)};
    const Vec3 a = (1 / norm(raw)) * raw;
    const Vec3 b = (1 / std::hypot(a[0], a[1])) * Vec3{a[1], -a[0], 0};  // perpendicular to a
    const Profile f = [&](const Vec3& p) {
      const Vec3 d = p - kCentre;
      const double along = std::min(s, std::max(-s, dot(d, a)));
      return norm(d - along * a);
    };
    IsothermOptions options;
    options.axes = {3.0 * a, b};
    const double h = 2.0 / 40;
    const auto m = below(cube(40), f, radius, options);
    EXPECT_NEAR(m.along[0], 2 * (s + radius), 0.6 * h * h / radius);
    EXPECT_NEAR(m.across[0], 2 * radius, 0.6 * h * h / radius);
    EXPECT_NEAR(m.along[1], 2 * radius, 0.6 * h * h / radius);
    EXPECT_NEAR(m.across[1], 2 * (s + radius), 0.6 * h * h / radius);
    const double exact = kPi * radius * radius * (2 * s + 4.0 / 3 * radius);
    EXPECT_NEAR(m.volume, exact, 0.6 * std::pow(h / radius, 2) * exact);
  }
}

TEST(Isotherm, RegionInACornerIsMeasuredOnTheFacesToo) {
  // A ball about a corner of the cube: along the three edges of the cube f is linear, so the
  // crossings there, the extremes of the region, are exact.
  for (const double side : {-1.0, 1.0}) {
    const Vec3 corner{side, -side, side};
    const auto m = below(
        cube(15), [&](const Vec3& p) { return norm(p - corner); }, 0.5);
    EXPECT_TRUE(m.clipped);
    for (int d = 0; d < 3; ++d) EXPECT_NEAR(m.extent[d], 0.5, 1e-7);
    EXPECT_NEAR(m.volume, kPi / 6 * 0.125, 0.6 * std::pow(2.0 / 15 / 0.5, 2) * kPi / 6 * 0.125);
  }
}

TEST(Isotherm, ExtentsAlongCoordinateAxes) {
  const Profile f = [](const Vec3& p) {
    return norm({p[0] / 0.3, p[1] / 0.5, p[2] / 0.7});  // ellipsoid
  };
  IsothermOptions options;
  options.axes = {{2, 0, 0}, {0, -1, 0}, {0, 0, 1}};
  const auto m = below(cube(40), f, 1, options);
  const double widest[3] = {1.4, 1.4, 1.0};
  for (std::size_t d = 0; d < 3; ++d) {
    EXPECT_NEAR(m.along[d], m.extent[d], 1e-7);
    EXPECT_NEAR(m.across[d], widest[d], 0.01);
  }
}

}  // namespace
}  // namespace thermodose
