// Implements: a table of factors on a property stated at 37 degC, linear between its points and
// held outside them; shared by the table laws of conductivity and heat capacity.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/keys.h"

namespace thermodose {

/// factor(T): piecewise linear; factor(37 degC) must be 1.
class FactorTable {
 public:
  void keys(Keys& k);
  /// Problems: fewer than two points, a factor that is not positive, a factor at 37 degC that
  /// is not 1 (within 1e-6).
  std::vector<std::string> check() const;
  void knots(std::vector<double>& temperatures) const;
  double factor(double temperature) const;

 private:
  std::vector<std::pair<double, double>> points_;  // (K, 1)
};

}  // namespace thermodose
