// Implements: what the cells of a grid are made of (see grid_tissues.h).
#include "fem/grid_tissues.h"

#include <utility>

namespace thermodose {

std::vector<LawShares> set_tissues(GridSetup& setup, Composition composition) {
  setup.cell_law = std::move(composition.cell);
  setup.cuts = std::move(composition.cuts);
  setup.node_law = std::move(composition.node);
  return mix_nodes(composition.mixed, setup.node_law, setup.laws);
}

}  // namespace thermodose
