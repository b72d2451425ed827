// Implements: state_report.h.
#include "fem/state_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {

std::string where(const NodeGeometry& geometry, std::size_t node) {
  Vec3 p{};
  if (geometry.uniform) {
    std::size_t rest = node;
    for (std::size_t d = 0; d < 3; ++d) {
      const auto n = static_cast<std::size_t>(geometry.nodes[d]);
      p[d] = geometry.origin[d] + geometry.spacing * static_cast<double>(rest % n);
      rest /= n;
    }
  } else {
    p = geometry.points[node];
  }
  if (geometry.axisymmetric) return fmt::format("r {:.4g} mm, z {:.4g} mm", 1e3 * p[0], 1e3 * p[2]);
  return fmt::format("({:.4g}, {:.4g}, {:.4g}) mm", 1e3 * p[0], 1e3 * p[1], 1e3 * p[2]);
}

}  // namespace

template <class Real>
std::string inadmissible_node(const HeatSystem<Real>& system, const Real* y) {
  double worst = 0;  // K outside the limits
  std::string text;
  for (const NodeRun& run : system.active_runs()) {
    const SegmentLaw& law = system.laws()[static_cast<std::size_t>(run.law)];
    const auto low = static_cast<Real>(law.enthalpy(law.min_temperature));
    const auto high = static_cast<Real>(law.enthalpy(law.max_temperature));
    for (std::size_t i = run.begin; i < run.end; ++i) {
      if (y[i] >= low && y[i] <= high) continue;
      if (!std::isfinite(y[i]))
        return fmt::format("{} has no finite value at {}", law.material,
                           where(system.geometry(), i));
      const double t = law.temperature(static_cast<double>(y[i]));
      const double outside = std::max(law.min_temperature - t, t - law.max_temperature);
      if (!text.empty() && outside <= worst) continue;
      worst = outside;
      text = fmt::format("{} at {:.1f} degC at {}, allowed from {:.1f} degC to {:.1f} degC",
                         law.material, t - kZeroCelsius, where(system.geometry(), i),
                         law.min_temperature - kZeroCelsius, law.max_temperature - kZeroCelsius);
    }
  }
  return text;
}

template std::string inadmissible_node(const HeatSystem<float>&, const float*);
template std::string inadmissible_node(const HeatSystem<double>&, const double*);

}  // namespace thermodose
