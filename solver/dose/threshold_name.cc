// Implements: names of temperatures in field names (threshold_name.h).
#include "dose/threshold_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/types.h"

namespace thermodose::dose {

std::string threshold_name(double temperature) {
  const double celsius = std::round((temperature - kZeroCelsius) * 1e6) / 1e6;
  std::string out = fmt::format("{:.10g}", std::abs(celsius));
  std::replace(out.begin(), out.end(), '.', '_');
  if (celsius < 0) return "m" + out;
  return celsius > 0 ? "p" + out : out;
}

}  // namespace thermodose::dose
