// Implements: shaft law "surface_temperature": the surface of the active length has a prescribed
// temperature (Dirichlet) that falls linearly or exponentially to its end temperature.
#include "base/registry.h"
#include "devices/controlled_law.h"

namespace thermodose {

namespace {

class SurfaceTemperature : public ControlledLaw {
 public:
  void keys(Keys& k) override {
    k.real(key("end_temperature", "degC",
               "Surface temperature that a long freeze at full power "
               "reaches.")
               .range(-200, 0),
           end_temperature_);
    fall_.keys(k);
    control_keys(k);
  }
  std::vector<std::string> check() const override { return check_control("end_temperature"); }

 protected:
  double full_temperature() const override { return end_temperature_; }
  double progress(double elapsed) const override { return fall_.progress(elapsed); }
  std::vector<double> progress_corners() const override { return fall_.corners(); }
  SurfaceCondition condition(double temperature, ProbeMode /*mode*/) const override {
    return {SurfaceCondition::Kind::temperature, temperature, 0};
  }

 private:
  double end_temperature_ = 0;  ///< K
  Fall fall_;
};

THERMODOSE_REGISTER(
    "shaft_law", "surface_temperature", SurfaceTemperature,
    "Prescribed surface temperature: from where it is to T_off + d (T_end - T_off) at power d, "
    "linearly in fall_time or as 1 - exp(-t / fall_time); zero flux in a passive thaw; the thaw "
    "temperature in an active thaw.");

}  // namespace
}  // namespace thermodose
