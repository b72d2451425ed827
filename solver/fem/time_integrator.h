// What every time integrator offers to the run.
// Implements: the interface of RKL2 (fem/rkl2.h) and BDF2 (fem/bdf2_integrator.h), step control
// and statistics.
#pragma once

#include <functional>

#include "fem/heat_system.h"

namespace thermodose {

/// Step control. Defaults measured on the reference case: time error below 0.1 % of a volume.
struct StepControl {
  double first_step = 1.0;  ///< s, after every switch
  double max_step = 20.0;   ///< s
  double min_step = 1e-4;   ///< s; a smaller one means failure
  double tolerance = 0.3;   ///< K, RMS defect per step
  double max_growth = 1.5;
};

/// A step that was accepted.
template <class Real>
struct AcceptedStep {
  double begin, end;  ///< s
  const Real* before;
  const Real* after;
};

struct IntegratorStatistics {
  long steps = 0, rejected = 0, stages = 0;
  double largest_step = 0;
  double error_sum = 0;  ///< K, sum of the accepted defects
};

/// Integrates a HeatSystem from switch to switch.
template <class Real>
class TimeIntegrator {
 public:
  using Accept = std::function<void(const AcceptedStep<Real>&)>;
  virtual ~TimeIntegrator() = default;

  /// Initial state: tissue at rest, prescribed values of time t.
  virtual void start(double t) = 0;
  /// Integrates from the present time to `end`, during which no mode changes; lands exactly.
  /// `restart`: something switched at the present time, so begin with a small step. `accept` is
  /// called once per accepted step, in order. Throws SolverError, keeping the last accepted state.
  virtual void advance(double end, bool restart, const Accept& accept) = 0;
  virtual double time() const = 0;
  /// The last accepted state, J/m3 per node.
  virtual const Real* state() const = 0;
  virtual const HeatLedger& ledger() const = 0;
  virtual const IntegratorStatistics& statistics() const = 0;
};

}  // namespace thermodose
