#include "fem/interface_cells.h"

#include <algorithm>

#include "fem/thread_team.h"

namespace thermodose {

namespace {

// Nodes of a run that is worked on in one go: short ones share out well.
constexpr std::size_t kLongestRun = 128;
// Nodes of a part that a thread takes; fewer in all are not worth waking another one for.
constexpr std::size_t kPart = 1024;
// Blocks of cells that a thread takes at a time.
constexpr std::size_t kBlocks = 512;

// Largest k = dtheta/dT of a law of temperature for T - T_ref from `low` to `high`.
template <class Real>
Real max_slope(const KernelLaw<Real>& law, Real low, Real high) {
  Real largest = 0;
  for (int m = 0; m < law.segments; ++m) {
    if (law.hi[m] < low || law.lo[m] > high) continue;
    for (const Real end : {std::max(low, law.lo[m]), std::min(high, law.hi[m])})
      largest = std::max(largest, law.th1[m] + 2 * law.th2[m] * (end - law.pivot[m]));
  }
  return largest;
}

}  // namespace

// Runs task(part) for every part, each by whoever comes first.
template <class Real>
template <class Task>
void InterfaceCells<Real>::share(std::size_t parts, const Task& task) {
  next_ = 0;
  const auto take = [&](int, int) {
    for (std::size_t p = next_++; p < parts; p = next_++) task(p);
  };
  if (team_ == nullptr || parts < 2)
    take(0, 1);
  else
    team_->run(take);
}

// 1 for nodes that the rows hold.
template <class Real>
std::vector<std::uint8_t> InterfaceCells<Real>::held_by(const ActiveRows& rows) const {
  std::vector<std::uint8_t> on(nodes_.size());
  const auto nx = static_cast<std::size_t>(lattice_[0]), ny = static_cast<std::size_t>(lattice_[1]);
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    const std::size_t row = nodes_[n] / nx;
    on[n] = rows.holds(static_cast<int>(nodes_[n] % nx), static_cast<int>(row % ny),
                       static_cast<int>(row / ny))
                ? 1
                : 0;
  }
  return on;
}

template <class Real>
void InterfaceCells<Real>::set_near(const ActiveRows& near) {
  const std::vector<std::uint8_t> on = held_by(near);
  near_.clear();
  for (const InterfaceBlock& block : blocks_) {
    bool any = false;
    for (const auto& corner : block.node)
      for (const auto n : corner) any = any || on[n] != 0;
    near_.push_back(any ? 1 : 0);
  }
}

template <class Real>
void InterfaceCells<Real>::clip(const ActiveRows& active) {
  const std::vector<std::uint8_t> on = held_by(active);
  active_.clear();
  active_begin_.assign(1, 0);
  for (std::size_t s = 0; s + 1 < slab_begin_.size(); ++s) {
    for (std::size_t b = slab_begin_[s]; b < slab_begin_[s + 1]; ++b) {
      InterfaceBlock& block = blocks_[b];
      bool any = false;
      for (std::size_t c = 0; c < kCellLanes; ++c) {
        bool all = block.real[c] != 0;
        for (std::size_t a = 0; a < 8; ++a) all = all && on[block.node[a][c]] != 0;
        block.holds[c] = all ? 1 : 0;
        any = any || all;
      }
      if (any) active_.push_back(static_cast<std::uint32_t>(b));
    }
    active_begin_.push_back(active_.size());
  }
  active_fixed_.clear();
  for (const auto n : fixed_)
    if (on[n] != 0) active_fixed_.push_back(n);
  active_runs_.clear();
  part_begin_.assign(1, 0);
  std::size_t work = 0;
  for (const Run& run : runs_)
    for (std::size_t n = run.begin; n < run.end; n += kRowBlock) {
      if (std::all_of(&on[n], &on[n] + kRowBlock, [](auto x) { return x == 0; })) continue;
      const bool joins = !active_runs_.empty() && active_runs_.back().end == n &&
                         active_runs_.back().law == run.law &&
                         n - active_runs_.back().begin < kLongestRun;
      if (!joins) {
        if (work >= kPart * part_begin_.size()) part_begin_.push_back(active_runs_.size());
        active_runs_.push_back({n, n, run.law});
      }
      active_runs_.back().end = n + kRowBlock;
      work += kRowBlock;
    }
  part_begin_.push_back(active_runs_.size());
}

template <class Real>
void InterfaceCells<Real>::evaluate(const Real* y) {
  share(part_begin_.size() - 1, [&](std::size_t part) {
    for (std::size_t r = part_begin_[part]; r < part_begin_[part + 1]; ++r) {
      // Much data for little work: what is not needed later stays in the first cache.
      std::array<Real, kLongestRun> enthalpy, source;
      const Run& run = active_runs_[r];
      const std::size_t b = run.begin, n = run.end - b;
      const std::uint32_t* at = &nodes_[b];
      for (std::size_t i = 0; i < n; ++i) enthalpy[i] = y[at[i]];
      Real* own = &own_[b];
      node_function<Real>()(of_enthalpy_[run.law], enthalpy.data(), &excess_[b], own, source.data(),
                            static_cast<int>(n));
      Real *theta = theta_.data(), *given = source_.data();
      for (std::size_t i = 0; i < n; ++i) {
        theta[at[i]] = own[i];
        given[at[i]] = source[i];
      }
    }
  });
  next_ = 0;
}

template <class Real>
void InterfaceCells<Real>::work() {
  for (std::size_t s = next_++; s + 1 < active_begin_.size(); s = next_++) {
    const InterfaceInput<Real> input{blocks_.data(), parts_.data(), of_temperature_.data(),
                                     excess_.data(), own_.data(),   rate_[s % 2].data()};
    interface_function<Real>()(input, active_.data() + active_begin_[s],
                               active_begin_[s + 1] - active_begin_[s]);
  }
}

template <class Real>
void InterfaceCells<Real>::update(const Real* y) {
  evaluate(y);
  if (team_ == nullptr)
    work();
  else
    team_->run([&](int, int) { work(); });
}

template <class Real>
double InterfaceCells<Real>::heat_of_fixed_nodes() const {
  double heat = 0;
  for (const auto n : active_fixed_) heat += static_cast<double>(sum(n));
  return inv12h2_ * cell_volume_ * heat;
}

template <class Real>
void InterfaceCells<Real>::apply(Real* y_out, Real* l0, double dt_l) {
  const Real dt = static_cast<Real>(dt_l);
  share(part_begin_.size() - 1, [&](std::size_t part) {
    for (std::size_t r = part_begin_[part]; r < part_begin_[part + 1]; ++r) {
      const std::size_t b = active_runs_[r].begin, n = active_runs_[r].end - b;
      const std::uint32_t* at = &nodes_[b];
      Real *even = &rate_[0][b], *odd = &rate_[1][b];
      const Real* scale = &scale_[b];
      std::array<Real, kLongestRun> rate;
      for (std::size_t i = 0; i < n; ++i) {
        rate[i] = scale[i] * (even[i] + odd[i]);
        even[i] = odd[i] = 0;
      }
      for (std::size_t i = 0; i < n; ++i) y_out[at[i]] += dt * rate[i];
      if (l0 == nullptr) continue;
      for (std::size_t i = 0; i < n; ++i) l0[at[i]] += rate[i];
    }
  });
}

template <class Real>
std::array<Reach, 2> InterfaceCells<Real>::max_diffusivity(double margin) {
  std::vector<std::array<Reach, 2>> of_part((active_.size() + kBlocks - 1) / kBlocks);
  share(of_part.size(), [&](std::size_t part) {
    for (std::size_t i = part * kBlocks; i < std::min(active_.size(), (part + 1) * kBlocks); ++i)
      widen(active_[i], margin, of_part[part]);
  });
  std::array<Reach, 2> reach;
  for (const auto& part : of_part)
    for (std::size_t i = 0; i < 2; ++i) {
      reach[i].now = std::max(reach[i].now, part[i].now);
      reach[i].soon = std::max(reach[i].soon, part[i].soon);
    }
  return reach;
}

// Widens `reach` by the cells of a block.
template <class Real>
void InterfaceCells<Real>::widen(std::size_t b, double margin, std::array<Reach, 2>& reach) const {
  const InterfaceBlock& block = blocks_[b];
  OfCells<Real> low{}, high{};
  for (const auto& corner : block.node)
    for (std::size_t c = 0; c < kCellLanes; ++c) {
      low[c] = std::min(low[c], excess_[corner[c]]);
      high[c] = std::max(high[c], excess_[corner[c]]);
    }
  const Real lowest = *std::min_element(low.begin(), low.end());
  const Real highest = *std::max_element(high.begin(), high.end());
  const Real by = static_cast<Real>(margin);
  Real now = 0, soon = 0;
  for (std::uint32_t m = 0; m < block.parts; ++m) {
    const KernelLaw<Real>& law = of_temperature_[parts_[block.part + m].law];
    now = std::max(now, max_slope(law, lowest, highest));
    soon = std::max(soon, max_slope(law, lowest - by, highest + by));
  }
  const auto inverse_capacity = static_cast<double>(inverse_capacity_[b]);
  for (std::size_t i = 0; i < (near_.empty() || near_[b] == 0 ? 1U : 2U); ++i) {
    reach[i].now = std::max(reach[i].now, static_cast<double>(now) * inverse_capacity);
    reach[i].soon = std::max(reach[i].soon, static_cast<double>(soon) * inverse_capacity);
  }
}

template class InterfaceCells<float>;
template class InterfaceCells<double>;

}  // namespace thermodose
