// What memory a run is expected to take.
// Implements: the forecast of memory behind `thermodose check`.
#pragma once

#include "run/check.h"

namespace thermodose {

/// Bytes of a run on the cells of a plan: what this process took to read the case (images,
/// surfaces), the fields, and what engines keep per node or per cell where tissues meet. Within a
/// third of the runs it was measured on (memory.cc).
double memory_bytes(const Model& model, const Plan& plan, const Forecast& forecast);

}  // namespace thermodose
