// Implements: Newton on the enthalpy (see bdf2_newton.h).
#include "fem/bdf2_newton.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace thermodose {

namespace {

// A break stops an update when the capacity changes by more than this factor.
constexpr double kSharp = 1.5;

std::vector<double> sharp_breaks(const SegmentLaw& law) {
  std::vector<double> stops;
  for (std::size_t s = 1; s < law.segments.size(); ++s) {
    const double below = law.segments[s - 1].t1, above = law.segments[s].t1;
    if (std::max(below, above) > kSharp * std::min(below, above))
      stops.push_back(law.segments[s].lo);
  }
  return stops;
}

// Where a node ends that wants to go from `from` to `to`: not beyond the first break between, but
// a trifle into the piece behind it, whose derivatives then count.
double stopped(const std::vector<double>& stops, double from, double to) {
  if (to > from) {
    for (const double s : stops)
      if (from < s && s < to) return std::min(to, s + 1e-9 * (std::abs(s) + 1));
  } else {
    for (auto s = stops.rbegin(); s != stops.rend(); ++s)
      if (to < *s && *s < from) return std::max(to, *s - 1e-9 * (std::abs(*s) + 1));
  }
  return to;
}

}  // namespace

EnthalpyNewton::EnthalpyNewton(ImplicitSystem& system, NewtonControl control)
    : system_(system), control_(control) {
  const HeatSystem<double>& heat_system = system.system();
  const std::size_t n = heat_system.size();
  krylov_ = make_krylov(n, system.symmetric());
  for (const SegmentLaw& law : heat_system.laws()) {
    stops_.push_back(sharp_breaks(law));
    rest_capacity_.push_back(law.capacity(0));
  }
  node_law_.assign(n, 0);
  for (const NodeRun& run : heat_system.all_runs())
    for (std::size_t i = run.begin; i < run.end; ++i) node_law_[i] = run.law;
  for (std::size_t i = 0; i < n; ++i) volume_.push_back(heat_system.volume(i));
  for (auto* v : {&heat_, &residual_, &x_, &diagonal_, &mass_}) v->assign(n, 0.0);
}

// -F in residual_; returns the largest defect in K.
double EnthalpyNewton::defect(double a0_over_dt, const std::vector<double>& b, double dt,
                              const double* y) {
  const std::vector<char>& is_free = system_.free_nodes();
  double largest = 0;
  for (std::size_t i = 0; i < residual_.size(); ++i) {
    residual_[i] = 0;
    if (is_free[i] == 0) continue;
    residual_[i] = heat_[i] - volume_[i] * (a0_over_dt * y[i] + b[i] / dt);
    const double kelvin = std::abs(residual_[i]) / (a0_over_dt * volume_[i]) /
                          rest_capacity_[static_cast<std::size_t>(node_law_[i])];
    // Written so that a NaN counts as the largest.
    if (!(kelvin <= largest)) largest = kelvin;
  }
  return largest;
}

bool EnthalpyNewton::correct(double a0_over_dt, double* y, NewtonOutcome& outcome) {
  system_.linearise(y);
  system_.diagonal(diagonal_.data());
  const std::vector<char>& is_free = system_.free_nodes();
  const std::vector<double>& kappa = system_.diffusivity();
  for (std::size_t i = 0; i < mass_.size(); ++i) {
    mass_[i] = is_free[i] != 0 ? volume_[i] * a0_over_dt / kappa[i] : 0.0;
    diagonal_[i] = is_free[i] != 0 ? diagonal_[i] + mass_[i] : 1.0;
  }
  const LinearAction action = [this](const double* x, double* out) {
    system_.apply(x, out);
    for (std::size_t i = 0; i < mass_.size(); ++i) out[i] += mass_[i] * x[i];
  };
  const LinearOutcome linear =
      krylov_->solve(action, diagonal_, residual_, control_.linear_tolerance, x_);
  outcome.applications += linear.iterations * (system_.symmetric() ? 1L : 2L);
  if (!linear.converged) return false;
  advance_nodes(y);
  return true;
}

void EnthalpyNewton::advance_nodes(double* y) const {
  const std::vector<double>& kappa = system_.diffusivity();
  for (std::size_t i = 0; i < x_.size(); ++i) {
    if (x_[i] == 0) continue;
    y[i] = stopped(stops_[static_cast<std::size_t>(node_law_[i])], y[i], y[i] + x_[i] / kappa[i]);
  }
}

void EnthalpyNewton::extrapolate(const double* from, const double* before, double factor,
                                 double* y) const {
  for (std::size_t i = 0; i < x_.size(); ++i)
    y[i] = stopped(stops_[static_cast<std::size_t>(node_law_[i])], from[i],
                   from[i] + factor * (from[i] - before[i]));
}

NewtonOutcome EnthalpyNewton::solve(double t, double dt, double a0, const std::vector<double>& b,
                                    double* y) {
  NewtonOutcome outcome;
  while (outcome.iterations <= control_.max_iterations) {
    system_.heat(t, y, heat_.data());
    ++outcome.applications;
    const double largest = defect(a0 / dt, b, dt, y);
    if (!std::isfinite(largest)) return outcome;
    if (largest < control_.tolerance) {
      const std::vector<char>& is_free = system_.free_nodes();
      for (std::size_t i = 0; i < heat_.size(); ++i)
        if (is_free[i] != 0) y[i] = (dt * heat_[i] / volume_[i] - b[i]) / a0;
      outcome.converged = true;
      return outcome;
    }
    if (!correct(a0 / dt, y, outcome)) return outcome;
    ++outcome.iterations;
  }
  return outcome;
}

}  // namespace thermodose
