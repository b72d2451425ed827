// The vertebra as a whole, for every level: closed cortex, nested canal, symmetry, lesion, pose.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <set>

#include "base/error.h"
#include "geometry/vertebra_table.h"
#include "vertebra_keys.h"

namespace thermodose::test {
namespace {

constexpr double kPi = 3.14159265358979323846;
const std::string kSource = THERMODOSE_SOURCE_DIR;

const std::set<std::string> kCortex{"cortical_shell",  "posterior_wall", "upper_end_plate",
                                    "lower_end_plate", "pedicle_cortex", "arch_cortex"};
const std::set<std::string> kMarrow{"cancellous_bone", "pedicle_cancellous", "arch_cancellous",
                                    "lesion"};

AnatomyValues of(const std::string& level) { return {{}, {}, {{"level", level}}, {}, {}}; }

AnatomyValues with_lesion(const std::string& level, const Vec3& center, double diameter,
                          bool defect) {
  AnatomyValues values = of(level);
  values.sections["lesion"] = {
      {{"diameter", diameter}}, {{"center", center}}, {}, {{"posterior_wall_defect", defect}}, {}};
  return values;
}

VertebraDimensions dimensions(const std::string& level) {
  const VertebraTable table = read_vertebra_table(kSource + "/meshes/thoracolumbar.yaml");
  const auto& levels = vertebra_levels();
  return table.levels[std::size_t(std::find(levels.begin(), levels.end(), level) - levels.begin())];
}

Vec3 direction(std::mt19937& random) {
  std::normal_distribution<double> normal;
  const Vec3 v{normal(random), normal(random), normal(random)};
  return (1 / norm(v)) * v;
}

Vec3 point_in(const BoundingBox& box, std::mt19937& random) {
  std::uniform_real_distribution<double> u(0, 1);
  Vec3 p{};
  for (int i = 0; i < 3; ++i) p[i] = box.lower[i] + u(random) * (box.upper[i] - box.lower[i]);
  return p;
}

/// Walks from a point in the marrow along a ray. The first part that is neither marrow nor lesion.
std::string first_outside(const PlacedAnatomy& v, Vec3 p, const Vec3& along) {
  std::string name = at(v, p);
  while (kMarrow.count(name) > 0) {
    p = p + 0.04e-3 * along;  // a sixth of the thinnest cortex
    name = at(v, p);
  }
  return name;
}

class Levels : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(All, Levels, testing::ValuesIn(vertebra_levels()),
                         [](const auto& test) { return test.param; });

TEST_P(Levels, PartsHaveTissuesOfTheLibrary) {
  const Placed v = make_anatomy("vertebra", with_lesion(GetParam(), {}, 0.01, false));
  std::set<std::string> names;
  for (const auto& p : v->parts()) {
    EXPECT_TRUE(names.insert(p.name).second) << p.name;
    EXPECT_TRUE(std::ifstream(kSource + "/materials/" + p.tissue + ".yaml").good()) << p.tissue;
  }
  const std::string level = GetParam();
  EXPECT_EQ(names.count("psoas") > 0, level[0] == 'L');
  EXPECT_EQ(names.count("vena_cava") > 0, level[0] == 'L');
  EXPECT_EQ(names.count("aorta") > 0, level != "L5");
  EXPECT_EQ(names.count("spinal_cord") > 0, level[0] == 'T' || level == "L1" || level == "L2");
  EXPECT_EQ(names.count("cauda_equina") > 0, level != "T10") << "it begins at the top of L1";
}

// Every ray that leaves the marrow meets cortex first.
TEST_P(Levels, CortexHasNoGaps) {
  const Placed v = make_anatomy("vertebra", of(GetParam()));
  std::mt19937 random(11);
  std::map<std::string, int> met;
  for (int rays = 0; rays < 6000;) {
    const Vec3 p = point_in(v->bounds(), random);
    if (kMarrow.count(at(*v, p)) == 0) continue;
    const std::string met_first = first_outside(*v, p, direction(random));
    ASSERT_EQ(kCortex.count(met_first), 1U)
        << met_first << " from " << at(*v, p) << " at " << p[0] << " " << p[1] << " " << p[2];
    ++met[met_first];
    ++rays;
  }
  EXPECT_EQ(met.size(), kCortex.size()) << "every piece of cortex was met";
}

// From the axis of the sac outwards: nerve tissue, fluid, dura, fat, and nothing out of order.
TEST_P(Levels, CordInFluidInDuraInCanal) {
  const Placed v = make_anatomy("vertebra", of(GetParam()));
  const VertebraDimensions d = dimensions(GetParam());
  const double front = -d.body_depth / 2;
  const double sac = d.canal_depth - d.epidural_anterior - d.epidural_posterior;
  const double y = front - d.epidural_anterior - sac / 2;
  const std::vector<std::string> order{"spinal_cord", "cauda_equina", "csf", "dura",
                                       "epidural_fat"};
  for (double z = -0.0449; z < 0.045; z += 0.0067) {
    for (int k = 0; k < 36; ++k) {
      const Vec3 along{std::cos(k * kPi / 18), std::sin(k * kPi / 18), 0};
      std::map<std::string, double> thickness;
      std::size_t last = 0;
      const double step = 0.01e-3;
      for (double r = 0; r < 0.5 * d.canal_width; r += step) {
        std::string name = at(*v, Vec3{0, y, z} + r * along);
        if (name == "nerve_roots") name = "epidural_fat";  // roots cross the fat
        const auto found = std::find(order.begin(), order.end(), name);
        if (found == order.end()) break;
        const auto index = std::size_t(found - order.begin());
        ASSERT_GE(index, last) << name << " outside " << order[last];
        last = index;
        thickness[name] += step;
      }
      EXPECT_GT(thickness["spinal_cord"] + thickness["cauda_equina"], 0.5e-3) << z;
      EXPECT_GT(thickness["csf"], 0.5e-3) << z;
      EXPECT_GT(thickness["epidural_fat"], 0.5e-3) << z;
      EXPECT_GT(thickness["dura"], 0.95 * d.dura_thickness - step) << z << " " << k;
    }
  }
}

TEST_P(Levels, LeftIsLikeRight) {
  const Placed v = make_anatomy("vertebra", of(GetParam()));
  std::mt19937 random(5);
  for (int n = 0; n < 100000; ++n) {
    const Vec3 p = point_in(v->bounds(), random);
    const std::string here = at(*v, p), there = at(*v, {-p[0], p[1], p[2]});
    if (here == "aorta" || here == "vena_cava" || there == "aorta" || there == "vena_cava") {
      continue;
    }
    ASSERT_EQ(here, there) << p[0] << " " << p[1] << " " << p[2];
  }
}

TEST_P(Levels, BoundsHoldEverything) {
  const Placed v = make_anatomy("vertebra", of(GetParam()));
  const BoundingBox b = v->bounds();
  // Just inside each face there is something, somewhere; outside nothing.
  std::mt19937 random(7);
  BoundingBox wide = b;
  for (int i = 0; i < 3; ++i) {
    wide.lower[i] -= 0.02;
    wide.upper[i] += 0.02;
  }
  Vec3 low{1, 1, 1}, high{-1, -1, -1};
  for (int n = 0; n < 400000; ++n) {
    const Vec3 p = point_in(wide, random);
    if (v->part_at(p) < 0) continue;
    for (int i = 0; i < 3; ++i) {
      low[i] = std::min(low[i], p[i]);
      high[i] = std::max(high[i], p[i]);
    }
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_GE(low[i], b.lower[i]);
    EXPECT_LE(high[i], b.upper[i]);
    EXPECT_LT(low[i] - b.lower[i], 0.003) << "the box is tight, axis " << i;
    EXPECT_LT(b.upper[i] - high[i], 0.003) << "the box is tight, axis " << i;
  }
}

// RAS: x to the right, y anterior, z cranial.
TEST(Vertebra, SidesAreThePatients) {
  const Placed v = make_anatomy("vertebra", of("L2"));
  std::map<std::string, Vec3> sum;
  std::map<std::string, int> count;
  std::mt19937 random(3);
  for (int n = 0; n < 300000; ++n) {
    const Vec3 p = point_in(v->bounds(), random);
    const std::string name = at(*v, p);
    sum[name] = sum[name] + p;
    ++count[name];
  }
  const auto middle = [&](const std::string& name) { return (1. / count[name]) * sum[name]; };
  EXPECT_LT(middle("aorta")[0], -0.005) << "left";
  EXPECT_GT(middle("vena_cava")[0], 0.005) << "right";
  EXPECT_GT(middle("aorta")[1], 0.02) << "in front";
  EXPECT_LT(middle("arch_cortex")[1], -0.02) << "behind";
  EXPECT_GT(middle("pedicle_cortex")[2], 0.002) << "pedicles leave the upper half";
  EXPECT_GT(middle("disc_above")[2], 0.012);
  EXPECT_LT(middle("disc_below")[2], -0.012);
  EXPECT_GT(middle("spinal_cord")[2], 0.02) << "only the tip of the conus reaches L2's canal";
  EXPECT_LT(middle("cauda_equina")[2], 0.0);
}

// The mean conus ends in the lower third of L1 (Saifuddin 1998), whichever level is drawn.
TEST(Vertebra, ConusEndsInTheLowerThirdOfL1) {
  const VertebraTable table = read_vertebra_table(kSource + "/meshes/thoracolumbar.yaml");
  for (std::size_t level = 2; level <= 4; ++level) {
    const Placed v = make_anatomy("vertebra", of(vertebra_levels()[level]));
    const VertebraDimensions& d = table.levels[level];
    const double y = -d.body_depth / 2 - d.epidural_anterior -
                     (d.canal_depth - d.epidural_anterior - d.epidural_posterior) / 2;
    const double tip = -table.centre_distance(level, 3) - table.levels[3].body_height / 3;
    if (tip < -0.0449) {
      EXPECT_EQ(at(*v, {0, y, -0.0449}), "spinal_cord");
      continue;
    }
    EXPECT_EQ(at(*v, {0, y, tip + 0.05e-3}), "spinal_cord") << level;
    EXPECT_EQ(at(*v, {0, y, tip - 0.05e-3}), "cauda_equina") << level;
  }
}

TEST(Vertebra, ALesionStaysInTheBone) {
  const Placed healthy = make_anatomy("vertebra", of("L2"));
  // In the body, in a pedicle, in the arch.
  for (const Vec3& center :
       {Vec3{0.004, -0.009, 0.001}, Vec3{0.016, -0.017, 0.003}, Vec3{0, -0.045, -0.004}}) {
    const Placed v = make_anatomy("vertebra", with_lesion("L2", center, 0.022, false));
    std::mt19937 random(17);
    std::map<std::string, int> replaced;
    for (int n = 0; n < 200000; ++n) {
      const Vec3 p = point_in(v->bounds(), random);
      const std::string before = at(*healthy, p), now = at(*v, p);
      const bool inside = norm(p - center) <= 0.011;
      if (inside && kMarrow.count(before) > 0) {
        ASSERT_EQ(now, "lesion");
        ++replaced[before];
      } else {
        ASSERT_EQ(now, before) << "cortex, dura and all else are as they were";
      }
    }
    EXPECT_TRUE(std::isnan(part(*v, "lesion").volume)) << "cut by cortex: no closed form";
    EXPECT_EQ(replaced.count("cancellous_bone") > 0, center[1] > -0.02);
    EXPECT_EQ(replaced.count("pedicle_cancellous") > 0, center[0] > 0.01);
    EXPECT_EQ(replaced.count("arch_cancellous") > 0, center[1] < -0.02);
  }
}

// The hole is where it was asked for, as wide as asked for, and nowhere else.
TEST(Vertebra, ADefectOpensThePosteriorWall) {
  const VertebraDimensions d = dimensions("L2");
  const Vec3 center{0.002, -0.008, -0.001};
  AnatomyValues values = with_lesion("L2", center, 0.024, true);
  values.sections["lesion"].reals["defect_diameter"] = 0.008;
  const Placed open = make_anatomy("vertebra", values);
  const Placed closed = make_anatomy("vertebra", with_lesion("L2", center, 0.024, false));
  const double wall = -d.body_depth / 2 + d.posterior_wall / 2;
  for (double x = -0.014; x < 0.014; x += 0.0003) {
    for (double z = -0.0115; z < 0.0115; z += 0.0003) {
      const bool hole = std::hypot(x - center[0], z - center[2]) <= 0.004;
      const std::string whole = at(*closed, {x, wall, z});
      ASSERT_NE(whole, "lesion") << "without a defect the wall is closed";
      ASSERT_EQ(at(*open, {x, wall, z}), hole ? "lesion" : whole) << x << " " << z;
    }
  }
  // From the tumour straight back: fat of the canal without any cortex between.
  EXPECT_EQ(first_outside(*open, center, {0, -1, 0}), "epidural_fat");
  EXPECT_EQ(first_outside(*closed, center, {0, -1, 0}), "posterior_wall");
  std::mt19937 random(23);
  int through = 0;
  for (int n = 0; n < 20000; ++n) {
    const Vec3 along = direction(random);
    const std::string met = first_outside(*open, center, along);
    const double t = (center[1] + d.body_depth / 2) / -along[1];
    const Vec3 p = center + t * along;
    if (kCortex.count(met) > 0) continue;
    ++through;
    ASSERT_EQ(met, "epidural_fat");
    ASSERT_LE(std::hypot(p[0] - center[0], p[2] - center[2]), 0.0041) << "through the hole only";
  }
  EXPECT_GT(through, 100);
}

TEST(Vertebra, BadLesionsAndLengthsAreRefused) {
  AnatomyValues values = with_lesion("L2", {0, 0.006, 0}, 0.01, true);
  values.reals["length"] = 0.041;
  const Placed v = configure("vertebra", values);
  EXPECT_TRUE(v->check().empty());
  try {
    v->prepare({"", {kSource}});
    FAIL() << "nothing was thrown";
  } catch (const InputError& e) {
    EXPECT_EQ(e.problems().size(), 1U) << e.what();
    EXPECT_NE(std::string(e.what()).find("in front of the posterior wall"), std::string::npos);
  }
  values = of("L4");
  values.reals["length"] = 0.04;
  try {
    configure("vertebra", values)->prepare({"", {kSource}});
    FAIL() << "nothing was thrown";
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("found 40 mm, expected at least the 42.5 mm"),
              std::string::npos)
        << e.what();
  }
  values = with_lesion("L2", {}, 0.01, false);
  values.sections["lesion"].reals["defect_diameter"] = 0.02;
  EXPECT_EQ(configure("vertebra", values)->check().size(), 2U);
}

TEST(Vertebra, LesionsBringTheirTissue) {
  AnatomyValues values = with_lesion("T12", {}, 0.01, false);
  EXPECT_EQ(part(*make_anatomy("vertebra", values), "lesion").tissue, "liver_tumour");
  EXPECT_EQ(make_anatomy("vertebra", values)->caveats().size(), 2U) << "a stand-in is told";
  values.sections["lesion"].texts["kind"] = "sclerotic";
  EXPECT_EQ(part(*make_anatomy("vertebra", values), "lesion").tissue, "bone_cortical");
  values.sections["lesion"].texts["tissue"] = "kidney_tumour";
  EXPECT_EQ(part(*make_anatomy("vertebra", values), "lesion").tissue, "kidney_tumour");
  EXPECT_EQ(make_anatomy("vertebra", values)->caveats().size(), 1U);
}

// A point of the turned, moved anatomy is the point of the plain one.
TEST(Vertebra, CenterAndRotationMoveEverything) {
  AnatomyValues values = with_lesion("L1", {0.005, 0, 0.002}, 0.012, false);
  const Placed plain = make_anatomy("vertebra", values);
  values.points["center"] = {0.1, -0.2, 0.3};
  values.points["rotation"] = {0.3, -0.2, 1.1};
  const Placed moved = make_anatomy("vertebra", values);
  const Rotation r = rotation_xyz({0.3, -0.2, 1.1});
  std::mt19937 random(29);
  const BoundingBox b = moved->bounds();
  for (int n = 0; n < 50000; ++n) {
    const Vec3 p = point_in(plain->bounds(), random);
    const Vec3 q = Vec3{0.1, -0.2, 0.3} + rotate(r, p);
    ASSERT_EQ(at(*plain, p), at(*moved, q));
    for (int i = 0; i < 3; ++i) {
      ASSERT_LE(b.lower[i], q[i]);
      ASSERT_GE(b.upper[i], q[i]);
    }
  }
}

TEST(Vertebra, ScaleIsAFactorOnEveryLength) {
  AnatomyValues values = of("L3");
  values.reals["length"] = 0.1;
  const Placed one = make_anatomy("vertebra", values);
  values.reals = {{"scale", 0.8}, {"length", 0.08}};
  const Placed small = make_anatomy("vertebra", values);
  std::mt19937 random(31);
  for (int n = 0; n < 100000; ++n) {
    const Vec3 p = point_in(one->bounds(), random);
    ASSERT_EQ(at(*one, p), at(*small, 0.8 * p));
  }
}

TEST(Vertebra, BeforeItIsPreparedItMayBeAnywhere) {
  const Placed v = configure("vertebra", of("L2"));
  EXPECT_TRUE(std::isinf(v->bounds().upper[0]));
  EXPECT_EQ(v->part_at({}), -1);
}

}  // namespace
}  // namespace thermodose::test
