// Cell kernels of the `mesh` engine on flat arrays.
// Implements: heat that flows into the nodes of a batch of cells for given theta, W:
//   cubes:  q_n -= k_n h/12 (5 t_n - sum of the four corners of n's parity - t_opposite)
//           (Q1 stiffness of a cube: 4 on the diagonal, 0 along edges, -1 along face diagonals
//           and the body diagonal; theta carries the conductivity)
//   quads, hexes:  q_i -= sum_j w_ij (t_i - t_j)
// and the stage update of nodes. Lanes of a batch are independent cells; gathered and scattered
// by index. Built for several instruction sets, chosen at run time with the grid's kernels.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fem/grid_kernel.h"
#include "fem/heat_system.h"

namespace thermodose {

/// Cells per batch. The last batch is filled up with cells of no conductance.
inline constexpr std::size_t kLanes = 8;

/// slot: [batch][node of cell][lane], factor: [batch][lane] h/12 times the cell's multiplier, m.
template <class Real>
struct CubeBatches {
  const std::int32_t* slot;
  const Real* factor;
};

/// slot: [batch][4][lane], coupling: [batch][6][lane], m (fem/mesh_quad.h).
template <class Real>
struct QuadBatches {
  const std::int32_t* slot;
  const Real* coupling;
};

/// slot: [batch][8][lane], coupling: [batch][28][lane], m (fem/mesh_hex.h).
template <class Real>
struct HexBatches {
  const std::int32_t* slot;
  const Real* coupling;
};

/// One stage on nodes: L = source + heat / volume.
template <class Real>
struct NodeUpdate {
  StageCoefficients c;
  const Real* source;          ///< W/m3
  const Real* heat;            ///< W
  const Real* inverse_volume;  ///< 1/m3, zero where nothing is stored
  const Real* y_prev;
  Real* y_out;
  const Real* y0;
  Real* l0;
};

/// Derivatives of a law at each node; at a break those of the piece above.
template <class Real>
struct LawSlopes {
  Real* inverse_capacity;  ///< dT/dH, K m3/J
  Real* diffusivity;       ///< d theta/dH, m2/s
  Real* source;            ///< dS/dH, 1/s
};

template <class Real>
struct MeshKernels {
  /// heat += flow of the batches [first, last).
  void (*cubes)(const CubeBatches<Real>&, std::size_t first, std::size_t last, const Real* theta,
                Real* heat);
  void (*quads)(const QuadBatches<Real>&, std::size_t first, std::size_t last, const Real* theta,
                Real* heat);
  void (*hexes)(const HexBatches<Real>&, std::size_t first, std::size_t last, const Real* theta,
                Real* heat);
  void (*update)(const NodeUpdate<Real>&, std::size_t begin, std::size_t end);
  /// Derivatives at n enthalpies.
  void (*slopes)(const KernelLaw<Real>&, const Real* h, const LawSlopes<Real>&, std::size_t n);
};

/// The set for this processor.
template <class Real>
const MeshKernels<Real>& mesh_kernels();

}  // namespace thermodose
