// Implements: the solutions declared in exact_layers.h.
#include "verification/exact_layers.h"

#include <cmath>
#include <utility>

#include "verification/exact_math.h"

namespace thermodose::exact {

double Body::effusivity() const { return std::sqrt(phase.k * phase.rho_c); }

double TwoBodies::rate() const {
  return conductance_ * (1 / first_.effusivity() + 1 / second_.effusivity());
}

double TwoBodies::in(const Body& body, const Body& other, double d, double t) const {
  const double share = other.effusivity() / (body.effusivity() + other.effusivity());
  const double xi = d / (2 * std::sqrt(body.phase.diffusivity() * t));
  const double lag = std::exp(-xi * xi) * scaled_erfc(xi + rate() * std::sqrt(t));
  return body.initial + (other.initial - body.initial) * share * (std::erfc(xi) - lag);
}

double TwoBodies::flux(double t) const {
  return conductance_ * (second_.initial - first_.initial) * scaled_erfc(rate() * std::sqrt(t));
}

SteadyStack::State SteadyStack::advance(const Layer& layer, State state, double distance) {
  if (layer.w == 0) {
    return {state.excess + (state.flux - layer.source * distance / 2) * distance / layer.k,
            state.flux - layer.source * distance};
  }
  const double m = std::sqrt(layer.w / layer.k);
  const double level = layer.source / layer.w;
  const double c = std::cosh(m * distance), s = std::sinh(m * distance);
  return {level + (state.excess - level) * c + state.flux * s / (layer.k * m),
          (state.excess - level) * layer.k * m * s + state.flux * c};
}

SteadyStack::SteadyStack(std::vector<Layer> layers, double excess_begin, double excess_end)
    : layers_(std::move(layers)) {
  double length = 0;
  for (const Layer& layer : layers_) length += layer.thickness;
  // The end value is affine in the flux at the beginning.
  begin_ = {excess_begin, 0};
  const double without = state(length).excess;
  begin_.flux = 1;
  const double with = state(length).excess;
  begin_.flux = (excess_end - without) / (with - without);
}

SteadyStack::State SteadyStack::state(double y) const {
  State now = begin_;
  for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
    if (y <= layers_[i].thickness) return advance(layers_[i], now, y);
    now = advance(layers_[i], now, layers_[i].thickness);
    now.excess += now.flux / layers_[i].contact;
    y -= layers_[i].thickness;
  }
  return advance(layers_.back(), now, y);
}

double SteadyStack::at(double y) const { return state(y).excess; }

double SteadyStack::flux(double y) const { return state(y).flux; }

}  // namespace thermodose::exact
