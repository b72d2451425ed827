// The part of a grid that is being integrated.
// Implements: an interval of nodes in every row of the grid, which widens where tissue near its
// border has moved, so that quiet tissue costs nothing. Heat moves only between active nodes
// (fem/grid_kernel.h), so none is lost.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fem/grid_kernel.h"
#include "geometry/node_geometry.h"
#include "physics/segment_law.h"

namespace thermodose {

class ActiveRows {
 public:
  ActiveRows() = default;
  /// All nodes of a grid.
  explicit ActiveRows(const std::array<int, 3>& nodes);
  /// The nodes [first, second) of every row, y faster than z.
  ActiveRows(const std::array<int, 3>& nodes, const std::vector<std::array<int, 2>>& intervals);

  /// The nodes given and everything within `margin` of them, distance about Euclidean.
  void shrink_to(const std::vector<std::array<int, 3>>& keep, int margin);
  /// Where some |y| beyond the threshold of its law is not kNear nodes inside, everything within
  /// `by` + 1 nodes of such values becomes active; true then. `runs` are those of the active nodes.
  template <class Real>
  bool grow(const Real* y, const std::vector<NodeRun>& runs, const std::vector<Real>& threshold,
            int by);

  bool full() const { return full_; }
  /// Number of active nodes.
  std::size_t size() const { return size_; }
  bool holds(int i, int j, int k) const;
  /// Half-open range of rows in y and z outside which nothing is active.
  const std::array<int, 2>& y_range() const { return y_range_; }
  const std::array<int, 2>& z_range() const { return z_range_; }
  /// For the sweep: all rows, and the couplings of nodes.
  const ActiveRow* rows() const { return rows_.data(); }
  const float* couplings() const { return couplings_.data(); }
  /// First plane of the part that `member` of `members` works on: parts of about equal size.
  int first_plane(int member, int members) const;
  /// The active nodes as runs, split where the law changes.
  std::vector<NodeRun> runs(const std::vector<std::size_t>& row_spans,
                            const std::vector<LawSpan>& spans) const;

  static constexpr int kNear = 2;

 private:
  struct Window;
  std::size_t row(int j, int k) const {
    return static_cast<std::size_t>(j) +
           static_cast<std::size_t>(nodes_[1]) * static_cast<std::size_t>(k);
  }
  template <class Real>
  void mark_moved(const Real* y, const std::vector<NodeRun>& runs,
                  const std::vector<Real>& threshold, Window& window) const;
  bool inside(const Window& window) const;
  void add(const Window& window);
  void prepare();
  void look_around(int j, int k);
  void couple(int j, int k);

  std::array<int, 3> nodes_{};
  std::vector<ActiveRow> rows_;
  std::vector<float> couplings_;
  std::vector<std::size_t> before_plane_;  ///< active nodes below each plane
  std::array<int, 2> y_range_{}, z_range_{};
  std::size_t size_ = 0;
  bool full_ = true;
};

/// Temperature that the sources of a tissue at rest (metabolic heat) add by themselves within
/// `horizon` (s; may be infinite), K: from dH/dt = S(0) + S'(0) H.
double drift_at_rest(const SegmentLaw& law, double horizon);

}  // namespace thermodose
