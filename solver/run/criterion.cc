// Implements: run/criterion.h.
#include "run/criterion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/text.h"
#include "base/units.h"
#include "dose/threshold_name.h"

namespace thermodose {

namespace {

// Fields of whole numbers (cycles) reach a level exactly; a node at the level is outside.
constexpr double kJustBelow = 1e-6;

PlanCriterion of_field(const CriterionSpec& c, const DoseField& field) {
  const bool least = !c.at_least.unit.empty();
  const double level = level_of(least ? c.at_least : c.at_most, field);
  const std::string unit = field.unit == "1" ? "" : " " + field.unit;
  PlanCriterion out;
  out.words = fmt::format("{} {} {:g}{}", field.name, least ? "at least" : "at most", level, unit);
  out.slug = fmt::format("{}_{}_{:g}", field.name, least ? "from" : "to", level);
  std::replace(out.slug.begin(), out.slug.end(), '+', 'p');
  out.field = field.name;
  out.side = least ? evaluation::Side::above : evaluation::Side::below;
  out.level = level + (least ? -1 : 1) * kJustBelow * std::max(level, kJustBelow);
  return out;
}

PlanCriterion of_temperature(double kelvin, bool below) {
  const double celsius = std::round((kelvin - kZeroCelsius) * 1e6) / 1e6;
  PlanCriterion out;
  out.words = fmt::format("{} {:g} degC", below ? "coldest below" : "hottest above", celsius);
  out.slug = (below ? "below_" : "above_") + dose::threshold_name(kelvin) + "_degC";
  out.field = below ? "t_min_degC" : "t_max_degC";
  out.temperature = true;
  out.side = below ? evaluation::Side::below : evaluation::Side::above;
  out.level = kelvin;
  return out;
}

void check_field(const CriterionSpec& c, const std::string& path,
                 const std::vector<DoseField>& fields, std::vector<Problem>& problems) {
  if (c.field.empty()) return;
  const auto field = find_field(c.field, fields, path + ".field", problems);
  if (!field) return;
  if (field->unit == "degC") {
    problems.push_back({"", 0, path + ".field", "of temperatures use below and above"});
    return;
  }
  const bool least = !c.at_least.unit.empty();
  check_level(least ? c.at_least : c.at_most, *field, path + (least ? ".at_least" : ".at_most"),
              problems);
}

}  // namespace

std::vector<DoseField> dose_fields(const CaseSpec& spec) {
  std::vector<DoseField> out;
  for (const auto& entry : spec.dose)
    if (const auto* model = dynamic_cast<const DoseModel*>(entry.get()))
      for (const DoseField& field : model->fields()) out.push_back(field);
  return out;
}

std::optional<DoseField> find_field(const std::string& name, const std::vector<DoseField>& fields,
                                    const std::string& key, std::vector<Problem>& problems) {
  std::vector<std::string> names;
  for (const auto& field : fields) {
    if (field.name == name) return field;
    names.push_back(field.name);
  }
  problems.push_back(
      {"", 0, key,
       fmt::format("no dose model of the case writes the field {}; there are {}{}",
                   text::quoted(name), names.empty() ? "none (see dose)" : text::list(names),
                   text::did_you_mean(name, names))});
  return std::nullopt;
}

void check_level(const TaggedReal& level, const DoseField& field, const std::string& key,
                 std::vector<Problem>& problems) {
  if (units::same_dimension(units::parse_unit(level.unit), units::parse_unit(field.unit))) return;
  problems.push_back({"", 0, key,
                      fmt::format("found a value in {}, but {} is in {}",
                                  level.unit == "1" ? "no unit" : level.unit, field.name,
                                  field.unit == "1" ? "no unit (a bare number)" : field.unit)});
}

double level_of(const TaggedReal& level, const DoseField& field) {
  return units::parse_unit(field.unit).from_si(level.value);
}

PlanCriterion plan_criterion(const CriterionSpec& c, const CaseSpec& spec) {
  if (c.below) return of_temperature(*c.below, true);
  if (c.above) return of_temperature(*c.above, false);
  for (const auto& field : dose_fields(spec))
    if (field.name == c.field) return of_field(c, field);
  throw std::out_of_range(c.field);
}

PlanCriterion coldest_below(double celsius) { return of_temperature(celsius + kZeroCelsius, true); }

std::vector<Problem> criterion_problems(const CaseSpec& spec) {
  std::vector<Problem> problems;
  const auto fields = dose_fields(spec);
  const auto check = [&](const std::string& path, const std::vector<CriterionSpec>& criteria) {
    for (std::size_t i = 0; i < criteria.size(); ++i)
      check_field(criteria[i], fmt::format("{}.criteria[{}]", path, i), fields, problems);
  };
  for (const auto& t : spec.targets) check("targets." + t.name, t.criteria);
  for (const auto& p : spec.protect) check("protect." + p.name, p.criteria);
  for (auto& problem : problems) problem.file = spec.file;
  return problems;
}

std::vector<DoseField> DoseFields::all() const {
  std::vector<DoseField> out;
  for (const auto* model : dose_.models())
    for (const auto& field : model->fields()) out.push_back(field);
  return out;
}

const std::vector<float>& DoseFields::values(const std::string& field) {
  const auto known = values_.find(field);
  if (known != values_.end()) return known->second;
  for (const auto* model : dose_.models()) {
    const auto fields = model->fields();
    for (std::size_t f = 0; f < fields.size(); ++f)
      if (fields[f].name == field) return values_[field] = model->values(f, time_);
  }
  throw std::out_of_range(field);
}

evaluation::Criterion DoseFields::criterion(const PlanCriterion& c) {
  if (!c.temperature) return {values(c.field).data(), c.level, c.side};
  auto& measure = measures_[c.field];
  if (measure.empty()) {
    measure = values(c.field);
    for (float& t : measure) t += static_cast<float>(kZeroCelsius);
    measure_.at(measure.data(), measure.size(), measure.data());
  }
  return {measure.data(), measure_.at(c.level), c.side};
}

}  // namespace thermodose
