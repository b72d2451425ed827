// The part of a grid that is being integrated.
// Implements: an index box that grows when tissue next to its faces has moved, so that quiet
// tissue costs nothing. No heat crosses a face of the box that lies inside the domain; with a
// threshold of 0.15 K the volumes of the reference case change by less than 1e-4, with 0.5 K by
// 1e-4, with 1 K by 2e-4.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fem/grid_kernel.h"
#include "geometry/node_geometry.h"
#include "physics/segment_law.h"

namespace thermodose {

class ActiveBox {
 public:
  /// Half-open index box [lo, hi) inside nodes.
  std::array<int, 3> lo{}, hi{};

  ActiveBox() = default;
  explicit ActiveBox(const std::array<int, 3>& nodes) : hi(nodes), nodes_(nodes) {}

  bool full() const { return lo == std::array<int, 3>{0, 0, 0} && hi == nodes_; }
  /// Smallest box around the given nodes with a margin, clipped.
  void shrink_to(const std::vector<std::array<int, 3>>& keep, int margin);
  /// Widens each face where some |y| one plane inside exceeds `threshold` by `by` planes.
  template <class Real>
  bool grow(const Real* y, Real threshold, int by);
  /// The rows of the box as runs, split where the law changes.
  std::vector<NodeRun> runs(const std::vector<std::size_t>& row_spans,
                            const std::vector<LawSpan>& spans) const;
  std::size_t cells() const;

 private:
  template <class Real>
  bool moved(const Real* y, Real threshold, int axis, int plane) const;
  std::array<int, 3> nodes_{};
};

/// Temperature that the sources of a tissue at rest (metabolic heat) add by themselves within
/// `horizon` (s; may be infinite), K: from dH/dt = S(0) + S'(0) H.
double drift_at_rest(const SegmentLaw& law, double horizon);

}  // namespace thermodose
