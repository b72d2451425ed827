// Dose models: states that every node accumulates while the temperature changes.
// Implements: the interface of registry "dose". Models work on the enthalpy the solver holds
// (temperature is a monotone function of it, physics/segment_law.h), so that a step costs no
// evaluation of a law; temperatures appear only when a field is asked for.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/keys.h"
#include "geometry/node_geometry.h"
#include "physics/segment_law.h"

namespace thermodose {

/// Enthalpy per node, J/m3, in the precision of the run: exactly one pointer is set.
struct EnthalpyView {
  const float* single = nullptr;
  const double* twice = nullptr;
};

/// One accepted time step on a set of nodes.
struct DoseStep {
  double begin, end;  ///< s
  EnthalpyView before, after;
  const std::vector<NodeRun>* runs;  ///< nodes whose state may have changed; others stayed put
};

struct DoseField {
  std::string name;  ///< with its unit, unless that is 1: "t_min_degC", "time_below_m40_s"
  std::string unit;
  std::string help;
};

/// Registry "dose". Contract (tested over the registry): closed form at constant temperature,
/// independent of how a step is split at constant temperature, never decreasing in damage.
class DoseModel : public Configurable {
 public:
  /// Starts from the initial state. `laws` outlives the model.
  virtual void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
                     const std::vector<NodeRun>& all, EnthalpyView initial, double time) = 0;
  /// Advances over one step; may be called from several threads on disjoint runs.
  virtual void advance(const DoseStep& step) = 0;
  virtual std::vector<DoseField> fields() const = 0;
  /// Values of field `index` at all nodes, in the unit of its name. Nodes that never were in a
  /// step are advanced from their initial state to `time`.
  virtual std::vector<float> values(std::size_t index, double time) const = 0;
  /// The same into field[i] at the nodes i of `runs` alone, which were in a step that ended at
  /// `time`; may be called from several threads on disjoint runs.
  virtual void look(std::size_t index, double time, const std::vector<NodeRun>& runs,
                    std::vector<float>& field) const {
    const std::vector<float> all = values(index, time);
    for (const NodeRun& run : runs)
      for (std::size_t i = run.begin; i < run.end; ++i) field[i] = all[i];
  }
};

}  // namespace thermodose
