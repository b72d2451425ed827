// Implements: the solutions declared in exact_pennes.h.
#include "verification/exact_pennes.h"

#include <cmath>

#include "verification/exact_math.h"

namespace thermodose::exact {
namespace {

/// 1/2 {exp(-d/L) erfc[x - b] + exp(d/L) erfc[x + b]}, x = d/(2 sqrt(alpha t)), b = sqrt(W t/rho
/// c): the response at distance d of the perfused half-line to a unit step. d/L = 2 x b.
double step_response(const Tissue& tissue, double distance, double t) {
  const double x = distance / (2 * std::sqrt(tissue.diffusivity() * t));
  const double b = std::sqrt(tissue.rate() * t);
  const double rising = std::exp(-x * x - b * b) * scaled_erfc(x + b);
  const double falling = std::exp(-2 * x * b) * std::erfc(x - b);
  return 0.5 * (falling + rising);
}

}  // namespace

double Tissue::length() const { return std::sqrt(k / w); }

double PennesSlab::steady(double y) const {
  const double m = 1 / tissue.length();
  const double level = source / tissue.w;
  const double slope = end_excess + level * (std::cosh(m * thickness) - 1);
  return level * (1 - std::cosh(m * y)) + slope * std::sinh(m * y) / std::sinh(m * thickness);
}

double PennesSlab::at(double y, double t) const {
  double sum = steady(y);
  for (int n = 1;; ++n) {
    const double wave = n * kPi / thickness;
    const double decay = (tissue.diffusivity() * wave * wave + tissue.rate()) * t;
    if (decay > 745) return sum;
    // k T'' = W T - Q integrated twice by parts against sin(wave y).
    const double sign = n % 2 == 0 ? 1 : -1;
    const double moment = (source * (1 - sign) / wave - tissue.k * wave * end_excess * sign) /
                          (tissue.w + tissue.k * wave * wave);
    sum -= 2 / thickness * moment * std::sin(wave * y) * std::exp(-decay);
  }
}

double HeldSphere::at(double r, double t) const {
  return surface_excess * radius / r * step_response(tissue, r - radius, t);
}

double HeldSphere::steady(double r) const {
  return surface_excess * radius / r * std::exp(-(r - radius) / tissue.length());
}

double HeldSphere::steady_power() const {
  return 4 * kPi * tissue.k * radius * surface_excess * (1 + radius / tissue.length());
}

double PointSource::at(double r, double t) const {
  return power / (4 * kPi * tissue.k * r) * step_response(tissue, r, t);
}

double PointSource::steady(double r) const {
  return power / (4 * kPi * tissue.k * r) * std::exp(-r / tissue.length());
}

double LineSource::at(double r, double t) const {
  const double a = r * r / (4 * tissue.diffusivity());
  const double b = tissue.rate();
  // int_0^t exp(-b u - a/u) du/u with u = exp(s); 45 e-folds below the upper end nothing is left.
  const double first = a / (a / t + 45);
  const auto integrand = [a, b](double s) {
    const double u = std::exp(s);
    return std::exp(-b * u - a / u);
  };
  return power / (4 * kPi * tissue.k) * integrate(integrand, {std::log(first), std::log(t)});
}

double LineSource::steady(double r) const {
  return power / (2 * kPi * tissue.k) * std::cyl_bessel_k(0.0, r / tissue.length());
}

}  // namespace thermodose::exact
