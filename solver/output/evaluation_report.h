// What a plan is worth, as numbers.
// Implements: the report on targets, organs and lesions that a run makes, and its forms: part of
// summary.json, tables of results.h5. SI and kelvin here; user's units in the forms.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dose/eval_organ.h"
#include "dose/eval_verdict.h"
#include "output/results_writer.h"

namespace thermodose {

/// A target by one criterion. Errors are those of the discretisation; none: not estimated.
struct CriterionReport {
  std::string criterion;  ///< in words: "coldest below -40 degC"
  evaluation::Coverage coverage;
  std::optional<double> coverage_error;  ///< of the fraction
  evaluation::Residual residual;
  evaluation::MarginReport margin;
  std::optional<double> margin_error;  ///< m, of the certain margin
  evaluation::Overtreatment over;
  evaluation::Verdict verdict;
};

struct TargetReport {
  std::string name;
  double volume = 0, in_domain = 0;  ///< m3
  std::optional<double> on_cells;    ///< m3, of its regions as the cells hold them; none: a shape
  double wanted_margin = 0;          ///< m
  /// K; 95 % of what lies in the domain got at least as cold (as hot) at some time.
  double coldest_95 = 0, hottest_95 = 0;
  bool cold = true;  ///< its first criterion asks for cold
  std::vector<CriterionReport> criteria;
};

struct OrganSummary {
  std::string name;
  double keep_lower = 0, keep_upper = 0;  ///< K
  evaluation::OrganReport organ;
  std::optional<double> on_cells;                       ///< as of a target
  std::vector<std::pair<std::string, double>> volumes;  ///< criterion, m3
  bool spared() const { return !(organ.time_outside > 0); }
};

/// The region of one criterion.
struct LesionReport {
  std::string criterion;
  evaluation::LesionShape shape;
  bool has_tip = true;                 ///< of a probe; without one `shape` is along z from 0
  std::optional<evaluation::Rim> rim;  ///< to the edge of the ice
};

struct EvaluationReport {
  std::vector<TargetReport> targets;
  std::vector<OrganSummary> organs;
  std::vector<LesionReport> lesions;
  std::vector<Table> tables;  ///< over time, histograms, margins on the targets' surfaces
  bool freezes = true;        ///< something froze or was to freeze: cold is what organs fear

  bool empty() const { return targets.empty() && organs.empty(); }
  /// Names of the organs that left their bands.
  std::vector<std::string> organs_outside() const {
    std::vector<std::string> names;
    for (const OrganSummary& o : organs)
      if (!o.spared()) names.push_back(o.name);
    return names;
  }
};

/// The values of the keys `targets`, `protect` and `lesions` of summary.json.
void add_json(nlohmann::ordered_json& summary, const EvaluationReport& report);

}  // namespace thermodose
