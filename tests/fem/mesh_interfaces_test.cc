// Implements: tests of cubes that tissues cut on the mesh engine: against the grid engine on equal
// cubes, thin layers that conduct ten times less or more than what is around them, across cubes of
// different sizes, and exact derivatives.
#include "fem/mesh_interfaces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "fem/grid_tissues.h"
#include "fem/mesh_interface_tangent.h"
#include "fem/mesh_tissues.h"
#include "fem/rkl2.h"
#include "geometry/vec.h"
#include "mesh_fixture.h"

namespace thermodose {
namespace {

using namespace testing_mesh;

constexpr double kPi = 3.14159265358979323846;
constexpr double kBody = 310.15;

SegmentLaw plain(double k, double capacity = 1e5) {
  LawData d;
  d.k = {k};
  d.capacity = {capacity};
  return make_law(d);
}

/// Cubes of `finest`, up to `coarsest` away from an axis through the middle along z.
MeshSetup cubes(const Vec3& size, double finest, double coarsest, std::vector<SegmentLaw> laws,
                const TissueAt& tissue) {
  OctreeRequest r;
  r.lower = -0.5 * size;
  r.upper = 0.5 * size;
  r.finest = finest;
  r.coarsest = coarsest;
  r.core = 3 * finest;
  r.growth = 0.5;
  r.axes = {{{0, 0, -0.25 * size[2]}, {0, 0, 0.25 * size[2]}}};
  const OctreeLattice lattice = choose_octree_lattice(r);
  MeshSetup setup;
  setup.mesh = arrange_octree(
      build_octree(r, lattice),
      [&](const Vec3& p) { return static_cast<MaterialIndex>(tissue(p)); }, laws, 1);
  setup.lattice = Lattice{lattice.lower, lattice.finest, lattice.fine_nodes()};
  setup.laws = std::move(laws);
  return setup;
}

std::vector<double> steady(const MeshSetup& setup, const Conditions& conditions, double seconds) {
  MeshSystem<double> system(setup, conditions);
  StepControl control;
  control.max_step = 30;
  control.tolerance = 0.02;
  Rkl2<double> rkl(system, control);
  rkl.start(0);
  rkl.advance(seconds, true, [](const AcceptedStep<double>&) {});
  std::vector<double> t(system.size());
  for (std::size_t n = 0; n < t.size(); ++n)
    t[n] =
        system.laws()[static_cast<std::size_t>(setup.mesh.node_law[n])].temperature(rkl.state()[n]);
  return t;
}

SegmentLaw freezing(double perfusion, double frozen, double k) {
  LawData d = freezing_tissue(perfusion);
  d.k = {frozen, k};
  return make_law(d);
}

int ball_in_layer(const Vec3& p) {
  if (norm(p - Vec3{1e-3, -2e-3, 0.5e-3}) < 6.3e-3) return 1;
  return p[2] + 0.4 * p[0] > 3.1e-3 && p[2] + 0.4 * p[0] < 4.2e-3 ? 2 : 0;
}

// Equal cubes: the same nodes, laws, volumes and heat as the grid engine has.
TEST(MeshInterfaces, EqualTheGridOnEqualCubes) {
  const std::vector<SegmentLaw> laws{freezing(20e3, 2.0, 0.5), freezing(5e3, 1.2, 0.3),
                                     freezing(0, 1.5, 0.2)};
  constexpr double h = 2e-3;
  const MeshSetup setup = cubes({24e-3, 24e-3, 24e-3}, h, h, laws, ball_in_layer);
  GridSetup g;
  g.lattice = *setup.lattice;
  ASSERT_EQ(g.lattice.nodes[0], 13);
  g.laws = laws;
  g.faces.fill(FaceKind::insulated);
  g.active_box = false;
  set_tissues(
      g, compose(
             CompositionGrid{g.lattice.origin, h, g.lattice.nodes},
             [](const Vec3& p) { return static_cast<MaterialIndex>(ball_in_layer(p)); }, 3, 1));
  ASSERT_GT(g.cuts.size(), 100U);
  EXPECT_EQ(setup.mesh.cuts.size(), g.cuts.size());
  const Conditions conditions;
  MeshSystem<double> mesh(setup, conditions);
  const auto grid = make_grid_system<double>(g, conditions);
  ASSERT_EQ(mesh.size(), grid->size());
  // Temperatures by place, enthalpies by each one's laws.
  const std::vector<double> t = random_state(mesh.size(), 200, 330);
  std::vector<double> y_mesh(t.size()), y_grid(t.size());
  std::vector<std::size_t> place(t.size());
  for (std::size_t i = 0; i < t.size(); ++i) {
    const Vec3 p = (1 / h) * (setup.mesh.geometry.points[i] - g.lattice.origin);
    place[i] = static_cast<std::size_t>(std::lround(p[0]) +
                                        13 * (std::lround(p[1]) + 13 * std::lround(p[2])));
    y_mesh[i] = mesh.laws()[static_cast<std::size_t>(setup.mesh.node_law[i])].enthalpy(t[i]);
    y_grid[place[i]] = grid->laws()[g.node_law[place[i]]].enthalpy(t[i]);
    EXPECT_NEAR(y_mesh[i], y_grid[place[i]], 1e-9 * (1 + std::abs(y_mesh[i]))) << "mixture";
  }
  const auto l_mesh = rate(mesh, 0, y_mesh), l_grid = rate(*grid, 0, y_grid);
  double largest = 0;
  for (const double l : l_mesh) largest = std::max(largest, std::abs(l));
  ASSERT_GT(largest, 1e6);
  for (std::size_t i = 0; i < t.size(); ++i)
    EXPECT_NEAR(l_mesh[i], l_grid[place[i]], 1e-8 * largest);
}

// A layer of 1 mm in cubes of 2 mm (and of 4) between fixed faces, at any depth in its cube.
void expect_flat_layer(double k_layer, double coarsest) {
  for (const double offset : {0.0, 0.3e-3, 0.7e-3, 1.0e-3, 1.6e-3}) {
    const MeshSetup setup =
        cubes({32e-3, 16e-3, 16e-3}, 2e-3, coarsest, {plain(0.5), plain(k_layer)},
              [&](const Vec3& p) { return p[0] >= offset && p[0] < offset + 1e-3 ? 1 : 0; });
    Conditions conditions;
    conditions.faces[0] = [](double) { return fixed(kBody); };
    conditions.faces[1] = [](double) { return fixed(kBody - 50); };
    const auto t = steady(setup, conditions, 4000);
    double warm = 0, fraction = 0;  // of the flux through x = -8 mm, from the drop before it
    for (std::size_t i = 0; i < t.size(); ++i)
      if (std::abs(setup.mesh.geometry.points[i][0] + 8e-3) < 1e-9) {
        warm += kBody - t[i];
        ++fraction;
      }
    const double flux = 0.5 * warm / fraction / 8e-3;
    const double exact = 50 / ((32e-3 - 1e-3) / 0.5 + 1e-3 / k_layer);
    EXPECT_NEAR(flux, exact, 0.01 * exact) << "k " << k_layer << ", at " << offset;
  }
}
TEST(MeshInterfaces, FlatLayerOfLowConductivity) { expect_flat_layer(0.05, 2e-3); }
TEST(MeshInterfaces, FlatLayerOfHighConductivity) { expect_flat_layer(5, 2e-3); }
TEST(MeshInterfaces, FlatLayerAcrossCubesOfTwoSizes) { expect_flat_layer(0.05, 4e-3); }

// A ball that makes heat inside a shell of 1 mm: the temperature drop over the shell is q / (4 pi
// k) (1/a - 1/b) whatever is around.
void expect_shell(double k_shell, double finest, double coarsest, const Vec3& centre,
                  double tolerance = 0.03) {
  constexpr double source = 2e5, heated = 7e-3, inner = 12e-3, outer = 13e-3;
  SegmentLaw hot = plain(0.5);
  hot.source_at_reference = source;
  for (auto& segment : hot.segments) segment.s1 = segment.s2 = 0;
  const MeshSetup setup = cubes({48e-3, 48e-3, 48e-3}, finest, coarsest,
                                {plain(0.5), plain(k_shell), hot}, [&](const Vec3& p) {
                                  const double r = norm(p - centre);
                                  return r < heated ? 2 : r < inner ? 0 : r < outer ? 1 : 0;
                                });
  Conditions conditions;
  for (auto& face : conditions.faces) face = [](double) { return fixed(kBody); };
  const auto t = steady(setup, conditions, 300);
  double heat = 0;
  for (std::size_t i = 0; i < t.size(); ++i)
    heat += setup.laws[static_cast<std::size_t>(setup.mesh.node_law[i])].source(0) *
            setup.mesh.volume[i];
  EXPECT_NEAR(heat, source * 4. / 3 * kPi * std::pow(heated, 3), 0.02 * heat);
  // Means over thin spherical layers of nodes inside and outside, brought to their radius with the
  // exact profile of a medium of 0.5 W/m/K.
  const auto mean_at = [&](double radius, double width) {
    double sum = 0, volume = 0;
    for (std::size_t i = 0; i < t.size(); ++i) {
      const double r = norm(setup.mesh.geometry.points[i] - centre), v = setup.mesh.volume[i];
      if (std::abs(r - radius) > width) continue;
      sum += v * (t[i] - heat / (4 * kPi * 0.5) * (1 / r - 1 / radius));
      volume += v;
    }
    return sum / volume;
  };
  const double a = inner - 1.5 * coarsest, b = outer + 1.5 * coarsest;
  const double exact =
      heat / (4 * kPi) *
      ((1 / a - 1 / inner) / 0.5 + (1 / inner - 1 / outer) / k_shell + (1 / outer - 1 / b) / 0.5);
  const double drop = mean_at(a, 0.5 * coarsest) - mean_at(b, 0.5 * coarsest);
  EXPECT_NEAR(drop, exact, tolerance * exact) << "k " << k_shell << ", cubes to " << coarsest;
}

TEST(MeshInterfaces, SphericalShellOfLowConductivity) {
  expect_shell(0.05, 2e-3, 2e-3, {0.6e-3, -0.4e-3, 0.9e-3});
}
TEST(MeshInterfaces, SphericalShellOfHighConductivity) {
  expect_shell(5, 2e-3, 2e-3, {0.6e-3, -0.4e-3, 0.9e-3});
}
TEST(MeshInterfaces, SphericalShellAcrossCubesOfTwoSizes) {
  // Hanging nodes with masters on both sides of the shell let some heat around it.
  expect_shell(0.05, 1e-3, 2e-3, {0.6e-3, -0.4e-3, 0.9e-3}, 0.045);
}

// What nodes hold sums to what the cubes hold, and that is the volume of the shapes.
TEST(MeshInterfaces, NodesHoldTheVolumesOfTissues) {
  OctreeRequest r = small_box();
  const OctreeLattice lattice = choose_octree_lattice(r);
  const RawMesh raw = build_octree(r, lattice);
  const Vec3 centre{1e-3, -2e-3, 0.5e-3};
  const Composition c = compose(
      raw, [&](const Vec3& p) { return MaterialIndex(norm(p - centre) < 9e-3 ? 1 : 0); }, 2, 2);
  EXPECT_NEAR(c.volume[1], 4. / 3 * kPi * std::pow(9e-3, 3), 2e-3 * c.volume[1]);
  const MeshArrays mesh = arrange_mesh(raw, [](const Vec3&) { return 0; });
  std::vector<double> share(mesh.nodes());
  for (std::size_t i = 0; i < share.size(); ++i) share[i] = c.node[i] == 1 ? 1 : 0;
  for (const MixedNode& m : c.mixed)
    share[m.node] = m.shares.material[0] == 1 ? static_cast<double>(m.shares.share[0])
                                              : 1 - static_cast<double>(m.shares.share[0]);
  double sum = 0;
  for (std::size_t i = 0; i < mesh.nodes(); ++i)
    sum += mesh.volume[i] * share[static_cast<std::size_t>(mesh.raw_node[i])];
  EXPECT_NEAR(sum, c.volume[1], 1e-6 * sum);
}

// Hanging nodes at a border: heat neither appears nor vanishes, and constants are steady.
TEST(MeshInterfaces, HangingNodesKeepHeat) {
  const MeshSetup setup =
      cubes({32e-3, 32e-3, 32e-3}, 1e-3, 4e-3,
            {freezing(0, 2.0, 0.5), freezing(0, 1.2, 0.3), plain(0.1)}, ball_in_layer);
  ASSERT_GT(setup.mesh.hanging.size(), 100U);
  const Conditions conditions;
  MeshSystem<double> system(setup, conditions);
  const MeshInterfaces<double> interfaces(setup.mesh, setup.laws);
  ASSERT_GT(interfaces.hanging().size(), 50U) << "of cubes at borders";
  const auto law = [&](std::size_t i) -> const SegmentLaw& {
    return setup.laws[static_cast<std::size_t>(setup.mesh.node_law[i])];
  };
  std::vector<double> y = random_state(system.size(), 200, 330);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = law(i).enthalpy(y[i]);
  const auto l = rate(system, 0, y);
  double sum = 0, size = 0;
  for (std::size_t i = 0; i < l.size(); ++i) {
    sum += l[i] * system.volume(i);
    size += std::abs(l[i]) * system.volume(i);
  }
  EXPECT_NEAR(sum, 0, 1e-12 * size);
  for (const double kelvin : {240.0, 270.0, 300.0}) {
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = law(i).enthalpy(kelvin);
    for (const double r : rate(system, 0, y)) EXPECT_NEAR(r, 0, 1e-4);
  }
}

// Tissues that conduct alike: a linear field leaves no heat anywhere inside, hanging nodes at
// borders and their masters too.
TEST(MeshInterfaces, LinearFieldAcrossEqualTissuesIsSteady) {
  const MeshSetup setup = cubes({32e-3, 32e-3, 32e-3}, 1e-3, 4e-3,
                                {plain(0.7), plain(0.7, 3e5), plain(0.7, 2e5)}, ball_in_layer);
  const Conditions conditions;
  MeshSystem<double> system(setup, conditions);
  const MeshInterfaces<double> interfaces(setup.mesh, setup.laws);
  ASSERT_GT(interfaces.hanging().size(), 50U) << "of cubes at borders";
  const Vec3 slope{1e3, -2e3, 0.5e3};  // K/m
  std::vector<double> y(system.size());
  for (std::size_t i = 0; i < y.size(); ++i)
    y[i] = setup.laws[static_cast<std::size_t>(setup.mesh.node_law[i])].enthalpy(
        kBody + dot(slope, setup.mesh.geometry.points[i]));
  const std::vector<double> l = rate(system, 0, y);
  for (std::size_t i = 0; i < l.size(); ++i) {
    const Vec3& p = setup.mesh.geometry.points[i];
    // k grad / h = 0.7 * 2e3 / 1e-3 is the scale of one missing neighbour.
    if (std::max({std::abs(p[0]), std::abs(p[1]), std::abs(p[2])}) < 0.016 - 1e-6) {
      EXPECT_NEAR(l[i], 0, 1e-6 * 1.4e6) << i;
    }
  }
}

// Derivatives against central differences of the heat, at temperatures that pass the freezing
// range, corners equal and nearly equal included.
TEST(MeshInterfaces, DerivativesAreExact) {
  const MeshSetup setup =
      cubes({16e-3, 16e-3, 16e-3}, 1e-3, 2e-3,
            {freezing(0, 2.0, 0.5), freezing(0, 1.2, 0.3), freezing(0, 3, 1)}, ball_in_layer);
  MeshInterfaces<double> cubes_at_borders(setup.mesh, setup.laws);
  const std::size_t n = setup.mesh.nodes();
  std::vector<double> t = random_state(n, -70, 20);
  for (std::size_t i = 0; i < n; ++i)
    if (setup.mesh.geometry.points[i][1] < -2e-3) t[i] = -40 + 5e-6 * t[i];
  const std::vector<double> direction = random_state(n, -1, 1, 5);
  const auto heat = [&](double by) {
    for (std::size_t i = 0; i < n; ++i) cubes_at_borders.excess()[i] = t[i] + by * direction[i];
    std::vector<double> q(n, 0.0);
    cubes_at_borders.add(0, cubes_at_borders.blocks(), q.data());
    return q;
  };
  heat(0);
  MeshInterfaceTangent tangent(cubes_at_borders);
  tangent.linearise();
  std::vector<double> exact(n, 0.0);
  tangent.add(direction.data(), exact.data());
  const double eps = 1e-8;
  const std::vector<double> up = heat(eps), down = heat(-eps);
  double largest = 0;
  for (const double q : exact) largest = std::max(largest, std::abs(q));
  for (std::size_t i = 0; i < n; ++i)
    EXPECT_NEAR((up[i] - down[i]) / (2 * eps), exact[i], 1e-6 * largest);
}

}  // namespace
}  // namespace thermodose
