// Implements: perfusion and metabolic heat that fade linearly over a range of temperature.
#include <algorithm>

#include "base/registry.h"
#include "base/types.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

class StopsBelowPerfusion final : public PerfusionLaw {
 public:
  void keys(Keys& k) override {
    k.real(key("temperature", "degC", "Perfusion is full at and above this temperature.")
               .source("272 K with a width of 1 K in the Go-Smart cryoablation templates"),
           temperature_);
    k.real(key("width", "K", "Perfusion has stopped this far below.").range(1e-3, 100), width_);
  }
  void knots(std::vector<double>& temperatures) const override {
    temperatures.insert(temperatures.end(), {temperature_ - width_, temperature_});
  }
  double factor(double temperature, double) const override {
    return std::clamp((temperature - temperature_) / width_ + 1, 0.0, 1.0);
  }

 private:
  double temperature_ = kZeroCelsius;  // K
  double width_ = 1;                   // K
};

THERMODOSE_REGISTER("perfusion", "stops_below", StopsBelowPerfusion,
                    "p falls linearly from 1 at `temperature` to 0 at `temperature - width`.");

}  // namespace
}  // namespace thermodose
