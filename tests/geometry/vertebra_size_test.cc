// The built vertebra against its table, for every level: every dimension found again by rays, and
// every volume with a closed form by sampling.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "geometry/vertebra_table.h"
#include "vertebra_keys.h"

namespace thermodose::test {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kClose = 2e-9;  // m; the rays find a boundary to 1e-10

using Names = std::set<std::string>;

const Names kBody{"cancellous_bone", "cortical_shell", "posterior_wall", "upper_end_plate",
                  "lower_end_plate"};
const Names kCanal{"epidural_fat", "dura", "csf", "spinal_cord", "cauda_equina", "nerve_roots"};
const Names kSac{"dura", "csf", "spinal_cord", "cauda_equina"};
const Names kInSac{"csf", "spinal_cord", "cauda_equina"};
const Names kPedicle{"pedicle_cortex", "pedicle_cancellous"};
const Names kArch{"arch_cortex", "arch_cancellous"};

/// A level with its table, its anatomy and rays through it.
class Built : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const VertebraTable table =
        read_vertebra_table(std::string(THERMODOSE_SOURCE_DIR) + "/meshes/thoracolumbar.yaml");
    const auto& levels = vertebra_levels();
    const auto level =
        std::size_t(std::find(levels.begin(), levels.end(), GetParam()) - levels.begin());
    d_ = table.levels[level];
    disc_above_ = table.disc_above(level);
    v_ = make_anatomy("vertebra", {{}, {}, {{"level", GetParam()}}, {}, {}});
    wall_ = -d_.body_depth / 2;
    canal_y_ = wall_ - d_.canal_depth / 2;
    sac_depth_ = d_.canal_depth - d_.epidural_anterior - d_.epidural_posterior;
    sac_y_ = wall_ - d_.epidural_anterior - sac_depth_ / 2;
  }

  double extent(const Names& names, const Vec3& from, const Vec3& along) const {
    return leaves([&](const Vec3& p) { return names.count(at(*v_, p)) > 0; }, from, along);
  }
  /// Extent from a point both ways.
  double across(const Names& names, const Vec3& from, const Vec3& along) const {
    return extent(names, from, along) + extent(names, from, -1. * along);
  }

  VertebraDimensions d_;
  double disc_above_ = 0, wall_ = 0, canal_y_ = 0, sac_depth_ = 0, sac_y_ = 0;
  Placed v_;
};
INSTANTIATE_TEST_SUITE_P(All, Built, testing::ValuesIn(vertebra_levels()),
                         [](const auto& test) { return test.param; });

TEST_P(Built, BodyAndDiscs) {
  const Vec3 x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
  EXPECT_NEAR(across(kBody, {}, z), d_.body_height, kClose);
  EXPECT_NEAR(across(kBody, {}, y), d_.body_depth, kClose);
  const double widest = d_.body_depth / 2 - d_.body_depth / 1.6;  // centre of the cut ellipse
  const double low = -0.4 * d_.body_height;                       // below the pedicles
  EXPECT_NEAR(across(kBody, {0, widest, low}, x), d_.body_width, kClose);
  for (double off = -0.006; off < 0.007; off += 0.003) {
    EXPECT_LE(across(kBody, {0, widest + off, low}, x), d_.body_width + kClose);
  }
  const Names marrow{"cancellous_bone"};
  const double shell = extent(kBody, {}, y) - extent(marrow, {}, y);
  EXPECT_NEAR(shell, d_.cortical_shell, kClose);
  EXPECT_NEAR(extent(kBody, {0, widest, low}, x) - extent(marrow, {0, widest, low}, x),
              d_.cortical_shell, kClose);
  EXPECT_NEAR(extent(kBody, {}, -1. * y) - extent(marrow, {}, -1. * y), d_.posterior_wall, kClose);
  EXPECT_NEAR(extent(kBody, {}, z) - extent(marrow, {}, z), d_.end_plate, kClose);
  EXPECT_NEAR(extent(kBody, {}, -1. * z) - extent(marrow, {}, -1. * z), d_.end_plate, kClose);
  const Vec3 above{0, 0, d_.body_height / 2 + disc_above_ / 2};
  const Vec3 below{0, 0, -d_.body_height / 2 - d_.disc_below / 2};
  EXPECT_NEAR(across({"disc_above"}, above, z), disc_above_, kClose);
  EXPECT_NEAR(across({"disc_below"}, below, z), d_.disc_below, kClose);
}

// Layers between nested ellipses, along the normal: between the axes 0.95 to 1 times as thick as
// stated, depending on how slender the ellipse is.
TEST_P(Built, LayersHaveTheirThicknessAllAround) {
  const auto check = [&](const Names& layer, double a, double b, const Vec3& center, double stated,
                         double first, double last) {
    for (double angle = first; angle <= last; angle += 5) {
      const double c = std::cos(angle * kPi / 180), s = std::sin(angle * kPi / 180);
      const double length = std::hypot(c / a, s / b);
      const Vec3 inwards{-c / a / length, -s / b / length, 0};
      const Vec3 outer = center + Vec3{a * c, b * s, 0} + 1e-9 * inwards;
      const double thickness = extent(layer, outer, inwards) / stated;
      EXPECT_GT(thickness, 0.95) << angle;
      EXPECT_LT(thickness, 1.001) << angle;
    }
  };
  const double b = d_.body_depth / 1.6;
  check({"cortical_shell"}, d_.body_width / 2, b, {0, d_.body_depth / 2 - b, -0.4 * d_.body_height},
        d_.cortical_shell, -35, 215);
  check({"dura"}, d_.canal_width / 2 - d_.epidural_lateral, sac_depth_ / 2, {0, sac_y_, 0.01},
        d_.dura_thickness, 0, 355);
}

TEST_P(Built, CanalAndItsContents) {
  const Vec3 x{1, 0, 0}, y{0, 1, 0};
  const double z = 0.044;  // above the arch, in the cord where there is one
  const Vec3 axis{0, sac_y_, z};
  EXPECT_NEAR(extent(kCanal, {0, canal_y_, 0}, y) + extent(kCanal, {0, canal_y_, 0}, -1. * y),
              d_.canal_depth, kClose);
  // At the height of the pedicles they are the walls.
  const double pedicle = 0.45 * d_.body_height - d_.pedicle_height / 2;
  EXPECT_NEAR(across(kCanal, {0, canal_y_ + 1e-4, pedicle}, x), d_.canal_width, kClose);
  EXPECT_NEAR(across(kSac, axis, y), sac_depth_, kClose);
  EXPECT_NEAR(across(kSac, axis, x), d_.canal_width - 2 * d_.epidural_lateral, kClose);
  for (const Vec3& along : {x, y, -1. * y}) {
    EXPECT_NEAR(extent(kSac, axis, along) - extent(kInSac, axis, along), d_.dura_thickness, kClose);
  }
  EXPECT_NEAR(extent(kCanal, axis, y) - extent(kSac, axis, y), d_.epidural_anterior, kClose);
  EXPECT_NEAR(extent(kCanal, axis, -1. * y) - extent(kSac, axis, -1. * y), d_.epidural_posterior,
              kClose);
  if (at(*v_, axis) == "spinal_cord" && GetParam() != "L2") {  // the tip only at L2
    EXPECT_NEAR(across({"spinal_cord"}, axis, x), d_.cord_width, kClose);
    EXPECT_NEAR(across({"spinal_cord"}, axis, y), d_.cord_depth, kClose);
  }
  if (GetParam()[0] == 'L') {
    const Vec3 low{0, sac_y_, -0.044};
    EXPECT_EQ(at(*v_, low), "cauda_equina");
    const double inner = sac_depth_ - 2 * d_.dura_thickness;
    EXPECT_NEAR(across({"cauda_equina"}, low, y), std::sqrt(d_.cauda_share) * inner, kClose);
  }
}

TEST_P(Built, Pedicles) {
  const Vec3 x{1, 0, 0}, z{0, 0, 1};
  const double center = d_.canal_width / 2 + d_.pedicle_width / 2;
  // Between the body and the arch, in the middle of the pedicle.
  const Vec3 p{center, (wall_ + canal_y_) / 2, 0.45 * d_.body_height - d_.pedicle_height / 2};
  EXPECT_NEAR(across(kPedicle, p, x), d_.pedicle_width, kClose);
  EXPECT_NEAR(across(kPedicle, p, z), d_.pedicle_height, kClose);
  const Names marrow{"pedicle_cancellous"};
  EXPECT_NEAR(extent(kPedicle, p, -1. * x) - extent(marrow, p, -1. * x), d_.pedicle_wall_medial,
              kClose);
  EXPECT_NEAR(extent(kPedicle, p, x) - extent(marrow, p, x), d_.pedicle_wall_lateral, kClose);
  // The pedicle's marrow opens into the body's: no cortex between them.
  Vec3 q = p;
  while (at(*v_, q) != "cancellous_bone") {
    ASSERT_EQ(at(*v_, q), "pedicle_cancellous") << "on the way forward at y = " << q[1];
    q[0] -= 0.5e-4;  // towards the middle: L5's pedicles are wider than its body
    q[1] += 1e-4;
    if (q[0] < p[0] - d_.pedicle_width / 4) q[0] = p[0] - d_.pedicle_width / 4;
  }
}

TEST_P(Built, Arch) {
  const Vec3 x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
  // The lamina beside the canal, below the pedicle and the transverse process.
  const double low = -0.42 * d_.body_height;
  const Vec3 lamina{d_.canal_width / 2 + d_.lamina_thickness / 2, canal_y_ - 1e-9, low};
  EXPECT_NEAR(across(kArch, lamina, x), d_.lamina_thickness, 1e-8);
  const double back = wall_ - d_.canal_depth - d_.lamina_thickness;
  const double center = (-0.65 + d_.spinous_height_ratio / 2) * d_.body_height;
  const Vec3 spine{0, back - d_.spinous_length / 2, center};
  EXPECT_NEAR(extent(kArch, spine, -1. * y), d_.spinous_length / 2, kClose);
  EXPECT_NEAR(across(kArch, spine, x), d_.spinous_thickness, kClose);
  EXPECT_NEAR(across(kArch, spine, z), d_.spinous_height_ratio * d_.body_height, kClose);
  EXPECT_NEAR(extent(kArch, spine, x) - extent({"arch_cancellous"}, spine, x), d_.arch_cortex,
              kClose);
  const double root = d_.canal_width / 2 + std::max(d_.pedicle_width, d_.lamina_thickness);
  const Vec3 side{root + d_.transverse_length / 2, canal_y_ - d_.lamina_thickness / 2,
                  0.45 * d_.body_height - d_.pedicle_height / 2};
  EXPECT_NEAR(extent(kArch, side, x), d_.transverse_length / 2, kClose);
  EXPECT_NEAR(across(kArch, side, z), d_.transverse_height, kClose);
  EXPECT_NEAR(across(kArch, side, y), d_.transverse_thickness, kClose);
}

TEST_P(Built, RootsMuscleAndVessels) {
  // The root beyond the pedicle, across its axis.
  const double s = std::sin(d_.root_angle), c = std::cos(d_.root_angle);
  const double reach = d_.root_diameter / 2 + d_.root_fat;
  const double beyond = d_.canal_width / 2 + d_.pedicle_width + 0.2 * d_.body_width;
  const double tangent = std::hypot(d_.pedicle_width / 2 * c, d_.pedicle_height / 2 * s) + reach;
  const double px = d_.canal_width / 2 + d_.pedicle_width / 2 - c * tangent;
  const double pz = 0.45 * d_.body_height - d_.pedicle_height / 2 - s * tangent;
  const Vec3 on{beyond, wall_ - reach, pz - (beyond - px) * c / s};
  ASSERT_EQ(at(*v_, on), "nerve_roots");
  EXPECT_NEAR(across({"nerve_roots"}, on, {0, 1, 0}), d_.root_diameter, kClose);
  EXPECT_NEAR(across({"nerve_roots"}, on, {c, 0, s}), d_.root_diameter, kClose);
  EXPECT_NEAR(across({"nerve_roots", "foraminal_fat"}, on, {0, 1, 0}), 2 * reach, kClose);
  const double front = d_.body_depth / 2;
  if (d_.aorta_diameter > 0) {
    const Vec3 aorta{-(d_.aorta_diameter + d_.vessel_gap) / 2,
                     front + d_.vessel_gap + d_.aorta_diameter / 2, 0};
    EXPECT_NEAR(across({"aorta"}, aorta, {1, 0, 0}), d_.aorta_diameter, kClose);
    EXPECT_NEAR(across({"aorta"}, aorta, {0, 1, 0}), d_.aorta_diameter, kClose);
  }
  if (d_.vena_cava_width > 0) {
    const Vec3 cava{(d_.vena_cava_width + d_.vessel_gap) / 2,
                    front + d_.vessel_gap + d_.vena_cava_depth / 2, 0};
    EXPECT_NEAR(across({"vena_cava"}, cava, {1, 0, 0}), d_.vena_cava_width, kClose);
    EXPECT_NEAR(across({"vena_cava"}, cava, {0, 1, 0}), d_.vena_cava_depth, kClose);
  }
  if (d_.psoas_area > 0) {
    const double r = std::sqrt(d_.psoas_area / kPi);
    const Vec3 psoas{d_.body_width / 2 + d_.vessel_gap + r, -d_.body_depth / 4, 0.04};
    EXPECT_NEAR(kPi / 4 * std::pow(across({"psoas"}, psoas, {0, 1, 0}), 2), d_.psoas_area, 1e-9);
  }
}

// Closed forms against 3 million points in the box around column and canal, where a shell of one
// percent of the box is met to some permille.
TEST_P(Built, VolumesAgreeWithSampling) {
  const double half = d_.body_width / 2 + 1e-3;
  const BoundingBox box{{-half, wall_ - d_.canal_depth - 1e-3, -0.045},
                        {half, d_.body_depth / 2 + 1e-3, 0.045}};
  const auto sampled = sampled_volumes(*v_, box, 3000000);
  int compared = 0;
  for (const auto& p : v_->parts()) {
    if (std::isnan(p.volume) || p.name == "aorta" || p.name == "vena_cava") continue;
    const double share = p.volume / (box.upper[0] - box.lower[0]) / (box.upper[1] - box.lower[1]) /
                         (box.upper[2] - box.lower[2]);
    // Four standard deviations of independent points; these are spread more evenly.
    const double tolerance = 4 * std::sqrt(1 / share / 3e6);
    EXPECT_NEAR(sampled.at(p.name) / p.volume, 1, tolerance) << p.name;
    ++compared;
  }
  EXPECT_GE(compared, 8);
}

// The cut ellipse between the end plates is bone throughout, and none of the body's is outside.
TEST_P(Built, BodyFillsItsPrism) {
  const double b = d_.body_depth / 1.6, a = d_.body_width / 2, y0 = d_.body_depth / 2 - b;
  const Names inside{"cancellous_bone", "cortical_shell",  "posterior_wall",
                     "upper_end_plate", "lower_end_plate", "pedicle_cancellous"};
  int body = 0;
  const int n = 60;
  for (int i = 0; i < n * n * n; ++i) {
    const Vec3 p{1.1 * a * (2. * (i % n) / n - 1 + 1e-3),
                 1.1 * wall_ + 1.1 * d_.body_depth * (i / n % n) / n,
                 0.55 * d_.body_height * (2. * (i / n / n) / n - 1 + 1e-3)};
    const bool prism = std::abs(p[2]) <= d_.body_height / 2 && p[1] >= wall_ &&
                       std::pow(p[0] / a, 2) + std::pow((p[1] - y0) / b, 2) <= 1;
    const std::string name = at(*v_, p);
    ASSERT_TRUE(prism ? inside.count(name) > 0 : kBody.count(name) == 0)
        << name << " at " << p[0] << " " << p[1] << " " << p[2];
    body += prism ? 1 : 0;
  }
  EXPECT_GT(body, n * n * n / 3);
}

// Area of the section: the part of the ellipse in front of the cut, by counting.
TEST_P(Built, SectionIsTheCutEllipse) {
  const double b = d_.body_depth / 1.6, a = d_.body_width / 2;
  long inside = 0;
  const int n = 2000;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      const double x = -1 + (2. * i + 1) / n, y = -0.6 + 1.6 * (j + 0.5) / n;
      inside += x * x + y * y <= 1 ? 1 : 0;
    }
  }
  const double area = 3.2 * a * b * double(inside) / n / n;
  EXPECT_NEAR(part(*v_, "disc_below").volume / d_.disc_below / area, 1, 1e-4);
}

// The cone of the conus, where the ends of the model cut it.
TEST(VertebraVolumes, AConusCutOff) {
  for (const auto& [level, length] : {std::pair("L2", 0.062), {"T12", 0.05}, {"L1", 0.04}}) {
    const Placed v = make_anatomy(
        "vertebra", {{{"length", length}}, {}, {{"level", std::string(level)}}, {}, {}});
    const BoundingBox box{{-0.012, -0.035, -length / 2}, {0.012, -0.014, length / 2}};
    const auto sampled = sampled_volumes(*v, box, 2000000);
    for (const std::string name : {"spinal_cord", "cauda_equina", "csf"}) {
      // At L2 the sac is narrow: the cord's section is not within the cauda equina's.
      if (std::string(level) == "L2" && name != "spinal_cord") {
        EXPECT_TRUE(std::isnan(part(*v, name).volume));
        continue;
      }
      EXPECT_NEAR(sampled.at(name) / part(*v, name).volume, 1, 0.01) << level << " " << name;
    }
  }
}

TEST(VertebraVolumes, ALesionInsideTheBodyIsABall) {
  AnatomyValues values{{}, {}, {{"level", "L2"}}, {}, {}};
  const double whole = part(*make_anatomy("vertebra", values), "cancellous_bone").volume;
  values.sections["lesion"] = {
      {{"diameter", 0.014}}, {{"center", {0.003, 0.002, -0.001}}}, {}, {}, {}};
  const Placed v = make_anatomy("vertebra", values);
  const double ball = kPi / 6 * std::pow(0.014, 3);
  EXPECT_NEAR(part(*v, "lesion").volume, ball, 1e-15);
  EXPECT_NEAR(part(*v, "cancellous_bone").volume, whole - ball, 1e-15);
  const BoundingBox box{{-0.005, -0.006, -0.009}, {0.011, 0.010, 0.007}};
  EXPECT_NEAR(sampled_volumes(*v, box, 1000000).at("lesion") / ball, 1, 2e-3);
}

}  // namespace
}  // namespace thermodose::test
