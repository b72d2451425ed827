// Implements: run/plan_evaluation.h, what is followed over time.
#include "run/plan_evaluation.h"

#include "run/structures.h"

namespace thermodose {

namespace {

std::vector<PlanCriterion> plan_criteria(const std::vector<CriterionSpec>& criteria,
                                         const CaseSpec& spec) {
  std::vector<PlanCriterion> out;
  out.reserve(criteria.size());
  for (const auto& c : criteria) out.push_back(plan_criterion(c, spec));
  return out;
}

}  // namespace

PlanEvaluation::PlanEvaluation(const Model& model, const NodeGeometry& geometry, bool full)
    : model_(model), full_(full), sampler_(geometry) {
  const CaseSpec& spec = *model.spec;
  StructureMaker maker(model);
  for (const auto& t : spec.targets) {
    auto target = std::make_unique<evaluation::Target>(maker.make(t.where, t.name), sampler_);
    targets_.push_back({&t, std::move(target), plan_criteria(t.criteria, spec), {}});
    targets_.back().coverage.resize(t.criteria.size());
  }
  if (!full) return;  // a companion tells the errors of coverages and margins
  for (const auto& p : spec.protect) {
    auto watch = std::make_unique<evaluation::OrganWatch>(
        maker.make(p.where, p.name), sampler_, evaluation::SafeBand{p.keep[0], p.keep[1]});
    organs_.push_back({&p, std::move(watch), plan_criteria(p.criteria, spec), {}, {}});
  }
}

std::vector<std::size_t> PlanEvaluation::watched_nodes() const {
  std::vector<std::size_t> nodes;
  for (const auto& organ : organs_) organ.watch->add_nodes(nodes);
  return nodes;
}

void PlanEvaluation::watch(double time, const float* temperature) {
  for (auto& organ : organs_) organ.watch->instant(time, temperature);
}

// A run that stops right after an instant shows that instant again.
void PlanEvaluation::look(double time, DoseFields& fields) {
  if (!times_.empty() && times_.back() == time) return;
  times_.push_back(time);
  for (auto& t : targets_)
    for (std::size_t c = 0; c < t.criteria.size(); ++c)
      t.coverage[c].push_back(
          evaluation::coverage(t.target->samples(), fields.criterion(t.criteria[c])).fraction);
  for (auto& o : organs_) {
    o.coldest.push_back(o.watch->last().first);
    o.hottest.push_back(o.watch->last().second);
  }
}

}  // namespace thermodose
