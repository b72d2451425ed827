#include "fem/interface_cells.h"

#include <algorithm>

#include "fem/thread_team.h"

namespace thermodose {

namespace {

// Fewer cells are not worth waking a thread for.
constexpr std::size_t kWorthATeam = 2000;
// Nodes of a run that is worked on in one go: short ones share out well.
constexpr std::size_t kLongestRun = 128;
// Nodes at rest between active ones that cost less than the end of a run.
constexpr std::size_t kGap = 8;

// Runs task(begin, end) over parts of 0..n-1 on the team, or all of it alone.
template <class Task>
void share(ThreadTeam* team, std::size_t n, std::size_t work, const Task& task) {
  if (team == nullptr || team->size() == 1 || work < kWorthATeam) {
    task(std::size_t{0}, n);
    return;
  }
  team->run([&](int member, int members) {
    const auto m = static_cast<std::size_t>(member), all = static_cast<std::size_t>(members);
    task(n * m / all, n * (m + 1) / all);
  });
}

}  // namespace

template <class Real>
void InterfaceCells<Real>::clip(const ActiveRows& active) {
  std::vector<std::uint8_t> on(nodes_.size());
  const auto nx = static_cast<std::size_t>(lattice_[0]), ny = static_cast<std::size_t>(lattice_[1]);
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    const std::size_t row = nodes_[n] / nx;
    on[n] = active.holds(static_cast<int>(nodes_[n] % nx), static_cast<int>(row % ny),
                         static_cast<int>(row / ny))
                ? 1
                : 0;
  }
  active_.clear();
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
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
  active_runs_.clear();
  for (const Run& run : runs_)
    for (std::size_t n = run.begin; n < run.end; ++n) {
      if (on[n] == 0) continue;
      const bool joins = !active_runs_.empty() && active_runs_.back().end > run.begin &&
                         n - active_runs_.back().end <= kGap &&
                         n - active_runs_.back().begin < kLongestRun;
      if (!joins) active_runs_.push_back({n, n, run.law});
      active_runs_.back().end = n + 1;
    }
  std::fill(heat_.begin(), heat_.end(), Real(0));
}

template <class Real>
void InterfaceCells<Real>::add_up(std::size_t node) {
  Real sum = 0;
  for (auto c = corner_begin_[node]; c < corner_begin_[node + 1]; ++c) sum += heat_[corners_[c]];
  rate_[node] = static_cast<Real>(inv12h2_) * static_cast<Real>(inverse_volume_[node]) * sum;
}

template <class Real>
double InterfaceCells<Real>::update(const Real* y) {
  const std::size_t work = kCellLanes * active_.size();
  share(team_.get(), active_runs_.size(), work, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) {
      const Run& run = active_runs_[r];
      for (std::size_t n = run.begin; n < run.end; ++n) enthalpy_[n] = y[nodes_[n]];
      law_function<Real>()(of_enthalpy_[run.law], &enthalpy_[run.begin], &excess_[run.begin],
                           &own_[run.begin], static_cast<int>(run.end - run.begin));
    }
  });
  const InterfaceInput<Real> input{blocks_.data(), parts_.data(), of_temperature_.data(),
                                   excess_.data(), own_.data(),   heat_.data()};
  share(team_.get(), active_.size(), work, [&](std::size_t begin, std::size_t end) {
    interface_function<Real>()(input, active_.data() + begin, end - begin);
  });
  share(team_.get(), active_runs_.size(), work, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r)
      for (std::size_t n = active_runs_[r].begin; n < active_runs_[r].end; ++n) add_up(n);
  });
  double fixed = 0;
  for (const auto n : fixed_)
    fixed += static_cast<double>(rate_[n]) * cell_volume_ / static_cast<double>(inverse_volume_[n]);
  return fixed;
}

template <class Real>
void InterfaceCells<Real>::apply(Real* y_out, Real* l0, double dt_l) const {
  const std::size_t work = kCellLanes * active_.size();
  const Real dt = static_cast<Real>(dt_l);
  share(team_.get(), active_runs_.size(), work, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r)
      for (std::size_t n = active_runs_[r].begin; n < active_runs_[r].end; ++n) {
        if (free_[n] == 0) continue;
        y_out[nodes_[n]] += dt * rate_[n];
        if (l0) l0[nodes_[n]] += rate_[n];
      }
  });
}

template class InterfaceCells<float>;
template class InterfaceCells<double>;

}  // namespace thermodose
