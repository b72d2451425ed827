// Discretisation error of isotherm volumes.
// Implements: Richardson's estimate from a companion run on cells kCompanionRatio times larger
// (and steps in proportion), for a method of second order:
//   error = safety |V - V_coarse| / (ratio^2 - 1) + floor V
// The floor stands for what both runs share: the immersed probes (0.2 % of the flux for any
// pose), the piecewise laws and the finite steps.
#pragma once

#include <optional>
#include <vector>

#include "run/isotherm_recorder.h"

namespace thermodose {

/// Error of each fine record, m3; nullopt where the coarse run has no record of that time, and
/// everywhere when its cells are not larger. `ratio` is coarse cell / fine cell.
std::vector<std::optional<double>> volume_errors(const std::vector<IsothermRecord>& fine,
                                                 const std::vector<IsothermRecord>& coarse,
                                                 double ratio);

/// Largest ratio of an error to the largest volume of the same level in the run; 0 when there is
/// none. This is what the accuracy of a case bounds.
double largest_relative_error(const std::vector<IsothermRecord>& records,
                              const std::vector<std::optional<double>>& errors);

}  // namespace thermodose
