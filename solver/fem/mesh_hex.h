// Heat conduction in one hexahedron of any shape.
// Implements: Q1 stiffness and lumped volume of a trilinear cell, its explicit limit, and shares in
// the area of a bilinear face. The stiffness of the quadrature has negative couplings on a brick
// whose edges differ, which with lumped heat capacity breaks the maximum principle; a part of the
// mass across the direction of each gradient is therefore lumped (M: consistent, L: lumped),
//   K = sum_a G_a K_a (x) M_b(s) (x) M_c(s),   M(s) = (1 - s) M + s L,
//   s = 1 - 3 min G / (G_1 + G_2 + G_3),       G_a = volume / edge_a^2,
// the least that leaves no coupling of a brick negative: nothing on cubes, all on flat cells. On
// other shapes the difference acts on what a field has beyond its linear part, as hourglass
// stiffness does (Flanagan & Belytschko, Int J Numer Methods Eng 17, 679, 1981), so that linear
// fields stay exact; there couplings may be negative by the skewness of the cell.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "geometry/hexahedron.h"

namespace thermodose {

constexpr std::size_t kHexCouplings = 28;

/// As QuadElement (fem/mesh_quad.h): couplings w_ij of the nodes in the order of kHexPairs, m, and
/// the volume that belongs to each node, m3.
struct HexElement {
  std::array<double, kHexCouplings> coupling{};
  std::array<double, 8> share{};

  /// sum_j |K_ij| of node i, m.
  std::array<double, 8> row_sums() const;
};

/// Local nodes of each coupling: 01, 02, ... 07, 12, ... 67.
constexpr std::array<std::array<std::size_t, 2>, kHexCouplings> hex_pairs() {
  std::array<std::array<std::size_t, 2>, kHexCouplings> out{};
  std::size_t n = 0;
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t j = i + 1; j < 8; ++j) {
      out[n][0] = i;
      out[n++][1] = j;
    }
  return out;
}
inline constexpr auto kHexPairs = hex_pairs();

/// Adds the lumping above to an element that has the stiffness of the quadrature.
void lump_across(const Corners& corners, HexElement& element);

/// Bound of the largest eigenvalue of K x = lambda diag(share) x, 1/m2: never below it and at most
/// 3.4 % above, from the trace of the 64th power.
double largest_eigenvalue(const HexElement& element);

/// int phi_i dA over a bilinear face, corners lexicographic, m2. Exact on flat faces.
std::array<double, 4> face_shares(const std::array<Vec3, 4>& corners);

}  // namespace thermodose
