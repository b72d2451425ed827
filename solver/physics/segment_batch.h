// Laws of many nodes at once.
// Implements: temperature excess and Kirchhoff variable of a run of enthalpies, segment by segment
// so that the loops vectorise.
#pragma once

#include <cstddef>

#include "physics/segment_law.h"

namespace thermodose {

/// excess[i] = u(h[i]), K; theta[i] = theta(h[i]), W/m.
template <class Real>
void evaluate(const SegmentLaw& law, const Real* h, std::size_t n, float* excess, float* theta);
/// temperature[i] = T(h[i]) - below, K; with `below` 273.15 in degC.
template <class Real>
void temperatures(const SegmentLaw& law, const Real* h, std::size_t n, double below,
                  float* temperature);

}  // namespace thermodose
