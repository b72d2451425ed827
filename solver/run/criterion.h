// Criteria of a plan on the fields of a run.
// Implements: which field a criterion looks at, its level in the unit of that field, and its words.
// Temperatures are compared in the Kirchhoff variable, in which fronts are smooth
// (run/state_fields.h).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "case/case_spec.h"
#include "dose/eval_surface.h"
#include "run/dose_set.h"
#include "run/kirchhoff_measure.h"

namespace thermodose {

struct PlanCriterion {
  std::string words;         ///< "coldest below -40 degC", "cem43_min at least 240 min"
  std::string slug;          ///< for names of files and columns: "below_m40_degC"
  std::string field;         ///< of a dose model
  bool temperature = false;  ///< level in K, field in degC
  double level = 0;          ///< in the unit of the field
  evaluation::Side side = evaluation::Side::below;

  bool operator<(const PlanCriterion& other) const { return slug < other.slug; }
};

/// Throws std::out_of_range when no model of the case writes the field.
PlanCriterion plan_criterion(const CriterionSpec& criterion, const CaseSpec& spec);
/// {T_min < celsius}.
PlanCriterion coldest_below(double celsius);

/// Fields of the dose models of a case.
std::vector<DoseField> dose_fields(const CaseSpec& spec);
/// The field of this name among `fields`; nothing, and a problem at `key`, when there is none.
std::optional<DoseField> find_field(const std::string& name, const std::vector<DoseField>& fields,
                                    const std::string& key, std::vector<Problem>& problems);
/// A problem at `key` when the level is not in a unit of the field.
void check_level(const TaggedReal& level, const DoseField& field, const std::string& key,
                 std::vector<Problem>& problems);
/// A level in the unit of the field.
double level_of(const TaggedReal& level, const DoseField& field);

/// Fields that no dose model of the case writes, units that are not those of the field.
std::vector<Problem> criterion_problems(const CaseSpec& spec);

/// Fields of the dose models at an instant, made when they are asked for.
class DoseFields {
 public:
  /// All references outlive it.
  DoseFields(const DoseSet& dose, const KirchhoffMeasure& measure, double time)
      : dose_(dose), measure_(measure), time_(time) {}

  /// What there is.
  std::vector<DoseField> all() const;
  /// In the unit of its name.
  const std::vector<float>& values(const std::string& field);
  /// Node values and level as the evaluation takes them; valid as long as this object.
  evaluation::Criterion criterion(const PlanCriterion& criterion);

 private:
  const DoseSet& dose_;
  const KirchhoffMeasure& measure_;
  double time_;
  std::map<std::string, std::vector<float>> values_, measures_;
};

}  // namespace thermodose
