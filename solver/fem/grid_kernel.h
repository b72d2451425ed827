// The fused stage of the uniform grid.
// Implements: on nodes of a uniform grid, Q1 elements with lumped mass, Kirchhoff variable theta:
//   L_i = [2 sum_{12 edge diagonals} theta + sum_{8 corners} theta - D_i theta_i] / (12 h^2) + S_i
// (the Q1 stiffness of a cube has no coupling along edges: 4 on the diagonal, 0, -1, -1), then
//   y_out = mu y_prev + nu y_out + omega y0 + dt_l L + dt_l0 l0     in the same pass.
// Sums run over active nodes only, and D_i, the sum of their weights, is 32 inside and less at the
// border of the active nodes: every pair of them exchanges as in the whole grid, and no other pair.
// Every node uses the law of its own tissue; cells whose nodes have different laws are corrected
// by the caller (fem/interface_cells.h). Built for several instruction sets, chosen at run time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace thermodose {

/// Segment law (physics/segment_law.h) in kernel precision; structure of arrays.
template <class Real>
struct KernelLaw {
  static constexpr int kMaxSegments = 32;
  int segments = 0;
  Real source0 = 0;
  Real lo[kMaxSegments], hi[kMaxSegments], pivot[kMaxSegments];
  Real t1[kMaxSegments], th1[kMaxSegments], th2[kMaxSegments];
  Real s1[kMaxSegments], s2[kMaxSegments];
};

/// Nodes of one row from the previous span's end to `end` share a law.
struct LawSpan {
  std::int32_t end;
  std::int32_t law;
};
/// In place of a law: theta and S of the nodes are given.
constexpr std::int32_t kGiven = -1;

/// What a face of the grid is.
enum class Edge : std::uint8_t {
  symmetric,  ///< natural or convective: mirror ghost, half volume
  fixed       ///< prescribed temperature: mirror ghost, half volume, not updated
};

/// Active nodes of one row, and what of it is looked at from other rows. All half-open; an empty
/// row begins and ends where it is first seen.
struct ActiveRow {
  std::int32_t begin = 0, end = 0;              ///< updated; elsewhere theta is zero
  std::int32_t inner_begin = 0, inner_end = 0;  ///< D is 32
  std::int32_t sum_begin = 0, sum_end = 0;    ///< active in this row of a plane next to it, or here
  std::int32_t seen_begin = 0, seen_end = 0;  ///< neighbours of active nodes; -1 to nodes + 1
};

/// Sums a sweep returns, in units of h^3 (volumes of face nodes count half, edges a quarter...).
struct SweepSums {
  double source = 0;       ///< sum of V_i S_i / h^3 over active nodes, W/m3
  double fixed_faces = 0;  ///< sum of V_i L_i / h^3 over prescribed face nodes, W/m3
};

template <class Real>
struct Sweep {
  int nodes[3];            ///< of the grid
  Edge edge[6];            ///< x_min, x_max, y_min, y_max, z_min, z_max of the grid
  int y_begin, y_end;      ///< rows outside are not active
  int z_begin, z_end;      ///< planes this call updates
  const ActiveRow* rows;   ///< row (j + nodes[1] k)
  const float* couplings;  ///< D of the active nodes outside their row's inner ones
  const Real* y_prev;
  Real* y_out;
  const Real* y0;
  Real* l0;
  bool first;  ///< first stage: l0 = L(y_prev), y_out = y_prev + dt_l l0
  Real mu, nu, omega, dt_l, dt_l0;
  Real inv12h2;  ///< 1 / (12 h^2), 1/m2
  const KernelLaw<Real>* laws;
  const std::size_t* row_spans;  ///< row (j + nodes[1] k) -> first entry of spans; size rows + 1
  const LawSpan* spans;
  const Real *theta, *source;  ///< of nodes of spans that are kGiven
  Real* workspace;             ///< at least workspace_size(nodes) values, one per thread
};

/// Vector loops over a row run over whole blocks of this many values.
constexpr int kRowBlock = 8;

/// Values between two rows of the workspace: ghosts before it and room for a whole last block.
constexpr std::size_t row_stride(int row_nodes) {
  constexpr std::size_t line = 16;
  return (static_cast<std::size_t>(row_nodes + 2 * kRowBlock) + line - 1) / line * line + line;
}

/// Values of workspace a sweep needs.
std::size_t sweep_workspace(const int nodes[3]);

template <class Real>
using SweepFunction = SweepSums (*)(const Sweep<Real>&);

/// The fastest sweep for this processor; the environment variable THERMODOSE_ISA (baseline, avx2,
/// avx512) overrides it for tests and timing.
template <class Real>
SweepFunction<Real> sweep_function();
/// theta(H) and S(H) of n nodes of one law, for the few nodes that need it outside a sweep.
template <class Real>
using LawFunction = void (*)(const KernelLaw<Real>&, const Real* h, Real* theta, Real* source,
                             int n);
template <class Real>
LawFunction<Real> law_function();

/// Name of the chosen instruction set.
const char* sweep_isa();

}  // namespace thermodose
