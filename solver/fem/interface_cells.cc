#include "fem/interface_cells.h"

#include <algorithm>
#include <cmath>

#include "fem/thread_team.h"

namespace thermodose {

namespace {

// Below this spread of temperature in a cell the chord is the conductivity at a point.
constexpr double kFlat = 1e-3;  // K
// Fewer cells are not worth waking a thread for.
constexpr std::size_t kWorthATeam = 2000;

// Runs task(member, members) on the team, or alone.
template <class Task>
void share(ThreadTeam* team, std::size_t work, const Task& task) {
  if (team == nullptr || team->size() == 1 || work < kWorthATeam)
    task(0, 1);
  else
    team->run(task);
}

struct Range {
  std::size_t begin, end;
};
Range part_of(std::size_t n, int member, int members) {
  const auto m = static_cast<std::size_t>(member), all = static_cast<std::size_t>(members);
  return {n * m / all, n * (m + 1) / all};
}

}  // namespace

void InterfaceCells::clip(const ActiveRows& active) {
  active_.clear();
  for (std::size_t c = 0; c < cells_.size(); ++c) {
    const auto& [i, j, k] = cells_[c].index;
    bool inside = true;
    for (int side = 0; side < 4 && inside; ++side)
      inside = active.holds(i, j + side % 2, k + side / 2) &&
               active.holds(i + 1, j + side % 2, k + side / 2);
    if (inside) active_.push_back(static_cast<std::uint32_t>(c));
  }
  std::fill(corner_rate_.begin(), corner_rate_.end(), 0.0);
}

template <class Real>
void InterfaceCells::evaluate_nodes(const Real* y, std::size_t begin, std::size_t end) {
  for (std::size_t n = begin; n < end; ++n) enthalpy_[n] = static_cast<double>(y[nodes_[n]]);
  for (const Run& run : node_runs_) {
    const std::size_t first = std::max(run.begin, begin), last = std::min(run.end, end);
    if (first >= last) continue;
    law_function<double>()(of_enthalpy_[run.law], &enthalpy_[first], &excess_[first], &own_[first],
                           static_cast<int>(last - first));
  }
}

void InterfaceCells::evaluate_thetas(std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) theta_input_[i] = excess_[theta_node_[i]];
  for (const Run& run : theta_runs_) {
    const std::size_t first = std::max(run.begin, begin), last = std::min(run.end, end);
    if (first >= last) continue;
    law_function<double>()(of_temperature_[run.law], &theta_input_[first], &thetas_[first],
                           &unused_[first], static_cast<int>(last - first));
  }
}

double InterfaceCells::chord(const Part& part, const Cell& cell) const {
  std::size_t low = 0, high = 0;
  for (std::size_t a = 1; a < 8; ++a) {
    if (excess_[cell.node[a]] < excess_[cell.node[low]]) low = a;
    if (excess_[cell.node[a]] > excess_[cell.node[high]]) high = a;
  }
  const double spread = excess_[cell.node[high]] - excess_[cell.node[low]];
  if (spread >= kFlat) return (thetas_[part.value[high]] - thetas_[part.value[low]]) / spread;
  const SegmentLaw& law = laws_[part.law];
  return law.conductivity(law.enthalpy(law.reference_temperature + excess_[cell.node[low]]));
}

// Rows of the Q1 stiffness of a cube: 5 x_a - (sum over the corners of a's parity) - x_opposite.
std::array<double, 8> InterfaceCells::cube_rows(const std::array<double, 8>& x) const {
  const std::array<double, 2> sum{x[0] + x[3] + x[5] + x[6], x[1] + x[2] + x[4] + x[7]};
  std::array<double, 8> out{};
  for (std::size_t a = 0; a < 8; ++a)
    out[a] = 5 * x[a] - sum[(a ^ (a >> 1U) ^ (a >> 2U)) & 1U] - x[7 - a];
  return out;
}

// Heat that a cut cell brings its nodes, in units of 1 / (12 h^2) per volume.
void InterfaceCells::take_cut(const Cell& cell, const std::array<double, 8>& t,
                              std::array<double, 8>& row) const {
  std::array<double, 16> resistance{};
  double along = 0;
  for (std::size_t m = 0; m < cell.parts; ++m) {
    const Part& part = parts_[cell.part + m];
    const double k = chord(part, cell), inverse = 1 / k;
    along += static_cast<double>(part.share) * k;
    for (std::size_t e = 0; e < 16; ++e)
      resistance[e] += static_cast<double>(part.line[e]) * inverse;
  }
  for (std::size_t e = 0; e < 16; ++e) {
    const std::size_t a = kDiagonals[e][0], b = kDiagonals[e][1];
    const double k = 1 / resistance[e], heat = k * (t[b] - t[a]);
    along -= static_cast<double>(cell.along[e]) * k;
    row[a] += heat;
    row[b] -= heat;
  }
  if (along <= 0) return;
  // Mean gradient times 4 h, without its part along the normal; 12 h^2 / (4 h)^2 = 0.75.
  std::array<double, 3> g{};
  double across = 0;
  for (std::size_t d = 0; d < 3; ++d) {
    for (std::size_t a = 0; a < 8; ++a) g[d] += (a >> d & 1U) != 0 ? t[a] : -t[a];
    across += g[d] * static_cast<double>(cell.normal[d]);
  }
  for (std::size_t d = 0; d < 3; ++d) {
    const double heat = 0.75 * along * (g[d] - across * static_cast<double>(cell.normal[d]));
    for (std::size_t a = 0; a < 8; ++a) row[a] -= (a >> d & 1U) != 0 ? heat : -heat;
  }
}

void InterfaceCells::cell_rates(const Cell& cell, double* corner_rate) const {
  std::array<double, 8> t{}, own{};
  for (std::size_t a = 0; a < 8; ++a) {
    t[a] = excess_[cell.node[a]];
    own[a] = own_[cell.node[a]];
  }
  std::array<double, 8> row = cube_rows(own);  // takes back what the sweep conducts
  if (cell.cut) {
    take_cut(cell, t, row);
  } else {
    const double k = chord(parts_[cell.part], cell);
    const auto true_row = cube_rows(t);
    for (std::size_t a = 0; a < 8; ++a) row[a] -= k * true_row[a];
  }
  for (std::size_t a = 0; a < 8; ++a)
    corner_rate[a] = inv12h2_ * inverse_volume_[cell.node[a]] * row[a];
}

template <class Real>
double InterfaceCells::update(const Real* y) {
  const std::size_t nodes = nodes_.size();
  share(team_.get(), nodes, [&](int member, int members) {
    const Range r = part_of(nodes, member, members);
    evaluate_nodes(y, r.begin, r.end);
  });
  share(team_.get(), theta_node_.size(), [&](int member, int members) {
    const Range r = part_of(theta_node_.size(), member, members);
    evaluate_thetas(r.begin, r.end);
  });
  share(team_.get(), active_.size(), [&](int member, int members) {
    const Range r = part_of(active_.size(), member, members);
    for (std::size_t i = r.begin; i < r.end; ++i)
      cell_rates(cells_[active_[i]], &corner_rate_[8 * static_cast<std::size_t>(active_[i])]);
  });
  share(team_.get(), nodes, [&](int member, int members) {
    const Range r = part_of(nodes, member, members);
    for (std::size_t n = r.begin; n < r.end; ++n) {
      rate_[n] = 0;
      for (auto c = corner_begin_[n]; c < corner_begin_[n + 1]; ++c)
        rate_[n] += corner_rate_[corners_[c]];
    }
  });
  double fixed = 0;
  for (std::size_t n = 0; n < nodes; ++n)
    if (fixed_[n] != 0) fixed += rate_[n] * cell_volume_ / inverse_volume_[n];
  return fixed;
}

template <class Real>
void InterfaceCells::apply(Real* y_out, Real* l0, double dt_l) const {
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    if (rate_[n] == 0 || fixed_[n] != 0) continue;
    y_out[nodes_[n]] += static_cast<Real>(dt_l * rate_[n]);
    if (l0) l0[nodes_[n]] += static_cast<Real>(rate_[n]);
  }
}

template double InterfaceCells::update<float>(const float*);
template double InterfaceCells::update<double>(const double*);
template void InterfaceCells::apply<float>(float*, float*, double) const;
template void InterfaceCells::apply<double>(double*, double*, double) const;

}  // namespace thermodose
