// Implements: the runs declared in radial.h.
#include "verification/radial.h"

#include <algorithm>
#include <utility>

namespace thermodose::verification {

RadialRun::RadialRun(const Scheme& scheme, const RadialCase& data, double spacing, double dt)
    : data_(data),
      coordinate_(data.symmetry == exact::Symmetry::sphere ? Coordinate(from_origin)
                                                           : Coordinate(from_axis)) {
  const bool fitted =
      scheme.engine == Engine::axisymmetric && data_.symmetry == exact::Symmetry::cylinder;
  system_ = make(scheme.engine, domain(scheme.engine, spacing, fitted), conditions_);
  Start start;
  start.time = data_.begin;
  start.temperature = [this](const Vec3& p) {
    // Inside a sink the profile may be singular: there the core is flat.
    const double r = std::max(coordinate_(p), 0.5 * data_.core);
    return data_.rest ? *data_.rest : data_.profile(r, data_.begin);
  };
  // From the outer faces on, which are at least that far away everywhere.
  if (!fitted) start.pin = Pin{coordinate_, data_.profile, data_.core, data_.size * (1 - 1e-9)};
  run_.emplace(scheme.method, *system_, start, dt);
}

Domain RadialRun::domain(Engine engine, double spacing, bool fitted) {
  Domain domain;
  const bool sphere = data_.symmetry == exact::Symmetry::sphere;
  domain.size = {data_.size, data_.size, sphere ? data_.size : 2 * spacing};
  domain.spacing = spacing;
  domain.laws = {data_.law};
  if (engine == Engine::graded_octree) domain.core = 0.7 * data_.size;
  if (fitted) {
    domain.probes = {{{0, 0, 0}, {0, 0, domain.size[2]}, data_.core, {}}};
    domain.fixed[1] = true;
    // Systems may ask for times before the start.
    const auto at = [this](double r, double t) {
      return data_.profile(r, std::max(t, data_.begin));
    };
    conditions_.probe_at = held([this, at](double t) { return at(data_.core, t); });
    conditions_.faces[1] = held([this, at](double t) { return at(data_.size, t); });
  }
  return domain;
}

Errors RadialRun::errors_at(double t) {
  temperatures_ = run_->at(t);
  const auto exact_at = [&](double r) { return data_.profile(r, t); };
  return errors(*system_, temperatures_, coordinate_, exact_at, data_.core * (1 + 1e-9),
                data_.size * (1 - 1e-9));
}

double RadialRun::front(double level) const { return crossing(*system_, temperatures_, 0, level); }

}  // namespace thermodose::verification
