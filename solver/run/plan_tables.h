// Tables of an evaluated plan.
// Implements: coverage over time, extremes of organs over time, cumulative histograms, margins on
// the surface of a target, as tables of results.h5.
#pragma once

#include <string>
#include <vector>

#include "dose/eval_structure.h"
#include "output/evaluation_report.h"
#include "run/criterion.h"

namespace thermodose {

/// targets/<name>/coverage: share of the target by each criterion (`slugs`), over the times.
Table coverage_table(const std::string& target, const std::vector<double>& times,
                     const std::vector<std::string>& slugs,
                     const std::vector<std::vector<double>>& coverage);
/// protect/<name>/extremes: K in, degC out.
Table organ_table(const std::string& organ, const std::vector<double>& times,
                  const std::vector<double>& coldest, const std::vector<double>& hottest);
/// <group>/histogram_<field>: volume with less than each edge and with that or more, of every field
/// of the doses. Temperatures in steps of 1 K; fields over more than three decades in tenths of a
/// decade; others in hundredths of their range.
std::vector<Table> histogram_tables(const std::string& group,
                                    const evaluation::SampledStructure& structure,
                                    DoseFields& fields);
/// targets/<name>/margins: points of the surface and the margin there by each criterion.
Table margin_table(const std::string& target, const evaluation::Surface& surface,
                   const std::vector<std::string>& slugs,
                   const std::vector<CriterionReport>& criteria);

}  // namespace thermodose
