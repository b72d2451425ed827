// Implements: the contract of registry "shape" over every entry, and closed forms.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "geometry/vec.h"
#include "shape_keys.h"
#include "surfaces.h"

namespace thermodose::test {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kDegree = kPi / 180;

Object ball(const Vec3& center, double radius) {
  return make_shape("sphere", {{{"radius", radius}}, {{"center", center}}, {}});
}

struct Sample {
  std::string label, entry;
  Object shape;
  double volume;  ///< m3; NaN = no closed form is claimed
};

/// At least one of every entry; a new entry without a sample fails `EveryEntryHasASample`.
std::vector<Sample> samples() {
  const Vec3 turn{20 * kDegree, 35 * kDegree, -50 * kDegree};
  const Vec3 a{0.01, -0.02, 0.005}, b{0.03, 0.01, 0.04};
  const double length = norm(b - a);
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  return {
      {"sphere", "sphere", ball({0.01, 0.02, 0.03}, 0.02), 4. / 3. * kPi * 8e-6},
      {"ellipsoid", "ellipsoid",
       make_shape("ellipsoid", {{}, {{"center", {}}, {"semi_axes", {0.01, 0.02, 0.03}}}, {}}),
       4. / 3. * kPi * 6e-6},
      {"turned_ellipsoid", "ellipsoid",
       make_shape("ellipsoid",
                  {{}, {{"center", a}, {"semi_axes", {0.01, 0.02, 0.03}}, {"rotation", turn}}, {}}),
       4. / 3. * kPi * 6e-6},
      {"cylinder", "cylinder",
       make_shape("cylinder", {{{"radius", 0.01}}, {{"begin", a}, {"end", b}}, {}}),
       kPi * 1e-4 * length},
      {"capsule", "capsule",
       make_shape("capsule", {{{"radius", 0.01}}, {{"begin", a}, {"end", b}}, {}}),
       kPi * 1e-4 * length + 4. / 3. * kPi * 1e-6},
      {"box", "box", make_shape("box", {{}, {{"center", a}, {"size", {0.01, 0.02, 0.03}}}, {}}),
       6e-6},
      {"turned_box", "box",
       make_shape("box",
                  {{}, {{"center", a}, {"size", {0.01, 0.02, 0.03}}, {"rotation", turn}}, {}}),
       6e-6},
      {"half_space", "half_space",
       make_shape("half_space", {{}, {{"point", a}, {"normal", {0, 0, 2}}}, {}}), inf},
      {"tilted_half_space", "half_space",
       make_shape("half_space", {{}, {{"point", a}, {"normal", {1, 0, 2}}}, {}}), inf},
      {"union", "union",
       make_shape("union", {{}, {}, {{"of", {ball({}, 0.02), ball({0.02, 0, 0}, 0.02)}}}}), nan},
      {"union_apart", "union",
       make_shape("union", {{}, {}, {{"of", {ball({}, 0.01), ball({0.05, 0, 0}, 0.02)}}}}),
       4. / 3. * kPi * 9e-6},
      {"intersection", "intersection",
       make_shape("intersection", {{}, {}, {{"of", {ball({}, 0.02), ball({0.02, 0, 0}, 0.02)}}}}),
       nan},
      {"difference", "difference",
       make_shape("difference",
                  {{}, {}, {{"base", {ball({}, 0.02)}}, {"minus", {ball({0.02, 0, 0}, 0.02)}}}}),
       nan},
      {"surface", "surface",
       make_shape("surface", {{}, {}, {}, {{"file", shipped_surface("text.stl")}, {"unit", "mm"}}}),
       6e-6},
  };
}

/// Volume by a grid of midpoints in the bounding box.
double grid_volume(const Shape& shape, int n) {
  const BoundingBox box = shape.bounds();
  const Vec3 size = box.upper - box.lower;
  long inside = 0;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      for (int k = 0; k < n; ++k) {
        const Vec3 p{box.lower[0] + (i + 0.5) / n * size[0], box.lower[1] + (j + 0.5) / n * size[1],
                     box.lower[2] + (k + 0.5) / n * size[2]};
        if (shape.contains(p)) ++inside;
      }
    }
  }
  return static_cast<double>(inside) * size[0] * size[1] * size[2] / n / n / n;
}

bool is_finite(const BoundingBox& box) {
  for (std::size_t i = 0; i < 3; ++i) {
    if (!std::isfinite(box.lower[i]) || !std::isfinite(box.upper[i])) return false;
  }
  return true;
}

TEST(ShapeContract, EveryEntryIsAShapeAndHasASample) {
  const auto all = samples();
  ASSERT_FALSE(registry::entries("shape").empty());
  for (const RegistryEntry* entry : registry::entries("shape")) {
    EXPECT_NE(dynamic_cast<Shape*>(entry->make().get()), nullptr) << entry->name;
    EXPECT_FALSE(entry->summary.empty()) << entry->name;
    EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                            [&](const Sample& s) { return s.entry == entry->name; }))
        << "no sample of the shape " << entry->name;
  }
}

TEST(ShapeContract, VolumeIsThatOfThePointsInside) {
  for (const auto& s : samples()) {
    const Shape& shape = as_shape(s.shape);
    if (std::isinf(s.volume)) {
      EXPECT_TRUE(std::isinf(shape.volume())) << s.label;
      continue;
    }
    if (std::isnan(s.volume)) {
      EXPECT_TRUE(std::isnan(shape.volume())) << s.label;
      continue;
    }
    EXPECT_NEAR(shape.volume(), s.volume, 1e-12 * s.volume) << s.label;
    EXPECT_NEAR(grid_volume(shape, 100), s.volume, 0.005 * s.volume) << s.label;
  }
}

TEST(ShapeContract, NoPointInsideLiesOutsideTheBounds) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> coordinate(-0.1, 0.1);
  for (const auto& s : samples()) {
    const Shape& shape = as_shape(s.shape);
    const BoundingBox box = shape.bounds();
    int inside = 0;
    for (int n = 0; n < 200000; ++n) {
      const Vec3 p{coordinate(random), coordinate(random), coordinate(random)};
      if (!shape.contains(p)) continue;
      ++inside;
      for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_GE(p[i], box.lower[i]) << s.label;
        ASSERT_LE(p[i], box.upper[i]) << s.label;
      }
    }
    EXPECT_GT(inside, 0) << s.label;
  }
}

/// Bounds are tight for the simple shapes: thin slabs at each end of the box hold points.
TEST(ShapeContract, BoundsTouchTheShape) {
  for (const auto& s : samples()) {
    const Shape& shape = as_shape(s.shape);
    const BoundingBox box = shape.bounds();
    if (!is_finite(box) || s.entry == "intersection" || s.entry == "difference") continue;
    constexpr int n = 60;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double lowest = box.upper[axis], highest = box.lower[axis];
      for (int m = 0; m < n * n * n; ++m) {
        Vec3 p{};
        const std::array<int, 3> index{m % n, m / n % n, m / n / n};
        for (std::size_t i = 0; i < 3; ++i) {
          p[i] = box.lower[i] + (index[i] + 0.5) / n * (box.upper[i] - box.lower[i]);
        }
        if (!shape.contains(p)) continue;
        lowest = std::min(lowest, p[axis]);
        highest = std::max(highest, p[axis]);
      }
      const double size = box.upper[axis] - box.lower[axis];
      EXPECT_LT(lowest, box.lower[axis] + 0.08 * size) << s.label << " axis " << axis;
      EXPECT_GT(highest, box.upper[axis] - 0.08 * size) << s.label << " axis " << axis;
    }
  }
}

TEST(Shapes, LensOfTwoBallsHasItsClosedForm) {
  // Two balls of radius r, centres r apart: the lens is 5/12 pi r^3.
  const double r = 0.02, lens = 5. / 12. * kPi * r * r * r, whole = 4. / 3. * kPi * r * r * r;
  const std::vector<Object> both{ball({}, r), ball({r, 0, 0}, r)};
  const Object meet = make_shape("intersection", {{}, {}, {{"of", both}}});
  const Object join = make_shape("union", {{}, {}, {{"of", both}}});
  const Object cut =
      make_shape("difference", {{}, {}, {{"base", {both[0]}}, {"minus", {both[1]}}}});
  EXPECT_NEAR(grid_volume(as_shape(meet), 100), lens, 0.005 * lens);
  EXPECT_NEAR(grid_volume(as_shape(join), 100), 2 * whole - lens, 0.005 * whole);
  EXPECT_NEAR(grid_volume(as_shape(cut), 100), whole - lens, 0.005 * whole);
}

TEST(Shapes, ABoxTurnsAboutXFirstThenYThenZ) {
  // A rod along x, turned 90 degrees about x (no change), then y (to -z), then z (no change).
  const Object rod = make_shape("box", {{},
                                        {{"center", {}},
                                         {"size", {0.1, 0.01, 0.02}},
                                         {"rotation", {90 * kDegree, 90 * kDegree, 90 * kDegree}}},
                                        {}});
  // x -> x -> -z -> -z; y -> z -> x -> y; z -> -y -> -y -> x.
  EXPECT_TRUE(as_shape(rod).contains({0, 0, 0.049}));
  EXPECT_FALSE(as_shape(rod).contains({0, 0, 0.051}));
  EXPECT_TRUE(as_shape(rod).contains({0.009, 0, 0}));
  EXPECT_FALSE(as_shape(rod).contains({0.011, 0, 0}));
  EXPECT_TRUE(as_shape(rod).contains({0, 0.004, 0}));
  EXPECT_FALSE(as_shape(rod).contains({0, 0.006, 0}));
}

TEST(Shapes, SurfacesBelongToTheShape) {
  EXPECT_TRUE(as_shape(ball({}, 0.02)).contains({0.02, 0, 0}));
  const Object half = make_shape("half_space", {{}, {{"point", {}}, {"normal", {0, 0, 1}}}, {}});
  EXPECT_TRUE(as_shape(half).contains({0.1, 0.1, 0}));
  EXPECT_TRUE(as_shape(half).contains({0, 0, -1}));
  EXPECT_FALSE(as_shape(half).contains({0, 0, 1e-9}));
}

TEST(Shapes, BadKeysAreTold) {
  const Vec3 p{0.01, 0, 0};
  const auto problems = [](const Object& o) { return o->check(); };
  EXPECT_EQ(
      problems(make_shape("cylinder", {{{"radius", 1}}, {{"begin", p}, {"end", p}}, {}})).size(),
      1U);
  EXPECT_EQ(problems(make_shape("half_space", {{}, {{"point", p}, {"normal", {}}}, {}})).size(),
            1U);
  EXPECT_EQ(problems(make_shape("union", {{}, {}, {{"of", {}}}})).size(), 1U);
  EXPECT_EQ(
      problems(make_shape("difference", {{}, {}, {{"base", {ball(p, 1)}}, {"minus", {}}}})).size(),
      1U);
  EXPECT_TRUE(problems(ball(p, 1)).empty());
}

}  // namespace
}  // namespace thermodose::test
