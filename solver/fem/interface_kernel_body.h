// Body of the heat in cells where tissues meet, compiled once per instruction set.
// Implements: fem/interface_kernel.h. Every loop over eight cells is one or two instructions.
// Included only by grid_kernel_<isa>.cc, like fem/grid_kernel_body.h.

#include <algorithm>

#include "fem/interface_kernel.h"
#include "geometry/cell_composition.h"

namespace thermodose::THERMODOSE_ISA_NAMESPACE {

template <class Real>
class BlockHeat {
 public:
  BlockHeat(const InterfaceInput<Real>& in, std::size_t block)
      : in_(in), b_(in.blocks[block]), heat_(in.heat + 8 * kCellLanes * block) {
    for (std::size_t a = 0; a < 8; ++a) {
#pragma omp simd
      for (std::size_t c = 0; c < kCellLanes; ++c) {
        t_[a][c] = in.excess[b_.node[a][c]];
        own_[a][c] = in.own[b_.node[a][c]];
        row_[a][c] = 0;
      }
    }
    low_ = high_ = t_[0];
    for (std::size_t a = 1; a < 8; ++a) {
#pragma omp simd
      for (std::size_t c = 0; c < kCellLanes; ++c) {
        low_[c] = std::min(low_[c], t_[a][c]);
        high_[c] = std::max(high_[c], t_[a][c]);
      }
    }
#pragma omp simd
    for (std::size_t c = 0; c < kCellLanes; ++c)
      high_[c] = std::max(high_[c], low_[c] + static_cast<Real>(kFlat));
  }

  void run() {
    b_.cut ? cut() : whole();
    for (std::size_t a = 0; a < 8; ++a) {
#pragma omp simd
      for (std::size_t c = 0; c < kCellLanes; ++c)
        heat_[a * kCellLanes + c] = b_.holds[c] != 0 ? row_[a][c] : 0;
    }
  }

 private:
  using Lanes = OfCells<Real>;

  // (theta(high) - theta(low)) / (high - low) of one law.
  Lanes chord(const KernelLaw<Real>& law) const {
    Lanes sum{};
    for (int m = 0; m < law.segments; ++m) {
      const Real lo = law.lo[m], hi = law.hi[m], pivot = law.pivot[m];
      const Real th1 = law.th1[m], th2 = law.th2[m];
#pragma omp simd
      for (std::size_t c = 0; c < kCellLanes; ++c) {
        const Real from = std::min(std::max(low_[c], lo), hi);
        const Real to = std::min(std::max(high_[c], lo), hi);
        sum[c] += (to - from) * (th1 + th2 * ((to - pivot) + (from - pivot)));
      }
    }
#pragma omp simd
    for (std::size_t c = 0; c < kCellLanes; ++c) sum[c] /= high_[c] - low_[c];
    return sum;
  }

  // One tissue, other laws at its corners: k T in place of their theta.
  void whole() {
    const Lanes k = chord(in_.laws[in_.parts[b_.part].law]);
    std::array<Lanes, 8> x;
    for (std::size_t a = 0; a < 8; ++a) {
#pragma omp simd
      for (std::size_t c = 0; c < kCellLanes; ++c) x[a][c] = own_[a][c] - k[c] * t_[a][c];
    }
    for (const auto& diagonal : kDiagonals) {
      const std::size_t a = diagonal[0], b = diagonal[1];
#pragma omp simd
      for (std::size_t c = 0; c < kCellLanes; ++c) {
        const Real back = x[a][c] - x[b][c];
        row_[a][c] += back;
        row_[b][c] -= back;
      }
    }
  }

  void cut() {
    std::array<Lanes, 16> resistance{};
    Lanes along{};
    for (std::uint32_t m = 0; m < b_.parts; ++m) {
      const InterfacePart& part = in_.parts[b_.part + m];
      const Lanes k = chord(in_.laws[part.law]);
      Lanes each;
#pragma omp simd
      for (std::size_t c = 0; c < kCellLanes; ++c) {
        along[c] += static_cast<Real>(part.share[c]) * k[c];
        each[c] = 1 / (255 * k[c]);
      }
      for (std::size_t e = 0; e < 16; ++e) {
#pragma omp simd
        for (std::size_t c = 0; c < kCellLanes; ++c)
          resistance[e][c] += static_cast<Real>(part.line[e][c]) * each[c];
      }
    }
    for (std::size_t e = 0; e < 16; ++e) across(e, resistance[e], along);
    conduct_along(along);
  }

  // Layers in series along diagonal e; takes its part of the conduction along them off `along`.
  void across(std::size_t e, const Lanes& resistance, Lanes& along) {
    const std::size_t a = kDiagonals[e][0], b = kDiagonals[e][1];
    Lanes share;
#pragma omp simd
    for (std::size_t c = 0; c < kCellLanes; ++c) share[c] = 0;
    Real square = 0;
    for (std::size_t d = 0; d < 3; ++d) {
      const Real x = static_cast<Real>(b >> d & 1U) - static_cast<Real>(a >> d & 1U);
      square += x * x;
#pragma omp simd
      for (std::size_t c = 0; c < kCellLanes; ++c)
        share[c] += x * static_cast<Real>(b_.normal[d][c]);
    }
#pragma omp simd
    for (std::size_t c = 0; c < kCellLanes; ++c) {
      // Over all diagonals |(1 - n n^T) e|^2 sums to 24 for every n.
      const Real k = 1 / resistance[c], w = (square - share[c] * share[c]) * Real(1.0 / 24);
      along[c] -= w * k;
      const Real heat = k * (t_[b][c] - t_[a][c]) - (own_[b][c] - own_[a][c]);
      row_[a][c] += heat;
      row_[b][c] -= heat;
    }
  }

  // Mean gradient times 4 h, without its part along the normal; 12 h^2 / (4 h)^2 = 0.75.
  void conduct_along(const Lanes& k) {
    std::array<Lanes, 3> g{};
    Lanes normal{};
    for (std::size_t d = 0; d < 3; ++d) {
      for (std::size_t a = 0; a < 8; ++a) {
        const Real sign = (a >> d & 1U) != 0 ? 1 : -1;
#pragma omp simd
        for (std::size_t c = 0; c < kCellLanes; ++c) g[d][c] += sign * t_[a][c];
      }
#pragma omp simd
      for (std::size_t c = 0; c < kCellLanes; ++c)
        normal[c] += g[d][c] * static_cast<Real>(b_.normal[d][c]);
    }
    for (std::size_t d = 0; d < 3; ++d) {
      Lanes heat;
#pragma omp simd
      for (std::size_t c = 0; c < kCellLanes; ++c)
        heat[c] = Real(0.75) * std::max(k[c], Real(0)) *
                  (g[d][c] - normal[c] * static_cast<Real>(b_.normal[d][c]));
      for (std::size_t a = 0; a < 8; ++a) {
        const Real sign = (a >> d & 1U) != 0 ? 1 : -1;
#pragma omp simd
        for (std::size_t c = 0; c < kCellLanes; ++c) row_[a][c] -= sign * heat[c];
      }
    }
  }

  const InterfaceInput<Real>& in_;
  const InterfaceBlock& b_;
  Real* heat_;
  std::array<Lanes, 8> t_, own_, row_;
  Lanes low_, high_;
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

}  // namespace thermodose::THERMODOSE_ISA_NAMESPACE
