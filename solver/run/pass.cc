#include "run/pass.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "devices/cryoprobe.h"
#include "output/field_writer.h"
#include "run/dose_images.h"
#include "run/evaluation_recorder.h"
#include "run/face_watch.h"
#include "run/field_recorder.h"
#include "run/perfusion_stop.h"
#include "run/simulation.h"
#include "run/structures.h"
#include "run/trace_recorder.h"

namespace thermodose {

namespace {

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

const char* mode_name(ProbeMode mode) {
  switch (mode) {
    case ProbeMode::freeze:
      return "freeze";
    case ProbeMode::passive_thaw:
      return "passive thaw";
    case ProbeMode::active_thaw:
      return "active thaw";
    default:
      return "off";
  }
}

// Directions of the probes, parallel ones once.
std::vector<Vec3> probe_axes(const CaseSpec& spec) {
  std::vector<Vec3> axes;
  if (!spec.probes.empty()) axes.push_back(spec.probes.front().direction);
  return axes;
}

EnergySummary energy_of(const HeatLedger& ledger, double stored) {
  EnergySummary e;
  e.stored = stored;
  double probes = 0;
  for (const double p : ledger.probes) probes += p;
  e.supplied = {{"probes", probes}, {"faces", ledger.faces}, {"tissue", ledger.tissue_sources}};
  e.relative_residual = ledger.gross > 0 ? (stored - ledger.net()) / ledger.gross : 0;
  return e;
}

// Ends a pass that cannot become accurate enough.
template <class Real>
class FutileWatch final : public Observer<Real> {
 public:
  FutileWatch(const PassContext& context, const IsothermRecorder<Real>& isotherms)
      : context_(context), isotherms_(isotherms) {}
  void instant(const Frame<Real>& frame) override {
    if (frame.instant.isotherms && !frame.last && context_.futile &&
        context_.futile(isotherms_.records()))
      throw Futile();
  }

 private:
  const PassContext& context_;
  const IsothermRecorder<Real>& isotherms_;
};

template <class Real>
class Pass {
 public:
  Pass(const PassContext& context, const Plan& plan)
      : context_(context),
        spec_(*context.model.spec),
        schedule_(make_schedule(context.model)),
        conditions_(context.model, schedule_),
        engine_(make_engine<Real>(context.model, plan, conditions_, context.team)),
        isotherms_(spec_.output.isotherms, spec_.domain.initial_temperature, probe_axes(spec_)),
        faces_(spec_),
        implicit_(plan.integrator == "bdf2") {
    wall_mesh_ = watch_.seconds();
  }

  void run() {
    std::optional<DoseSet> dose;
    const bool full = !context_.directory.empty();
    const bool judged = !spec_.targets.empty() || !spec_.protect.empty();
    const bool stops = !spec_.perfusion_stops.field.empty();
    if (full || judged || stops) dose.emplace(spec_, context_.team);
    Simulation<Real> simulation(engine_, spec_, schedule_, dose ? &*dose : nullptr);
    std::optional<PerfusionStop<Real>> perfusion;
    if (stops) {
      perfusion.emplace(spec_, *dose, *engine_.system, *context_.team, implicit_ ? 1.0 : 0.5);
      simulation.observe(*perfusion);
    }
    simulation.observe(isotherms_);
    simulation.observe(faces_);
    if (judged) {
      evaluation_.emplace(context_.model, *engine_.system, full);
      simulation.observe(*evaluation_);
    }
    std::optional<FieldWriter> writer;
    std::optional<FieldRecorder<Real>> fields;
    if (full) {
      traces_.emplace(spec_, *engine_.system, conditions_);
      simulation.observe(*traces_);
      writer.emplace(context_.directory, FieldWriterOptions{0, spec_.title, context_.run_id});
      fields.emplace(*writer, context_.model, engine_.node_region, engine_.law_shares);
      simulation.observe(*fields);
      observe_images(simulation);
    }
    FutileWatch<Real> futile(context_, isotherms_);
    simulation.observe(futile);
    const auto* stop = context_.options.stop;
    if (stop != nullptr && stop->load())
      throw Interrupted("stopped by the user before the first step");
    const Stopwatch loop;
    const auto close = [&](bool keep_files) {
      if (writer) keep_files ? writer->finish() : writer->discard();
      initial_stored_ = simulation.initial_stored();
      wall_solve_ = simulation.solve_seconds();
      wall_output_ = loop.seconds() - wall_solve_;
    };
    try {
      simulation.run(context_.options.stop, progress(), !context_.whole_only);
    } catch (const IoError&) {
      throw;
    } catch (...) {
      close(!context_.whole_only);
      throw;
    }
    close(true);
  }

  PassResult result() const {
    PassResult r;
    const auto& integrator = *engine_.integrator;
    r.isotherms = isotherms_.records();
    r.face_change = faces_.change();
    r.statistics = integrator.statistics();
    r.energy = energy_of(integrator.ledger(),
                         engine_.system->stored(integrator.state()) - initial_stored_);
    r.cells = engine_.cells;
    r.dofs = engine_.system->size();
    r.spacing = engine_.spacing;
    r.end_time = integrator.time();
    r.wall_mesh = wall_mesh_;
    r.wall_solve = wall_solve_;
    r.wall_output = wall_output_;
    if (evaluation_) {
      r.evaluation = evaluation_->evaluation().report();
      r.surfaces = evaluation_->evaluation().surfaces();
    }
    if (!traces_) return r;
    r.traces = traces_->table();
    r.thermocouples = traces_->thermocouples();
    r.regions = regions();
    for (std::size_t i = 0; i < r.evaluation.targets.size(); ++i)
      r.evaluation.targets[i].on_cells =
          volume_on_cells(spec_.targets[i].where, spec_.targets[i].name, r.regions);
    for (std::size_t i = 0; i < r.evaluation.organs.size(); ++i)
      r.evaluation.organs[i].on_cells =
          volume_on_cells(spec_.protect[i].where, spec_.protect[i].name, r.regions);
    for (std::size_t p = 0; p < spec_.probes.size(); ++p) r.probes.push_back(probe_summary(p));
    return r;
  }

 private:
  void observe_images(Simulation<Real>& simulation) {
    std::string warning;
    ImageWish wish = wanted_images(context_.model, warning);
    if (!warning.empty()) log::warning(warning);
    if (wish.extension.empty()) return;
    images_.emplace(context_.model, std::move(wish), context_.directory + "/images");
    simulation.observe(*images_);
  }

  std::vector<RegionSummary> regions() const {
    const Model& model = context_.model;
    std::vector<RegionSummary> out;
    for (std::size_t r = 0; r < model.region_name.size(); ++r)
      out.push_back({model.region_name[r],
                     model.law_names[static_cast<std::size_t>(model.region_law[r])],
                     r < engine_.region_volume.size() ? engine_.region_volume[r] : 0,
                     0,
                     {}});
    for (std::size_t r = 0; r < engine_.region_fraction.size(); ++r)
      if (!std::isnan(engine_.region_fraction[r]))
        out[r].cortical_fraction = engine_.region_fraction[r];
    const bool by_nodes = engine_.region_volume.empty();
    for (std::size_t n = 0; n < engine_.node_region.size(); ++n) {
      if (engine_.node_region[n] < 0) continue;
      RegionSummary& region = out[static_cast<std::size_t>(engine_.node_region[n])];
      ++region.nodes;
      if (by_nodes) region.volume += engine_.system->volume(n);
    }
    return out;
  }

  ProbeSummary probe_summary(std::size_t p) const {
    const ProbeSpec& spec = spec_.probes[p];
    const Cryoprobe& device = *context_.model.devices[p];
    ProbeSummary out;
    out.name = spec.name;
    out.device = spec.device;
    out.tip = spec.tip;
    out.direction = spec.direction;
    out.diameter = device.diameter;
    out.active_length = device.active_length;
    out.dead_tip = device.dead_tip;
    const auto [low, high] = traces_->surface_range(p);
    if (!std::isnan(low)) out.min_surface_temperature = low;
    if (!std::isnan(high)) out.max_surface_temperature = high;
    const auto& heat = engine_.integrator->ledger().probes;
    if (p < heat.size()) out.energy = heat[p];
    return out;
  }

  std::function<void(double)> progress() {
    if (!context_.options.progress) return {};
    return [this](double t) {
      Progress now;
      now.time = t;
      now.end_time = spec_.end_time;
      now.wall_s = watch_.seconds();
      now.phase = context_.phase;
      if (!context_.directory.empty()) now.phase += modes(std::nextafter(t, 0.0));
      context_.options.progress(now);
    };
  }

  // What the probes do at t, each mode once: groups may differ.
  std::string modes(double t) {
    std::vector<std::string> seen;
    for (std::size_t p = 0; p < schedule_.probes(); ++p) {
      const char* mode = mode_name(schedule_.mode(p, t));
      if (std::find(seen.begin(), seen.end(), mode) == seen.end()) seen.emplace_back(mode);
    }
    return fmt::format("{}", fmt::join(seen, " + "));
  }

  Stopwatch watch_;
  const PassContext& context_;
  const CaseSpec& spec_;
  Schedule schedule_;
  CaseConditions conditions_;
  Engine<Real> engine_;
  IsothermRecorder<Real> isotherms_;
  FaceWatch<Real> faces_;
  bool implicit_ = false;
  std::optional<TraceRecorder<Real>> traces_;
  std::optional<EvaluationRecorder<Real>> evaluation_;
  std::optional<DoseImageRecorder<Real>> images_;
  double initial_stored_ = 0, wall_mesh_ = 0, wall_solve_ = 0, wall_output_ = 0;
};

template <class Real>
PassResult run_typed(const PassContext& context, const Plan& plan, PassResult* partial) {
  Pass<Real> pass(context, plan);
  try {
    pass.run();
  } catch (...) {
    if (partial != nullptr) *partial = pass.result();
    throw;
  }
  return pass.result();
}

}  // namespace

PassResult run_pass(const PassContext& context, const Plan& plan, PassResult* partial) {
  return plan.single ? run_typed<float>(context, plan, partial)
                     : run_typed<double>(context, plan, partial);
}

}  // namespace thermodose
