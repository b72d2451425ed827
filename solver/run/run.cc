#include "run/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/version.h"
#include "case/case_reader.h"
#include "output/atomic_file.h"
#include "output/results_writer.h"
#include "output/run_directory.h"
#include "run/engine.h"
#include "run/error_estimate.h"
#include "run/face_watch.h"
#include "run/pass.h"
#include "run/placement.h"
#include "run/plan_errors.h"
#include "run/plan_files.h"
#include "run/source_range.h"
#include "run/structures.h"

namespace thermodose {

namespace {

// Refinements after the first run, when its error estimate exceeds the accuracy asked for.
constexpr int kMaxRefinements = 2;
constexpr double kLawTolerance = 0.05;  // K

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string utc_now() {
  const std::time_t t = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&t, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

// Bad input is found before a directory is made for its results.
Model checked_model(const CaseSpec& spec, std::vector<std::string>& warnings) {
  Model model = make_model(spec, kLawTolerance);
  limit_to_sources(model, make_schedule(model));
  const Plan plan = make_plan(spec);
  require_feasible(model, plan);
  warnings = require_structures(model, plan);
  return model;
}

class Runner {
 public:
  Runner(const CaseSpec& spec, const RunOptions& options)
      : spec_(spec),
        options_(options),
        model_(checked_model(spec, structure_warnings_)),
        directory_(options.directory),
        run_log_(directory_.log()) {
    const int threads = options.threads > 0 ? options.threads : available_cores();
    team_ = std::make_shared<ThreadTeam>(threads);
    summary_.run_id = make_run_id();
    summary_.case_file = spec.file;
    summary_.command_line = options.command_line;
    summary_.case_title = spec.title;
    summary_.started = utc_now();
    summary_.threads = threads;
    summary_.accuracy = spec.accuracy;
    summary_.caveats = model_.caveats;
    write_file_atomically(directory_.resolved_case(), resolved_yaml(spec, provenance()));
  }

  RunSummary run() {
    Plan plan = make_plan(spec_);
    log::info(fmt::format("thermodose {} ({}): {}, run {}", version(), git_hash(), spec_.file,
                          summary_.run_id));
    for (const auto& caveat : model_.caveats) log::info("caveat: " + caveat);
    warn_of_places(plan);
    std::optional<PassResult> coarse;
    if (plan.companion) coarse = companion(plan);
    for (int refinement = 0;; ++refinement) {
      std::optional<double> excessive;
      // The last refinement allowed is finished in any case.
      const bool may_end =
          coarse && spec_.anatomy && !plan.fixed_cells && refinement < kMaxRefinements;
      const auto futile = [&](const std::vector<IsothermRecord>& records) {
        excessive = excessive_error(records, errors_of(records, *coarse, plan), coarse->isotherms,
                                    spec_.accuracy);
        if (excessive && node_count(spec_, refined(plan, *excessive)) > kMaxNodes)
          excessive.reset();
        return excessive.has_value();
      };
      PassResult fine = full(plan, refinement, may_end ? futile : Judge());
      if (coarse)
        add_errors(fine.evaluation, coarse->evaluation, coarse->spacing / fine.spacing, order_,
                   fine.spacing);
      const auto errors = coarse ? errors_of(fine.isotherms, *coarse, plan)
                                 : std::vector<std::optional<double>>(fine.isotherms.size());
      const double worst = excessive.value_or(largest_relative_error(fine.isotherms, errors));
      if (coarse && !fine.isotherms.empty() && !errors.back())
        log::warning("no discretisation error is stated: the domain has no room for larger cells");
      const Plan next = refined(plan, worst);
      const bool enough = worst <= spec_.accuracy || plan.fixed_cells ||
                          refinement == kMaxRefinements || node_count(spec_, next) > kMaxNodes;
      if (enough) {
        if (worst > spec_.accuracy)
          log::warning(
              fmt::format("the estimated discretisation error is {:.1f} % of the largest "
                          "volume of an isotherm, more than the accuracy of {:.1f} % asked for",
                          100 * worst, 100 * spec_.accuracy));
        finish(fine, plan, errors, RunSummary::Status::complete, "");
        return summary_;
      }
      log::info(fmt::format("estimated error {:.2f} % ({}, order {:.2g}): {:.3f} -> {:.3f} mm",
                            100 * worst, place_of_largest_error(fine.isotherms, errors), order_,
                            1e3 * plan.cell_size, 1e3 * next.cell_size));
      if (!excessive) kept_ = {std::move(fine), plan, errors, worst};
      // The companion stays the one first made: the wider the two cells are apart, the less the
      // scatter of either is amplified.
      plan = next;
    }
  }

 private:
  using Judge = std::function<bool(const std::vector<IsothermRecord>&)>;

  std::vector<std::string> provenance() const {
    std::vector<std::string> lines{
        fmt::format("thermodose {} (commit {}), {}", version(), git_hash(), build_description())};
    for (const auto& [name, number] : library_versions())
      lines.push_back(fmt::format("{} {}", name, number));
    lines.push_back("case " + spec_.file + ", run " + summary_.run_id + ", " + summary_.started);
    return lines;
  }

  void warn_of_places(const Plan& plan) const {
    for (const auto& warning : placement_warnings(model_, plan.cell_size)) log::warning(warning);
    for (const auto& warning : structure_warnings_) log::warning(warning);
    if (spec_.numerics.error_estimate && !plan.companion)
      log::warning(
          "no discretisation error is stated: a mesh from a file has no coarser companion; compare "
          "with a mesh twice as fine (error_estimate: false leaves this out)");
    if (plan.misfit > 0.25 * plan.cell_size)
      log::warning(
          fmt::format("the domain is no multiple of the cell size: an edge is {:.2f} mm off",
                      1e3 * plan.misfit));
  }

  // Cells that bring `worst` to 90 % of the accuracy, at most 1.6 times finer.
  Plan refined(const Plan& plan, double worst) const {
    const double ratio = std::pow(worst / (0.9 * spec_.accuracy), 1 / order_);
    return with_cells(spec_, plan, plan.cell_size / std::clamp(ratio, 1.15, 1.6));
  }

  // A companion that cannot be run costs the error estimate, not the run.
  std::optional<PassResult> companion(const Plan& plan) {
    Plan coarse = with_cells(spec_, plan, kCompanionRatio * plan.cell_size);
    coarse.control.tolerance *= kCompanionRatio;
    coarse.control.max_step *= kCompanionRatio;
    const PassContext context{model_, team_,           options_, "coarse companion",
                              "",     summary_.run_id, {},       false};
    const auto without = [&](const char* why) {
      log::warning(fmt::format(
          "no discretisation error is stated: the companion run on cells of {:.3f} mm failed: {}",
          1e3 * coarse.cell_size, why));
      return std::nullopt;
    };
    try {
      return pass(context, coarse);
    } catch (const SolverError& e) {
      return without(e.what());
    } catch (const InputError& e) {  // a probe nearer to the edge than larger cells allow
      return without(e.what());
    }
  }

  std::vector<std::optional<double>> errors_of(const std::vector<IsothermRecord>& fine,
                                               const PassResult& coarse, const Plan& plan) const {
    return volume_errors(fine, coarse.isotherms, coarse.spacing / plan.cell_size, order_,
                         plan.cell_size);
  }

  PassResult full(const Plan& plan, int refinement, const Judge& futile) {
    log::info(fmt::format("{} engine, {}, cells of {:.3f} mm, steps up to {:g} s, {} thread(s)",
                          plan.engine, plan.integrator, 1e3 * plan.cell_size, plan.control.max_step,
                          team_->size()));
    const std::string again =
        refinement == 0 ? "" : fmt::format("again on {:.2f} mm: ", 1e3 * plan.cell_size);
    const PassContext context{model_,          team_,  options_,         again, directory_.path(),
                              summary_.run_id, futile, kept_.has_value()};
    return pass(context, plan);
  }

  // A full pass that stops leaves the whole pass before it, else its last good state. A companion
  // has nothing to leave: interrupted there, the run has no results, and the summary says so.
  PassResult pass(const PassContext& context, const Plan& plan) {
    PassResult partial;
    const auto keep = [&](RunSummary::Status status, const std::string& why) {
      account(partial);
      log::info(fmt::format("{} at t = {:.3f} s: {}",
                            status == RunSummary::Status::failed ? "failed" : "interrupted",
                            partial.end_time, why));
      if (kept_) {
        finish(kept_->pass, kept_->plan, kept_->errors, status, why);
        return;
      }
      if (context.directory.empty()) partial = PassResult();
      finish(partial, plan, std::vector<std::optional<double>>(partial.isotherms.size()), status,
             why);
    };
    try {
      PassResult result = run_pass(context, plan, &partial);
      account(result);
      return result;
    } catch (const Futile&) {
      account(partial);
      return partial;
    } catch (const SolverError& e) {
      if (kept_) {
        const std::string why = std::string(e.what()) + "; " + of_the_pass_before(plan);
        keep(RunSummary::Status::failed, why);
        throw SolverError(why);
      }
      if (!context.directory.empty()) keep(RunSummary::Status::failed, e.what());
      throw;
    } catch (const Interrupted& e) {
      if (kept_) {
        const std::string why = "stopped by the user; " + of_the_pass_before(plan);
        keep(RunSummary::Status::interrupted, why);
        throw Interrupted(why);
      }
      if (!context.directory.empty()) {
        keep(RunSummary::Status::interrupted, e.what());
        throw;
      }
      const std::string why = "stopped by the user in the coarse companion: there are no results";
      keep(RunSummary::Status::interrupted, why);
      throw Interrupted(why);
    }
  }

  std::string of_the_pass_before(const Plan& plan) const {
    return fmt::format(
        "the pass on cells of {:.3f} mm is not complete: the results are those of the whole pass "
        "on {:.3f} mm, whose estimated error is {:.1f} %",
        1e3 * plan.cell_size, 1e3 * kept_->plan.cell_size, 100 * kept_->error);
  }

  void account(const PassResult& pass) {
    summary_.wall_mesh += pass.wall_mesh;
    summary_.wall_solve += pass.wall_solve;
    summary_.wall_output += pass.wall_output;
  }

  void finish(const PassResult& pass, const Plan& plan,
              const std::vector<std::optional<double>>& errors, RunSummary::Status status,
              const std::string& message) {
    const auto begin = std::chrono::steady_clock::now();
    fill(pass, plan, errors);
    summary_.status = status;
    summary_.message = message;
    const std::string small = small_domain_warning(spec_.domain, pass.face_change);
    if (!small.empty()) log::warning(small);
    if (!pass.traces.columns.empty()) {
      write_csv(directory_.traces_csv(), pass.traces);
      std::vector<Table> tables{pass.traces, isotherm_table(pass, errors)};
      tables.insert(tables.end(), pass.evaluation.tables.begin(), pass.evaluation.tables.end());
      write_results_h5(directory_.results_h5(), tables, summary_.run_id);
      write_surfaces(directory_.surfaces(), pass.surfaces, frame_name(model_));
    }
    run_log_.check();
    summary_.warnings = run_log_.warnings();
    if (pass.statistics.steps > 0)
      log::info(fmt::format("{} steps, {} stages, energy residual {:.1e}", summary_.steps,
                            summary_.operator_applications, summary_.energy.relative_residual));
    summary_.wall_output += seconds_since(begin);
    summary_.wall_total = seconds_since(begin_);
    write_summary(directory_.summary_json(), summary_);
  }

  void fill(const PassResult& pass, const Plan& plan,
            const std::vector<std::optional<double>>& errors) {
    summary_.precision = plan.single ? "float" : "double";
    summary_.engine = plan.engine;
    summary_.integrator = plan.integrator;
    summary_.cells = pass.cells;
    summary_.dofs = pass.dofs;
    summary_.spacing = pass.spacing;
    summary_.simulated_time = pass.end_time;
    summary_.steps = static_cast<std::size_t>(pass.statistics.steps);
    summary_.rejected_steps = static_cast<std::size_t>(pass.statistics.rejected);
    summary_.operator_applications = static_cast<std::size_t>(pass.statistics.stages);
    summary_.energy = pass.energy;
    summary_.probes = pass.probes;
    summary_.thermocouples = pass.thermocouples;
    summary_.regions = pass.regions;
    summary_.evaluation = pass.evaluation;
    summary_.evaluation.tables.clear();
    for (const auto& warning : evaluation_warnings(pass.evaluation)) log::warning(warning);
    for (const auto& warning : region_warnings(pass.regions, spec_.regions)) log::warning(warning);
    summary_.isotherms.clear();
    std::set<double> clipped;  // levels that were told of
    for (std::size_t i = 0; i < pass.isotherms.size(); ++i) {
      const IsothermRecord& r = pass.isotherms[i];
      IsothermSummary s;
      s.time = r.time;
      s.temperature = r.temperature;
      s.below = r.below;
      s.volume = r.measure.volume;
      s.volume_error = errors[i];
      s.extent = r.measure.extent;
      if (!r.measure.along.empty()) s.extent_along_axis = r.measure.along.front();
      if (!r.measure.across.empty()) s.extent_across_axis = r.measure.across.front();
      s.touches = faces_of(r.measure.touched);
      const unsigned beyond = leading_on(r.measure.touched);
      s.clipped = beyond != 0;
      if (s.clipped && clipped.insert(r.temperature).second)
        log::warning(fmt::format(
            "the {:g} degC isotherm reaches {}: what lies beyond is not in its volume; move a face "
            "that stands for more tissue away",
            r.temperature - kZeroCelsius, fmt::join(faces_of(beyond), ", ")));
      summary_.isotherms.push_back(s);
    }
  }

  // Of the faces touched those behind which there is more tissue.
  unsigned leading_on(unsigned touched) const {
    for (unsigned face = 0; face < spec_.domain.faces.size(); ++face)
      if (!tissue_beyond(spec_.domain, face)) touched &= ~(1U << face);
    return touched;
  }
  std::vector<std::string> faces_of(unsigned touched) const {
    std::vector<std::string> names;
    for (unsigned face = 0; face < spec_.domain.faces.size(); ++face)
      if ((touched >> face & 1U) != 0) names.emplace_back(face_name(spec_.domain, face));
    return names;
  }

  Table isotherm_table(const PassResult& pass,
                       const std::vector<std::optional<double>>& errors) const {
    Table t{"isotherms", "Regions bounded by isotherms", {}};
    std::vector<double> time, level, volume, error, x, y, z;
    for (std::size_t i = 0; i < pass.isotherms.size(); ++i) {
      const auto& r = pass.isotherms[i];
      time.push_back(r.time);
      // As in the summary, without the digits that kelvin and back leave.
      level.push_back(std::round((r.temperature - kZeroCelsius) * 1e9) / 1e9);
      volume.push_back(1e6 * r.measure.volume);
      error.push_back(errors[i] ? 1e6 * *errors[i] : std::nan(""));
      x.push_back(1e3 * r.measure.extent[0]);
      y.push_back(1e3 * r.measure.extent[1]);
      z.push_back(1e3 * r.measure.extent[2]);
    }
    t.columns = {{"time_s", "s", "simulated time", time},
                 {"temperature_degC", "degC", "level of the isotherm", level},
                 {"volume_mL", "mL", "volume it encloses", volume},
                 {"discretisation_error_mL", "mL", "estimated error of the volume", error},
                 {"extent_x_mm", "mm", "extent along x", x},
                 {"extent_y_mm", "mm", "extent along y", y},
                 {"extent_z_mm", "mm", "extent along z", z}};
    return t;
  }

  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  const CaseSpec& spec_;
  const RunOptions& options_;
  std::vector<std::string> structure_warnings_;
  Model model_;
  double order_ = order_of_volumes(model_.sharply_freezing(kSharpFreezing));
  RunDirectory directory_;
  log::RunLog run_log_;
  std::shared_ptr<ThreadTeam> team_;
  RunSummary summary_;
  /// The last pass that reached its end, while one on finer cells runs.
  struct Kept {
    PassResult pass;
    Plan plan;
    std::vector<std::optional<double>> errors;
    double error;
  };
  std::optional<Kept> kept_;
};

}  // namespace

RunSummary run_case(const CaseSpec& spec, const RunOptions& options) {
  return Runner(spec, options).run();
}

}  // namespace thermodose
