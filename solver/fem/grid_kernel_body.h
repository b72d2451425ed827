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
  Tile(const Sweep<Real>& s, int y_begin, int y_end)
      : s_(s),
        y_begin_(y_begin),
        y_end_(y_end),
        width_(s.hi[0] - s.lo[0]),
        padded_((width_ + kRowBlock - 1) / kRowBlock * kRowBlock) {
    stride_ = row_stride(s.nodes[0]);
    rows_ = y_end - y_begin + 2;
    const std::size_t plane = stride_ * static_cast<std::size_t>(rows_);
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
      const int above = mapped(k + 1, 2);
      evaluate_row(y_begin_ - 1, above);
      evaluate_row(y_begin_, above);
      for (int j = y_begin_; j < y_end_; ++j) {
        evaluate_row(j + 1, above);
        add_row(j);
        update_row(j, k);
      }
    }
    return sums_;
  }

 private:
  // Node whose values stand for node `i` of axis `axis`, which may lie one outside the box.
  int mapped(int i, int axis) const {
    const int lo = s_.lo[axis], hi = s_.hi[axis];
    if (i < lo) return s_.edge[2 * axis] == Edge::quiet ? lo : lo + 1;
    if (i >= hi) return s_.edge[2 * axis + 1] == Edge::quiet ? hi - 1 : hi - 2;
    return i;
  }
  double weight(int i, int axis) const {
    const bool low = i == s_.lo[axis] && s_.edge[2 * axis] != Edge::quiet;
    const bool high = i == s_.hi[axis] - 1 && s_.edge[2 * axis + 1] != Edge::quiet;
    return low || high ? 0.5 : 1.0;
  }
  bool prescribed(int i, int axis) const {
    return (i == s_.lo[axis] && s_.edge[2 * axis] == Edge::fixed) ||
           (i == s_.hi[axis] - 1 && s_.edge[2 * axis + 1] == Edge::fixed);
  }
  std::size_t row_of(int j, int k) const {
    return static_cast<std::size_t>(j) +
           static_cast<std::size_t>(s_.nodes[1]) * static_cast<std::size_t>(k);
  }
  // Whole blocks have no remainder loop; what the padding holds is never used. The very last rows
  // of the grid have no values to read beyond their end.
  int padded_end(std::size_t row) const {
    const bool room =
        row + 1 < static_cast<std::size_t>(s_.nodes[1]) * static_cast<std::size_t>(s_.nodes[2]) &&
        s_.nodes[0] >= kRowBlock;
    return room ? s_.lo[0] + padded_ : s_.hi[0];
  }
  // Local row j - y_begin + 1, first node of the box at +1.
  std::size_t local(int j) const {
    return stride_ * static_cast<std::size_t>(j - y_begin_ + 1) + 1;
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
    const int k = mapped(plane, 2);
    for (int j = y_begin_ - 1; j <= y_end_; ++j) evaluate_row(j, k);
    for (int j = y_begin_; j < y_end_; ++j) add_row(j);
  }

  // A and P of a row of the plane just evaluated.
  void add_row(int j) {
    const Real* c = theta_[1] + local(j);
    const Real *m = c - stride_, *p = c + stride_;
    Real* a = diagonal_[1] + local(j);
    Real* sum = sum_[2] + local(j);
#pragma omp simd
    for (int i = 0; i < padded_; ++i) {
      const Real diagonals = (m[i - 1] + m[i + 1]) + (p[i - 1] + p[i + 1]);
      a[i] = diagonals;
      sum[i] = diagonals + 2 * ((c[i - 1] + c[i + 1]) + (m[i] + p[i]));
    }
  }

  void evaluate_row(int j, int k) {
    const std::size_t row = row_of(mapped(j, 1), k);
    const Real* h = s_.y_prev + row * static_cast<std::size_t>(s_.nodes[0]);
    Real* theta = theta_[1] + local(j);
    Real* source = source_[1] + local(j);
    int begin = s_.lo[0];
    for (std::size_t n = s_.row_spans[row]; n < s_.row_spans[row + 1] && begin < s_.hi[0]; ++n) {
      const int end = std::min(s_.spans[n].end, s_.hi[0]);
      if (end <= begin) continue;
      const int at = begin - s_.lo[0];
      const int last = end < s_.hi[0] ? end : padded_end(row);
      laws_of_span(s_.laws[s_.spans[n].law], h + begin, theta + at, source + at, last - begin);
      begin = end;
    }
    theta[-1] = theta[mapped(s_.lo[0] - 1, 0) - s_.lo[0]];
    theta[width_] = theta[mapped(s_.hi[0], 0) - s_.lo[0]];
  }

  // L of local node i in the present plane.
  Real rate(std::size_t at, int i) const {
    const std::size_t n = at + static_cast<std::size_t>(i);
    return s_.inv12h2 * ((sum_[0][n] + sum_[2][n]) + (2 * diagonal_[0][n] - 32 * theta_[0][n])) +
           source_[0][n];
  }

  void update_row(int j, int k) {
    const std::size_t at = local(j);
    const std::size_t g =
        row_of(j, k) * static_cast<std::size_t>(s_.nodes[0]) + static_cast<std::size_t>(s_.lo[0]);
    const double w = weight(j, 1) * weight(k, 2);
    sums_.source += w * row_sum(source_[0] + at);
    if (prescribed(j, 1) || prescribed(k, 2)) {
      sums_.fixed_faces += w * row_sum_of_rates(at);
      hold(g, 0, width_);
      return;
    }
    int begin = 0, end = width_;
    if (s_.edge[0] == Edge::fixed) {
      sums_.fixed_faces += 0.5 * w * static_cast<double>(rate(at, begin));
      hold(g, begin, begin + 1);
      ++begin;
    }
    if (s_.edge[1] == Edge::fixed) {
      --end;
      sums_.fixed_faces += 0.5 * w * static_cast<double>(rate(at, end));
      hold(g, end, end + 1);
    }
    s_.first ? first_stage(at, g, begin, end) : later_stage(at, g, begin, end);
  }

  // Sum over a row with the half weights of its ends on outer faces.
  double row_sum(const Real* value) const {
    Real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < width_; ++i) sum += value[i];
    const double ends = (1 - weight(s_.lo[0], 0)) * static_cast<double>(value[0]) +
                        (1 - weight(s_.hi[0] - 1, 0)) * static_cast<double>(value[width_ - 1]);
    return static_cast<double>(sum) - ends;
  }

  // The same for L of a prescribed row; rare, so speed does not matter.
  double row_sum_of_rates(std::size_t at) const {
    double sum = 0;
    for (int i = 0; i < width_; ++i)
      sum += weight(s_.lo[0] + i, 0) * static_cast<double>(rate(at, i));
    return sum;
  }

  void hold(std::size_t g, int begin, int end) {
    for (int i = begin; i < end; ++i) {
      const std::size_t n = g + static_cast<std::size_t>(i);
      s_.y_out[n] = s_.y_prev[n];
      if (s_.first) s_.l0[n] = 0;
    }
  }

  void first_stage(std::size_t at, std::size_t g, int begin, int end) {
    const Real *below = sum_[0] + at, *above = sum_[2] + at, *a = diagonal_[0] + at;
    const Real *c = theta_[0] + at, *q = source_[0] + at, *y = s_.y_prev + g;
    Real *out = s_.y_out + g, *l0 = s_.l0 + g;
    const Real f = s_.inv12h2, dt = s_.dt_l;
#pragma omp simd
    for (int i = begin; i < end; ++i) {
      const Real l = f * ((below[i] + above[i]) + (2 * a[i] - 32 * c[i])) + q[i];
      l0[i] = l;
      out[i] = y[i] + dt * l;
    }
  }

  void later_stage(std::size_t at, std::size_t g, int begin, int end) {
    const Real *below = sum_[0] + at, *above = sum_[2] + at, *a = diagonal_[0] + at;
    const Real *c = theta_[0] + at, *q = source_[0] + at, *y = s_.y_prev + g;
    const Real *y0 = s_.y0 + g, *l0 = s_.l0 + g;
    Real* out = s_.y_out + g;
    const Real f = s_.inv12h2, mu = s_.mu, nu = s_.nu, om = s_.omega, dl = s_.dt_l, d0 = s_.dt_l0;
#pragma omp simd
    for (int i = begin; i < end; ++i) {
      const Real l = f * ((below[i] + above[i]) + (2 * a[i] - 32 * c[i])) + q[i];
      out[i] = (mu * y[i] + nu * out[i]) + (om * y0[i] + (dl * l + d0 * l0[i]));
    }
  }

  const Sweep<Real>& s_;
  int y_begin_, y_end_, width_, padded_, rows_ = 0;
  std::size_t stride_ = 0;
  Real *theta_[2], *source_[2], *diagonal_[2], *sum_[3];
  SweepSums sums_;
};

// Rows per tile: nine planes of a tile fit the second-level cache (measured best of 8..all).
constexpr int kTileRows = 48;

template <class Real>
SweepSums sweep(const Sweep<Real>& s) {
  SweepSums total;
  for (int y = s.lo[1]; y < s.hi[1]; y += kTileRows) {
    const SweepSums part = Tile<Real>(s, y, std::min(y + kTileRows, s.hi[1])).run();
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
