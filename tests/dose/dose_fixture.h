// Implements: what the tests of dose models share: two tissue laws with a known T(H), fields of
// enthalpy made from temperatures, and models from the registry.
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/registry.h"
#include "base/types.h"
#include "devices/key_setter.h"
#include "dose/dose_model.h"

namespace thermodose::test {

inline double degc(double celsius) { return kZeroCelsius + celsius; }

/// T = T_ref + H / C above H_freeze, steeper by 2 below: a law with a kink, exact to invert.
inline SegmentLaw kinked_law(double capacity, double reference_celsius,
                             const std::string& material = "") {
  const double inf = std::numeric_limits<double>::infinity();
  SegmentLaw law;
  law.material = material;
  law.reference_temperature = degc(reference_celsius);
  const double kink = -capacity * reference_celsius;  // at 0 degC
  law.segments = {{-inf, kink, kink, 2 / capacity, 0, 0, 0, 0},
                  {kink, inf, 0, 1 / capacity, 0, 0, 0, 0}};
  return law;
}

inline std::shared_ptr<DoseModel> dose_model(const std::string& name, const Values& values = {}) {
  const auto* entry = registry::find("dose", name);
  if (entry == nullptr) throw std::logic_error("no dose model " + name);
  auto model = std::dynamic_pointer_cast<DoseModel>(entry->make());
  set_keys(*model, values);
  return model;
}

/// Values for every registered model; a new model must be added here to pass the contract.
inline std::map<std::string, Values> known_models() {
  std::map<std::string, Values> out;
  out["temperature_extremes"] = {};
  out["time_below"].reals = {{"temperature", degc(-20)}};
  out["freeze_count"] = {};
  out["freeze_kill"] = {};
  out["cem43"] = {};
  out["arrhenius"] = {};
  out["three_state"] = {};
  out["rates"].reals = {{"low", degc(-40)}, {"high", degc(0)}};
  out["safety_band"] = {};
  out["lethal_cold"].named["tissues"]["firm"] = {{"threshold", degc(-20)}};
  out["lethal_heat"].named["tissues"]["firm"] = {{"threshold", 100 * 60}};
  return out;
}

/// Runs one model over temperatures in degC, in precision Real.
template <class Real>
class Driver {
 public:
  /// `runs` must cover all nodes.
  Driver(std::shared_ptr<DoseModel> model, std::vector<NodeRun> runs,
         const std::vector<double>& celsius, double time = 0)
      : Driver(std::move(model), {kinked_law(3.6e6, 37, "soft"), kinked_law(2e6, 20, "firm")},
               std::move(runs), celsius, time) {}

  Driver(std::shared_ptr<DoseModel> model, std::vector<SegmentLaw> laws, std::vector<NodeRun> runs,
         const std::vector<double>& celsius, double time = 0)
      : laws_(std::move(laws)),
        all_(std::move(runs)),
        model_(std::move(model)),
        now_(enthalpies(celsius)),
        time_(time) {
    model_->start(now_.size(), laws_, all_, view(now_), time);
  }

  /// One step to new temperatures, over `runs` (default: all).
  void step(double duration, const std::vector<double>& celsius,
            const std::vector<NodeRun>* runs = nullptr) {
    const std::vector<Real> after = enthalpies(celsius);
    const DoseStep step{time_, time_ + duration, view(now_), view(after),
                        runs != nullptr ? runs : &all_};
    model_->advance(step);
    now_ = after;
    time_ += duration;
  }

  /// Sets temperatures between steps, as a prescribed node does when its probe switches.
  void jump(const std::vector<double>& celsius) { now_ = enthalpies(celsius); }

  std::vector<float> values(std::size_t index = 0) const { return model_->values(index, time_); }
  void look(std::size_t index, const std::vector<NodeRun>& runs, std::vector<float>& field) const {
    model_->look(index, time_, runs, field);
  }
  double time() const { return time_; }

 private:
  std::vector<Real> enthalpies(const std::vector<double>& celsius) const {
    std::vector<Real> out(celsius.size());
    for (const auto& run : all_) {
      for (std::size_t i = run.begin; i < run.end; ++i) {
        out[i] = static_cast<Real>(laws_[std::size_t(run.law)].enthalpy(degc(celsius[i])));
      }
    }
    return out;
  }
  static EnthalpyView view(const std::vector<Real>& values) {
    EnthalpyView out;
    if constexpr (std::is_same_v<Real, float>) {
      out.single = values.data();
    } else {
      out.twice = values.data();
    }
    return out;
  }

  std::vector<SegmentLaw> laws_;
  std::vector<NodeRun> all_;
  std::shared_ptr<DoseModel> model_;
  std::vector<Real> now_;
  double time_;
};

}  // namespace thermodose::test
