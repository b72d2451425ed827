// The run loop.
// Implements: while the clock is not finished: integrate to the next instant; every accepted step
// goes to the dose models and the observers, every instant to the observers.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "run/clock.h"
#include "run/dose_set.h"
#include "run/engine.h"
#include "run/observer.h"
#include "run/run.h"

namespace thermodose {

template <class Real>
class Simulation {
 public:
  /// All references outlive the simulation. `dose` may be null.
  Simulation(Engine<Real>& engine, const CaseSpec& spec, Schedule& schedule, DoseSet* dose);

  void observe(Observer<Real>& observer) { observers_.push_back(&observer); }
  /// Runs to the end. SolverError and Interrupted pass through after the observers have seen the
  /// last accepted state; without `show_stopped` they do not see it.
  void run(const std::atomic<bool>* stop, const std::function<void(double)>& progress,
           bool show_stopped = true);

  /// Stored heat when the run began, J: not zero where a face is not at the initial temperature.
  double initial_stored() const { return initial_stored_; }
  /// Wall time spent in integration and dose, s.
  double solve_seconds() const { return solve_seconds_; }

 private:
  void sense(double t);
  void advance_to(const Instant& target, bool restart, const std::atomic<bool>* stop,
                  const std::function<void(double)>& progress);
  void show(const Instant& instant, bool last);

  Engine<Real>& engine_;
  const CaseSpec& spec_;
  Schedule& schedule_;
  DoseSet* dose_;
  StateFields<Real> fields_;
  std::vector<Observer<Real>*> observers_;
  double solve_seconds_ = 0, initial_stored_ = 0;
};

}  // namespace thermodose
