// Nodes whose tissue sources have stopped, on a uniform grid.
// Implements: the correction of a stage of fem/grid_kernel.h, which knows no such nodes:
//   L_i -= share_i S(H_i)
// after the sweep, with the same law in the same precision. Costs what these nodes cost, and
// nothing without them.
#pragma once

#include <cstddef>
#include <vector>

#include "fem/grid_kernel.h"
#include "fem/grid_system.h"

namespace thermodose {

class ThreadTeam;

template <class Real>
class SourceStops {
 public:
  void set(const std::vector<SourceStop>& stops, const GridSetup& grid);
  long changes() const { return changes_; }
  bool empty() const { return nodes_.empty(); }
  /// Corrects y_out, and l0 unless it is null, of a stage with y_prev. Returns what the sums of the
  /// sweep change by.
  SweepSums apply(ThreadTeam& team, const std::vector<KernelLaw<Real>>& laws, const Real* y_prev,
                  Real* y_out, Real* l0, double dt_l) const;

 private:
  /// Volume of a node over h^3, and whether it lies on a fixed outer face.
  struct Place {
    double weight;
    bool fixed;
  };
  static Place place(std::size_t node, const GridSetup& grid);
  /// Neighbours in the list that share a law, few enough for the first cache.
  struct Block {
    std::size_t begin, end;
    int law;
  };
  SweepSums apply(const Block& block, const KernelLaw<Real>& law, const Real* y_prev, Real* y_out,
                  Real* l0, Real dt_l) const;

  std::vector<std::size_t> nodes_;
  std::vector<Real> share_;
  std::vector<Place> place_;
  std::vector<Block> blocks_;
  long changes_ = 0;
};

}  // namespace thermodose
