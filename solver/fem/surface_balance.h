// The surface of a needle between its cryogen and the tissue.
// Implements: the heat of a station of a needle for both engines, the surface temperature at which
// conduction into the tissue equals convection from the cryogen, and the relative heat-transfer
// coefficient along the active length.
#pragma once

#include <vector>

#include "physics/segment_law.h"
#include "physics/surface_condition.h"

namespace thermodose {

/// T_s, K, with g (theta(T_s) - mean) = a (cryogen - T_s); g in m, theta in W/m, a in W/K. Both
/// sides are monotone in T_s: Newton from the cryogen's temperature, safeguarded by bisection.
double surface_temperature(const SegmentLaw& law, double g, double mean, double a, double cryogen);

/// Heat of a surface, W, and its derivative to the value it depends on.
struct SurfaceHeat {
  double heat = 0;
  double slope = 0;
};

/// Heat g (theta(T_s) - mean) that a surface gives to tissue of Kirchhoff mean `mean`, W, with
/// T_s = condition.temperature, or from area a (already times h) and cryogen temperature through
/// g (theta(T_s) - mean) = a (T_cryogen - T_s). slope = d heat / d mean <= 0.
SurfaceHeat station_heat(const SegmentLaw& law, const SurfaceCondition& condition, double g,
                         double a, double mean);

/// Temperature of such a surface, K: without flux that of the tissue it touches.
double station_temperature(const SegmentLaw& law, const SurfaceCondition& condition, double g,
                           double a, double mean, double touched);

/// Relative h at fraction s of the active length from the tip; 1 for an empty profile.
double profile_at(const std::vector<double>& profile, double s);

}  // namespace thermodose
