// The result of a run in a few lines.
// Implements: what `thermodose run` prints at the end, from the same struct as summary.json.
#pragma once

#include <string>

#include "output/summary.h"

namespace thermodose::cli {

/// Isotherm table, thermocouples, energy balance, cost, warnings; several lines. Units degC, mm,
/// mL. Of a long isotherm table only the last time and each isotherm's largest volume are shown.
std::string summary_text(const RunSummary& summary, const std::string& directory);

}  // namespace thermodose::cli
