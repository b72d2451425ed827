#include "fem/kernel_law.h"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace thermodose {

template <class Real>
KernelLaw<Real> kernel_law(const SegmentLaw& law) {
  KernelLaw<Real> out;
  if (law.segments.size() > static_cast<std::size_t>(KernelLaw<Real>::kMaxSegments))
    throw std::invalid_argument("a tissue law has too many segments for the kernels");
  out.segments = static_cast<int>(law.segments.size());
  out.source0 = static_cast<Real>(law.source_at_reference);
  for (std::size_t m = 0; m < law.segments.size(); ++m) {
    const Segment& s = law.segments[m];
    out.lo[m] = static_cast<Real>(s.lo);
    out.hi[m] = static_cast<Real>(s.hi);
    out.pivot[m] = static_cast<Real>(s.pivot);
    out.t1[m] = static_cast<Real>(s.t1);
    out.th1[m] = static_cast<Real>(s.th1);
    out.th2[m] = static_cast<Real>(s.th2);
    out.s1[m] = static_cast<Real>(s.s1);
    out.s2[m] = static_cast<Real>(s.s2);
  }
  return out;
}

template <class Real>
KernelLaw<Real> law_of_temperature(const SegmentLaw& law) {
  KernelLaw<Real> out{};
  out.segments = static_cast<int>(law.segments.size());
  const auto excess = [&](double h) {
    return static_cast<Real>(std::isfinite(h) ? law.excess(h) : h);
  };
  for (std::size_t m = 0; m < law.segments.size(); ++m) {
    const Segment& s = law.segments[m];
    out.lo[m] = excess(s.lo);
    out.hi[m] = excess(s.hi);
    out.pivot[m] = excess(s.pivot);
    out.th1[m] = static_cast<Real>(s.th1 / s.t1);
    out.th2[m] = static_cast<Real>(s.th2 / (s.t1 * s.t1));
  }
  return out;
}

template <class Real>
KernelLaw<Real> identity_law() {
  KernelLaw<Real> out;
  out.segments = 1;
  out.lo[0] = -std::numeric_limits<Real>::infinity();
  out.hi[0] = std::numeric_limits<Real>::infinity();
  out.pivot[0] = out.th2[0] = out.s1[0] = out.s2[0] = 0;
  out.t1[0] = out.th1[0] = 1;
  return out;
}

template KernelLaw<float> kernel_law<float>(const SegmentLaw&);
template KernelLaw<double> kernel_law<double>(const SegmentLaw&);
template KernelLaw<float> law_of_temperature<float>(const SegmentLaw&);
template KernelLaw<double> law_of_temperature<double>(const SegmentLaw&);
template KernelLaw<float> identity_law<float>();
template KernelLaw<double> identity_law<double>();

}  // namespace thermodose
