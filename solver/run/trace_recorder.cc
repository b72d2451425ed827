#include "run/trace_recorder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/error.h"

namespace thermodose {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Cells need not fit the domain: a point of the domain beyond the outermost nodes reads those.
Vec3 onto_mesh(const DomainSpec& domain, const NodeGeometry& g, Vec3 p) {
  if (domain.axisymmetric) return p;
  for (std::size_t d = 0; d < 3; ++d) {
    if (p[d] < domain.lower[d] - 1e-9 || p[d] > domain.upper[d] + 1e-9) continue;
    double low = g.origin[d], high = g.origin[d] + (g.nodes[d] - 1) * g.spacing;
    if (!g.uniform) {
      const auto ends =
          std::minmax_element(g.points.begin(), g.points.end(),
                              [d](const Vec3& a, const Vec3& b) { return a[d] < b[d]; });
      low = (*ends.first)[d];
      high = (*ends.second)[d];
    }
    p[d] = std::clamp(p[d], low, high);
  }
  return p;
}

}  // namespace

template <class Real>
TraceRecorder<Real>::TraceRecorder(const CaseSpec& spec, const HeatSystem<Real>& system,
                                   const BoundaryConditions& conditions)
    : spec_(spec), conditions_(conditions), fields_(system), period_(spec.output.traces_every) {
  surface_.assign(spec.probes.size(), {kNone, kNone});
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < spec.thermocouples.size(); ++i) {
    try {
      const NodeGeometry& g = system.geometry();
      points_.push_back(locate(g, onto_mesh(spec.domain, g, spec.thermocouples[i])));
    } catch (const std::invalid_argument& e) {
      problems.push_back({spec.file, 0, "thermocouples." + spec.thermocouple_names[i], e.what()});
    }
  }
  if (!problems.empty()) throw InputError(problems);
}

template <class Real>
double TraceRecorder<Real>::point_value(std::size_t point, const Real* y) const {
  const auto& p = points_[point];
  double sum = 0;
  for (std::size_t n = 0; n < p.nodes.size(); ++n)
    sum += p.weights[n] * fields_.measure(fields_.temperature_at_node(p.nodes[n], y));
  return fields_.temperature_of(sum);
}

template <class Real>
double TraceRecorder<Real>::surface_value(const HeatSystem<Real>& system, std::size_t probe,
                                          double t, double inside, const Real* y) const {
  return system.sensed(probe, conditions_.probe(probe, t, inside), y);
}

template <class Real>
std::vector<double> TraceRecorder<Real>::row(const HeatSystem<Real>& system, double t,
                                             double inside, const Real* y) const {
  std::vector<double> values;
  for (std::size_t i = 0; i < points_.size(); ++i) values.push_back(point_value(i, y));
  for (std::size_t p = 0; p < surface_.size(); ++p)
    values.push_back(surface_value(system, p, t, inside, y));
  return values;
}

template <class Real>
void TraceRecorder<Real>::add(double t, const std::vector<double>& values) {
  times_.push_back(t);
  rows_.push_back(values);
}

template <class Real>
void TraceRecorder<Real>::begin(const HeatSystem<Real>& system, const Real* state) {
  previous_ = row(system, 0, 0, state);
  for (std::size_t i = 0; i < points_.size(); ++i)
    extremes_.push_back({spec_.thermocouple_names[i], spec_.thermocouples[i], previous_[i],
                         previous_[i], previous_[i], 0});
  add(0, previous_);
  next_ = 1;
}

template <class Real>
void TraceRecorder<Real>::step(const HeatSystem<Real>& system, const AcceptedStep<Real>& step) {
  const double middle = 0.5 * (step.begin + step.end);
  const std::vector<double> now = row(system, step.end, middle, step.after);
  if (period_ <= 0) add(step.end, now);
  for (double t = static_cast<double>(next_) * period_; period_ > 0 && t <= step.end * (1 + 1e-12);
       t = static_cast<double>(++next_) * period_) {
    const double f = std::clamp((t - step.begin) / (step.end - step.begin), 0.0, 1.0);
    std::vector<double> values(now.size());
    for (std::size_t c = 0; c < now.size(); ++c) values[c] = (1 - f) * previous_[c] + f * now[c];
    add(t, values);
  }
  for (std::size_t i = 0; i < points_.size(); ++i) {
    auto& e = extremes_[i];
    if (now[i] < e.minimum) e.time_of_minimum = step.end;
    e.minimum = std::min(e.minimum, now[i]);
    e.maximum = std::max(e.maximum, now[i]);
    e.final = now[i];
  }
  for (std::size_t p = 0; p < surface_.size(); ++p) {
    if (conditions_.probe(p, step.end, middle).kind == SurfaceCondition::Kind::zero_flux) continue;
    // A ramp is steep: its beginning counts as well as its end.
    const double first = surface_value(system, p, step.begin, middle, step.before);
    for (const double t : {first, now[points_.size() + p]}) {
      surface_[p].first = std::isnan(surface_[p].first) ? t : std::min(surface_[p].first, t);
      surface_[p].second = std::isnan(surface_[p].second) ? t : std::max(surface_[p].second, t);
    }
  }
  previous_ = now;
}

template <class Real>
Table TraceRecorder<Real>::table() const {
  Table table;
  table.name = "traces";
  table.help = "Temperatures at thermocouples and probe surfaces";
  table.columns.push_back({"time_s", "s", "simulated time", times_});
  for (std::size_t c = 0; c < points_.size() + surface_.size(); ++c) {
    const bool point = c < points_.size();
    TableColumn column;
    column.name = point ? spec_.thermocouple_names[c] + "_degC"
                        : spec_.probes[c - points_.size()].name + "_surface_degC";
    column.unit = "degC";
    column.help = point ? "temperature at the thermocouple"
                        : "prescribed surface temperature, or that of the touching tissue";
    for (const auto& r : rows_) column.values.push_back(r[c] - kZeroCelsius);
    table.columns.push_back(std::move(column));
  }
  return table;
}

template <class Real>
std::vector<ThermocoupleSummary> TraceRecorder<Real>::thermocouples() const {
  return extremes_;
}

template <class Real>
std::pair<double, double> TraceRecorder<Real>::surface_range(std::size_t probe) const {
  return surface_[probe];
}

template class TraceRecorder<float>;
template class TraceRecorder<double>;

}  // namespace thermodose
