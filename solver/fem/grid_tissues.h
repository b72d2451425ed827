// From what cells are made of to the laws of a grid.
// Implements: the laws of nodes whose control volume holds several tissues. Shares are rounded to
// multiples of 1/8 of the volume (largest remainder), so that the number of laws stays small; the
// conductivity of cut cells keeps its shares as they are.
#pragma once

#include <utility>
#include <vector>

#include "fem/grid_system.h"
#include "geometry/cell_composition.h"

namespace thermodose {

/// Law and its share, largest share first.
using LawShares = std::vector<std::pair<LawIndex, double>>;

/// Sets node_law, cell_law and cuts of `setup`, whose laws are the materials of `composition`, and
/// appends the mixtures that nodes need to its laws. Returns what every law is made of. Throws
/// std::invalid_argument when there are more laws than LawIndex can count. `made_of`: of which
/// others, that are pure, the laws are made; empty = all are pure.
std::vector<LawShares> set_tissues(GridSetup& setup, Composition composition,
                                   const std::vector<LawShares>& made_of = {});

}  // namespace thermodose
