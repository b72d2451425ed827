// Implements: k(T) = k37 + slope (T - 37 degC), held outside [lower_limit, upper_limit].
#include <algorithm>
#include <string>

#include "base/registry.h"
#include "base/types.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

class LinearLimitedConductivity final : public ConductivityLaw {
 public:
  void keys(Keys& k) override {
    k.real(key("slope", "W/m/K2", "Change of the conductivity per kelvin.")
               .source("liver above 37 degC: 0 to 0.0033 W/m/K2, Hall et al. 2015, Int J "
                       "Hyperthermia 31:538 and the MITA-model code"),
           slope_);
    k.real(
        key("lower_limit", "degC", "Below this temperature the conductivity is held.").optional(),
        lower_);
    k.real(
        key("upper_limit", "degC", "Above this temperature the conductivity is held.").optional(),
        upper_);
  }
  std::vector<std::string> check() const override {
    if (lower_ <= kBodyTemperature && kBodyTemperature <= upper_ && lower_ < upper_) return {};
    return {
        "lower_limit: 37 degC must lie between lower_limit and upper_limit, because the "
        "conductivity of the material is stated there"};
  }
  void knots(std::vector<double>& temperatures) const override {
    temperatures.insert(temperatures.end(), {lower_, upper_});
  }
  double conductivity(double temperature, double k37) const override {
    return k37 + slope_ * (std::clamp(temperature, lower_, upper_) - kBodyTemperature);
  }

 private:
  double slope_ = 0;                   // W/m/K2
  double lower_ = kBodyTemperature;    // K
  double upper_ = kZeroCelsius + 100;  // K
};

THERMODOSE_REGISTER("conductivity", "linear_limited", LinearLimitedConductivity,
                    "k(T) = k(37 degC) + slope (T - 37 degC), held at its values at lower_limit "
                    "(default 37 degC) and upper_limit (default 100 degC) outside them. Hall et "
                    "al. 2015, Int J Hyperthermia 31:538.");

}  // namespace
}  // namespace thermodose
