// Implements: eval_verdict.h.
#include "dose/eval_verdict.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace thermodose::evaluation {

Verdict judge(const Coverage& coverage, const MarginReport& margin, const VerdictRules& rules) {
  Verdict v;
  v.coverage = coverage.fraction;
  v.margin = margin.certain;
  v.missing_margin = std::isnan(v.margin) ? std::numeric_limits<double>::quiet_NaN()
                                          : std::max(0.0, rules.curative_margin - v.margin);
  v.curative = v.coverage >= rules.whole && v.margin >= rules.curative_margin;
  if (v.coverage >= rules.effective) {
    v.palliation = Palliation::effective;
  } else if (v.coverage >= rules.ineffective) {
    v.palliation = Palliation::partly;
  }
  return v;
}

const char* name(Palliation palliation) {
  switch (palliation) {
    case Palliation::effective:
      return "effective";
    case Palliation::partly:
      return "partly effective";
    case Palliation::ineffective:
      break;
  }
  return "ineffective";
}

}  // namespace thermodose::evaluation
