// Blocks of cells where tissues meet, for both engines.
// Implements: which cells may share a block of fem/interface_kernel.h, and how a cut cell is
// written into its lane.
#pragma once

#include <array>
#include <cstddef>

#include "fem/interface_kernel.h"
#include "fem/node_mixtures.h"
#include "geometry/cell_composition.h"

namespace thermodose {

/// Tissues of a cell in rising order; a cell of one tissue is not cut.
struct CellTissues {
  std::array<LawIndex, Shares::kMost> law{};
  int count = 1;
  bool cut = false;

  /// `cut`: null for a cell of one tissue.
  CellTissues(LawIndex law_of_cell, const CutCell* cut_cell);
  bool operator<(const CellTissues& o) const;
};

/// Writes lane `c` of a block; parts[m] is the part of tissues.law[m].
void set_cut(InterfaceBlock& block, InterfacePart* parts, const CellTissues& tissues, std::size_t c,
             const CutCell& cut);

}  // namespace thermodose
