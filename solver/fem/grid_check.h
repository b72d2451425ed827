// What a step on the grid is judged by, run by run.
// Implements: limits of every active node, and the defect of fem/heat_system.h (check_step).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "fem/heat_system.h"
#include "fem/thread_team.h"
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

/// The active nodes of a grid, and what their laws allow.
template <class Real>
struct CheckedRuns {
  const std::vector<NodeRun>& runs;
  const std::vector<double>& rest_capacity;          ///< of every law, J/m3/K
  const std::vector<std::pair<Real, Real>>& limits;  ///< of every law, J/m3
  const std::array<int, 3>& nodes;                   ///< of the lattice
};

template <class Real>
StepCheck check_runs(ThreadTeam& team, const CheckedRuns<Real>& of, double dt, const Real* y_old,
                     const Real* y_new, const Real* l_old, const Real* l_new) {
  const auto count = [](int n) { return static_cast<std::size_t>(n); };
  std::vector<CheckPart<Real>> parts(count(team.size()));
  team.run([&](int member, int members) {
    const std::size_t n = of.runs.size();
    for (std::size_t r = n * count(member) / count(members);
         r < n * count(member + 1) / count(members); ++r) {
      const NodeRun& run = of.runs[r];
      const auto law = count(run.law);
      // The limits are looked at everywhere, the defect on every fourth row: a mean needs no more.
      // Whole rows: every fourth run could be the same tissue each time.
      const std::size_t row = run.begin / count(of.nodes[0]);
      const std::size_t j = row % count(of.nodes[1]), k = row / count(of.nodes[1]);
      check_run(run, (j + k) % 4 == 0, static_cast<Real>(of.rest_capacity[law]), of.limits[law],
                static_cast<Real>(dt), y_old, y_new, l_old, l_new, parts[count(member)]);
    }
  });
  StepCheck check;
  double squares = 0;
  long moved = 0;
  for (const auto& part : parts) {
    squares += part.squares;
    moved += part.moved;
    check.physical = check.physical && part.physical;
  }
  check.error = moved > 0 ? std::sqrt(squares / static_cast<double>(moved)) : 0;
  return check;
}

}  // namespace thermodose
