// Implements: BDF2 with step control (see bdf2_integrator.h).
#include "fem/bdf2_integrator.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.h"
#include "fem/state_report.h"

namespace thermodose {

namespace {

NewtonControl with_default(NewtonControl newton, const StepControl& control) {
  if (newton.tolerance <= 0) newton.tolerance = 0.01 * control.tolerance;
  return newton;
}

}  // namespace

Bdf2::Bdf2(ImplicitSystem& system, StepControl control, NewtonControl newton)
    : implicit_(system),
      system_(system.system()),
      control_(control),
      newton_(system, with_default(newton, control)) {
  for (auto* v : {&y_, &y_new_, &y_before_, &b_, &l_, &l_new_}) v->assign(system_.size(), 0.0);
}

void Bdf2::start(double t) {
  time_ = t;
  last_step_ = 0;
  system_.prescribe(t, y_.data());
}

Bdf2::Formula Bdf2::formula(double dt) const {
  if (last_step_ <= 0) return {};
  const double w = dt / last_step_;
  return {(1 + 2 * w) / (1 + w), -(1 + w), w * w / (1 + w), w};
}

// Error of the step in K; zero for the first step after a switch, which has no history.
double Bdf2::local_error(double dt, const Formula& f) {
  for (std::size_t i = 0; i < y_.size(); ++i) {
    const double v = system_.volume(i);
    l_new_[i] = v > 0 ? newton_.heat()[i] / v : 0.0;
  }
  const StepCheck check =
      system_.check_step(dt, y_.data(), y_new_.data(), l_.data(), l_new_.data());
  if (!check.physical) return -1;
  if (f.ratio <= 0) return 0;
  const double w = f.ratio, c = (1 + w) * (1 + w) / (6 * w * (1 + 2 * w));
  return check.error / 0.8 * c / (c - 1.0 / 12);
}

bool Bdf2::try_step(double dt, double t_new, double& error) {
  system_.begin_step(time_, dt, y_.data());
  if (implicit_.modes() != modes_) last_step_ = 0;
  modes_ = implicit_.modes();
  const Formula f = formula(dt);
  for (std::size_t i = 0; i < y_.size(); ++i) b_[i] = f.a1 * y_[i] + f.a2 * y_before_[i];
  newton_.extrapolate(y_.data(), y_before_.data(), f.ratio, y_new_.data());
  const NewtonOutcome outcome = newton_.solve(t_new, dt, f.a0, b_, y_new_.data());
  newton_statistics_.iterations += outcome.iterations;
  statistics_.stages += outcome.applications;
  if (!outcome.converged) {
    ++newton_statistics_.failures;
    cut(dt, 0.25, "the iteration for an implicit step does not converge");
    return false;
  }
  // Prescribed and hanging nodes at the new time.
  system_.prescribe(t_new, y_new_.data());
  error = local_error(dt, f);
  const bool too_large = error > 4 * control_.tolerance && dt > control_.first_step / 8;
  if (error < 0 || too_large) {
    cut(dt, error < 0 ? 0.25 : 0.4,
        error < 0 ? inadmissible_node(system_, y_new_.data()) : "the error is too large");
    return false;
  }
  heat_ = implicit_.book(f.a0, f.a2, dt, y_.data(), y_new_.data());
  return true;
}

void Bdf2::cut(double dt, double factor, const std::string& why) {
  ++statistics_.rejected;
  step_ = factor * dt;
  if (step_ < control_.min_step)
    throw SolverError(fmt::format("the time step fell below {} s at t = {:.3f} s: {}",
                                  control_.min_step, time_, why));
}

void Bdf2::advance(double end, bool restart, const Accept& accept) {
  if (restart) {
    step_ = std::min(control_.first_step, control_.max_step);
    last_step_ = 0;
  }
  while (time_ < end) {
    // No sliver at the end: the last two steps share what is left.
    const double left = end - time_;
    const bool last = left <= step_ * (1 + 1e-9);
    const double dt = last ? left : std::min(step_, left / 2), t_new = last ? end : time_ + dt;
    double error = 0;
    if (!try_step(dt, t_new, error)) continue;
    implicit_.accept_booking();
    ledger_.add(heat_);
    ++statistics_.steps;
    statistics_.error_sum += error;
    statistics_.largest_step = std::max(statistics_.largest_step, dt);
    const double wish =
        error > 0 ? 0.9 * std::cbrt(control_.tolerance / error) * dt : control_.max_step;
    step_ = std::min({control_.max_step, control_.max_growth * std::max(dt, last ? step_ : dt),
                      std::max(wish, 0.3 * dt)});
    std::swap(y_before_, y_);
    std::swap(y_, y_new_);
    std::swap(l_, l_new_);
    last_step_ = dt;
    const double begin = time_;
    time_ = t_new;
    accept({begin, t_new, y_before_.data(), y_.data()});
  }
}

}  // namespace thermodose
