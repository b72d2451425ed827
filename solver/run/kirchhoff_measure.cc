// Implements: run/kirchhoff_measure.h.
#include "run/kirchhoff_measure.h"

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {

// A hundredth of the width of a front, K. Another tissue's node needs theta_0(T), of which the
// enthalpy is found by search: the table costs a tenth of that.
constexpr double kTableStep = 0.02;

}  // namespace

KirchhoffMeasure::KirchhoffMeasure(const std::vector<SegmentLaw>& laws)
    : background_(laws.front()),
      low_(laws.front().min_temperature),
      high_(laws.front().max_temperature) {
  // Another tissue may be colder than the data of the background reach.
  for (const auto& law : laws) {
    low_ = std::min(low_, law.min_temperature);
    high_ = std::max(high_, law.max_temperature);
  }
  const double range = std::isfinite(high_ - low_) ? high_ - low_ : 0;
  table_.resize(static_cast<std::size_t>(range / kTableStep) + 3);
  for (std::size_t i = 0; i < table_.size(); ++i)
    table_[i] = static_cast<float>(at(low_ + kTableStep * static_cast<double>(i)));
}

double KirchhoffMeasure::at(double temperature) const {
  return background_.kirchhoff(background_.enthalpy(temperature));
}

void KirchhoffMeasure::at(const float* temperature, std::size_t n, float* theta) const {
  const auto low = static_cast<float>(low_);
  const auto last = static_cast<float>(table_.size()) - 2;
  for (std::size_t i = 0; i < n; ++i) {
    const float x = (temperature[i] - low) * static_cast<float>(1 / kTableStep);
    if (!(x >= 0 && x <= last)) {  // beyond the data of all tissues
      theta[i] = static_cast<float>(at(static_cast<double>(temperature[i])));
      continue;
    }
    const auto before = static_cast<std::size_t>(x);
    const float share = x - static_cast<float>(before);
    theta[i] = table_[before] + share * (table_[before + 1] - table_[before]);
  }
}

// theta_0 increases with T: bisection.
double KirchhoffMeasure::inverse(double theta) const {
  double lo = low_, hi = high_;
  for (int it = 0; it < 60 && hi - lo > 1e-7; ++it) {
    const double mid = 0.5 * (lo + hi);
    (at(mid) < theta ? lo : hi) = mid;
  }
  return 0.5 * (lo + hi);
}

}  // namespace thermodose
