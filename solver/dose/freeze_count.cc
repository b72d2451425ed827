// Implements: dose model "freeze_count": how often each node froze. A freeze counts when the
// temperature passes `temperature` downwards; it counts again only after the node has rewarmed to
// `thawed_at`, so that a front that trembles about the threshold is one freeze. Tissue that is
// frozen at the start has not frozen yet: its count is 0 until it thaws and freezes.
#include <cstdint>
#include <optional>
#include <variant>

#include "base/registry.h"
#include "base/types.h"
#include "dose/lanes.h"
#include "dose/zero_pages.h"

namespace thermodose {

namespace {

constexpr double kHysteresis = 1;  // K, see thawed_at

// State of a node: 2 * count + (1 when frozen).
using Count = std::uint16_t;

template <class Real>
struct FreezeState {
  std::vector<Real> freezes_at, thaws_at;  ///< J/m3 per law

  FreezeState(const std::vector<SegmentLaw>& laws, double freeze, double thaw)
      : freezes_at(dose::thresholds<Real>(laws, freeze)),
        thaws_at(dose::thresholds<Real>(laws, thaw)) {}
  FreezeState() = default;

  void start(const std::vector<NodeRun>& all, const Real* initial, dose::ZeroVector<Count>& state) {
    for (const auto& run : all) {
      const Real limit = freezes_at[static_cast<std::size_t>(run.law)];
      for (std::size_t i = run.begin; i < run.end; ++i) {
        if (initial[i] < limit) state[i] = 1;
      }
    }
  }

  void advance(const std::vector<NodeRun>& runs, const Real* after,
               dose::ZeroVector<Count>& state) {
    dose::for_blocks(runs, [&](std::size_t at, auto length, int law) {
      const Real freeze = freezes_at[static_cast<std::size_t>(law)];
      const Real thaw = thaws_at[static_cast<std::size_t>(law)];
      const Real* __restrict h = after + at;
      Count* __restrict s = state.data() + at;
      dose::Flag<Real> changed = 0;
      for (std::size_t i = 0; i < length; ++i) {
        const dose::Flag<Real> frozen = s[i] & 1;
        changed |= (dose::Flag<Real>(h[i] < freeze) & (frozen ^ 1)) |
                   (dose::Flag<Real>(h[i] >= thaw) & frozen);
      }
      if (changed == 0) return;
      // Freezing adds 3 (count and flag), thawing takes the flag away.
      for (std::size_t i = 0; i < length; ++i) {
        const int frozen = s[i] & 1;
        const int freezes = static_cast<int>(h[i] < freeze) & (frozen ^ 1);
        const int thaws = static_cast<int>(h[i] >= thaw) & frozen;
        s[i] = static_cast<Count>(s[i] + 3 * freezes - thaws);
      }
    });
  }
};

class FreezeCount : public DoseModel {
 public:
  void keys(Keys& k) override {
    k.real(key("temperature", "degC",
               "A freeze counts when this is passed downwards; default "
               "0 degC, the edge of the ice ball.")
               .range(-200, 50)
               .optional(),
           temperature_);
    k.real(key("thawed_at", "degC",
               "A node can freeze again once it is back at this; default: 1 K above "
               "temperature, so that a front that trembles does not count.")
               .range(-200, 100)
               .optional(),
           thawed_at_);
  }

  std::vector<std::string> check() const override {
    if (!thawed_at_ || *thawed_at_ >= temperature_) return {};
    return {"thawed_at: must not be colder than temperature"};
  }

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double /*time*/) override {
    counts_ = dose::ZeroVector<Count>(nodes);
    const double thaw = thawed_at_.value_or(temperature_ + kHysteresis);
    if (initial.single != nullptr) {
      state_.emplace<FreezeState<float>>(laws, temperature_, thaw)
          .start(all, initial.single, counts_);
    } else {
      state_.emplace<FreezeState<double>>(laws, temperature_, thaw)
          .start(all, initial.twice, counts_);
    }
  }

  void advance(const DoseStep& step) override {
    std::visit(
        [&](auto& s) {
          using Real = typename std::decay_t<decltype(s.freezes_at)>::value_type;
          s.advance(*step.runs, dose::values_of<Real>(step.after), counts_);
        },
        state_);
  }

  std::vector<DoseField> fields() const override {
    return {{"freezes_count", "1", "Number of freezes since the start."}};
  }

  std::vector<float> values(std::size_t /*index*/, double /*time*/) const override {
    std::vector<float> out(counts_.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      const int count = counts_[i] / 2;
      out[i] = static_cast<float>(count);
    }
    return out;
  }

 private:
  double temperature_ = kZeroCelsius;  ///< K
  std::optional<double> thawed_at_;    ///< K
  dose::ZeroVector<Count> counts_;
  std::variant<FreezeState<float>, FreezeState<double>> state_;
};

THERMODOSE_REGISTER("dose", "freeze_count", FreezeCount,
                    "Number of times that each node passed a temperature downwards.");

}  // namespace
}  // namespace thermodose
