// Integrals over one cell that an isotherm cuts.
// Implements: the part of a cell where a Q1 function is negative: as a fraction of a cube, as a
// volume of a trilinear hexahedron, as a volume of revolution of a quadrilateral.
#pragma once

#include <array>

#include "base/types.h"

namespace thermodose::isotherm {

/// Fraction of the unit cube where the trilinear function with the corner values `g`
/// (lexicographic, x fastest) is negative. Exact along the axis of the largest mean slope,
/// 2 x 2 Gauss points across it.
double negative_fraction(const std::array<float, 8>& g);

/// Volume, m3, of the part of a trilinear hexahedron (corners lexicographic, m) where the Q1
/// function with corner values `g` is negative.
double negative_volume(const std::array<Vec3, 8>& corners, const std::array<float, 8>& g);

/// Volume of a trilinear hexahedron, m3 (exact).
double hexahedron_volume(const std::array<Vec3, 8>& corners);

/// Volume, m3, that a quadrilateral (corners (r, 0, z) lexicographic) sweeps about the axis
/// r = 0 where the function with corner values `g` is negative; linear on the four triangles
/// about the mean of the corners, on which the integral of 2 pi r is exact.
double negative_revolution(const std::array<Vec3, 4>& corners, const std::array<float, 4>& g);

}  // namespace thermodose::isotherm
