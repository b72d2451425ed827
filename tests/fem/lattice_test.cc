// Stations of a probe on the lattice, and the effective radius of a line of them.
#include "fem/lattice_laplace.h"

#include <gtest/gtest.h>

#include <Eigen/Sparse>
#include <cmath>
#include <random>
#include <vector>

namespace thermodose {
namespace {

constexpr double kPi = 3.14159265358979323846;

Vec3 unit(Vec3 v) {
  const double size = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  for (double& x : v) x /= size;
  return v;
}

struct Pose {
  Vec3 centre, axis;
};

std::vector<Pose> poses(int random_ones) {
  std::vector<Pose> out{{{4, 5, 6}, {0, 0, 1}},
                        {{4.5, 5.5, 6.5}, {1, 0, 0}},
                        {{4.5, 5, 6.2}, unit({1, 1, 0})},
                        {{4.1, 5.3, 6.8}, unit({1, 1, 1})}};
  std::mt19937 random(5);
  std::uniform_real_distribution<double> place(3.5, 7.5), direction(-1, 1);
  for (int i = 0; i < random_ones; ++i)
    out.push_back({{place(random), place(random), place(random)},
                   unit({direction(random), direction(random), direction(random)})});
  return out;
}

// Moments of a ring of radius r around the axis a, smoothed by a spline of variance 1/4: they
// know nothing of where the lattice lies.
TEST(Lattice, StationsHaveTheMomentsOfTheirRing) {
  for (const double radius : {0.0, 0.3, 0.5, 0.75, 1.25, 2.0})
    for (const Pose& p : poses(20)) {
      double sum = 0, smallest = 1;
      std::array<double, 3> first{};
      std::array<std::array<double, 3>, 3> second{};
      for (const auto& [kji, w] : station_weights(p.centre, p.axis, radius)) {
        const Vec3 d{kji[2] - p.centre[0], kji[1] - p.centre[1], kji[0] - p.centre[2]};
        sum += w;
        smallest = std::min(smallest, w);
        for (std::size_t a = 0; a < 3; ++a) {
          first[a] += w * d[a];
          for (std::size_t b = 0; b < 3; ++b) second[a][b] += w * d[a] * d[b];
        }
      }
      EXPECT_NEAR(sum, 1, 1e-13);
      EXPECT_GE(smallest, 0);
      for (std::size_t a = 0; a < 3; ++a) {
        EXPECT_NEAR(first[a], 0, 1e-13) << "linear fields are seen exactly";
        for (std::size_t b = 0; b < 3; ++b) {
          const double ring = radius * radius / 2 * ((a == b ? 1 : 0) - p.axis[a] * p.axis[b]);
          EXPECT_NEAR(second[a][b], ring + (a == b ? 0.25 : 0), 1e-12) << radius;
        }
      }
    }
}

TEST(Lattice, StationsReachNoFurtherThanTheirSplines) {
  for (const double radius : {0.0, 0.75, 2.0})
    for (const Pose& p : poses(10))
      for (const auto& [kji, w] : station_weights(p.centre, p.axis, radius))
        for (std::size_t d = 0; d < 3; ++d)
          EXPECT_LE(std::abs(kji[2 - d] - p.centre[d]),
                    1.5 + radius * std::sqrt(1 - p.axis[d] * p.axis[d]) + 1e-9);
}

// A line along z sees a lattice problem in the plane: Q1 on unit squares, (8 u - ring of 8) / 3.
// Solved directly on a square far larger than the box of the solver, with -ln r / (2 pi) around.
double effective_radius_in_the_plane(double x0, double y0, double radius, int half) {
  const int n = 2 * half - 1;
  const auto number = [&](int i, int j) { return (j + half - 1) * n + i + half - 1; };
  std::vector<Eigen::Triplet<double>> entries;
  Eigen::VectorXd load = Eigen::VectorXd::Zero(n * n), seen = load;
  for (int j = 1 - half; j < half; ++j)
    for (int i = 1 - half; i < half; ++i) {
      entries.emplace_back(number(i, j), number(i, j), 8.0 / 3);
      for (int b = -1; b <= 1; ++b)
        for (int a = -1; a <= 1; ++a) {
          if (a == 0 && b == 0) continue;
          if (std::abs(i + a) < half && std::abs(j + b) < half)
            entries.emplace_back(number(i, j), number(i + a, j + b), -1.0 / 3);
          else
            load[number(i, j)] -= std::log(std::hypot(i + a - x0, j + b - y0)) / (6 * kPi);
        }
    }
  // The quadratic B-spline, written out on its three pieces.
  const auto spline = [](double d) {
    d = std::abs(d);
    return d < 0.5 ? 0.75 - d * d : d < 1.5 ? 0.5 * (1.5 - d) * (1.5 - d) : 0.0;
  };
  constexpr int points = 400;
  for (int p = 0; p < points; ++p) {
    const double x = x0 + radius * std::cos(2 * kPi * p / points);
    const double y = y0 + radius * std::sin(2 * kPi * p / points);
    for (int j = int(std::floor(y)) - 1; j < y + 2; ++j)
      for (int i = int(std::floor(x)) - 1; i < x + 2; ++i)
        seen[number(i, j)] += spline(x - i) * spline(y - j) / points;
  }
  load += seen;
  Eigen::SparseMatrix<double> matrix(n * n, n * n);
  matrix.setFromTriplets(entries.begin(), entries.end());
  const Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> solver(matrix);
  return std::exp(-2 * kPi * seen.dot(solver.solve(load)));
}

TEST(Lattice, EffectiveRadiusOfAStraightLineIsThatOfThePlane) {
  for (const double radius : {0.0, 0.3, 0.5, 0.75, 1.25, 2.0}) {
    const double x = 0.2, y = 0.45;
    const double expected = effective_radius_in_the_plane(x, y, radius, 40);
    EXPECT_NEAR(lattice_effective_radius({x, y, 3.7}, {0, 0, 1}, radius), expected, 3e-3 * expected)
        << radius << ": 0.1 % of a flux over ten cells";
    EXPECT_GT(expected, radius);
  }
}

// What the pose does to the lattice's answer is a few per cent, and it is there to be corrected.
TEST(Lattice, EffectiveRadiusIsBeyondTheRingForEveryPose) {
  for (const double radius : {0.5, 0.75, 1.25}) {
    double low = 1e9, high = 0;
    for (const Pose& p : poses(4)) {
      const double r = lattice_effective_radius(p.centre, p.axis, radius);
      EXPECT_GT(r, 1.05 * radius);
      low = std::min(low, r);
      high = std::max(high, r);
    }
    EXPECT_LT(high / low, 1.08) << radius;
    EXPECT_GT(high / low, 1.005) << radius;
  }
}

TEST(Lattice, EffectiveRadiusKnowsOnlyThePhaseOfThePoint) {
  const Vec3 axis = unit({1, -2, 4});
  const double here = lattice_effective_radius({0.3, 0.1, -0.2}, axis, 0.6);
  EXPECT_NEAR(lattice_effective_radius({57.3, -12.9, 103.8}, axis, 0.6), here, 1e-6 * here);
  EXPECT_NEAR(lattice_effective_radius({0.3, 0.1, -0.2}, {-axis[0], -axis[1], -axis[2]}, 0.6), here,
              1e-3 * here)
      << "either way along the axis";
}

}  // namespace
}  // namespace thermodose
