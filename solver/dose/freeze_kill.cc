// Implements: dose model "freeze_kill": survival after freezing by a logistic dose response,
//   S_1(T) = 1 / (1 + exp(-k (T - AD50))),  k = ln 19 / (AD50 - AD95),
// of the coldest temperature of each freeze; freezes count as independent trials, S = prod S_1.
// A freeze lasts from passing `frozen_below` downwards until it is passed upwards. Tissue that
// never froze survives: this is injury by ice, not by cold.
// Source of the defaults: A549 cells, acute death (Sarshoghi, Cryoablation-Dosimetry). Independent
// trials agree with the two-cycle counts of that study within a factor of 2.
#include <algorithm>
#include <cmath>
#include <variant>

#include "base/registry.h"
#include "base/types.h"
#include "dose/lanes.h"
#include "dose/zero_pages.h"

namespace thermodose {

namespace {

/// S_1 of the header.
struct Logistic {
  double ad50 = kZeroCelsius - 10;    ///< K
  double ad95 = kZeroCelsius - 24.7;  ///< K

  double survival(double temperature) const {
    const double k = std::log(19.0) / (ad50 - ad95);
    return 1 / (1 + std::exp(-k * (temperature - ad50)));
  }
};

template <class Real>
struct KillState {
  std::vector<Real> frozen_below;  ///< J/m3 per law
  dose::ZeroVector<Real> depth;    ///< J/m3 <= 0, coldest of the present freeze less its threshold
  dose::ZeroVector<float> killed;  ///< -ln of the product over the freezes that have ended

  void start(const std::vector<Real>& limits, const std::vector<NodeRun>& all, std::size_t nodes,
             const Real* initial) {
    frozen_below = limits;
    killed = dose::ZeroVector<float>(nodes);
    depth = dose::ZeroVector<Real>(nodes);
    for (const auto& run : all) {
      const Real limit = frozen_below[static_cast<std::size_t>(run.law)];
      // Tissue that is frozen at the start is in its first freeze.
      for (std::size_t i = run.begin; i < run.end; ++i) {
        if (initial[i] < limit) depth[i] = initial[i] - limit;
      }
    }
  }

  void advance(const std::vector<NodeRun>& runs, const Real* after,
               const std::vector<SegmentLaw>& laws, const Logistic& response) {
    dose::for_blocks(runs, [&](std::size_t at, auto length, int law) {
      const Real limit = frozen_below[static_cast<std::size_t>(law)];
      const Real* __restrict h = after + at;
      const Real* __restrict low = depth.data() + at;
      dose::Flag<Real> moved = 0;
      for (std::size_t i = 0; i < length; ++i) {
        moved |= dose::Flag<Real>(h[i] - limit < low[i]) |
                 (dose::Flag<Real>(low[i] < 0) & dose::Flag<Real>(h[i] >= limit));
      }
      if (moved == 0) return;
      for (std::size_t i = at; i < at + length; ++i) {
        if (after[i] - limit < depth[i]) {
          depth[i] = after[i] - limit;
        } else if (depth[i] < 0 && after[i] >= limit) {
          killed[i] += kill(i, laws[static_cast<std::size_t>(law)], response, limit);
          depth[i] = 0;
        }
      }
    });
  }

  /// -ln S_1 of the present freeze.
  float kill(std::size_t i, const SegmentLaw& law, const Logistic& response, Real limit) const {
    const double coldest = law.temperature(double(depth[i]) + double(limit));
    return static_cast<float>(-std::log(response.survival(coldest)));
  }

  float value(std::size_t i, const SegmentLaw& law, const Logistic& response, Real limit) const {
    const float present = depth[i] < 0 ? kill(i, law, response, limit) : 0;
    return std::exp(-(killed[i] + present));
  }
};

class FreezeKill : public DoseModel {
 public:
  void keys(Keys& k) override {
    const char* source = "A549 cells, acute death; Sarshoghi, Cryoablation-Dosimetry";
    k.real(key("ad50", "degC", "Coldest temperature that half of the cells survive.")
               .range(-100, 0)
               .optional()
               .source(source),
           response_.ad50);
    k.real(key("ad95", "degC", "Coldest temperature that 5 % of the cells survive.")
               .range(-150, 0)
               .optional()
               .source(source),
           response_.ad95);
    k.real(key("frozen_below", "degC", "A freeze is the time below this; default 0 degC.")
               .range(-100, 10)
               .optional(),
           frozen_below_);
  }

  std::vector<std::string> check() const override {
    if (response_.ad95 < response_.ad50) return {};
    return {"ad95: must be colder than ad50"};
  }

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double /*time*/) override {
    laws_ = &laws;
    all_ = all;
    const auto begin = [&](auto& state, const auto* values) {
      using Real = std::decay_t<decltype(*values)>;
      state.start(dose::thresholds<Real>(laws, frozen_below_), all, nodes, values);
    };
    if (initial.single != nullptr) {
      begin(state_.emplace<KillState<float>>(), initial.single);
    } else {
      begin(state_.emplace<KillState<double>>(), initial.twice);
    }
  }

  void advance(const DoseStep& step) override {
    std::visit(
        [&](auto& s) {
          using Real = typename std::decay_t<decltype(s.depth)>::value_type;
          s.advance(*step.runs, dose::values_of<Real>(step.after), *laws_, response_);
        },
        state_);
  }

  std::vector<DoseField> fields() const override {
    return {{"survival_logistic", "1", "Share of the cells that survive the freezes so far."}};
  }

  std::vector<float> values(std::size_t /*index*/, double /*time*/) const override {
    return std::visit(
        [&](const auto& s) {
          std::vector<float> out(s.killed.size());
          for (const auto& run : all_) {
            const auto law = static_cast<std::size_t>(run.law);
            for (std::size_t i = run.begin; i < run.end; ++i) {
              out[i] = s.value(i, (*laws_)[law], response_, s.frozen_below[law]);
            }
          }
          return out;
        },
        state_);
  }

 private:
  Logistic response_;
  double frozen_below_ = kZeroCelsius;  ///< K
  const std::vector<SegmentLaw>* laws_ = nullptr;
  std::vector<NodeRun> all_;
  std::variant<KillState<float>, KillState<double>> state_;
};

THERMODOSE_REGISTER("dose", "freeze_kill", FreezeKill,
                    "Survival after freezing: logistic in the coldest temperature of each freeze "
                    "(half survive at ad50, 5 % at ad95), freezes as independent trials.");

}  // namespace
}  // namespace thermodose
