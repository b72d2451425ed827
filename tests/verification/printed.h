// Comparison with tabulated numbers at the digits they are printed with.
// Implements: tolerance = half a unit of the last printed digit.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace thermodose::exact {

/// Half a unit of the last digit of a number such as "38.3815", "2.48300e-8" or "-77".
inline double half_unit(const std::string& printed) {
  const std::size_t e = printed.find_first_of("eE");
  const std::string mantissa = printed.substr(0, e);
  const int power = e == std::string::npos ? 0 : std::stoi(printed.substr(e + 1));
  const std::size_t point = mantissa.find('.');
  const int decimals =
      point == std::string::npos ? 0 : static_cast<int>(mantissa.size() - point) - 1;
  return 0.5 * std::pow(10.0, power - decimals);
}

/// Passes when `value`, rounded to the digits of `printed`, is `printed`.
inline ::testing::AssertionResult agrees(double value, const std::string& printed) {
  const double defect = std::abs(value - std::stod(printed));
  if (defect <= 1.0001 * half_unit(printed)) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "computed " << ::testing::PrintToString(value)
                                       << ", tabulated " << printed << ", defect " << defect;
}

}  // namespace thermodose::exact
