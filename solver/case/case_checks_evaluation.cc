// Implements: case/case_checks.h: targets and organs, as far as the case alone tells.
#include <algorithm>
#include <set>

#include "base/bounded.h"
#include "base/text.h"
#include "base/tissue_source.h"
#include "case/case_checks.h"

namespace thermodose {

namespace {

constexpr std::size_t kMostStructures = 100, kMostCriteria = 20;

/// Names that `region` may use; nothing when a problem keeps them from being known.
std::optional<std::vector<std::string>> known_regions(const CaseDraft& d,
                                                      const Problems& problems) {
  if (!problems.good("anatomy") || !problems.good("regions") || !problems.good("domain.mesh"))
    return std::nullopt;
  std::vector<std::string> names;
  if (const auto* parts = dynamic_cast<const TissueSource*>(d.anatomy.get()))
    names = parts->part_names();
  if (const auto* parts = dynamic_cast<const TissueSource*>(d.mesh.get()))
    for (const auto& name : parts->part_names()) names.push_back(name);
  for (const RegionSpec& region : d.regions) names.push_back(region.name);
  return names;
}

/// Of a part that the anatomy knows but does not hold; empty when there is none of the name.
std::string why_absent(const CaseDraft& d, const std::string& region) {
  const auto* parts = dynamic_cast<const TissueSource*>(d.anatomy.get());
  return parts == nullptr ? "" : parts->why_absent(region);
}

void check_criterion(const CriterionSpec& c, const std::string& path, Problems& problems) {
  const int kinds = (c.below ? 1 : 0) + (c.above ? 1 : 0) + (c.field.empty() ? 0 : 1);
  if (kinds != 1) {
    problems.add_at(path, std::string(kinds == 0 ? "found none" : "found more than one") +
                              " of below, above and field, expected exactly one");
    return;
  }
  const int limits = (c.at_least.unit.empty() ? 0 : 1) + (c.at_most.unit.empty() ? 0 : 1);
  if (!c.field.empty() && limits != 1) {
    problems.add_at(path, std::string(limits == 0 ? "missing: one" : "found both") +
                              " of at_least and at_most, a field needs one of them");
  }
  if (c.field.empty() && limits > 0) {
    problems.add_at(path, "at_least and at_most have a meaning with field only");
  }
}

void check_criteria(const std::vector<CriterionSpec>& criteria, const std::string& path,
                    Problems& problems) {
  if (criteria.size() > kMostCriteria) {
    problems.add_at(path, "found " + std::to_string(criteria.size()) + ", allowed: at most " +
                              std::to_string(kMostCriteria));
    return;
  }
  for (std::size_t i = 0; i < criteria.size(); ++i) {
    const std::string at = child_path(path, i);
    if (problems.good(at)) check_criterion(criteria[i], at, problems);
  }
}

void check_regions_of(const CaseDraft& d, const StructureSpec& s, const std::string& name,
                      const std::vector<std::string>& known, const std::string& path,
                      Problems& problems) {
  const std::string at = child_path(path, "region");
  const bool own = s.regions.empty();
  std::set<std::string> seen;
  for (const std::string& region : own ? std::vector<std::string>{name} : s.regions) {
    if (!seen.insert(region).second) {
      problems.add_at(at, "the region " + text::quoted(region) + " is named twice");
    }
    if (std::find(known.begin(), known.end(), region) != known.end()) continue;
    if (const std::string why = why_absent(d, region); !why.empty()) {
      problems.add_at(own ? path : at, "no volume: " + why);
      continue;
    }
    const std::string have = known.empty() ? "no regions and no anatomy" : text::list(known);
    problems.add_at(own ? path : at,
                    own ? "missing: region or shape, as no region is called " + text::quoted(name) +
                              "; the case has " + have + text::did_you_mean(name, known)
                        : "unknown region " + text::quoted(region) + "; the case has " + have +
                              text::did_you_mean(region, known));
  }
}

void check_structure(const CaseDraft& d, const StructureSpec& s, const std::string& name,
                     const std::string& path, Problems& problems) {
  const std::string shape = child_path(path, "shape");
  if (s.shape_name.empty()) {
    const auto known = known_regions(d, problems);
    if (known && problems.good(shape)) check_regions_of(d, s, name, *known, path, problems);
    return;
  }
  if (!s.regions.empty())
    problems.add_at(path, "found both region and shape, expected one of them");
  const auto* bounded = dynamic_cast<const Bounded*>(s.shape.get());
  if (bounded != nullptr && problems.good(shape) && domain_good(d, problems)) {
    check_place(d, *bounded, shape, problems);
  }
}

bool few(std::size_t number, const char* section, Problems& problems) {
  if (number <= kMostStructures) return true;
  problems.add_at(section, "found " + std::to_string(number) + ", allowed: at most " +
                               std::to_string(kMostStructures));
  return false;
}

}  // namespace

void check_perfusion_stop(const CaseDraft& d, Problems& problems) {
  const std::string path = "perfusion_stops";
  if (!d.has_perfusion_stops || !problems.good(path)) return;
  const PerfusionStopSpec& s = d.perfusion_stops;
  const int kinds = (s.law.empty() ? 0 : 1) + (s.at_least.unit.empty() ? 0 : 1) +
                    (s.at_most.unit.empty() ? 0 : 1);
  if (kinds != 1)
    problems.add_at(path, std::string(kinds == 0 ? "found none" : "found more than one") +
                              " of law, at_least and at_most, expected exactly one");
}

void check_evaluation(const CaseDraft& d, Problems& problems) {
  check_perfusion_stop(d, problems);
  for (std::size_t i = 0; few(d.targets.size(), "targets", problems) && i < d.targets.size(); ++i) {
    const std::string path = child_path("targets", d.target_names[i]);
    check_structure(d, d.targets[i].where, d.target_names[i], path, problems);
    check_criteria(d.targets[i].criteria, child_path(path, "criteria"), problems);
    if (d.targets[i].criteria.empty() && problems.good(path)) {
      problems.add_at(child_path(path, "criteria"),
                      "missing; a case whose probes do not freeze must say what counts as treated, "
                      "such as [{above: 60 degC}]");
    }
  }
  for (std::size_t i = 0; few(d.protect.size(), "protect", problems) && i < d.protect.size(); ++i) {
    const std::string path = child_path("protect", d.protect_names[i]);
    const ProtectSpec& p = d.protect[i];
    check_structure(d, p.where, d.protect_names[i], path, problems);
    check_criteria(p.criteria, child_path(path, "criteria"), problems);
    const std::string keep = child_path(path, "keep");
    if (!problems.good(keep)) continue;
    if (p.keep.size() != 2) {
      problems.add_at(keep, "found " + std::to_string(p.keep.size()) +
                                " temperatures, expected two: lower and upper");
    } else if (!(p.keep[0] < p.keep[1])) {
      problems.add_at(keep, "the first temperature must be below the second one");
    }
    if (std::find(d.target_names.begin(), d.target_names.end(), d.protect_names[i]) !=
        d.target_names.end()) {
      problems.add_at(path, "a target has this name too; choose another one");
    }
  }
}

}  // namespace thermodose
