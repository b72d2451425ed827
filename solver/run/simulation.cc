#include "run/simulation.h"

#include <chrono>

#include "base/error.h"

namespace thermodose {

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

template <class Real>
Simulation<Real>::Simulation(Engine<Real>& engine, const CaseSpec& spec, Schedule& schedule,
                             DoseSet* dose)
    : engine_(engine), spec_(spec), schedule_(schedule), dose_(dose), fields_(*engine.system) {}

template <class Real>
void Simulation<Real>::run(const std::atomic<bool>* stop,
                           const std::function<void(double)>& progress, bool show_stopped) {
  auto& integrator = *engine_.integrator;
  integrator.start(0);
  initial_stored_ = engine_.system->stored(integrator.state());
  if (dose_ != nullptr) dose_->start(*engine_.system, integrator.state(), 0);
  for (auto* o : observers_) o->begin(*engine_.system, integrator.state());
  bool switched = true;
  for (Clock clock(spec_, schedule_); !clock.finished();) {
    const Instant target = clock.next();
    try {
      if (target.time > integrator.time()) advance_to(target, switched, stop, progress);
    } catch (...) {
      if (!show_stopped) throw;
      Instant here = target;
      here.time = integrator.time();
      here.isotherms = here.fields = true;
      show(here, true);
      throw;
    }
    switched = target.switches;
    if (target.switches) sense(target.time);
    show(target, clock.finished());
  }
}

template <class Real>
void Simulation<Real>::advance_to(const Instant& target, bool restart,
                                  const std::atomic<bool>* stop,
                                  const std::function<void(double)>& progress) {
  const double begin = now();
  const auto account = [&] { solve_seconds_ += now() - begin; };
  try {
    engine_.integrator->advance(target.time, restart, [&](const AcceptedStep<Real>& step) {
      if (dose_ != nullptr) dose_->advance(*engine_.system, step);
      for (auto* o : observers_) o->step(*engine_.system, step);
      if (progress) progress(step.end);
      if (stop != nullptr && stop->load())
        throw Interrupted("stopped by the user; the results up to now were written");
    });
  } catch (...) {
    account();
    throw;
  }
  account();
}

// A freeze or thaw that follows a passive phase starts from the temperature of the tissue.
template <class Real>
void Simulation<Real>::sense(double t) {
  for (std::size_t p = 0; p < schedule_.probes(); ++p) {
    const std::size_t i = schedule_.interval_at(p, t);
    if (schedule_.intervals(p)[i].begin == t && schedule_.needs_sensed_temperature(p, i))
      schedule_.set_surface_at_begin(p, i,
                                     engine_.system->sensed(p, {}, engine_.integrator->state()));
  }
}

template <class Real>
void Simulation<Real>::show(const Instant& instant, bool last) {
  if (!instant.isotherms && !instant.fields && !last) return;
  fields_.update(engine_.integrator->state());
  Frame<Real> frame;
  frame.instant = instant;
  frame.last = last;
  frame.system = engine_.system.get();
  frame.state = engine_.integrator->state();
  frame.fields = &fields_;
  frame.dose = dose_;
  for (auto* o : observers_) o->instant(frame);
}

template class Simulation<float>;
template class Simulation<double>;

}  // namespace thermodose
