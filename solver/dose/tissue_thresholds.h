// Thresholds that differ from tissue to tissue.
// Implements: the keys `default` and `tissues` of a dose model, and the threshold of each law. A
// node whose volume holds several tissues has the mean of their thresholds by their shares: a level
// then passes from one tissue to the other where they meet, with an error of second order in the
// cell. The strictest of the thresholds would lose up to a cell of the lesion all along the border,
// the one of the largest share half a cell or none by the order of the tissues where nodes lie on
// it.
#pragma once

#include <string>
#include <vector>

#include "base/keys.h"
#include "base/names_tissues.h"
#include "physics/segment_law.h"

namespace thermodose::dose {

class TissueThresholds {
 public:
  explicit TissueThresholds(double fallback) : fallback_(fallback) {}

  /// `fallback` declares `default`, `own` the threshold of an entry of `tissues`.
  void keys(Keys& k, const Key& fallback, const Key& own);
  std::vector<TissueName> named_tissues() const;
  /// SI, of each law.
  std::vector<double> of(const std::vector<SegmentLaw>& laws) const;

 private:
  double of(const std::string& tissue) const;

  double fallback_;
  std::vector<std::string> names_;
  std::vector<double> values_;
};

}  // namespace thermodose::dose
