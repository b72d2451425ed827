// Body of the heat in cells where tissues meet, compiled once per instruction set.
// Implements: fem/interface_kernel.h.
// Included only by grid_kernel_<isa>.cc, like fem/grid_kernel_body.h.

#include <algorithm>
#include <cstring>

#include "fem/interface_kernel.h"
#include "geometry/cell_composition.h"

namespace thermodose::THERMODOSE_ISA_NAMESPACE {

// A value of each of eight cells in a few registers. GNU vectors instead of loops: of loops
// over eight the compiler makes scalar code as soon as they stand in one another.
template <class Real>
struct Vector {
  using Type __attribute__((vector_size(kCellLanes * sizeof(Real)))) = Real;
};

template <class Real, class T>
inline typename Vector<Real>::Type vector_of(const OfCells<T>& values) {
  typename Vector<T>::Type v;
  std::memcpy(&v, values.data(), sizeof v);
  return __builtin_convertvector(v, typename Vector<Real>::Type);
}

template <class Real>
class BlockHeat {
 public:
  BlockHeat(const InterfaceInput<Real>& in, std::size_t block) : in_(in), b_(in.blocks[block]) {
    for (std::size_t a = 0; a < 8; ++a) {
      for (std::size_t c = 0; c < kCellLanes; ++c) {
        t_[a][c] = in.excess[b_.node[a][c]];
        own_[a][c] = in.own[b_.node[a][c]];
      }
      row_[a] = V{};
    }
    low_ = high_ = t_[0];
    for (std::size_t a = 1; a < 8; ++a) {
      low_ = t_[a] < low_ ? t_[a] : low_;
      high_ = t_[a] > high_ ? t_[a] : high_;
    }
    const V least = low_ + static_cast<Real>(kFlat);
    high_ = high_ > least ? high_ : least;
    lowest_ = low_[0];
    highest_ = high_[0];
    for (std::size_t c = 1; c < kCellLanes; ++c) {
      lowest_ = std::min(lowest_, low_[c]);
      highest_ = std::max(highest_, high_[c]);
    }
  }

  void run() {
    b_.cut ? cut() : whole();
    const V holds = vector_of<Real>(b_.holds);
    for (std::size_t a = 0; a < 8; ++a) {
      const V heat = holds != 0 ? row_[a] : V{};
      // One by one: cells of a block may share nodes.
      for (std::size_t c = 0; c < kCellLanes; ++c) in_.rate[b_.node[a][c]] += heat[c];
    }
  }

 private:
  using V = typename Vector<Real>::Type;

  static V clamp(const V& x, Real lo, Real hi) {
    const V low = V{} + lo, high = V{} + hi, y = x > low ? x : low;
    return y < high ? y : high;
  }

  // (theta(high) - theta(low)) / (high - low) of one law.
  V chord(const KernelLaw<Real>& law) const {
    V sum{};
    int first = 0, last = law.segments;
    while (first + 1 < last && law.hi[first] <= lowest_) ++first;
    while (first + 1 < last && law.lo[last - 1] >= highest_) --last;
    for (int m = first; m < last; ++m) {
      const V from = clamp(low_, law.lo[m], law.hi[m]), to = clamp(high_, law.lo[m], law.hi[m]);
      const Real pivot = law.pivot[m];
      sum += (to - from) * (law.th1[m] + law.th2[m] * ((to - pivot) + (from - pivot)));
    }
    return sum / (high_ - low_);
  }

  // One tissue, other laws at its corners: k T in place of their theta.
  void whole() {
    const V k = chord(in_.laws[in_.parts[b_.part].law]);
    V x[8];
    for (std::size_t a = 0; a < 8; ++a) x[a] = own_[a] - k * t_[a];
#pragma GCC unroll 16
    for (std::size_t e = 0; e < 16; ++e) {
      const std::size_t a = kDiagonals[e][0], b = kDiagonals[e][1];
      const V back = x[a] - x[b];
      row_[a] += back;
      row_[b] -= back;
    }
  }

  void cut() {
    V resistance[16], along{};
    for (V& r : resistance) r = V{};
    for (std::uint32_t m = 0; m < b_.parts; ++m) {
      const InterfacePart& part = in_.parts[b_.part + m];
      const V k = chord(in_.laws[part.law]), each = 1 / (255 * k);
      along += vector_of<Real>(part.share) * k;
#pragma GCC unroll 16
      for (std::size_t e = 0; e < 16; ++e) resistance[e] += line(part, e) * each;
    }
    across(resistance, along);
    conduct_along(along);
  }

  static V line(const InterfacePart& part, std::size_t e) {
    typename Vector<std::uint32_t>::Type word;
    std::memcpy(&word, part.lines[e / 4].data(), sizeof word);
    // Signed: only that has an instruction of its own.
    using Signed = typename Vector<std::int32_t>::Type;
    return __builtin_convertvector((Signed)(word >> 8 * (e % 4) & 0xFFU), V);
  }

  // Layers in series along the diagonals; takes the part of these in the conduction along the
  // layers off `along`.
  void across(const V* resistance, V& along) {
    const V n[3] = {vector_of<Real>(b_.normal[0]), vector_of<Real>(b_.normal[1]),
                    vector_of<Real>(b_.normal[2])};
#pragma GCC unroll 16
    for (std::size_t e = 0; e < 16; ++e) {
      const std::size_t a = kDiagonals[e][0], b = kDiagonals[e][1];
      V share{};
      Real square = 0;
#pragma GCC unroll 3
      for (std::size_t d = 0; d < 3; ++d) {
        const int x = static_cast<int>(b >> d & 1U) - static_cast<int>(a >> d & 1U);
        square += static_cast<Real>(x * x);
        if (x > 0) share += n[d];
        if (x < 0) share -= n[d];
      }
      // Over all diagonals |(1 - n n^T) e|^2 sums to 24 for every n.
      const V k = 1 / resistance[e], w = (square - share * share) * Real(1.0 / 24);
      along -= w * k;
      const V heat = k * (t_[b] - t_[a]) - (own_[b] - own_[a]);
      row_[a] += heat;
      row_[b] -= heat;
    }
  }

  // Mean gradient times 4 h, without its part along the normal; 12 h^2 / (4 h)^2 = 0.75.
  void conduct_along(const V& along) {
    const V k = Real(0.75) * (along > 0 ? along : V{});
    V g[3], normal{};
#pragma GCC unroll 3
    for (std::size_t d = 0; d < 3; ++d) {
      g[d] = V{};
#pragma GCC unroll 8
      for (std::size_t a = 0; a < 8; ++a) (a >> d & 1U) != 0 ? g[d] += t_[a] : g[d] -= t_[a];
      normal += g[d] * vector_of<Real>(b_.normal[d]);
    }
#pragma GCC unroll 3
    for (std::size_t d = 0; d < 3; ++d) {
      const V heat = k * (g[d] - normal * vector_of<Real>(b_.normal[d]));
#pragma GCC unroll 8
      for (std::size_t a = 0; a < 8; ++a) (a >> d & 1U) != 0 ? row_[a] -= heat : row_[a] += heat;
    }
  }

  const InterfaceInput<Real>& in_;
  const InterfaceBlock& b_;
  V t_[8], own_[8], row_[8];
  V low_, high_;
  Real lowest_, highest_;  ///< of all eight
};

template <class Real>
void interface_heat(const InterfaceInput<Real>& in, const std::uint32_t* active, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) BlockHeat<Real>(in, active[i]).run();
}

void interfaces_single(const InterfaceInput<float>& in, const std::uint32_t* active,
                       std::size_t n) {
  interface_heat(in, active, n);
}
void interfaces_double(const InterfaceInput<double>& in, const std::uint32_t* active,
                       std::size_t n) {
  interface_heat(in, active, n);
}

// The pieces first..first + N of a law, unrolled.
template <class Real, int N>
inline void nodes_of_pieces(const KernelLaw<Real>& law, int first, const Real* h, Real* excess,
                            Real* theta, Real* source, int n) {
  // Local copies: the compiler cannot know that theta does not alias the law.
  Real lo[N], hi[N], pivot[N], t1[N], th1[N], th2[N], s1[N], s2[N];
  for (int m = 0; m < N; ++m) {
    lo[m] = law.lo[first + m];
    hi[m] = law.hi[first + m];
    pivot[m] = law.pivot[first + m];
    t1[m] = law.t1[first + m];
    th1[m] = law.th1[first + m];
    th2[m] = law.th2[first + m];
    s1[m] = law.s1[first + m];
    s2[m] = law.s2[first + m];
  }
  const Real s0 = law.source0;
#pragma omp simd
  for (int i = 0; i < n; ++i) {
    const Real x = h[i];
    Real u = 0, t = 0, s = s0;
    for (int m = 0; m < N; ++m) {
      const Real d = std::min(std::max(x, lo[m]), hi[m]) - pivot[m];
      u += d * t1[m];
      t += d * (th1[m] + th2[m] * d);
      s += d * (s1[m] + s2[m] * d);
    }
    excess[i] = u;
    theta[i] = t;
    source[i] = s;
  }
}

// Any number of them: piece by piece.
template <class Real>
inline void nodes_of_any(const KernelLaw<Real>& law, int first, int last, const Real* h,
                         Real* excess, Real* theta, Real* source, int n) {
  nodes_of_pieces<Real, 1>(law, first, h, excess, theta, source, n);
  for (int m = first + 1; m < last; ++m) {
    const Real lo = law.lo[m], hi = law.hi[m], pivot = law.pivot[m], t1 = law.t1[m];
    const Real th1 = law.th1[m], th2 = law.th2[m], s1 = law.s1[m], s2 = law.s2[m];
#pragma omp simd
    for (int i = 0; i < n; ++i) {
      const Real d = std::min(std::max(h[i], lo), hi) - pivot;
      excess[i] += d * t1;
      theta[i] += d * (th1 + th2 * d);
      source[i] += d * (s1 + s2 * d);
    }
  }
}

template <class Real>
inline void nodes_of_law(const KernelLaw<Real>& law, const Real* h, Real* excess, Real* theta,
                         Real* source, int n) {
  // A piece ends at its pivot for every H on the other side of it: nothing is lost.
  Real low = 0, high = 0;
#pragma omp simd reduction(min : low) reduction(max : high)
  for (int i = 0; i < n; ++i) {
    low = std::min(low, h[i]);
    high = std::max(high, h[i]);
  }
  int first = 0, last = law.segments;
  while (first + 1 < last && law.hi[first] <= low) ++first;
  while (first + 1 < last && law.lo[last - 1] >= high) --last;
  switch (last - first) {
    case 1:
      return nodes_of_pieces<Real, 1>(law, first, h, excess, theta, source, n);
    case 2:
      return nodes_of_pieces<Real, 2>(law, first, h, excess, theta, source, n);
    case 3:
      return nodes_of_pieces<Real, 3>(law, first, h, excess, theta, source, n);
    default:
      return nodes_of_any(law, first, last, h, excess, theta, source, n);
  }
}

void nodes_single(const KernelLaw<float>& law, const float* h, float* excess, float* theta,
                  float* source, int n) {
  nodes_of_law(law, h, excess, theta, source, n);
}
void nodes_double(const KernelLaw<double>& law, const double* h, double* excess, double* theta,
                  double* source, int n) {
  nodes_of_law(law, h, excess, theta, source, n);
}

}  // namespace thermodose::THERMODOSE_ISA_NAMESPACE
