// Implements: tests of hexahedra of any shape: elements, kernels, faces, bound, patch test, and the
// same as cubes on cubes.
#include "fem/mesh_hex.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

#include "base/error.h"
#include "hex_fixture.h"

namespace thermodose {

namespace isa_baseline {
extern const MeshKernels<float> kernels_single;
extern const MeshKernels<double> kernels_double;
}  // namespace isa_baseline
#if defined(__x86_64__)
namespace isa_avx2 {
extern const MeshKernels<float> kernels_single;
extern const MeshKernels<double> kernels_double;
}  // namespace isa_avx2
#endif

namespace {

using testing_mesh::Conditions;
using testing_mesh::hex_block;
using testing_mesh::hex_setup;
using testing_mesh::LawData;
using testing_mesh::make_law;
using testing_mesh::rate;

const Corners kBent{Vec3{0, 0, 0}, {2, 0.1, 0},   {-0.2, 1, 0.1}, {2.1, 1.2, 0},
                    {0, 0.3, 3},   {1.8, 0, 2.9}, {0.1, 1, 3.2},  {2, 1.1, 3.5}};

HexElement element_of(const Corners& c) { return hex_elements({c.begin(), c.end()}).front(); }

TEST(HexElement, ALinearFieldHasItsEnergyAndLeavesNoHeatInside) {
  const HexElement e = element_of(kBent);
  const Vec3 g{0.3, -1.2, 0.7};
  double volume = 0, energy = 0;
  for (const double v : e.share) {
    EXPECT_GT(v, 0);
    volume += v;
  }
  for (std::size_t p = 0; p < kHexCouplings; ++p)
    energy += e.coupling[p] * std::pow(dot(g, kBent[kHexPairs[p][0]] - kBent[kHexPairs[p][1]]), 2);
  EXPECT_NEAR(volume / hex_volume(kBent), 1, 1e-13);
  EXPECT_NEAR(energy / (dot(g, g) * volume), 1, 1e-12);
}

TEST(HexElement, OfACubeIsThatOfTheCubesOfAnOctree) {
  const double h = 1.3e-3;
  Corners c{};
  for (unsigned n = 0; n < 8; ++n) c[n] = {h * (n & 1U), h * (n >> 1U & 1U), h * (n >> 2U)};
  const HexElement e = element_of(c);
  for (std::size_t p = 0; p < kHexCouplings; ++p) {
    const auto apart = kHexPairs[p][0] ^ kHexPairs[p][1];
    const bool edge = apart == 1 || apart == 2 || apart == 4;
    EXPECT_NEAR(e.coupling[p], edge ? 0 : h / 12, 1e-12 * h);
  }
  for (const double v : e.share) EXPECT_NEAR(v, h * h * h / 8, 1e-20);
  // 4/h2, three times: the cube root of the 64th powers is a little above it.
  const double limit = largest_eigenvalue(e) * h * h / 4;
  EXPECT_GE(limit, 1);
  EXPECT_LE(limit, std::pow(3, 1.0 / 64) + 1e-9);
  for (const double row : e.row_sums()) EXPECT_NEAR(row, 2 * h / 3, 1e-12 * h);
}

// Bricks of any edges: no coupling is negative, at least one is nothing (the least lumping that
// does it), and the energy of a product mode is that of masses lumped by s.
TEST(HexElement, BricksHaveNoNegativeCouplings) {
  std::mt19937 random(6);
  std::uniform_real_distribution<double> value(-2.5, 2.5);
  for (int trial = 0; trial < 100; ++trial) {
    const Vec3 h{std::exp(value(random)), std::exp(value(random)), std::exp(value(random))};
    Corners c{};
    for (unsigned n = 0; n < 8; ++n)
      c[n] = {h[0] * (n & 1U), h[1] * (n >> 1U & 1U), h[2] * (n >> 2U)};
    const HexElement e = element_of(c);
    const double volume = h[0] * h[1] * h[2];
    const Vec3 g{volume / (h[0] * h[0]), volume / (h[1] * h[1]), volume / (h[2] * h[2])};
    const auto [least, most] = std::minmax_element(e.coupling.begin(), e.coupling.end());
    EXPECT_GE(*least, -1e-13 * *most);
    EXPECT_LE(*least, 1e-13 * *most);
    double energy = 0;  // of the corners' signs: 4 m m (G_1 + G_2 + G_3)
    for (std::size_t p = 0; p < kHexCouplings; ++p) {
      const auto apart = kHexPairs[p][0] ^ kHexPairs[p][1];
      if (apart == 1 || apart == 2 || apart == 4 || apart == 7) energy += 4 * e.coupling[p];
    }
    const double sum = g[0] + g[1] + g[2], s = 1 - 3 * std::min({g[0], g[1], g[2]}) / sum;
    const double m = (1 + 2 * s) / 3;
    EXPECT_NEAR(energy / (4 * m * m * sum), 1, 1e-12);
  }
}

// The bound against the Rayleigh quotient that power iteration ends at.
TEST(HexElement, LargestEigenvalueIsABoundAndSharp) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> value(-0.25, 0.25);
  for (int trial = 0; trial < 20; ++trial) {
    Corners c{};
    for (unsigned n = 0; n < 8; ++n)
      c[n] = {(n & 1U) + value(random), 0.3 * ((n >> 1U & 1U) + value(random)),
              2 * ((n >> 2U) + value(random))};
    const HexElement e = element_of(c);
    std::array<double, 8> x{};
    for (double& v : x) v = value(random);
    double quotient = 0;
    for (int it = 0; it < 2000; ++it) {
      std::array<double, 8> y{};
      for (std::size_t p = 0; p < kHexCouplings; ++p) {
        const auto [i, j] = kHexPairs[p];
        y[i] += e.coupling[p] * (x[i] - x[j]);
        y[j] += e.coupling[p] * (x[j] - x[i]);
      }
      double up = 0, down = 0, most = 0;
      for (std::size_t i = 0; i < 8; ++i) {
        up += x[i] * y[i];
        down += x[i] * x[i] * e.share[i];
      }
      quotient = up / down;
      for (std::size_t i = 0; i < 8; ++i) most = std::max(most, std::abs(y[i] / e.share[i]));
      for (std::size_t i = 0; i < 8; ++i) x[i] = y[i] / e.share[i] / most;
    }
    const double bound = largest_eigenvalue(e);
    EXPECT_GE(bound, quotient * (1 - 1e-9));
    EXPECT_LE(bound, quotient * 1.034);
  }
}

template <class Real>
void expect_flows(const MeshKernels<Real>& kernels, const char* name) {
  constexpr std::size_t kBatches = 3, kNodes = 40;
  std::mt19937 random(8);
  std::uniform_real_distribution<double> value(-1, 1);
  std::vector<std::int32_t> slot(kBatches * 8 * kLanes);
  std::vector<Real> coupling(kBatches * kHexCouplings * kLanes), theta(kNodes), heat(kNodes);
  for (auto& s : slot) s = static_cast<std::int32_t>(random() % kNodes);
  for (auto& k : coupling) k = static_cast<Real>(value(random));
  for (auto& t : theta) t = static_cast<Real>(value(random));
  kernels.hexes({slot.data(), coupling.data()}, 1, kBatches, theta.data(), heat.data());
  std::vector<double> expected(kNodes, 0.0);
  for (std::size_t b = 1; b < kBatches; ++b)
    for (std::size_t l = 0; l < kLanes; ++l)
      for (std::size_t p = 0; p < kHexCouplings; ++p) {
        const auto i = static_cast<std::size_t>(slot[(b * 8 + kHexPairs[p][0]) * kLanes + l]);
        const auto j = static_cast<std::size_t>(slot[(b * 8 + kHexPairs[p][1]) * kLanes + l]);
        const double q =
            double(coupling[(b * kHexCouplings + p) * kLanes + l]) * (theta[j] - theta[i]);
        expected[i] += q;
        expected[j] -= q;
      }
  const double close = sizeof(Real) == 4 ? 2e-5 : 1e-13;
  for (std::size_t i = 0; i < kNodes; ++i) EXPECT_NEAR(heat[i], expected[i], close) << name;
}

TEST(HexKernel, EveryCopySumsTheFlows) {
  expect_flows(isa_baseline::kernels_single, "baseline, single");
  expect_flows(isa_baseline::kernels_double, "baseline, double");
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
  expect_flows(isa_avx2::kernels_single, "avx2, single");
  expect_flows(isa_avx2::kernels_double, "avx2, double");
#endif
}

TEST(HexFaces, SharesAreTheIntegralsOfTheShapeFunctions) {
  // Flat and slanted: area and centre of gravity of a trapezoid in a plane of slope 1.
  const double s = std::sqrt(2.0);
  const auto flat = face_shares({Vec3{0, 0, 0}, {4, 0, 4}, {1, 3, 1}, {3, 3, 3}});
  EXPECT_NEAR(flat[0] + flat[1] + flat[2] + flat[3], 9 * s, 1e-13);
  // First moment along y: sum of shares times y = area times its centre, h/3 (a + 2b)/(a + b).
  EXPECT_NEAR(3 * (flat[2] + flat[3]), 9 * s * (4 + 2 * 2) / 6.0, 1e-13);
  EXPECT_NEAR(flat[0], flat[1], 1e-13);
  // Warped: z = x y / 4 over the square of 2, against a fine sum.
  const auto warped = face_shares({Vec3{0, 0, 0}, {2, 0, 0}, {0, 2, 0}, {2, 2, 1}});
  double whole = 0, last = 0;
  constexpr int n = 400;
  for (int i = 0; i < n * n; ++i) {
    const double x = 2 * (i % n + 0.5) / n, y = 2 * (i / n + 0.5) / n;
    const double area = std::sqrt(1 + (x * x + y * y) / 16) * 4 / (n * n);
    whole += area;
    last += area * x * y / 4;
  }
  EXPECT_NEAR(warped[0] + warped[1] + warped[2] + warped[3], whole, 2e-5);
  EXPECT_NEAR(warped[3], last, 2e-5);
}

constexpr Vec3 kLower{-0.01, 0, 0.002}, kUpper{0.012, 0.015, 0.022};

TEST(HexMesh, VolumesAndAreasAreThoseOfTheBlock) {
  const MeshArrays m =
      arrange_mesh(hex_block({7, 5, 6}, kLower, kUpper, testing_mesh::skew(kLower, kUpper, 0.08)),
                   [](const Vec3& p) { return p[2] < 0.01 ? 1 : 0; });
  double volume = 0, cells = 0;
  for (const double v : m.volume) volume += v;
  for (std::size_t c = 0; c < m.cells(); ++c)
    for (std::size_t i = 0; i < 8; ++i) cells += m.share(c, i);
  EXPECT_NEAR(volume / (0.022 * 0.015 * 0.020), 1, 1e-13);
  EXPECT_NEAR(cells / volume, 1, 1e-13);
  const double areas[3] = {0.015 * 0.020, 0.022 * 0.020, 0.022 * 0.015};
  for (std::size_t f = 0; f < 6; ++f) {
    double area = 0;
    for (const FaceNode& n : m.faces[f]) area += n.area;
    EXPECT_NEAR(area / areas[f / 2], 1, 1e-13) << f;
  }
  EXPECT_EQ(m.runs.size(), 2U);
  EXPECT_EQ(m.geometry.outer.size(), m.nodes());
}

TEST(HexMesh, ACellTurnedInsideOutIsRefused) {
  RawMesh raw = hex_block({2, 2, 2}, kLower, kUpper);
  for (std::size_t i = 0; i < 4; ++i) std::swap(raw.cells[i], raw.cells[i + 4]);
  EXPECT_ANY_THROW(arrange_mesh(std::move(raw), [](const Vec3&) { return 0; }));
}

TEST(HexMesh, ProbesAreRefused) {
  LawData d;
  MeshSetup setup = hex_setup(hex_block({4, 4, 4}, kLower, kUpper), {make_law(d)});
  setup.probes.resize(1);
  const Conditions conditions;
  EXPECT_THROW(MeshSystem<double>(std::move(setup), conditions), InputError);
}

// T linear in space with its flux at a convective face: nothing changes anywhere, to rounding.
TEST(HexMesh, PassesThePatchTest) {
  LawData d;
  d.k = {0.6};
  MeshSetup setup =
      hex_setup(hex_block({6, 5, 7}, kLower, kUpper, testing_mesh::skew(kLower, kUpper, 0.09)),
                {make_law(d)});
  const double slope = 700, beyond = 33, h = 0.6 * slope / (beyond - slope * kUpper[0]);
  Conditions conditions;
  conditions.faces[0] = [&](double) { return testing_mesh::fixed(310.15 + slope * kLower[0]); };
  conditions.faces[1] = [&](double) { return testing_mesh::convective(310.15 + beyond, h); };
  MeshSystem<double> system(std::move(setup), conditions);
  std::vector<double> y;
  for (const Vec3& p : system.geometry().points) y.push_back(3.6e6 * slope * p[0]);
  double worst = 0, size = 0;
  for (const double l : rate(system, 0, y)) worst = std::max(worst, std::abs(l));
  for (double& x : y) x = 0;
  for (const double l : rate(system, 0, y)) size = std::max(size, std::abs(l));
  EXPECT_GT(size, 1e3) << "without the slope the faces heat";
  EXPECT_LT(worst, 1e-9 * size);
}

/// A box of equal cubes from the octree, and the same cells as those of a file.
MeshSetup cubes_of(bool from_file, const std::vector<SegmentLaw>& laws) {
  OctreeRequest r;
  r.lower = {-0.008, -0.008, -0.008};
  r.upper = {0.008, 0.008, 0.008};
  r.finest = r.coarsest = 2e-3;
  RawMesh raw = build_octree(r, choose_octree_lattice(r));
  EXPECT_TRUE(raw.hanging.empty());
  raw.own_faces = from_file;
  return hex_setup(std::move(raw), laws, [](const Vec3& p) { return p[0] + p[1] > 1e-3 ? 1 : 0; });
}

TEST(HexMesh, OnCubesItIsTheEngineOfCubes) {
  LawData hard;
  hard.k = {1.7};
  hard.capacity = {2.2e6};
  const std::vector<SegmentLaw> laws{make_law(testing_mesh::freezing_tissue()), make_law(hard)};
  Conditions conditions;
  conditions.faces[0] = [](double) { return testing_mesh::fixed(250); };
  conditions.faces[3] = [](double) { return testing_mesh::convective(280, 900); };
  MeshSystem<double> cubes(cubes_of(false, laws), conditions);
  MeshSystem<double> hexes(cubes_of(true, laws), conditions);
  ASSERT_EQ(cubes.size(), hexes.size());
  const auto y = testing_mesh::random_state(cubes.size(), -4e8, 1e8);
  const auto a = rate(cubes, 0, y), b = rate(hexes, 0, y);
  double size = 0, worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(cubes.volume(i) / hexes.volume(i), 1, 1e-12);
    size = std::max(size, std::abs(a[i]));
    worst = std::max(worst, std::abs(a[i] - b[i]));
  }
  EXPECT_LT(worst, 1e-12 * size);
  const double bounds = hexes.spectral_bound() / cubes.spectral_bound();
  EXPECT_GE(bounds, 1 - 1e-12);
  EXPECT_LE(bounds, 1.018);
}

// The bound against power iteration on the Jacobian at a smooth state, of one tissue and two.
double radius_over_bound(int tissues) {
  LawData soft, hard;
  hard.k = {3};
  hard.capacity = {1.5e6};
  MeshSetup setup =
      hex_setup(hex_block({6, 6, 6}, kLower, kUpper, testing_mesh::skew(kLower, kUpper, 0.1)),
                {make_law(soft), make_law(hard)},
                [tissues](const Vec3& p) { return tissues > 1 && p[1] > 0.008 ? 1 : 0; });
  const Conditions conditions;
  MeshSystem<double> system(std::move(setup), conditions);
  auto x = testing_mesh::random_state(system.size(), -1, 1);
  double radius = 0;
  for (int it = 0; it < 400; ++it) {
    auto l = rate(system, 0, x);
    double before = 0, after = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      before += x[i] * x[i];
      after += l[i] * l[i];
    }
    radius = std::sqrt(after / before);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = l[i] / radius;
  }
  return radius / system.spectral_bound();
}

TEST(HexMesh, TheBoundHoldsAndIsNotWasted) {
  for (const int tissues : {1, 2}) {
    const double share = radius_over_bound(tissues);
    EXPECT_LE(share, 1) << tissues;
    EXPECT_GT(share, 0.4) << tissues;
  }
}

// The implicit view: J against differences of the heat, its diagonal against its columns.
TEST(HexMesh, TheTangentIsTheDerivative) {
  LawData hard;
  hard.k = {1.7};
  const Conditions conditions = [] {
    Conditions c;
    c.faces[0] = [](double) { return testing_mesh::fixed(250); };
    c.faces[3] = [](double) { return testing_mesh::convective(280, 900); };
    return c;
  }();
  MeshSystem<double> system(
      hex_setup(hex_block({4, 3, 5}, kLower, kUpper, testing_mesh::skew(kLower, kUpper, 0.1)),
                {make_law(testing_mesh::freezing_tissue()), make_law(hard)},
                [](const Vec3& p) { return p[1] > 0.008 ? 1 : 0; }),
      conditions);
  const auto tangent = make_mesh_tangent(system);
  const std::size_t n = system.size();
  auto y = testing_mesh::random_state(n, -5.5e8, 3e7);
  std::vector<double> up(n), down(n), jx(n), diagonal(n);
  system.begin_step(0, 1, y.data());
  tangent->heat(0, y.data(), up.data());
  tangent->linearise(y.data());
  const std::vector<char> is_free = tangent->free_nodes();
  auto x = testing_mesh::random_state(n, -1, 1, 11);
  for (std::size_t i = 0; i < n; ++i)
    if (is_free[i] == 0) x[i] = 0;
  tangent->apply(x.data(), jx.data());
  tangent->diagonal(diagonal.data());
  const auto heat_at = [&](double by, std::vector<double>& out) {
    std::vector<double> z = y;
    for (std::size_t i = 0; i < n; ++i) z[i] += by * x[i] / tangent->diffusivity()[i];
    tangent->heat(0, z.data(), out.data());
  };
  heat_at(1e-5, up);
  heat_at(-1e-5, down);
  double scale = 0, worst = 0;
  for (std::size_t i = 0; i < n; ++i) {
    scale = std::max(scale, std::abs(jx[i]));
    worst = std::max(worst, std::abs(jx[i] + (up[i] - down[i]) / 2e-5));
  }
  EXPECT_LT(worst, 1e-6 * scale);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> unit(n, 0.0);
    unit[i] = is_free[i] != 0 ? 1 : 0;
    tangent->apply(unit.data(), jx.data());
    EXPECT_NEAR(diagonal[i], jx[i], 1e-12 * scale) << i;
  }
}

}  // namespace
}  // namespace thermodose
