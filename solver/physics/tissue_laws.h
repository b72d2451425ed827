// Laws that a tissue is composed of, as interfaces.
// Implements: what the registries "conductivity", "capacity", "frozen_conductivity", "freezing"
// and "perfusion" hold. Every law is a pure function of the temperature in K; `knots` names the
// temperatures where it is not smooth, so that integrals and piecewise forms break there.
#pragma once

#include <vector>

#include "base/keys.h"

namespace thermodose {

/// 37 degC in K: the temperature at which the unfrozen properties of a tissue are stated.
inline constexpr double kBodyTemperature = 310.15;

/// True when two kinks are one: conversions to kelvin leave round-off between equal temperatures.
inline bool nearly_equal_kinks(double a, double b) { return b - a < 1e-9 && a - b < 1e-9; }

/// A law of temperature; continuous, and smooth between its knots.
class TemperatureLaw : public Configurable {
 public:
  /// Appends the temperatures (K) where the law has a kink.
  virtual void knots(std::vector<double>& temperatures) const = 0;
};

/// Registry "conductivity": k(T) of unfrozen tissue, W/m/K, with k(37 degC) = k37.
class ConductivityLaw : public TemperatureLaw {
 public:
  virtual double conductivity(double temperature, double k37) const = 0;
};

/// Registry "capacity": c(T) of unfrozen tissue, J/kg/K, with c(37 degC) = c37.
class CapacityLaw : public TemperatureLaw {
 public:
  virtual double capacity(double temperature, double c37) const = 0;
};

/// Registry "frozen_conductivity": k(T) of fully frozen tissue, W/m/K, from its stated value.
class FrozenConductivityLaw : public TemperatureLaw {
 public:
  virtual double conductivity(double temperature, double stated) const = 0;
};

/// Registry "freezing": the unfrozen fraction f(T), 0..1, never decreasing with T. The latent
/// heat released so far is (1 - f) latent_heat().
class FreezingLaw : public TemperatureLaw {
 public:
  /// False when the material does not freeze in the range of its laws.
  virtual bool freezes() const = 0;
  virtual double unfrozen_fraction(double temperature) const = 0;
  /// df/dT, 1/K; at a kink the value above it.
  virtual double unfrozen_slope(double temperature) const = 0;
  virtual double latent_heat() const = 0;  ///< J/kg
  virtual double solidus() const = 0;      ///< K, f = 0 at and below (when it freezes)
  virtual double liquidus() const = 0;     ///< K, f = 1 at and above (when it freezes)
};

/// Registry "perfusion": factor p(T, f), 0..1, on perfusion and metabolic heat.
class PerfusionLaw : public TemperatureLaw {
 public:
  virtual double factor(double temperature, double unfrozen_fraction) const = 0;
};

}  // namespace thermodose
