// Implements: tests of what makes a heap of triangles a closed surface, and of what is said when it
// is none; the shape of the registry that does both.
#include "geometry/surface_closed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "geometry/surface_files.h"
#include "output/scratch.h"
#include "shape_keys.h"
#include "surfaces.h"

namespace thermodose::test {
namespace {

using output_test::Scratch;
constexpr double kPi = 3.14159265358979323846;

struct Told {
  TriangleSurface surface;
  std::vector<std::string> problems, notes;
};

Told closed(TriangleSurface s) {
  Told out;
  out.surface = std::move(s);
  close_surface(out.surface, out.problems, out.notes);
  return out;
}

/// Every triangle with corners of its own, as STL has them.
TriangleSurface exploded(const TriangleSurface& s) {
  TriangleSurface out;
  for (const auto& t : s.triangles) {
    const auto n = std::uint32_t(out.points.size());
    for (const auto c : t) out.points.push_back(s.points[c]);
    out.triangles.push_back({n, n + 1, n + 2});
  }
  return out;
}

const Vec3 kLow{0, 0, 0}, kHigh{0.01, 0.02, 0.03};

TEST(SurfaceClosed, CornersAreJoined) {
  const Told box = closed(exploded(cuboid(kLow, kHigh)));
  EXPECT_TRUE(box.problems.empty());
  EXPECT_TRUE(box.notes.empty());
  EXPECT_EQ(box.surface.points.size(), 8U);
  EXPECT_EQ(box.surface.triangles.size(), 12U);
  EXPECT_NEAR(enclosed_volume(box.surface), 6e-6, 1e-18);
}

TEST(SurfaceClosed, CracksOfADigitAreClosedAndTold) {
  TriangleSurface s = exploded(ball_surface({}, 0.01, 3));
  for (std::size_t n = 0; n < s.points.size(); ++n) s.points[n][n % 3] += n % 2 == 0 ? 3e-8 : -3e-8;
  const Told ball = closed(s);
  EXPECT_TRUE(ball.problems.empty());
  EXPECT_EQ(ball.notes, std::vector<std::string>{"cracks between its triangles were closed"});
  EXPECT_EQ(ball.surface.points.size(), ball_surface({}, 1, 3).points.size());
  EXPECT_EQ(open_edges(ball.surface), 0U);
}

TEST(SurfaceClosed, NearPointsOfASoundSurfaceStayApart) {
  // A plate thinner than what is joined.
  const Told plate = closed(cuboid({0, 0, 0}, {0.1, 0.1, 4e-7}));
  EXPECT_TRUE(plate.problems.empty());
  EXPECT_EQ(plate.surface.points.size(), 8U);
  // Nor does it lose its points when another piece has a crack.
  TriangleSurface cracked = exploded(cuboid({0, 0, 0.01}, {0.1, 0.1, 0.02}));
  cracked.points[4][1] += 2e-7;
  const Told both = closed(together(cracked, plate.surface));
  EXPECT_TRUE(both.problems.empty());
  EXPECT_EQ(both.notes.size(), 1U);
  EXPECT_EQ(both.surface.points.size(), 16U);
}

TEST(SurfaceClosed, HolesAreCountedAndPlaced) {
  TriangleSurface s = cuboid(kLow, kHigh);
  s.triangles.erase(s.triangles.begin() + 2);  // (0, 0, 30) (10, 0, 30) (10, 20, 30) mm
  const Told box = closed(exploded(s));
  ASSERT_EQ(box.problems.size(), 1U);
  EXPECT_EQ(box.problems[0],
            "the surface is not closed: 3 edges of one triangle only, at (5, 10, 30) mm, (5, 0, "
            "30) mm and (10, 10, 30) mm; close the holes in the program that made it");
  s = ball_surface({}, 0.01, 3);
  s.triangles.resize(s.triangles.size() / 2);
  EXPECT_NE(closed(s).problems.at(0).find("the first at ("), std::string::npos);
}

TEST(SurfaceClosed, AFlippedTriangleIsFound) {
  TriangleSurface s = cuboid(kLow, kHigh);
  std::swap(s.triangles[2][1], s.triangles[2][2]);
  const Told box = closed(s);
  ASSERT_EQ(box.problems.size(), 1U);
  EXPECT_EQ(box.problems[0].rfind("triangles side by side face opposite ways: 3 edges, at (", 0),
            0U)
      << box.problems[0];
}

TEST(SurfaceClosed, AFinIsNoManifoldAndEveryFaultIsTold) {
  TriangleSurface s = cuboid(kLow, kHigh);
  s.points.push_back({0.02, 0.02, 0.02});
  s.triangles.push_back({1, 5, 8});
  const Told box = closed(s);
  ASSERT_EQ(box.problems.size(), 2U);
  EXPECT_NE(box.problems[0].find("2 edges of one triangle only"), std::string::npos);
  EXPECT_EQ(box.problems[1],
            "the surface is no manifold: 1 edge of more than two triangles, at (10, 0, 15) mm");
}

TEST(SurfaceClosed, ASurfaceThatFacesInwardsIsTurned) {
  const Told box = closed(turned_over(cuboid(kLow, kHigh)));
  EXPECT_TRUE(box.problems.empty());
  EXPECT_EQ(box.notes, std::vector<std::string>{"its triangles face inwards; they were turned"});
  EXPECT_NEAR(enclosed_volume(box.surface), 6e-6, 1e-18);
}

TEST(SurfaceClosed, PiecesAndCavities) {
  const TriangleSurface big = ball_surface({}, 0.02, 3), small = ball_surface({}, 0.01, 3);
  const double v = enclosed_volume(big), w = enclosed_volume(small);
  const Told hollow = closed(together(big, turned_over(small)));
  EXPECT_TRUE(hollow.problems.empty());
  EXPECT_NEAR(enclosed_volume(hollow.surface), v - w, 1e-9 * v);
  const Told two = closed(together(big, ball_surface({0.05, 0, 0}, 0.01, 3)));
  EXPECT_TRUE(two.problems.empty());
  EXPECT_NEAR(enclosed_volume(two.surface), v + w, 1e-9 * v);
  const Told nested = closed(together(big, small));
  ASSERT_EQ(nested.problems.size(), 1U);
  EXPECT_NE(nested.problems[0].find("winds 1 times around points in front and 2 times"),
            std::string::npos)
      << nested.problems[0];
  const Told crossing = closed(together(big, ball_surface({0.02, 0, 0}, 0.01, 3)));
  ASSERT_EQ(crossing.problems.size(), 1U);
  EXPECT_EQ(crossing.problems[0].rfind("the surface runs through itself", 0), 0U);
}

TEST(SurfaceClosed, WhatEnclosesNothingIsRefused) {
  EXPECT_EQ(closed({}).problems,
            std::vector<std::string>{"the surface has no triangle with an area"});
  TriangleSurface point = cuboid(kLow, kLow);
  EXPECT_EQ(closed(point).problems,
            std::vector<std::string>{"the surface has no triangle with an area"});
  EXPECT_EQ(closed(cuboid({0, 0, 0}, {0.01, 0.01, 0})).problems.size(), 1U);
  TriangleSurface sheet;  // both sides of one triangle
  sheet.points = {{0, 0, 0}, {0.01, 0, 0}, {0, 0.01, 0}};
  sheet.triangles = {{0, 1, 2}, {0, 2, 1}};
  EXPECT_EQ(closed(sheet).problems, std::vector<std::string>{"the surface encloses no volume"});
}

Object surface_shape(const std::string& file, const std::string& unit) {
  return make_shape("surface", {{}, {}, {}, {{"file", file}, {"unit", unit}}});
}

std::string refusal(const std::string& file, const std::string& unit = "mm") {
  try {
    surface_shape(file, unit);
  } catch (const InputError& e) {
    return e.problems()[0].key + ": " + e.problems()[0].message;
  }
  return "";
}

TEST(SurfaceShape, UnitsScaleIt) {
  const Scratch dir;
  dir.write("box.stl", stl_text(cuboid(kLow, kHigh)));
  for (const auto& [unit, factor] : {std::pair("mm", 1.), {"cm", 10.}, {"m", 1000.}}) {
    if (factor > 100) {
      EXPECT_EQ(refusal(dir.file("box.stl"), unit),
                "unit: found 'm', which makes the surface 30000 mm long, allowed: 0.1 mm to 3 m; "
                "in which unit is " +
                    dir.file("box.stl") + "?");
      continue;
    }
    const Object box = surface_shape(dir.file("box.stl"), unit);
    const double f = factor;
    EXPECT_NEAR(as_shape(box).volume(), 6e-6 * f * f * f, 1e-9 * f * f * f);
    EXPECT_TRUE(as_shape(box).contains({0.01 * f, 0.02 * f, 0.03 * f})) << "a corner";
    EXPECT_FALSE(as_shape(box).contains({0.0101 * f, 0.01 * f, 0.01 * f}));
    EXPECT_NEAR(as_shape(box).bounds().upper[2], 0.03 * f, 1e-12);
  }
}

TEST(SurfaceShape, TwoFormatsOfOneBallAreOneShape) {
  const Scratch dir;
  const TriangleSurface ball = ball_surface({0.01, 0.02, 0.03}, 0.012, 4);
  write_stl(dir.file("ball.stl"), ball);
  write_vtp(dir.file("ball.vtp"), ball);
  for (const char* name : {"ball.stl", "ball.vtp"}) {
    const Object shape = surface_shape(dir.file(name), "mm");
    EXPECT_NEAR(as_shape(shape).volume(), enclosed_volume(ball), 1e-5 * enclosed_volume(ball));
    EXPECT_NEAR(as_shape(shape).volume(), 4. / 3. * kPi * 1.728e-6, 6e-8);
  }
}

TEST(SurfaceShape, ProblemsNameKeyAndFile) {
  const Scratch dir;
  TriangleSurface s = cuboid(kLow, kHigh);
  s.triangles.pop_back();
  dir.write("open.stl", stl_text(s));
  dir.write("notes.txt", "hello");
  EXPECT_EQ(refusal(dir.file("open.stl"))
                .rfind("file: " + dir.file("open.stl") + ": the surface is not closed: 3 edges", 0),
            0U);
  EXPECT_EQ(refusal(dir.file("gone.stl")),
            "file: " + dir.file("gone.stl") + ": there is no such file");
  EXPECT_EQ(refusal(dir.path() + "/notes.txt"),
            "file: " + dir.file("notes.txt") + ": found the ending '.txt', expected .stl or .vtp");
}

TEST(SurfaceShape, PartsOfOtherShapesReadTheirFilesToo) {
  const Scratch dir;
  dir.write("box.stl", stl_text(cuboid(kLow, kHigh)));
  const auto raw = [&](const std::string& file) {
    const Object shape = registry::find("shape", "surface")->make();
    ShapeKeys keys({{}, {}, {}, {{"file", file}, {"unit", "mm"}}});
    shape->keys(keys);
    return shape;
  };
  const Object cut = make_shape(
      "difference",
      {{}, {}, {{"base", {raw(dir.file("box.stl"))}}, {"minus", {raw(dir.file("box.stl"))}}}});
  EXPECT_FALSE(as_shape(cut).contains({0.005, 0.01, 0.01}));
  try {
    make_shape("difference", {{},
                              {},
                              {{"base", {raw(dir.file("gone.stl"))}},
                               {"minus", {raw(dir.file("box.stl")), raw(dir.file("off.stl"))}}}});
    FAIL() << "missing files were read";
  } catch (const InputError& e) {
    ASSERT_EQ(e.problems().size(), 2U);
    EXPECT_EQ(e.problems()[0].key, "base.surface.file");
    EXPECT_EQ(e.problems()[1].key, "minus[1].surface.file");
  }
}

}  // namespace
}  // namespace thermodose::test
