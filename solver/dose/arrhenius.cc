// Implements: dose model "arrhenius": damage by heat as one rate process (Henriques and Moritz),
//   Omega = int A exp(-E_a / (R T)) dt,   damaged share = 1 - exp(-Omega),   R = 8.314 J/mol/K.
// With T_1 = E_a / (R ln A), where the rate is 1/s, the exponent is ln A (T - T_1) / T. Within a
// step T is linear in time; the exponent is integrated as linear with its mean by Simpson's rule,
// which is of fourth order in the change of temperature.
//
// Limits. The sets were fitted to burns and coagulation; extrapolated they find damage where there
// is none (the liver set: Omega = 1 in 10 min at 42.5 degC, in an hour at 37 degC). So nothing
// counts below `counts_from`. Above 100 degC the rate stays what it is there, and no
// rate is above 1e20/s.
#include <algorithm>
#include <cmath>
#include <optional>

#include "base/registry.h"
#include "base/types.h"
#include "dose/exponential.h"
#include "dose/rate_integral.h"

namespace thermodose {

namespace {

constexpr double kGas = 8.314;                   // J/mol/K
constexpr double kCeiling = kZeroCelsius + 100;  // K
constexpr float kLargest = 46;                   // rates end at 1e20 1/s
constexpr const char* kOwn = "own";

struct Set {
  const char* name;
  double frequency;  ///< 1/s
  double energy;     ///< J/mol
  const char* source;
};

constexpr Set kSets[] = {
    {"liver", 7.39e39, 2.577e5, "Jacques; used by Mertyna 2009"},
    {"skin", 3.1e98, 6.28e5, "Henriques and Moritz"},
    {"retina", 3.1e99, 6.28e5, "Welch and Polhamus"},
    {"artery", 5.6e63, 4.3e5, "Agah, Pearce and Welch"},
    {"microvascular", 1.98e106, 6.67e5, "simulation of University of Costa Rica 2021"},
    {"slow_coagulation", 1.18e44, 3.02e5, "simulation of University of Costa Rica 2021"},
    {"bone", 1.0e98, 75000 * kGas, "Quarini 2006"},
};

/// A exp(-E_a / (R T)), 1/s.
struct ArrheniusRate {
  float log_frequency = 0;  ///< ln A
  float unit_rate_at = 0;   ///< T_1, degC

  float exponent(float celsius) const {
    constexpr auto kelvin = static_cast<float>(kZeroCelsius);
    const float g = log_frequency * (celsius - unit_rate_at) / (celsius + kelvin);
    return g < kLargest ? g : kLargest;
  }

  void means(const dose::WarmTile& tile, float* __restrict out) const {
    for (std::size_t i = 0; i < dose::kBlock; ++i) {
      const float g0 = exponent(tile.begin[i]);
      const float g1 = exponent(tile.end[i]);
      const float middle = exponent(0.5F * (tile.begin[i] + tile.end[i]));
      const float bend = (2.0F / 3) * (middle - 0.5F * (g0 + g1));
      out[i] = dose::mean_exp(g0, g1, bend);
    }
  }
};

std::vector<std::string> set_names() {
  std::vector<std::string> names;
  for (const Set& set : kSets) names.emplace_back(set.name);
  names.emplace_back(kOwn);
  return names;
}

std::string set_sources() {
  std::string out;
  for (const Set& set : kSets) {
    out += (out.empty() ? "" : "; ") + std::string(set.name) + ": " + set.source;
  }
  return out;
}

class Arrhenius : public DoseModel {
 public:
  void keys(Keys& k) override {
    k.text(key("set", "",
               "Parameters by name, or own with frequency_factor and activation_energy; bone: "
               "around setting cement.")
               .one_of(set_names())
               .optional()
               .source(set_sources()),
           set_);
    k.real(key("frequency_factor", "1/s", "A of an own set.").range(1e10, 1e300).optional(),
           frequency_);
    k.real(key("activation_energy", "J/mol", "E_a of an own set.").range(5e4, 2e6).optional(),
           energy_);
    k.real(key("counts_from", "degC",
               "Below this nothing counts: extrapolated to body temperature the sets find damage "
               "where there is none.")
               .range(0, 100)
               .optional(),
           floor_);
  }

  std::vector<std::string> check() const override {
    std::vector<std::string> problems;
    const bool own = set_ == kOwn;
    const auto must = [&](const char* name, bool given) {
      if (own && !given) problems.push_back(std::string(name) + ": is needed with set: own");
      if (!own && given) problems.push_back(std::string(name) + ": goes with set: own only");
    };
    must("frequency_factor", frequency_.has_value());
    must("activation_energy", energy_.has_value());
    return problems;
  }

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double time) override {
    double frequency = frequency_.value_or(1);
    double energy = energy_.value_or(0);
    for (const Set& set : kSets) {
      if (set_ != set.name) continue;
      frequency = set.frequency;
      energy = set.energy;
    }
    ArrheniusRate rate;
    rate.log_frequency = static_cast<float>(std::log(frequency));
    rate.unit_rate_at = static_cast<float>(energy / (kGas * std::log(frequency)) - kZeroCelsius);
    omega_.start(rate, nodes, laws, all, initial, time, floor_, std::max(kCeiling, floor_));
  }

  void advance(const DoseStep& step) override { omega_.advance(step); }

  std::vector<DoseField> fields() const override {
    return {{"omega_" + set_, "1", "Arrhenius integral of damage by heat."},
            {"damage_" + set_, "1", "Share damaged by heat, 1 - exp(-omega)."}};
  }

  std::vector<float> values(std::size_t index, double time) const override {
    return omega_.values(time, Measure{index});
  }
  void look(std::size_t index, double /*time*/, const std::vector<NodeRun>& runs,
            std::vector<float>& field) const override {
    omega_.look(runs, field, Measure{index});
  }

 private:
  struct Measure {
    std::size_t index;
    double operator()(double omega) const { return index == 0 ? omega : -std::expm1(-omega); }
  };

  std::string set_ = "liver";
  std::optional<double> frequency_;   ///< 1/s
  std::optional<double> energy_;      ///< J/mol
  double floor_ = kZeroCelsius + 43;  ///< K
  dose::RateIntegral<ArrheniusRate> omega_;
};

THERMODOSE_REGISTER("dose", "arrhenius", Arrhenius,
                    "Damage by heat as an Arrhenius rate process: the integral Omega and the "
                    "damaged share 1 - exp(-Omega), by named parameter sets.");

}  // namespace
}  // namespace thermodose
