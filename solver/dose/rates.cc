// Implements: dose model "rates": how fast each node was cooled and thawed through a range of
// temperature [low, high], K/min,
//   rate = (high - low) / time from passing one end to passing the other,
// the largest over all passages; 0 where none was complete. Ends are placed linearly on H within a
// step, so the rate does not depend on how a steady step is split. Turning back inside the range
// belongs to the passage; leaving by the end it entered by ends it without a rate. A node that
// starts inside, or is set there when a probe switches, has no passage before it leaves.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <variant>

#include "base/registry.h"
#include "dose/lanes.h"
#include "dose/threshold_name.h"
#include "dose/zero_pages.h"

namespace thermodose {

namespace {

constexpr double kBefore = 1;  // s, so that no time is 0

template <class Real>
struct RatesState {
  std::vector<Real> low, high;  ///< J/m3 per law
  /// s since 1 s before the start; negative: from below; 0 when not in a passage
  dose::ZeroVector<float> entered;
  dose::ZeroVector<float> cooling, thawing;  ///< K/s

  RatesState() = default;
  RatesState(const std::vector<SegmentLaw>& laws, double coldest, double warmest, std::size_t nodes)
      : low(dose::thresholds<Real>(laws, coldest)),
        high(dose::thresholds<Real>(laws, warmest)),
        entered(nodes),
        cooling(nodes),
        thawing(nodes) {}

  void advance(const DoseStep& step, float range) {
    const Real* before = dose::values_of<Real>(step.before);
    const Real* after = dose::values_of<Real>(step.after);
    dose::for_tiles(*step.runs, [&](std::size_t at, auto length, int law) {
      const Real cold = low[static_cast<std::size_t>(law)];
      const Real warm = high[static_cast<std::size_t>(law)];
      const Real* __restrict h0 = before + at;
      const Real* __restrict h1 = after + at;
      dose::Flag<Real> passed = 0;
      for (std::size_t i = 0; i < length; ++i) {
        passed |= (dose::Flag<Real>(h0[i] < cold) ^ dose::Flag<Real>(h1[i] < cold)) |
                  (dose::Flag<Real>(h0[i] < warm) ^ dose::Flag<Real>(h1[i] < warm));
      }
      if (passed == 0) return;
      for (std::size_t i = at; i < at + length; ++i) {
        const auto when = [&](Real level) {
          const double share = double(level - before[i]) / double(after[i] - before[i]);
          return static_cast<float>(kBefore + step.begin + (step.end - step.begin) * share);
        };
        const bool falls = after[i] < before[i];
        const Real first = falls ? warm : cold;
        const Real second = falls ? cold : warm;
        const auto passes = [&](Real level) { return (before[i] < level) != (after[i] < level); };
        if (passes(first)) entered[i] = falls ? when(first) : -when(first);
        if (!passes(second)) continue;
        if (entered[i] != 0 && std::signbit(entered[i]) != falls) {
          const float taken = when(second) - std::abs(entered[i]);
          float& largest = falls ? cooling[i] : thawing[i];
          largest = std::max(largest, range / at_least_resolved(taken, step));
        }
        entered[i] = 0;
      }
    });
  }

  /// A passage within one step may take less than times in single precision can tell apart.
  static float at_least_resolved(float taken, const DoseStep& step) {
    const auto least = static_cast<float>(1e-4 * (step.end - step.begin));
    return taken >= 0 && taken < least ? least : taken;
  }
};

class Rates : public DoseModel {
 public:
  void keys(Keys& k) override {
    k.real(key("low", "degC", "Cold end of the range.").range(-200, 100), low_);
    k.real(key("high", "degC", "Warm end of the range.").range(-200, 100), high_);
  }

  std::vector<std::string> check() const override {
    if (low_ < high_) return {};
    return {"low: must be colder than high"};
  }

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& /*all*/, EnthalpyView initial, double time) override {
    assert(time >= 0 && "the sign bit of the state needs times from 0 on");
    static_cast<void>(time);
    if (initial.single != nullptr) {
      state_.emplace<RatesState<float>>(laws, low_, high_, nodes);
    } else {
      state_.emplace<RatesState<double>>(laws, low_, high_, nodes);
    }
  }

  void advance(const DoseStep& step) override {
    const auto range = static_cast<float>(high_ - low_);
    std::visit([&](auto& s) { s.advance(step, range); }, state_);
  }

  std::vector<DoseField> fields() const override {
    const std::string low = dose::threshold_name(low_);
    const std::string high = dose::threshold_name(high_);
    return {{"cooling_" + high + "_to_" + low + "_K_per_min", "K/min",
             "Largest rate of cooling through the range; 0 where it was not passed."},
            {"thawing_" + low + "_to_" + high + "_K_per_min", "K/min",
             "Largest rate of rewarming through the range; 0 where it was not passed."}};
  }

  std::vector<float> values(std::size_t index, double /*time*/) const override {
    return std::visit(
        [&](const auto& s) {
          const auto& rates = index == 0 ? s.cooling : s.thawing;
          std::vector<float> out(rates.begin(), rates.end());
          for (float& rate : out) rate *= 60;
          return out;
        },
        state_);
  }

 private:
  double low_ = 0, high_ = 0;  ///< K
  std::variant<RatesState<float>, RatesState<double>> state_;
};

THERMODOSE_REGISTER("dose", "rates", Rates,
                    "Largest rates of cooling and of thawing through a range of temperature: its "
                    "width over the time taken to pass it.");

}  // namespace
}  // namespace thermodose
