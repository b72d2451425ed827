// Body of the cell kernels, compiled once per instruction set.
// Implements: fem/mesh_kernel.h. Included only by mesh_kernel_<isa>.cc; THERMODOSE_ISA_NAMESPACE
// keeps the copies apart, because the linker would otherwise merge them into one.

#include "fem/mesh_kernel.h"

namespace thermodose::THERMODOSE_ISA_NAMESPACE {

template <class Real>
void cubes(const CubeBatches<Real>& b, std::size_t first, std::size_t last, const Real* theta,
           Real* heat) {
  constexpr std::size_t w = kLanes;
  for (std::size_t n = first; n < last; ++n) {
    const std::int32_t* slot = b.slot + n * 8 * w;
    const Real* factor = b.factor + n * w;
    Real t[8][w], q[8][w];
    for (std::size_t c = 0; c < 8; ++c)
      for (std::size_t l = 0; l < w; ++l) t[c][l] = theta[slot[c * w + l]];
#pragma omp simd
    for (std::size_t l = 0; l < w; ++l) {
      const Real f = factor[l];
      const Real even = (t[0][l] + t[3][l]) + (t[5][l] + t[6][l]);
      const Real odd = (t[1][l] + t[2][l]) + (t[4][l] + t[7][l]);
      q[0][l] = f * (even + t[7][l] - 5 * t[0][l]);
      q[1][l] = f * (odd + t[6][l] - 5 * t[1][l]);
      q[2][l] = f * (odd + t[5][l] - 5 * t[2][l]);
      q[3][l] = f * (even + t[4][l] - 5 * t[3][l]);
      q[4][l] = f * (odd + t[3][l] - 5 * t[4][l]);
      q[5][l] = f * (even + t[2][l] - 5 * t[5][l]);
      q[6][l] = f * (even + t[1][l] - 5 * t[6][l]);
      q[7][l] = f * (odd + t[0][l] - 5 * t[7][l]);
    }
    for (std::size_t c = 0; c < 8; ++c)
      for (std::size_t l = 0; l < w; ++l) heat[slot[c * w + l]] += q[c][l];
  }
}

template <class Real>
void quads(const QuadBatches<Real>& b, std::size_t first, std::size_t last, const Real* theta,
           Real* heat) {
  constexpr std::size_t w = kLanes;
  for (std::size_t n = first; n < last; ++n) {
    const std::int32_t* slot = b.slot + n * 4 * w;
    const Real* k = b.coupling + n * 6 * w;
    Real t[4][w], q[4][w];
    for (std::size_t c = 0; c < 4; ++c)
      for (std::size_t l = 0; l < w; ++l) t[c][l] = theta[slot[c * w + l]];
#pragma omp simd
    for (std::size_t l = 0; l < w; ++l) {
      const Real f01 = k[0 * w + l] * (t[1][l] - t[0][l]), f02 = k[1 * w + l] * (t[2][l] - t[0][l]);
      const Real f03 = k[2 * w + l] * (t[3][l] - t[0][l]), f12 = k[3 * w + l] * (t[2][l] - t[1][l]);
      const Real f13 = k[4 * w + l] * (t[3][l] - t[1][l]), f23 = k[5 * w + l] * (t[3][l] - t[2][l]);
      q[0][l] = f01 + f02 + f03;
      q[1][l] = f12 + f13 - f01;
      q[2][l] = f23 - f02 - f12;
      q[3][l] = -(f03 + f13 + f23);
    }
    for (std::size_t c = 0; c < 4; ++c)
      for (std::size_t l = 0; l < w; ++l) heat[slot[c * w + l]] += q[c][l];
  }
}

template <class Real>
void hexes(const HexBatches<Real>& b, std::size_t first, std::size_t last, const Real* theta,
           Real* heat) {
  constexpr std::size_t w = kLanes;
  for (std::size_t n = first; n < last; ++n) {
    const std::int32_t* slot = b.slot + n * 8 * w;
    const Real* k = b.coupling + n * 28 * w;
    Real t[8][w], q[8][w] = {};
    for (std::size_t c = 0; c < 8; ++c)
      for (std::size_t l = 0; l < w; ++l) t[c][l] = theta[slot[c * w + l]];
    for (std::size_t i = 0; i < 8; ++i)
      for (std::size_t j = i + 1; j < 8; ++j, k += w) {
#pragma omp simd
        for (std::size_t l = 0; l < w; ++l) {
          const Real flow = k[l] * (t[j][l] - t[i][l]);
          q[i][l] += flow;
          q[j][l] -= flow;
        }
      }
    for (std::size_t c = 0; c < 8; ++c)
      for (std::size_t l = 0; l < w; ++l) heat[slot[c * w + l]] += q[c][l];
  }
}

template <class Real>
void update(const NodeUpdate<Real>& u, std::size_t begin, std::size_t end) {
  const Real *s = u.source, *q = u.heat, *v = u.inverse_volume, *y = u.y_prev, *y0 = u.y0;
  Real *out = u.y_out, *l0 = u.l0;
  const Real dt = static_cast<Real>(u.c.dt_l);
  if (u.c.first) {
#pragma omp simd
    for (std::size_t i = begin; i < end; ++i) {
      const Real l = s[i] + q[i] * v[i];
      l0[i] = l;
      out[i] = y0[i] + dt * l;
    }
    return;
  }
  const Real mu = static_cast<Real>(u.c.mu), nu = static_cast<Real>(u.c.nu);
  const Real omega = static_cast<Real>(u.c.omega), dt0 = static_cast<Real>(u.c.dt_l0);
#pragma omp simd
  for (std::size_t i = begin; i < end; ++i) {
    const Real l = s[i] + q[i] * v[i];
    out[i] = (mu * y[i] + nu * out[i]) + (omega * y0[i] + (dt * l + dt0 * l0[i]));
  }
}

// Piece by piece over the nodes: the last piece that begins below H gives the derivatives.
template <class Real>
void slopes(const KernelLaw<Real>& law, const Real* h, const LawSlopes<Real>& out, std::size_t n) {
  for (int m = 0; m < law.segments; ++m) {
    const Real lo = law.lo[m], pivot = law.pivot[m], t1 = law.t1[m];
    const Real th1 = law.th1[m], th2 = 2 * law.th2[m], s1 = law.s1[m], s2 = 2 * law.s2[m];
    Real *c = out.inverse_capacity, *k = out.diffusivity, *s = out.source;
#pragma omp simd
    for (std::size_t i = 0; i < n; ++i) {
      const bool in = m == 0 || h[i] >= lo;
      const Real d = h[i] - pivot;
      c[i] = in ? t1 : c[i];
      k[i] = in ? th1 + th2 * d : k[i];
      s[i] = in ? s1 + s2 * d : s[i];
    }
  }
}

extern const MeshKernels<float> kernels_single{cubes<float>, quads<float>, hexes<float>,
                                               update<float>, slopes<float>};
extern const MeshKernels<double> kernels_double{cubes<double>, quads<double>, hexes<double>,
                                                update<double>, slopes<double>};

}  // namespace thermodose::THERMODOSE_ISA_NAMESPACE
