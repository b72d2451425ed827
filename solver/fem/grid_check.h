// What a step on the grid is judged by, run by run.
// Implements: limits of every active node, and the defect of fem/heat_system.h (check_step).
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include "geometry/node_geometry.h"

namespace thermodose {

template <class Real>
struct CheckPart {
  double squares = 0;
  long moved = 0;
  bool physical = true;
};

// Limits, and the defect when asked, over one run.
template <class Real>
void check_run(const NodeRun& run, bool defect, Real capacity, std::pair<Real, Real> limits,
               Real dt, const Real* y_old, const Real* y_new, const Real* l_old, const Real* l_new,
               CheckPart<Real>& part) {
  Real lowest = 0, highest = 0, probe = 0;
#pragma omp simd reduction(min : lowest) reduction(max : highest) reduction(+ : probe)
  for (std::size_t i = run.begin; i < run.end; ++i) {
    lowest = std::min(lowest, y_new[i]);
    highest = std::max(highest, y_new[i]);
    probe += y_new[i];  // NaN and infinity survive a sum, not a minimum
  }
  part.physical = part.physical && lowest >= limits.first && highest <= limits.second &&
                  std::isfinite(static_cast<double>(probe));
  if (!defect) return;
  const Real scale = 1 / capacity, w = Real(0.4) * dt;
  Real sum = 0;
  int moved = 0;
#pragma omp simd reduction(+ : sum, moved)
  for (std::size_t i = run.begin; i < run.end; ++i) {
    const Real e = scale * (Real(0.8) * (y_old[i] - y_new[i]) + w * (l_old[i] + l_new[i]));
    // More than about 1 K from rest; a prescribed node has no defect at all and does not count.
    const bool far = std::abs(y_new[i]) > capacity && e != 0;
    sum += far ? e * e : Real(0);
    moved += far ? 1 : 0;
  }
  part.squares += static_cast<double>(sum);
  part.moved += moved;
}

}  // namespace thermodose
