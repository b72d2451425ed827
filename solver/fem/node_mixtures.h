// The laws of nodes whose control volume holds several tissues.
// Implements: mixtures by volume (physics/segment_mix.h). Shares are rounded to multiples of 1/8 of
// the volume (largest remainder), so that the number of laws stays small; the conductivity of cut
// cells keeps its shares as they are.
#pragma once

#include <utility>
#include <vector>

#include "geometry/cell_composition.h"
#include "physics/segment_law.h"

namespace thermodose {

/// Index into the laws of a system.
using LawIndex = MaterialIndex;
/// Law and its share, largest share first.
using LawShares = std::vector<std::pair<LawIndex, double>>;

/// Appends the mixtures that `mixed` needs to `laws`, which are the materials of its shares, and
/// sets `node_law` of these nodes. Returns what every law is made of. Throws
/// std::invalid_argument when there are more laws than LawIndex can count.
std::vector<LawShares> mix_nodes(const std::vector<MixedNode>& mixed,
                                 std::vector<LawIndex>& node_law, std::vector<SegmentLaw>& laws);

}  // namespace thermodose
