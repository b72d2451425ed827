// How fast this machine is, for forecasts.
// Implements: a few stages of the grid's kernel and a few questions for the region of a point,
// timed: seconds, not a promise. Repeated, the fastest counts: others may use the machine.
#pragma once

#include "run/model.h"

namespace thermodose {

/// Node updates per second of the grid's kernel in single precision on one core, nodes in the
/// cache; 20 ms.
double node_rate();

/// Seconds that a point of the domain costs to be told its region, s; 10 ms.
double seconds_per_point(const Model& model);

}  // namespace thermodose
