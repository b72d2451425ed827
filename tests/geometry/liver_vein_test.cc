// A lesion beside a hepatic vein: gap, wall, branch, volumes.
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "vertebra_keys.h"

namespace thermodose::test {
namespace {

constexpr double kPi = 3.14159265358979323846;

AnatomyValues beside(double distance) {
  AnatomyValues values;
  values.sections["lesion"].reals = {{"diameter", 0.03}};
  values.sections["vein"].reals = {{"diameter", 0.008}, {"wall", 0.6e-3}, {"distance", distance}};
  return values;
}

AnatomyValues with_branch() {
  AnatomyValues values = beside(0.004);
  values.sections["branch"].reals = {
      {"diameter", 0.005}, {"angle", 50 * kPi / 180}, {"at", -0.006}, {"length", 0.03}};
  return values;
}

TEST(LiverVein, GapWallAndDiametersAreAsStated) {
  for (const double distance : {0.0, 0.002, 0.01}) {
    const Placed a = make_anatomy("liver_vein", beside(distance));
    const auto is = [&](const std::string& name) {
      return [&a, name](const Vec3& p) { return at(*a, p) == name; };
    };
    const Vec3 x{1, 0, 0};
    const double lesion = leaves(is("lesion"), {}, x);
    EXPECT_NEAR(lesion, 0.015, 2e-9);
    const Vec3 axis{0.015 + distance + 0.6e-3 + 0.004, 0, 0};
    ASSERT_EQ(at(*a, axis), "hepatic_vein");
    EXPECT_NEAR(leaves(is("hepatic_vein"), axis, -1. * x), 0.004, 2e-9);
    const Vec3 wall = axis + Vec3{0, 0.0043, 0};
    ASSERT_EQ(at(*a, wall), "vein_wall");
    EXPECT_NEAR(
        leaves(is("vein_wall"), wall, {0, 1, 0}) + leaves(is("vein_wall"), wall, {0, -1, 0}),
        0.6e-3, 2e-9);
    if (distance > 0) {
      EXPECT_EQ(at(*a, {0.015 + distance / 2, 0, 0}), "") << "liver is the background";
    }
  }
}

TEST(LiverVein, VolumesAreExact) {
  AnatomyValues values = beside(0.003);
  values.sections["lesion"].reals.clear();
  values.sections["lesion"].points = {{"semi_axes", {0.01, 0.015, 0.02}}};
  const Placed a = make_anatomy("liver_vein", values);
  EXPECT_NEAR(part(*a, "lesion").volume, 4. / 3. * kPi * 3e-6, 1e-15);
  EXPECT_NEAR(part(*a, "hepatic_vein").volume, kPi * 16e-6 * 0.08, 1e-15);
  EXPECT_NEAR(part(*a, "vein_wall").volume, kPi * (4.6 * 4.6 - 16) * 1e-6 * 0.08, 1e-15);
  const auto sampled = sampled_volumes(*a, a->bounds(), 2000000);
  for (const auto& p : a->parts()) EXPECT_NEAR(sampled.at(p.name) / p.volume, 1, 0.005) << p.name;
}

// From any point of the blood outwards there is wall, at least as thick as stated, except at the
// ends of the modelled piece.
TEST(LiverVein, TheWallClosesAroundTheBranch) {
  const Placed a = make_anatomy("liver_vein", with_branch());
  EXPECT_TRUE(std::isnan(part(*a, "hepatic_vein").volume));
  std::mt19937 random(13);
  std::uniform_real_distribution<double> u(0, 1);
  std::normal_distribution<double> normal;
  const BoundingBox b = a->bounds();
  const Vec3 size = b.upper - b.lower;
  const Vec3 along{0, std::sin(50 * kPi / 180), std::cos(50 * kPi / 180)};
  const Vec3 fork{0.015 + 0.004 + 0.6e-3 + 0.004, 0, -0.006};
  int rays = 0;
  while (rays < 3000) {
    Vec3 p = b.lower + Vec3{u(random) * size[0], u(random) * size[1], u(random) * size[2]};
    if (at(*a, p) != "hepatic_vein") continue;
    Vec3 d{normal(random), normal(random), normal(random)};
    d = (1 / norm(d)) * d;
    while (at(*a, p) == "hepatic_vein") p = p + 0.05e-3 * d;
    const bool end = std::abs(p[2]) > 0.0399 || dot(p - fork, along) > 0.0299;
    if (!end) {
      ASSERT_EQ(at(*a, p), "vein_wall");
    }
    ++rays;
  }
  // The branch keeps the gap, and the box holds it.
  for (int n = 0; n < 200000; ++n) {
    const Vec3 p{u(random) * 0.06 - 0.02, u(random) * 0.06 - 0.02, u(random) * 0.1 - 0.05};
    const std::string name = at(*a, p);
    if (!name.empty() && name != "lesion") {
      ASSERT_GE(p[0], 0.019 - 1e-12);
    }
  }
  EXPECT_EQ(at(*a, fork + 0.0299 * along), "hepatic_vein");
  EXPECT_EQ(at(*a, fork + 0.0301 * along), "");
}

TEST(LiverVein, ChecksAndCaveats) {
  AnatomyValues values = with_branch();
  values.sections["branch"].reals["diameter"] = 0.009;
  values.sections["branch"].reals["at"] = 0.05;
  values.sections["lesion"].points = {{"semi_axes", {0.01, 0.01, 0.01}}};
  EXPECT_EQ(configure("liver_vein", values)->check().size(), 3U);
  EXPECT_TRUE(make_anatomy("liver_vein", beside(0))->caveats().empty()) << "the wall was stated";
  values = beside(0);
  values.sections["vein"].reals.erase("wall");
  const Placed a = make_anatomy("liver_vein", values);
  ASSERT_EQ(a->caveats().size(), 1U);
  EXPECT_NE(a->caveats()[0].find("vein.wall"), std::string::npos);
  for (const auto& p : a->parts()) {
    const std::string file =
        std::string(THERMODOSE_SOURCE_DIR) + "/materials/" + p.tissue + ".yaml";
    EXPECT_TRUE(std::ifstream(file).good()) << p.tissue;
  }
}

}  // namespace
}  // namespace thermodose::test
