#include "fem/active_rows.h"

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {

// Ends of an interval without nodes: minimum and maximum with it change nothing.
constexpr int kNowhere = 1 << 20;

// Widths are whole vectors: what a row has more costs less than a remainder loop.
constexpr int kWidth = 8;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

// Node that stands for `i`, which may lie one outside the grid.
int mirrored(int i, int n) { return i < 0 ? 1 : i >= n ? n - 2 : i; }

}  // namespace

// Intervals of the rows [y0, y1) x [z0, z1), with a frame of empty ones around.
struct ActiveRows::Window {
  Window(int ya, int yb, int za, int zb)
      : y0(ya), y1(yb), z0(za), z1(zb), stride(index(yb - ya + 2)) {
    begin.assign(stride * index(zb - za + 2), kNowhere);
    end.assign(begin.size(), -kNowhere);
  }
  std::size_t at(int j, int k) const { return stride * index(k - z0 + 1) + index(j - y0 + 1); }

  // Adds the neighbours of all nodes: the 6 nearest, or all 26. In turn they grow a ball.
  void dilate(bool all) {
    const std::vector<int> b = begin, e = end;
    const int side = all ? 1 : 0;
    const std::size_t s = stride, n = index(y1 - y0);
    for (int k = z0; k < z1; ++k) {
      const std::size_t first = at(y0, k);
#pragma omp simd
      for (std::size_t i = first; i < first + n; ++i) {
        const int across_b = std::min(std::min(b[i - 1], b[i + 1]), std::min(b[i - s], b[i + s]));
        const int across_e = std::max(std::max(e[i - 1], e[i + 1]), std::max(e[i - s], e[i + s]));
        const int corner_b =
            std::min(std::min(b[i - s - 1], b[i - s + 1]), std::min(b[i + s - 1], b[i + s + 1]));
        const int corner_e =
            std::max(std::max(e[i - s - 1], e[i - s + 1]), std::max(e[i + s - 1], e[i + s + 1]));
        const int near_b = std::min(b[i] - 1, across_b - side);
        const int near_e = std::max(e[i] + 1, across_e + side);
        begin[i] = all ? std::min(near_b, corner_b - 1) : near_b;
        end[i] = all ? std::max(near_e, corner_e + 1) : near_e;
      }
    }
  }
  // `steps` times; the first is step number `from`.
  void dilate(int from, int steps) {
    for (int step = from; step < from + steps; ++step) dilate(step % 2 == 0);
  }

  int y0, y1, z0, z1;
  std::size_t stride;
  std::vector<int> begin, end;
};

ActiveRows::ActiveRows(const std::array<int, 3>& nodes)
    : nodes_(nodes),
      rows_(index(nodes[1]) * index(nodes[2])),
      couplings_(rows_.size() * index(nodes[0])) {
  for (auto& r : rows_) r.end = nodes[0];
  prepare();
}

ActiveRows::ActiveRows(const std::array<int, 3>& nodes,
                       const std::vector<std::array<int, 2>>& intervals)
    : ActiveRows(nodes) {
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    rows_[r].begin = intervals[r][0];
    rows_[r].end = intervals[r][1];
  }
  prepare();
}

void ActiveRows::shrink_to(const std::vector<std::array<int, 3>>& keep, int margin) {
  if (keep.empty()) return;
  std::array<int, 3> lo = keep.front(), hi = lo;
  for (const auto& node : keep)
    for (std::size_t d = 0; d < 3; ++d) {
      lo[d] = std::min(lo[d], node[d]);
      hi[d] = std::max(hi[d], node[d]);
    }
  Window window(std::max(0, lo[1] - margin), std::min(nodes_[1], hi[1] + margin + 1),
                std::max(0, lo[2] - margin), std::min(nodes_[2], hi[2] + margin + 1));
  for (const auto& node : keep) {
    const std::size_t at = window.at(node[1], node[2]);
    window.begin[at] = std::min(window.begin[at], node[0]);
    window.end[at] = std::max(window.end[at], node[0] + 1);
  }
  window.dilate(0, margin);
  std::fill(rows_.begin(), rows_.end(), ActiveRow{});
  add(window);
}

// First to last value beyond the threshold of every row.
template <class Real>
void ActiveRows::mark_moved(const Real* y, const std::vector<NodeRun>& runs,
                            const std::vector<Real>& threshold, Window& window) const {
  const std::size_t nx = index(nodes_[0]), ny = index(nodes_[1]);
  for (const NodeRun& run : runs) {
    const Real most = threshold[static_cast<std::size_t>(run.law)];
    const std::size_t row = run.begin / nx;
    const std::size_t at = window.at(static_cast<int>(row % ny), static_cast<int>(row / ny));
    std::size_t first = run.begin, last = run.end;
    for (; first + kWidth <= run.end; first += kWidth) {
      Real largest = 0;
#pragma omp simd reduction(max : largest)
      for (std::size_t i = first; i < first + kWidth; ++i)
        largest = std::max(largest, std::abs(y[i]));
      if (largest > most) break;
    }
    while (first < run.end && !(std::abs(y[first]) > most)) ++first;
    if (first == run.end) continue;
    while (!(std::abs(y[last - 1]) > most)) --last;
    window.begin[at] = std::min(window.begin[at], static_cast<int>(first - row * nx));
    window.end[at] = std::max(window.end[at], static_cast<int>(last - row * nx));
  }
}

bool ActiveRows::inside(const Window& window) const {
  for (int k = window.z0; k < window.z1; ++k)
    for (int j = window.y0; j < window.y1; ++j) {
      const ActiveRow& r = rows_[row(j, k)];
      const int begin = std::max(0, window.begin[window.at(j, k)]);
      const int end = std::min(nodes_[0], window.end[window.at(j, k)]);
      if (begin < end && (begin < r.begin || end > r.end)) return false;
    }
  return true;
}

template <class Real>
bool ActiveRows::grow(const Real* y, const std::vector<NodeRun>& runs,
                      const std::vector<Real>& threshold, int by) {
  Window window(std::max(0, y_range_[0] - by - 1), std::min(nodes_[1], y_range_[1] + by + 1),
                std::max(0, z_range_[0] - by - 1), std::min(nodes_[2], z_range_[1] + by + 1));
  mark_moved(y, runs, threshold, window);
  window.dilate(0, kNear);
  if (inside(window)) return false;
  window.dilate(kNear, by + 1 - kNear);
  add(window);
  return true;
}

void ActiveRows::add(const Window& window) {
  for (int k = window.z0; k < window.z1; ++k)
    for (int j = window.y0; j < window.y1; ++j) {
      int begin = std::max(0, window.begin[window.at(j, k)]);
      int end = std::min(nodes_[0], window.end[window.at(j, k)]);
      if (begin >= end) continue;
      ActiveRow& r = rows_[row(j, k)];
      if (begin >= r.begin && end <= r.end) continue;
      if (r.begin < r.end) {
        begin = std::min<int>(begin, r.begin);
        end = std::max<int>(end, r.end);
      }
      const int width = (end - begin + kWidth - 1) / kWidth * kWidth;
      end = std::min(nodes_[0], begin + width);
      begin = std::max(0, end - width);
      r.begin = begin;
      r.end = end;
    }
  prepare();
}

// What follows from begin and end of the rows.
void ActiveRows::prepare() {
  size_ = 0;
  before_plane_.assign(1, 0);
  y_range_ = {nodes_[1], 0};
  z_range_ = {nodes_[2], 0};
  for (int k = 0; k < nodes_[2]; ++k) {
    for (int j = 0; j < nodes_[1]; ++j) {
      const ActiveRow& r = rows_[row(j, k)];
      if (r.begin == r.end) continue;
      size_ += index(r.end - r.begin);
      y_range_ = {std::min(y_range_[0], j), std::max(y_range_[1], j + 1)};
      z_range_ = {std::min(z_range_[0], k), std::max(z_range_[1], k + 1)};
    }
    before_plane_.push_back(size_);
  }
  full_ = size_ == rows_.size() * index(nodes_[0]);
  for (int k = std::max(0, z_range_[0] - 1); k < std::min(nodes_[2], z_range_[1] + 1); ++k)
    for (int j = std::max(0, y_range_[0] - 1); j < std::min(nodes_[1], y_range_[1] + 1); ++j) {
      look_around(j, k);
      couple(j, k);
    }
}

// What of a row its neighbours look at.
void ActiveRows::look_around(int j, int k) {
  ActiveRow& r = rows_[row(j, k)];
  int sum_begin = kNowhere, sum_end = -kNowhere, seen_begin = kNowhere, seen_end = -kNowhere;
  for (int c = -1; c <= 1; ++c)
    for (int b = -1; b <= 1; ++b) {
      const ActiveRow& near = rows_[row(mirrored(j + b, nodes_[1]), mirrored(k + c, nodes_[2]))];
      if (near.begin == near.end) continue;
      seen_begin = std::min(seen_begin, near.begin - 1);
      seen_end = std::max(seen_end, near.end + 1);
      if (b != 0) continue;
      sum_begin = std::min<int>(sum_begin, near.begin);
      sum_end = std::max<int>(sum_end, near.end);
    }
  const bool at_rest = r.begin == r.end;
  if (seen_begin > seen_end) seen_begin = seen_end = 0;
  if (sum_begin > sum_end) sum_begin = sum_end = 0;
  if (at_rest) r.begin = r.end = seen_begin;
  r.sum_begin = sum_begin;
  r.sum_end = sum_end;
  r.seen_begin = seen_begin;
  r.seen_end = seen_end;
}

// Sum of the weights of a node's active neighbours: 2 along the diagonals of squares, 1 along
// those of cubes. It is 32 where all are active; only the others are counted one by one.
void ActiveRows::couple(int j, int k) {
  ActiveRow& r = rows_[row(j, k)];
  if (r.begin == r.end) return;
  const int n = nodes_[0];
  int begin = r.begin, end = r.end;
  std::array<const ActiveRow*, 9> near{};
  for (int q = 0; q < 9; ++q) {
    near[index(q)] =
        &rows_[row(mirrored(j + q % 3 - 1, nodes_[1]), mirrored(k + q / 3 - 1, nodes_[2]))];
    const ActiveRow& other = *near[index(q)];
    if (q == 4) continue;
    begin = std::max(begin, other.begin == 0 ? 0 : other.begin + 1);
    end = std::min(end, other.end == n ? n : other.end - 1);
  }
  // Whole vectors on both sides.
  r.inner_begin = std::min(r.end, r.begin + (begin - r.begin + kWidth - 1) / kWidth * kWidth);
  r.inner_end = end == r.end ? end : r.begin + std::max(0, end - r.begin) / kWidth * kWidth;
  if (r.inner_begin >= r.inner_end) r.inner_begin = r.inner_end = r.end;
  float* sum = couplings_.data() + row(j, k) * index(n);
  // A vector may begin one node later than the row and so be inner in part.
  std::fill(sum + r.inner_begin, sum + std::min(r.inner_begin + kWidth, r.inner_end), 32.0F);
  std::fill(sum + std::max(r.inner_end - kWidth, r.inner_begin), sum + r.inner_end, 32.0F);
  for (int i = r.begin; i < r.end; ++i) {
    if (i == r.inner_begin) i = r.inner_end;
    if (i == r.end) break;
    int weights = 0;
    for (int q = 0; q < 9; ++q) {
      if (q == 4) continue;
      const ActiveRow& other = *near[index(q)];
      const auto holds = [&](int at) { return at >= other.begin && at < other.end ? 1 : 0; };
      const int sides = holds(mirrored(i - 1, n)) + holds(mirrored(i + 1, n));
      weights += q % 2 == 0 ? sides + 2 * holds(i) : 2 * sides;
    }
    sum[i] = static_cast<float>(weights);
  }
}

bool ActiveRows::holds(int i, int j, int k) const {
  const ActiveRow& r = rows_[row(j, k)];
  return i >= r.begin && i < r.end;
}

int ActiveRows::first_plane(int member, int members) const {
  const std::size_t share = size_ * index(member) / index(members);
  const auto first = std::upper_bound(before_plane_.begin(), before_plane_.end(), share);
  const int plane = static_cast<int>(first - before_plane_.begin()) - 1;
  return std::clamp(plane, z_range_[0], z_range_[1]);
}

std::vector<NodeRun> ActiveRows::runs(const std::vector<std::size_t>& row_spans,
                                      const std::vector<LawSpan>& spans) const {
  std::vector<NodeRun> out;
  for (int k = z_range_[0]; k < z_range_[1]; ++k)
    for (int j = y_range_[0]; j < y_range_[1]; ++j) {
      const ActiveRow& r = rows_[row(j, k)];
      int begin = r.begin;
      for (std::size_t n = row_spans[row(j, k)]; begin < r.end; ++n) {
        const int end = std::min(spans[n].end, r.end);
        if (end <= begin) continue;
        const std::size_t at = row(j, k) * index(nodes_[0]);
        out.push_back({at + index(begin), at + index(end), spans[n].law});
        begin = end;
      }
    }
  return out;
}

double drift_at_rest(const SegmentLaw& law, double horizon) {
  if (law.source_at_reference == 0) return 0;
  const double rate = -law.source_slope(0);
  const double time = rate > 0 ? -std::expm1(-rate * horizon) / rate : horizon;
  return std::abs(law.source_at_reference) * time / law.capacity(0);
}

template bool ActiveRows::grow<float>(const float*, const std::vector<NodeRun>&,
                                      const std::vector<float>&, int);
template bool ActiveRows::grow<double>(const double*, const std::vector<NodeRun>&,
                                       const std::vector<double>&, int);

}  // namespace thermodose
