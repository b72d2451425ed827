// Implicit integration of second order with variable steps.
// Implements: BDF2 on the enthalpy,
//   a0 H_{n+1} + a1 H_n + a2 H_{n-1} = dt L(H_{n+1}),   w = dt / dt_previous,
//   a0 = (1 + 2 w)/(1 + w),  a1 = -(1 + w),  a2 = w^2/(1 + w),
// with backward Euler for the first step after every switch, Newton on the enthalpy
// (fem/bdf2_newton.h), and the error of a step from the defect
//   y_old - y_new + dt/2 (l_old + l_new) = (1/12 - c) dt^3 y''',  error = c dt^3 y''',
//   c = (1 + w)^2 / (6 w (1 + 2 w)).
// For stiff cases, and the independent check of fem/rkl2.h. Steps that do not converge, are
// unphysical or too inaccurate are cut; below the smallest step it throws SolverError.
#pragma once

#include <string>
#include <vector>

#include "fem/bdf2_newton.h"
#include "fem/time_integrator.h"

namespace thermodose {

/// What the implicit solver did, beyond IntegratorStatistics (whose `stages` counts applications
/// of the operator).
struct NewtonStatistics {
  long iterations = 0;
  long failures = 0;  ///< steps cut because Newton did not converge
};

class Bdf2 final : public TimeIntegrator<double> {
 public:
  /// `system` outlives the integrator. A Newton tolerance of zero means 1 % of the step's.
  Bdf2(ImplicitSystem& system, StepControl control, NewtonControl newton = {0, 1e-2, 40});

  void start(double t) override;
  void advance(double end, bool restart, const Accept& accept) override;
  double time() const override { return time_; }
  const double* state() const override { return y_.data(); }
  /// The state for callers that set it after start(); no step may have been taken.
  double* initial_state() { return y_.data(); }
  const HeatLedger& ledger() const override { return ledger_; }
  const IntegratorStatistics& statistics() const override { return statistics_; }
  const NewtonStatistics& newton_statistics() const { return newton_statistics_; }

 private:
  struct Formula {
    double a0 = 1, a1 = -1, a2 = 0, ratio = 0;
  };
  Formula formula(double dt) const;
  bool try_step(double dt, double t_new, double& error);
  double local_error(double dt, const Formula& f);
  void cut(double dt, double factor, const std::string& why);

  ImplicitSystem& implicit_;
  HeatSystem<double>& system_;
  StepControl control_;
  EnthalpyNewton newton_;
  std::vector<double> y_, y_new_, y_before_, b_, l_, l_new_;
  double time_ = 0, step_ = 1;
  double last_step_ = 0;  ///< s, of the step from y_before_ to y_; 0 = no history
  long modes_ = -1;       ///< modes the history belongs to
  HeatLedger heat_;       ///< of the step just tried
  HeatLedger ledger_;
  IntegratorStatistics statistics_;
  NewtonStatistics newton_statistics_;
};

}  // namespace thermodose
