// Implements: check_case of run/run.h, cells, memory and time from measured rates.
#include <fmt/format.h>

#include <cmath>

#include "fem/thread_team.h"
#include "run/engine.h"
#include "run/run.h"

namespace thermodose {

namespace {

// Measured on one core of a 2024 server: node updates per second, and the mean share of the
// domain that is active in a run.
constexpr double kRateSingle = 7e8, kRateDouble = 4e8, kRateMesh = 6e7;
constexpr double kActiveShare = 0.6;
// Steps per switch while dt grows to its largest, measured on the reference case.
constexpr double kStepsPerSwitch = 15;
constexpr double kFieldBytes = 4;

}  // namespace

CheckReport check_case(const CaseSpec& spec) {
  const Plan plan = make_plan(spec);
  require_memory(spec, plan);
  const Model model = make_model(spec, 0.05);
  const Schedule schedule = make_schedule(model);
  if (plan.engine == "grid") {
    auto problems = misplaced_probes(model, make_lattice(spec, plan));
    if (!problems.empty()) throw InputError(std::move(problems));
  }
  const auto [nodes, finest] = engine_size(model, plan);
  double diffusivity = 0;
  for (const auto& law : model.laws) diffusivity = std::max(diffusivity, law.max_diffusivity());
  const double explicit_step = finest * finest / (2 * diffusivity);
  const double steps = spec.end_time / plan.control.max_step +
                       kStepsPerSwitch * static_cast<double>(schedule.switch_times().size());
  const double mean_step = spec.end_time / steps;
  const double stages = std::max(3.0, 0.5 * (std::sqrt(9 + 16 * mean_step / explicit_step) - 1));
  const bool grid = plan.engine == "grid";
  const double rate = grid ? (plan.single ? kRateSingle : kRateDouble) : kRateMesh;
  const double share = grid ? kActiveShare : 1.0;
  double seconds = nodes * share * steps * stages / rate / available_cores();
  if (spec.numerics.error_estimate) seconds *= 1 + std::pow(kCompanionRatio, -4);
  const double bytes_per_node = (plan.single ? 4.0 : 8.0) * 6 + 6 * kFieldBytes +
                                kFieldBytes * 2 * static_cast<double>(spec.dose.size());
  CheckReport report;
  report.text = fmt::format(
      "engine {} ({}, {}), cells of {:.3f} mm, about {}\n"
      "steps up to {:.1f} s, about {:.0f} steps of {:.0f} stages\n"
      "about {:.1f} MB of memory, {:.2g} s on {} core(s)",
      plan.engine, plan.integrator, plan.single ? "float" : "double", 1e3 * plan.cell_size,
      nodes < 1e5 ? fmt::format("{:.0f} nodes", nodes)
                  : fmt::format("{:.2f} million nodes", 1e-6 * nodes),
      plan.control.max_step, steps, stages, 1e-6 * nodes * bytes_per_node, seconds,
      available_cores());
  for (const auto& caveat : model.caveats) report.text += "\ncaveat: " + caveat;
  return report;
}

}  // namespace thermodose
