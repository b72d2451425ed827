// Exact solutions for layers in contact.
// Implements: two semi-infinite bodies that touch, directly or through a massless layer of
// conductance h (Carslaw and Jaeger 1959, Conduction of Heat in Solids, 2.15-2.16 and 12.8), and
// the steady temperature in a stack of perfused slabs with contact conductances between them.
#pragma once

#include <vector>

#include "verification/exact_freezing.h"

namespace thermodose::exact {

/// A semi-infinite body and its initial temperature.
struct Body {
  Phase phase;
  double initial;  ///< K

  double effusivity() const;  ///< sqrt(k rho c), W sqrt(s)/m2/K
};

/// Bodies that touch from t = 0 on through a layer of `conductance` h, W/m2/K, without heat
/// capacity:
///   T_1 = T_1i + (T_2i - T_1i) e2/(e1 + e2) {erfc(xi) - exp(-xi^2) erfcx(xi + B sqrt(t))},
///   xi = d/(2 sqrt(a1 t)), B = h (1/e1 + 1/e2); h = infinity is perfect contact.
class TwoBodies {
 public:
  TwoBodies(const Body& first, const Body& second, double conductance)
      : first_(first), second_(second), conductance_(conductance) {}

  /// Temperature of the first / second body at distance d >= 0 from the contact, K.
  double first(double d, double t) const { return in(first_, second_, d, t); }
  double second(double d, double t) const { return in(second_, first_, d, t); }
  /// Heat flux from the second to the first body, W/m2.
  double flux(double t) const;

 private:
  double in(const Body& body, const Body& other, double d, double t) const;
  double rate() const;  ///< B, 1/sqrt(s)

  Body first_, second_;
  double conductance_;
};

/// One slab of a stack.
struct Layer {
  double thickness;  ///< m
  double k;          ///< W/m/K
  double w;          ///< perfusion coefficient, W/m3/K (0 allowed)
  double source;     ///< W/m3
  double contact;    ///< conductance to the next layer, W/m2/K; infinity when perfect
};

/// Steady k T'' = W T - Q in every layer, excess temperature given at both ends. The transfer
/// matrices grow as exp(thickness sqrt(W/k)); stacks up to 15 such lengths keep ten digits.
class SteadyStack {
 public:
  SteadyStack(std::vector<Layer> layers, double excess_begin, double excess_end);

  /// Excess temperature at distance y from the beginning, K (inside side at a contact).
  double at(double y) const;
  /// k dT/dy at y, W/m2.
  double flux(double y) const;

 private:
  struct State {
    double excess, flux;
  };
  static State advance(const Layer& layer, State state, double distance);
  State state(double y) const;

  std::vector<Layer> layers_;
  State begin_{};
};

}  // namespace thermodose::exact
