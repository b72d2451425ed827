// What the sources of a case can bring the tissue to.
// Implements: coldest and warmest temperature of rest, faces, probes, blood and metabolism, and the
// limits of the tissue laws that follow from it. Heat flows from warm to cold, so the solution
// cannot leave that range; a state outside it is wrong even where the tissue law would hold.
#pragma once

#include <utility>

#include "run/model.h"

namespace thermodose {

/// Coldest and warmest temperature, K, that anything in the case is held at, blows or starts from,
/// and to which perfusion and metabolism alone would carry a tissue from there (its law's limit
/// when nothing balances them).
std::pair<double, double> source_range(const Model& model, const Schedule& schedule);

/// Narrows min_temperature and max_temperature of every law to source_range, with a margin for the
/// discrete undershoot of a needle in coarse cells: a tenth of the range, at least 5 K.
void limit_to_sources(Model& model, const Schedule& schedule);

}  // namespace thermodose
