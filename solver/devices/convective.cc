// Implements: shaft law "convective": q = h(s) (T_cryogen - T) on the active length (Robin), with h
// varying along it. Etheridge 2013 (J Biomech Eng 135:021002, doi 10.1115/1.4023237) found this the
// best boundary for a measured phantom: sensitive to the axial variation of h, weakly to T_cryogen.
#include "base/registry.h"
#include "devices/controlled_law.h"

namespace thermodose {

namespace {

class Convective : public ControlledLaw {
 public:
  void keys(Keys& k) override {
    k.real(key("cryogen_temperature", "degC", "Temperature of the cryogen at full power.")
               .range(-200, 0),
           cryogen_temperature_);
    k.real(key("coefficient", "W/m2/K",
               "Heat-transfer coefficient h of a freeze, referred to the "
               "outer surface of the active length.")
               .range(1, 1e6),
           coefficient_);
    k.curve(key("profile", "1", "h(s) / h along the active length; default 1 everywhere.")
                .range(0, 100)
                .optional(),
            key("fraction", "1", "Fraction of the active length from its tip side, 0 to 1.")
                .range(0, 1),
            profile_);
    fall_.keys(k);
    k.real(key("thaw_coefficient", "W/m2/K", "Heat-transfer coefficient of an active thaw.")
               .range(1, 1e6),
           thaw_coefficient_);
    control_keys(k);
  }

  std::vector<std::string> check() const override { return check_control("cryogen_temperature"); }

  double profile(double s) const override {
    return profile_.empty() ? 1 : interpolate(profile_, s);
  }

 protected:
  double full_temperature() const override { return cryogen_temperature_; }
  double progress(double elapsed) const override { return fall_.progress(elapsed); }
  std::vector<double> progress_corners() const override { return fall_.corners(); }
  SurfaceCondition condition(double temperature, ProbeMode mode) const override {
    const double h = mode == ProbeMode::freeze ? coefficient_ : thaw_coefficient_;
    return {SurfaceCondition::Kind::convective, temperature, h};
  }

 private:
  double cryogen_temperature_ = 0;  ///< K
  double coefficient_ = 0;          ///< W/m2/K
  double thaw_coefficient_ = 0;     ///< W/m2/K
  std::vector<std::pair<double, double>> profile_;
  Fall fall_;
};

THERMODOSE_REGISTER(
    "shaft_law", "convective", Convective,
    "Convection to a cryogen: q = h(s) (T_c - T), T_c falling to T_off + d (T_cryogen - T_off) at "
    "power d, linearly or exponentially; zero flux in a passive thaw; fluid at the thaw "
    "temperature with its own coefficient in an active thaw (Etheridge 2013).");

}  // namespace
}  // namespace thermodose
