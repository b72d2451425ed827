// Body of the fused grid stage, compiled once per instruction set.
// Implements: fem/grid_kernel.h. Planes stream through a small ring in the workspace: theta, the
// sum of the four in-plane diagonals (A) and A + 2 x the four in-plane neighbours (P), so that a
// node needs P(k-1) + P(k+1) + 2 A(k) - 32 theta(k): 14 loads instead of 27.
// Included only by grid_kernel_<isa>.cc; THERMODOSE_ISA_NAMESPACE keeps the copies apart, because
// the linker would otherwise merge them into one.

#include <algorithm>

#include "fem/grid_kernel.h"

namespace thermodose::THERMODOSE_ISA_NAMESPACE {

// theta(H) and S(H) of n nodes of one tissue, N segments unrolled.
template <class Real, int N>
inline void laws_of_row(const KernelLaw<Real>& law, const Real* h, Real* theta, Real* source,
                        int n) {
  // Local copies: the compiler cannot know that theta does not alias the law.
  Real lo[N], hi[N], pivot[N], th1[N], th2[N], s1[N], s2[N];
  for (int m = 0; m < N; ++m) {
    lo[m] = law.lo[m];
    hi[m] = law.hi[m];
    pivot[m] = law.pivot[m];
    th1[m] = law.th1[m];
    th2[m] = law.th2[m];
    s1[m] = law.s1[m];
    s2[m] = law.s2[m];
  }
  const Real s0 = law.source0;
#pragma omp simd
  for (int i = 0; i < n; ++i) {
    const Real x = h[i];
    Real t = 0, s = s0;
    for (int m = 0; m < N; ++m) {
      const Real d = std::min(std::max(x, lo[m]), hi[m]) - pivot[m];
      t += d * (th1[m] + th2[m] * d);
      s += d * (s1[m] + s2[m] * d);
    }
    theta[i] = t;
    source[i] = s;
  }
}

// The same for any number of segments: segment by segment over the row, which stays in L1.
template <class Real>
inline void laws_of_row_any(const KernelLaw<Real>& law, const Real* h, Real* theta, Real* source,
                            int n) {
  for (int i = 0; i < n; ++i) {
    theta[i] = 0;
    source[i] = law.source0;
  }
  for (int m = 0; m < law.segments; ++m) {
    const Real lo = law.lo[m], hi = law.hi[m], pivot = law.pivot[m];
    const Real th1 = law.th1[m], th2 = law.th2[m], s1 = law.s1[m], s2 = law.s2[m];
#pragma omp simd
    for (int i = 0; i < n; ++i) {
      const Real d = std::min(std::max(h[i], lo), hi) - pivot;
      theta[i] += d * (th1 + th2 * d);
      source[i] += d * (s1 + s2 * d);
    }
  }
}

template <class Real>
inline void laws_of_span(const KernelLaw<Real>& law, const Real* h, Real* theta, Real* source,
                         int n) {
  switch (law.segments) {
    case 1:
      return laws_of_row<Real, 1>(law, h, theta, source, n);
    case 2:
      return laws_of_row<Real, 2>(law, h, theta, source, n);
    case 3:
      return laws_of_row<Real, 3>(law, h, theta, source, n);
    case 4:
      return laws_of_row<Real, 4>(law, h, theta, source, n);
    case 5:
      return laws_of_row<Real, 5>(law, h, theta, source, n);
    case 6:
      return laws_of_row<Real, 6>(law, h, theta, source, n);
    default:
      return laws_of_row_any<Real>(law, h, theta, source, n);
  }
}

// One tile of rows [y_begin, y_end) streamed through the planes [z_begin, z_end).
template <class Real>
class Tile {
 public:
  Tile(const Sweep<Real>& s, int y_begin, int y_end) : s_(s), y_begin_(y_begin), y_end_(y_end) {
    stride_ = row_stride(s.nodes[0]);
    const std::size_t plane = stride_ * static_cast<std::size_t>(y_end - y_begin + 2);
    Real* p = s.workspace;
    for (auto** ring : {theta_, source_, diagonal_})
      for (int r = 0; r < 2; ++r, p += plane) ring[r] = p;
    for (auto& r : sum_) {
      r = p;
      p += plane;
    }
  }

  SweepSums run() {
    load(s_.z_begin - 1);
    rotate();
    load(s_.z_begin);
    for (int k = s_.z_begin; k < s_.z_end; ++k) {
      rotate();
      // Row by row, so that what a row needs of the plane just evaluated is still in L1.
      const int above = mirrored(k + 1, 2);
      evaluate_row(y_begin_ - 1, above);
      evaluate_row(y_begin_, above);
      for (int j = y_begin_; j < y_end_; ++j) {
        evaluate_row(j + 1, above);
        add_row(j, above);
        update_row(j, k);
      }
      close_plane();
    }
    return sums_;
  }

 private:
  // Node whose values stand for node `i` of axis `axis`, which may lie one outside the grid.
  int mirrored(int i, int axis) const {
    const int n = s_.nodes[axis];
    return i < 0 ? 1 : i >= n ? n - 2 : i;
  }
  double weight(int i, int axis) const { return i == 0 || i == s_.nodes[axis] - 1 ? 0.5 : 1.0; }
  bool prescribed(int i, int axis) const {
    return (i == 0 && s_.edge[2 * axis] == Edge::fixed) ||
           (i == s_.nodes[axis] - 1 && s_.edge[2 * axis + 1] == Edge::fixed);
  }
  std::size_t row_of(int j, int k) const {
    return static_cast<std::size_t>(j) +
           static_cast<std::size_t>(s_.nodes[1]) * static_cast<std::size_t>(k);
  }
  // End of whole blocks, which have no remainder loop; what the padding holds is never used.
  static int padded(int begin, int end) {
    return begin + (end - begin + kRowBlock - 1) / kRowBlock * kRowBlock;
  }
  // Node 0 of local row j - y_begin + 1.
  std::size_t local(int j) const {
    return stride_ * static_cast<std::size_t>(j - y_begin_ + 1) + kRowBlock;
  }

  // Slot 1 of the two-plane rings is the plane just loaded, slot 0 the one before; sum_ holds
  // P(k-1), P(k), P(k+1).
  void rotate() {
    std::swap(theta_[0], theta_[1]);
    std::swap(source_[0], source_[1]);
    std::swap(diagonal_[0], diagonal_[1]);
    std::swap(sum_[0], sum_[1]);
    std::swap(sum_[1], sum_[2]);
  }

  void load(int plane) {
    const int k = mirrored(plane, 2);
    for (int j = y_begin_ - 1; j <= y_end_; ++j) evaluate_row(j, k);
    for (int j = y_begin_; j < y_end_; ++j) add_row(j, k);
  }

  // A and P of a row of the plane just evaluated.
  void add_row(int j, int k) {
    const ActiveRow& r = s_.rows[row_of(j, k)];
    const Real* c = theta_[1] + local(j);
    const Real *m = c - stride_, *p = c + stride_;
    Real* a = diagonal_[1] + local(j);
    Real* sum = sum_[2] + local(j);
    const int end = padded(r.sum_begin, r.sum_end);
#pragma omp simd
    for (int i = r.sum_begin; i < end; ++i) {
      const Real diagonals = (m[i - 1] + m[i + 1]) + (p[i - 1] + p[i + 1]);
      a[i] = diagonals;
      sum[i] = diagonals + 2 * ((c[i - 1] + c[i + 1]) + (m[i] + p[i]));
    }
  }

  // Laws of the active nodes of a row; beyond them theta is zero as far as others look.
  void evaluate_row(int j, int k) {
    const std::size_t row = row_of(mirrored(j, 1), k);
    const ActiveRow& r = s_.rows[row];
    Real* theta = theta_[1] + local(j);
    Real* source = source_[1] + local(j);
    const std::size_t g = row * static_cast<std::size_t>(s_.nodes[0]);
    const Real* h = s_.y_prev + g;
    int begin = r.begin;
    for (std::size_t n = s_.row_spans[row]; begin < r.end; ++n) {
      const int end = std::min(s_.spans[n].end, r.end);
      if (end <= begin) continue;
      if (s_.spans[n].law == kGiven) {
        std::copy(s_.theta + g + begin, s_.theta + g + end, theta + begin);
        std::copy(s_.source + g + begin, s_.source + g + end, source + begin);
        begin = end;
        continue;
      }
      const int last = end < r.end ? end : std::min(padded(begin, end), s_.nodes[0]);
      laws_of_span(s_.laws[s_.spans[n].law], h + begin, theta + begin, source + begin,
                   last - begin);
      begin = end;
    }
    for (int i = r.seen_begin; i < r.begin; ++i) theta[i] = 0;
    for (int i = r.end; i < r.seen_end; ++i) theta[i] = 0;
    if (r.seen_begin < 0) theta[-1] = theta[1];
    if (r.seen_end > s_.nodes[0]) theta[s_.nodes[0]] = theta[s_.nodes[0] - 2];
  }

  // L of node i in the present plane.
  Real rate(std::size_t at, std::size_t g, int i, const ActiveRow& r) const {
    const std::size_t n = at + static_cast<std::size_t>(i);
    const bool inner = i >= r.inner_begin && i < r.inner_end;
    const Real d = inner ? Real(32) : static_cast<Real>(s_.couplings[g + n - at]);
    return s_.inv12h2 * ((sum_[0][n] + sum_[2][n]) + (2 * diagonal_[0][n] - d * theta_[0][n])) +
           source_[0][n];
  }

  void update_row(int j, int k) {
    const ActiveRow& r = s_.rows[row_of(j, k)];
    if (r.begin == r.end) return;
    const std::size_t at = local(j);
    const std::size_t g = row_of(j, k) * static_cast<std::size_t>(s_.nodes[0]);
    const double w = weight(j, 1) * weight(k, 2);
    add_source(source_[0] + at, r, w);
    if (prescribed(j, 1) || prescribed(k, 2)) {
      for (int i = r.begin; i < r.end; ++i) hold(at, g, i, r, w);
      return;
    }
    int begin = r.begin, end = r.end;
    if (prescribed(begin, 0)) hold(at, g, begin++, r, w);
    if (begin < end && prescribed(end - 1, 0)) hold(at, g, --end, r, w);
    s_.first ? first_stage(at, g, begin, end, r) : later_stage(at, g, begin, end, r);
  }

  // Adds a row; its ends count half on outer faces, all of it does on others.
  void add_source(const Real* value, const ActiveRow& r, double w) {
    double rest = 0;
    for (const int end : {0, s_.nodes[0] - 1})
      if (end >= r.begin && end < r.end) rest -= 0.5 * static_cast<double>(value[end]);
    int i = r.begin;
    if (w == 1.0) {
      Real lanes[kRowBlock];  // a copy: the compiler cannot know that values are elsewhere
      std::copy(lanes_, lanes_ + kRowBlock, lanes);
      for (; i + kRowBlock <= r.end; i += kRowBlock)
#pragma omp simd
        for (int n = 0; n < kRowBlock; ++n) lanes[n] += value[i + n];
      std::copy(lanes, lanes + kRowBlock, lanes_);
    }
    for (; i < r.end; ++i) rest += static_cast<double>(value[i]);
    sums_.source += w * rest;
  }
  // After each plane: the sums of many planes in single precision would lose digits.
  void close_plane() {
    for (Real& lane : lanes_) {
      sums_.source += static_cast<double>(lane);
      lane = 0;
    }
  }

  // A prescribed node; rare, so speed does not matter.
  void hold(std::size_t at, std::size_t g, int i, const ActiveRow& r, double row_weight) {
    const std::size_t n = g + static_cast<std::size_t>(i);
    sums_.fixed_faces += row_weight * weight(i, 0) * static_cast<double>(rate(at, g, i, r));
    s_.y_out[n] = s_.y_prev[n];
    if (s_.first) s_.l0[n] = 0;
  }

  // Calls block(i, n, D) for the n nodes from i on: D differs from 32 at the borders only.
  template <class Block>
  void for_blocks(std::size_t g, int begin, int end, const ActiveRow& r, const Block& block) const {
    static_assert(kRowBlock == 8, "one 32 for every value of a block");
    static constexpr float whole[kRowBlock] = {32, 32, 32, 32, 32, 32, 32, 32};
    const float* border = s_.couplings + g;
    int i = begin;
    for (; i + kRowBlock <= end; i += kRowBlock) {
      const bool inner = i >= r.inner_begin && i + kRowBlock <= r.inner_end;
      block(i, kRowBlock, inner ? whole : border + i);
    }
    for (; i < end; ++i) block(i, 1, i >= r.inner_begin && i < r.inner_end ? whole : border + i);
  }

  void first_stage(std::size_t at, std::size_t g, int begin, int end, const ActiveRow& r) {
    const Real *below = sum_[0] + at, *above = sum_[2] + at, *a = diagonal_[0] + at;
    const Real *c = theta_[0] + at, *q = source_[0] + at, *y = s_.y_prev + g;
    Real *out = s_.y_out + g, *l0 = s_.l0 + g;
    const Real f = s_.inv12h2, dt = s_.dt_l;
    for_blocks(g, begin, end, r, [=](int first, int n, const float* d) {
#pragma omp simd
      for (int m = 0; m < n; ++m) {
        const int i = first + m;
        const Real own = static_cast<Real>(d[m]) * c[i];
        const Real l = f * ((below[i] + above[i]) + (2 * a[i] - own)) + q[i];
        l0[i] = l;
        out[i] = y[i] + dt * l;
      }
    });
  }

  void later_stage(std::size_t at, std::size_t g, int begin, int end, const ActiveRow& r) {
    const Real *below = sum_[0] + at, *above = sum_[2] + at, *a = diagonal_[0] + at;
    const Real *c = theta_[0] + at, *q = source_[0] + at, *y = s_.y_prev + g;
    const Real *y0 = s_.y0 + g, *l0 = s_.l0 + g;
    Real* out = s_.y_out + g;
    const Real f = s_.inv12h2, mu = s_.mu, nu = s_.nu, om = s_.omega, dl = s_.dt_l, d0 = s_.dt_l0;
    for_blocks(g, begin, end, r, [=](int first, int n, const float* d) {
#pragma omp simd
      for (int m = 0; m < n; ++m) {
        const int i = first + m;
        const Real own = static_cast<Real>(d[m]) * c[i];
        const Real l = f * ((below[i] + above[i]) + (2 * a[i] - own)) + q[i];
        out[i] = (mu * y[i] + nu * out[i]) + (om * y0[i] + (dl * l + d0 * l0[i]));
      }
    });
  }

  const Sweep<Real>& s_;
  int y_begin_, y_end_;
  std::size_t stride_ = 0;
  Real *theta_[2], *source_[2], *diagonal_[2], *sum_[3];
  Real lanes_[kRowBlock] = {};  ///< sources of the present plane, column by column of blocks
  SweepSums sums_;
};

// Rows per tile: nine planes of a tile fit the second-level cache (measured best of 8..all).
constexpr int kTileRows = 48;

template <class Real>
SweepSums sweep(const Sweep<Real>& s) {
  SweepSums total;
  for (int y = s.y_begin; y < s.y_end; y += kTileRows) {
    const SweepSums part = Tile<Real>(s, y, std::min(y + kTileRows, s.y_end)).run();
    total.source += part.source;
    total.fixed_faces += part.fixed_faces;
  }
  return total;
}

SweepSums sweep_single(const Sweep<float>& s) { return sweep<float>(s); }
SweepSums sweep_double(const Sweep<double>& s) { return sweep<double>(s); }
void laws_single(const KernelLaw<float>& law, const float* h, float* theta, float* source, int n) {
  laws_of_span(law, h, theta, source, n);
}
void laws_double(const KernelLaw<double>& law, const double* h, double* theta, double* source,
                 int n) {
  laws_of_span(law, h, theta, source, n);
}

}  // namespace thermodose::THERMODOSE_ISA_NAMESPACE
