// The dose models of a run.
// Implements: all models advanced over the runs of a step, shared among the threads.
#pragma once

#include <memory>
#include <vector>

#include "case/case_spec.h"
#include "dose/dose_model.h"
#include "fem/thread_team.h"
#include "fem/time_integrator.h"

namespace thermodose {

class DoseSet {
 public:
  DoseSet(const CaseSpec& spec, std::shared_ptr<ThreadTeam> team);

  template <class Real>
  void start(const HeatSystem<Real>& system, const Real* y, double time);
  template <class Real>
  void advance(const HeatSystem<Real>& system, const AcceptedStep<Real>& step);

  const std::vector<DoseModel*>& models() const { return models_; }

 private:
  std::vector<DoseModel*> models_;
  std::vector<std::shared_ptr<Configurable>> owners_;
  std::shared_ptr<ThreadTeam> team_;
};

}  // namespace thermodose
