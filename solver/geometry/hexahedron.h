// One trilinear hexahedron.
// Implements: the map of the unit cube to eight corners, x = sum_i N_i(u) x_i (corners
// lexicographic: first axis fastest), its derivatives, volume and inverse.
#pragma once

#include <array>

#include "geometry/vec.h"

namespace thermodose {

using Corners = std::array<Vec3, 8>;

/// Weights of the corners at u in the unit cube.
std::array<double, 8> hex_weights(const Vec3& u);

/// dx/du_d.
std::array<Vec3, 3> hex_slopes(const Corners& corners, const Vec3& u);

/// The Jacobian determinant at u, m3.
double hex_jacobian(const Corners& corners, const Vec3& u);

/// m3, exact; negative when the corners are numbered inside out.
double hex_volume(const Corners& corners);

/// u of a point by Newton's method. False when it does not converge, as far outside.
bool hex_inverse(const Corners& corners, const Vec3& point, Vec3& u);

}  // namespace thermodose
