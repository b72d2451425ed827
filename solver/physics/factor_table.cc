// Implements: FactorTable (see factor_table.h).
#include "physics/factor_table.h"

#include <algorithm>
#include <cmath>

#include "physics/tissue_laws.h"

namespace thermodose {

void FactorTable::keys(Keys& k) {
  k.curve(key("points", "1",
              "Temperature and factor on the value stated at 37 degC; linear between the points, "
              "held outside; the factor at 37 degC must be 1."),
          key("temperature", "degC", "Temperature."), points_);
}

std::vector<std::string> FactorTable::check() const {
  if (points_.size() < 2) return {"points: found fewer than two points"};
  std::vector<std::string> problems;
  for (const auto& [temperature, value] : points_)
    if (!(value > 0)) problems.emplace_back("points: every factor must be positive");
  if (std::abs(factor(kBodyTemperature) - 1) > 1e-6)
    problems.emplace_back(
        "points: the factor at 37 degC must be 1, because the property is stated there");
  return problems;
}

void FactorTable::knots(std::vector<double>& temperatures) const {
  for (const auto& point : points_) temperatures.push_back(point.first);
}

double FactorTable::factor(double temperature) const {
  if (points_.empty()) return 1;
  if (temperature <= points_.front().first) return points_.front().second;
  if (temperature >= points_.back().first) return points_.back().second;
  const auto above = std::upper_bound(points_.begin(), points_.end(), temperature,
                                      [](double t, const auto& point) { return t < point.first; });
  const auto below = above - 1;
  const double s = (temperature - below->first) / (above->first - below->first);
  return below->second + s * (above->second - below->second);
}

}  // namespace thermodose
