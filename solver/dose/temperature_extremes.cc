// Implements: dose model "temperature_extremes": T_min = min over time of T, T_max = max over time
// of T. The coldest temperature is the prime factor of freezing injury (Gage and Baust 1998).
// T is a monotone function of H, so the extremes of H are kept and converted when asked for.
#include <algorithm>
#include <variant>

#include "base/registry.h"
#include "base/types.h"
#include "dose/lanes.h"
#include "dose/zero_pages.h"
#include "physics/segment_batch.h"

namespace thermodose {

namespace {

// Function parameters carry __restrict reliably; without it the loops stay scalar.
template <class Real, class Length>
bool any_outside(const Real* __restrict h, const Real* __restrict low, const Real* __restrict high,
                 Length length) {
  dose::Flag<Real> outside = 0;
  for (std::size_t i = 0; i < length; ++i) {
    outside |= dose::Flag<Real>(h[i] < low[i]) | dose::Flag<Real>(h[i] > high[i]);
  }
  return outside != 0;
}

template <class Real, class Length>
void widen(const Real* __restrict h, Real* __restrict low, Real* __restrict high, Length length) {
  for (std::size_t i = 0; i < length; ++i) {
    const Real value = h[i];
    const Real was_low = low[i];
    const Real was_high = high[i];
    low[i] = value < was_low ? value : was_low;
    high[i] = value > was_high ? value : was_high;
  }
}

template <class Real>
struct Extremes {
  dose::ZeroVector<Real> lowest, highest;  ///< J/m3

  void start(std::size_t nodes, const Real* initial) {
    lowest = dose::copy_of(initial, nodes);
    highest = dose::copy_of(initial, nodes);
  }

  void advance(const std::vector<NodeRun>& runs, const Real* after) {
    dose::for_blocks(runs, [&](std::size_t at, auto length, int /*law*/) {
      Real* low = lowest.data() + at;
      Real* high = highest.data() + at;
      if (any_outside(after + at, low, high, length)) widen(after + at, low, high, length);
    });
  }
};

class TemperatureExtremes : public DoseModel {
 public:
  void keys(Keys& /*k*/) override {}

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double /*time*/) override {
    laws_ = &laws;
    all_ = all;
    if (initial.single != nullptr) {
      state_.emplace<Extremes<float>>().start(nodes, initial.single);
    } else {
      state_.emplace<Extremes<double>>().start(nodes, initial.twice);
    }
  }

  void advance(const DoseStep& step) override {
    std::visit(
        [&](auto& s) {
          using Real = typename std::decay_t<decltype(s.lowest)>::value_type;
          s.advance(*step.runs, dose::values_of<Real>(step.after));
        },
        state_);
  }

  std::vector<DoseField> fields() const override {
    return {{"t_min_degC", "degC", "Lowest temperature since the start."},
            {"t_max_degC", "degC", "Highest temperature since the start."}};
  }

  std::vector<float> values(std::size_t index, double /*time*/) const override {
    return std::visit(
        [&](const auto& s) {
          const auto& extreme = index == 0 ? s.lowest : s.highest;
          std::vector<float> out(extreme.size());
          for (const auto& run : all_) {
            temperatures((*laws_)[static_cast<std::size_t>(run.law)], extreme.data() + run.begin,
                         run.end - run.begin, kZeroCelsius, out.data() + run.begin);
          }
          return out;
        },
        state_);
  }

 private:
  const std::vector<SegmentLaw>* laws_ = nullptr;
  std::vector<NodeRun> all_;
  std::variant<Extremes<float>, Extremes<double>> state_;
};

THERMODOSE_REGISTER("dose", "temperature_extremes", TemperatureExtremes,
                    "Lowest and highest temperature of each node over the run.");

}  // namespace
}  // namespace thermodose
