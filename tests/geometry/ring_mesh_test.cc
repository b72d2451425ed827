// Implements: tests of axisymmetric meshes from files: volumes, outer edges, which cell a point is
// in, and every reason for which a mesh is refused.
#include "geometry/ring_mesh.h"

#include <gtest/gtest.h>

#include <random>

#include "geometry/ring_locator.h"
#include "geometry/vec.h"
#include "msh_files.h"

namespace thermodose::test {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// A disc with a hole for a needle, skewed inside.
MshPlan plan_with_hole() {
  MshPlan plan;
  plan.x = steps(0, 10, 10);
  plan.y = steps(-10, 10, 20);
  plan.bend = skewed(2, 10, -10, 0, 0.04);
  plan.bend = [inner = plan.bend](const Flat& p) { return p[0] > 2 && p[1] < 0 ? inner(p) : p; };
  plan.hole = [](const Flat& p) { return p[0] < 2 && p[1] > 0; };
  plan.cell_group = [](const Flat& p) { return p[0] < 5 ? "near" : "far"; };
  plan.edge_group = [](const Flat& p) {
    return p[0] == 0 ? "axis" : p[1] >= 0 && p[0] <= 2 ? "needle" : p[0] == 10 ? "side" : "";
  };
  return plan;
}

RingMesh good(const MshPlan& plan, double metres = 1e-3) {
  std::vector<std::string> problems;
  RingMesh mesh = make_ring_mesh(parse_msh("a.msh", MshText(plan).v4()), metres, problems);
  EXPECT_TRUE(problems.empty()) << problems.at(0);
  return mesh;
}

std::string refusal(const MshFile& file) {
  std::vector<std::string> problems;
  make_ring_mesh(file, 1e-3, problems);
  std::string told;
  for (const auto& p : problems) told += (told.empty() ? "" : " | ") + p;
  return told;
}

MshFile plain() { return parse_msh("a.msh", MshText(plan_with_hole()).v2()); }

TEST(RingMesh, VolumesAndOuterEdgesAreThoseOfTheDrawing) {
  const RingMesh mesh = good(plan_with_hole());
  EXPECT_EQ(mesh.cell_group.size(), 200U - 20U);
  double all = 0, area = 0;
  for (std::size_t c = 0; c < mesh.cell_group.size(); ++c) {
    EXPECT_GT(mesh.volume(c), 0);
    all += mesh.volume(c);
  }
  EXPECT_NEAR(all, kPi * (100 * 20 - 4 * 10) * 1e-9, 1e-18);
  for (const OuterFace& e : mesh.boundary) {
    const Vec3 &a = mesh.points[std::size_t(e.nodes[0])], &b = mesh.points[std::size_t(e.nodes[1])];
    area += kPi * (a[0] + b[0]) * norm(b - a);
  }
  EXPECT_NEAR(area, kPi * (2 * 10 * 20 + 100 + 96 + 4 + 2 * 2 * 10) * 1e-6, 1e-15);
  std::map<int, int> edges;
  for (const OuterFace& e : mesh.boundary) ++edges[e.group];
  EXPECT_EQ(edges.size(), 3U) << "side, needle, none";
  EXPECT_EQ(mesh.hidden.size(), 1U) << "the axis";
  EXPECT_NEAR(mesh.mean_edge(), 1e-3, 1e-12);
  EXPECT_LT(mesh.shortest_edge(), 0.9e-3);
  EXPECT_GT(mesh.shortest_edge(), 0.5e-3);
}

TEST(RingMesh, UnitsAndPointsOfTheDrawingAreTaken) {
  MshFile file = plain();
  file.points.push_back({99, 99, 99});  // the centre of an arc
  std::vector<std::string> problems;
  const RingMesh mesh = make_ring_mesh(file, 1, problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(mesh.points.size(), 231U - 20U);
  double r = 0;
  for (const Vec3& p : mesh.points) r = std::max(r, p[0]);
  EXPECT_EQ(r, 10);
}

TEST(RingLocator, FindsTheCellThatHoldsAPoint) {
  const RingMesh mesh = good(plan_with_hole());
  const RingLocator locator(mesh);
  std::mt19937 random(3);
  std::uniform_real_distribution<double> share(0.01, 0.99);
  for (std::size_t c = 0; c < mesh.cell_group.size(); ++c)
    for (int n = 0; n < 20; ++n) {
      const auto p = mesh.corners(c);
      const double u = share(random), v = share(random);
      const Vec3 q = (1 - v) * ((1 - u) * p[0] + u * p[1]) + v * ((1 - u) * p[2] + u * p[3]);
      EXPECT_EQ(locator.cell_at(q[0], q[2]), int(c));
    }
  for (const Vec3& p : mesh.points) EXPECT_GE(locator.cell_at(p[0], p[2]), 0);
  EXPECT_EQ(locator.cell_at(1e-3, 5e-3), -1) << "in the hole";
  EXPECT_EQ(locator.cell_at(10.001e-3, 0), -1);
  EXPECT_EQ(locator.cell_at(5e-3, 10.001e-3), -1);
  EXPECT_EQ(locator.cell_at(std::nan(""), 0), -1);
  EXPECT_EQ(locator.cell_at(1e300, -1e300), -1);
}

TEST(RingMesh, WhatCannotBeSolvedIsRefused) {
  MshFile left = plain();
  for (Vec3& p : left.points) p[0] -= 3;
  EXPECT_EQ(refusal(left).substr(0, 78),
            "48 nodes lie left of the axis: x is the radius and must not be below 0; the fi");
  MshFile upright = plain();
  for (Vec3& p : upright.points) std::swap(p[1], p[2]);
  EXPECT_NE(refusal(upright).find("nodes lie outside the plane z = 0 of the file"),
            std::string::npos);
  MshFile bent = plain();
  bent.points[std::size_t(bent.quads[50].nodes[1])] = {9, 9, 0};
  EXPECT_NE(refusal(bent).find("cells are flat or not convex; the first at x = "),
            std::string::npos);
  MshFile folded = plain();
  folded.quads[7].nodes[1] = folded.quads[7].nodes[0];
  EXPECT_EQ(refusal(folded).find("1 cells are flat"), 0U);
  MshFile infinite = plain();
  for (Vec3& p : infinite.points) p[0] *= 1e308;
  EXPECT_NE(refusal(infinite), "");
}

TEST(RingMesh, CracksAndOverlapsAreFound) {
  // Cells right of x = 5 get nodes of their own, at the same places or above.
  const auto parted = [](double shift) {
    MshFile file = plain();
    const auto at_line = [&](int n) {
      return std::abs(file.points[std::size_t(n)][0] - 5) < 1e-9 &&
             file.points[std::size_t(n)][1] > 0.5;
    };
    std::map<int, int> own;
    for (auto& quad : file.quads) {
      double right = 0;
      for (const int n : quad.nodes) right = std::max(right, file.points[std::size_t(n)][0]);
      if (right < 5.5) continue;
      for (int& n : quad.nodes) {
        if (!at_line(n)) continue;
        if (own.count(n) == 0) {
          own[n] = int(file.points.size());
          const Vec3 p = file.points[std::size_t(n)];
          file.points.push_back({p[0], p[1] + shift, p[2]});
        }
        n = own[n];
      }
    }
    return file;
  };
  EXPECT_EQ(refusal(parted(0)).find("10 nodes lie where another one lies"), 0U)
      << refusal(parted(0));
  EXPECT_NE(refusal(parted(0.3)).find("outer nodes lie inside the edge of another cell"),
            std::string::npos)
      << refusal(parted(0.3));
  MshFile twice = plain();
  for (std::size_t c = 0; c < 5; ++c) {
    twice.quads.push_back(twice.quads[20 + c]);
    twice.quads.back().group = 77;
  }
  EXPECT_NE(refusal(twice).find("edges belong to more than two cells"), std::string::npos);
  MshFile line = plain();
  line.lines.push_back({line.lines[0].nodes, 99});
  line.lines[0].group = 98;
  EXPECT_EQ(refusal(line).find("1 edges are in two physical groups"), 0U);
  MshFile loose = plain();
  loose.lines.push_back({{0, 100}, 99});
  EXPECT_EQ(refusal(loose).find("1 lines are no edge of a cell"), 0U);
}

}  // namespace
}  // namespace thermodose::test
