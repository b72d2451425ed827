// Tests of volumes of structures, coverage, histograms and residuals against closed forms.
#include "dose/eval_volume.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "eval_fixture.h"

namespace thermodose::evaluation {
namespace {

/// Volume common to two balls with centres d apart (they do overlap).
double lens(double r, double s, double d) {
  return kPi * std::pow(r + s - d, 2) * (d * d + 2 * d * (r + s) - 3 * (r - s) * (r - s)) /
         (12 * d);
}

TEST(EvalStructure, BallsOfAFewCellsAreRightToAFewTenthsOfAPercent) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> uniform(-0.1, 0.1);
  const NodeGeometry g = cube(16);
  const FieldSampler sampler(g);
  for (const double cells : {0.3, 1.0, 2.0, 4.0}) {
    for (int trial = 0; trial < 10; ++trial) {
      const double radius = cells * g.spacing;
      Structure s = ball({uniform(random), uniform(random), uniform(random)}, radius);
      EXPECT_NEAR(SampledStructure(s, sampler).volume() / ball_volume(radius), 1, 2e-3);
      // bounds that are loose, as those of a turned or a painted shape are
      for (std::size_t d = 0; d < 3; ++d) {
        s.bounds.lower[d] -= radius * (0.1 + std::abs(uniform(random)) * 5);
        s.bounds.upper[d] += radius * (0.1 + std::abs(uniform(random)) * 5);
      }
      const SampledStructure loose(s, sampler);
      EXPECT_NEAR(loose.volume() / ball_volume(radius), 1, 5e-3);
      EXPECT_NEAR(loose.volume_in_domain(), loose.volume(), 1e-9 * loose.volume());
    }
  }
}

TEST(EvalStructure, VolumeConvergesWithTheSpacing) {
  const NodeGeometry g = cube(8);
  const FieldSampler sampler(g);
  std::vector<double> errors;
  for (const double spacing : {0.2, 0.05, 0.0125}) {
    double worst = 0;
    for (int trial = 0; trial < 8; ++trial) {
      Structure s = ball(kCentre + Vec3{0.01 * trial, 0.003 * trial, -0.007 * trial}, 0.5);
      s.bounds = {{-0.9, -0.8, -0.85}, {0.8, 0.9, 0.7}};
      const SampledStructure sampled(s, sampler, {spacing, 10000000});
      worst = std::max(worst, std::abs(sampled.volume() / ball_volume(0.5) - 1));
    }
    EXPECT_LT(worst, 0.5 * std::pow(spacing / 0.5, 2)) << spacing;
    errors.push_back(worst);
  }
  EXPECT_LT(errors[2], errors[0] / 50);
}

TEST(EvalStructure, NumberOfPointsIsLimited) {
  const NodeGeometry g = cube(40);
  const FieldSampler sampler(g);
  const SampledStructure fine(ball(kCentre, 0.8), sampler);
  const SampledStructure coarse(ball(kCentre, 0.8), sampler, {0, 3000});
  const SampledStructure coarsest(ball(kCentre, 0.8), sampler, {1e-9, 0});  // at least 1000
  EXPECT_GT(fine.knots().size(), 15000U);
  EXPECT_LT(coarse.knots().size(), 3000U);
  EXPECT_LT(coarsest.knots().size(), 1000U);
  EXPECT_NEAR(coarse.volume() / ball_volume(0.8), 1, 0.03);
  EXPECT_NEAR(coarsest.volume() / ball_volume(0.8), 1, 0.06);
}

TEST(EvalStructure, BoxesAreExact) {
  const NodeGeometry g = cube(10);
  const FieldSampler sampler(g);
  const SampledStructure s(box_of({-0.513, 0.1, -0.77}, {0.2, 0.13, 0.41}), sampler);
  EXPECT_NEAR(s.volume() / (0.713 * 0.03 * 1.18), 1, 1e-6);
  EXPECT_NEAR(s.surface().area(), 2 * (0.713 * 0.03 + 0.03 * 1.18 + 0.713 * 1.18), 2e-2);
}

TEST(EvalStructure, ThinObliqueStructuresGetAFinerLattice) {
  // A cord two cells wide and a sheet two cells thick across the diagonal of the domain: the side
  // of the bounds says nothing of the thickness.
  const NodeGeometry g = cube(40);
  const FieldSampler sampler(g);
  const Vec3 axis = (1 / std::sqrt(3.0)) * Vec3{1, 1, 1};
  const auto across = [=](const Vec3& p) { return norm(p - dot(p, axis) * axis); };
  const Structure cord{{{-0.6, -0.6, -0.6}, {0.6, 0.6, 0.6}}, [=](const Vec3& p) {
                         return std::abs(dot(p, axis)) <= 0.5 && across(p) <= 0.05;
                       }};
  const Structure sheet{{{-0.8, -0.8, -0.8}, {0.8, 0.8, 0.8}}, [=](const Vec3& p) {
                          return std::abs(dot(p, axis)) <= 0.05 && across(p) <= 0.6;
                        }};
  EXPECT_NEAR(SampledStructure(cord, sampler).volume() / (kPi * 0.05 * 0.05), 1, 1e-2);
  EXPECT_NEAR(SampledStructure(sheet, sampler).volume() / (kPi * 0.36 * 0.1), 1, 1e-2);
}

TEST(EvalStructure, AxisymmetricBodiesAreRoundAboutTheAxis) {
  const NodeGeometry g = half_plane(24, 0.05);
  const FieldSampler sampler(g);
  for (const double radius : {0.03, 0.2, 0.5}) {
    const SampledStructure s(ball({0, 0, 0.1}, radius), sampler);
    EXPECT_NEAR(s.volume() / ball_volume(radius), 1, 2e-3);
    EXPECT_NEAR(s.volume_in_domain() / s.volume(), 1, 1e-9);
    EXPECT_NEAR(s.surface().area() / (4 * kPi * radius * radius), 1, 2e-3);
  }
  // a ring: not on the axis
  const Structure ring{{{-0.6, -0.6, -0.1}, {0.6, 0.6, 0.3}}, [](const Vec3& p) {
                         return p[0] >= 0.4 && p[0] <= 0.6 && p[2] >= -0.1 && p[2] <= 0.3;
                       }};
  EXPECT_NEAR(SampledStructure(ring, sampler).volume(), kPi * 0.2 * 0.4, 1e-4);
}

TEST(EvalStructure, WhatLeavesTheDomainIsCountedApart) {
  for (const bool mesh : {false, true}) {
    const NodeGeometry g = mesh ? as_mesh(cube(20), bend) : cube(20);
    const FieldSampler sampler(g);
    const SampledStructure half(ball({1, 0, 0}, 0.5), sampler);
    EXPECT_NEAR(half.volume() / ball_volume(0.5), 1, 2e-3);
    EXPECT_NEAR(half.volume_in_domain() / ball_volume(0.5), 0.5, 2e-3);
    EXPECT_NEAR(half.surface().area() / (4 * kPi * 0.25), 1, 1e-2);  // all of it
    const SampledStructure out(ball({3, 0, 0}, 0.5), sampler);
    EXPECT_NEAR(out.volume() / ball_volume(0.5), 1, 2e-3);
    EXPECT_EQ(out.volume_in_domain(), 0);
    const std::vector<float> f(g.size(), -1.0F);
    const Coverage c = coverage(half, {f.data(), 0, Side::below});
    EXPECT_NEAR(c.fraction, 0.5, 2e-3);
    EXPECT_EQ(coverage(out, {f.data(), 0, Side::below}).fraction, 0);
    EXPECT_TRUE(std::isnan(StructureField(out, f.data()).lowest()));
    EXPECT_TRUE(std::isnan(StructureField(out, f.data()).level_of(0.5, Side::below)));
  }
}

TEST(EvalStructure, DomainsNeedNotFillTheirBox) {
  const NodeGeometry g = notched(20);
  const FieldSampler sampler(g);
  const SampledStructure s(ball({0, 0, 0}, 0.6), sampler);
  EXPECT_NEAR(s.volume() / ball_volume(0.6), 1, 3e-3);
  EXPECT_NEAR(s.volume_in_domain() / ball_volume(0.6), 7.0 / 8, 0.01);  // O(s) at such walls
  const std::vector<float> x = sample(g, [](const Vec3& p) { return p[0]; });
  const StructureField field(s, x.data());
  const double quarter = ball_volume(0.6) / 8;
  EXPECT_NEAR(field.volume(0, Side::below), 4 * quarter, 0.1 * quarter);
  EXPECT_NEAR(field.volume(0, Side::above), 3 * quarter, 0.1 * quarter);
  const Histogram h = field.histogram({-0.6, 0, 0.6});
  EXPECT_NEAR(h.below[1], field.volume(0, Side::below), 1e-9);
  EXPECT_NEAR(h.below[2], s.volume_in_domain(), 1e-9);
  EXPECT_NEAR(field.lowest(), -0.6, 0.02);
  EXPECT_NEAR(field.highest(), 0.6, 0.02);
  const Residual r = residual(s, {x.data(), 0, Side::below});
  EXPECT_NEAR(r.volume, s.volume_in_domain() - field.volume(0, Side::below), 1e-9);
}

TEST(EvalStructure, EmptyAndUnbounded) {
  const NodeGeometry g = cube(10);
  const FieldSampler sampler(g);
  const std::vector<float> f = sample(g, [](const Vec3& p) { return p[0]; });
  const SampledStructure nothing(ball({0, 0, 0}, -1), sampler);  // lower > upper
  EXPECT_EQ(nothing.volume(), 0);
  EXPECT_TRUE(nothing.surface().faces.empty());
  EXPECT_EQ(coverage(nothing, {f.data(), 0, Side::below}).fraction, 0);
  EXPECT_EQ(residual(nothing, {f.data(), 0, Side::below}).pieces, 0U);
  const Structure never{{{-0.5, -0.5, -0.5}, {0.5, 0.5, 0.5}}, [](const Vec3&) { return false; }};
  EXPECT_EQ(SampledStructure(never, sampler).volume(), 0);
  const double inf = std::numeric_limits<double>::infinity();
  const Structure half{{{-inf, -inf, -inf}, {0.25, inf, inf}},
                       [](const Vec3& p) { return p[0] <= 0.25; }};
  EXPECT_NEAR(SampledStructure(half, sampler).volume(), 5, 1e-9);
}

/// Coverage of a ball of radius 0.4 by a lesion of radius 0.45, centres 0.3 apart.
double lens_error(const NodeGeometry& g, const std::vector<float>& f, const Vec3& shift) {
  const FieldSampler sampler(g);
  const SampledStructure target(ball(kCentre + shift, 0.4), sampler, {0.015, 1000000});
  const Coverage c = coverage(target, {f.data(), 0.45, Side::below});
  EXPECT_NEAR(c.volume, ball_volume(0.4), 1e-3 * ball_volume(0.4));
  EXPECT_NEAR(c.fraction, c.covered / c.volume, 1e-12);
  return c.covered / lens(0.4, 0.45, norm(shift)) - 1;
}

TEST(EvalCoverage, OffsetSpheresConverge) {
  const Vec3 shift{0.2, -0.1, 0.2};  // 0.3
  for (const int kind : {0, 1, 2}) {
    std::vector<double> errors;
    for (const int n : {12, 24, 48}) {
      if (kind == 2) {
        const Octree tree(n, 0.5);
        errors.push_back(lens_error(tree.geometry, tree.sample(distance_to(kCentre)), shift));
      } else {
        const NodeGeometry g = kind == 1 ? as_mesh(cube(n), bend) : cube(n);
        errors.push_back(lens_error(g, sample(g, distance_to(kCentre)), shift));
      }
      // The Q1 interpolant of a distance shrinks the lesion by (h / R)^2 / 2 of its volume; only
      // part of its surface is in the target.
      EXPECT_LT(std::abs(errors.back()), 0.6 * std::pow(2.0 / n / 0.45, 2)) << kind << ' ' << n;
    }
    EXPECT_GT(order(errors[0], errors[1]), 1.6) << kind;
    EXPECT_GT(order(errors[1], errors[2]), 1.6) << kind;
  }
}

TEST(EvalCoverage, CoincidentSurfacesAreNoWorse) {
  // Target and lesion have one surface: integrating with products of cell fractions would lose
  // 0.17 h of it everywhere.
  for (const int n : {16, 32, 64}) {
    const NodeGeometry g = cube(n);
    const FieldSampler sampler(g);
    const std::vector<float> f = sample(g, distance_to(kCentre));
    const SampledStructure target(ball(kCentre, 0.5), sampler);
    const double missing = 1 - coverage(target, {f.data(), 0.5, Side::below}).fraction;
    EXPECT_GT(missing, 0);
    EXPECT_LT(missing, 0.6 * std::pow(2.0 / n / 0.5, 2)) << n;
  }
}

TEST(EvalCoverage, BothSidesMakeTheWhole) {
  const NodeGeometry g = cube(20);
  const FieldSampler sampler(g);
  const std::vector<float> f = sample(g, [](const Vec3& p) { return p[0] + 2 * p[1] - p[2]; });
  const SampledStructure target(ball({0, 0, 0}, 0.5), sampler);
  const StructureField field(target, f.data());
  EXPECT_NEAR(field.volume(0, Side::below), 0.5 * target.volume(), 1e-6);  // a plane halves it
  for (const double level : {-0.7, 0.0, 0.31, 5.0, -5.0})
    EXPECT_NEAR(field.volume(level, Side::below) + field.volume(level, Side::above),
                target.volume(), 1e-9);
}

TEST(EvalCoverage, RoundingNeverMakesMoreThanTheWhole) {
  // Sums of a hundred thousand pieces of lines in another order: 1e-13 of the whole apart.
  const NodeGeometry g = cube(20);
  const FieldSampler sampler(g);
  const std::vector<float> f(g.size(), 0.0F);
  for (int i = 0; i < 20; ++i) {
    const SampledStructure target(ball(kCentre, 0.3 + 0.013 * i), sampler);
    EXPECT_EQ(target.volume_in_domain(), target.volume()) << i;
    const Coverage all = coverage(target, {f.data(), 1, Side::below});
    EXPECT_LE(all.fraction, 1) << i;
    EXPECT_NEAR(all.fraction, 1, 1e-9) << i;
    EXPECT_LE(all.covered, all.volume) << i;
    EXPECT_EQ(coverage(target, {f.data(), -1, Side::below}).fraction, 0) << i;
  }
}

TEST(EvalHistogram, DistanceInABall) {
  // The value is the distance from the centre: below r is a ball of radius r.
  const NodeGeometry g = cube(64);
  const FieldSampler sampler(g);
  const std::vector<float> f = sample(g, distance_to(kCentre));
  const SampledStructure target(ball(kCentre, 0.6), sampler);
  const StructureField field(target, f.data());
  const Histogram h = field.histogram({-1, 0.1, 0.3, 0.5, 0.59, 0.7, 2});
  ASSERT_EQ(h.below.size(), 7U);
  for (std::size_t e = 0; e < h.edges.size(); ++e) {
    const double r = std::clamp(h.edges[e], 0.0, 0.6);
    // Q1 and knots: 2/3 (h / r)^2 of the volume
    const double q1 = r > 0 ? std::pow(g.spacing / r, 2) : 0;
    EXPECT_NEAR(h.below[e], ball_volume(r), (1.2 * q1 + 3e-3) * ball_volume(r)) << r;
    EXPECT_NEAR(h.below[e], field.volume(h.edges[e], Side::below), 1e-9);  // one pass or many
  }
  EXPECT_EQ(h.below[0], 0);
  EXPECT_NEAR(h.below[6], h.volume, 1e-12);
  EXPECT_NEAR(field.level_of(0.95, Side::below), 0.6 * std::cbrt(0.95), 1e-3);
  EXPECT_NEAR(field.level_of(0.95, Side::above), 0.6 * std::cbrt(0.05), 3e-3);
  EXPECT_NEAR(field.level_of(0.5, Side::below), field.level_of(0.5, Side::above), 1e-5);
  EXPECT_NEAR(field.level_of(1, Side::below), field.highest(), 1e-5);
  EXPECT_NEAR(field.volume(field.level_of(0.3, Side::below), Side::below), 0.3 * h.volume,
              1e-4 * h.volume);
}

TEST(EvalHistogram, ConstantFieldAndAxisymmetry) {
  const NodeGeometry g = half_plane(20, 0.05);
  const FieldSampler sampler(g);
  const SampledStructure target(ball({0, 0, 0}, 0.5), sampler);
  const std::vector<float> constant(g.size(), 7.0F);
  const StructureField flat(target, constant.data());
  EXPECT_EQ(flat.level_of(0.95, Side::below), 7);
  EXPECT_EQ(flat.volume(7, Side::below), 0);  // not below itself
  EXPECT_NEAR(flat.volume(7.01, Side::below), target.volume(), 1e-9);
  // z in a ball: a cap of height t has the volume pi t^2 (3 R - t) / 3
  const std::vector<float> z = sample(g, [](const Vec3& p) { return p[2]; });
  const Histogram h = StructureField(target, z.data()).histogram({-0.3, 0.0, 0.2});
  for (std::size_t e = 0; e < 3; ++e) {
    const double t = 0.5 + h.edges[e];
    EXPECT_NEAR(h.below[e], kPi * t * t * (1.5 - t) / 3, 0.02 * target.volume());
  }
  // r in a ball: the core inside r has 4/3 pi (R^3 - (R^2 - r^2)^(3/2))
  const std::vector<float> r = sample(g, [](const Vec3& p) { return p[0]; });
  EXPECT_NEAR(StructureField(target, r.data()).volume(0.3, Side::below),
              4 * kPi / 3 * (0.125 - std::pow(0.16, 1.5)), 2e-3 * target.volume());
}

/// A spindle 0.3 wide and 0.7 long in a ball of radius 0.5 moved by 0.1 along z: two caps stick
/// out.
struct Caps {
  double volume = 0, moment = 0;  ///< of the lower one
  double other = 0;
  Caps() {
    const int n = 200000;
    for (int i = 0; i < n; ++i) {
      const double z = -0.7 + 1.4 * (i + 0.5) / n;
      const double spindle = 0.09 * (1 - z * z / 0.49);
      const double lesion = std::max(0.0, 0.25 - (z - 0.1) * (z - 0.1));
      const double area = kPi * std::max(0.0, spindle - lesion) * 1.4 / n;
      (z < 0 ? volume : other) += area;
      if (z < 0) moment += z * area;
    }
  }
};

TEST(EvalResidual, TwoCapsOfASpindle) {
  const Caps caps;
  for (const int kind : {0, 1, 2}) {
    const NodeGeometry g = kind == 0   ? cube(48)
                           : kind == 1 ? as_mesh(cube(48), bend)
                                       : half_plane(40, 0.03);
    const Vec3 at = kind == 2 ? Vec3{} : kCentre;
    const FieldSampler sampler(g);
    const std::vector<float> f = sample(g, distance_to(at + Vec3{0, 0, 0.1}));
    const Criterion criterion{f.data(), 0.5, Side::below};
    const SampledStructure target(ellipsoid(at, {0.3, 0.3, 0.7}), sampler);
    const Residual r = residual(target, criterion);
    const Coverage c = coverage(target, criterion);
    EXPECT_NEAR(r.volume + c.covered, c.in_domain, 1e-9);
    EXPECT_EQ(r.pieces, 2U) << kind;
    EXPECT_NEAR(r.largest, caps.volume, 0.03 * caps.volume) << kind;
    EXPECT_NEAR(r.volume - r.largest, caps.other, 0.05 * caps.volume) << kind;
    EXPECT_NEAR(r.centroid[2], at[2] + caps.moment / caps.volume, 0.005) << kind;
    EXPECT_NEAR(r.centroid[0], at[0], 0.003);
    EXPECT_NEAR(r.centroid[1], at[1], 0.003);
    EXPECT_NEAR(r.lower[2], at[2] - 0.7, 0.03);
    EXPECT_NEAR(r.upper[2], at[2] - 0.323, 0.03);  // 0.816 z^2 - 0.2 z = 0.15
  }
}

TEST(EvalResidual, NothingAndEverything) {
  const NodeGeometry g = cube(20);
  const FieldSampler sampler(g);
  const std::vector<float> f = sample(g, distance_to(kCentre));
  const SampledStructure target(ball(kCentre, 0.4), sampler);
  const Residual none = residual(target, {f.data(), 0.6, Side::below});
  EXPECT_EQ(none.volume, 0);
  EXPECT_EQ(none.pieces, 0U);
  const Residual all = residual(target, {f.data(), -1, Side::below});
  EXPECT_NEAR(all.volume, target.volume(), 1e-9);
  EXPECT_NEAR(all.largest, target.volume(), 1e-9);
  EXPECT_EQ(all.pieces, 1U);
  for (std::size_t d = 0; d < 3; ++d) EXPECT_NEAR(all.centroid[d], kCentre[d], 1e-3);
  // An island in the middle and the shell around a ring of treated tissue are two pieces.
  const std::vector<float> ring =
      sample(g, [](const Vec3& p) { return std::abs(norm(p - kCentre) - 0.2); });
  const Residual island = residual(target, {ring.data(), 0.1, Side::below});
  EXPECT_EQ(island.pieces, 2U);
  EXPECT_NEAR(island.largest, ball_volume(0.4) - ball_volume(0.3), 0.05 * ball_volume(0.4));
}

}  // namespace
}  // namespace thermodose::evaluation
