// From what cells are made of to the laws of a grid.
// Implements: cell laws, cut cells and the mixed laws of nodes (fem/node_mixtures.h) of a
// GridSetup.
#pragma once

#include <vector>

#include "fem/grid_system.h"
#include "fem/node_mixtures.h"

namespace thermodose {

/// Sets node_law, cell_law and cuts of `setup`, whose laws are the materials of `composition`, and
/// appends the mixtures that nodes need to its laws. Returns and throws as mix_nodes().
std::vector<LawShares> set_tissues(GridSetup& setup, Composition composition);

}  // namespace thermodose
