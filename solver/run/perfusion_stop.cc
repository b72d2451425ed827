// Implements: run/perfusion_stop.h.
#include "run/perfusion_stop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "run/criterion.h"

namespace thermodose {

namespace {

const char* const kPath = "perfusion_stops";
// Change of a share that is not worth telling the system: 1e-3 of the perfusion, which is known to
// some 10 %.
constexpr float kLeast = 1e-3F;

bool at_least(const PerfusionStopSpec& s) { return !s.at_least.unit.empty(); }

Problem problem(const CaseSpec& spec, const std::string& key, const std::string& what) {
  return {spec.file, 0, key.empty() ? kPath : fmt::format("{}.{}", kPath, key), what};
}

}  // namespace

std::vector<Problem> perfusion_stop_problems(const CaseSpec& spec) {
  const PerfusionStopSpec& s = spec.perfusion_stops;
  if (s.field.empty()) return {};
  const std::string path = kPath;
  std::vector<Problem> problems;
  const auto field = find_field(s.field, dose_fields(spec), path + ".field", problems);
  if (field && s.law.empty()) {
    check_level(at_least(s) ? s.at_least : s.at_most, *field,
                path + (at_least(s) ? ".at_least" : ".at_most"), problems);
  } else if (field && s.field.rfind("omega_", 0) != 0) {
    problems.push_back(problem(
        spec, "law",
        fmt::format("exponential is a law of the field omega of an arrhenius model; {} needs "
                    "at_least or at_most",
                    s.field)));
  }
  for (Problem& p : problems) p.file = spec.file;
  return problems;
}

template <class Real>
PerfusionStop<Real>::PerfusionStop(const CaseSpec& spec, const DoseSet& dose,
                                   HeatSystem<Real>& system, ThreadTeam& team, double ahead)
    : spec_(spec),
      system_(system),
      team_(team),
      ahead_(static_cast<float>(ahead)),
      field_(system.size()),
      before_(system.size()),
      share_(system.size()) {
  const PerfusionStopSpec& s = spec.perfusion_stops;
  exponential_ = !s.law.empty();
  upward_ = at_least(s);
  for (const DoseModel* model : dose.models()) {
    const auto fields = model->fields();
    for (std::size_t f = 0; f < fields.size(); ++f) {
      if (fields[f].name != s.field) continue;
      model_ = model;
      index_ = f;
      if (!exponential_)
        level_ = static_cast<float>(level_of(upward_ ? s.at_least : s.at_most, fields[f]));
    }
  }
}

template <class Real>
float PerfusionStop<Real>::gone(std::size_t i) {
  const float now = field_[i];
  if (!exponential_) return share_[i] == 1 || reached(now) ? 1.0F : 0.0F;
  if (!(now > 0)) return 0;  // most nodes: no memory is touched
  const float next = now + ahead_ * (now - before_[i]);
  before_[i] = now;
  return -std::expm1(-next);
}

template <class Real>
bool PerfusionStop<Real>::update(const std::vector<NodeRun>& runs) {
  bool changed = false;
  for (const NodeRun& run : runs)
    for (std::size_t i = run.begin; i < run.end; ++i) {
      const float share = gone(i);
      if (share == share_[i] || (share < 1 && std::abs(share - share_[i]) < kLeast)) continue;
      share_[i] = share;
      changed = true;
    }
  return changed;
}

template <class Real>
void PerfusionStop<Real>::look(const std::vector<NodeRun>& runs, double time) {
  struct Part {
    std::vector<NodeRun> runs;
    std::vector<SourceStop> stops;
    bool changed = false;
  };
  std::vector<Part> parts(static_cast<std::size_t>(team_.size()));
  team_.run([&](int member, int members) {
    Part& part = parts[static_cast<std::size_t>(member)];
    const auto n = static_cast<std::ptrdiff_t>(runs.size());
    part.runs.assign(runs.begin() + n * member / members,
                     runs.begin() + n * (member + 1) / members);
    model_->look(index_, time, part.runs, field_);
    part.changed = update(part.runs);
    for (const NodeRun& run : part.runs)
      for (std::size_t i = run.begin; i < run.end; ++i)
        if (share_[i] > 0) part.stops.push_back({i, run.law, share_[i]});
  });
  bool changed = false;
  std::vector<SourceStop> stops;
  for (const Part& part : parts) {
    changed = changed || part.changed;
    stops.insert(stops.end(), part.stops.begin(), part.stops.end());
  }
  if (changed) system_.stop_sources(stops);
}

template <class Real>
void PerfusionStop<Real>::begin(const HeatSystem<Real>& system, const Real* /*y*/) {
  const std::vector<float> first = model_->values(index_, 0);
  if (!exponential_ && std::all_of(first.begin(), first.end(), [&](float f) { return reached(f); }))
    throw InputError(problem(
        spec_, "",
        "holds everywhere from the start: use perfusion: 0 W/m3/K for tissue without blood"));
  look(system.active_runs(), 0);
}

template <class Real>
void PerfusionStop<Real>::step(const HeatSystem<Real>& system, const AcceptedStep<Real>& step) {
  look(system.active_runs(), step.end);
}

template class PerfusionStop<float>;
template class PerfusionStop<double>;

}  // namespace thermodose
