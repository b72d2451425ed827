// Implements: k_frozen(T) = stated * T_r / T, the shape of the conductivity of ice.
#include <algorithm>
#include <string>

#include "base/registry.h"
#include "base/types.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

class IceShapeConductivity final : public FrozenConductivityLaw {
 public:
  void keys(Keys& k) override {
    k.real(key("reference_temperature", "degC",
               "Temperature at which the frozen conductivity is stated; held above.")
               .optional(),
           reference_);
    k.real(key("lower_limit", "degC", "Below this temperature the conductivity is held.")
               .optional()
               .source("ice law 2.22 (273.15 K/T), used from 0 to -150 degC in the "
                       "Cryoablation-Dosimetry code"),
           lower_);
  }
  std::vector<std::string> check() const override {
    if (0 < lower_ && lower_ < reference_) return {};
    return {"lower_limit: must be below reference_temperature"};
  }
  void knots(std::vector<double>& temperatures) const override {
    temperatures.insert(temperatures.end(), {lower_, reference_});
  }
  double conductivity(double temperature, double stated) const override {
    return stated * reference_ / std::clamp(temperature, lower_, reference_);
  }

 private:
  double reference_ = kZeroCelsius - 8;  // K
  double lower_ = kZeroCelsius - 150;    // K
};

THERMODOSE_REGISTER("frozen_conductivity", "ice_shape", IceShapeConductivity,
                    "k_frozen(T) = stated value times T_r/T in K, T_r = reference_temperature "
                    "(default -8 degC), held above T_r and below lower_limit (default -150 degC): "
                    "the shape of the conductivity of ice.");

}  // namespace
}  // namespace thermodose
