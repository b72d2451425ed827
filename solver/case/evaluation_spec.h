// What a plan is judged by.
// Implements: targets with the criteria they are treated by, organs with the band they stand, as
// CaseSpec holds them. SI; measured by run/evaluation.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/keys.h"

namespace thermodose {

/// What counts as treated: a temperature that was reached at any time, or a dose at the end. One of
/// `below`, `above` and `field` is given; a field with one of `at_least` and `at_most`.
struct CriterionSpec {
  std::optional<double> below, above;  ///< K
  std::string field;                   ///< of a dose model
  TaggedReal at_least, at_most;        ///< unit empty: not given
};

/// Where damage stops perfusion and metabolism: by exp(-field), or at once at a level of the field,
/// one of `law`, `at_least` and `at_most`.
struct PerfusionStopSpec {
  std::string field;             ///< of a dose model; empty: nothing stops
  std::string law;               ///< "exponential", or empty
  TaggedReal at_least, at_most;  ///< unit empty: not given
};

/// Parts of the anatomy and regions together, or a shape of its own, which changes no tissue.
struct StructureSpec {
  std::vector<std::string> regions;
  std::string shape_name;
  std::shared_ptr<Configurable> shape;  ///< registry "shape"; null: `regions`
};

/// What is to be treated.
struct TargetSpec {
  std::string name;
  StructureSpec where;
  std::vector<CriterionSpec> criteria;  ///< the first one carries the verdict
  double margin = 10e-3;  ///< m, wanted around it; what is treated farther out is overtreated
};

/// What is to be spared.
struct ProtectSpec {
  std::string name;
  StructureSpec where;
  std::vector<double> keep{283.15, 318.15};  ///< K, the band it stands: lower, upper
  std::vector<CriterionSpec> criteria;       ///< of which its volume is told
};

}  // namespace thermodose
