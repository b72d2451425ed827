// A small Laplace problem on the lattice around a probe.
// Implements: the effective radius of the distributed line source of fem/immersed_probe.h. With
// unit source per length along an infinite axis and the exact -ln(r)/(2 pi) on the faces of a box,
// the discrete mean theta_bar seen by a station gives r_eff = exp(-2 pi theta_bar).
#pragma once

#include <array>
#include <map>

#include "base/types.h"

namespace thermodose {

/// Weight of each lattice node (k, j, i) for a station; sums to 1.
using StationWeights = std::map<std::array<int, 3>, double>;

/// Quadratic B-spline weights of a ring of given radius around `centre`, normal to `axis`.
/// Everything in units of the lattice spacing.
StationWeights station_weights(const Vec3& centre, const Vec3& axis, double radius);

/// r_eff in units of the spacing, for a ring source of `radius` along the line through `point`.
double lattice_effective_radius(const Vec3& point, const Vec3& axis, double radius);

}  // namespace thermodose
