// Tests of the whole evaluation against brute force on random shapes: unions of balls for target
// and lesion, their surfaces as dense points on the exact spheres, volumes by counting points.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "dose/eval_margin.h"
#include "dose/eval_volume.h"
#include "eval_fixture.h"

namespace thermodose::evaluation {
namespace {

/// Points of the surface of a union of balls, `count` per ball before those inside others go.
std::vector<Vec3> surface_points(const Balls& balls, int count) {
  std::vector<Vec3> points;
  for (const auto& [centre, radius] : balls.parts) {
    for (int i = 0; i < count; ++i) {  // Fibonacci's lattice on the sphere
      const double z = 1 - (2 * i + 1.0) / count;
      const double angle = i * kPi * (3 - std::sqrt(5.0));
      const double r = std::sqrt(1 - z * z);
      const Vec3 p = centre + radius * Vec3{r * std::cos(angle), r * std::sin(angle), z};
      if (balls.distance(p) > -1e-9) points.push_back(p);
    }
  }
  return points;
}

double nearest(const Vec3& p, const std::vector<Vec3>& points) {
  double least = std::numeric_limits<double>::infinity();
  for (const Vec3& q : points) {
    const Vec3 d = p - q;
    least = std::min(least, dot(d, d));
  }
  return std::sqrt(least);
}

/// Margin of p: exact outside (a union of balls is nearest at one of them) and where the nearest
/// point is on a sphere; to the spacing of the dense points where it is on a crease.
double margin_of(const Vec3& p, const Balls& lesion, const std::vector<Vec3>& on_lesion) {
  if (lesion.distance(p) > 0) return -lesion.distance(p);
  double least = nearest(p, on_lesion);
  for (const auto& [centre, radius] : lesion.parts) {
    const Vec3 q = centre + (radius / norm(p - centre)) * (p - centre);
    if (lesion.distance(q) > -1e-9) least = std::min(least, norm(p - q));
  }
  return least;
}

struct Reference {
  double minimal = 1e9, hausdorff = 0;
  double target = 0, covered = 0, beside = 0, beyond = 0;
};

Reference brute_force(const Balls& target, const Balls& lesion, double wanted) {
  Reference r;
  const std::vector<Vec3> on_target = surface_points(target, 2500);
  const std::vector<Vec3> on_lesion = surface_points(lesion, 6000);
  for (const Vec3& p : on_target) {
    const double margin = margin_of(p, lesion, on_lesion);
    r.minimal = std::min(r.minimal, margin);
    r.hausdorff = std::max(r.hausdorff, std::abs(margin));
  }
  for (std::size_t i = 0; i < on_lesion.size(); i += 3)
    r.hausdorff = std::max(r.hausdorff, nearest(on_lesion[i], on_target));
  const int n = 140;
  const double part = 8.0 / n / n / n;
  for (int s = 0; s < n * n * n; ++s) {
    const Vec3 p{-1 + 2 * (s % n + 0.5) / n, -1 + 2 * (s / n % n + 0.5) / n,
                 -1 + 2 * (s / n / n + 0.5) / n};
    const bool in_target = target.distance(p) <= 0;
    const bool in_lesion = lesion.distance(p) <= 0;
    r.target += in_target ? part : 0;
    r.covered += in_target && in_lesion ? part : 0;
    r.beside += in_lesion && !in_target ? part : 0;
    // outside a union of balls the distance is that to the nearest of them
    r.beyond += in_lesion && target.distance(p) > wanted ? part : 0;
  }
  return r;
}

Balls random_balls(std::mt19937& random, double least, double most, double spread) {
  std::uniform_real_distribution<double> unit(0, 1);
  Balls balls;
  const Vec3 middle{0.2 * unit(random) - 0.1, 0.2 * unit(random) - 0.1, 0.2 * unit(random) - 0.1};
  for (int i = 0; i < 3; ++i) {
    Vec3 c = middle;
    for (double& x : c) x += spread * (2 * unit(random) - 1);
    balls.parts.emplace_back(c, least + (most - least) * unit(random));
  }
  return balls;
}

TEST(EvalRandom, MarginsAndVolumesAgreeWithBruteForce) {
  std::mt19937 random(2024);
  for (int trial = 0; trial < 8; ++trial) {
    const Balls target = random_balls(random, 0.15, 0.3, 0.15);
    const Balls lesion = random_balls(random, 0.3, 0.5, 0.2);
    const bool octree = trial % 2 == 1;
    const Octree tree(octree ? 24 : 2, 0.6);
    const NodeGeometry g = octree ? tree.geometry : cube(48);
    const Profile f = [&](const Vec3& p) { return lesion.distance(p); };
    const std::vector<float> values = octree ? tree.sample(f) : sample(g, f);
    const double cell = 2.0 / 48;
    const Reference expected = brute_force(target, lesion, 0.08);

    const FieldSampler sampler(g);
    const Target t(target.structure(), sampler);
    const Lesion l(sampler, {values.data(), 0, Side::below});
    const MarginReport m = ablation_margin(t, l);
    // Smooth: below 0.05 cells; creases of the lesion are rounded by linear interpolation.
    EXPECT_NEAR(m.minimal, expected.minimal, 0.15 * cell) << trial;
    EXPECT_NEAR(m.hausdorff, expected.hausdorff, 0.15 * cell) << trial;
    const Coverage c = coverage(t.samples(), l.criterion());
    EXPECT_NEAR(c.volume, expected.target, 0.005 * expected.target) << trial;
    EXPECT_NEAR(c.covered, expected.covered, 0.01 * expected.target) << trial;
    EXPECT_NEAR(residual(t.samples(), l.criterion()).volume, expected.target - expected.covered,
                0.01 * expected.target);
    const Overtreatment o = overtreatment(l, t, 0.08);
    EXPECT_NEAR(o.outside_target, expected.beside, 0.015 * o.lesion) << trial;
    EXPECT_NEAR(o.outside_margin, expected.beyond, 0.015 * o.lesion) << trial;
  }
}

}  // namespace
}  // namespace thermodose::evaluation
