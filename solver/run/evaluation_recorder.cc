// Implements: run/evaluation_recorder.h.
#include "run/evaluation_recorder.h"

namespace thermodose {

template <class Real>
void EvaluationRecorder<Real>::begin(const HeatSystem<Real>&, const Real* state) {
  if (!evaluation_.watches_organs()) return;
  temperatures_.update(state);
  evaluation_.watch(0, temperatures_.values().data());
}

template <class Real>
void EvaluationRecorder<Real>::step(const HeatSystem<Real>&, const AcceptedStep<Real>& step) {
  if (!evaluation_.watches_organs()) return;
  temperatures_.update(step.after);
  evaluation_.watch(step.end, temperatures_.values().data());
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
