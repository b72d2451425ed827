#include "run/state_fields.h"

#include <algorithm>

namespace thermodose {

namespace {

// Piecewise sums over a run, segment by segment so that the loops vectorise.
template <class Real>
void evaluate(const SegmentLaw& law, const Real* h, std::size_t n, float* excess, float* theta) {
  std::fill(excess, excess + n, 0.0F);
  std::fill(theta, theta + n, 0.0F);
  for (const auto& s : law.segments) {
    const auto lo = static_cast<Real>(s.lo), hi = static_cast<Real>(s.hi);
    const auto pivot = static_cast<Real>(s.pivot), t1 = static_cast<Real>(s.t1);
    const auto th1 = static_cast<Real>(s.th1), th2 = static_cast<Real>(s.th2);
#pragma omp simd
    for (std::size_t i = 0; i < n; ++i) {
      const Real d = std::min(std::max(h[i], lo), hi) - pivot;
      excess[i] += static_cast<float>(t1 * d);
      theta[i] += static_cast<float>(d * (th1 + th2 * d));
    }
  }
}

}  // namespace

template <class Real>
StateFields<Real>::StateFields(const HeatSystem<Real>& system)
    : system_(system),
      node_law_(system.laws().size() > 1 ? system.size() : 0),
      temperature_(system.size(), static_cast<float>(system.laws()[0].reference_temperature)),
      kirchhoff_(system.size(), 0.0F) {
  if (node_law_.empty()) return;
  for (const auto& run : system.all_runs())
    std::fill(node_law_.begin() + static_cast<std::ptrdiff_t>(run.begin),
              node_law_.begin() + static_cast<std::ptrdiff_t>(run.end), run.law);
}

template <class Real>
void StateFields<Real>::update_run(const NodeRun& run, const Real* y) {
  const SegmentLaw& law = system_.laws()[static_cast<std::size_t>(run.law)];
  float* excess = temperature_.data() + run.begin;
  float* theta = kirchhoff_.data() + run.begin;
  const std::size_t n = run.end - run.begin;
  evaluate(law, y + run.begin, n, excess, theta);
  const auto rest = static_cast<float>(law.reference_temperature);
  for (std::size_t i = 0; i < n; ++i) excess[i] += rest;
  if (run.law == 0) return;
  for (std::size_t i = 0; i < n; ++i)
    theta[i] = static_cast<float>(measure(static_cast<double>(excess[i])));
}

template <class Real>
void StateFields<Real>::update(const Real* y) {
  for (const auto& run : system_.active_runs()) update_run(run, y);
}

template <class Real>
double StateFields<Real>::measure(double temperature) const {
  const SegmentLaw& law = system_.laws()[0];
  return law.kirchhoff(law.enthalpy(temperature));
}

// theta_0 increases with T, so bisection in T over the validity ranges of all tissues: another one
// may be colder than the data of law 0 reach.
template <class Real>
double StateFields<Real>::temperature_of(double value) const {
  double lo = system_.laws()[0].min_temperature, hi = system_.laws()[0].max_temperature;
  for (const auto& law : system_.laws()) {
    lo = std::min(lo, law.min_temperature);
    hi = std::max(hi, law.max_temperature);
  }
  for (int it = 0; it < 60 && hi - lo > 1e-7; ++it) {
    const double mid = 0.5 * (lo + hi);
    (measure(mid) < value ? lo : hi) = mid;
  }
  return 0.5 * (lo + hi);
}

template <class Real>
double StateFields<Real>::temperature_at_node(std::size_t node, const Real* y) const {
  const auto law = node_law_.empty() ? 0U : static_cast<std::size_t>(node_law_[node]);
  return system_.laws()[law].temperature(static_cast<double>(y[node]));
}

template class StateFields<float>;
template class StateFields<double>;

}  // namespace thermodose
