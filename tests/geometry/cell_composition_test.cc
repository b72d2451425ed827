// Implements: tests of what cells are made of, against planes, layers, spheres and shells.
#include "geometry/cell_composition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "geometry/vec.h"

namespace thermodose {
namespace {

constexpr double kPi = 3.14159265358979323846;

CompositionGrid cube(int cells, double edge) {
  CompositionGrid g;
  g.origin = {-edge / 2, -edge / 2, -edge / 2};
  g.spacing = edge / cells;
  g.nodes = {cells + 1, cells + 1, cells + 1};
  return g;
}

double angle_to(const std::array<float, 3>& n, const Vec3& exact) {
  const Vec3 v{n[0], n[1], n[2]};
  return std::acos(std::min(1.0, std::abs(dot(v, exact)) / norm(v) / norm(exact)));
}

// A plane through cells: shares to 1/36, wherever it lies and whichever axis it crosses.
TEST(Composition, PlanesAlongTheAxes) {
  const CompositionGrid g = cube(4, 4e-3);
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (const double offset : {0.03e-3, 0.31e-3, 0.5e-3, 0.77e-3}) {
      const Composition c = compose(
          g, [&](const Vec3& p) { return MaterialIndex(p[axis] < offset ? 0 : 1); }, 2, 1);
      ASSERT_EQ(c.cuts.size(), 16U);
      for (const CutCell& cut : c.cuts) {
        const double below =
            cut.shares.material[0] == 0 ? cut.shares.share[0] : cut.shares.share[1];
        EXPECT_NEAR(below, offset / 1e-3, 0.5 / 36 + 1e-6);
        Vec3 normal{};
        normal[axis] = 1;
        EXPECT_LT(angle_to(cut.normal, normal), 1e-5);
      }
      EXPECT_NEAR(c.volume[0], 16e-6 * (2e-3 + offset), 16e-9 * 0.5 / 36 * 1.01);
      EXPECT_NEAR(c.volume[0] + c.volume[1], 64e-9, 1e-18);
    }
}

// Nodes hold the eighths around them: a plane a quarter of a cell above a layer of nodes.
TEST(Composition, NodesTakeTheirControlVolume) {
  const CompositionGrid g = cube(4, 4e-3);
  const Composition c = compose(
      g, [](const Vec3& p) { return MaterialIndex(p[2] < 0.25e-3 ? 0 : 1); }, 2, 2);
  ASSERT_EQ(c.mixed.size(), 25U) << "one layer";
  for (const MixedNode& m : c.mixed) {
    EXPECT_EQ(m.node / 25, 2U);
    EXPECT_EQ(m.shares.material[0], 0);
    EXPECT_NEAR(m.shares.share[0], 0.75, 0.5 / 36 + 1e-6);
  }
}

TEST(Composition, TiltedPlanesAndLayers) {
  const CompositionGrid g = cube(8, 8e-3);
  for (const Vec3 n : {Vec3{1, 2, 3}, Vec3{1, 1, 0}, Vec3{-3, 1, 0.5}, Vec3{1, -1, 1}}) {
    const Vec3 unit = (1 / norm(n)) * n;
    const Composition plane = compose(
        g, [&](const Vec3& p) { return MaterialIndex(dot(p, unit) < 0.1e-3 ? 0 : 1); }, 2, 1);
    ASSERT_GT(plane.cuts.size(), 50U);
    double mean = 0;
    for (const CutCell& cut : plane.cuts) mean += angle_to(cut.normal, unit);
    EXPECT_LT(mean / double(plane.cuts.size()), 0.12) << "radian; slivers have poor normals";
    // A layer of 0.6 mm in cells of 1 mm, the same on both sides.
    const Composition layer = compose(
        g, [&](const Vec3& p) { return MaterialIndex(std::abs(dot(p, unit)) < 0.3e-3 ? 1 : 0); }, 2,
        1);
    double area = 0, off = 0;
    for (const CutCell& cut : layer.cuts) off += angle_to(cut.normal, unit);
    EXPECT_LT(off / double(layer.cuts.size()), 0.12);
    // Its volume is that of the plane's area inside the cube times 0.6 mm.
    constexpr int m = 400;
    for (int i = 0; i < m * m; ++i) {
      // Points of the mid-plane by projection along its largest component.
      std::size_t a = 0;
      for (std::size_t d = 1; d < 3; ++d)
        if (std::abs(unit[d]) > std::abs(unit[a])) a = d;
      const std::size_t b = (a + 1) % 3, c = (a + 2) % 3;
      Vec3 p{};
      p[b] = 8e-3 * ((i % m + 0.5) / m - 0.5);
      p[c] = 8e-3 * ((i / m + 0.5) / m - 0.5);
      p[a] = -(unit[b] * p[b] + unit[c] * p[c]) / unit[a];
      if (std::abs(p[a]) < 4e-3) area += 64e-6 / (m * m) / std::abs(unit[a]);
    }
    EXPECT_NEAR(layer.volume[1], 0.6e-3 * area, 0.03 * 0.6e-3 * area)
        << "corners that a layer just clips are not seen";
  }
}

TEST(Composition, SpheresAndShellsKeepTheirVolume) {
  const CompositionGrid g = cube(20, 40e-3);  // cells of 2 mm
  const auto shell = [](const Vec3& p) {
    const double r = norm(p - Vec3{0.3e-3, -0.4e-3, 0.2e-3});
    return MaterialIndex(r < 12e-3 ? 0 : r < 13e-3 ? 1 : 2);
  };
  const Composition c = compose(g, shell, 3, 2);
  const auto ball = [](double r) { return 4. / 3 * kPi * r * r * r; };
  EXPECT_NEAR(c.volume[0], ball(12e-3), 0.003 * ball(12e-3));
  EXPECT_NEAR(c.volume[1], ball(13e-3) - ball(12e-3), 0.01 * (ball(13e-3) - ball(12e-3)));
  double on_nodes = 0;
  std::map<std::size_t, double> mixed;
  for (const MixedNode& m : c.mixed)
    for (int i = 0; i < m.shares.count; ++i)
      if (m.shares.material[std::size_t(i)] == 1) on_nodes += m.shares.share[std::size_t(i)] * 8e-9;
  EXPECT_NEAR(on_nodes, c.volume[1], 1e-3 * c.volume[1]) << "no node holds the shell alone";
}

// Threads share the work, not the answer; materials that meet at an edge are all counted.
TEST(Composition, ThreadsAndCornersOfManyMaterials) {
  const CompositionGrid g = cube(6, 6e-3);
  const auto octants = [](const Vec3& p) {
    return MaterialIndex((p[0] > 0.2e-3 ? 1 : 0) + (p[1] > 0.3e-3 ? 2 : 0));
  };
  const Composition one = compose(g, octants, 4, 1), three = compose(g, octants, 4, 3);
  EXPECT_EQ(one.cell, three.cell);
  EXPECT_EQ(one.node, three.node);
  EXPECT_EQ(one.volume, three.volume);
  ASSERT_EQ(one.cuts.size(), three.cuts.size());
  int of_four = 0;
  for (const CutCell& cut : one.cuts) of_four += cut.shares.count == 4 ? 1 : 0;
  EXPECT_EQ(of_four, 6) << "one line of cells";
}

// Telling two materials apart and making them one again is the same as never telling them apart.
TEST(Composition, RelabelledIsAsSampled) {
  const CompositionGrid g = cube(10, 10e-3);
  const auto three = [](const Vec3& p) {
    const double r = norm(p - Vec3{0.1e-3, 0.2e-3, -0.3e-3});
    return MaterialIndex(r < 2.4e-3 ? 1 : p[0] + 0.3 * p[1] > 0.4e-3 ? 2 : 0);
  };
  const Composition all = compose(g, three, 3, 1);
  const Composition two = relabel(all, {0, 1, 0}, 2);
  const Composition direct = compose(
      g, [&](const Vec3& p) { return MaterialIndex(three(p) == 1 ? 1 : 0); }, 2, 1);
  EXPECT_EQ(two.cell, direct.cell);
  EXPECT_EQ(two.node, direct.node);
  ASSERT_EQ(two.cuts.size(), direct.cuts.size());
  ASSERT_EQ(two.mixed.size(), direct.mixed.size());
  for (std::size_t i = 0; i < two.cuts.size(); ++i) {
    EXPECT_EQ(two.cuts[i].cell, direct.cuts[i].cell);
    EXPECT_EQ(two.cuts[i].shares.material, direct.cuts[i].shares.material);
    EXPECT_NEAR(two.cuts[i].shares.share[0], direct.cuts[i].shares.share[0], 1e-5);
    for (std::size_t e = 0; e < 16; ++e)
      EXPECT_NEAR(two.cuts[i].line[e][0], direct.cuts[i].line[e][0], 36)
          << "a tenth of the diagonal may hold three materials";
  }
  for (std::size_t m = 0; m < 2; ++m) EXPECT_NEAR(two.volume[m], direct.volume[m], 1e-15);
}

// Diagonals of a cell that a plane cuts: those that cross it know where, the others lie beside it.
TEST(Composition, DiagonalsKnowWhatTheyCross) {
  const Composition c = compose(
      cube(2, 2e-3), [](const Vec3& p) { return MaterialIndex(p[1] < 0.3e-3 ? 0 : 1); }, 2, 1);
  ASSERT_EQ(c.cuts.size(), 4U);
  for (const CutCell& cut : c.cuts) {
    const std::size_t low = cut.shares.material[0] == 0 ? 0 : 1;
    int crossing = 0;
    for (std::size_t e = 0; e < 16; ++e) {
      EXPECT_EQ(cut.line[e][0] + cut.line[e][1], 255);
      const bool from = (kDiagonals[e][0] & 2U) != 0, to = (kDiagonals[e][1] & 2U) != 0;
      if (from != to) {
        ++crossing;
        EXPECT_NEAR(cut.line[e][low], 0.3 * 255, 1.5) << e;
      } else {
        EXPECT_EQ(cut.line[e][low], from ? 0 : 255) << e;
      }
    }
    EXPECT_EQ(crossing, 12);
  }
}

TEST(Composition, OneMaterialHasNoCuts) {
  const Composition c = compose(
      cube(3, 3e-3), [](const Vec3&) { return MaterialIndex(0); }, 1, 1);
  EXPECT_TRUE(c.cuts.empty());
  EXPECT_TRUE(c.mixed.empty());
  EXPECT_NEAR(c.volume[0], 27e-9, 1e-18);
}

}  // namespace
}  // namespace thermodose
