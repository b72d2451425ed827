// Tests of overtreatment, shape of a lesion, distance between isotherms, and verdicts.
#include "dose/eval_lesion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dose/eval_verdict.h"
#include "eval_fixture.h"

namespace thermodose::evaluation {
namespace {

TEST(EvalLesion, DepthIsPositiveInsideNegativeOutside) {
  const NodeGeometry g = cube(32);
  const std::vector<float> f = sample(g, distance_to(kCentre));
  const FieldSampler sampler(g);
  const Lesion lesion(sampler, {f.data(), 0.5, Side::below});
  EXPECT_NEAR(lesion.depth(kCentre + Vec3{0, 0.3, 0}), 0.2, 0.1 * g.spacing);
  EXPECT_NEAR(lesion.depth(kCentre + Vec3{0, 0.7, 0}), -0.2, 0.1 * g.spacing);
  EXPECT_FALSE(lesion.contains({5, 0, 0}));  // outside the domain
  EXPECT_TRUE(std::isinf(lesion.to_cut({0, 0, 0})));
  const Lesion outer(sampler, {f.data(), 0.5, Side::above});
  EXPECT_NEAR(outer.depth(kCentre + Vec3{0, 0.7, 0}), 0.2, 0.1 * g.spacing);
  EXPECT_NEAR(outer.to_cut({0.8, 0.3, -0.9}), 0.1, 1e-12);
  EXPECT_NEAR(outer.to_cut({1.5, 0, 0}), -0.5, 1e-12);
  const NodeGeometry half = half_plane(16, 0);
  const std::vector<float> d = sample(half, distance_to({0, 0, 0}));
  const FieldSampler around(half);
  const Structure body = Lesion(around, {d.data(), 0.5, Side::below}).structure();
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(body.bounds.lower[k], -0.5, 1e-2);
    EXPECT_NEAR(body.bounds.upper[k], 0.5, 1e-2);
  }
}

TEST(EvalLesion, RimIsAMeanOverAreaNotOverPoints) {
  // The inner sphere is partly in fine cells, where it has four times as many points per area. Its
  // centre is 0.3 from that of the outer one and its radius 0.25: the mean of |p - c| is
  // d + R^2 / (3 d).
  const Octree tree(32, 0.3);
  const std::vector<float> outer = tree.sample(distance_to({0, 0, 0}));
  const std::vector<float> inner = tree.sample(distance_to({0.3, 0, 0}));
  const FieldSampler sampler(tree.geometry);
  const Rim r = rim(Lesion(sampler, {inner.data(), 0.25, Side::below}),
                    Lesion(sampler, {outer.data(), 0.8, Side::below}));
  EXPECT_NEAR(r.mean, 0.8 - (0.3 + 0.0625 / 0.9), 3e-3);
}

TEST(EvalLesion, OvertreatmentOfConcentricSpheres) {
  for (const int kind : {0, 1, 2}) {
    const NodeGeometry g = kind == 0   ? cube(40)
                           : kind == 1 ? as_mesh(cube(40), bend)
                                       : half_plane(40, 0.03);
    const Vec3 at = kind == 2 ? Vec3{} : kCentre;
    const std::vector<float> f = sample(g, distance_to(at));
    const FieldSampler sampler(g);
    const Lesion lesion(sampler, {f.data(), 0.7, Side::below});
    const Target target(ball(at, 0.4), sampler);
    const double tolerance = 5e-3 * ball_volume(0.7);
    for (const double margin : {0.0, 0.03, 0.1, 0.25}) {
      const Overtreatment o = overtreatment(lesion, target, margin);
      EXPECT_NEAR(o.lesion, ball_volume(0.7), tolerance) << kind;
      EXPECT_NEAR(o.outside_target, ball_volume(0.7) - ball_volume(0.4), tolerance);
      EXPECT_NEAR(o.outside_margin, ball_volume(0.7) - ball_volume(0.4 + margin), tolerance)
          << kind << ' ' << margin;
      EXPECT_FALSE(o.clipped);
    }
    EXPECT_NEAR(overtreatment(lesion, target, 0.4).outside_margin, 0, 1e-9);
  }
}

TEST(EvalLesion, OvertreatmentWithoutOneOfThem) {
  const NodeGeometry g = cube(20);
  const std::vector<float> f = sample(g, distance_to(kCentre));
  const FieldSampler sampler(g);
  const Lesion lesion(sampler, {f.data(), 0.6, Side::below});
  const Overtreatment all = overtreatment(lesion, Target(ball(kCentre, -1), sampler), 0.1);
  EXPECT_NEAR(all.outside_target, all.lesion, 1e-12);
  EXPECT_NEAR(all.outside_margin, all.lesion, 1e-12);
  const Lesion none(sampler, {f.data(), -1, Side::below});
  const Target target(ball(kCentre, 0.3), sampler);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(overtreatment(none, target, 0.1).lesion, 0);
  const Lesion inside(sampler, {f.data(), 0.2, Side::below});  // nothing beside the target
  EXPECT_NEAR(overtreatment(inside, target, 0.1).outside_target, 0, 1e-12);
  const Lesion everything(sampler, {f.data(), 9, Side::below});
  const Overtreatment cut = overtreatment(everything, target, 0.1);
  EXPECT_TRUE(cut.clipped);
  EXPECT_NEAR(cut.outside_target, 8 - ball_volume(0.3), 0.01);
}

TEST(EvalLesion, ShapeOfAnEllipsoidAlongAnObliqueAxis) {
  // Half axes 0.6 along a, 0.45 along u, 0.3 along v of a turned frame.
  const Vec3 a = (1.0 / 3) * Vec3{1, 2, 2};
  const Vec3 u = (1.0 / 3) * Vec3{2, 1, -2};
  const Vec3 v = cross(a, u);
  const NodeGeometry g = cube(48);
  const std::vector<float> f = sample(g, [&](const Vec3& p) {
    const Vec3 q = p - kCentre;
    return std::sqrt(std::pow(dot(q, a) / 0.6, 2) + std::pow(dot(q, u) / 0.45, 2) +
                     std::pow(dot(q, v) / 0.3, 2));
  });
  const FieldSampler sampler(g);
  const LesionShape s =
      lesion_shape(Lesion(sampler, {f.data(), 1, Side::below}), kCentre + 0.2 * a, 5 * a);
  EXPECT_NEAR(s.length, 1.2, 0.1 * g.spacing);
  EXPECT_NEAR(s.ahead, 0.4, 0.1 * g.spacing);
  EXPECT_NEAR(s.behind, 0.8, 0.1 * g.spacing);
  EXPECT_NEAR(s.width, 0.9, 0.1 * g.spacing);
  EXPECT_NEAR(s.height, 0.6, 0.15 * g.spacing);
  const double volume = 4 * kPi / 3 * 0.6 * 0.45 * 0.3;
  EXPECT_NEAR(s.volume, volume, 0.01 * volume);
  // Area of a triaxial ellipsoid by direct integration (midpoints on the sphere).
  double area = 0;
  const int n = 400;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < 2 * n; ++j) {
      const double t = kPi * (i + 0.5) / n;
      const double p = kPi * (j + 0.5) / n;
      const Vec3 w{0.45 * 0.3 * std::sin(t) * std::cos(p), 0.6 * 0.3 * std::sin(t) * std::sin(p),
                   0.6 * 0.45 * std::cos(t)};
      area += norm(w) * std::sin(t) * kPi * kPi / n / n;
    }
  }
  EXPECT_NEAR(s.area, area, 0.01 * area);
  const double sphericity = std::cbrt(kPi) * std::pow(6 * volume, 2.0 / 3) / area;
  EXPECT_LT(sphericity, 0.95);
  EXPECT_NEAR(s.sphericity, sphericity, 0.01);
}

TEST(EvalLesion, SphericityOfASphereIsOne) {
  for (const int n : {16, 32}) {  // 10 and 20 cells across
    const NodeGeometry g = cube(n);
    const std::vector<float> f = sample(g, distance_to(kCentre));
    const FieldSampler sampler(g);
    const LesionShape s =
        lesion_shape(Lesion(sampler, {f.data(), 0.62, Side::below}), kCentre, {1, 1, 0});
    EXPECT_NEAR(s.sphericity, 1, 4.0 / n / n) << n;
    EXPECT_NEAR(s.width, s.length, 0.1 * g.spacing);
  }
}

TEST(EvalLesion, ShapeAxisymmetricClippedAndEmpty) {
  const NodeGeometry g = half_plane(40, 0.03);
  const std::vector<float> f = sample(g, distance_to({0, 0, 0.1}));
  const FieldSampler sampler(g);
  const LesionShape s = lesion_shape(Lesion(sampler, {f.data(), 0.6, Side::below}), {}, {0, 0, -1});
  EXPECT_NEAR(s.length, 1.2, 2e-3);
  EXPECT_NEAR(s.ahead, 0.5, 2e-3);  // towards -z
  EXPECT_NEAR(s.behind, 0.7, 2e-3);
  EXPECT_NEAR(s.width, 1.2, 2e-3);
  EXPECT_EQ(s.width, s.height);
  EXPECT_NEAR(s.sphericity, 1, 2e-3);
  const LesionShape cut =
      lesion_shape(Lesion(sampler, {f.data(), 0.95, Side::below}), {}, {0, 0, 1});
  EXPECT_TRUE(cut.clipped);
  EXPECT_TRUE(std::isnan(cut.sphericity));
  EXPECT_NEAR(cut.ahead, 1, 1e-9);  // the end of the domain
  const LesionShape none =
      lesion_shape(Lesion(sampler, {f.data(), -1, Side::below}), {}, {0, 0, 1});
  EXPECT_EQ(none.length, 0);
  EXPECT_EQ(none.volume, 0);
}

TEST(EvalLesion, HeightIsAcrossTheWidthNotTheLeastExtent) {
  // A cube: widest along a diagonal of its face, and as wide across that; its side is less.
  const NodeGeometry g = cube(40);
  const std::vector<float> f = sample(g, [](const Vec3& p) {
    return std::max({std::abs(p[0]), std::abs(p[1]), std::abs(p[2])});
  });
  const FieldSampler sampler(g);
  const LesionShape s =
      lesion_shape(Lesion(sampler, {f.data(), 0.51, Side::below}), {0, 0, 0}, {0, 0, 1});
  EXPECT_NEAR(s.length, 1.02, 1e-3);
  EXPECT_NEAR(s.width, 1.02 * std::sqrt(2.0), 0.5 * g.spacing);  // edges are cut off by a cell
  EXPECT_NEAR(s.height, s.width, 0.1 * g.spacing);
}

TEST(EvalLesion, ExtentOfAClippedLesionReachesTheEndOfTheDomain) {
  const NodeGeometry g = cube(10);
  const std::vector<float> f = sample(g, [](const Vec3& p) { return p[2]; });
  const FieldSampler sampler(g);
  const LesionShape s =
      lesion_shape(Lesion(sampler, {f.data(), 0.3, Side::below}), {0, 0, 0}, {0, 0, 1});
  EXPECT_NEAR(s.length, 1.3, 1e-6);
  EXPECT_NEAR(s.behind, 1, 1e-6);
  EXPECT_NEAR(s.width, 2 * std::sqrt(2.0), 1e-3);
  EXPECT_NEAR(s.volume, 4 * 1.3, 1e-5);
}

TEST(EvalLesion, RimBetweenOffsetSpheres) {
  // Inner sphere of radius 0.4 moved by 0.1 in one of radius 0.7: 0.7 - |p - c| for p on it.
  const NodeGeometry g = cube(40);
  const std::vector<float> outer = sample(g, distance_to(kCentre));
  const std::vector<float> inner = sample(g, distance_to(kCentre + Vec3{0, 0.1, 0}));
  const FieldSampler sampler(g);
  const Lesion visible(sampler, {outer.data(), 0.7, Side::below});
  const Lesion lethal(sampler, {inner.data(), 0.4, Side::below});
  const Rim r = rim(lethal, visible);
  EXPECT_NEAR(r.least, 0.2, 0.1 * g.spacing);
  EXPECT_NEAR(r.most, 0.4, 0.1 * g.spacing);
  // Mean of |p - c| over the sphere: R + d^2 / (3 R).
  EXPECT_NEAR(r.mean, 0.7 - 0.4 - 0.01 / 1.2, 0.05 * g.spacing);
  EXPECT_FALSE(r.clipped);
  const Lesion none(sampler, {outer.data(), -1, Side::below});
  EXPECT_TRUE(std::isnan(rim(none, visible).mean));
  EXPECT_TRUE(std::isnan(rim(lethal, none).least));
  EXPECT_TRUE(rim(lethal, Lesion(sampler, {outer.data(), 1.2, Side::below})).clipped);
}

TEST(EvalVerdict, FollowsTheRules) {
  Coverage c;
  MarginReport m{};
  m.defined = true;
  m.minimal = m.certain = 10.1e-3;
  c.fraction = 1;
  Verdict v = judge(c, m);
  EXPECT_TRUE(v.curative);
  EXPECT_EQ(v.palliation, Palliation::effective);
  EXPECT_EQ(v.missing_margin, 0);
  EXPECT_EQ(v.coverage, 1);

  m.certain = 7e-3;  // the lesion is clipped: what is not known does not count
  v = judge(c, m);
  EXPECT_FALSE(v.curative);
  EXPECT_NEAR(v.missing_margin, 3e-3, 1e-12);
  EXPECT_EQ(v.margin, 7e-3);

  m.certain = 12e-3;  // an untreated island deep inside the target
  c.fraction = 0.99;
  EXPECT_FALSE(judge(c, m).curative);

  const auto palliation = [&](double fraction) {
    c.fraction = fraction;
    return judge(c, m).palliation;
  };
  EXPECT_EQ(palliation(0.8), Palliation::effective);
  EXPECT_EQ(palliation(0.799), Palliation::partly);
  EXPECT_EQ(palliation(0.6), Palliation::partly);
  EXPECT_EQ(palliation(0.599), Palliation::ineffective);
  EXPECT_EQ(palliation(0), Palliation::ineffective);
  EXPECT_STREQ(name(Palliation::partly), "partly effective");
  EXPECT_STREQ(name(Palliation::effective), "effective");
  EXPECT_STREQ(name(Palliation::ineffective), "ineffective");

  m.certain = m.minimal = NAN;  // no lesion
  v = judge(c, m);
  EXPECT_FALSE(v.curative);
  EXPECT_TRUE(std::isnan(v.missing_margin));
  c.fraction = 0.95;
  m.certain = 4e-3;
  EXPECT_TRUE(judge(c, m, {3e-3, 0.9, 0.99, 0.97}).curative);
  EXPECT_EQ(judge(c, m, {3e-3, 0.9, 0.99, 0.97}).palliation, Palliation::ineffective);
}

TEST(EvalVerdict, OfAWholePlan) {
  // Radii in mm on a grid of 2 mm: target 12, lesion 22.4 and 21: only one is 10 mm beyond.
  NodeGeometry g;
  g.nodes = {41, 41, 41};
  g.spacing = 2e-3;
  g.origin = {-40e-3, -40e-3, -40e-3};
  const std::vector<float> f = sample(g, distance_to({0, 0, 0}));
  const FieldSampler sampler(g);
  const Target target(ball({0, 0, 0}, 12e-3), sampler);
  for (const double radius : {22.4e-3, 21e-3, 8e-3}) {
    const Lesion lesion(sampler, {f.data(), radius, Side::below});
    const Verdict v =
        judge(coverage(target.samples(), lesion.criterion()), ablation_margin(target, lesion));
    EXPECT_EQ(v.curative, radius > 22e-3);
    EXPECT_NEAR(v.margin, radius - 12e-3, 0.15 * g.spacing);
    EXPECT_EQ(v.palliation, radius > 12e-3 ? Palliation::effective : Palliation::ineffective);
  }
}

}  // namespace
}  // namespace thermodose::evaluation
