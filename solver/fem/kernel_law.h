// Segment laws in kernel precision.
// Implements: conversion of physics/segment_law.h to the structure of arrays of the kernels.
#pragma once

#include <vector>

#include "fem/grid_kernel.h"
#include "physics/segment_law.h"

namespace thermodose {

/// Throws std::invalid_argument when the law has more than KernelLaw::kMaxSegments segments.
template <class Real>
KernelLaw<Real> kernel_law(const SegmentLaw& law);

/// theta of T - T_ref (in th1 and th2; T is linear in H on every piece).
template <class Real>
KernelLaw<Real> law_of_temperature(const SegmentLaw& law);

/// The linear law theta = H, S = 0: turns a sweep into the bare geometry of the operator.
template <class Real>
KernelLaw<Real> identity_law();

}  // namespace thermodose
