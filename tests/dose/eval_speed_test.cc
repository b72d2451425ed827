// The whole evaluation of a plan on a grid of a million nodes, one target, three organs: processor
// time against a limit five times what it takes on one core of the development machine.
#include <gtest/gtest.h>

#include <cmath>
#include <ctime>

#include "dose/eval_margin.h"
#include "dose/eval_organ.h"
#include "dose/eval_verdict.h"
#include "dose/eval_volume.h"
#include "eval_fixture.h"

namespace thermodose::evaluation {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kLimit = 20;
#else
constexpr double kLimit = 1;
#endif

TEST(EvalSpeed, AMillionNodes) {
  NodeGeometry g;
  g.nodes = {101, 101, 101};
  g.spacing = 1e-3;
  g.origin = {-50e-3, -50e-3, -50e-3};
  const Vec3 centre = 1e-3 * kCentre;
  const std::vector<float> t = sample(g, [&](const Vec3& p) {
    return 310.15 - 60 * std::exp(-std::pow(norm(p - centre) / 22e-3, 2));
  });
  const std::vector<float> warm(t.size(), 310.15F);

  const std::clock_t begin = std::clock();
  const FieldSampler sampler(g);
  const Target target(ball({2e-3, 0, 0}, 15e-3), sampler);
  const Lesion lethal(sampler, {t.data(), 290.15, Side::below});
  const Lesion visible(sampler, {t.data(), 300.15, Side::below});
  const Coverage c = coverage(target.samples(), lethal.criterion());
  const StructureField field(target.samples(), t.data());
  std::vector<double> edges;
  for (int i = 0; i <= 100; ++i) edges.push_back(250 + 0.6 * i);
  const Histogram h = field.histogram(edges);
  const double d95 = field.level_of(0.95, Side::below);
  const Residual r = residual(target.samples(), lethal.criterion());
  const MarginReport m = ablation_margin(target, lethal);
  const Overtreatment o = overtreatment(lethal, target, 5e-3);
  const LesionShape s = lesion_shape(lethal, {0, 0, 0}, {0, 0, 1});
  const Rim edge = rim(lethal, visible);
  const Verdict v = judge(c, m);
  OrganWatch organs[3] = {
      {ball({30e-3, 0, 0}, 15e-3), sampler, {283.15, 318.15}},
      {box_of({-45e-3, -40e-3, -45e-3}, {-20e-3, 40e-3, 45e-3}), sampler, {283.15, 318.15}},
      {ellipsoid({0, 35e-3, 0}, {6e-3, 6e-3, 49e-3}), sampler, {283.15, 318.15}}};
  std::vector<OrganReport> reports;
  for (OrganWatch& organ : organs) {
    for (int i = 0; i < 10; ++i) organ.instant(i, t.data());
    reports.push_back(organ.report(t.data(), warm.data()));
  }
  const double seconds = double(std::clock() - begin) / CLOCKS_PER_SEC;
  RecordProperty("milliseconds", int(1e3 * seconds));
  EXPECT_LT(seconds, kLimit);

  // and it is right: 60 exp(-(r / 22)^2) = 20 and 10 at 23.06 and 29.45 mm
  const double lethal_radius = 22e-3 * std::sqrt(std::log(3.0));
  const double visible_radius = 22e-3 * std::sqrt(std::log(6.0));
  EXPECT_NEAR(m.minimal, lethal_radius - 17e-3, 0.05e-3);
  EXPECT_NEAR(c.fraction, 1, 1e-9);
  EXPECT_EQ(r.pieces, 0U);
  EXPECT_NEAR(h.below.back(), target.samples().volume(), 1e-12);
  EXPECT_NEAR(d95, 310.15 - 60 * std::exp(-std::pow(16e-3 / 22e-3, 2)), 1);
  EXPECT_NEAR(o.outside_target / (ball_volume(lethal_radius) - ball_volume(15e-3)), 1, 0.01);
  EXPECT_NEAR(s.width, 2 * lethal_radius, 0.1e-3);
  EXPECT_NEAR(edge.mean, visible_radius - lethal_radius, 0.05e-3);
  EXPECT_FALSE(v.curative);
  EXPECT_NEAR(reports[0].coldest.value, 310.15 - 60 * std::exp(-std::pow(15.0 / 22, 2)), 0.3);
  EXPECT_EQ(reports[1].cold_volume, 0);
}

}  // namespace
}  // namespace thermodose::evaluation
