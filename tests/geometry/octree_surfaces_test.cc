// Implements: tests of octree_rule.h where surfaces of structures want fine cells.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "geometry/octree_rule.h"
#include "geometry/vec.h"

namespace thermodose {
namespace {

constexpr double kRadius = 10e-3;
const Vec3 kCentre{3.137e-3, 1.043e-3, -2.071e-3};  // no point of the tree is on the surface

OctreeRequest ball_in_box() {
  OctreeRequest r;
  r.lower = {-32e-3, -32e-3, -32e-3};
  r.upper = {32e-3, 32e-3, 32e-3};
  r.finest = 1e-3;
  r.structures.push_back({{{-7e-3, -9e-3, -13e-3}, {14e-3, 12e-3, 8e-3}},
                          [](const Vec3& p) { return norm(p - kCentre) < kRadius; }});
  return r;
}

/// Calls see(centre, edge) for every leaf.
void for_leaves(const OctreeRequest& r, const OctreeLattice& l,
                const std::function<void(const Vec3&, double)>& see) {
  const std::function<void(const Vec3&, double)> down = [&](const Vec3& centre, double edge) {
    if (!must_refine(r, l, centre, edge)) return see(centre, edge);
    for (unsigned child = 0; child < 8; ++child) {
      Vec3 c = centre;
      for (std::size_t d = 0; d < 3; ++d) c[d] += ((child >> d & 1U) != 0 ? 0.25 : -0.25) * edge;
      down(c, edge / 2);
    }
  };
  const double edge = l.coarse_edge();
  for (int k = 0; k < l.coarse[2]; ++k)
    for (int j = 0; j < l.coarse[1]; ++j)
      for (int i = 0; i < l.coarse[0]; ++i)
        down({l.lower[0] + (i + 0.5) * edge, l.lower[1] + (j + 0.5) * edge,
              l.lower[2] + (k + 0.5) * edge},
             edge);
}

TEST(OctreeSurfaces, CellsThatASurfaceCutsAreFineOthersAreNot) {
  OctreeRequest r = ball_in_box();
  const OctreeLattice l = choose_octree_lattice(r);
  EXPECT_EQ(count_cells(r, l, 1e9), 512) << "nothing asks for fine cells: cubes of 8 mm";
  for (const double wanted : {4.0, 2.0, 1.0}) {
    r.at_surfaces = wanted * l.finest;
    double leaves = 0, cut = 0;
    for_leaves(r, l, [&](const Vec3& centre, double edge) {
      ++leaves;
      const double distance = std::abs(norm(centre - kCentre) - kRadius);
      // The surface passes through the inscribed ball of the cube: no doubt that it cuts it.
      if (distance < 0.5 * edge) {
        ++cut;
        EXPECT_LE(edge, r.at_surfaces * (1 + 1e-9));
      }
      if (distance > std::sqrt(3.0) * 8e-3) {
        EXPECT_NEAR(edge, 8e-3, 1e-9);
      }
    });
    EXPECT_EQ(count_cells(r, l, 1e9), leaves);
    // As many as the area of the surface wants, about 4 pi R^2 / edge^2 times 1 to 2.
    const double wished = 4 * 3.14159 * kRadius * kRadius / (r.at_surfaces * r.at_surfaces);
    EXPECT_GT(cut, 0.9 * wished);
    EXPECT_LT(cut, 2.5 * wished);
    EXPECT_GT(count_cells(r, l, 100), 100) << "counting may stop beyond the limit";
    EXPECT_LT(count_cells(r, l, 100), 200);
  }
}

TEST(OctreeSurfaces, WhatLiesElsewhereIsNotAsked) {
  OctreeRequest r = ball_in_box();
  r.at_surfaces = 1e-3;
  int asked = 0;
  r.structures[0].inside = [&](const Vec3&) {
    ++asked;
    return false;
  };
  EXPECT_FALSE(surface_cuts(r, {30e-3, 30e-3, 30e-3}, 2e-3));
  EXPECT_EQ(asked, 0);
  EXPECT_FALSE(surface_cuts(r, kCentre, 2e-3)) << "all of one kind";
  EXPECT_GT(asked, 0);
}

}  // namespace
}  // namespace thermodose
