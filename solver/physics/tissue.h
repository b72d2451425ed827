// One tissue or other material: its thermal properties and the laws they follow.
// Implements: registry "material", entry "tissue". With f the unfrozen fraction,
//   C(T) = rho [(1 - f) c_frozen + f c(T)] + rho L df/dT                      [J/m3/K]
//   H(T) = int_{T_ref}^{T} C dT                                               [J/m3]
//   k(T) = (1 - f) k_frozen(T) + f k(T), or k_frozen^(1-f) k^f (geometric)    [W/m/K]
//   S(T) = p(T, f) [W (T_a - T) + Q_m]                                        [W/m3]
// Outside [min_temperature, max_temperature] C, k and p keep their values at the nearer end.
// The density is that of the unfrozen material at 37 degC throughout: a fixed grid holds no
// expansion, and enthalpy per volume is then conserved exactly.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/keys.h"
#include "base/types.h"
#include "physics/tissue_laws.h"

namespace thermodose {

/// Data as the user states them (SI), and the evaluated laws. `check()` must be empty before the
/// laws are evaluated.
class Tissue : public Configurable {
 public:
  Tissue();  ///< Optional laws by their default entries; `freezing_law` null until it is chosen.

  std::string title;                 ///< what the material is, one line, may be empty
  std::string notes;                 ///< what a reader of the data should know, may be empty
  std::vector<std::string> caveats;  ///< what a run must warn of
  double density = 0;                ///< kg/m3
  double heat_capacity = 0;          ///< J/kg/K at 37 degC, unfrozen
  double conductivity_37 = 0;        ///< W/m/K at 37 degC, unfrozen
  std::optional<double> frozen_heat_capacity;  ///< J/kg/K
  std::optional<double> frozen_conductivity;   ///< W/m/K
  std::string conductivity_law_name, capacity_law_name, frozen_conductivity_law_name;
  std::string freezing_law_name, perfusion_law_name;
  std::shared_ptr<Configurable> conductivity_law, capacity_law, frozen_conductivity_law;
  std::shared_ptr<Configurable> freezing_law, perfusion_law;
  std::string mushy_conductivity = "linear";    ///< "linear" or "geometric" in f
  TaggedReal perfusion{0, "1/s"};               ///< see perfusion_units()
  TaggedReal metabolic_heat{0, "W/m3"};         ///< "W/kg" or "W/m3"
  std::optional<double> arterial_temperature;   ///< K
  double blood_density = 1049.75;               ///< kg/m3, converts a volume flow of blood
  double blood_heat_capacity = 3617;            ///< J/kg/K, converts a flow of blood
  double min_temperature = kZeroCelsius - 200;  ///< K
  double max_temperature = kZeroCelsius + 100;  ///< K

  void keys(Keys& k) override;
  std::vector<std::string> check() const override;

  /// Units in which perfusion may be stated; the first is preferred.
  static const std::vector<std::string>& perfusion_units();

  /// W, W/m3/K, from the stated perfusion:
  ///   W/m3/K: itself;  kg/m3/s: w c_b;  1/s: w rho_b c_b;  mL/min/kg, mL/min/100g: w rho rho_b c_b
  double perfusion_coefficient() const;
  /// Q_m, W/m3, from the stated metabolic heat.
  double metabolic_power() const;

  bool freezes() const;
  /// Liquidus - solidus, K; infinite when it does not freeze.
  double freezing_width() const;
  double unfrozen_fraction(double temperature) const;
  double conductivity(double temperature) const;       ///< W/m/K
  double sensible_capacity(double temperature) const;  ///< J/m3/K, without latent heat
  double capacity(double temperature) const;           ///< J/m3/K, at a kink the value above
  double perfusion_factor(double temperature) const;   ///< p, 0..1
  double source(double temperature) const;             ///< W/m3
  /// H(T) relative to `reference`, J/m3. Exact for heat capacities that are piecewise polynomials
  /// of degree up to 9 in T.
  double enthalpy(double temperature, double reference) const;
  /// int k dT from `from` to `to`, W/m, with the same quadrature.
  double conductivity_integral(double from, double to) const;
  /// Temperatures (K, increasing) where a law has a kink: those inside the validity range, and
  /// its two ends.
  std::vector<double> knots() const;

 private:
  void key_laws(Keys& k);
  void key_sources(Keys& k);
  void check_sources(std::vector<std::string>& problems) const;
  void check_freezing(std::vector<std::string>& problems) const;
  void check_signs(std::vector<std::string>& problems) const;
  double within(double temperature) const;
};

/// Values of the laws of one tissue on a list of temperatures.
struct TissueSamples {
  std::vector<double> temperature;   ///< K, as given
  std::vector<double> enthalpy;      ///< J/m3 relative to the reference
  std::vector<double> capacity;      ///< J/m3/K
  std::vector<double> conductivity;  ///< W/m/K
  std::vector<double> factor;        ///< perfusion factor, 0..1
  std::vector<double> source;        ///< W/m3
};

/// Evaluates all laws on a batch of temperatures (K).
TissueSamples sample(const Tissue& tissue, const std::vector<double>& temperatures,
                     double reference);

}  // namespace thermodose
