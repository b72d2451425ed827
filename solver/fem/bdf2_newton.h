// One implicit step: Newton on the enthalpy.
// Implements: V (a0 H + b) / dt = Q(H, t) by increments x of the own Kirchhoff variable,
//   (diag(V a0 / (dt kappa)) + J) x = -F,   H += x / kappa,   kappa = d theta/dH,
// each node's update stopped at the next break of H(T) that it would cross, so that latent heat
// is never skipped and no node cycles over a kink. The state that is returned satisfies the
// balance exactly for the heat Q of the last iterate: energy is conserved to round-off, whatever
// the tolerance of the iteration.
#pragma once

#include <memory>
#include <vector>

#include "fem/bdf2_krylov.h"
#include "fem/implicit_system.h"

namespace thermodose {

struct NewtonControl {
  double tolerance = 2e-3;         ///< K, largest defect of a node by its capacity at rest
  double linear_tolerance = 1e-2;  ///< reduction of the residual per linear solve
  int max_iterations = 40;
};

struct NewtonOutcome {
  bool converged = false;
  int iterations = 0;
  long applications = 0;  ///< of the operator: heat and tangent
};

class EnthalpyNewton {
 public:
  EnthalpyNewton(ImplicitSystem& system, NewtonControl control);

  /// First guess in y: `from` + `factor` (`from` - `before`), stopped at breaks like an update.
  void extrapolate(const double* from, const double* before, double factor, double* y) const;
  /// Solves for y at time t; y holds the first guess and receives the solution. `b`: a1 H_n + a2
  /// H_{n-1}. heat() afterwards holds the Q that the solution balances.
  NewtonOutcome solve(double t, double dt, double a0, const std::vector<double>& b, double* y);
  const std::vector<double>& heat() const { return heat_; }

 private:
  double defect(double a0_over_dt, const std::vector<double>& b, double dt, const double* y);
  bool correct(double a0_over_dt, double* y, NewtonOutcome& outcome);
  void advance_nodes(double* y) const;

  ImplicitSystem& system_;
  NewtonControl control_;
  std::unique_ptr<KrylovBackend> krylov_;
  std::vector<std::vector<double>> stops_;  ///< breaks of H(T) by law, J/m3
  std::vector<int> node_law_;
  std::vector<double> rest_capacity_;  ///< J/m3/K by law
  std::vector<double> volume_, heat_, residual_, x_, diagonal_, mass_;
};

}  // namespace thermodose
