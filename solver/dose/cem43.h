// Cumulative equivalent minutes at 43 degC of every node.
// Implements: the dose model "cem43" as a class, for those that go on from its minutes; formulas,
// conventions and limits stand in cem43.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/types.h"
#include "dose/exponential.h"
#include "dose/rate_integral.h"

namespace thermodose {

namespace dose {

/// R^(43 - T) per minute, in 1/s.
struct Equivalence {
  float breakpoint = 43;    ///< degC
  float hot = 0.69314718F;  ///< -ln R, from the break on
  float mild = 1.3862944F;  ///< below it
  float scale = 1.0F / 60;  ///< 1/s, rate at the break

  void means(const WarmTile& tile, float* __restrict out) const {
    std::int32_t any_hot = 0;
    std::int32_t any_mild = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      any_hot |=
          std::int32_t(tile.begin[i] >= breakpoint) | std::int32_t(tile.end[i] >= breakpoint);
      any_mild |= std::int32_t(tile.begin[i] < breakpoint) | std::int32_t(tile.end[i] < breakpoint);
    }
    // Most blocks are on one side of the break.
    if (any_hot == 0) {
      for (std::size_t i = 0; i < kBlock; ++i) {
        out[i] = part(mild, tile.begin[i] - breakpoint, tile.end[i] - breakpoint);
      }
    } else if (any_mild == 0) {
      for (std::size_t i = 0; i < kBlock; ++i) {
        out[i] = part(hot, tile.begin[i] - breakpoint, tile.end[i] - breakpoint);
      }
    } else {
      for (std::size_t i = 0; i < kBlock; ++i) {
        out[i] = both(tile.begin[i] - breakpoint, tile.end[i] - breakpoint);
      }
    }
  }

 private:
  float part(float slope, float from, float to) const {
    return mean_exp(slope * from, slope * to) * scale;
  }

  /// The parts above and below the break, each by the share of the way that it takes.
  float both(float from, float to) const {
    const float hot_from = from > 0 ? from : 0.0F;
    const float hot_to = to > 0 ? to : 0.0F;
    const float change = to - from;
    const float still = from >= 0 ? 1.0F : 0.0F;
    const float divisor = change == 0 ? 1.0F : change;
    const float ratio = (hot_to - hot_from) / divisor;
    const float share = change == 0 ? still : ratio;
    return share * part(hot, hot_from, hot_to) +
           (1 - share) * part(mild, from - hot_from, to - hot_to);
  }
};

}  // namespace dose

class Cem43 : public DoseModel {
 public:
  void keys(Keys& k) override;
  std::vector<std::string> check() const override;
  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double time) override;
  void advance(const DoseStep& step) override;
  std::vector<DoseField> fields() const override;
  std::vector<float> values(std::size_t index, double time) const override;
  void look(std::size_t index, double time, const std::vector<NodeRun>& runs,
            std::vector<float>& field) const override;

 private:
  double floor_ = kZeroCelsius + 37;       ///< K
  double ceiling_ = kZeroCelsius + 100;    ///< K
  double breakpoint_ = kZeroCelsius + 43;  ///< K
  double above_ = 0.5, below_ = 0.25;
  dose::RateIntegral<dose::Equivalence> minutes_;
};

}  // namespace thermodose
