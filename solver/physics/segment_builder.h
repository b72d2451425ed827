// From the laws of a tissue to the pieces that the kernels evaluate.
// Implements: breakpoints in T at every kink of the laws and at T_ref, then further ones where a
// piece would miss the laws, then the removal of those that change nothing. On a piece from a to b
//   T is linear in H between the exact H(a), H(b): latent and sensible heat are exact at breaks;
//   k is linear in T with the exact integral, so theta is exact at breaks, and exact throughout
//   where k(T) is linear;
//   S is the quadratic through S(a), S((a + b)/2), S(b): exact where p(T) is linear.
// Tissue with constant properties and a linear mushy range has three pieces: T_ref lies inside
// the unfrozen one as its pivot.
#pragma once

#include "physics/segment_law.h"
#include "physics/tissue.h"

namespace thermodose {

/// Largest misses that a piece may have beside the tolerance in T: of k relative to k at equal T,
/// and of S relative to the largest |S| in the validity range.
inline constexpr double kConductivityTolerance = 5e-3;
inline constexpr double kSourceTolerance = 5e-3;

/// Pieces of `tissue` relative to `reference_temperature` (K), |T(H) - T_laws(H)| <=
/// `temperature_tolerance` (K), e.g. 0.05. When that needs more than `max_segments` (<= 32) the
/// tolerances are widened until it does not; `interpolation_error` tells what was reached.
/// Throws InputError when the kinks of the laws alone are more than `max_segments`, or when
/// reference_temperature is outside the validity range.
SegmentLaw build_segment_law(const Tissue& tissue, double reference_temperature,
                             double temperature_tolerance, int max_segments);

}  // namespace thermodose
