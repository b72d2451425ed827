// Implements: run/plan_errors.h.
#include "run/plan_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {

constexpr double kSafety = 1.25, kLeastRatio = 1.1;  // as run/error_estimate.cc
// Of the measurement (docs/evaluation.md): a margin 0.15 h; a coverage 0.6 (h / R)^2.
constexpr double kMarginFloor = 0.15, kCoverageFloor = 0.6;
constexpr double kPi = 3.14159265358979323846;

/// Radius of the ball of this volume.
double radius_of(double volume) { return std::cbrt(3 * volume / (4 * kPi)); }

}  // namespace

void add_errors(EvaluationReport& fine, const EvaluationReport& coarse, double ratio, double order,
                double spacing) {
  if (!(ratio >= kLeastRatio) || coarse.targets.size() != fine.targets.size()) return;
  const double factor = kSafety / (std::pow(ratio, order) - 1);
  for (std::size_t t = 0; t < fine.targets.size(); ++t) {
    TargetReport& target = fine.targets[t];
    const double cells = spacing / std::max(radius_of(target.volume), spacing);
    for (std::size_t c = 0; c < target.criteria.size(); ++c) {
      CriterionReport& own = target.criteria[c];
      const CriterionReport& other = coarse.targets[t].criteria[c];
      own.coverage_error =
          std::min(1.0, factor * std::abs(own.coverage.fraction - other.coverage.fraction) +
                            kCoverageFloor * cells * cells * own.coverage.fraction);
      const double difference = std::abs(own.margin.certain - other.margin.certain);
      if (std::isfinite(difference))
        own.margin_error = factor * difference + kMarginFloor * spacing;
    }
  }
}

namespace {

// Of the volume of a structure. Cells that borders cut hold it to a few tenths.
constexpr double kMisfit = 0.02;

void warn_of_misfit(const std::string& name, const std::optional<double>& on_cells,
                    double in_domain, std::vector<std::string>& out) {
  if (!on_cells || std::abs(*on_cells - in_domain) <= kMisfit * in_domain) return;
  out.push_back(
      fmt::format("{} has {:.3g} mL on the cells, {:+.1f} % of the {:.3g} mL that it has: its "
                  "tissue acts where the cells hold it; take finer cells",
                  name, 1e6 * *on_cells, 100 * (*on_cells / in_domain - 1), 1e6 * in_domain));
}

}  // namespace

std::vector<std::string> evaluation_warnings(const EvaluationReport& report) {
  std::vector<std::string> out;
  for (const auto& t : report.targets)
    warn_of_misfit("target " + t.name, t.on_cells, t.in_domain, out);
  for (const auto& o : report.organs)
    warn_of_misfit("organ " + o.name, o.on_cells, o.organ.in_domain, out);
  for (const auto& target : report.targets) {
    for (const auto& c : target.criteria) {
      const double margin = c.margin.certain;
      if (c.margin_error && std::abs(margin - target.wanted_margin) < *c.margin_error)
        out.push_back(fmt::format(
            "whether {} is treated with its margin of {:g} mm ({}) is within the error: {:.1f} +- "
            "{:.1f} mm; ask for a finer accuracy",
            target.name, 1e3 * target.wanted_margin, c.criterion, 1e3 * margin,
            1e3 * *c.margin_error));
      if (c.margin.clipped)
        out.push_back(fmt::format(
            "the region {} of {} reaches the end of the domain: margins beyond it are lower bounds",
            c.criterion, target.name));
    }
  }
  return out;
}

}  // namespace thermodose
