// Implements: thresholds by tissue (tissue_thresholds.h).
#include "dose/tissue_thresholds.h"

#include <algorithm>

namespace thermodose::dose {

void TissueThresholds::keys(Keys& k, const Key& fallback, const Key& own) {
  k.real(fallback, fallback_);
  k.named(
      key("tissues", "", "Tissues of the case that have a threshold of their own, by name.")
          .optional(),
      names_, [&](std::size_t n) { values_.resize(n); },
      [&](Keys& entry, std::size_t i) { entry.real(own, values_[i]); });
}

std::vector<TissueName> TissueThresholds::named_tissues() const {
  std::vector<TissueName> out;
  out.reserve(names_.size());
  for (const auto& name : names_) out.push_back({"tissues." + name, name});
  return out;
}

double TissueThresholds::of(const std::string& tissue) const {
  const auto found = std::find(names_.begin(), names_.end(), tissue);
  return found == names_.end() ? fallback_
                               : values_[static_cast<std::size_t>(found - names_.begin())];
}

std::vector<double> TissueThresholds::of(const std::vector<SegmentLaw>& laws) const {
  std::vector<double> out;
  out.reserve(laws.size());
  for (const auto& law : laws) {
    double mean = law.made_of.empty() ? of(law.material) : 0;
    for (const auto& [material, share] : law.made_of) mean += share * of(material);
    out.push_back(mean);
  }
  return out;
}

}  // namespace thermodose::dose
