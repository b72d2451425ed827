// Implements: tests of volumes and extents of isotherms against closed forms, with orders.
#include "dose/isotherm.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "dose/isotherm_cell.h"
#include "geometry/vec.h"

namespace thermodose {
namespace {

constexpr double kPi = 3.14159265358979323846;
using Profile = std::function<double(const Vec3&)>;

/// Cube [-1, 1]^3 with n cells per edge.
NodeGeometry cube(int n) {
  NodeGeometry g;
  g.origin = {-1, -1, -1};
  g.spacing = 2.0 / n;
  g.nodes = {n + 1, n + 1, n + 1};
  return g;
}

Vec3 node_position(const NodeGeometry& g, std::size_t i) {
  if (!g.uniform) return g.points[i];
  const std::size_t nx = std::size_t(g.nodes[0]);
  const std::size_t ny = std::size_t(g.nodes[1]);
  return {g.origin[0] + g.spacing * double(i % nx), g.origin[1] + g.spacing * double(i / nx % ny),
          g.origin[2] + g.spacing * double(i / nx / ny)};
}

std::vector<float> sample(const NodeGeometry& g, const Profile& f) {
  std::vector<float> t(g.size());
  for (std::size_t i = 0; i < t.size(); ++i) t[i] = static_cast<float>(f(node_position(g, i)));
  return t;
}

/// The grid as hexahedra, every point moved by `map`.
NodeGeometry as_mesh(const NodeGeometry& grid, const std::function<Vec3(const Vec3&)>& map) {
  NodeGeometry m;
  m.uniform = false;
  for (std::size_t i = 0; i < grid.size(); ++i) m.points.push_back(map(node_position(grid, i)));
  const auto [nx, ny, nz] = grid.nodes;
  for (int k = 0; k + 1 < nz; ++k) {
    for (int j = 0; j + 1 < ny; ++j) {
      for (int i = 0; i + 1 < nx; ++i) {
        for (int c = 0; c < 8; ++c)
          m.cells.push_back(i + (c & 1) + nx * (j + ((c >> 1) & 1) + ny * (k + (c >> 2))));
      }
    }
  }
  return m;
}

/// n x n quadrilaterals on r in [0, 1], z in [-1, 1], sheared inside so that none is a rectangle.
NodeGeometry half_plane(int n, double shear) {
  NodeGeometry m;
  m.uniform = false;
  m.axisymmetric = true;
  for (int j = 0; j <= n; ++j) {
    for (int i = 0; i <= n; ++i) {
      const double r = double(i) / n;
      const double z = -1 + 2.0 * j / n;
      m.points.push_back(
          {r + shear * std::sin(kPi * r) * z * z, 0, z + shear * std::sin(kPi * z) * (1 - r * r)});
    }
  }
  for (int j = 0; j < n; ++j) {
    for (int i = 0; i < n; ++i) {
      const int corner = i + (n + 1) * j;
      for (const int c : {corner, corner + 1, corner + n + 1, corner + n + 2}) m.cells.push_back(c);
    }
  }
  return m;
}

IsothermMeasure below(const NodeGeometry& g, const Profile& f, double level,
                      const IsothermOptions& options = {}) {
  const std::vector<float> t = sample(g, f);
  return measure_isotherms(g, t.data(), {{level, IsothermLevel::Side::below}}, options).at(0);
}

double order(double coarse, double fine) { return std::log2(std::abs(coarse) / std::abs(fine)); }

const Vec3 kCentre{0.0137, -0.0211, 0.0173};  // off every symmetry of the grids

/// Corners of the unit cube, warped by `amount`.
std::array<Vec3, 8> warped(double amount) {
  std::array<Vec3, 8> p;
  for (std::size_t c = 0; c < 8; ++c) p[c] = {double(c & 1), double((c >> 1) & 1), double(c >> 2)};
  p[7] = p[7] + Vec3{amount, 0.7 * amount, 1.2 * amount};
  p[4] = p[4] + Vec3{-0.5 * amount, 0.2 * amount, 0.4 * amount};
  return p;
}

/// Reference for the negative part of a cell: midpoints of 80^3 sub-cells of the reference cube.
double brute_volume(const std::array<Vec3, 8>& p, const std::array<float, 8>& g) {
  constexpr int n = 80;
  double sum = 0;
  for (int s = 0; s < n * n * n; ++s) {
    const double x[3] = {(s % n + 0.5) / n, (s / n % n + 0.5) / n, (s / n / n + 0.5) / n};
    double value = 0;
    Vec3 d[3] = {};
    for (std::size_t c = 0; c < 8; ++c) {
      double w[3];
      double slope[3];
      for (std::size_t k = 0; k < 3; ++k) {
        const bool upper = (c >> k & 1) != 0;
        w[k] = upper ? x[k] : 1 - x[k];
        slope[k] = upper ? 1 : -1;
      }
      value += w[0] * w[1] * w[2] * double(g[c]);
      d[0] = d[0] + slope[0] * w[1] * w[2] * p[c];
      d[1] = d[1] + slope[1] * w[0] * w[2] * p[c];
      d[2] = d[2] + slope[2] * w[0] * w[1] * p[c];
    }
    if (value < 0)
      sum += d[0][0] * (d[1][1] * d[2][2] - d[1][2] * d[2][1]) +
             d[0][1] * (d[1][2] * d[2][0] - d[1][0] * d[2][2]) +
             d[0][2] * (d[1][0] * d[2][1] - d[1][1] * d[2][0]);
  }
  return sum / (n * n * n);
}

TEST(IsothermCell, CurvedSurfacesThroughOneCell) {
  // The surface leaves through the side faces only, so that Gauss points see a smooth height; the
  // slope along the column varies, which makes the height rational. Either end may be inside.
  const std::array<float, 8> rising{-2, -1, -0.5F, -3, 1, 4, 2, 0.7F};
  for (const float sign : {1.0F, -1.0F}) {
    for (const std::size_t axis : {0U, 1U, 2U}) {
      std::array<float, 8> g;
      for (std::size_t c = 0; c < 8; ++c) {
        // moves bit 2, the direction of the columns, to `axis`
        const std::size_t turned = axis == 2   ? c
                                   : axis == 1 ? ((c & 1) | (c & 2) << 1 | (c & 4) >> 1)
                                               : ((c & 2) | (c & 1) << 2 | (c & 4) >> 2);
        g[c] = sign * rising[turned];
      }
      EXPECT_NEAR(isotherm::negative_fraction(g), brute_volume(warped(0), g), 2e-3);
      EXPECT_NEAR(isotherm::negative_volume(warped(0.4), g), brute_volume(warped(0.4), g), 4e-3);
    }
  }
  std::array<float, 8> all;
  all.fill(-1);
  EXPECT_NEAR(isotherm::hexahedron_volume(warped(0.4)), brute_volume(warped(0.4), all), 1e-4);
  EXPECT_NEAR(isotherm::negative_volume(warped(0.4), all), brute_volume(warped(0.4), all), 1e-4);
}

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

TEST(IsothermMesh, RegionAtTheBoundaryReachesIt) {
  const NodeGeometry mesh = as_mesh(cube(9), [](const Vec3& p) { return p; });
  const auto m = below(
      mesh, [](const Vec3& p) { return p[0]; }, 0.123);
  EXPECT_TRUE(m.clipped);
  EXPECT_NEAR(m.lower[0], -1, 1e-12);
  EXPECT_NEAR(m.upper[0], 0.123, 1e-6);
}

TEST(IsothermMesh, CubesAgreeWithTheUniformGrid) {
  const NodeGeometry grid = cube(19);
  const NodeGeometry mesh = as_mesh(grid, [](const Vec3& p) { return p; });
  const Profile f = [](const Vec3& p) { return norm(p - kCentre); };
  IsothermOptions options;
  options.axes = {{1, 2, -1}};
  for (const double level : {0.1, 0.55, 1.2}) {
    const auto g = below(grid, f, level, options);
    const auto m = below(mesh, f, level, options);
    EXPECT_NEAR(m.volume, g.volume, 1e-6 * g.volume);
    EXPECT_EQ(m.clipped, g.clipped);
    for (int d = 0; d < 3; ++d) EXPECT_NEAR(m.extent[d], g.extent[d], 1e-7);
    EXPECT_NEAR(m.along[0], g.along[0], 1e-7);
    EXPECT_NEAR(m.across[0], g.across[0], 1e-7);
  }
}

TEST(IsothermMesh, CurvedHexahedraKeepTheOrder) {
  // Every cell is bent; the sphere must not notice beyond O(h^2).
  const auto bend = [](const Vec3& p) {
    const double w = (1 - p[0] * p[0]) * (1 - p[1] * p[1]) * (1 - p[2] * p[2]);
    return Vec3{p[0] + 0.25 * w * p[1], p[1] - 0.2 * w * p[2], p[2] + 0.3 * w * p[0] * p[1]};
  };
  const double radius = 0.6;
  const double exact = 4.0 / 3 * kPi * std::pow(radius, 3);
  const Profile f = [](const Vec3& p) { return norm(p - kCentre); };
  std::vector<double> errors;
  for (const int n : {12, 24, 48}) {
    const NodeGeometry mesh = as_mesh(cube(n), bend);
    errors.push_back(below(mesh, f, radius).volume / exact - 1);
    EXPECT_NEAR(below(mesh, f, 9).volume, 8, 1e-9);  // straight outer faces: the cells fill it
  }
  EXPECT_LT(std::abs(errors[2]), 1.5 * std::pow(2.0 / 48 / radius, 2));
  EXPECT_GT(order(errors[0], errors[1]), 1.7);
  EXPECT_GT(order(errors[1], errors[2]), 1.8);
}

TEST(IsothermAxisymmetric, LinearConeIsExactOnAnyQuadrilaterals) {
  // r/0.7 + (z + 1)/1.3 < 1: a cone of radius 0.7 and height 1.3 standing on z = -1.
  for (const double shear : {0.0, 0.15}) {
    const NodeGeometry mesh = half_plane(13, shear);
    const auto m = below(
        mesh, [](const Vec3& p) { return p[0] / 0.7 + (p[2] + 1) / 1.3; }, 1);
    const double exact = kPi * 0.7 * 0.7 * 1.3 / 3;
    EXPECT_NEAR(m.volume, exact, 1e-6 * exact);
    EXPECT_TRUE(m.clipped);
    EXPECT_NEAR(m.extent[0], 1.4, 2e-6);
    EXPECT_NEAR(m.extent[1], 1.4, 2e-6);
    EXPECT_NEAR(m.along.at(0), 1.3, 2e-6);
    EXPECT_NEAR(m.across.at(0), 1.4, 2e-6);
  }
}

TEST(IsothermAxisymmetric, SphereIsSecondOrder) {
  const double radius = 0.6;
  const double exact = 4.0 / 3 * kPi * std::pow(radius, 3);
  const Profile f = [](const Vec3& p) { return std::hypot(p[0], p[2] - 0.0173); };
  std::vector<double> errors;
  for (const int n : {16, 32, 64}) {
    const NodeGeometry mesh = half_plane(n, 0.1);
    const auto m = below(mesh, f, radius);
    errors.push_back(m.volume / exact - 1);
    EXPECT_FALSE(m.clipped);
    EXPECT_NEAR(m.extent[2], 2 * radius, 0.6 * std::pow(2.0 / n, 2) / radius);
    EXPECT_NEAR(below(mesh, f, 9).volume, 2 * kPi, 2 * kPi * std::pow(2.0 / n, 2));
  }
  EXPECT_LT(std::abs(errors[2]), std::pow(2.0 / 64 / radius, 2));
  EXPECT_GT(order(errors[0], errors[1]), 1.7);
  EXPECT_GT(order(errors[1], errors[2]), 1.8);
}

}  // namespace
}  // namespace thermodose
