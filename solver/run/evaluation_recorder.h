// The evaluation of a plan as an observer.
// Implements: organs are watched at every accepted step, coverage at the isotherm instants, the
// report is made at the last one.
#pragma once

#include "run/model.h"
#include "run/observer.h"
#include "run/plan_evaluation.h"

namespace thermodose {

template <class Real>
class EvaluationRecorder final : public Observer<Real> {
 public:
  /// `model` and `system` outlive it. `full`: see PlanEvaluation.
  EvaluationRecorder(const Model& model, const HeatSystem<Real>& system, bool full)
      : full_(full),
        evaluation_(model, system.geometry(), full),
        temperatures_(system, evaluation_.watched_nodes()) {}

  void begin(const HeatSystem<Real>& system, const Real* state) override;
  void step(const HeatSystem<Real>& system, const AcceptedStep<Real>& step) override;
  void instant(const Frame<Real>& frame) override;

  const PlanEvaluation& evaluation() const { return evaluation_; }

 private:
  bool full_;
  PlanEvaluation evaluation_;
  SomeTemperatures<Real> temperatures_;
};

}  // namespace thermodose
