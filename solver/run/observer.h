// Who looks at a run while it goes.
// Implements: the interface of recorders. A step is seen when it is accepted; an instant is a
// time the run lands on (run/clock.h).
#pragma once

#include "fem/time_integrator.h"
#include "run/clock.h"
#include "run/dose_set.h"
#include "run/state_fields.h"

namespace thermodose {

template <class Real>
struct Frame {
  Instant instant;
  bool last = false;  ///< the run ends here (regularly, or because it must)
  const HeatSystem<Real>* system = nullptr;
  const Real* state = nullptr;
  const StateFields<Real>* fields = nullptr;
  const DoseSet* dose = nullptr;  ///< null in a companion run
};

template <class Real>
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void begin(const HeatSystem<Real>&, const Real*) {}
  virtual void step(const HeatSystem<Real>&, const AcceptedStep<Real>&) {}
  virtual void instant(const Frame<Real>&) {}
};

}  // namespace thermodose
