// Implements: dose model "cem43": cumulative equivalent minutes at 43 degC (Sapareto and Dewey,
// Int. J. Radiat. Oncol. Biol. Phys. 10:787, 1984),
//   CEM43 = int R^(43 degC - T) dt, min,   R = 0.5 from 43 degC on, 0.25 below.
// Within a step T is linear in time and the integral is in closed form on both sides of 43 degC.
//
// Limits. The law holds for some 2 to 15 K above body temperature (Dewhirst et al. 2003). Below
// `counts_from` nothing counts; at the default, 37 degC, what is left out is less than 0.015 min
// per hour. Above `held_above` the rate stays what it is there; at the default, 100 degC, that is
// 2^57, so that nothing overflows.
#include <cstdint>

#include "base/registry.h"
#include "base/types.h"
#include "dose/exponential.h"
#include "dose/rate_integral.h"

namespace thermodose {

namespace {

constexpr float kBreak = 43;         // degC
constexpr float kHot = 0.69314718F;  // ln 2: from the break on
constexpr float kMild = 1.3862944F;  // ln 4: below it

/// R^(43 - T) per minute, in 1/s.
struct Equivalence {
  void means(const dose::WarmTile& tile, float* __restrict out) const {
    std::int32_t hot = 0;
    std::int32_t mild = 0;
    for (std::size_t i = 0; i < dose::kBlock; ++i) {
      hot |= std::int32_t(tile.begin[i] >= kBreak) | std::int32_t(tile.end[i] >= kBreak);
      mild |= std::int32_t(tile.begin[i] < kBreak) | std::int32_t(tile.end[i] < kBreak);
    }
    // Most blocks are on one side of the break.
    if (hot == 0) {
      for (std::size_t i = 0; i < dose::kBlock; ++i) {
        out[i] = part(kMild, tile.begin[i] - kBreak, tile.end[i] - kBreak);
      }
    } else if (mild == 0) {
      for (std::size_t i = 0; i < dose::kBlock; ++i) {
        out[i] = part(kHot, tile.begin[i] - kBreak, tile.end[i] - kBreak);
      }
    } else {
      for (std::size_t i = 0; i < dose::kBlock; ++i) {
        out[i] = both(tile.begin[i] - kBreak, tile.end[i] - kBreak);
      }
    }
  }

 private:
  static float part(float slope, float from, float to) {
    return dose::mean_exp(slope * from, slope * to) * (1.0F / 60);
  }

  /// The parts above and below the break, each by the share of the way that it takes.
  static float both(float from, float to) {
    const float hot_from = from > 0 ? from : 0.0F;
    const float hot_to = to > 0 ? to : 0.0F;
    const float change = to - from;
    const float still = from >= 0 ? 1.0F : 0.0F;
    const float divisor = change == 0 ? 1.0F : change;
    const float ratio = (hot_to - hot_from) / divisor;
    const float hot = change == 0 ? still : ratio;
    return hot * part(kHot, hot_from, hot_to) +
           (1 - hot) * part(kMild, from - hot_from, to - hot_to);
  }
};

class Cem43 : public DoseModel {
 public:
  void keys(Keys& k) override {
    k.real(key("counts_from", "degC",
               "Below this nothing counts; at 37 degC that leaves out less than 0.015 min per "
               "hour.")
               .range(0, 43)
               .optional(),
           floor_);
    k.real(key("held_above", "degC",
               "Above this the rate stays what it is there; the law is doubtful more than 15 K "
               "above body temperature.")
               .range(43, 150)
               .optional()
               .source("range of the law: Dewhirst et al. 2003"),
           ceiling_);
  }

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double time) override {
    minutes_.start(Equivalence{}, nodes, laws, all, initial, time, floor_, ceiling_);
  }

  void advance(const DoseStep& step) override { minutes_.advance(step); }

  std::vector<DoseField> fields() const override {
    return {{"cem43_min", "min", "Cumulative equivalent minutes at 43 degC."}};
  }

  std::vector<float> values(std::size_t /*index*/, double time) const override {
    return minutes_.values(time, [](double minutes) { return minutes; });
  }
  void look(std::size_t /*index*/, double /*time*/, const std::vector<NodeRun>& runs,
            std::vector<float>& field) const override {
    minutes_.look(runs, field, [](double minutes) { return minutes; });
  }

 private:
  double floor_ = kZeroCelsius + 37;     ///< K
  double ceiling_ = kZeroCelsius + 100;  ///< K
  dose::RateIntegral<Equivalence> minutes_;
};

THERMODOSE_REGISTER("dose", "cem43", Cem43,
                    "Cumulative equivalent minutes at 43 degC, R = 0.5 from 43 degC on and 0.25 "
                    "below (Sapareto and Dewey 1984).");

}  // namespace
}  // namespace thermodose
