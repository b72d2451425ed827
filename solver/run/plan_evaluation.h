// How a plan turns out.
// Implements: the targets and organs of a case followed over a run: organs at every state they are
// shown, coverage at instants, everything else at the end (run/plan_report.cc). What is measured
// and how well: dose/eval_*.h.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dose/eval_lesion.h"
#include "dose/eval_organ.h"
#include "output/evaluation_report.h"
#include "run/criterion.h"
#include "run/model.h"

namespace thermodose {

/// A surface for a file, with what is known at its points.
struct NamedSurface {
  std::string name;  ///< of the file, without extension
  evaluation::Surface surface;
  std::vector<std::pair<std::string, std::vector<double>>> values;  ///< (name with unit, per point)
};

class PlanEvaluation {
 public:
  /// Both outlive it. Not `full`: coverages and margins of targets alone, for their errors.
  PlanEvaluation(const Model& model, const NodeGeometry& geometry, bool full);

  bool watches_organs() const { return !organs_.empty(); }
  /// The nodes whose temperatures watch() reads; some more than once.
  std::vector<std::size_t> watched_nodes() const;
  /// Node temperatures, K, at rising times, s.
  void watch(double time, const float* temperature);
  void look(double time, DoseFields& fields);
  void finish(DoseFields& fields);

  /// After the end.
  const EvaluationReport& report() const { return report_; }
  const std::vector<NamedSurface>& surfaces() const { return surfaces_; }

 private:
  struct OneTarget {
    const TargetSpec* spec;
    std::unique_ptr<evaluation::Target> target;
    std::vector<PlanCriterion> criteria;
    std::vector<std::vector<double>> coverage;  ///< of each criterion, over the instants
  };
  struct OneOrgan {
    const ProtectSpec* spec;
    std::unique_ptr<evaluation::OrganWatch> watch;
    std::vector<PlanCriterion> criteria;
    std::vector<double> coldest, hottest;  ///< K, over the instants
  };

  /// Of all targets, and the edge of the ice where one of them is cold.
  std::set<PlanCriterion> lesions() const;
  TargetReport report_target(const OneTarget& target, DoseFields& fields);
  CriterionReport report_criterion(const OneTarget& target, const PlanCriterion& criterion,
                                   DoseFields& fields);
  static OrganSummary report_organ(const OneOrgan& organ, DoseFields& fields);
  /// Whether a step of the protocol freezes or some tissue got below its freezing point.
  bool freezes(DoseFields& fields) const;
  void report_lesions(DoseFields& fields);
  void add_tables(DoseFields& fields);

  const Model& model_;
  bool full_;
  evaluation::FieldSampler sampler_;
  std::vector<OneTarget> targets_;
  std::vector<OneOrgan> organs_;
  std::vector<double> times_;  ///< s, of the instants
  EvaluationReport report_;
  std::vector<NamedSurface> surfaces_;
};

}  // namespace thermodose
