// What an implicit integrator needs beyond HeatSystem.
// Implements: the semi-discrete balance at one instant and its derivative,
//   V dH/dt = Q(H, t),   J = -dQ/dx,   x_i = the own Kirchhoff variable of node i (dx = k dT),
// in which conduction of one tissue is symmetric: J = K - diag(V dS/dx) + exchange. With several
// tissues it is symmetric up to the cells where they meet.
#pragma once

#include <vector>

#include "fem/heat_system.h"

namespace thermodose {

class ImplicitSystem {
 public:
  virtual ~ImplicitSystem() = default;

  virtual HeatSystem<double>& system() = 0;
  /// 1 at nodes that the equations determine, 0 at prescribed and hanging ones; for the modes of
  /// the last begin_step.
  virtual const std::vector<char>& free_nodes() const = 0;
  /// Law of node i.
  virtual const SegmentLaw& law(std::size_t i) const = 0;
  /// Q at y and time t, W, at free nodes; elsewhere 0.
  virtual void heat(double t, const double* y, double* q) = 0;
  /// Fixes J at the state of the last heat(). `enthalpy`: the side of a break of a law from which
  /// derivatives are taken (the state itself, pushed off its breaks).
  virtual void linearise(const double* enthalpy) = 0;
  /// out = J x at free nodes for x that vanishes elsewhere; 0 elsewhere.
  virtual void apply(const double* x, double* out) = 0;
  virtual void diagonal(double* out) const = 0;
  /// True when J is symmetric.
  virtual bool symmetric() const = 0;
  /// Heat booked over an implicit step with
  ///   scale (E_new) = dt Q_new + carry E_old    for every cause,
  /// the recursion of the step formula; E_old of the step before, or zero with `restart`. Takes
  /// the rates of the last heat(). `y_begin`, `y_end`: states of the step.
  virtual HeatLedger book(double scale, double carry, double dt, bool restart,
                          const double* y_begin, const double* y_end) = 0;
  /// The step just booked was rejected.
  virtual void unbook() = 0;
};

}  // namespace thermodose
