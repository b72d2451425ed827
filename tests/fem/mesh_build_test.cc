// Implements: tests of meshes: octree rule, graded lines, builders, volumes, areas, elements.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "fem/mesh_lines.h"
#include "mesh_fixture.h"

namespace thermodose {
namespace {

using testing_mesh::octree_case;
using testing_mesh::small_box;

constexpr double kPi = 3.14159265358979323846;

double total(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x;
  return sum;
}

TEST(OctreeLattice, TilesTheReferenceCubeExactly) {
  OctreeRequest r;
  r.lower = {-0.05, -0.05, -0.05};
  r.upper = {0.05, 0.05, 0.05};
  r.finest = 1.25e-3;
  r.coarsest = 10e-3;
  const OctreeLattice l = choose_octree_lattice(r);
  EXPECT_EQ(l.levels, 3);
  EXPECT_DOUBLE_EQ(l.finest, 1.25e-3);
  EXPECT_EQ(l.coarse, (std::array<int, 3>{10, 10, 10}));
}

TEST(OctreeLattice, KeepsUnequalSidesWithinHalfAFinestCell) {
  OctreeRequest r;
  r.lower = {0, 0, 0};
  r.upper = {0.0973, 0.0611, 0.0437};
  r.finest = 1e-3;
  r.coarsest = 8e-3;
  const OctreeLattice l = choose_octree_lattice(r);
  EXPECT_LE(l.finest, r.finest * (1 + 1e-9));
  EXPECT_GE(l.finest, 0.75 * r.finest);
  for (std::size_t d = 0; d < 3; ++d) EXPECT_NEAR(l.upper()[d], r.upper[d], 0.5001 * l.finest) << d;
}

TEST(OctreeLattice, RefusesABoxThinnerThanACell) {
  OctreeRequest r;
  r.upper = {0.1, 0.1, 0.0005};
  r.finest = 1e-3;
  EXPECT_THROW(choose_octree_lattice(r), InputError);
}

TEST(MeshLines, LandOnBreaksAndGrowGeometrically) {
  const LineGrading g{0.2e-3, 1.25, 3e-3};
  const auto x = graded_lines({{0, true}, {0.75e-3, true}, {50e-3, false}}, g);
  EXPECT_TRUE(std::is_sorted(x.begin(), x.end()));
  EXPECT_EQ(std::count(x.begin(), x.end(), 0.75e-3), 1);
  EXPECT_DOUBLE_EQ(x.back(), 50e-3);
  for (std::size_t i = 2; i < x.size(); ++i) {
    const double a = x[i - 1] - x[i - 2], b = x[i] - x[i - 1];
    EXPECT_LE(b, 3e-3 * (1 + 1e-9));
    // One ratio more at most where the lines of two intervals meet.
    EXPECT_LT(std::max(a, b) / std::min(a, b), 1.25 * 1.25) << i;
  }
  // Towards a fine break on the right: the mirror image.
  const auto left = graded_lines({{0, true}, {0.04, false}}, g);
  const auto right = graded_lines({{0, false}, {0.04, true}}, g);
  ASSERT_EQ(left.size(), right.size());
  EXPECT_NEAR(left[1], 0.2e-3, 0.05e-3);
  for (std::size_t i = 0; i < left.size(); ++i)
    EXPECT_NEAR(right[left.size() - 1 - i], 0.04 - left[i], 1e-12);
  const auto both = graded_lines({{0, true}, {0.04, true}}, g);
  EXPECT_NEAR(both[1], 0.2e-3, 0.05e-3);
  for (std::size_t i = 0; i < both.size(); ++i)
    EXPECT_NEAR(both[both.size() - 1 - i], 0.04 - both[i], 1e-12);
  const auto uniform = graded_lines({{0, false}, {1, false}}, {0.1, 1.0, 0.1});
  ASSERT_EQ(uniform.size(), 11U);
  EXPECT_NEAR(uniform[3], 0.3, 1e-14);
}

TEST(Octree, VolumeAreaAndGrading) {
  const auto c = octree_case(small_box());
  const MeshArrays& m = c.mesh;
  EXPECT_NEAR(total(m.volume) / std::pow(0.032, 3), 1, 1e-13);
  for (const auto& face : m.faces) {
    double area = 0;
    for (const FaceNode& n : face) area += n.area;
    EXPECT_NEAR(area / (0.032 * 0.032), 1, 1e-13);
  }
  std::set<long> edges;
  for (std::size_t i = 0; i < m.cells(); ++i) {
    edges.insert(std::lround(m.edge[i] * 1e6));
    const Vec3& low = m.geometry.points[static_cast<std::size_t>(m.cell(i)[0])];
    const Vec3 centre{low[0] + m.edge[i] / 2, low[1] + m.edge[i] / 2, low[2] + m.edge[i] / 2};
    if (distance_to_axes(c.request, centre) < c.request.core) {
      EXPECT_NEAR(m.edge[i], 1e-3, 1e-12);
    }
  }
  EXPECT_EQ(edges, (std::set<long>{1000, 2000, 4000}));
  EXPECT_FALSE(m.hanging.empty());
}

TEST(Octree, HangingNodesLieInTheMiddleOfTheirMasters) {
  const auto c = octree_case(small_box());
  std::set<int> hanging;
  for (const HangingNode& h : c.mesh.hanging) {
    EXPECT_TRUE(hanging.insert(h.node).second) << "listed twice";
    EXPECT_EQ(c.mesh.volume[static_cast<std::size_t>(h.node)], 0);
    for (std::size_t d = 0; d < 3; ++d) {
      double mean = 0;
      for (int k = 0; k < h.count; ++k)
        mean += c.mesh.geometry
                    .points[static_cast<std::size_t>(h.masters[static_cast<std::size_t>(k)])][d] /
                h.count;
      EXPECT_NEAR(mean, c.mesh.geometry.points[static_cast<std::size_t>(h.node)][d], 1e-12);
    }
  }
  for (std::size_t i = 0; i < c.mesh.nodes(); ++i)
    EXPECT_EQ(c.mesh.volume[i] == 0, hanging.count(static_cast<int>(i)) == 1);
}

// Cells double at every step away from the axis: only the balance keeps neighbours alike.
OctreeRequest abrupt_box() {
  OctreeRequest r = small_box();
  r.finest = 0.5e-3;
  r.coarsest = 8e-3;
  r.core = 0.6e-3;
  r.growth = 20;
  return r;
}

TEST(Octree, AbruptGradingIsBalancedOverCorners) {
  // A hanging node that depends on another one makes arrange_mesh() throw.
  const auto c = octree_case(abrupt_box());
  EXPECT_NEAR(total(c.mesh.volume) / std::pow(0.032, 3), 1, 1e-13);
  std::map<int, std::pair<double, double>> around;  // node -> smallest and largest cell
  for (std::size_t i = 0; i < c.mesh.cells(); ++i)
    for (std::size_t n = 0; n < 8; ++n) {
      const auto at = around.emplace(c.mesh.cell(i)[n], std::pair(1.0, 0.0)).first;
      at->second.first = std::min(at->second.first, c.mesh.edge[i]);
      at->second.second = std::max(at->second.second, c.mesh.edge[i]);
    }
  for (const auto& [node, edges] : around) EXPECT_LT(edges.second, 2.001 * edges.first) << node;
}

TEST(Octree, CoreIsFinestThroughout) {
  OctreeRequest r = abrupt_box();
  r.core = 6e-3;
  const auto c = octree_case(r);
  int inside = 0;
  for (std::size_t i = 0; i < c.mesh.cells(); ++i) {
    Vec3 centre = c.mesh.geometry.points[static_cast<std::size_t>(c.mesh.cell(i)[0])];
    for (double& x : centre) x += c.mesh.edge[i] / 2;
    if (distance_to_axes(r, centre) > r.core) continue;
    ++inside;
    EXPECT_NEAR(c.mesh.edge[i], 0.5e-3, 1e-12);
  }
  // The capsule of 10 mm length and 6 mm radius.
  const double volume = kPi * 36e-6 * 0.01 + 4 * kPi / 3 * 216e-9;
  EXPECT_NEAR(inside * 0.125e-9 / volume, 1, 0.02);
}

class Forests : public testing::TestWithParam<bool> {};

TEST_P(Forests, OfBothKindsHaveTheSameCells) {
  const OctreeRequest r = GetParam() ? abrupt_box() : small_box();
  const OctreeLattice l = choose_octree_lattice(r);
  const auto one = [](const Vec3&) { return 0; };
  const MeshArrays a = arrange_mesh(build_octree(r, l, Forest::serial), one);
  const MeshArrays b = arrange_mesh(build_octree(r, l, Forest::p4est), one);
  ASSERT_EQ(a.cells(), b.cells());
  EXPECT_EQ(a.hanging.size(), b.hanging.size());
  EXPECT_EQ(a.edge, b.edge);  // both sorted by place
}

INSTANTIATE_TEST_SUITE_P(Octree, Forests, testing::Values(false, true),
                         [](const auto& run) { return run.param ? "Abrupt" : "Smooth"; });

TEST(Octree, TissueGivesRunsAndLaws) {
  // The lower half is tissue 1. Nodes on the border have half of each: the later law wins.
  const auto c = octree_case(small_box(), [](const Vec3& p) { return p[2] < 0 ? 1 : 0; });
  ASSERT_EQ(c.mesh.runs.size(), 2U);
  EXPECT_EQ(c.mesh.runs[0].law, 0);
  EXPECT_EQ(c.mesh.runs[1].end, c.mesh.nodes());
  for (std::size_t i = 0; i < c.mesh.nodes(); ++i)
    EXPECT_EQ(c.mesh.node_law[i], c.mesh.geometry.points[i][2] < 1e-9 ? 1 : 0);
}

AxisymmetricRequest needle() {
  AxisymmetricRequest q;
  q.radius = 0.03;
  q.lower = -0.03;
  q.upper = 0.04;
  q.finest = 0.25e-3;
  q.growth = 1.3;
  q.coarsest = 3e-3;
  ActiveSegment s;
  s.begin = {0, 0, -0.01};
  s.end = {0, 0, 0.0123};
  s.radius = 0.75e-3;
  q.probes = {s};
  return q;
}

TEST(Axisymmetric, FollowsTheNeedle) {
  const MeshArrays m = arrange_mesh(build_axisymmetric(needle()), [](const Vec3&) { return 0; });
  EXPECT_NEAR(total(m.volume) / (kPi * 0.03 * 0.03 * 0.07), 1, 1e-12);
  double top = 0, side = 0;
  for (const FaceNode& n : m.faces[5]) top += n.area;
  for (const FaceNode& n : m.faces[1]) side += n.area;
  EXPECT_NEAR(top / (kPi * 0.03 * 0.03), 1, 1e-12);
  EXPECT_NEAR(side / (2 * kPi * 0.03 * 0.07), 1, 1e-12);
  EXPECT_TRUE(m.faces[0].empty()) << "the axis is no face";
  EXPECT_TRUE(m.hanging.empty());

  const FittedProbe p = fit_probe(m, needle().probes[0]);
  double area = 0;
  for (const auto& n : p.surface) area += n.area;
  EXPECT_NEAR(area / (2 * kPi * 0.75e-3 * 0.0223), 1, 1e-12);
  for (const int n : p.inside) {
    const Vec3& x = m.geometry.points[static_cast<std::size_t>(n)];
    EXPECT_LE(x[0], 0.75e-3 + 1e-12);
    EXPECT_GE(x[2], -0.01 - 1e-12);
    EXPECT_LE(x[2], 0.0123 + 1e-12);
  }
  EXPECT_GT(p.inside.size(), p.surface.size());
}

TEST(Axisymmetric, RefusesAProbeOffTheAxis) {
  AxisymmetricRequest q = needle();
  q.probes[0].end[0] = 1e-3;
  EXPECT_THROW(build_axisymmetric(q), InputError);
}

TEST(Elements, LargestEigenvalue) {
  // Two nodes at the axis and two at r = h, tall: the radial pair alone, w (1/s0 + 1/s1).
  const double h = 1e-3, tall = 1;
  const QuadElement e = rectangle_element({Vec3{0, 0, 0}, {h, 0, 0}, {0, 0, tall}, {h, 0, tall}});
  EXPECT_NEAR(largest_eigenvalue(e) * h * h, 4.5, 1e-5);
  // Far from the axis a square is the plain five-point cell: 4/h2 + 4/h2.
  const QuadElement s = rectangle_element({Vec3{1, 0, 0}, {1 + h, 0, 0}, {1, 0, h}, {1 + h, 0, h}});
  EXPECT_NEAR(largest_eigenvalue(s) * h * h, 8, 1e-2);
}

// Elements against deal.II's quadrature.
TEST(Elements, RectangleIsTheQuadratureWithMassLumpedAcross) {
  const double r0 = 0.7e-3, r1 = 1.1e-3, z0 = -2e-3, z1 = 1e-3;
  const std::array<Vec3, 4> c{Vec3{r0, 0, z0}, {r1, 0, z0}, {r0, 0, z1}, {r1, 0, z1}};
  const QuadElement e = rectangle_element(c);
  const CellMatrices m = cell_matrices(true, {c.begin(), c.end()}).front();
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(e.share[i] / m.mass[i], 1, 1e-12);
  const auto r = [&](std::size_t i, std::size_t j) { return m.along[0][4 * i + j]; };
  const auto z = [&](std::size_t i, std::size_t j) { return m.along[2][4 * i + j]; };
  // Lumping the mass across sums the consistent matrix over the opposite side.
  EXPECT_NEAR(e.coupling[0] / -(r(0, 1) + r(0, 3)), 1, 1e-12);
  EXPECT_NEAR(e.coupling[5] / -(r(2, 3) + r(2, 1)), 1, 1e-12);
  EXPECT_NEAR(e.coupling[1] / -(z(0, 2) + z(0, 3)), 1, 1e-12);
  EXPECT_NEAR(e.coupling[4] / -(z(1, 3) + z(1, 2)), 1, 1e-12);
  EXPECT_EQ(e.coupling[2], 0);
  EXPECT_EQ(e.coupling[3], 0);
}

TEST(Elements, CubeHasNoCouplingAlongEdges) {
  const double h = 1.3e-3;
  std::vector<Vec3> corners;
  for (unsigned n = 0; n < 8; ++n)
    corners.push_back({h * (n & 1U), h * (n >> 1U & 1U), h * (n >> 2U)});
  const CellMatrices m = cell_matrices(false, corners).front();
  // Column by column through the kernel: conduct a unit value at one corner.
  std::vector<std::int32_t> slot(8 * kLanes, 8);
  for (std::int32_t n = 0; n < 8; ++n) slot[static_cast<std::size_t>(n) * kLanes] = n;
  std::vector<double> factor(kLanes, 0.0);
  factor[0] = h / 12;
  for (std::size_t j = 0; j < 8; ++j) {
    std::vector<double> theta(9, 0.0), heat(9, 0.0);
    theta[j] = 1;
    mesh_kernels<double>().cubes({slot.data(), factor.data()}, 0, 1, theta.data(), heat.data());
    for (std::size_t i = 0; i < 8; ++i) {
      const std::size_t at = 8 * i + j;
      EXPECT_NEAR(-heat[i], m.along[0][at] + m.along[1][at] + m.along[2][at], 1e-12 * h);
      if (i != j) {
        EXPECT_GE(heat[i], -1e-15 * h) << "not an M-matrix: " << i << ' ' << j;
      }
    }
  }
}

TEST(Elements, CellsThatAreNoRectanglesComeFromTheQuadrature) {
  // A trapezoid: theta = z leaves no heat inside; its conductance is the exact integral.
  const std::vector<Vec3> c{{1e-3, 0, 0}, {2e-3, 0, 0}, {1e-3, 0, 1e-3}, {2.5e-3, 0, 1e-3}};
  const QuadElement e = general_quad_elements(c).front();
  double volume = 0, energy = 0;
  for (const double v : e.share) volume += v;
  for (std::size_t p = 0; p < 6; ++p) {
    const double dz = c[kQuadPairs[p][0]][2] - c[kQuadPairs[p][1]][2];
    energy += e.coupling[p] * dz * dz;
  }
  // int |grad z|^2 2 pi r = volume of the frustum shell.
  const double shell = kPi / 3 * 1e-3 * (4e-6 + 5e-6 + 6.25e-6) - kPi * 1e-9;
  EXPECT_NEAR(volume / shell, 1, 1e-12);
  EXPECT_NEAR(energy / shell, 1, 1e-12);
}

}  // namespace
}  // namespace thermodose
