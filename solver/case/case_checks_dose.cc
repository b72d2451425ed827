// Implements: case/case_checks.h: tissues that dose models name.
#include <algorithm>
#include <optional>

#include "base/names_tissues.h"
#include "base/text.h"
#include "case/case_checks.h"

namespace thermodose {

namespace {

/// Tissues that the case uses; nothing when a problem keeps them from being known.
std::optional<std::vector<std::string>> used_tissues(const CaseDraft& d, const Problems& problems) {
  if (!problems.good("anatomy") || !problems.good("domain.mesh") || problems.told("regions"))
    return std::nullopt;
  if (d.tissue.empty() && !problems.good("tissue")) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& material : d.materials) names.push_back(material.name);
  // One that is in no library is told where it is used.
  if (!d.tissue.empty()) names.push_back(d.tissue);
  for (const RegionSpec& region : d.regions) {
    if (region.tissue.empty()) return std::nullopt;
    names.push_back(region.tissue);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

void check_dose(const CaseDraft& d, Problems& problems) {
  const auto known = used_tissues(d, problems);
  for (std::size_t i = 0; known && i < d.dose.size(); ++i) {
    const auto* model = dynamic_cast<const NamesTissues*>(d.dose[i].get());
    if (model == nullptr) continue;
    const std::string path = child_path(child_path("dose", i), d.dose_names[i]);
    for (const auto& [key, tissue] : model->named_tissues()) {
      const std::string at = child_path(path, key);
      if (std::binary_search(known->begin(), known->end(), tissue) || problems.told(at)) continue;
      problems.add_at(at, "the case has no tissue " + text::quoted(tissue) + "; it uses " +
                              (known->empty() ? "none" : text::list(*known)) +
                              text::did_you_mean(tissue, *known));
    }
  }
}

}  // namespace thermodose
