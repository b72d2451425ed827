#include "fem/law_spans.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace thermodose {

LawSpans::LawSpans(const std::array<int, 3>& nodes, const std::vector<std::int32_t>& law) {
  const auto nx = static_cast<std::size_t>(nodes[0]);
  const std::size_t rows = static_cast<std::size_t>(nodes[1]) * static_cast<std::size_t>(nodes[2]);
  of_row.push_back(0);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int32_t* of = law.empty() ? nullptr : law.data() + row * nx;
    for (std::size_t i = 1; of != nullptr && i < nx; ++i)
      if (of[i] != of[i - 1]) span.push_back({static_cast<std::int32_t>(i), of[i - 1]});
    span.push_back({nodes[0], of != nullptr ? of[nx - 1] : 0});
    of_row.push_back(span.size());
  }
}

template <class Real>
Reach max_diffusivity(const std::vector<SegmentLaw>& laws, const std::vector<NodeRun>& runs,
                      const Real* y, double margin) {
  constexpr Real none = std::numeric_limits<Real>::max();
  std::vector<std::pair<Real, Real>> range(laws.size(), {none, -none});
  for (const auto& run : runs) {
    auto& of_law = range[static_cast<std::size_t>(run.law)];
    Real low = of_law.first, high = of_law.second;
#pragma omp simd reduction(min : low) reduction(max : high)
    for (std::size_t i = run.begin; i < run.end; ++i) {
      low = std::min(low, y[i]);
      high = std::max(high, y[i]);
    }
    of_law = {low, high};
  }
  Reach reach;
  for (std::size_t l = 0; l < laws.size(); ++l) {
    const auto [low, high] = range[l];
    if (!(low <= high)) continue;
    const auto moved = [&](Real h, double by) {
      return laws[l].enthalpy(laws[l].temperature(static_cast<double>(h)) + by);
    };
    reach.now = std::max(
        reach.now, laws[l].max_diffusivity(static_cast<double>(low), static_cast<double>(high)));
    reach.soon =
        std::max(reach.soon, laws[l].max_diffusivity(moved(low, -margin), moved(high, margin)));
  }
  return reach;
}

template Reach max_diffusivity<float>(const std::vector<SegmentLaw>&, const std::vector<NodeRun>&,
                                      const float*, double);
template Reach max_diffusivity<double>(const std::vector<SegmentLaw>&, const std::vector<NodeRun>&,
                                       const double*, double);

}  // namespace thermodose
