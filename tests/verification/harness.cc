// Implements: the tools declared in harness.h.
#include "verification/harness.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <utility>

#include "fem/bdf2_integrator.h"
#include "fem/mesh_system.h"
#include "fem/rkl2.h"
#include "physics/map_keys.h"
#include "physics/segment_builder.h"

namespace thermodose::verification {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Law limits wide enough for mathematical solutions.
void widen(Tissue& tissue) {
  tissue.min_temperature = 50;
  tissue.max_temperature = 600;
}

/// Values of a profile on nodes, each distinct coordinate evaluated once per time.
class ProfileNodes final : public PinnedNodes {
 public:
  ProfileNodes(const HeatSystem<double>& system, Pin pin)
      : pin_(std::move(pin)), laws_(system.laws()) {
    const std::vector<int> law = node_laws(system);
    std::map<std::pair<long, int>, std::size_t> known;
    for (std::size_t i = 0; i < system.size(); ++i) {
      const double s = pin_.coordinate(node(system.geometry(), i));
      if (s > pin_.inner && s < pin_.outer) continue;
      // 1e-12 m tells coordinates apart and joins round-off.
      const auto key = std::make_pair(std::lround(s * 1e12), law[i]);
      const auto [entry, fresh] = known.try_emplace(key, coordinates_.size());
      if (fresh) {
        coordinates_.push_back(s);
        law_of_.push_back(law[i]);
      }
      nodes_.push_back(i);
      slot_.push_back(entry->second);
    }
    distinct_.resize(coordinates_.size());
    values_.resize(nodes_.size());
  }

  const std::vector<std::size_t>& nodes() const override { return nodes_; }
  const std::vector<double>& enthalpies(double t) override {
    if (t == time_) return values_;
    for (std::size_t i = 0; i < distinct_.size(); ++i) {
      const SegmentLaw& law = laws_[static_cast<std::size_t>(law_of_[i])];
      // Inside a sink the profile may be singular: the pinned core is flat.
      const double s = std::max(coordinates_[i], 0.5 * pin_.inner);
      distinct_[i] = law.enthalpy(pin_.profile(s, t));
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) values_[i] = distinct_[slot_[i]];
    time_ = t;
    return values_;
  }

 private:
  Pin pin_;
  std::vector<SegmentLaw> laws_;
  std::vector<std::size_t> nodes_, slot_;
  std::vector<double> coordinates_, distinct_, values_;
  std::vector<int> law_of_;
  double time_ = -kInfinity;
};

std::vector<double> enthalpies(const HeatSystem<double>& system, const std::vector<int>& law,
                               const std::function<double(const Vec3&)>& temperature) {
  std::vector<double> y(system.size());
  for (std::size_t i = 0; i < system.size(); ++i) {
    const SegmentLaw& tissue = system.laws()[static_cast<std::size_t>(law[i])];
    y[i] = tissue.enthalpy(temperature(node(system.geometry(), i)));
  }
  return y;
}

}  // namespace

Coordinate along(int axis) {
  return [axis](const Vec3& p) { return p[static_cast<std::size_t>(axis)]; };
}

double from_axis(const Vec3& p) { return std::hypot(p[0], p[1]); }

double from_origin(const Vec3& p) { return std::hypot(p[0], p[1], p[2]); }

SegmentLaw law_of_phases(const std::vector<exact::Zone>& zones, const exact::Phase& unfrozen,
                         double reference) {
  SegmentLaw law;
  law.reference_temperature = reference;
  law.min_temperature = 1;
  law.max_temperature = 600;
  // From the reference down; enthalpy 0 lies in the unfrozen piece.
  double hi = kInfinity, pivot = 0, temperature = reference;
  exact::Phase phase = unfrozen;
  for (auto zone = zones.rbegin(); zone != zones.rend(); ++zone) {
    if (zone->latent != 0)
      throw std::invalid_argument("law_of_phases: latent heat at one temperature");
    const double lo = pivot - phase.rho_c * (temperature - zone->upper);
    law.segments.push_back({lo, hi, pivot, 1 / phase.rho_c, phase.diffusivity(), 0, 0, 0});
    hi = pivot = lo;
    temperature = zone->upper;
    phase = zone->phase;
  }
  law.segments.push_back({-kInfinity, hi, pivot, 1 / phase.rho_c, phase.diffusivity(), 0, 0, 0});
  std::reverse(law.segments.begin(), law.segments.end());
  return law;
}

SegmentLaw law_of_plain(const PlainTissue& data) {
  Tissue tissue;
  tissue.density = 1000;
  tissue.heat_capacity = data.rho_c / tissue.density;
  tissue.conductivity_37 = data.k;
  tissue.freezing_law_name = "none";
  tissue.freezing_law = testing::make_law("freezing", "none");
  tissue.perfusion = {data.w, "W/m3/K"};
  tissue.metabolic_heat = {data.source, "W/m3"};
  tissue.arterial_temperature = data.arterial;
  widen(tissue);
  return build_segment_law(tissue, data.arterial, 1e-3, 32);
}

SegmentLaw law_of_freezing(const FreezingTissue& data, double reference) {
  Tissue tissue;
  tissue.density = 1000;
  tissue.heat_capacity = data.unfrozen.rho_c / tissue.density;
  tissue.frozen_heat_capacity = data.frozen.rho_c / tissue.density;
  tissue.conductivity_37 = data.unfrozen.k;
  tissue.frozen_conductivity = data.frozen.k;
  tissue.freezing_law_name = "linear";
  tissue.freezing_law = testing::make_law("freezing", "linear",
                                          {{"solidus", data.solidus},
                                           {"liquidus", data.liquidus},
                                           {"latent_heat", data.latent / tissue.density}});
  tissue.perfusion = {data.w, "W/m3/K"};
  tissue.arterial_temperature = data.arterial;
  widen(tissue);
  return build_segment_law(tissue, reference, 1e-3, 32);
}

CaseConditions::At held(double temperature) {
  return held([temperature](double) { return temperature; });
}

CaseConditions::At held(std::function<double(double)> temperature) {
  return [at = std::move(temperature)](double t) {
    return SurfaceCondition{SurfaceCondition::Kind::temperature, at(t), 0};
  };
}

Vec3 node(const NodeGeometry& geometry, std::size_t i) {
  if (!geometry.uniform) return geometry.points[i];
  Vec3 p = geometry.origin;
  for (std::size_t d = 0; d < 3; ++d) {
    const auto n = static_cast<std::size_t>(geometry.nodes[d]);
    p[d] += geometry.spacing * static_cast<double>(i % n);
    i /= n;
  }
  return p;
}

std::vector<int> node_laws(const HeatSystem<double>& system) {
  std::vector<int> law(system.size(), 0);
  for (const NodeRun& nodes : system.all_runs()) {
    for (std::size_t i = nodes.begin; i < nodes.end; ++i) law[i] = nodes.law;
  }
  return law;
}

SteppedRun::SteppedRun(Method method, HeatSystem<double>& system, const Start& start, double dt)
    : law_(node_laws(system)),
      system_(system, start.pin ? std::make_unique<ProfileNodes>(system, *start.pin) : nullptr,
              enthalpies(system, law_, start.temperature)),
      temperatures_(system.size()) {
  // Fixed steps: the tolerance never binds, and the first step is already the largest.
  const StepControl control{dt, dt, 1e-9, 1e9, 1.5};
  if (method == Method::rkl2) {
    integrator_ = std::make_unique<Rkl2<double>>(system_, control);
    integrator_->start(start.time);
    return;
  }
  if (start.pin) throw std::invalid_argument("SteppedRun: BDF2 takes no pins");
  implicit_ = make_mesh_tangent(dynamic_cast<MeshSystem<double>&>(system));
  // Newton and the linear solver well below the errors that are measured.
  auto bdf2 = std::make_unique<Bdf2>(*implicit_, control, NewtonControl{1e-6, 1e-3, 60});
  bdf2->start(start.time);
  system_.prescribe(start.time, bdf2->initial_state());
  integrator_ = std::move(bdf2);
}

const std::vector<double>& SteppedRun::at(double t) {
  integrator_->advance(t, !begun_, [](const AcceptedStep<double>&) {});
  begun_ = true;
  const double* state = integrator_->state();
  for (std::size_t i = 0; i < system_.size(); ++i) {
    temperatures_[i] = system_.laws()[static_cast<std::size_t>(law_[i])].temperature(state[i]);
  }
  return temperatures_;
}

Errors errors(const HeatSystem<double>& system, const std::vector<double>& temperatures,
              const Coordinate& coordinate, const std::function<double(double)>& exact,
              double inner, double outer) {
  double sum = 0, volume = 0, largest = 0;
  for (std::size_t i = 0; i < system.size(); ++i) {
    const double s = coordinate(node(system.geometry(), i));
    if (s <= inner || s >= outer) continue;
    const double e = std::abs(temperatures[i] - exact(s));
    sum += system.volume(i) * e * e;
    volume += system.volume(i);
    largest = std::max(largest, e);
  }
  assert(volume > 0);
  return {std::sqrt(sum / volume), largest};
}

double crossing(const HeatSystem<double>& system, const std::vector<double>& temperatures, int axis,
                double level) {
  const SegmentLaw& law = system.laws()[0];
  const auto theta = [&law](double t) { return law.kirchhoff(law.enthalpy(t)); };
  Vec3 corner = node(system.geometry(), 0);
  for (std::size_t i = 0; i < system.size(); ++i) {
    const Vec3 p = node(system.geometry(), i);
    for (std::size_t d = 0; d < 3; ++d) corner[d] = std::min(corner[d], p[d]);
  }
  const auto a = static_cast<std::size_t>(axis);
  std::vector<std::pair<double, double>> line;  // position, temperature
  for (std::size_t i = 0; i < system.size(); ++i) {
    const Vec3 p = node(system.geometry(), i);
    bool on = true;
    for (std::size_t d = 0; d < 3; ++d) on = on && (d == a || p[d] - corner[d] < 1e-9);
    if (on) line.emplace_back(p[a], temperatures[i]);
  }
  std::sort(line.begin(), line.end());
  for (std::size_t i = 1; i < line.size(); ++i) {
    const auto [x0, before] = line[i - 1];
    const auto [x1, after] = line[i];
    if (before <= level && after > level) {
      return x0 + (x1 - x0) * (theta(level) - theta(before)) / (theta(after) - theta(before));
    }
  }
  throw std::runtime_error("crossing: the level is not met");
}

}  // namespace thermodose::verification
