// The fused stage of the grid against an assembly cell by cell: edges, rows, tiles, slabs, laws.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "fem/active_rows.h"
#include "fem/kernel_law.h"
#include "grid_fixture.h"

namespace thermodose {
namespace {

using namespace testing_grid;

constexpr double kMarker = 12345678.0;

// One stage on a grid: arrays, laws by row, coefficients of a stage that is not symmetric in them.
template <class Real>
struct Rig {
  NaiveGrid box;
  std::vector<KernelLaw<Real>> laws;
  std::vector<std::size_t> row_spans{0};
  std::vector<LawSpan> spans;
  std::vector<Real> y_prev, y_out, y0, l0, workspace;
  ActiveRows active;
  StageCoefficients c;

  Rig(NaiveGrid b, unsigned seed)
      : box(std::move(b)),
        active(box.rows.empty() ? ActiveRows(box.nodes) : ActiveRows(box.nodes, box.rows)) {
    for (const auto& law : box.laws) laws.push_back(kernel_law<Real>(law));
    const int rows = box.nodes[1] * box.nodes[2];
    for (int row = 0; row < rows; ++row) {
      const std::size_t begin = at(row) * at(box.nodes[0]);
      const auto law = [&](int i) {
        return box.node_law.empty() ? 0 : box.node_law[begin + at(i)];
      };
      for (int i = 1; i < box.nodes[0]; ++i)
        if (law(i) != law(i - 1)) spans.push_back({i, law(i - 1)});
      spans.push_back({box.nodes[0], law(box.nodes[0] - 1)});
      row_spans.push_back(spans.size());
    }
    const std::size_t n = node_count(box.nodes);
    for (auto* v : {&y_prev, &y_out, &y0, &l0})
      for (const double x : random_state(n, -5.5e8, 6e7, ++seed))
        v->push_back(static_cast<Real>(x));
    workspace.assign(sweep_workspace(box.nodes.data()), static_cast<Real>(kMarker));
    c = {false, 0.9, -0.3, 0.4, 0.011, -0.007, 0};
  }

  SweepSums run(int z_begin, int z_end) {
    Sweep<Real> s{};
    std::copy(box.nodes.begin(), box.nodes.end(), s.nodes);
    std::copy(box.edge.begin(), box.edge.end(), s.edge);
    s.y_begin = active.y_range()[0];
    s.y_end = active.y_range()[1];
    s.z_begin = z_begin;
    s.z_end = z_end;
    s.rows = active.rows();
    s.couplings = active.couplings();
    s.y_prev = y_prev.data();
    s.y_out = y_out.data();
    s.y0 = y0.data();
    s.l0 = l0.data();
    s.first = c.first;
    s.mu = static_cast<Real>(c.mu);
    s.nu = static_cast<Real>(c.nu);
    s.omega = static_cast<Real>(c.omega);
    s.dt_l = static_cast<Real>(c.dt_l);
    s.dt_l0 = static_cast<Real>(c.dt_l0);
    s.inv12h2 = static_cast<Real>(1 / (12 * box.spacing * box.spacing));
    s.laws = laws.data();
    s.row_spans = row_spans.data();
    s.spans = spans.data();
    s.workspace = workspace.data();
    return sweep_function<Real>()(s);
  }
  SweepSums run() { return run(active.z_range()[0], active.z_range()[1]); }
};

bool prescribed(const NaiveGrid& b, const std::array<int, 3>& p) {
  for (std::size_t d = 0; d < 3; ++d)
    if ((p[d] == 0 && b.edge[2 * d] == Edge::fixed) ||
        (p[d] == b.nodes[d] - 1 && b.edge[2 * d + 1] == Edge::fixed))
      return true;
  return false;
}

// Runs one stage and compares everything it writes. Returns the largest miss in units of what one
// rounding of the largest term makes.
template <class Real>
double largest_miss(Rig<Real>& rig) {
  const NaiveGrid& b = rig.box;
  const Rig<Real> before = rig;
  const SweepSums sums = rig.run();
  const std::vector<double> y(before.y_prev.begin(), before.y_prev.end());
  const NaiveRates naive = naive_rates(b, y);
  double theta = 0;
  for (std::size_t n = 0; n < y.size(); ++n)
    theta = std::max(theta, std::abs(b.law(n).kirchhoff(y[n])));
  const double scale = 64 * theta / (12 * b.spacing * b.spacing);
  const double eps = std::numeric_limits<Real>::epsilon();
  const StageCoefficients& c = rig.c;
  double miss = 0, source = 0, fixed_faces = 0, volume = 0;
  const auto compare = [&](Real is, double expected, double size) {
    miss = std::max(miss, std::abs(static_cast<double>(is) - expected) / (eps * size));
  };
  for (int k = 0; k < b.nodes[2]; ++k)
    for (int j = 0; j < b.nodes[1]; ++j)
      for (int i = 0; i < b.nodes[0]; ++i) {
        const std::size_t n = node_of(b.nodes, i, j, k);
        const double l = naive.rate[n], old = before.y_out[n], l0 = before.l0[n];
        if (naive.volume[n] == 0) {  // at rest: untouched
          compare(rig.y_out[n], old, 1e-9);
          compare(rig.l0[n], l0, 1e-9);
          continue;
        }
        const double share = naive.volume[n] / std::pow(b.spacing, 3);
        source += share * b.law(n).source(y[n]);
        volume += share;
        if (prescribed(b, {i, j, k})) {
          fixed_faces += share * l;
          compare(rig.y_out[n], y[n], 1e-9);
          compare(rig.l0[n], c.first ? 0 : l0, 1e-9);
          continue;
        }
        const double later =
            c.mu * y[n] + c.nu * old + c.omega * before.y0[n] + c.dt_l * l + c.dt_l0 * l0;
        compare(rig.y_out[n], c.first ? y[n] + c.dt_l * l : later, 6e8 + 0.011 * scale);
        compare(rig.l0[n], c.first ? l : l0, c.first ? scale : 1e-9);
      }
  EXPECT_NEAR(sums.source, source, 30 * eps * volume * 3e6);
  EXPECT_NEAR(sums.fixed_faces, fixed_faces, 30 * eps * volume * scale);
  return miss;
}

// Both kinds of stage in both precisions.
void expect_exact(const NaiveGrid& box, const std::string& what, unsigned seed = 1) {
  Rig<double> d(box, seed);
  Rig<float> f(box, seed);
  for (const bool first : {false, true}) {
    d.c.first = f.c.first = first;
    EXPECT_LT(largest_miss(d), 3) << what << ", double, first " << first;
    EXPECT_LT(largest_miss(f), 3) << what << ", float, first " << first;
  }
}

NaiveGrid whole_grid(const std::array<int, 3>& nodes, Edge edge) {
  NaiveGrid b;
  b.nodes = nodes;
  b.edge.fill(edge);
  b.laws = {law_of(3)};
  return b;
}

void paint_at_random(NaiveGrid& b, int laws) {
  std::mt19937 random(3);
  b.node_law.resize(node_count(b.nodes));
  for (auto& law : b.node_law)
    law = static_cast<LawIndex>(std::uniform_int_distribution<int>(0, laws - 1)(random));
}

// Rows of any length anywhere, some empty.
void activate_at_random(NaiveGrid& b, unsigned seed) {
  std::mt19937 random(seed);
  const auto upto = [&](int n) { return std::uniform_int_distribution<int>(0, n)(random); };
  b.rows.clear();
  for (int row = 0; row < b.nodes[1] * b.nodes[2]; ++row) {
    const int begin = upto(b.nodes[0]), end = upto(b.nodes[0]);
    b.rows.push_back(upto(3) == 0 ? std::array<int, 2>{0, b.nodes[0]}
                                  : std::array<int, 2>{std::min(begin, end), std::max(begin, end)});
  }
}

TEST(GridSweep, EveryKindOfEdgeOnEveryFace) {
  for (unsigned kinds = 0; kinds < 64; ++kinds)
    for (const bool all : {true, false}) {
      NaiveGrid b = whole_grid({7, 6, 5}, Edge::symmetric);
      std::string what;
      for (unsigned f = 0; f < 6; ++f) {
        b.edge[f] = (kinds >> f & 1U) != 0 ? Edge::fixed : Edge::symmetric;
        what += "sf"[kinds >> f & 1U];
      }
      if (!all) activate_at_random(b, kinds);
      expect_exact(b, what + (all ? "" : ", some rows"), kinds);
      if (HasFailure()) return;
    }
}

TEST(GridSweep, BoxesOfEveryWidthAndPlace) {
  for (int width = 1; width < 40; ++width)
    for (const int from : {0, 1, 3}) {
      NaiveGrid b = whole_grid({44, 5, 6}, Edge::symmetric);
      b.keep_box({from, 1, 0}, {from + width, 4, 3});
      b.edge[0] = Edge::fixed;
      expect_exact(b, fmt::format("{} from {}", width, from));
    }
}

// Borders of every form: whatever is active, exactly its own pairs exchange.
TEST(GridSweep, AnyNodesMayBeActive) {
  for (unsigned seed = 1; seed < 40; ++seed) {
    NaiveGrid b = whole_grid({20 + int(seed), 9, 8}, seed % 2 == 0 ? Edge::symmetric : Edge::fixed);
    b.laws = {law_of(3), law_of(1), law_of(8)};
    if (seed % 3 == 0) paint_at_random(b, 3);
    activate_at_random(b, seed);
    expect_exact(b, fmt::format("seed {}", seed), seed);
    if (HasFailure()) return;
  }
}

// A ball, as in a run: long rows with whole vectors inside and borders on both sides.
TEST(GridSweep, ABallOfActiveNodes) {
  NaiveGrid b = whole_grid({67, 60, 58}, Edge::symmetric);
  for (int k = 0; k < 58; ++k)
    for (int j = 0; j < 60; ++j) {
      const int square = 27 * 27 - (j - 30) * (j - 30) - (k - 29) * (k - 29);
      const int half = square > 0 ? static_cast<int>(std::sqrt(double(square))) : 0;
      b.rows.push_back({33 - half, 33 + half});
    }
  expect_exact(b, "ball");
}

// Heat that leaves a node arrives at another one: linear law, no source, random state.
TEST(GridSweep, NothingCrossesTheBorderOfTheActiveNodes) {
  for (unsigned seed = 1; seed < 20; ++seed) {
    NaiveGrid b = whole_grid({33, 10, 11}, Edge::symmetric);
    activate_at_random(b, seed);
    Rig<double> rig(b, seed);
    rig.laws = {identity_law<double>()};
    rig.c.first = true;
    rig.run();
    const std::vector<double> volume = naive_rates(b, rig.y_prev).volume;
    double sum = 0, size = 0;
    for (std::size_t n = 0; n < volume.size(); ++n) {
      sum += volume[n] * rig.l0[n];
      size += volume[n] * std::abs(rig.l0[n]);
    }
    EXPECT_LT(std::abs(sum), 1e-13 * size) << seed;
  }
}

// The kernel works on tiles of rows; 97 rows are two and a single row, 33 one.
TEST(GridSweep, TilesOfRowsDoNotShow) {
  for (const Edge edge : {Edge::symmetric, Edge::fixed})
    for (const int rows : {33, 48, 49, 96, 97}) {
      NaiveGrid b = whole_grid({9, rows, 5}, edge);
      expect_exact(b, fmt::format("{} rows", rows));
      activate_at_random(b, 1);
      expect_exact(b, fmt::format("{} rows, some nodes", rows));
    }
}

template <class Real>
void expect_slabs_equal_whole(const NaiveGrid& box) {
  for (const bool first : {false, true}) {
    Rig<Real> whole(box, 5);
    whole.c.first = first;
    Rig<Real> slabs = whole;
    const SweepSums all = whole.run();
    SweepSums parts;
    for (const auto& [from, to] : {std::pair(5, 9), std::pair(1, 2), std::pair(2, 5)}) {
      const SweepSums part = slabs.run(from, to);
      parts.source += part.source;
      parts.fixed_faces += part.fixed_faces;
    }
    EXPECT_EQ(whole.y_out, slabs.y_out) << "bitwise";
    EXPECT_EQ(whole.l0, slabs.l0) << "bitwise";
    EXPECT_NEAR(parts.source, all.source, 1e-12 * std::abs(all.source));
    EXPECT_NEAR(parts.fixed_faces, all.fixed_faces, 1e-12 * std::abs(all.fixed_faces));
  }
}

TEST(GridSweep, SlabsEqualTheWholeBitwise) {
  NaiveGrid b = whole_grid({21, 35, 11}, Edge::fixed);
  b.keep_box({0, 0, 1}, {21, 35, 9});
  b.laws = {law_of(3), law_of(7)};
  paint_at_random(b, 2);
  expect_slabs_equal_whole<double>(b);
  expect_slabs_equal_whole<float>(b);
}

TEST(GridSweep, LawsChangeAlongARow) {
  NaiveGrid b = whole_grid({23, 9, 5}, Edge::symmetric);
  b.laws = {law_of(3), law_of(1), law_of(4)};
  paint_at_random(b, 3);
  expect_exact(b, "whole lattice");
  b.keep_box({2, 1, 1}, {20, 8, 5});
  b.edge[5] = Edge::fixed;
  expect_exact(b, "part of it");
}

TEST(GridSweep, AnyNumberOfSegments) {
  for (const int segments : {1, 2, 3, 4, 5, 6, 7, 8, 32}) {
    NaiveGrid b = whole_grid({19, 6, 5}, Edge::symmetric);
    b.laws = {law_of(segments)};
    ASSERT_EQ(b.laws[0].segments.size(), at(segments));
    expect_exact(b, fmt::format("{} segments", segments));
  }
}

template <class Real>
void expect_law_of_points(int segments) {
  const SegmentLaw law = law_of(segments);
  const KernelLaw<Real> kernel = kernel_law<Real>(law);
  const double eps = std::numeric_limits<Real>::epsilon();
  for (const int n : {1, 7, 16, 37}) {
    std::vector<Real> h, theta(at(n) + 1, Real(-1)), source(at(n) + 1, Real(-1));
    for (const double x : random_state(at(n), -6e8, 8e7, unsigned(n)))
      h.push_back(static_cast<Real>(x));
    law_function<Real>()(kernel, h.data(), theta.data(), source.data(), n);
    for (std::size_t i = 0; i < at(n); ++i) {
      const auto x = static_cast<double>(h[i]);
      EXPECT_NEAR(theta[i], law.kirchhoff(x), 4 * eps * 300) << segments;
      EXPECT_NEAR(source[i], law.source(x), 4 * eps * 3e6) << segments;
    }
    EXPECT_EQ(theta.back(), Real(-1)) << "beyond the end";
    EXPECT_EQ(source.back(), Real(-1)) << "beyond the end";
  }
}

TEST(GridSweep, LawsOfSinglePoints) {
  for (const int segments : {1, 2, 3, 4, 5, 6, 7, 8, 20}) {
    expect_law_of_points<double>(segments);
    expect_law_of_points<float>(segments);
  }
}

TEST(GridSweep, KernelLawHoldsUpToItsLimit) {
  EXPECT_EQ(kernel_law<float>(law_of(32)).segments, 32);
  EXPECT_THROW(kernel_law<float>(law_of(33)), std::invalid_argument);
  EXPECT_THROW(kernel_law<double>(law_of(33)), std::invalid_argument);
}

TEST(GridSweep, IdentityLawIsTheBareGeometry) {
  const KernelLaw<double> law = identity_law<double>();
  const std::vector<double> h{-1e12, -3, 0, 2, 7e15};
  std::vector<double> theta(5), source(5, 1);
  law_function<double>()(law, h.data(), theta.data(), source.data(), 5);
  EXPECT_EQ(theta, h);
  EXPECT_EQ(source, std::vector<double>(5, 0.0));
}

// The instruction set is chosen once per process: this very program with another choice.
std::string this_program() {
  std::array<char, 4096> path{};
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  return {path.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
}

int run_with_isa(const std::string& isa, const std::string& filter) {
  const std::string command =
      fmt::format("THERMODOSE_ISA={} THERMODOSE_EXPECTED_ISA={} '{}' --gtest_filter={} > /dev/null",
                  isa, isa, this_program(), filter);
  return std::system(command.c_str());
}

bool supported(const std::string& isa) {
  if (isa == "baseline") return true;
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (isa == "avx2") return avx2;
  return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
#else
  return false;
#endif
}

TEST(GridSweep, ChosenInstructionSetIsTheOneAskedFor) {
  const std::string chosen = sweep_isa();
  EXPECT_TRUE(supported(chosen));
  const char* expected = std::getenv("THERMODOSE_EXPECTED_ISA");
  EXPECT_EQ(chosen, expected ? expected : chosen);
}

class GridIsa : public testing::TestWithParam<const char*> {};

TEST_P(GridIsa, PassesTheTestsOfTheKernels) {
  if (!supported(GetParam())) GTEST_SKIP() << "this processor has no " << GetParam();
  EXPECT_EQ(run_with_isa(GetParam(), "'GridSweep.*:InterfaceKernel.*'"), 0);
  EXPECT_NE(run_with_isa("unheard_of", "GridSweep.ChosenInstructionSetIsTheOneAskedFor"), 0);
}

INSTANTIATE_TEST_SUITE_P(All, GridIsa, testing::Values("baseline", "avx2", "avx512"),
                         [](const auto& isa) { return std::string(isa.param); });

}  // namespace
}  // namespace thermodose
