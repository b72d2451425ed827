// Discretisation error of isotherm volumes.
// Implements: Richardson's estimate from a companion run on cells kCompanionRatio times larger
// (and steps in proportion), for a method of order p:
//   error = safety |V - V_coarse| / (ratio^p - 1) + (floor + thin (h / e)^2) V
// e being the smallest extent of the region: what is thinner than a few cells is badly seen in
// both. p = 2, and 1 where a tissue freezes over so few kelvin that the front is sharp in any cell
// that can be paid for. Two curves that cross at one instant do not agree because of it: the
// difference of a record is the largest of its own and those of the records before and after it of
// the same level, in the smaller of absolute and relative terms. The floor stands for what both
// runs share: the immersed probes (0.2 % of the flux for any pose), the piecewise laws and the
// finite steps.
#pragma once

#include <optional>
#include <vector>

#include "run/isotherm_recorder.h"

namespace thermodose {

/// Error of each fine record, m3; nullopt where the coarse run has no record of that time, and
/// everywhere when its cells are not larger. `ratio` is coarse cell / fine cell, `order` that of
/// the method, `spacing` the fine cell, m.
std::vector<std::optional<double>> volume_errors(const std::vector<IsothermRecord>& fine,
                                                 const std::vector<IsothermRecord>& coarse,
                                                 double ratio, double order, double spacing);

/// Order of the volumes in the cell for a freezing range of `width` K (infinite: nothing freezes).
double order_of_volumes(double width);

/// Largest ratio of an error to the largest volume of the same level in the run; 0 when there is
/// none. This is what the accuracy of a case bounds.
double largest_relative_error(const std::vector<IsothermRecord>& records,
                              const std::vector<std::optional<double>>& errors);

/// The same that a run will come to, from its records so far: errors grow with the volumes, and
/// the largest of those are taken from the coarse run. Nullopt while that is not sure to exceed
/// `accuracy`: the largest volume may still become kLargerVolume times that of the coarse run.
std::optional<double> excessive_error(const std::vector<IsothermRecord>& so_far,
                                      const std::vector<std::optional<double>>& errors,
                                      const std::vector<IsothermRecord>& coarse, double accuracy);
inline constexpr double kLargerVolume = 1.15;

}  // namespace thermodose
