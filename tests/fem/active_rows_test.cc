// The part of a grid that is integrated: how it grows. That it does not show in a run:
// active_run_test.cc.
#include <gtest/gtest.h>

#include <set>

#include "fem/active_rows.h"
#include "fem/law_spans.h"
#include "fem/rkl2.h"
#include "grid_active.h"

namespace thermodose {
namespace {

using namespace testing_grid;
using Index = std::array<int, 3>;

constexpr int kRounding = 8;  // a row may be up to so many nodes longer than it needs

// Nodes within `margin` of one of `of` (Euclidean), and how many are active beyond that.
struct Reach {
  std::size_t missing = 0;
  int farthest_across = 0, farthest_along = 0;
};
Reach reach(const ActiveRows& rows, const Index& nodes, const std::vector<Index>& of, int margin) {
  Reach out;
  for (int k = 0; k < nodes[2]; ++k)
    for (int j = 0; j < nodes[1]; ++j)
      for (int i = 0; i < nodes[0]; ++i) {
        int nearest = 1 << 20, across = 1 << 20, along = 1 << 20;
        for (const Index& p : of) {
          const int dx = std::abs(i - p[0]), dy = std::abs(j - p[1]), dz = std::abs(k - p[2]);
          nearest = std::min(nearest, dx * dx + dy * dy + dz * dz);
          across = std::min(across, std::max(dy, dz));
          along = std::min(along, dx);
        }
        const bool active = rows.holds(i, j, k);
        out.missing += !active && nearest <= margin * margin ? 1 : 0;
        out.farthest_across = std::max(out.farthest_across, active ? across : 0);
        out.farthest_along = std::max(out.farthest_along, active ? along : 0);
      }
  return out;
}

TEST(ActiveRows, ShrinkToNodesWithAMarginInsideTheGrid) {
  const Index nodes{50, 34, 25};
  ActiveRows rows(nodes);
  EXPECT_TRUE(rows.full());
  EXPECT_EQ(rows.size(), 50U * 34 * 25);
  for (const std::vector<Index>& keep :
       {std::vector<Index>{{24, 15, 12}}, {{1, 33, 20}}, {{14, 9, 5}, {22, 10, 5}, {18, 7, 4}}})
    for (const int margin : {2, 3, 7}) {
      rows.shrink_to(keep, margin);
      EXPECT_FALSE(rows.full());
      const Reach r = reach(rows, nodes, keep, margin);
      EXPECT_EQ(r.missing, 0U) << margin;
      EXPECT_LE(r.farthest_across, margin);
      EXPECT_LE(r.farthest_along, margin + kRounding);
    }
}

// The active nodes as runs; law 1 where x is 15 and more.
std::vector<NodeRun> runs_of(const ActiveRows& rows, const Index& nodes) {
  std::vector<std::int32_t> law(node_count(nodes));
  for (std::size_t n = 0; n < law.size(); ++n) law[n] = n % at(nodes[0]) < 15 ? 0 : 1;
  const LawSpans spans(nodes, law);
  return rows.runs(spans.of_row, spans.span);
}

// One node beyond the threshold in a box of active nodes; true when the set has grown.
bool grown(const Index& where, float value, const std::vector<float>& threshold = {5, 5}) {
  NaiveGrid box;
  box.nodes = {30, 20, 25};
  box.keep_box({10, 0, 1}, {20, 15, 24});
  const ActiveRows before(box.nodes, box.rows);
  ActiveRows rows = before;
  std::vector<float> y(node_count(box.nodes), 0.0F);
  y[node_of(box.nodes, where[0], where[1], where[2])] = value;
  constexpr int by = 3;
  if (!rows.grow(y.data(), runs_of(rows, box.nodes), threshold, by)) {
    EXPECT_EQ(rows.size(), before.size());
    return false;
  }
  EXPECT_EQ(reach(rows, box.nodes, {where}, by + 1).missing, 0U);
  std::size_t more = 0;
  for (int k = 0; k < 25; ++k)
    for (int j = 0; j < 20; ++j)
      for (int i = 0; i < 30; ++i) {
        EXPECT_TRUE(rows.holds(i, j, k) || !before.holds(i, j, k)) << "nothing falls asleep";
        const bool woken = rows.holds(i, j, k) && !before.holds(i, j, k);
        more += woken ? 1 : 0;
        EXPECT_TRUE(!woken || std::abs(i - where[0]) <= by + 1 + kRounding ||
                    before.holds(i - kRounding, j, k));
        EXPECT_TRUE(!woken || std::max(std::abs(j - where[1]), std::abs(k - where[2])) <= by + 1);
      }
  EXPECT_EQ(rows.size(), before.size() + more);
  return true;
}

TEST(ActiveRows, GrowWhereTissueNextToTheirBorderHasMoved) {
  for (const auto& [where, grows] :
       {std::pair(Index{15, 8, 12}, false),  // deep inside
        std::pair(Index{12, 8, 12}, false),  // two nodes inside
        std::pair(Index{11, 8, 12}, true),   // one node inside
        std::pair(Index{18, 8, 12}, true),
        std::pair(Index{15, 1, 12}, false),  // the end of the grid
        std::pair(Index{15, 13, 12}, true), std::pair(Index{15, 8, 2}, true),
        std::pair(Index{15, 8, 22}, true), std::pair(Index{19, 14, 23}, true),
        std::pair(Index{11, 16, 12}, false)})  // outside
    for (const float sign : {1.0F, -1.0F}) {
      EXPECT_EQ(grown(where, 5.5F * sign), grows) << where[0] << ' ' << where[1] << ' ' << where[2];
      EXPECT_FALSE(grown(where, 4.5F * sign)) << "below the threshold";
    }
}

// What a kelvin is in enthalpy differs from tissue to tissue.
TEST(ActiveRows, EveryLawHasItsThreshold) {
  for (const int x : {11, 18}) {
    const bool first = x < 15;
    EXPECT_EQ(grown({x, 8, 12}, -5.5F, {5, 9}), first) << x;
    EXPECT_EQ(grown({x, 8, 12}, 5.5F, {9, 5}), !first) << x;
  }
}

TEST(ActiveRows, ReachTheWholeGridInTheEnd) {
  const Index nodes{30, 17, 22};
  ActiveRows rows(nodes);
  rows.shrink_to({{3, 4, 5}}, 2);
  for (int growth = 0; growth < 40 && !rows.full(); ++growth) {
    std::vector<double> y(node_count(nodes), 0.0);
    for (std::size_t n = 0; n < y.size(); ++n)
      if (rows.holds(int(n % 30), int(n / 30 % 17), int(n / 510))) y[n] = -9;
    EXPECT_TRUE(rows.grow(y.data(), runs_of(rows, nodes), {5.0, 5.0}, 3));
  }
  EXPECT_TRUE(rows.full());
  EXPECT_EQ(rows.size(), node_count(nodes));
}

TEST(ActiveRows, PartsAreOfAboutEqualSize) {
  const Index nodes{60, 50, 45};
  ActiveRows rows(nodes);
  rows.shrink_to({{30, 25, 10}, {30, 25, 12}, {30, 40, 12}}, 8);
  for (const int members : {1, 2, 3, 8}) {
    EXPECT_EQ(rows.first_plane(0, members), rows.z_range()[0]);
    EXPECT_EQ(rows.first_plane(members, members), rows.z_range()[1]);
    for (int m = 0; m < members; ++m) {
      double part = 0, thickest = 0;
      for (int k = rows.first_plane(m, members); k < rows.first_plane(m + 1, members); ++k) {
        double plane = 0;
        for (int j = 0; j < 50; ++j)
          for (int i = 0; i < 60; ++i) plane += rows.holds(i, j, k) ? 1 : 0;
        part += plane;
        thickest = std::max(thickest, plane);
      }
      EXPECT_NEAR(part, double(rows.size()) / members, thickest + 700) << m << " of " << members;
    }
  }
}

TEST(ActiveRows, RunsAreTheirNodesSplitByTissue) {
  NaiveGrid box;
  box.nodes = {9, 6, 5};
  box.keep_box({1, 2, 0}, {7, 5, 4});
  box.rows[13] = {3, 4};
  std::vector<std::size_t> row_spans{0};
  std::vector<LawSpan> spans;
  const auto law = [](int i, std::size_t row) { return (i + int(row)) % 9 < 4 ? 1 : 2; };
  for (std::size_t row = 0; row < 30; ++row) {
    for (int i = 1; i < 9; ++i)
      if (law(i, row) != law(i - 1, row)) spans.push_back({i, law(i - 1, row)});
    spans.push_back({9, law(8, row)});
    row_spans.push_back(spans.size());
  }
  const ActiveRows rows(box.nodes, box.rows);
  std::set<std::size_t> seen;
  for (const NodeRun& run : rows.runs(row_spans, spans)) {
    ASSERT_LT(run.begin, run.end);
    EXPECT_EQ(run.begin / 9, (run.end - 1) / 9) << "within a row";
    for (std::size_t n = run.begin; n < run.end; ++n) {
      EXPECT_TRUE(seen.insert(n).second) << "twice";
      EXPECT_EQ(run.law, law(int(n % 9), n / 9));
      EXPECT_TRUE(box.active(n));
    }
  }
  EXPECT_EQ(seen.size(), rows.size());
}

TEST(GridActive, IsAPartOnlyWhereTissueBeyondIsAtRest) {
  Conditions conditions;
  const auto share = [&](const GridSetup& s) {
    const auto system = make_grid_system<double>(s, conditions);
    return double(active_nodes(*system)) / double(system->size());
  };
  EXPECT_LT(share(probe_setup()), 0.25);
  GridSetup s = probe_setup();
  s.active_box = false;
  EXPECT_EQ(share(s), 1);
  s = probe_setup();
  s.probes.clear();
  EXPECT_EQ(share(s), 1) << "nothing to shrink to";
  s = probe_setup();
  LawData heated = freezing_tissue();
  heated.arterial = kBody + 0.5;
  s.laws = {make_law(heated)};
  EXPECT_EQ(share(s), 1) << "tissue warms up by itself, in the end by 0.5 K";
  s.horizon = 30;
  EXPECT_LT(share(s), 0.25) << "within half a minute by 0.07 K";
  heated.perfusion = 0;
  s.laws = {make_law(heated)};
  s.laws[0].source_at_reference = 1000;
  EXPECT_LT(share(s), 0.25) << "within half a minute by 0.01 K";
  s.horizon = 1e3;
  EXPECT_EQ(share(s), 1) << "0.26 K, and nothing to stop it";
  heated.perfusion = 20e3;
  heated.arterial = kBody + 0.1;
  s.horizon = 1e9;
  s.laws = {make_law(heated)};
  EXPECT_LT(share(s), 0.25) << "0.1 K at most";
  s = probe_setup();
  s.faces[3] = FaceKind::fixed;
  conditions.faces[3] = [](double) { return fixed(kBody); };
  EXPECT_LT(share(s), 0.25) << "a face at the temperature of rest is quiet";
  conditions.faces[3] = [](double) { return fixed(kBody - 0.1); };
  EXPECT_EQ(share(s), 1);
  s.faces[3] = FaceKind::convective;
  conditions.faces[3] = [](double) { return convective(kBody, 10); };
  EXPECT_EQ(share(s), 1) << "the ambient may change";
}

}  // namespace
}  // namespace thermodose
