// Heat conduction in one axisymmetric quadrilateral.
// Implements: Q1 stiffness and lumped volume of a cell in (r, z) with the measure 2 pi r. On a
// rectangle the mass across the direction of the gradient is lumped,
//   K = K_r (x) diag(m_z) + diag(m_r) (x) K_z,
// so that there is no coupling along diagonals and every coupling is positive for any aspect
// ratio: with lumped heat capacity the maximum principle holds on strongly graded meshes too
// (consistent mass loses it beyond an aspect ratio of sqrt 2). The order of accuracy is the same.
#pragma once

#include <array>
#include <cstddef>

#include "base/types.h"

namespace thermodose {

/// Couplings w_ij of the nodes in the order 01, 02, 03, 12, 13, 23, per unit conductivity, m:
/// the heat that leaves node i is sum_j w_ij (theta_i - theta_j). `share` is the volume of the
/// cell that belongs to each node, m3.
struct QuadElement {
  std::array<double, 6> coupling{};
  std::array<double, 4> share{};
};

/// Local nodes of each coupling.
inline constexpr std::array<std::array<std::size_t, 2>, 6> kQuadPairs = {
    {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}};

/// Corners (r, 0, z), lexicographic: r fastest. True when they form a rectangle along the axes.
bool is_rectangle(const std::array<Vec3, 4>& corners);

/// Element of a rectangle 0 <= r0 < r1, z0 < z1.
QuadElement rectangle_element(const std::array<Vec3, 4>& corners);

/// Largest eigenvalue of K x = lambda diag(share) x, 1/m2: the explicit limit of the cell alone.
double largest_eigenvalue(const QuadElement& element);

}  // namespace thermodose
