// Implements: segment_batch.h.
#include "physics/segment_batch.h"

#include <algorithm>

namespace thermodose {

template <class Real>
void evaluate(const SegmentLaw& law, const Real* h, std::size_t n, float* excess, float* theta) {
  std::fill(excess, excess + n, 0.0F);
  std::fill(theta, theta + n, 0.0F);
  for (const auto& s : law.segments) {
    const auto lo = static_cast<Real>(s.lo), hi = static_cast<Real>(s.hi);
    const auto pivot = static_cast<Real>(s.pivot), t1 = static_cast<Real>(s.t1);
    const auto th1 = static_cast<Real>(s.th1), th2 = static_cast<Real>(s.th2);
#pragma omp simd
    for (std::size_t i = 0; i < n; ++i) {
      const Real d = std::min(std::max(h[i], lo), hi) - pivot;
      excess[i] += static_cast<float>(t1 * d);
      theta[i] += static_cast<float>(d * (th1 + th2 * d));
    }
  }
}

template <class Real>
void temperatures(const SegmentLaw& law, const Real* h, std::size_t n, double below,
                  float* temperature) {
  std::fill(temperature, temperature + n, 0.0F);
  for (const auto& s : law.segments) {
    const auto lo = static_cast<Real>(s.lo), hi = static_cast<Real>(s.hi);
    const auto pivot = static_cast<Real>(s.pivot), t1 = static_cast<Real>(s.t1);
#pragma omp simd
    for (std::size_t i = 0; i < n; ++i)
      temperature[i] += static_cast<float>(t1 * (std::min(std::max(h[i], lo), hi) - pivot));
  }
  const auto rest = static_cast<float>(law.reference_temperature - below);
  for (std::size_t i = 0; i < n; ++i) temperature[i] += rest;
}

template void evaluate<float>(const SegmentLaw&, const float*, std::size_t, float*, float*);
template void evaluate<double>(const SegmentLaw&, const double*, std::size_t, float*, float*);
template void temperatures<float>(const SegmentLaw&, const float*, std::size_t, double, float*);
template void temperatures<double>(const SegmentLaw&, const double*, std::size_t, double, float*);

}  // namespace thermodose
