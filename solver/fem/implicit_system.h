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
  /// Law of node i.
  virtual const SegmentLaw& law(std::size_t i) const = 0;
  /// 1 at nodes that the equations determine, 0 at prescribed and hanging ones; for the modes of
  /// the last begin_step.
  virtual const std::vector<char>& free_nodes() = 0;
  /// Counts the changes of the free nodes and of the surfaces that exchange heat.
  virtual long modes() const = 0;

  /// Q at y and time t, W, at free nodes; elsewhere 0.
  virtual void heat(double t, const double* y, double* q) = 0;
  /// Fixes J at y, the state of the last heat(). At a break of a law the piece above counts.
  virtual void linearise(const double* y) = 0;
  /// d theta / dH of every node at that state, m2/s: dH = dx / diffusivity.
  virtual const std::vector<double>& diffusivity() const = 0;
  /// out = J x at free nodes for x that vanishes elsewhere; 0 elsewhere.
  virtual void apply(const double* x, double* out) = 0;
  /// Diagonal of J (without the couplings that hanging nodes add), 0 where not free.
  virtual void diagonal(double* out) const = 0;
  /// True when J is symmetric.
  virtual bool symmetric() const = 0;

  /// Heat of an implicit step, from the rates of the last heat() by the recursion of the formula,
  ///   scale E_new = dt Q_new + carry E_old   for every cause,
  /// E_old of the step accepted before, zero when carry is. `y_begin`, `y_end`: states of the step.
  virtual HeatLedger book(double scale, double carry, double dt, const double* y_begin,
                          const double* y_end) = 0;
  /// The booked step is accepted: its E_new is the E_old of the next.
  virtual void accept_booking() = 0;
};

}  // namespace thermodose
