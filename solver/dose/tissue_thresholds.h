// Thresholds that differ from tissue to tissue.
// Implements: the keys `default` and `tissues` of a dose model, and the threshold of each law. In a
// node whose volume holds several tissues the strictest threshold of them counts: the node is dead
// only where everything in it is. A lesion is so never told larger than it is because a sensitive
// tissue lies beside a hardy one, and no tie between equal shares has to be broken.
#pragma once

#include <string>
#include <vector>

#include "base/keys.h"
#include "base/names_tissues.h"
#include "physics/segment_law.h"

namespace thermodose::dose {

/// Which threshold of two asks for more: of temperatures of freezing the lower, of doses of heat
/// the higher.
enum class Strictest { lowest, highest };

class TissueThresholds {
 public:
  TissueThresholds(double fallback, Strictest strictest)
      : fallback_(fallback), strictest_(strictest) {}

  /// `fallback` declares `default`, `own` the threshold of an entry of `tissues`.
  void keys(Keys& k, const Key& fallback, const Key& own);
  std::vector<TissueName> named_tissues() const;
  /// SI, of each law.
  std::vector<double> of(const std::vector<SegmentLaw>& laws) const;

 private:
  double of(const std::string& tissue) const;

  double fallback_;
  Strictest strictest_;
  std::vector<std::string> names_;
  std::vector<double> values_;
};

}  // namespace thermodose::dose
