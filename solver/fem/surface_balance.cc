// Implements: surface_balance.h.
#include "fem/surface_balance.h"

#include <algorithm>
#include <cmath>

namespace thermodose {

double surface_temperature(const SegmentLaw& law, double g, double mean, double a, double cryogen) {
  double low = law.min_temperature, high = law.max_temperature;
  double t = std::clamp(cryogen, low, high);
  for (int it = 0; it < 100; ++it) {
    const double h = law.enthalpy(t);
    const double defect = g * (law.kirchhoff(h) - mean) - a * (cryogen - t);
    double next = t - defect / (g * law.conductivity(h) + a);
    // Judged before the bracket: a step of round-off may lie just outside of it.
    if (std::abs(next - t) < 1e-13 * (1 + std::abs(t))) break;
    (defect > 0 ? high : low) = t;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    t = next;
  }
  return t;
}

SurfaceHeat station_heat(const SegmentLaw& law, const SurfaceCondition& condition, double g,
                         double a, double mean) {
  switch (condition.kind) {
    case SurfaceCondition::Kind::zero_flux:
      return {};
    case SurfaceCondition::Kind::temperature:
      return {g * (law.kirchhoff(law.enthalpy(condition.temperature)) - mean), -g};
    case SurfaceCondition::Kind::convective:
      break;
  }
  const double t = surface_temperature(law, g, mean, a, condition.temperature);
  const double k = law.conductivity(law.enthalpy(t));
  // The larger of the two differences has the more digits.
  const double heat =
      a > g * k ? g * (law.kirchhoff(law.enthalpy(t)) - mean) : a * (condition.temperature - t);
  return {heat, -a * g / (g * k + a)};
}

double station_temperature(const SegmentLaw& law, const SurfaceCondition& condition, double g,
                           double a, double mean, double touched) {
  switch (condition.kind) {
    case SurfaceCondition::Kind::zero_flux:
      return touched;
    case SurfaceCondition::Kind::temperature:
      return condition.temperature;
    case SurfaceCondition::Kind::convective:
      break;
  }
  return surface_temperature(law, g, mean, a, condition.temperature);
}

double profile_at(const std::vector<double>& profile, double s) {
  if (profile.empty()) return 1;
  if (profile.size() == 1) return profile.front();
  const double x = std::clamp(s, 0.0, 1.0) * static_cast<double>(profile.size() - 1);
  const auto i = std::min(static_cast<std::size_t>(x), profile.size() - 2);
  const double f = x - static_cast<double>(i);
  return (1 - f) * profile[i] + f * profile[i + 1];
}

}  // namespace thermodose
