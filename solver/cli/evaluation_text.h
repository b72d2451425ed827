// What a plan is worth, for a terminal.
// Implements: the tables of targets, organs and lesions that `thermodose run` prints.
#pragma once

#include <string>

#include "output/evaluation_report.h"

namespace thermodose::cli {

/// Empty without targets and organs.
std::string evaluation_text(const EvaluationReport& report);

}  // namespace thermodose::cli
