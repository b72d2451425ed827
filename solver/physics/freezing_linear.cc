// Implements: freezing over a range, f = (T - solidus)/(liquidus - solidus) clamped to 0..1, the
// latent heat released linearly over it.
#include <algorithm>
#include <optional>
#include <string>

#include "base/registry.h"
#include "base/types.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

constexpr double kLatentHeatOfWater = 334e3;  // J/kg
constexpr double kSmallestRange = 1e-3;       // K

class LinearFreezing final : public FreezingLaw {
 public:
  void keys(Keys& k) override {
    k.real(key("solidus", "degC", "Temperature below which everything is frozen."), solidus_);
    k.real(key("liquidus", "degC", "Temperature above which nothing is frozen."), liquidus_);
    k.real(key("latent_heat", "kJ/kg",
               "Heat of fusion per mass of tissue; give this or water_fraction.")
               .range(0, 400)
               .optional(),
           latent_heat_);
    k.real(key("water_fraction", "1",
               "Mass of freezable water per mass of tissue; the heat of fusion is this times 334 "
               "kJ/kg.")
               .range(0, 1)
               .optional(),
           water_fraction_);
  }
  std::vector<std::string> check() const override {
    std::vector<std::string> problems;
    if (!(liquidus_ - solidus_ >= kSmallestRange))
      problems.emplace_back("liquidus: must be above solidus by at least 0.001 K");
    if (latent_heat_.has_value() == water_fraction_.has_value())
      problems.emplace_back("latent_heat: give either latent_heat or water_fraction");
    return problems;
  }
  void knots(std::vector<double>& temperatures) const override {
    temperatures.insert(temperatures.end(), {solidus_, liquidus_});
  }
  bool freezes() const override { return true; }
  double unfrozen_fraction(double temperature) const override {
    return std::clamp((temperature - solidus_) / (liquidus_ - solidus_), 0.0, 1.0);
  }
  double unfrozen_slope(double temperature) const override {
    const bool mushy = solidus_ <= temperature && temperature < liquidus_;
    return mushy ? 1 / (liquidus_ - solidus_) : 0;
  }
  double latent_heat() const override {
    return latent_heat_ ? *latent_heat_ : kLatentHeatOfWater * water_fraction_.value_or(0);
  }
  double solidus() const override { return solidus_; }
  double liquidus() const override { return liquidus_; }

 private:
  double solidus_ = 0, liquidus_ = 0;  // K
  std::optional<double> latent_heat_;  // J/kg
  std::optional<double> water_fraction_;
};

THERMODOSE_REGISTER("freezing", "linear", LinearFreezing,
                    "Unfrozen fraction f = (T - solidus)/(liquidus - solidus), 0 below and 1 "
                    "above; the latent heat (per mass, or water fraction times 334 kJ/kg) is "
                    "released in proportion.");

}  // namespace
}  // namespace thermodose
