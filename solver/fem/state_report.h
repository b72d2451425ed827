// What is wrong with a state that no law admits.
// Implements: the words for the worst node of a state outside the limits of its tissue's law, or
// without a finite value, for the message of a run that stops.
#pragma once

#include <string>

#include "fem/heat_system.h"

namespace thermodose {

/// "liver at -203.2 degC at (12, 3.1, -4) mm, allowed from -185 degC to 100 degC"; the node that is
/// furthest out among those the step changes. Empty when every value is admissible.
template <class Real>
std::string inadmissible_node(const HeatSystem<Real>& system, const Real* y);

}  // namespace thermodose
