// Integrals over time of a rate of damage that depends on temperature alone.
// Implements: F = int r(T) dt from the start, T linear in time within a step (warm_walk.h). The
// rate gives its mean over such a step, so that a step at constant temperature may be split at
// will. Sums are kept in double precision: many small steps lose nothing.
#pragma once

#include <algorithm>
#include <vector>

#include "dose/warm_walk.h"
#include "dose/zero_pages.h"

namespace thermodose::dose {

/// Rate: void means(const WarmTile&, float* out) const, the mean of r over each place of a tile.
template <class Rate>
class RateIntegral {
 public:
  void start(const Rate& rate, std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double time, double floor,
             double ceiling) {
    rate_ = rate;
    sum_ = ZeroVector<double>(nodes);
    walk_.start(laws, all, initial, time, floor, ceiling);
  }

  void advance(const DoseStep& step) {
    walk_.advance(step, [&](std::size_t at, auto length, const WarmTile& tile) {
      add(tile, length, sum_.data() + at);
    });
  }

  /// value(F) at `time` of every node.
  template <class Value>
  std::vector<float> values(double time, const Value& value) const {
    std::vector<float> out(sum_.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(value(sum_[i]));
    walk_.rest(time, [&](std::size_t at, auto length, const WarmTile& tile) {
      double sum[kBlock] = {};
      std::copy(sum_.begin() + std::ptrdiff_t(at), sum_.begin() + std::ptrdiff_t(at + length), sum);
      add(tile, length, sum);
      for (std::size_t i = 0; i < length; ++i) out[at + i] = static_cast<float>(value(sum[i]));
    });
    return out;
  }

  /// value(F) of nodes that were in the last step.
  template <class Value>
  void look(const std::vector<NodeRun>& runs, std::vector<float>& field, const Value& value) const {
    for (const NodeRun& run : runs)
      for (std::size_t i = run.begin; i < run.end; ++i)
        field[i] = sum_[i] > 0 ? static_cast<float>(value(sum_[i])) : 0.0F;
  }

 private:
  template <class Length>
  void add(const WarmTile& tile, Length length, double* __restrict sum) const {
    float mean[kBlock];
    rate_.means(tile, mean);
    for (std::size_t i = 0; i < length; ++i) sum[i] += double(mean[i]) * double(tile.seconds[i]);
  }

  Rate rate_{};
  ZeroVector<double> sum_;
  WarmWalk walk_;
};

}  // namespace thermodose::dose
