// Temperatures of a state, as the observers want them.
// Implements: node temperatures in K, and the Kirchhoff variable of the background tissue as a
// measure between nodes. Across a freezing front the temperature has a kink (the conductivity
// changes fourfold) where the Kirchhoff variable is smooth, so isotherms and point values are
// interpolated in it: on the reference case this halves the error of a volume. Temperatures of a
// few nodes at every step.
#pragma once

#include <vector>

#include "fem/heat_system.h"
#include "run/kirchhoff_measure.h"

namespace thermodose {

template <class Real>
class StateFields {
 public:
  explicit StateFields(const HeatSystem<Real>& system);

  /// Takes the state y at the active nodes; others stayed at rest.
  void update(const Real* y);
  const std::vector<float>& temperature() const { return temperature_; }  ///< K
  /// theta_0(T), W/m: the Kirchhoff variable of law 0 at the node's temperature.
  const std::vector<float>& kirchhoff() const { return kirchhoff_; }

  const KirchhoffMeasure& kirchhoff_measure() const { return measure_; }
  /// theta_0 at a temperature and back.
  double measure(double temperature) const { return measure_.at(temperature); }
  double temperature_of(double measure) const { return measure_.inverse(measure); }
  double temperature_at_node(std::size_t node, const Real* y) const;

 private:
  void update_run(const NodeRun& run, const Real* y);
  const HeatSystem<Real>& system_;
  KirchhoffMeasure measure_;
  std::vector<int> node_law_;
  std::vector<float> temperature_, kirchhoff_;
};

/// Temperatures of some nodes, for those who look at every step.
template <class Real>
class SomeTemperatures {
 public:
  /// `nodes` in any order, also twice.
  SomeTemperatures(const HeatSystem<Real>& system, std::vector<std::size_t> nodes);
  void update(const Real* y);
  /// K, of all nodes; NaN at those that were not asked for.
  const std::vector<float>& values() const { return values_; }

 private:
  const HeatSystem<Real>& system_;
  std::vector<NodeRun> runs_;
  std::vector<float> values_;
};

}  // namespace thermodose
