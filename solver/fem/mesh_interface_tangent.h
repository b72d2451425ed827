// Derivatives of the heat of cubes where tissues meet.
// Implements: J_ab = dq_a / dT_b of fem/mesh_interfaces.h, exact. With the coefficients c_e of the
// sixteen diagonals and c_t along the layers, q = A(c) T, and the chords k_m in c depend on the
// lowest and the highest corner only:
//   J = A(c) + A(dc/dT_low) T e_low^T + A(dc/dT_high) T e_high^T,
//   dk_m/dT_low = (k_m - k_m(T_low)) / (T_high - T_low),   dk_m/dT_high likewise.
#pragma once

#include <array>
#include <vector>

#include "fem/mesh_interfaces.h"

namespace thermodose {

class MeshInterfaceTangent {
 public:
  /// `cubes` outlives it.
  explicit MeshInterfaceTangent(const MeshInterfaces<double>& cubes);

  bool empty() const { return cells_.empty(); }
  /// At the temperatures in the cubes.
  void linearise();
  /// heat += J dT; dT of nodes, hanging ones included.
  void add(const double* temperature, double* heat) const;
  /// diagonal[node] -= J_nn, nodes only; what hanging nodes have goes to their masters with the
  /// squares of their weights.
  void add_diagonal(std::vector<double>& diagonal) const;

 private:
  struct Cell {
    std::size_t block, lane;
    std::array<double, 64> slope{};  ///< W/K, by corner of the heat, then of the temperature
  };
  const MeshInterfaces<double>& cubes_;
  std::vector<Cell> cells_;
};

}  // namespace thermodose
