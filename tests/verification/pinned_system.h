// A heat system with an initial state of its own, some of whose nodes follow given functions of
// time. Implements: a decorator of HeatSystem. The initial state enters where integrators ask for
// the prescribed values of the start. Pinned nodes are overwritten with exact enthalpies at the
// abscissa of every stage: a verification case gets the boundary of its exact solution wherever
// that lies (around a sink, beyond a radius) without a special boundary in the engine.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "fem/heat_system.h"

namespace thermodose::verification {

/// Enthalpies of the pinned nodes at time t, in the order of `nodes`.
class PinnedNodes {
 public:
  virtual ~PinnedNodes() = default;
  virtual const std::vector<std::size_t>& nodes() const = 0;
  virtual const std::vector<double>& enthalpies(double t) = 0;
};

template <class Real>
class PinnedSystem final : public HeatSystem<Real> {
 public:
  /// `pinned` may be null. `inner` outlives the object.
  PinnedSystem(HeatSystem<Real>& inner, std::unique_ptr<PinnedNodes> pinned,
               std::vector<Real> initial)
      : inner_(inner),
        pinned_(std::move(pinned)),
        initial_(std::move(initial)),
        patched_(inner_.size() + 16) {}

  std::size_t size() const override { return inner_.size(); }
  const NodeGeometry& geometry() const override { return inner_.geometry(); }
  const std::vector<SegmentLaw>& laws() const override { return inner_.laws(); }
  const std::vector<NodeRun>& all_runs() const override { return inner_.all_runs(); }
  double volume(std::size_t i) const override { return inner_.volume(i); }
  void stop_sources(const std::vector<SourceStop>& stops) override { inner_.stop_sources(stops); }
  long source_changes() const override { return inner_.source_changes(); }
  void begin_step(double t, double dt, Real* y) override {
    patch(t, y);
    inner_.begin_step(t, dt, y);
  }
  const std::vector<NodeRun>& active_runs() const override { return inner_.active_runs(); }
  double spectral_bound() const override { return inner_.spectral_bound(); }
  void stage(const StageCoefficients& c, const Real* y_prev, Real* y_out, const Real* y0,
             Real* l0) override {
    if (!pinned_) return inner_.stage(c, y_prev, y_out, y0, l0);
    std::copy(y_prev, y_prev + size(), patched_.begin());
    patch(c.time, patched_.data());
    inner_.stage(c, patched_.data(), y_out, y0, l0);
  }
  void prescribe(double t, Real* y) override {
    std::copy(initial_.begin(), initial_.end(), y);
    initial_.clear();  // only the start asks before the first step
    inner_.prescribe(t, y);
    patch(t, y);
  }
  HeatLedger end_step(double t, double dt, const Real* y_begin, const Real* y_end) override {
    return inner_.end_step(t, dt, y_begin, y_end);
  }
  /// The defect of pinned nodes means nothing, so steps are of fixed size; limits still hold.
  StepCheck check_step(double dt, const Real* y_old, const Real* y_new, const Real* l_old,
                       const Real* l_new) const override {
    StepCheck check = inner_.check_step(dt, y_old, y_new, l_old, l_new);
    check.error = 0;
    return check;
  }
  double sensed(std::size_t probe, const SurfaceCondition& condition,
                const Real* y) const override {
    return inner_.sensed(probe, condition, y);
  }
  double stored(const Real* y) const override { return inner_.stored(y); }

 private:
  void patch(double t, Real* y) {
    if (!pinned_) return;
    const std::vector<std::size_t>& nodes = pinned_->nodes();
    const std::vector<double>& values = pinned_->enthalpies(t);
    for (std::size_t i = 0; i < nodes.size(); ++i) y[nodes[i]] = static_cast<Real>(values[i]);
  }

  HeatSystem<Real>& inner_;
  std::unique_ptr<PinnedNodes> pinned_;
  std::vector<Real> initial_;
  std::vector<Real> patched_;
};

}  // namespace thermodose::verification
