// A heat system of a few numbers that notes what an integrator asks of it.
// Implements: HeatSystem on dy/dt = f(t, y) with a bound and a judge of steps that a test sets.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "fem/heat_system.h"

namespace thermodose::testing_grid {

// dy/dt = f(t, y) on `moving` of the nodes; the others are never touched.
template <class Real>
class Noted final : public HeatSystem<Real> {
 public:
  struct Begin {
    double t, dt;
  };
  using Rate = std::function<Real(double t, std::size_t i, const Real* y)>;

  Noted(std::vector<Real> initial, Rate f) : initial_(std::move(initial)), f_(std::move(f)) {
    moving = initial_.size();
  }
  double bound = 1;
  std::size_t moving = 0;
  std::function<StepCheck(std::size_t nth, double dt)> judge = [](std::size_t, double) {
    return StepCheck{};
  };
  std::vector<Begin> begun;
  std::vector<StageCoefficients> stages;
  std::vector<std::vector<Real>> first_states;  ///< state at each first stage
  std::size_t judged = 0;
  std::array<Real, 4> last_check{};  ///< y_old, y_new, l_old, l_new of node 0

  std::size_t size() const override { return initial_.size(); }
  const NodeGeometry& geometry() const override { return geometry_; }
  const std::vector<SegmentLaw>& laws() const override { return laws_; }
  const std::vector<NodeRun>& all_runs() const override { return runs_; }
  const std::vector<NodeRun>& active_runs() const override { return runs_; }
  double volume(std::size_t) const override { return 1; }
  double spectral_bound() const override { return bound; }
  void stop_sources(const std::vector<SourceStop>&) override { ++changes_; }
  long source_changes() const override { return changes_; }
  void begin_step(double t, double dt, Real*) override { begun.push_back({t, dt}); }
  void stage(const StageCoefficients& c, const Real* y_prev, Real* y_out, const Real* y0,
             Real* l0) override {
    stages.push_back(c);
    if (stages.size() > 20000) throw std::length_error("the integrator does not come to an end");
    if (c.first) first_states.emplace_back(y_prev, y_prev + size());
    const auto r = [](double x) { return static_cast<Real>(x); };
    for (std::size_t i = 0; i < moving; ++i) {
      const Real l = f_(c.time, i, y_prev);
      if (c.first) l0[i] = l;
      y_out[i] = c.first ? y_prev[i] + r(c.dt_l) * l
                         : r(c.mu) * y_prev[i] + r(c.nu) * y_out[i] + r(c.omega) * y0[i] +
                               r(c.dt_l) * l + r(c.dt_l0) * l0[i];
    }
  }
  void prescribe(double, Real* y) override { std::copy(initial_.begin(), initial_.end(), y); }
  HeatLedger end_step(double, double dt, const Real*, const Real*) override {
    HeatLedger heat;
    heat.probes = {dt};
    return heat;
  }
  StepCheck check_step(double dt, const Real* y_old, const Real* y_new, const Real* l_old,
                       const Real* l_new) const override {
    auto* self = const_cast<Noted*>(this);
    self->last_check = {y_old[0], y_new[0], l_old[0], l_new[0]};
    return judge(self->judged++, dt);
  }
  double sensed(std::size_t, const SurfaceCondition&, const Real*) const override { return 0; }
  double stored(const Real*) const override { return 0; }

 private:
  long changes_ = 0;
  std::vector<Real> initial_;
  Rate f_;
  NodeGeometry geometry_;
  std::vector<SegmentLaw> laws_;
  std::vector<NodeRun> runs_;
};

}  // namespace thermodose::testing_grid
