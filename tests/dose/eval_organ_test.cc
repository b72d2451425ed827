// Tests of the watch over organs.
#include "dose/eval_organ.h"

#include <gtest/gtest.h>

#include <cmath>

#include "eval_fixture.h"

namespace thermodose::evaluation {
namespace {

const SafeBand kBand{283.15, 318.15};

TEST(EvalOrgan, ExtremesWithPlaceAndTime) {
  // T falls towards -x: the coldest point of a ball is on its surface there, the hottest opposite,
  // between nodes. The gradient grows until 40 s and vanishes after.
  for (const int kind : {0, 1, 2}) {
    const Octree tree(10, 0.5);
    const NodeGeometry g = kind == 0   ? cube(20)
                           : kind == 1 ? as_mesh(cube(20), bend)
                                       : tree.geometry;
    const FieldSampler sampler(g);
    OrganWatch watch(ball(kCentre, 0.4), sampler, kBand);
    for (const double time : {0.0, 10.0, 20.0, 40.0, 60.0}) {
      const double slope = time <= 40 ? time : 0;
      const std::vector<float> t = sample(g, [=](const Vec3& p) { return 310 + slope * p[0]; });
      watch.instant(time, t.data());
    }
    const std::vector<float> low = sample(g, [](const Vec3& p) { return 310 + 45 * p[0]; });
    const std::vector<float> high = sample(g, [](const Vec3& p) { return 310 + 40 * p[0]; });
    const OrganReport r = watch.report(low.data(), high.data());
    EXPECT_NEAR(r.volume, ball_volume(0.4), 3e-3 * ball_volume(0.4));
    EXPECT_NEAR(r.coldest.value, 310 + 40 * (kCentre[0] - 0.4), 0.05) << kind;
    EXPECT_EQ(r.coldest.time, 40);
    EXPECT_NEAR(r.coldest.place[0], kCentre[0] - 0.4, 2e-3);
    EXPECT_NEAR(r.hottest.value, 310 + 40 * (kCentre[0] + 0.4), 0.05);
    EXPECT_EQ(r.hottest.time, 40);
    EXPECT_NEAR(r.hottest.place[0], kCentre[0] + 0.4, 2e-3);
    EXPECT_NEAR(r.coldest_ever.value, 310 + 45 * (kCentre[0] - 0.4), 0.06);
    EXPECT_TRUE(std::isnan(r.coldest_ever.time));
    EXPECT_NEAR(r.hottest_ever.value, r.hottest.value, 1e-3);
  }
}

TEST(EvalOrgan, ANodeInsideMayBeTheColdest) {
  // A needle's node in the organ, its neighbours warm.
  const NodeGeometry g = cube(20);
  const FieldSampler sampler(g);
  OrganWatch watch(ball({0.03, 0, 0}, 0.4), sampler, kBand);
  std::vector<float> t(g.size(), 310.0F);
  const std::size_t node = 8 + 21 * (11 + 21 * 9);  // (-0.2, 0.1, -0.1)
  t[node] = 200.0F;
  t[0] = 100.0F;  // outside the organ
  watch.instant(5, t.data());
  const OrganReport r = watch.report(t.data(), t.data());
  EXPECT_EQ(r.coldest.value, 200);
  EXPECT_NEAR(norm(r.coldest.place - Vec3{-0.2, 0.1, -0.1}), 0, 1e-12);
  EXPECT_EQ(r.hottest.value, 310);
}

TEST(EvalOrgan, TheCornerOfABoxIsFound) {
  // The lattice of a box has no point at its corners; the extremes are there.
  for (const int kind : {0, 1, 2}) {
    const Octree tree(10, 0.5);
    const NodeGeometry g = kind == 0   ? cube(20)
                           : kind == 1 ? as_mesh(cube(20), bend)
                                       : tree.geometry;
    const FieldSampler sampler(g);
    const Vec3 half{0.37, 0.23, 0.31};
    OrganWatch watch(box_of(-1 * half, half), sampler, kBand);
    const std::vector<float> t =
        sample(g, [](const Vec3& p) { return 310 + 40 * (p[0] - p[1] + p[2]); });
    watch.instant(7, t.data());
    const OrganReport r = watch.report(t.data(), t.data());
    const double depth = 40 * (half[0] + half[1] + half[2]);
    EXPECT_NEAR(r.coldest.value, 310 - depth, 0.03) << kind;  // half of it is the bent cells'
    EXPECT_NEAR(r.hottest.value, 310 + depth, 0.03) << kind;
    EXPECT_NEAR(norm(r.coldest.place - Vec3{-half[0], half[1], -half[2]}), 0, 1e-3);
    EXPECT_NEAR(norm(r.hottest.place - Vec3{half[0], -half[1], half[2]}), 0, 1e-3);
    EXPECT_NEAR(r.coldest_ever.value, r.coldest.value, 1e-3);
  }
}

TEST(EvalOrgan, CornersThatAreToldBeatTheLattice) {
  // Two steps: a lattice point lies nearer to the colder end of the first, the second is colder.
  const NodeGeometry g = cube(20);
  const FieldSampler sampler(g);
  Structure organ = box_of({-0.5, -0.2, -0.2}, {0.5, 0.2, 0.2});
  const Vec3 spike{0.333, 0.217, 0.011};
  organ.inside = [=, box = organ.inside](const Vec3& p) {
    return box(p) || norm(p - spike) < 1e-6;
  };
  organ.corners = [=](const BoundingBox&, double) { return std::vector<Vec3>{spike}; };
  OrganWatch watch(organ, sampler, kBand);
  const std::vector<float> t = sample(g, [](const Vec3& p) { return 310 - 100 * p[1]; });
  watch.instant(7, t.data());
  EXPECT_NEAR(watch.report(t.data(), t.data()).coldest.value, 310 - 21.7, 1e-3);
}

TEST(EvalOrgan, VolumesOfStepsAreExact) {
  // Steps 0.07 wide that do not fit the cells, cut by the domain: [-1, 1]^3.
  const NodeGeometry g = cube(20);
  const FieldSampler sampler(g);
  Structure steps;
  steps.bounds = {{0.495, -0.3, -0.3}, {1.405, 0.47, 0.33}};
  steps.planes = PlaneGrid{{0.495, -0.3, -0.3}, {0.07, 0.07, 0.07}};
  const auto at = [](const Vec3& p) {
    std::array<int, 3> n{};
    for (std::size_t d = 0; d < 3; ++d)
      n[d] = int(std::floor((p[d] - (d == 0 ? 0.495 : -0.3)) / 0.07));
    return n;
  };
  const auto full = [](const std::array<int, 3>& n) {
    return n[0] >= 0 && n[0] < 13 && n[1] >= 0 && n[1] < 11 && n[2] >= 0 && n[2] < 9 &&
           (n[0] * 7 + n[1] * 5 + n[2] * 3) % 4 == 0;
  };
  steps.inside = [=](const Vec3& p) { return full(at(p)); };
  double whole = 0;
  double inside = 0;
  for (int i = 0; i < 13; ++i)
    for (int j = 0; j < 11; ++j)
      for (int k = 0; k < 9; ++k) {
        if (!full({i, j, k})) continue;
        whole += std::pow(0.07, 3);
        inside += 0.07 * 0.07 * std::max(0.0, std::min(0.07, 1 - (0.495 + 0.07 * i)));
      }
  const SampledStructure samples(steps, sampler);
  EXPECT_NEAR(samples.volume(), whole, 1e-4 * whole);
  EXPECT_NEAR(samples.volume_in_domain(), inside, 1e-4 * inside);
}

TEST(EvalOrgan, VolumesOutsideTheBand) {
  // 310 + 100 x in a box: below 283.15 where x < -0.2685, above 318.15 where x > 0.0815.
  const NodeGeometry g = cube(20);
  const FieldSampler sampler(g);
  OrganWatch watch(box_of({-0.5, -0.2, -0.2}, {0.5, 0.2, 0.2}), sampler, kBand);
  const std::vector<float> t = sample(g, [](const Vec3& p) { return 310 + 100 * p[0]; });
  const OrganReport r = watch.report(t.data(), t.data());
  EXPECT_NEAR(r.cold_volume, (0.5 - 0.2685) * 0.16, 1e-5);
  EXPECT_NEAR(r.hot_volume, (0.5 - 0.0815) * 0.16, 1e-5);
  EXPECT_TRUE(std::isnan(r.coldest.value));  // no instant was seen
  EXPECT_TRUE(std::isnan(r.first_outside));
}

/// Reports of a ball at uniform temperatures over time.
OrganReport history(const std::vector<std::pair<double, double>>& points) {
  const NodeGeometry g = cube(8);
  const FieldSampler sampler(g);
  OrganWatch watch(ball({0, 0, 0}, 0.3), sampler, kBand);
  const std::vector<float> still(g.size(), 310.0F);
  for (const auto& [time, kelvin] : points) {
    const std::vector<float> t(g.size(), static_cast<float>(kelvin));
    watch.instant(time, t.data());
  }
  return watch.report(still.data(), still.data());
}

TEST(EvalOrgan, TimeOutsideTheBandIsLinearBetweenInstants) {
  // 303.15 -> 263.15 in 40 s: below 283.15 from 20 s on; back to 303.15 by 60 s: until 50 s. Then
  // up to 328.15 by 85 s: above 318.15 from 75 s on.
  const OrganReport r = history({{0, 303.15}, {40, 263.15}, {60, 303.15}, {85, 328.15}});
  EXPECT_NEAR(r.time_below, 30, 1e-3);
  EXPECT_NEAR(r.time_above, 10, 1e-3);
  EXPECT_NEAR(r.time_outside, 40, 1e-3);
  EXPECT_NEAR(r.first_outside, 20, 1e-3);
  EXPECT_EQ(r.coldest.time, 40);
  EXPECT_EQ(r.hottest.time, 85);
  const OrganReport safe = history({{0, 310}, {100, 300}, {200, 315}});
  EXPECT_EQ(safe.time_outside, 0);
  EXPECT_TRUE(std::isnan(safe.first_outside));
  EXPECT_EQ(safe.cold_volume, 0);
  const OrganReport edge = history({{0, 318.15}, {10, 283.15}});
  EXPECT_NEAR(edge.time_outside, 0, 1e-3);  // the ends of the band are inside
  EXPECT_NEAR(history({{0, 308.15}, {10, 328.15}}).first_outside, 5, 1e-3);  // hot
  // Not half way: 293.15 -> 253.15 is below 283.15 after a quarter.
  EXPECT_NEAR(history({{0, 293.15}, {40, 253.15}}).first_outside, 10, 1e-3);
  const OrganReport from_start = history({{3, 250}, {5, 250}});
  EXPECT_EQ(from_start.first_outside, 3);
  EXPECT_NEAR(from_start.time_below, 2, 1e-9);
}

TEST(EvalOrgan, ColdAndHotAtOnceCountOnce) {
  const NodeGeometry g = cube(16);
  const FieldSampler sampler(g);
  OrganWatch watch(box_of({-0.5, -0.1, -0.1}, {0.5, 0.1, 0.1}), sampler, kBand);
  const std::vector<float> warm(g.size(), 310.0F);
  const std::vector<float> both = sample(g, [](const Vec3& p) { return 310 + 200 * p[0]; });
  watch.instant(0, both.data());
  watch.instant(10, both.data());
  watch.instant(20, both.data());
  const OrganReport r = watch.report(both.data(), both.data());
  EXPECT_NEAR(r.time_below, 20, 1e-9);
  EXPECT_NEAR(r.time_above, 20, 1e-9);
  EXPECT_NEAR(r.time_outside, 20, 1e-9);
}

TEST(EvalOrgan, SmallerThanACellAndOutside) {
  const NodeGeometry g = cube(10);
  const FieldSampler sampler(g);
  const std::vector<float> t = sample(g, [](const Vec3& p) { return 310 + 10 * p[1]; });
  OrganWatch nerve(ball({0.07, 0.09, 0.11}, 0.01), sampler, kBand);  // no node inside
  nerve.instant(1, t.data());
  EXPECT_NEAR(nerve.report(t.data(), t.data()).coldest.value, 310.8, 1e-2);
  OrganWatch away(ball({3, 0, 0}, 0.5), sampler, kBand);
  away.instant(1, t.data());
  const OrganReport r = away.report(t.data(), t.data());
  EXPECT_TRUE(std::isnan(r.coldest.value));
  EXPECT_TRUE(std::isnan(r.hottest_ever.value));
  EXPECT_EQ(r.time_outside, 0);
  EXPECT_GT(r.volume, 0);
  EXPECT_EQ(r.in_domain, 0);
  // Half inside: only that half is watched.
  OrganWatch half(ball({0, 1, 0}, 0.4), sampler, kBand);
  half.instant(1, t.data());
  EXPECT_NEAR(half.report(t.data(), t.data()).hottest.value, 320, 0.1);
}

TEST(EvalOrgan, Axisymmetric) {
  const NodeGeometry g = half_plane(20, 0.04);
  const FieldSampler sampler(g);
  const std::vector<float> t = sample(g, [](const Vec3& p) { return 300 + 20 * p[0] + 5 * p[2]; });
  const Structure ring{{{-0.6, -0.6, -0.1}, {0.6, 0.6, 0.3}}, [](const Vec3& p) {
                         return p[0] >= 0.4 && p[0] <= 0.6 && p[2] >= -0.1 && p[2] <= 0.3;
                       }};
  OrganWatch watch(ring, sampler, {308, 312});
  watch.instant(2, t.data());
  const OrganReport r = watch.report(t.data(), t.data());
  EXPECT_NEAR(r.coldest.value, 307.5, 0.1);
  EXPECT_NEAR(r.hottest.value, 313.5, 0.1);
  EXPECT_NEAR(r.coldest.place[0], 0.4, 0.01);
  EXPECT_NEAR(r.hottest.place[2], 0.3, 0.02);
  EXPECT_NEAR(r.volume, kPi * 0.2 * 0.4, 1e-4);
}

}  // namespace
}  // namespace thermodose::evaluation
