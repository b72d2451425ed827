// Implements: dose model "time_below": F(t) = time since the start with T < T*, s. The crossing
// inside a step is placed linearly on H between H(begin) and H(end) against H*(T*) of the law.
//
// State. With F(t) = a + t [below], a changes only where a node crosses: by -t_c downwards, by +t_c
// upwards. So a step that crosses nothing stores nothing, a node left out of a step is right all
// the same, and the sign bit of a says on which side the node is (a <= -0 below, a >= +0 above,
// since 0 <= F(t_c) <= t_c - t_start and t_start >= 0).
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

template <class Real>
struct TimeBelowState {
  std::vector<Real> threshold;  ///< J/m3 per law
  dose::ZeroVector<Real> a;     ///< s

  void start(const std::vector<SegmentLaw>& laws, const std::vector<NodeRun>& all,
             std::size_t nodes, const Real* initial, double temperature, double time) {
    threshold = dose::thresholds<Real>(laws, temperature);
    a = dose::ZeroVector<Real>(nodes);
    for (const auto& run : all) {
      const Real limit = threshold[static_cast<std::size_t>(run.law)];
      for (std::size_t i = run.begin; i < run.end; ++i) {
        if (initial[i] < limit) a[i] = static_cast<Real>(-time);  // -0 for time 0
      }
    }
  }

  void advance(const DoseStep& step) {
    const Real* before = dose::values_of<Real>(step.before);
    const Real* after = dose::values_of<Real>(step.after);
    const auto begin = static_cast<Real>(step.begin);
    const auto span = static_cast<Real>(step.end - step.begin);
    dose::for_blocks(*step.runs, [&](std::size_t at, auto length, int law) {
      const Real limit = threshold[static_cast<std::size_t>(law)];
      const Real* __restrict h1 = after + at;
      const Real* __restrict was = a.data() + at;
      dose::Flag<Real> crossed = 0;
      for (std::size_t i = 0; i < length; ++i) {
        crossed |= dose::Flag<Real>(std::signbit(was[i])) ^ dose::Flag<Real>(h1[i] < limit);
      }
      if (crossed == 0) return;
      for (std::size_t i = at; i < at + length; ++i) {
        const bool below = after[i] < limit;
        if (std::signbit(a[i]) == below) continue;
        // A node whose value was prescribed anew at the step's beginning crossed right there.
        const bool inside = (before[i] < limit) != below;
        const Real share = inside ? (limit - before[i]) / (after[i] - before[i]) : Real(0);
        const Real when = begin + span * share;
        a[i] = below ? -std::abs(a[i] - when) : std::abs(a[i] + when);
      }
    });
  }

  float value(std::size_t i, double time) const {
    const double f = std::signbit(a[i]) ? double(a[i]) + time : double(a[i]);
    return static_cast<float>(std::max(f, 0.0));
  }
};

class TimeBelow : public DoseModel {
 public:
  void keys(Keys& k) override {
    k.real(key("temperature", "degC", "Threshold below which the time counts.").range(-200, 100),
           temperature_);
  }

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double time) override {
    assert(time >= 0 && "the sign bit of the state needs times from 0 on");
    if (initial.single != nullptr) {
      state_.emplace<TimeBelowState<float>>().start(laws, all, nodes, initial.single, temperature_,
                                                    time);
    } else {
      state_.emplace<TimeBelowState<double>>().start(laws, all, nodes, initial.twice, temperature_,
                                                     time);
    }
  }

  void advance(const DoseStep& step) override {
    std::visit([&](auto& s) { s.advance(step); }, state_);
  }

  std::vector<DoseField> fields() const override {
    return {{"time_below_" + dose::threshold_name(temperature_) + "_s", "s",
             "Time spent below the threshold since the start."}};
  }

  std::vector<float> values(std::size_t /*index*/, double time) const override {
    return std::visit(
        [&](const auto& s) {
          std::vector<float> out(s.a.size());
          for (std::size_t i = 0; i < out.size(); ++i) out[i] = s.value(i, time);
          return out;
        },
        state_);
  }

 private:
  double temperature_ = 0;  ///< K
  std::variant<TimeBelowState<float>, TimeBelowState<double>> state_;
};

THERMODOSE_REGISTER("dose", "time_below", TimeBelow,
                    "Time that each node spent below a temperature; crossings inside a step are "
                    "placed linearly in enthalpy.");

}  // namespace
}  // namespace thermodose
