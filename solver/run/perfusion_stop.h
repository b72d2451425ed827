// Perfusion that stops for good where tissue is damaged.
// Implements: per node the share of the tissue sources (perfusion and metabolic heat: tissue
// without blood burns nothing either) that is gone, from a field F of a dose model,
//   law exponential   1 - exp(-F), F = Omega of the microvessels: flow falls as vessels close,
//   at_least, at_most 1 where F has reached the level, else 0,
// looked at after every accepted step and held through the next one. Omega is taken ahead to where
// the next step sees it on average, as if that were as long as the last: several times closer than
// the value at its begin. A level is met at the end of a step. Both are of first order. What has
// stopped stays so, also where a field recovers (alive).
#pragma once

#include <vector>

#include "base/error.h"
#include "case/case_spec.h"
#include "dose/zero_pages.h"
#include "run/observer.h"

namespace thermodose {

/// A field that no dose model of the case writes, a unit that is not that of the field, a law that
/// is none of the field.
std::vector<Problem> perfusion_stop_problems(const CaseSpec& spec);

template <class Real>
class PerfusionStop final : public Observer<Real> {
 public:
  /// References outlive it; the case has the key. `ahead`: where a step of the integrator sees the
  /// sources, 0.5 its middle, 1 its end.
  PerfusionStop(const CaseSpec& spec, const DoseSet& dose, HeatSystem<Real>& system,
                ThreadTeam& team, double ahead);

  /// Throws InputError where everything would stop at once.
  void begin(const HeatSystem<Real>& system, const Real* y) override;
  void step(const HeatSystem<Real>& system, const AcceptedStep<Real>& step) override;

 private:
  bool reached(float value) const { return upward_ ? value >= level_ : value <= level_; }
  /// The share at node i from field_.
  float gone(std::size_t i);
  /// The shares of `runs` from field_; true when one of them has changed.
  bool update(const std::vector<NodeRun>& runs);
  /// Looks at the dose of `runs` and tells the system what has stopped, if that has changed.
  void look(const std::vector<NodeRun>& runs, double time);

  const CaseSpec& spec_;
  HeatSystem<Real>& system_;
  ThreadTeam& team_;
  const DoseModel* model_ = nullptr;
  std::size_t index_ = 0;
  float level_ = 0;  ///< in the unit of the field
  float ahead_ = 0.5F;
  bool exponential_ = false, upward_ = true;
  std::vector<float> field_;
  dose::ZeroVector<float> before_;  ///< Omega a step ago
  dose::ZeroVector<float> share_;   ///< as the system knows it
};

}  // namespace thermodose
