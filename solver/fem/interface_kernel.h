// Heat in cells where tissues meet, eight cells at a time.
// Implements: of a cell with corners a at excess T_a = T - T_ref, with theta_a of their own laws,
// the heat that its corners get beyond what the sweep (fem/grid_kernel.h) conducts, in units of 1 /
// (12 h^2) per volume; the formulas are in fem/interface_cells.h. The chord of a law over [T_min,
// T_max] is summed piece by piece from differences, so single precision loses nothing; an interval
// shorter than kFlat is made that long. Eight cells of the same tissues share their loops; pieces
// of a law that none of the eight reaches add nothing and are left out. Built for several
// instruction sets, chosen at run time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "fem/grid_kernel.h"

namespace thermodose {

inline constexpr std::size_t kCellLanes = 8;
/// A value of each of eight cells.
template <class T>
using OfCells = std::array<T, kCellLanes>;

/// Eight cells of the same tissues; what is left over of a block does nothing.
struct alignas(32) InterfaceBlock {
  std::array<OfCells<std::uint32_t>, 8> node{};  ///< of the corners
  std::array<OfCells<float>, 3> normal{};        ///< of cut cells
  OfCells<std::uint8_t> real{};                  ///< 0 for what is left over
  OfCells<float> holds{};                        ///< 1 where all corners are active
  std::uint32_t part = 0;                        ///< first of its tissues
  std::uint32_t parts = 0;
  bool cut = false;
};

/// A tissue of a block.
struct alignas(32) InterfacePart {
  OfCells<float> share{};
  /// Along the diagonals, in 1/255 of their lengths: four in a word, diagonal e in byte e % 4.
  std::array<OfCells<std::uint32_t>, 4> lines{};
  std::uint32_t law = 0;

  void set_line(std::size_t e, std::size_t cell, std::uint8_t length) {
    const std::size_t shift = 8 * (e % 4);
    std::uint32_t& word = lines[e / 4][cell];
    word = (word & ~(0xFFU << shift)) | std::uint32_t{length} << shift;
  }
};

/// Shortest interval of temperature of a chord, K.
inline constexpr float kFlat = 1e-3F;

template <class Real>
struct InterfaceInput {
  const InterfaceBlock* blocks;
  const InterfacePart* parts;
  const KernelLaw<Real>* laws;  ///< th1, th2: theta of T - T_ref
  const Real* excess;           ///< of the nodes, K
  const Real* own;              ///< theta of the nodes by their own laws, W/m
  Real* rate;                   ///< of the nodes: what their corners get is added
};
/// The blocks active[0..n), one after the other.
template <class Real>
using InterfaceFunction = void (*)(const InterfaceInput<Real>&, const std::uint32_t* active,
                                   std::size_t n);

/// T - T_ref, theta and the source of n nodes of one law; pieces that none reaches are left out.
template <class Real>
using NodeFunction = void (*)(const KernelLaw<Real>&, const Real* h, Real* excess, Real* theta,
                              Real* source, int n);

/// The fastest for this processor (sweep_isa()).
template <class Real>
InterfaceFunction<Real> interface_function();
template <class Real>
NodeFunction<Real> node_function();

}  // namespace thermodose
