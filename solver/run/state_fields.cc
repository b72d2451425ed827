#include "run/state_fields.h"

#include <algorithm>
#include <limits>

#include "physics/segment_batch.h"

namespace thermodose {

template <class Real>
StateFields<Real>::StateFields(const HeatSystem<Real>& system)
    : system_(system),
      measure_(system.laws()),
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
  if (run.law != 0) measure_.at(excess, n, theta);
}

template <class Real>
void StateFields<Real>::update(const Real* y) {
  for (const auto& run : system_.active_runs()) update_run(run, y);
}

template <class Real>
double StateFields<Real>::temperature_at_node(std::size_t node, const Real* y) const {
  const auto law = node_law_.empty() ? 0U : static_cast<std::size_t>(node_law_[node]);
  return system_.laws()[law].temperature(static_cast<double>(y[node]));
}

template <class Real>
SomeTemperatures<Real>::SomeTemperatures(const HeatSystem<Real>& system,
                                         std::vector<std::size_t> nodes)
    : system_(system), values_(system.size(), std::numeric_limits<float>::quiet_NaN()) {
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  auto of_law = system.all_runs().begin();
  for (const std::size_t n : nodes) {
    while (of_law->end <= n) ++of_law;
    const bool joins = !runs_.empty() && runs_.back().end == n && runs_.back().law == of_law->law;
    if (!joins) runs_.push_back({n, n, of_law->law});
    runs_.back().end = n + 1;
  }
}

template <class Real>
void SomeTemperatures<Real>::update(const Real* y) {
  for (const auto& run : runs_)
    temperatures(system_.laws()[static_cast<std::size_t>(run.law)], y + run.begin,
                 run.end - run.begin, 0, values_.data() + run.begin);
}

template class StateFields<float>;
template class StateFields<double>;
template class SomeTemperatures<float>;
template class SomeTemperatures<double>;

}  // namespace thermodose
