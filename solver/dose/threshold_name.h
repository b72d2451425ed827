// Implements: the part of a field name that stands for a temperature: m40, p10, 0, m2_5.
#pragma once

#include <string>

namespace thermodose::dose {

/// "m40" for -40 degC, "p10" for 10 degC, "0"; a decimal point becomes "_". Argument in K.
std::string threshold_name(double temperature);

}  // namespace thermodose::dose
