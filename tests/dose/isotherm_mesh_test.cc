// Implements: tests of the cell integrals of isotherms and of volumes on hexahedra and axisymmetric
// quadrilaterals.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "dose/isotherm.h"
#include "dose/isotherm_cell.h"
#include "isotherm_fixture.h"

namespace thermodose {
namespace {

using namespace isotherm_test;

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
