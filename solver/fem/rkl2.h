// Runge-Kutta-Legendre super-time-stepping of second order.
// Implements: RKL2 (Meyer, Balsara, Aslam 2014, doi 10.1016/j.jcp.2013.08.021) on the enthalpy
// with the embedded defect of the same paper's family as error control:
//   e = 0.8 (y_old - y_new) + 0.4 dt (l_old + l_new),
// whose l_new is the first stage of the next step. A step is accepted only when that stage has
// been seen: a step with too large an error, or an unphysical state, is taken back and cut. Where
// tissue of strong perfusion is far from rest, steps follow its rate.
// Conserves energy to round-off; needs no linear solver.
#pragma once

#include <cstddef>
#include <vector>

#include "fem/time_integrator.h"

namespace thermodose {

template <class Real>
class Rkl2 final : public TimeIntegrator<Real> {
 public:
  using Accept = typename TimeIntegrator<Real>::Accept;

  Rkl2(HeatSystem<Real>& system, StepControl control);

  void start(double t) override;
  void advance(double end, bool restart, const Accept& accept) override;
  double time() const override { return time_; }
  const Real* state() const override { return y_; }
  const HeatLedger& ledger() const override { return ledger_; }
  const IntegratorStatistics& statistics() const override { return statistics_; }

 private:
  struct Pending {
    bool waiting = false;
    double begin = 0, end = 0;
    HeatLedger heat;
  };
  void first_stage(double dt);
  void redo_first_stage(double dt);
  void later_stages(double dt, double t_new);
  bool confirm(const Accept& accept);
  int stage_count(double dt) const;
  double next_step(double dt, double error) const;
  double source_step() const;

  /// Of a law: the rate of its sources where that limits steps, and what is far from rest.
  struct Strong {
    double rate;     ///< 1/s, 0 where it does not
    Real low, high;  ///< J/m3
  };

  HeatSystem<Real>& system_;
  StepControl control_;
  std::vector<Strong> strong_;
  std::vector<Real> store_;
  Real *y_ = nullptr, *y_old_ = nullptr, *l_ = nullptr, *l_old_ = nullptr;
  Real *a_ = nullptr, *b_ = nullptr;
  double time_ = 0;
  double step_ = 1;  ///< s, size of the next step
  int stages_of_step_ = 3;
  Pending pending_;  ///< a step taken but not yet judged
  HeatLedger ledger_;
  IntegratorStatistics statistics_;
};

}  // namespace thermodose
