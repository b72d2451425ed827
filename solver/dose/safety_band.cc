// Implements: dose model "safety_band": how long and how far each node was outside the band of
// temperature [low, high] that a structure bears,
//   F(t) = time since the start with T < low or T > high, s,
//   how far it went below low and above high, K.
// Crossings inside a step are placed linearly on H. Default band: nerves beside an ablation, 10 to
// 45 degC (review, PMC9246484). For one limit alone set the other out of reach.
//
// State as in time_below: F(t) = a + t [outside], the sign bit of a says that the node is outside.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <variant>

#include "base/registry.h"
#include "base/types.h"
#include "dose/lanes.h"
#include "dose/threshold_name.h"
#include "dose/zero_pages.h"

namespace thermodose {

namespace {

template <class Real>
struct BandState {
  std::vector<Real> low, high;  ///< J/m3 per law
  dose::ZeroVector<float> a;    ///< s
  /// J/m3, how far beyond low (<= 0) and high (>= 0) of the law
  dose::ZeroVector<Real> coldest, hottest;

  void start(const std::vector<NodeRun>& all, std::size_t nodes, const Real* initial, double time) {
    a = dose::ZeroVector<float>(nodes);
    coldest = dose::ZeroVector<Real>(nodes);
    hottest = dose::ZeroVector<Real>(nodes);
    for (const auto& run : all) {
      const Real cold = low[static_cast<std::size_t>(run.law)];
      const Real warm = high[static_cast<std::size_t>(run.law)];
      for (std::size_t i = run.begin; i < run.end; ++i) {
        const bool outside = initial[i] < cold || initial[i] > warm;
        if (outside) a[i] = static_cast<float>(-time);  // -0 for time 0
        if (initial[i] < cold) coldest[i] = initial[i] - cold;
        if (initial[i] > warm) hottest[i] = initial[i] - warm;
      }
    }
  }

  void advance(const DoseStep& step) {
    const Real* before = dose::values_of<Real>(step.before);
    const Real* after = dose::values_of<Real>(step.after);
    dose::for_tiles(*step.runs, [&](std::size_t at, auto length, int law) {
      const Real cold = low[static_cast<std::size_t>(law)];
      const Real warm = high[static_cast<std::size_t>(law)];
      const Real* __restrict h0 = before + at;
      const Real* __restrict h1 = after + at;
      dose::Flag<Real> outside = 0;
      dose::Flag<Real> passed = 0;
      for (std::size_t i = 0; i < length; ++i) {
        const auto is_cold = dose::Flag<Real>(h1[i] < cold);
        const auto is_warm = dose::Flag<Real>(h1[i] > warm);
        outside |= is_cold | is_warm;
        passed |= (is_cold ^ dose::Flag<Real>(h0[i] < cold)) |
                  (is_warm ^ dose::Flag<Real>(h0[i] > warm)) |
                  ((is_cold | is_warm) ^ dose::Flag<Real>(std::signbit(a[at + i])));
      }
      if (outside != 0) widen(h1, cold, warm, coldest.data() + at, hottest.data() + at, length);
      if (passed == 0) return;
      for (std::size_t i = at; i < at + length; ++i) pass(step, before[i], after[i], cold, warm, i);
    });
  }

  template <class Length>
  static void widen(const Real* __restrict h, Real cold, Real warm, Real* __restrict least,
                    Real* __restrict most, Length length) {
    dose::Flag<Real> hot = 0;
    for (std::size_t i = 0; i < length; ++i) {
      least[i] = h[i] - cold < least[i] ? h[i] - cold : least[i];
      hot |= dose::Flag<Real>(h[i] - warm > most[i]);
    }
    if (hot == 0) return;
    for (std::size_t i = 0; i < length; ++i)
      most[i] = h[i] - warm > most[i] ? h[i] - warm : most[i];
  }

  void pass(const DoseStep& step, Real from, Real to, Real cold, Real warm, std::size_t i) {
    const bool was = std::signbit(a[i]);
    const bool is = to < cold || to > warm;
    const bool crossed = (from < cold) != (to < cold) || (from > warm) != (to > warm);
    // A node whose value was prescribed anew at the step's beginning changed sides right there.
    if (!crossed && was == is) return;
    double inside = is ? 0 : 1;
    if (crossed) {
      inside =
          double(std::clamp(to, cold, warm) - std::clamp(from, cold, warm)) / double(to - from);
    }
    const double until = was ? double(a[i]) + step.begin : double(a[i]);
    const double now = until + (step.end - step.begin) * (1 - inside);
    a[i] = static_cast<float>(is ? -std::abs(now - step.end) : std::abs(now));
  }
};

class SafetyBand : public DoseModel {
 public:
  void keys(Keys& k) override {
    const char* source = "nerves beside an ablation; PMC9246484";
    k.real(key("low", "degC", "Cold end of the band.").range(-200, 100).optional().source(source),
           low_);
    k.real(key("high", "degC", "Hot end of the band.").range(-200, 200).optional().source(source),
           high_);
  }

  std::vector<std::string> check() const override {
    if (low_ < high_) return {};
    return {"low: must be colder than high"};
  }

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double time) override {
    assert(time >= 0 && "the sign bit of the state needs times from 0 on");
    laws_ = &laws;
    all_ = all;
    const auto begin = [&](auto& state, const auto* values) {
      using Real = std::decay_t<decltype(*values)>;
      state.low = dose::thresholds<Real>(laws, low_);
      state.high = dose::thresholds<Real>(laws, high_);
      state.start(all, nodes, values, time);
    };
    if (initial.single != nullptr) {
      begin(state_.emplace<BandState<float>>(), initial.single);
    } else {
      begin(state_.emplace<BandState<double>>(), initial.twice);
    }
  }

  void advance(const DoseStep& step) override {
    std::visit([&](auto& s) { s.advance(step); }, state_);
  }

  std::vector<DoseField> fields() const override {
    const std::string band =
        "band_" + dose::threshold_name(low_) + "_to_" + dose::threshold_name(high_);
    return {{"outside_" + band + "_s", "s", "Time spent outside the band since the start."},
            {"below_" + band + "_K", "K", "How far the node went below the band."},
            {"above_" + band + "_K", "K", "How far the node went above the band."}};
  }

  std::vector<float> values(std::size_t index, double time) const override {
    return std::visit(
        [&](const auto& s) { return index == 0 ? times(s, time) : excess(s, index == 1); }, state_);
  }

 private:
  template <class State>
  static std::vector<float> times(const State& s, double time) {
    std::vector<float> out(s.a.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double f = std::signbit(s.a[i]) ? double(s.a[i]) + time : double(s.a[i]);
      out[i] = static_cast<float>(std::max(f, 0.0));
    }
    return out;
  }

  template <class State>
  std::vector<float> excess(const State& s, bool below) const {
    std::vector<float> out(s.a.size());
    for (const auto& run : all_) {
      const auto law = static_cast<std::size_t>(run.law);
      const SegmentLaw& tissue = (*laws_)[law];
      const double edge = tissue.temperature(double(below ? s.low[law] : s.high[law]));
      for (std::size_t i = run.begin; i < run.end; ++i) {
        const double beyond = double(below ? s.coldest[i] : s.hottest[i]);
        if (beyond == 0) continue;
        const double farthest =
            tissue.temperature(double(below ? s.low[law] : s.high[law]) + beyond);
        out[i] = static_cast<float>(std::abs(farthest - edge));
      }
    }
    return out;
  }

  double low_ = kZeroCelsius + 10;   ///< K
  double high_ = kZeroCelsius + 45;  ///< K
  const std::vector<SegmentLaw>* laws_ = nullptr;
  std::vector<NodeRun> all_;
  std::variant<BandState<float>, BandState<double>> state_;
};

THERMODOSE_REGISTER("dose", "safety_band", SafetyBand,
                    "How long and how far each node was outside the band of temperature that a "
                    "structure bears; default 10 to 45 degC, nerves.");

}  // namespace
}  // namespace thermodose
