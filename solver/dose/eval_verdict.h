// What a plan is worth clinically.
// Implements: the verdicts of a treatment with intent to cure or to palliate, from coverage and
// margin, with the numbers behind them.
#pragma once

#include "dose/eval_margin.h"
#include "dose/eval_volume.h"

namespace thermodose::evaluation {

/// The rule of a verdict. A margin of 10 mm all round: of colorectal liver metastases ablated with
/// a minimal margin of 0, 1-5, 6-10, 11-15 mm, 26, 46, 74, 80 % had not progressed locally after
/// two years (Wang et al., Cardiovasc. Intervent. Radiol. 36, 2013, doi:10.1007/s00270-012-0377-1).
/// The coverages of a palliative treatment are a convention; no trial is known that set them.
struct VerdictRules {
  double curative_margin = 10e-3;  ///< m, everywhere
  double whole = 0.999;            ///< coverage that counts as all of the target
  double effective = 0.8;          ///< palliative: coverage from here on is effective
  double ineffective = 0.6;        ///< palliative: coverage under this is ineffective
};

enum class Palliation { ineffective, partly, effective };

/// A verdict and the numbers behind it.
struct Verdict {
  bool curative = false;  ///< all covered, and the certain margin reaches the wanted one
  Palliation palliation = Palliation::ineffective;
  double coverage = 0;        ///< fraction
  double margin = 0;          ///< m, the certain one; NaN when undefined
  double missing_margin = 0;  ///< m, short of the curative margin; 0 when it is reached, else NaN
};
Verdict judge(const Coverage& coverage, const MarginReport& margin, const VerdictRules& rules = {});
/// "effective", "partly effective", "ineffective".
const char* name(Palliation palliation);

}  // namespace thermodose::evaluation
