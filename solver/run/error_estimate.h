// Discretisation error of isotherm volumes.
// Implements: Richardson's estimate from a companion run on cells kCompanionRatio times larger
// (and steps in proportion), for a method of order p:
//   error = safety |V - V_coarse| / (ratio^p - 1) + (floor + thin (h / e)^2) V
// e being the smallest extent of the region: what is thinner than a few cells is badly seen in
// both. p = 2, down to 1 where tissue freezes over so few kelvin that the front is sharp in any
// cell that can be paid for. Two curves that cross at one instant do not agree because of it: the
// difference of a record is the largest of its own and those of the records before and after it of
// the same level, in the smaller of absolute and relative terms. The floor stands for what both
// runs share: the immersed probes (0.2 % of the flux for any pose), the piecewise laws and the
// finite steps.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run/isotherm_recorder.h"

namespace thermodose {

/// Error of each fine record, m3; nullopt where the coarse run has no record of that time, and
/// everywhere when its cells are not larger. `ratio` is coarse cell / fine cell, `order` that of
/// the method, `spacing` the fine cell, m.
std::vector<std::optional<double>> volume_errors(const std::vector<IsothermRecord>& fine,
                                                 const std::vector<IsothermRecord>& coarse,
                                                 double ratio, double order, double spacing);

/// Freezing over less than this counts as a sharp front, K. Measured (docs/verification.md): order
/// 1 for 0.2 K, 1.6 to 2 for 7 K. The limit between them is a choice: soft tissue above it, blood,
/// gels and water (1 K and less) below.
inline constexpr double kSharpFreezing = 2;

/// Order of the volumes in the cell where a share (0 to 1) of the tissue freezes sharply: 2 up to a
/// twentieth, 1 from a third on. Between, the amplification of a difference, 1 / (ratio^p - 1),
/// goes linearly from that of order 2 to that of order 1 for the ratio kCompanionRatio: errors of
/// the parts of a front add up.
double order_of_volumes(double sharp_share);

/// Largest ratio of an error to the largest volume of the same level in the run; 0 when there is
/// none. This is what the accuracy of a case bounds.
double largest_relative_error(const std::vector<IsothermRecord>& records,
                              const std::vector<std::optional<double>>& errors);
/// Where it is, in words: "0 degC at 600 s"; empty without errors.
std::string place_of_largest_error(const std::vector<IsothermRecord>& records,
                                   const std::vector<std::optional<double>>& errors);

/// The same that a run will come to, from its records so far: errors grow with the volumes, and
/// the largest of those are taken from the coarse run. Nullopt while that is not sure to exceed
/// `accuracy`: the largest volume may still become kLargerVolume times that of the coarse run.
std::optional<double> excessive_error(const std::vector<IsothermRecord>& so_far,
                                      const std::vector<std::optional<double>>& errors,
                                      const std::vector<IsothermRecord>& coarse, double accuracy);
inline constexpr double kLargerVolume = 1.15;

}  // namespace thermodose
