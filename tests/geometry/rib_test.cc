// A piece of a rib: dimensions, volumes after Pappus, closed cortex, lesion.
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "vertebra_keys.h"

namespace thermodose::test {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// Numbers other than the defaults.
AnatomyValues stated() {
  AnatomyValues values;
  values.reals = {
      {"length", 0.09},   {"curvature_radius", 0.1},    {"width", 0.008},   {"height", 0.014},
      {"cortex", 1.2e-3}, {"intercostal_space", 0.012}, {"pleura", 0.4e-3}, {"lung", 0.025}};
  return values;
}

AnatomyValues with_lesion(bool breaks) {
  AnatomyValues values = stated();
  values.sections["lesion"] = {
      {{"diameter", 0.011}}, {{"center", {0.002, 0.001, 0}}}, {}, {{"breaks_cortex", breaks}}, {}};
  return values;
}

TEST(Rib, DimensionsAreAsStated) {
  const Placed a = make_anatomy("rib", stated());
  const auto reach = [&](const std::string& first, const std::string& second, const Vec3& from,
                         const Vec3& along) {
    const auto inside = [&](const Vec3& p) {
      const std::string name = at(*a, p);
      return name == first || (!second.empty() && name == second);
    };
    return leaves(inside, from, along);
  };
  const Vec3 y{0, 1, 0}, z{0, 0, 1};
  EXPECT_NEAR(reach("rib_marrow", "rib_cortex", {}, y), 0.004, 2e-9);
  EXPECT_NEAR(reach("rib_marrow", "rib_cortex", {}, z), 0.007, 2e-9);
  EXPECT_NEAR(reach("rib_marrow", "", {}, y), 0.0028, 2e-9);
  EXPECT_NEAR(reach("rib_marrow", "", {}, z), 0.0058, 2e-9);
  EXPECT_NEAR(reach("intercostal_muscle", "", {0, 0, 0.0071}, z), 0.012 - 1e-4, 2e-9);
  EXPECT_NEAR(reach("intercostal_muscle", "", {0, 0, -0.0071}, -1. * z), 0.012 - 1e-4, 2e-9);
  const Vec3 pleura{0, -0.0042, 0};
  EXPECT_NEAR(reach("pleura", "", pleura, y) + reach("pleura", "", pleura, -1. * y), 0.4e-3, 2e-9);
  EXPECT_NEAR(reach("lung", "", {0, -0.0045, 0}, -1. * y), 0.025 - 1e-4, 2e-9);
  // Along the curved middle line: half the length each way.
  for (const double s : {-0.0449, -0.0451, 0.0449, 0.0451}) {
    const Vec3 p{0.1 * std::sin(s / 0.1), 0.1 * std::cos(s / 0.1) - 0.1, 0};
    EXPECT_EQ(at(*a, p), std::abs(s) < 0.045 ? "rib_cortex" : "") << s;
  }
  EXPECT_EQ(at(*a, {0.1 * std::sin(0.437), 0.1 * std::cos(0.437) - 0.1, 0}), "rib_marrow");
}

TEST(Rib, VolumesAreThoseOfPappus) {
  const Placed a = make_anatomy("rib", stated());
  const double rib = kPi * 4e-3 * 7e-3 * 0.09, marrow = kPi * 2.8e-3 * 5.8e-3 * (0.09 - 2.4e-3);
  EXPECT_NEAR(part(*a, "rib_marrow").volume, marrow, 1e-15);
  EXPECT_NEAR(part(*a, "rib_cortex").volume, rib - marrow, 1e-15);
  const auto sampled = sampled_volumes(*a, a->bounds(), 3000000);
  for (const auto& p : a->parts()) EXPECT_NEAR(sampled.at(p.name) / p.volume, 1, 0.006) << p.name;
}

TEST(Rib, CortexClosesAroundTheMarrow) {
  const Placed a = make_anatomy("rib", stated());
  std::mt19937 random(19);
  std::uniform_real_distribution<double> u(0, 1);
  std::normal_distribution<double> normal;
  const BoundingBox b = a->bounds();
  const Vec3 size = b.upper - b.lower;
  for (int rays = 0; rays < 3000;) {
    Vec3 p = b.lower + Vec3{u(random) * size[0], u(random) * size[1], u(random) * size[2]};
    if (at(*a, p) != "rib_marrow") continue;
    Vec3 d{normal(random), normal(random), normal(random)};
    d = (1 / norm(d)) * d;
    while (at(*a, p) == "rib_marrow") p = p + 0.1e-3 * d;
    ASSERT_EQ(at(*a, p), "rib_cortex");
    ++rays;
  }
}

TEST(Rib, ALesionStaysInTheBoneAndMayBreakIt) {
  const Placed whole = make_anatomy("rib", stated());
  const Placed inside = make_anatomy("rib", with_lesion(false));
  const Placed broken = make_anatomy("rib", with_lesion(true));
  std::mt19937 random(37);
  std::uniform_real_distribution<double> u(-0.01, 0.01);
  int cortex = 0;
  for (int n = 0; n < 100000; ++n) {
    const Vec3 p{u(random), u(random), u(random)};
    const std::string was = at(*whole, p);
    const bool ball = norm(p - Vec3{0.002, 0.001, 0}) <= 0.0055;
    ASSERT_EQ(at(*inside, p), ball && was == "rib_marrow" ? "lesion" : was);
    const bool bone = was == "rib_marrow" || was == "rib_cortex";
    ASSERT_EQ(at(*broken, p), ball && bone ? "lesion" : was);
    cortex += ball && was == "rib_cortex" ? 1 : 0;
  }
  EXPECT_GT(cortex, 100);
  EXPECT_FALSE(std::isnan(part(*inside, "rib_cortex").volume)) << "untouched";
  EXPECT_TRUE(std::isnan(part(*broken, "rib_cortex").volume));
}

TEST(Rib, ChecksCaveatsAndBounds) {
  AnatomyValues values = stated();
  values.reals["cortex"] = 0.004;
  values.reals["lung"] = 0.2;
  values.reals["length"] = 0.4;
  EXPECT_EQ(configure("rib", values)->check().size(), 3U);
  EXPECT_TRUE(make_anatomy("rib", stated())->caveats().empty()) << "everything was stated";
  const Placed a = make_anatomy("rib", {});
  ASSERT_EQ(a->caveats().size(), 1U);
  EXPECT_NE(a->caveats()[0].find("curvature_radius, width, height, cortex"), std::string::npos);
  EXPECT_EQ(make_anatomy("rib", with_lesion(true))->caveats().size(), 1U) << "a stand-in is told";
  const Placed ill = make_anatomy("rib", with_lesion(true));
  for (const auto& p : ill->parts()) {
    const std::string file =
        std::string(THERMODOSE_SOURCE_DIR) + "/materials/" + p.tissue + ".yaml";
    EXPECT_TRUE(std::ifstream(file).good()) << p.tissue;
  }
  values = stated();
  values.reals["length"] = 0.25;  // more than a quarter of a turn each way
  const Placed curved = make_anatomy("rib", values);
  const BoundingBox b = curved->bounds();
  const double end = 0.1249 / 0.1;
  const Vec3 p{0.104 * std::sin(end) * 0.9999, 0.104 * std::cos(end) - 0.1, 0};
  EXPECT_NE(at(*curved, p), "");
  EXPECT_NEAR(b.upper[0], 0.104 * std::sin(1.25), 1e-12);
}

}  // namespace
}  // namespace thermodose::test
