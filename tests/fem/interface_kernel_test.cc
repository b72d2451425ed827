// Implements: tests of the heat in cells where tissues meet, cell by cell against the formulas of
// fem/interface_cells.h written out in double, in both precisions; rates on one thread and several.
#include "fem/interface_kernel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "fem/interface_cells.h"
#include "fem/kernel_law.h"
#include "fem/thread_team.h"
#include "grid_fixture.h"

namespace thermodose {
namespace {

using namespace testing_grid;

const std::vector<SegmentLaw>& three_laws() {
  static const std::vector<SegmentLaw> laws{make_law(freezing_tissue(0)), make_law(other_tissue()),
                                            law_of(6)};
  return laws;
}

double theta_at(const SegmentLaw& law, double excess) {
  return law.kirchhoff(law.enthalpy(law.reference_temperature + excess));
}

// theta as a function of T - T_ref in the form of the kernels.
template <class Real>
KernelLaw<Real> of_temperature(const SegmentLaw& law) {
  KernelLaw<Real> out{};
  out.segments = int(law.segments.size());
  for (std::size_t m = 0; m < law.segments.size(); ++m) {
    const Segment& s = law.segments[m];
    out.lo[m] = Real(std::isfinite(s.lo) ? law.excess(s.lo) : s.lo);
    out.hi[m] = Real(std::isfinite(s.hi) ? law.excess(s.hi) : s.hi);
    out.pivot[m] = Real(std::isfinite(s.pivot) ? law.excess(s.pivot) : s.pivot);
    out.th1[m] = Real(s.th1 / s.t1);
    out.th2[m] = Real(s.th2 / (s.t1 * s.t1));
  }
  return out;
}

struct Tissue {
  const SegmentLaw* law = nullptr;
  double share = 0;
  std::array<double, 16> line{};
};

struct NaiveCell {
  std::array<double, 8> t{}, own{};
  std::array<double, 3> normal{};
  std::vector<Tissue> tissues;
  bool cut = false;

  double chord(const Tissue& tissue) const {
    const auto [low, high] = std::minmax_element(t.begin(), t.end());
    const double top = std::max(*high, *low + double(kFlat));
    return (theta_at(*tissue.law, top) - theta_at(*tissue.law, *low)) / (top - *low);
  }
  static std::array<double, 3> edge(std::size_t e) {
    std::array<double, 3> x{};
    for (std::size_t d = 0; d < 3; ++d)
      x[d] = double(kDiagonals[e][1] >> d & 1U) - double(kDiagonals[e][0] >> d & 1U);
    return x;
  }
  // 12 h^2 times the heat per volume, of the whole cell and less what the sweep conducts.
  std::array<double, 8> heat() const {
    std::array<double, 8> out{};
    double k_along = 0, sum = 0;
    std::array<double, 16> w{}, k{};
    for (const auto& tissue : tissues) k_along += tissue.share * chord(tissue);
    for (std::size_t e = 0; e < 16; ++e) {
      double resistance = 0, square = 0, across = 0;
      for (const auto& tissue : tissues) resistance += tissue.line[e] / chord(tissue);
      for (std::size_t d = 0; d < 3; ++d) {
        square += edge(e)[d] * edge(e)[d];
        across += edge(e)[d] * normal[d];
      }
      k[e] = cut ? 1 / resistance : chord(tissues[0]);
      sum += w[e] = square - across * across;
    }
    for (std::size_t e = 0; e < 16; ++e) {
      const std::size_t a = kDiagonals[e][0], b = kDiagonals[e][1];
      k_along -= w[e] / sum * k[e];
      const double q = k[e] * (t[b] - t[a]) - (own[b] - own[a]);
      out[a] += q;
      out[b] -= q;
    }
    if (cut) add_along(std::max(k_along, 0.0), out);
    return out;
  }
  // V G^T (1 - n n^T) G T over V / 8 per corner, G the mean gradient, times 12 h^2 / 8.
  void add_along(double k_along, std::array<double, 8>& out) const {
    const auto g = [](std::size_t a, std::size_t d) { return (a >> d & 1U) != 0 ? 0.25 : -0.25; };
    for (std::size_t a = 0; a < 8; ++a)
      for (std::size_t b = 0; b < 8; ++b)
        for (std::size_t d = 0; d < 3; ++d)
          for (std::size_t f = 0; f < 3; ++f)
            out[a] -= 12 * k_along * g(a, d) * ((d == f ? 1 : 0) - normal[d] * normal[f]) *
                      g(b, f) * t[b];
  }
};

// One block of random cells of `parts` tissues.
template <class Real>
struct RandomBlock {
  InterfaceBlock block;
  std::vector<InterfacePart> parts;
  std::vector<Real> excess, own;
  std::array<NaiveCell, kCellLanes> naive;
  std::mt19937 random{7};

  double number(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  }

  RandomBlock(std::size_t count, bool cut, double spread) : parts(count) {
    block.cut = cut;
    block.parts = std::uint32_t(count);
    for (std::size_t m = 0; m < count; ++m) parts[m].law = std::uint32_t(m);
    for (std::size_t c = 0; c < kCellLanes; ++c) add_cell(c, spread);
  }

  void add_cell(std::size_t c, double spread) {
    NaiveCell& cell = naive[c];
    cell.cut = block.cut;
    block.holds[c] = 1;
    const double middle = number(-150, 20);
    for (std::size_t a = 0; a < 8; ++a) {
      block.node[a][c] = std::uint32_t(excess.size());
      excess.push_back(Real(middle + spread * number(-0.5, 0.5)));
      cell.t[a] = double(excess.back());
      own.push_back(Real(theta_at(three_laws()[excess.size() % 3], cell.t[a])));
      cell.own[a] = double(own.back());
    }
    double size = 0;
    for (auto& x : cell.normal) size += std::pow(x = number(-1, 1), 2);
    for (std::size_t d = 0; d < 3; ++d) {
      block.normal[d][c] = float(cell.normal[d] / std::sqrt(size));
      cell.normal[d] = double(block.normal[d][c]);
    }
    cell.tissues.resize(parts.size());
    std::array<int, 16> left{};
    left.fill(255);
    for (std::size_t m = 0; m < parts.size(); ++m) {
      cell.tissues[m].law = &three_laws()[m];
      parts[m].share[c] = 1.0F / float(parts.size());
      cell.tissues[m].share = double(parts[m].share[c]);
      for (std::size_t e = 0; e < 16; ++e) {
        const int line = m + 1 < parts.size() ? int(number(0, left[e])) : left[e];
        left[e] -= line;
        parts[m].set_line(e, c, std::uint8_t(line));
        cell.tissues[m].line[e] = line / 255.0;
      }
    }
  }

  // Of node 8 c + a, which is corner a of cell c.
  std::vector<Real> heat() const {
    std::vector<KernelLaw<Real>> laws;
    for (const auto& law : three_laws()) laws.push_back(of_temperature<Real>(law));
    std::vector<Real> out(8 * kCellLanes, Real(0));
    const InterfaceInput<Real> in{&block,        parts.data(), laws.data(),
                                  excess.data(), own.data(),   out.data()};
    const std::uint32_t only = 0;
    interface_function<Real>()(in, &only, 1);
    return out;
  }
};

template <class Real>
void expect_naive(std::size_t parts, bool cut, double spread, double tolerance) {
  const RandomBlock<Real> random(parts, cut, spread);
  const auto heat = random.heat();
  for (std::size_t c = 0; c < kCellLanes; ++c) {
    const auto expected = random.naive[c].heat();
    double size = 0;
    for (std::size_t a = 0; a < 8; ++a)
      size = std::max({size, std::abs(expected[a]), std::abs(random.naive[c].own[a])});
    for (std::size_t a = 0; a < 8; ++a)
      EXPECT_NEAR(double(heat[8 * c + a]), expected[a], tolerance * size)
          << parts << " tissues, spread " << spread << ", cell " << c << ", corner " << a;
  }
}

TEST(InterfaceKernel, IsTheFormulaCellByCell) {
  for (const double spread : {60.0, 3.0, 0.02, 1e-5})
    for (const std::size_t parts : {1U, 2U, 3U})
      for (const bool cut : {false, true}) {
        if (!cut && parts > 1) continue;
        // Normals are single precision, so their squares sum to 1 within 1e-7.
        expect_naive<double>(parts, cut, spread, 1e-7);
        // Single precision: rounding of theta, a few in 1e-7, times the sixteen diagonals.
        expect_naive<float>(parts, cut, spread, 1e-5);
      }
}

TEST(InterfaceKernel, CellsThatAreNotActiveGetNothing) {
  RandomBlock<float> random(2, true, 10);
  const auto all = random.heat();
  random.block.holds[3] = 0;
  const auto some = random.heat();
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(some[i], i / 8 == 3 ? 0 : all[i]) << i;
}

// Corners of several cells that are one node get the sum.
TEST(InterfaceKernel, CellsAddUpAtTheNodesTheyShare) {
  RandomBlock<double> random(2, true, 10);
  const auto apart = random.heat();
  // Corner 7 of cell 1 becomes corner 0 of cell 0: the same T and theta, so the same heat.
  const std::uint32_t node = random.block.node[0][0], other = random.block.node[7][1];
  random.excess[other] = random.excess[node];
  random.own[other] = random.own[node];
  const auto alike = random.heat();
  random.block.node[7][1] = node;
  const auto shared = random.heat();
  EXPECT_NE(alike[other], 0);
  EXPECT_EQ(shared[other], 0);
  EXPECT_NEAR(shared[node], apart[node] + alike[other], 1e-12 * std::abs(apart[node]));
}

// Pieces that none of the nodes reaches are left out: wherever the nodes are, nothing is missing.
template <class Real>
void expect_law_of_nodes(double tolerance) {
  for (const int segments : {1, 3, 6, 11})
    for (const double low : {110.0, 200.0, 265.0, 309.0, 320.0})
      for (const double width : {0.5, 30.0, 120.0}) {
        const SegmentLaw law = law_of(segments);
        std::vector<Real> h, excess(24), theta(24), source(24);
        for (const double t : random_state(24, low, low + width))
          h.push_back(Real(law.enthalpy(t)));
        node_function<Real>()(kernel_law<Real>(law), h.data(), excess.data(), theta.data(),
                              source.data(), 24);
        for (std::size_t n = 0; n < 24; ++n) {
          const double at = double(h[n]);
          EXPECT_NEAR(double(excess[n]), law.excess(at), tolerance * 300) << segments << ' ' << at;
          EXPECT_NEAR(double(theta[n]), law.kirchhoff(at), tolerance * 600);
          EXPECT_NEAR(double(source[n]), law.source(at), tolerance * 15e3 * 300);
        }
      }
}

TEST(InterfaceKernel, LawsOfNodesAreThoseOfTheTissueWhereverTheyAre) {
  expect_law_of_nodes<double>(1e-14);
  expect_law_of_nodes<float>(1e-6);
}

// More cells than are worth a second thread: bit by bit what one thread makes of them.
TEST(InterfaceKernel, ThreadsChangeNothing) {
  GridSetup s = box_setup({29, 30, 28}, 1e-3, three_laws());
  paint(s, [](const Vec3& p) { return int(std::floor((p[0] + 0.3 * p[1]) / 4e-3)) & 1; });
  std::vector<float> y;
  const auto t = random_state(node_count(s.lattice.nodes), 130, 330);
  for (std::size_t n = 0; n < t.size(); ++n)
    y.push_back(float(s.laws[s.node_law[n]].enthalpy(t[n])));
  std::array<std::vector<float>, 2> out;
  std::array<double, 2> fixed{};
  s.faces[4] = FaceKind::fixed;
  for (std::size_t i = 0; i < 2; ++i) {
    s.team = std::make_shared<ThreadTeam>(i == 0 ? 1 : 3);
    InterfaceCells<float> cells(s);
    EXPECT_GT(cells.size(), 4000U);
    out[i].assign(y.size(), 0);
    cells.update(y.data());
    fixed[i] = cells.heat_of_fixed_nodes();
    cells.apply(out[i].data(), nullptr, 1);
  }
  EXPECT_EQ(out[0], out[1]);
  EXPECT_EQ(fixed[0], fixed[1]);
  EXPECT_GT(largest(out[0]), 0);
}

}  // namespace
}  // namespace thermodose
