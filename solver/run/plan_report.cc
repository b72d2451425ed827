// Implements: run/plan_evaluation.h, the report at the end.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dose/eval_verdict.h"
#include "geometry/vec.h"
#include "physics/tissue.h"
#include "run/plan_evaluation.h"
#include "run/plan_tables.h"

namespace thermodose {

namespace {

constexpr double kMost = 0.95;  // of a target's volume

/// The tip and the direction forwards of all probes together; z through the origin without probes.
struct Axis {
  Vec3 tip{}, forwards{0, 0, 1};
};

Axis mean_axis(const CaseSpec& spec) {
  Axis axis;
  if (spec.probes.empty()) return axis;
  Vec3 sum{};
  for (const auto& p : spec.probes) {
    axis.tip = axis.tip + (1.0 / static_cast<double>(spec.probes.size())) * p.tip;
    sum = sum - p.direction;
  }
  // Probes against each other have no mean direction.
  axis.forwards = norm(sum) > 1e-3 ? (1 / norm(sum)) * sum : -1.0 * spec.probes[0].direction;
  return axis;
}

bool is_cold(const PlanCriterion& c) {
  return c.temperature && c.side == evaluation::Side::below && c.level <= kZeroCelsius;
}

}  // namespace

std::set<PlanCriterion> PlanEvaluation::lesions() const {
  std::set<PlanCriterion> out;
  for (const auto& t : targets_)
    for (const auto& c : t.criteria) {
      out.insert(c);
      if (is_cold(c)) out.insert(coldest_below(0));
    }
  return out;
}

CriterionReport PlanEvaluation::report_criterion(const OneTarget& t, const PlanCriterion& c,
                                                 DoseFields& fields) {
  const evaluation::Lesion lesion(sampler_, fields.criterion(c));
  CriterionReport r;
  r.criterion = c.words;
  r.coverage = evaluation::coverage(t.target->samples(), lesion.criterion());
  r.margin = evaluation::ablation_margin(*t.target, lesion);
  evaluation::VerdictRules rules;
  rules.curative_margin = t.spec->margin;
  r.verdict = evaluation::judge(r.coverage, r.margin, rules);
  if (!full_) return r;
  r.residual = evaluation::residual(t.target->samples(), lesion.criterion());
  // What lies outside the domain is untreated, as coverage has it; pieces are those inside.
  r.residual.volume += t.target->samples().volume() - t.target->samples().volume_in_domain();
  r.over = evaluation::overtreatment(lesion, *t.target, t.spec->margin);
  return r;
}

TargetReport PlanEvaluation::report_target(const OneTarget& t, DoseFields& fields) {
  const auto& samples = t.target->samples();
  TargetReport r;
  r.name = t.spec->name;
  r.volume = samples.volume();
  r.in_domain = samples.volume_in_domain();
  r.wanted_margin = t.spec->margin;
  r.cold = !t.criteria.empty() && is_cold(t.criteria.front());
  r.coldest_95 =
      kZeroCelsius + evaluation::StructureField(samples, fields.values("t_min_degC").data())
                         .level_of(kMost, evaluation::Side::below);
  r.hottest_95 =
      kZeroCelsius + evaluation::StructureField(samples, fields.values("t_max_degC").data())
                         .level_of(kMost, evaluation::Side::above);
  NamedSurface surface{"target_" + t.spec->name, t.target->surface(), {}};
  for (const auto& c : t.criteria) {
    r.criteria.push_back(report_criterion(t, c, fields));
    const auto& margin = r.criteria.back().margin;
    if (margin.defined) surface.values.emplace_back("margin_" + c.slug + "_mm", margin.map);
  }
  for (auto& [name, values] : surface.values)
    for (double& v : values) v *= 1e3;
  if (full_) surfaces_.push_back(std::move(surface));
  return r;
}

OrganSummary PlanEvaluation::report_organ(const OneOrgan& o, DoseFields& fields) {
  // Extremes are asked for in kelvin, as they were watched.
  const auto kelvin = [&](const char* field) {
    std::vector<float> values = fields.values(field);
    for (float& v : values) v += static_cast<float>(kZeroCelsius);
    return values;
  };
  OrganSummary s;
  s.name = o.spec->name;
  s.keep_lower = o.spec->keep[0];
  s.keep_upper = o.spec->keep[1];
  s.organ = o.watch->report(kelvin("t_min_degC").data(), kelvin("t_max_degC").data());
  for (const auto& c : o.criteria)
    s.volumes.emplace_back(c.words,
                           evaluation::coverage(o.watch->samples(), fields.criterion(c)).covered);
  return s;
}

bool PlanEvaluation::freezes(DoseFields& fields) const {
  for (const auto& group : model_.spec->protocol)
    for (const auto& step : group.steps)
      if (step.kind == "freeze") return true;
  const auto& coldest = fields.values("t_min_degC");
  const NodeGeometry& geometry = sampler_.geometry();
  for (std::size_t n = 0; n < coldest.size(); ++n) {
    if (!(coldest[n] < 0)) continue;  // degC: no solution freezes above
    const auto tissue =
        static_cast<std::size_t>(model_.tissue_at(evaluation::node_position(geometry, n)));
    if (model_.tissues[tissue]->unfrozen_fraction(coldest[n] + kZeroCelsius) < 1) return true;
  }
  return false;
}

void PlanEvaluation::report_lesions(DoseFields& fields) {
  const Axis axis = mean_axis(*model_.spec);
  const PlanCriterion edge = coldest_below(0);
  const evaluation::Lesion ice(sampler_, fields.criterion(edge));
  for (const auto& c : lesions()) {
    const evaluation::Lesion lesion(sampler_, fields.criterion(c));
    LesionReport r;
    r.criterion = c.words;
    r.shape = evaluation::lesion_shape(lesion, axis.tip, axis.forwards);
    r.has_tip = !model_.spec->probes.empty();
    if (is_cold(c) && c.level < edge.level && !lesion.empty()) r.rim = evaluation::rim(lesion, ice);
    report_.lesions.push_back(r);
    if (full_ && !lesion.empty()) surfaces_.push_back({"lesion_" + c.slug, lesion.surface(), {}});
  }
}

void PlanEvaluation::finish(DoseFields& fields) {
  report_ = {};
  surfaces_.clear();
  for (const auto& t : targets_) report_.targets.push_back(report_target(t, fields));
  for (const auto& o : organs_) report_.organs.push_back(report_organ(o, fields));
  if (!full_) return;
  report_.freezes = freezes(fields);
  report_lesions(fields);
  add_tables(fields);
}

void PlanEvaluation::add_tables(DoseFields& fields) {
  auto& tables = report_.tables;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const OneTarget& t = targets_[i];
    std::vector<std::string> slugs;
    for (const auto& c : t.criteria) slugs.push_back(c.slug);
    tables.push_back(coverage_table(t.spec->name, times_, slugs, t.coverage));
    for (auto& table : histogram_tables("targets/" + t.spec->name, t.target->samples(), fields))
      tables.push_back(std::move(table));
    tables.push_back(
        margin_table(t.spec->name, t.target->surface(), slugs, report_.targets[i].criteria));
  }
  for (const OneOrgan& o : organs_) {
    tables.push_back(organ_table(o.spec->name, times_, o.coldest, o.hottest));
    for (auto& table : histogram_tables("protect/" + o.spec->name, o.watch->samples(), fields))
      tables.push_back(std::move(table));
  }
}

}  // namespace thermodose
