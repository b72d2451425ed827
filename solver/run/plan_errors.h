// Discretisation error of an evaluated plan.
// Implements: errors of coverages and margins from the same evaluation on coarser cells, as
// run/error_estimate.h does for volumes, over a floor that is the error of the measurement itself.
#pragma once

#include "output/evaluation_report.h"

namespace thermodose {

/// Sets the errors of `fine`. `ratio`: coarse over fine cells (> 1.1, otherwise nothing is known);
/// `order`: of the solution in space; `spacing`: m, of the fine cells.
void add_errors(EvaluationReport& fine, const EvaluationReport& coarse, double ratio, double order,
                double spacing);

/// What a reader of the report should know: targets and organs that are cut, verdicts that hang on
/// the error.
std::vector<std::string> evaluation_warnings(const EvaluationReport& report);

}  // namespace thermodose
