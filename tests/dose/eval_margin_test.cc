// Tests of ablation margins and of Hausdorff distances against closed forms.
#include "dose/eval_margin.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "eval_fixture.h"

namespace thermodose::evaluation {
namespace {

/// A discretisation with a field on it.
struct Setting {
  NodeGeometry geometry;
  std::vector<float> values;
  double cell;
};

/// kind 0: uniform grid, 1: bent hexahedra, 2: octree (the cell is the finer one).
Setting setting(int kind, int n, const Profile& f) {
  if (kind == 2) {
    const Octree tree(n, 0.4);
    return {tree.geometry, tree.sample(f), 1.0 / n};
  }
  NodeGeometry g = kind == 1 ? as_mesh(cube(n), bend) : cube(n);
  std::vector<float> values = sample(g, f);
  return {std::move(g), std::move(values), 2.0 / n};
}

MarginReport margin(const Setting& s, const Structure& target, double level,
                    const MarginOptions& options = {}) {
  const FieldSampler sampler(s.geometry);
  return ablation_margin(Target(target, sampler),
                         Lesion(sampler, {s.values.data(), level, Side::below}), options);
}

TEST(EvalMargin, ConcentricSpheresConverge) {
  for (const int kind : {0, 1, 2}) {
    std::vector<double> errors;
    for (const int n : {12, 24, 48}) {
      const Setting s = setting(kind, n, distance_to(kCentre));
      const MarginReport r = margin(s, ball(kCentre, 0.4), 0.7, {{0, 0.2, 0.4}});
      ASSERT_TRUE(r.defined);
      EXPECT_FALSE(r.clipped);
      errors.push_back(r.minimal - 0.3);
      // 0.08 cells at R = 5.6 h; bent cells are up to 1.3 times as large
      const double bound = (kind == 1 ? 0.6 : 0.45) * std::pow(2.0 / n, 2) / 0.7;
      EXPECT_LT(std::abs(r.minimal - 0.3), bound) << kind << ' ' << n;
      EXPECT_EQ(r.minimal, r.certain);
      EXPECT_NEAR(r.mean, 0.3, bound);
      EXPECT_NEAR(r.hausdorff, 0.3, 0.15 * 2.0 / n);
      EXPECT_LE(r.hausdorff_95, r.hausdorff);
      EXPECT_NEAR(r.hausdorff_95, 0.3, 0.15 * 2.0 / n);
      EXPECT_EQ(r.shares, (std::vector<double>{1, 1, 0}));
      EXPECT_NEAR(norm(r.where - kCentre), 0.4, 1e-3);
      EXPECT_NEAR(norm(r.nearest - kCentre), 0.7, 0.15 * 2.0 / n);
    }
    EXPECT_GT(order(errors[0], errors[2]), 3) << kind;  // two halvings: 1.5 each
  }
}

TEST(EvalMargin, OffsetSpheres) {
  // The margin at p on the target is R - |p - c|: least where p is farthest from the centre.
  const Vec3 shift{0.12, -0.06, 0.04};  // 0.14
  for (const int kind : {0, 1, 2}) {
    const Setting s = setting(kind, 32, distance_to(kCentre));
    const double cell = 2.0 / 32;
    MarginOptions options;
    for (const double level : {0.7, 0.5, 0.45}) {  // covered, partly, partly
      const double d = norm(shift);
      options.thresholds = {level - 0.4 - d + 0.05, level - 0.4, level - 0.4 + d - 0.02, level};
      const MarginReport r = margin(s, ball(kCentre + shift, 0.4), level, options);
      EXPECT_NEAR(r.minimal, level - 0.4 - d, 0.06 * cell) << kind << ' ' << level;
      const Vec3 tip = kCentre + (1 + 0.4 / d) * shift;
      EXPECT_LT(norm(r.where - tip), 0.7 * cell);
      EXPECT_NEAR(norm(r.nearest - (kCentre + (level / d) * shift)), 0, 0.7 * cell);
      // Distances of p reach from the margin's least to its most; those of lesion points, too.
      EXPECT_NEAR(r.hausdorff, std::max(std::abs(level - 0.4 - d), level - 0.4 + d), 0.1 * cell);
      // |p - c|^2 = d^2 + 0.16 + 0.8 d cos: the share with margin >= t is a cap of the sphere.
      for (std::size_t i = 0; i < options.thresholds.size(); ++i) {
        const double reach = level - options.thresholds[i];
        const double cosine = std::clamp((reach * reach - d * d - 0.16) / (0.8 * d), -1.0, 1.0);
        const double share = reach > 0 ? 0.5 * (1 + cosine) : 0;
        EXPECT_NEAR(r.shares[i], share, 0.02) << kind << ' ' << level << ' ' << i;
      }
    }
  }
}

TEST(EvalMargin, MapBelongsToThePointsOfTheSurface) {
  const Vec3 shift{0.1, 0.1, 0};
  const Setting s = setting(0, 32, distance_to(kCentre));
  const FieldSampler sampler(s.geometry);
  const Target target(ball(kCentre + shift, 0.4), sampler);
  const Lesion lesion(sampler, {s.values.data(), 0.6, Side::below});
  const MarginReport r = ablation_margin(target, lesion);
  ASSERT_EQ(r.map.size(), target.surface().points.size());
  for (std::size_t i = 0; i < r.map.size(); ++i) {
    EXPECT_NEAR(r.map[i], 0.6 - norm(target.surface().points[i] - kCentre), 0.06 * s.cell);
    EXPECT_NEAR(r.map[i], lesion.depth(target.surface().points[i]), 1e-6);
  }
}

TEST(EvalMargin, EllipsoidTargetAndEllipsoidLesion) {
  const Setting round = setting(0, 40, distance_to(kCentre));
  const Vec3 half{0.2, 0.3, 0.5};
  const MarginReport a = margin(round, ellipsoid(kCentre, half), 0.7);
  EXPECT_NEAR(a.minimal, 0.2, 0.08 * round.cell);  // at the long end
  EXPECT_NEAR(std::abs(a.where[2] - kCentre[2]), 0.5, 0.1 * round.cell);
  EXPECT_NEAR(a.hausdorff, 0.5, 0.1 * round.cell);  // from the short end: 0.7 - 0.2
  // A field that is no distance: level 1 of sum (x / a)^2, target a ball about its centre. Points
  // of the ellipsoid nearest to the centre are at the ends of the short axis.
  const Setting oval = setting(0, 40, [](const Vec3& p) {
    const Vec3 q = p - kCentre;
    return q[0] * q[0] / 0.25 + q[1] * q[1] / 0.36 + q[2] * q[2] / 0.64;
  });
  const MarginReport b = margin(oval, ball(kCentre, 0.3), 1);
  EXPECT_NEAR(b.minimal, 0.2, 0.1 * oval.cell);
  EXPECT_NEAR(std::abs(b.nearest[0] - kCentre[0]), 0.5, 0.1 * oval.cell);
  EXPECT_NEAR(b.hausdorff, 0.5, 0.1 * oval.cell);  // from the long end: 0.8 - 0.3
}

TEST(EvalMargin, CornersOfATargetAreFound) {
  // The corner farthest from the centre has the least margin; no lattice point is there.
  for (const int n : {20, 40}) {
    const Setting s = setting(0, n, distance_to({0, 0, 0}));
    const Vec3 corner{0.313, 0.297, 0.334};
    const MarginReport r = margin(s, box_of({-0.2, -0.21, -0.15}, corner), 0.8);
    EXPECT_NEAR(r.minimal, 0.8 - norm(corner), 0.1 * s.cell) << n;
    EXPECT_LT(norm(r.where - corner), 0.15 * s.cell);
  }
}

TEST(EvalMargin, CornersOfTurnedBoxesAreFound) {
  // Eight corners, nearly as far from the centre, each cut off differently by the lattice.
  const Setting s = setting(0, 32, distance_to({0, 0, 0}));
  const FieldSampler sampler(s.geometry);
  const Lesion lesion(sampler, {s.values.data(), 0.85, Side::below});
  std::mt19937 random(6);
  std::uniform_real_distribution<double> angle(0, 1.5);
  for (int trial = 0; trial < 8; ++trial) {
    const Rotation turn = rotation_xyz({angle(random), angle(random), angle(random)});
    const Vec3 half{0.3, 0.25, 0.2};
    const Vec3 at = 2e-2 * Vec3{angle(random), angle(random), angle(random)};
    const Structure box{{at - Vec3{0.45, 0.45, 0.45}, at + Vec3{0.45, 0.45, 0.45}},
                        [=](const Vec3& p) {
                          const Vec3 q = rotate_back(turn, p - at);
                          return std::abs(q[0]) <= half[0] && std::abs(q[1]) <= half[1] &&
                                 std::abs(q[2]) <= half[2];
                        }};
    double farthest = 0;
    for (unsigned c = 0; c < 8; ++c) {
      Vec3 corner = half;
      for (std::size_t d = 0; d < 3; ++d) corner[d] *= (c >> d & 1U) != 0 ? 1 : -1;
      farthest = std::max(farthest, norm(at + rotate(turn, corner)));
    }
    const MarginReport r = ablation_margin(Target(box, sampler), lesion);
    // What remains is the Q1 interpolant's error, on the safe side.
    EXPECT_NEAR((r.minimal - (0.85 - farthest)) / s.cell, -0.012, 0.014) << trial;
  }
}

TEST(EvalMargin, HausdorffDistanceLooksFromBothSides) {
  // A target with a cavity of radius 0.1 no lesion surface is near: 0.6 from there, 0.3 back.
  const Setting s = setting(0, 40, distance_to(kCentre));
  const Structure shell{ball(kCentre, 0.4).bounds, [](const Vec3& p) {
                          const double r = norm(p - kCentre);
                          return r >= 0.1 && r <= 0.4;
                        }};
  const MarginReport r = margin(s, shell, 0.7);
  EXPECT_NEAR(r.hausdorff, 0.6, 0.1 * s.cell);
  EXPECT_NEAR(r.hausdorff_95, 0.6, 0.1 * s.cell);  // 6 % of the surface is in the cavity
  EXPECT_NEAR(r.minimal, 0.3, 0.1 * s.cell);
  // A lesion with an island far inside a small target's reach: 0.5 back from the outer surface.
  const Setting two = setting(0, 40, [](const Vec3& p) { return std::abs(norm(p) - 0.5); });
  const MarginReport b = margin(two, ball({0, 0, 0}, 0.3), 0.3);  // lesion 0.2 < r < 0.8
  EXPECT_NEAR(b.hausdorff, 0.5, 0.1 * s.cell);
  EXPECT_NEAR(b.minimal, 0.1, 0.1 * s.cell);
}

TEST(EvalMargin, Axisymmetric) {
  const NodeGeometry g = half_plane(32, 0.04);
  const std::vector<float> f = sample(g, distance_to({0, 0, 0.02}));
  const FieldSampler sampler(g);
  const Lesion lesion(sampler, {f.data(), 0.7, Side::below});
  const MarginReport r =
      ablation_margin(Target(ball({0, 0, 0.12}, 0.3), sampler), lesion, {{0.25, 0.3, 0.35}});
  EXPECT_NEAR(r.minimal, 0.3, 0.06 / 32);
  EXPECT_NEAR(r.where[2], 0.42, 0.05);
  EXPECT_NEAR(r.hausdorff, 0.5, 0.1 / 32);
  for (std::size_t i = 0; i < 3; ++i) {  // as above, d = 0.1, R = 0.3
    const double reach = 0.7 - std::array<double, 3>{0.25, 0.3, 0.35}[i];
    const double cosine = std::clamp((reach * reach - 0.01 - 0.09) / 0.06, -1.0, 1.0);
    EXPECT_NEAR(r.shares[i], 0.5 * (1 + cosine), 5e-3) << i;
  }
  // An ellipsoid's long end is on the axis, a pole of the meridian.
  const MarginReport e = ablation_margin(Target(ellipsoid({0, 0, 0}, {0.2, 0.2, 0.5}), sampler),
                                         Lesion(sampler, {f.data(), 0.8, Side::below}));
  EXPECT_NEAR(e.minimal, 0.28, 0.1 / 32);
  EXPECT_NEAR(e.where[0], 0, 0.5 / 32);
}

TEST(EvalMargin, ATargetSmallerThanACell) {
  const Setting s = setting(0, 20, distance_to(kCentre));
  const MarginReport r = margin(s, ball(kCentre, 0.02), 0.6);
  EXPECT_NEAR(r.minimal, 0.58, 0.08 * s.cell);
}

TEST(EvalMargin, UntouchedTargetBesideTheLesion) {
  const Setting s = setting(0, 32, distance_to(kCentre + Vec3{-0.5, 0, 0}));
  const MarginReport r = margin(s, ball(kCentre + Vec3{0.4, 0, 0}, 0.2), 0.3);
  EXPECT_NEAR(r.minimal, -(0.9 + 0.2 - 0.3), 0.06 * s.cell);
  EXPECT_EQ(r.shares, (std::vector<double>{0, 0, 0}));
}

TEST(EvalMargin, ClippedLesionHasALowerBound) {
  // The lesion leaves the domain at x = 1; the target ends 0.1 before it.
  for (const int kind : {0, 1}) {
    const Setting s = setting(kind, 32, distance_to({0.8, 0, 0}));
    const MarginReport r = margin(s, ball({0.7, 0, 0}, 0.2), 0.5);
    EXPECT_TRUE(r.clipped);
    EXPECT_NEAR(r.minimal, 0.2, 0.08 * s.cell);  // to what is seen of its surface
    EXPECT_NEAR(r.certain, 0.1, 0.08 * s.cell);  // to the end of the domain
  }
}

TEST(EvalMargin, LesionThatFillsTheDomain) {
  const Setting s = setting(0, 16, distance_to(kCentre));
  const MarginReport r = margin(s, ball({0, 0, 0.3}, 0.3), 9);
  EXPECT_FALSE(r.defined);
  EXPECT_TRUE(r.clipped);
  EXPECT_TRUE(std::isnan(r.minimal));
  EXPECT_NEAR(r.certain, 0.4, 0.01);
  EXPECT_TRUE(r.map.empty());
}

TEST(EvalMargin, NoLesionNoTarget) {
  const Setting s = setting(0, 16, distance_to(kCentre));
  const MarginReport none = margin(s, ball({0, 0, 0}, 0.3), -1);
  EXPECT_FALSE(none.defined);
  EXPECT_TRUE(std::isnan(none.certain));
  const MarginReport empty = margin(s, ball({0, 0, 0}, -1), 0.5);
  EXPECT_FALSE(empty.defined);
  EXPECT_TRUE(std::isnan(empty.minimal));
}

TEST(EvalMargin, TargetThatLeavesTheDomain) {
  // What is outside the domain is not in the lesion: its margin is negative.
  const Setting s = setting(0, 32, distance_to({0.9, 0, 0}));
  const MarginReport r = margin(s, ball({0.9, 0, 0}, 0.3), 0.6);
  EXPECT_TRUE(r.clipped);
  EXPECT_LT(r.minimal, 0);
  EXPECT_EQ(r.certain, r.minimal);
  EXPECT_NEAR(r.shares[0], 0.5 * (1 + 0.1 / 0.3), 0.03);  // the cap inside x < 1
}

}  // namespace
}  // namespace thermodose::evaluation
