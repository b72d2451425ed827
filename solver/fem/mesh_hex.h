// Heat conduction in one hexahedron of any shape.
// Implements: Q1 stiffness and lumped volume of a trilinear cell, its explicit limit, and shares in
// the area of a bilinear face. The stiffness is that of the quadrature: couplings may be negative
// on flat or skewed cells, where the maximum principle then holds no more (of bricks when an edge
// is longer than sqrt 2 times another one).
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

/// Bound of the largest eigenvalue of K x = lambda diag(share) x, 1/m2: never below it and at most
/// 3.4 % above, from the trace of the 64th power.
double largest_eigenvalue(const HexElement& element);

/// int phi_i dA over a bilinear face, corners lexicographic, m2. Exact on flat faces.
std::array<double, 4> face_shares(const std::array<Vec3, 4>& corners);

}  // namespace thermodose
