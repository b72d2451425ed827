// The Kirchhoff variable as a measure of temperature.
// Implements: theta_0(T) = int k dT of the background tissue for nodes of all tissues, exact and,
// for many nodes, from a table; and its inverse.
#pragma once

#include <cstddef>
#include <vector>

#include "physics/segment_law.h"

namespace thermodose {

class KirchhoffMeasure {
 public:
  /// `laws`: all tissues, the first is the background; they outlive it.
  explicit KirchhoffMeasure(const std::vector<SegmentLaw>& laws);

  double at(double temperature) const;  ///< W/m; K
  /// theta[i] at temperature[i] (K), which may be one array: 1e-4 of the width of a front off.
  void at(const float* temperature, std::size_t n, float* theta) const;
  double inverse(double theta) const;  ///< K

 private:
  const SegmentLaw& background_;
  double low_ = 0, high_ = 0;  ///< K, where the data of any tissue hold
  std::vector<float> table_;
};

}  // namespace thermodose
