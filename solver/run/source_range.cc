// Implements: source_range.h.
#include "run/source_range.h"

#include <algorithm>

namespace thermodose {

namespace {

constexpr double kMarginShare = 0.1;
constexpr double kLeastMargin = 5;  // K

class Range {
 public:
  explicit Range(double first) : low_(first), high_(first) {}
  void add(double t) {
    low_ = std::min(low_, t);
    high_ = std::max(high_, t);
  }
  std::pair<double, double> ends() const { return {low_, high_}; }

 private:
  double low_, high_;
};

// Extremes of a law of the shaft lie at the ends and corners of its intervals. `schedule` is a
// copy: what only a solution knows, the temperature a ramp begins from, lies within the other
// sources.
void add_probes(Range& range, const Model& model, Schedule schedule) {
  for (std::size_t p = 0; p < schedule.probes(); ++p) {
    for (std::size_t i = 0; i < schedule.intervals(p).size(); ++i) {
      if (schedule.needs_sensed_temperature(p, i))
        schedule.set_surface_at_begin(p, i, model.spec->domain.initial_temperature);
      const ProbeInterval interval = schedule.intervals(p)[i];
      if (interval.mode == ProbeMode::off || interval.mode == ProbeMode::passive_thaw) continue;
      std::vector<double> times = model.devices[p]->law().corners(interval);
      times.insert(times.end(), {interval.begin, interval.end});
      for (const double t : times) range.add(schedule.condition(p, i, t).temperature);
    }
  }
}

// Where the source of a law no longer leads away from `t` (direction -1: cools, +1: warms), K.
double balance(const SegmentLaw& law, double t, double direction) {
  constexpr double step = 1;  // K
  const double end = direction < 0 ? law.min_temperature : law.max_temperature;
  while (direction * (end - t) > 0 && direction * law.source(law.enthalpy(t)) > 0)
    t += direction * step;
  return t;
}

}  // namespace

std::pair<double, double> source_range(const Model& model, const Schedule& schedule) {
  const DomainSpec& domain = model.spec->domain;
  Range range(domain.initial_temperature);
  for (const FaceSpec& face : domain.faces) {
    if (face.kind == "fixed") range.add(face.temperature);
    if (face.kind != "convective") continue;
    for (const auto& [time, ambient] : face.ambient) range.add(ambient);
  }
  add_probes(range, model, schedule);
  const auto [cold, warm] = range.ends();
  for (const SegmentLaw& law : model.laws) {
    range.add(balance(law, cold, -1));
    range.add(balance(law, warm, +1));
  }
  return range.ends();
}

void limit_to_sources(Model& model, const Schedule& schedule) {
  const auto [low, high] = source_range(model, schedule);
  const double margin = std::max(kLeastMargin, kMarginShare * (high - low));
  for (SegmentLaw& law : model.laws) {
    law.min_temperature = std::max(law.min_temperature, low - margin);
    law.max_temperature = std::min(law.max_temperature, high + margin);
  }
}

}  // namespace thermodose
