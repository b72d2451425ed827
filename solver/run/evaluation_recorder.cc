// Implements: run/evaluation_recorder.h.
#include "run/evaluation_recorder.h"

namespace thermodose {

template <class Real>
void EvaluationRecorder<Real>::begin(const HeatSystem<Real>&, const Real* state) {
  if (!evaluation_.watches_organs()) return;
  state_.update_temperature(state);
  evaluation_.watch(0, state_.temperature().data());
}

template <class Real>
void EvaluationRecorder<Real>::step(const HeatSystem<Real>&, const AcceptedStep<Real>& step) {
  if (!evaluation_.watches_organs()) return;
  state_.update_temperature(step.after);
  evaluation_.watch(step.end, state_.temperature().data());
}

template <class Real>
void EvaluationRecorder<Real>::instant(const Frame<Real>& frame) {
  if (!frame.last && !(full_ && frame.instant.isotherms)) return;
  DoseFields fields(*frame.dose, frame.fields->kirchhoff_measure(), frame.instant.time);
  evaluation_.look(frame.instant.time, fields);
  if (frame.last) evaluation_.finish(fields);
}

template class EvaluationRecorder<float>;
template class EvaluationRecorder<double>;

}  // namespace thermodose
