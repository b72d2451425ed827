// Implements: dose model "cem43": cumulative equivalent minutes at 43 degC (Sapareto and Dewey,
// Int. J. Radiat. Oncol. Biol. Phys. 10:787, 1984),
//   CEM43 = int R^(43 degC - T) dt, min,   R = 0.5 from 43 degC on, 0.25 below.
// Within a step T is linear in time and the integral is in closed form on both sides of 43 degC.
//
// Other conventions break elsewhere (`breakpoint` T_b) and with other R; the rate stays continuous
// and 1 at 43 degC: R_below^(43 - T) up to T_b, R_below^(43 - T_b) R_above^(T_b - T) from there on,
// and the same with the sides exchanged where T_b is below 43 degC. (Sapareto and Dewey let their
// program alter both.)
//
// Limits. The law holds for some 2 to 15 K above body temperature (Dewhirst et al. 2003). Below
// `counts_from` nothing counts; at the default, 37 degC, what is left out is less than 0.015 min
// per hour. Above `held_above` the rate stays what it is there; at the default, 100 degC, that is
// 2^57, so that nothing overflows.
#include <cmath>
#include <cstdint>

#include "base/registry.h"
#include "base/text.h"
#include "base/types.h"
#include "dose/exponential.h"
#include "dose/rate_integral.h"

namespace thermodose {

namespace {

/// R^(43 - T) per minute, in 1/s.
struct Equivalence {
  float breakpoint = 43;    ///< degC
  float hot = 0.69314718F;  ///< -ln R, from the break on
  float mild = 1.3862944F;  ///< below it
  float scale = 1.0F / 60;  ///< 1/s, rate at the break

  void means(const dose::WarmTile& tile, float* __restrict out) const {
    std::int32_t any_hot = 0;
    std::int32_t any_mild = 0;
    for (std::size_t i = 0; i < dose::kBlock; ++i) {
      any_hot |=
          std::int32_t(tile.begin[i] >= breakpoint) | std::int32_t(tile.end[i] >= breakpoint);
      any_mild |= std::int32_t(tile.begin[i] < breakpoint) | std::int32_t(tile.end[i] < breakpoint);
    }
    // Most blocks are on one side of the break.
    if (any_hot == 0) {
      for (std::size_t i = 0; i < dose::kBlock; ++i) {
        out[i] = part(mild, tile.begin[i] - breakpoint, tile.end[i] - breakpoint);
      }
    } else if (any_mild == 0) {
      for (std::size_t i = 0; i < dose::kBlock; ++i) {
        out[i] = part(hot, tile.begin[i] - breakpoint, tile.end[i] - breakpoint);
      }
    } else {
      for (std::size_t i = 0; i < dose::kBlock; ++i) {
        out[i] = both(tile.begin[i] - breakpoint, tile.end[i] - breakpoint);
      }
    }
  }

 private:
  float part(float slope, float from, float to) const {
    return dose::mean_exp(slope * from, slope * to) * scale;
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
    const char* source = "Sapareto and Dewey 1984";
    k.real(key("breakpoint", "degC", "Where R changes from r_below to r_above.")
               .range(38, 48)
               .optional()
               .source(source),
           breakpoint_);
    k.real(key("r_above", "1", "R from the breakpoint on.")
               .range(0.05, 0.99)
               .optional()
               .source(source),
           above_);
    k.real(
        key("r_below", "1", "R below the breakpoint.").range(0.05, 0.99).optional().source(source),
        below_);
  }

  // Below the break cells acquire tolerance while they are heated: a kelvin costs more of the rate.
  std::vector<std::string> check() const override {
    if (above_ >= below_) return {};
    return {"r_above: found " + text::number(above_) + ", expected at least r_below (" +
            text::number(below_) +
            "): R is larger from the breakpoint on, such as 0.5 against 0.25 below; are the two "
            "exchanged?"};
  }

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double time) override {
    const double at = breakpoint_ - kZeroCelsius, hot = -std::log(above_), mild = -std::log(below_);
    Equivalence rate;
    rate.breakpoint = static_cast<float>(at);
    rate.hot = static_cast<float>(hot);
    rate.mild = static_cast<float>(mild);
    // 43 degC lies on the mild side of a higher break.
    rate.scale = static_cast<float>(std::exp((at > 43 ? mild : hot) * (at - 43)) / 60);
    minutes_.start(rate, nodes, laws, all, initial, time, floor_, ceiling_);
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
  double floor_ = kZeroCelsius + 37;       ///< K
  double ceiling_ = kZeroCelsius + 100;    ///< K
  double breakpoint_ = kZeroCelsius + 43;  ///< K
  double above_ = 0.5, below_ = 0.25;
  dose::RateIntegral<Equivalence> minutes_;
};

THERMODOSE_REGISTER("dose", "cem43", Cem43,
                    "Cumulative equivalent minutes at 43 degC, R = 0.5 from 43 degC on and 0.25 "
                    "below (Sapareto and Dewey 1984).");

}  // namespace
}  // namespace thermodose
