// Implements: dose model "lethal_cold": how far the lowest temperature of a node stayed above the
// temperature that its tissue does not survive,
//   d = min over time of T - T_lethal(tissue),   dead where d <= 0.
// The coldest temperature is the prime factor of freezing injury (Gage and Baust 1998), and which
// one kills differs from tissue to tissue. T is a monotone function of H, so the lowest H is kept
// and converted when asked for.
#include <variant>

#include "base/names_tissues.h"
#include "base/registry.h"
#include "base/types.h"
#include "dose/lanes.h"
#include "dose/tissue_thresholds.h"
#include "dose/zero_pages.h"
#include "physics/segment_batch.h"

namespace thermodose {

namespace {

template <class Real>
struct Lowest {
  dose::ZeroVector<Real> enthalpy;  ///< J/m3

  void advance(const std::vector<NodeRun>& runs, const Real* after) {
    dose::for_blocks(runs, [&](std::size_t at, auto length, int /*law*/) {
      const Real* __restrict h = after + at;
      Real* __restrict low = enthalpy.data() + at;
      dose::Flag<Real> colder = 0;
      for (std::size_t i = 0; i < length; ++i) colder |= dose::Flag<Real>(h[i] < low[i]);
      if (colder == 0) return;
      for (std::size_t i = 0; i < length; ++i) low[i] = h[i] < low[i] ? h[i] : low[i];
    });
  }
};

class LethalCold : public DoseModel, public NamesTissues {
 public:
  void keys(Keys& k) override {
    lethal_.keys(
        k,
        key("default", "degC", "What tissue that `tissues` does not name does not survive.")
            .range(-200, 37)
            .optional()
            .source("Go-Smart project, 233 K"),
        key("threshold", "degC", "Coldest temperature that it does not survive.").range(-200, 37));
  }

  std::vector<TissueName> named_tissues() const override { return lethal_.named_tissues(); }

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double /*time*/) override {
    laws_ = &laws;
    all_ = all;
    kelvin_ = lethal_.of(laws);
    if (initial.single != nullptr) {
      state_.emplace<Lowest<float>>().enthalpy = dose::copy_of(initial.single, nodes);
    } else {
      state_.emplace<Lowest<double>>().enthalpy = dose::copy_of(initial.twice, nodes);
    }
  }

  void advance(const DoseStep& step) override {
    std::visit(
        [&](auto& s) {
          using Real = typename std::decay_t<decltype(s.enthalpy)>::value_type;
          s.advance(*step.runs, dose::values_of<Real>(step.after));
        },
        state_);
  }

  std::vector<DoseField> fields() const override {
    return {{"above_lethal_K", "K",
             "Lowest temperature since the start, less the lethal one of the tissue; 0 or less is "
             "dead."}};
  }

  std::vector<float> values(std::size_t index, double time) const override {
    const auto nodes = std::visit([](const auto& s) { return s.enthalpy.size(); }, state_);
    std::vector<float> out(nodes);
    look(index, time, all_, out);
    return out;
  }

  void look(std::size_t /*index*/, double /*time*/, const std::vector<NodeRun>& runs,
            std::vector<float>& field) const override {
    std::visit(
        [&](const auto& s) {
          for (const NodeRun& run : runs) {
            const auto law = static_cast<std::size_t>(run.law);
            temperatures((*laws_)[law], s.enthalpy.data() + run.begin, run.end - run.begin,
                         kelvin_[law], field.data() + run.begin);
          }
        },
        state_);
  }

 private:
  dose::TissueThresholds lethal_{kZeroCelsius - 40};  // K
  std::vector<double> kelvin_;                        ///< of each law
  const std::vector<SegmentLaw>* laws_ = nullptr;
  std::vector<NodeRun> all_;
  std::variant<Lowest<float>, Lowest<double>> state_;
};

THERMODOSE_REGISTER("dose", "lethal_cold", LethalCold,
                    "How far each node stayed above the temperature that its tissue does not "
                    "survive; 0 or less is dead.");

}  // namespace
}  // namespace thermodose
