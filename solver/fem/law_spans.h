// Which law the nodes of every row of a grid follow, span by span.
// Implements: LawSpans from the law of every node, and the largest diffusivity of a state.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fem/grid_kernel.h"
#include "geometry/node_geometry.h"
#include "physics/segment_law.h"

namespace thermodose {

struct LawSpans {
  LawSpans() = default;
  /// `law` of every node, x fastest; empty = law 0 everywhere.
  LawSpans(const std::array<int, 3>& nodes, const std::vector<std::int32_t>& law);

  std::vector<std::size_t> of_row;  ///< row (j + nodes[1] k) -> its first span; size rows + 1
  std::vector<LawSpan> span;
};

/// Largest k/C of a state and of states not far from it, m2/s.
struct Reach {
  double now = 0, soon = 0;
};

/// Of the laws of `runs` at the temperatures of their nodes, y being the enthalpies, and within
/// `margin` (K) of these.
template <class Real>
Reach max_diffusivity(const std::vector<SegmentLaw>& laws, const std::vector<NodeRun>& runs,
                      const Real* y, double margin);

}  // namespace thermodose
