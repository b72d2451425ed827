// The surface of a needle between its cryogen and the tissue.
// Implements: the surface temperature at which conduction into the tissue equals convection from
// the cryogen, and the relative heat-transfer coefficient along the active length.
#pragma once

#include <vector>

#include "physics/segment_law.h"

namespace thermodose {

/// T_s, K, with g (theta(T_s) - mean) = a (cryogen - T_s); g in m, theta in W/m, a in W/K. Both
/// sides are monotone in T_s: Newton from the cryogen's temperature, safeguarded by bisection.
double surface_temperature(const SegmentLaw& law, double g, double mean, double a, double cryogen);

/// Relative h at fraction s of the active length from the tip; 1 for an empty profile.
double profile_at(const std::vector<double>& profile, double s);

}  // namespace thermodose
