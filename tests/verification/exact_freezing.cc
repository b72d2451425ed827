// Implements: the marching solution declared in exact_freezing.h.
#include "verification/exact_freezing.h"

#include <cmath>
#include <stdexcept>
#include <utility>

#include "verification/exact_math.h"

namespace thermodose::exact {
namespace {

/// exp(x^2) psi(x) where dpsi/dx = -x^(1-d) exp(-x^2) and psi(infinity) = 0.
double scaled_psi(Symmetry symmetry, double x) {
  switch (symmetry) {
    case Symmetry::slab:
      return 0.5 * std::sqrt(kPi) * scaled_erfc(x);
    case Symmetry::cylinder:
      return 0.5 * scaled_exponential_integral(x * x);
    case Symmetry::sphere:
      return scaled_point_integral(x);
  }
  throw std::logic_error("unknown symmetry");
}

/// x^(d-1)
double area(Symmetry symmetry, double x) { return std::pow(x, static_cast<int>(symmetry) - 1); }

/// int_{x0}^{infinity} s^(1-d) exp(-s^2) ds, times x0^(d-1) exp(x0^2).
double scaled_gain_to_infinity(Symmetry symmetry, double x0) {
  return area(symmetry, x0) * scaled_psi(symmetry, x0);
}

/// int_{x0}^{x} s^(1-d) exp(-s^2) ds, times x0^(d-1) exp(x0^2).
double scaled_gain(Symmetry symmetry, double x0, double x) {
  const double outer = std::exp((x0 - x) * (x0 + x)) * scaled_psi(symmetry, x);
  return area(symmetry, x0) * (scaled_psi(symmetry, x0) - outer);
}

}  // namespace

SimilarityFreezing::SimilarityFreezing(const Drive& drive, std::vector<Zone> zones,
                                       const Phase& unfrozen)
    : drive_(drive), zones_(std::move(zones)), unfrozen_(unfrozen) {
  if (zones_.empty()) throw std::domain_error("SimilarityFreezing: no frozen zone");
  starts_.resize(zones_.size() + 1);
  const double unit = 2 * std::sqrt(phase(0).diffusivity());
  // The nearer the first front, the steeper the gradient there and the warmer the far end.
  const double log_eta = find_root([this](double s) { return march(std::exp(s)); },
                                   {std::log(1e-9 * unit), std::log(20 * unit)});
  march(std::exp(log_eta));
}

double SimilarityFreezing::march(double eta) {
  const double x = eta / (2 * std::sqrt(phase(0).diffusivity()));
  const double decay = std::exp(-x * x);
  Start& first = starts_[0];
  first = {eta, zones_[0].upper, 0};
  if (drive_.symmetry == Symmetry::slab) {
    const double span = zones_[0].upper - drive_.strength;
    first.slope = span * decay * 2 * x / (std::sqrt(kPi) * std::erf(x) * eta);
  } else {
    const double solid_angle = drive_.symmetry == Symmetry::cylinder ? 2 * kPi : 4 * kPi;
    first.slope = drive_.strength / solid_angle * decay / (area(drive_.symmetry, eta) * phase(0).k);
  }
  double end = eta, inner = first.slope;
  for (std::size_t j = 1;; ++j) {
    const double unit = 2 * std::sqrt(phase(j).diffusivity());
    const double flux_in = phase(j - 1).k * inner - zones_[j - 1].latent * end / 2;
    const Start start{end, zones_[j - 1].upper, flux_in / phase(j).k};
    starts_[j] = start;
    const double far = start.temperature +
                       start.slope * unit * scaled_gain_to_infinity(drive_.symmetry, end / unit);
    // A zone that never reaches its upper end: the first front is too far out, the result negative.
    if (j == zones_.size() || far <= zones_[j].upper) return far - drive_.initial;
    const auto short_of_upper = [&](double e) {
      return start.temperature + rise(j, start, e) - zones_[j].upper;
    };
    end = find_root(short_of_upper, {end, end + 60 * unit});
    inner = slope(j, start, end);
  }
}

double SimilarityFreezing::rise(std::size_t j, const Start& start, double eta) const {
  const double unit = 2 * std::sqrt(phase(j).diffusivity());
  return start.slope * unit * scaled_gain(drive_.symmetry, start.eta / unit, eta / unit);
}

double SimilarityFreezing::slope(std::size_t j, const Start& start, double eta) const {
  const double unit = 2 * std::sqrt(phase(j).diffusivity());
  const double x0 = start.eta / unit, x = eta / unit;
  return start.slope * std::exp((x0 - x) * (x0 + x)) * area(drive_.symmetry, x0 / x);
}

std::size_t SimilarityFreezing::zone(double eta) const {
  std::size_t j = 0;
  while (j < zones_.size() && eta > starts_[j + 1].eta) ++j;
  return j;
}

double SimilarityFreezing::front(std::size_t j, double t) const {
  return starts_.at(j + 1).eta * std::sqrt(t);
}

double SimilarityFreezing::lambda(std::size_t j) const {
  return starts_.at(j + 1).eta / (2 * std::sqrt(phase(0).diffusivity()));
}

double SimilarityFreezing::temperature(double r, double t) const {
  const double eta = r / std::sqrt(t);
  const std::size_t j = zone(eta);
  const Start& start = starts_[j];
  if (j == 0 && drive_.symmetry == Symmetry::slab) {
    const double unit = 2 * std::sqrt(phase(0).diffusivity());
    return drive_.strength +
           (zones_[0].upper - drive_.strength) * std::erf(eta / unit) / std::erf(start.eta / unit);
  }
  return start.temperature + rise(j, start, eta);
}

double SimilarityFreezing::flux(double r, double t) const {
  const double eta = r / std::sqrt(t);
  const std::size_t j = zone(eta);
  return phase(j).k * slope(j, starts_[j], eta) / std::sqrt(t);
}

double SimilarityFreezing::position(double temperature_wanted, double t) const {
  const double outer = 60 * std::sqrt(unfrozen_.diffusivity() * t);
  const double inner = 1e-9 * front(0, t);
  return find_root([&](double r) { return temperature(r, t) - temperature_wanted; },
                   {inner, outer});
}

}  // namespace thermodose::exact
