// Implements: run/check.h; check_case of run/run.h: cells, memory and time from measured rates.
#include "run/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "fem/active_rows.h"
#include "fem/grid_kernel.h"
#include "fem/thread_team.h"
#include "physics/tissue.h"
#include "run/clock.h"
#include "run/engine.h"
#include "run/machine_speed.h"
#include "run/memory.h"
#include "run/placement.h"
#include "run/run.h"
#include "run/structures.h"

namespace thermodose {

namespace {

// Measured on one core of a 2024 server (processor time): node updates per second.
constexpr double kRateSingle = 7.6e8, kRateDouble = 3.6e8;
constexpr double kRateAxisymmetric = 2.0e8, kRateOctree = 1.15e8;
constexpr double kRateHexes = 0.45 * kRateOctree;  // both measured on one machine
constexpr double kSecondsPerBorderCell = 85e-9;
// Points that are asked for their region while cells are made: a lattice of half the edge, and
// 6^3 in a cell that a border cuts, of which there are about as many as border cells.
constexpr double kPointsPerNode = 8, kPointsPerBorderCell = 216;
constexpr double kSecondsPerDoseNode = 1e-9;    // model, node and step
constexpr double kSecondsPerOutputNode = 5e-9;  // node of a field or isotherm time
constexpr double kSecondsPerNode = 8e-8;        // building the grid, energy balance, summary
constexpr double kFewValues = 200000;           // smaller meshes run on one core

// Spectral radius of -dL/dH, times h^2 over the largest diffusivity: cubes with needles in them;
// graded cubes; rings around a needle, whose innermost cells are the narrowest.
constexpr double kSpectrumGrid = 4.6, kSpectrumOctree = 5.0, kSpectrumAxisymmetric = 8.3;
constexpr double kSpectrumHexes = 8;  // 4 on cubes, 12 at most

// Around a needle that has been driven for time tau the solution is nearly self-similar, so that
// the error control holds steps of a constant share of tau. Observed at the reference cells and
// tolerance: 0.03 in a first freeze, 0.06 in a second; at rest the steps soon grow to the longest.
constexpr double kShareDriven = 0.055, kShareAtRest = 0.2;
constexpr double kShortestStep = 1.7;  // s, at the reference cells
constexpr double kReferenceCell = 1.053e-3, kReferenceTolerance = 1.5;
constexpr double kCellPower = 0.45;

// Tissue moves by more than the threshold of active nodes out to a few diffusion lengths; where
// blood warms it, out to the ice and some perfusion lengths sqrt(k/W) beyond.
constexpr double kReachConduction = 3.7, kReachIce = 0.9;
constexpr double kTemperatureOfIce = 40;  // K between ice and tissue
constexpr double kGrowthOfBox = 2.5e-3;   // m, by which active rows grow ahead
constexpr double kPi = 3.14159265358979323846;
constexpr double kHalfVector = 0.5 * kRowBlock;  // nodes; rows grow by whole vectors
constexpr double kMostSamples = 3e5;             // lattice points that are asked for their tissue

// Refinement as in run.cc.
constexpr double kFinestRatio = 1.6;
constexpr double kLeastRatio = 1.15;
constexpr int kMostRepeats = 2;

using Box = std::array<std::pair<double, double>, 3>;

Box box_of_needles(const Model& model) {
  Box box;
  box.fill({1e300, -1e300});
  for (const auto& s : model.segments)
    for (std::size_t d = 0; d < 3; ++d) {
      box[d].first = std::min({box[d].first, s.begin[d], s.end[d]});
      box[d].second = std::max({box[d].second, s.begin[d], s.end[d]});
    }
  return box;
}

/// How far the moving part of the domain reaches from the box around the needles.
class Reach {
 public:
  Reach(const Model& model, const Schedule& schedule, const Plan& plan)
      : needles_(box_of_needles(model)), domain_(model.spec->domain) {
    const Tissue& tissue = *model.tissues.front();
    const double t0 = domain_.initial_temperature, k = tissue.conductivity(t0);
    diffusivity_ = k / tissue.capacity(t0);
    const double perfusion = tissue.perfusion_coefficient();
    if (perfusion > 0) {
      beyond_ice_ = std::sqrt(k / perfusion) * std::log(kTemperatureOfIce / plan.active_threshold);
    }
    for (std::size_t p = 0; p < schedule.probes(); ++p)
      for (const auto& i : schedule.intervals(p))
        if (i.mode == ProbeMode::freeze || i.mode == ProbeMode::active_thaw)
          begin_ = std::min(begin_, i.begin);
    vector_ = kHalfVector * plan.cell_size;
    everywhere_ = plan.engine != "grid" || model.segments.empty() || !at_rest(model, plan);
  }

  bool everywhere() const { return everywhere_; }
  /// m, at time t.
  double at(double t) const {
    const double s = std::sqrt(diffusivity_ * std::max(0.0, t - begin_));
    const double reach = std::min(kReachConduction * s, kReachIce * s + beyond_ice_);
    return reach + kGrowthOfBox;
  }
  /// Share of the domain within the reach.
  double share(double reach) const {
    double share = 1;
    std::array<double, 3> a{};  // edges of the box around the needles
    for (std::size_t d = 0; d < 3; ++d) {
      a[d] = needles_[d].second - needles_[d].first;
      const double low = std::max(domain_.lower[d], needles_[d].first - reach);
      const double high = std::min(domain_.upper[d], needles_[d].second + reach);
      share *= std::max(0.0, high - low) / (domain_.upper[d] - domain_.lower[d]);
    }
    // Rounded edges and corners; rows are rounded up to whole vectors.
    const double r = reach, sides = a[0] * a[1] + a[1] * a[2] + a[2] * a[0];
    const double across = a[1] * a[2] + 2 * r * (a[1] + a[2]) + kPi * r * r;
    const double round = a[0] * a[1] * a[2] + 2 * r * sides +
                         kPi * r * r * (a[0] + a[1] + a[2] + 4.0 / 3 * r) + vector_ * across;
    return share * std::min(1.0, round / ((a[0] + 2 * r) * (a[1] + 2 * r) * (a[2] + 2 * r)));
  }
  /// Reach at which the box takes in a point.
  double to(const Vec3& p) const {
    double reach = 0;
    for (std::size_t d = 0; d < 3; ++d)
      reach = std::max({reach, needles_[d].first - p[d], p[d] - needles_[d].second});
    return reach;
  }

 private:
  // What starts at rest is integrated where it has moved; anything else everywhere.
  static bool at_rest(const Model& model, const Plan& plan) {
    const DomainSpec& domain = model.spec->domain;
    for (const auto& face : domain.faces) {
      const bool same = std::abs(face.temperature - domain.initial_temperature) < 1e-9;
      if (face.kind != "insulated" && !(face.kind == "fixed" && same)) return false;
    }
    return std::all_of(model.laws.begin(), model.laws.end(), [&](const SegmentLaw& law) {
      return drift_at_rest(law, model.spec->end_time) <= plan.active_threshold;
    });
  }

  Box needles_;
  const DomainSpec& domain_;
  double diffusivity_ = 0, beyond_ice_ = 1e300, begin_ = 1e300;
  double vector_ = 0;  // m, by which rows are longer on average than they need
  bool everywhere_ = true;
};

/// Cells where tissues meet, by the reach that takes them in; from a lattice that may be coarser.
class Borders {
 public:
  Borders(const Model& model, const Plan& plan, const Reach& reach) {
    if (plan.engine != "grid" || model.laws.size() < 2) return;
    const double nodes = static_cast<double>(node_count(*model.spec, plan));
    const double ratio = std::max(1.0, std::cbrt(nodes / kMostSamples));
    Plan sample = plan;
    sample.cell_size = ratio * plan.cell_size;
    weight_ = ratio * ratio;
    const Lattice l = make_lattice(*model.spec, sample);
    const auto point = [&](int i, int j, int k) {
      return Vec3{l.origin[0] + i * l.spacing, l.origin[1] + j * l.spacing,
                  l.origin[2] + k * l.spacing};
    };
    std::vector<int> law;
    for (int k = 0; k < l.nodes[2]; ++k)
      for (int j = 0; j < l.nodes[1]; ++j)
        for (int i = 0; i < l.nodes[0]; ++i) law.push_back(model.law_at(point(i, j, k)));
    const auto at = [&](int i, int j, int k) {
      const auto wide = [](int n) { return static_cast<std::size_t>(n); };
      return law[wide(i) + wide(l.nodes[0]) * (wide(j) + wide(l.nodes[1]) * wide(k))];
    };
    for (int k = 0; k + 1 < l.nodes[2]; ++k)
      for (int j = 0; j + 1 < l.nodes[1]; ++j)
        for (int i = 0; i + 1 < l.nodes[0]; ++i)
          for (int corner = 1; corner < 8; ++corner)
            if (at(i + (corner & 1), j + (corner >> 1 & 1), k + (corner >> 2)) != at(i, j, k)) {
              reach_.push_back(reach.everywhere() ? 0 : reach.to(point(i, j, k)));
              break;
            }
    std::sort(reach_.begin(), reach_.end());
  }
  double within(double reach) const {
    return weight_ * static_cast<double>(std::upper_bound(reach_.begin(), reach_.end(), reach) -
                                         reach_.begin());
  }

 private:
  std::vector<double> reach_;
  double weight_ = 1;
};

/// The step control without the solution.
class StepForecast {
 public:
  StepForecast(const Schedule& schedule, const Plan& plan, double finest, double spectrum)
      : schedule_(schedule), control_(plan.control), spectrum_(spectrum) {
    const double tolerance = std::cbrt(control_.tolerance / kReferenceTolerance);
    scale_ = std::pow(finest / kReferenceCell, kCellPower) * tolerance;
    shortest_ = kShortestStep * finest / kReferenceCell * tolerance;
  }

  /// The next step from t towards `end`.
  double next(double t, double end) {
    const double left = end - t;
    const double dt = left <= step_ * (1 + 1e-9) ? left : std::min(step_, left / 2);
    const double wish = std::max(shortest_, share_ * scale_ * (t + dt - driven_since_));
    step_ = std::min({control_.max_step, control_.max_growth * std::max(dt, step_), wish});
    return dt;
  }
  /// Something switches at t.
  void restart(double t) {
    step_ = std::min(control_.first_step, control_.max_step);
    bool driven = false;
    double since = 0;
    for (std::size_t p = 0; p < schedule_.probes(); ++p) {
      const auto& i = schedule_.intervals(p)[schedule_.interval_at(p, t)];
      if (i.mode != ProbeMode::freeze && i.mode != ProbeMode::active_thaw) continue;
      since = driven ? std::max(since, i.begin) : i.begin;
      driven = true;
    }
    driven_since_ = driven ? since : t;
    share_ = driven ? kShareDriven : kShareAtRest;
  }
  double stages(double dt) const {
    const double s = std::ceil(0.5 * (std::sqrt(9 + 8 * dt * spectrum_) - 1));
    return 2 * std::floor(std::max(3.0, s) / 2) + 1;
  }

 private:
  const Schedule& schedule_;
  StepControl control_;
  double spectrum_, scale_ = 1, shortest_ = 0, step_ = 0, driven_since_ = 0, share_ = 1;
};

/// Upper bound of the spectral radius, 1/s.
double spectrum_of(const Model& model, const Plan& plan, double finest) {
  double diffusivity = 0;
  for (const auto& law : model.laws) diffusivity = std::max(diffusivity, law.max_diffusivity());
  const double factor = plan.engine == "grid"             ? kSpectrumGrid
                        : model.spec->domain.axisymmetric ? kSpectrumAxisymmetric
                        : model.mesh != nullptr           ? kSpectrumHexes
                                                          : kSpectrumOctree;
  return factor * diffusivity / (finest * finest);
}

}  // namespace

Forecast forecast(const Model& model, const Schedule& schedule, const Plan& plan) {
  Forecast f;
  const auto [nodes, finest] = engine_size(model, plan);
  f.nodes = nodes;
  f.finest = finest;
  const Reach reach(model, schedule, plan);
  const Borders borders(model, plan, reach);
  f.border_cells = borders.within(1e300);
  StepForecast control(schedule, plan, finest, spectrum_of(model, plan, finest));
  double t = 0;
  const Clock clock(*model.spec, schedule);
  for (const Instant& instant : clock.instants()) {
    while (t < instant.time * (1 - 1e-12)) {
      const double dt = control.next(t, instant.time), stages = control.stages(dt);
      t += dt;
      const double far = reach.at(t);
      const double moving = nodes * (reach.everywhere() ? 1 : reach.share(far));
      f.steps += 1;
      f.stages += stages;
      f.node_steps += moving;
      f.node_updates += stages * moving;
      f.border_updates += stages * borders.within(far);
    }
    t = instant.time;
    if (instant.switches || t == 0) control.restart(t);
    f.field_times += instant.fields ? 1 : 0;
    f.isotherm_times += instant.isotherms ? 1 : 0;
  }
  return f;
}

double pass_seconds(const Model& model, const Plan& plan, const Forecast& f, int cores, bool full) {
  const bool grid = plan.engine == "grid", rings = model.spec->domain.axisymmetric;
  const bool alone = !grid && f.nodes * (rings ? 4 : 8) < kFewValues;
  const double team = alone ? 1 : std::pow(cores, 0.9);
  const double rate = grid    ? (plan.single ? kRateSingle : kRateDouble)
                      : rings ? kRateAxisymmetric
                              : (model.mesh != nullptr ? kRateHexes : kRateOctree);
  double seconds = f.node_updates / rate / team + f.border_updates * kSecondsPerBorderCell / team +
                   f.nodes * (kSecondsPerNode + f.isotherm_times * kSecondsPerOutputNode);
  if (!full) return seconds;
  const auto models = static_cast<double>(model.spec->dose.size());
  return seconds + models * f.node_steps * kSecondsPerDoseNode / team +
         f.nodes * f.field_times * kSecondsPerOutputNode;
}

double run_seconds(const Model& model, const Schedule& schedule, const Plan& plan, int cores) {
  const double seconds = pass_seconds(model, plan, forecast(model, schedule, plan), cores, true);
  if (!plan.companion) return seconds;
  Plan coarse = with_cells(*model.spec, plan, kCompanionRatio * plan.cell_size);
  coarse.control.tolerance *= kCompanionRatio;
  coarse.control.max_step *= kCompanionRatio;
  return seconds + pass_seconds(model, coarse, forecast(model, schedule, coarse), cores, false);
}

std::vector<double> repeat_seconds(const Model& model, const Schedule& schedule, const Plan& plan,
                                   int cores) {
  std::vector<double> out;
  const CaseSpec& spec = *model.spec;
  if (plan.fixed_cells || !plan.companion) return out;
  double seconds = run_seconds(model, schedule, plan, cores);
  Plan finer = plan;
  for (int repeat = 0; repeat < kMostRepeats; ++repeat) {
    // As fine as the run would go: 1.6 times, less where the nodes would be too many.
    const double most = std::cbrt(double(kMaxNodes) / double(node_count(spec, finer)));
    const double ratio = std::min(kFinestRatio, most);
    if (ratio < kLeastRatio) break;
    finer = with_cells(spec, finer, finer.cell_size / ratio);
    seconds += pass_seconds(model, finer, forecast(model, schedule, finer), cores, true);
    out.push_back(seconds);
  }
  return out;
}

namespace {

std::string duration(double seconds) {
  if (seconds < 10) return fmt::format("{:.2g} s", seconds);
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.0f} h", seconds / 3600);
}

// What it takes to tell which cells are of which tissue, s.
double region_seconds(const Model& model, const Schedule& schedule, const Plan& plan, int cores) {
  if (plan.engine != "grid" || model.region_name.empty()) return 0;
  const Reach reach(model, schedule, plan);
  const double nodes = static_cast<double>(node_count(*model.spec, plan));
  const double points =
      kPointsPerNode * nodes + kPointsPerBorderCell * Borders(model, plan, reach).within(1e300);
  return points * seconds_per_point(model) / cores;
}

std::string time_text(const Model& model, const Schedule& schedule, const Plan& plan) {
  const int cores = available_cores();
  const CaseSpec& spec = *model.spec;
  // What else takes time is taken to go with the kernel: run and forecast of the reference case
  // agreed within a fifth on a machine half as fast as that of the constants.
  const double speed = node_rate() / kRateSingle;
  const double regions = region_seconds(model, schedule, plan, cores);
  const double companion = plan.companion ? std::pow(kCompanionRatio, -3) : 0;
  const double once = 1 + companion, twice = once + std::pow(kFinestRatio, 3);
  const double thrice = twice + std::pow(kFinestRatio, 6);
  std::string text =
      fmt::format("about {} on {} idle core(s) for one pass{}",
                  duration(run_seconds(model, schedule, plan, cores) / speed + once * regions),
                  cores, plan.companion ? " and its coarser companion" : "");
  const std::vector<double> repeats = repeat_seconds(model, schedule, plan, cores);
  if (repeats.empty()) return text;
  text += fmt::format(
      "\nan estimated error above {:.3g} % repeats the pass on cells up to {} times finer: up to "
      "{} "
      "in all",
      100 * spec.accuracy, kFinestRatio, duration(repeats.front() / speed + twice * regions));
  if (repeats.size() > 1)
    text +=
        fmt::format(", {} with a second repeat", duration(repeats[1] / speed + thrice * regions));
  return text;
}

}  // namespace

CheckReport check_case(const CaseSpec& spec) {
  const Plan plan = make_plan(spec);
  const Model model = make_model(spec, 0.05);
  const Schedule schedule = make_schedule(model);
  require_feasible(model, plan);
  const auto structures = require_structures(model, plan);
  const Forecast f = forecast(model, schedule, plan);
  CheckReport report;
  report.text = fmt::format(
      "engine {} ({}, {}), cells of {:.3f} mm, about {}\n"
      "steps up to {:.1f} s, about {:.0f} steps of {:.0f} stages\n"
      "about {:.0f} MB of memory\n",
      plan.engine, plan.integrator, plan.single ? "float" : "double", 1e3 * plan.cell_size,
      f.nodes < 1e5 ? fmt::format("{:.0f} nodes", f.nodes)
                    : fmt::format("{:.2f} million nodes", 1e-6 * f.nodes),
      plan.control.max_step, f.steps, f.stages / f.steps, 1e-6 * memory_bytes(model, plan, f));
  report.text += time_text(model, schedule, plan);
  for (const auto& warning : placement_warnings(model, f.finest))
    report.text += "\nwarning: " + warning;
  for (const auto& warning : structures) report.text += "\nwarning: " + warning;
  for (const auto& caveat : model.caveats) report.text += "\ncaveat: " + caveat;
  return report;
}

}  // namespace thermodose
