// Implements: cli/evaluation_text.h.
#include "cli/evaluation_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/types.h"

namespace thermodose::cli {
namespace {

using namespace evaluation;

constexpr double kMillilitre = 1e-6, kMillimetre = 1e-3;

std::string mm(double metres, const char* unknown = "-") {
  return std::isfinite(metres) ? fmt::format("{:.1f}", metres / kMillimetre) : unknown;
}
std::string point(const Vec3& p) {
  return fmt::format("({}, {}, {})", mm(p[0]), mm(p[1]), mm(p[2]));
}
std::string celsius(double kelvin) {
  if (!std::isfinite(kelvin)) return "-";
  const double tenths = std::round(10 * (kelvin - kZeroCelsius));
  return fmt::format("{:.1f}", tenths == 0 ? 0 : tenths / 10);
}
std::string mL(double volume) { return fmt::format("{:.2f}", volume / kMillilitre); }
std::string plus_minus(const std::optional<double>& error, double unit) {
  return error ? fmt::format(" +- {:.1f}", *error / unit) : "";
}

std::string verdict_text(const CriterionReport& c, double wanted) {
  const Verdict& v = c.verdict;
  const std::string cure = v.curative ? fmt::format("curative, {} mm or more all round", mm(wanted))
                           : std::isnan(v.missing_margin)
                               ? std::string("not curative, no margin")
                               : fmt::format("not curative, {} mm short of {} mm all round",
                                             mm(v.missing_margin), mm(wanted));
  return fmt::format("    verdict: {}; palliative: {}\n", cure, name(v.palliation));
}

std::string target_text(const TargetReport& t) {
  std::string text = fmt::format("target {}: {} mL, 95 % of it {}\n", t.name, mL(t.volume),
                                 t.cold ? "colder than " + celsius(t.coldest_95) + " degC"
                                        : "hotter than " + celsius(t.hottest_95) + " degC");
  for (const CriterionReport& c : t.criteria) {
    text += fmt::format("  {}: covered {:.1f}{} %, least margin {}{} mm{}\n", c.criterion,
                        100 * c.coverage.fraction, plus_minus(c.coverage_error, 0.01),
                        mm(c.margin.certain), plus_minus(c.margin_error, kMillimetre),
                        c.margin.defined ? " at " + point(c.margin.where) : "");
    text += fmt::format(
        "    untreated {} mL{}; treated outside it {} mL, beyond its margin {} mL\n",
        mL(c.residual.volume),
        c.residual.pieces > 0 ? fmt::format(", the largest piece {} mL at {}",
                                            mL(c.residual.largest), point(c.residual.centroid))
                              : "",
        mL(c.over.outside_target), mL(c.over.outside_margin));
    if (&c == &t.criteria.front()) text += verdict_text(c, t.wanted_margin);
  }
  return text;
}

std::string extreme_text(const Extreme& e) {
  return fmt::format("{:>7} degC at {:<23} {:6.0f} s", celsius(e.value), point(e.place), e.time);
}

std::string organ_text(const OrganSummary& o) {
  const OrganReport& r = o.organ;
  const bool cold = !(r.hottest.value > o.keep_upper) &&
                    (r.coldest.value < o.keep_lower ||
                     o.keep_lower - r.coldest.value > r.hottest.value - o.keep_upper);
  std::string text = fmt::format("  {:<20} {:>5} .. {:<5} {}  ", o.name, celsius(o.keep_lower),
                                 celsius(o.keep_upper), extreme_text(cold ? r.coldest : r.hottest));
  text += o.spared() ? "spared\n"
                     : fmt::format("OUTSIDE for {:.0f} s, {} mL\n", r.time_outside,
                                   mL(std::max(r.cold_volume, r.hot_volume)));
  for (const auto& [criterion, volume] : o.volumes)
    text += fmt::format("    {}: {} mL\n", criterion, mL(volume));
  return text;
}

std::string lesion_text(const LesionReport& l) {
  const LesionShape& s = l.shape;
  if (!(s.volume > 0)) return fmt::format("  {:<28} nowhere\n", l.criterion);
  return fmt::format(
      "  {:<28} {:>8} mL  {:>5} x {:>5} x {:>5}  {:>6}  {}\n", l.criterion, mL(s.volume),
      mm(s.length), mm(s.width), mm(s.height), mm(s.ahead),
      l.rim ? fmt::format("{} ({} .. {})", mm(l.rim->mean), mm(l.rim->least), mm(l.rim->most))
            : "");
}

}  // namespace

std::string evaluation_text(const EvaluationReport& report) {
  std::string text;
  for (const auto& t : report.targets) text += target_text(t);
  if (!report.organs.empty()) text += fmt::format("organ                  keep, degC      worst\n");
  for (const auto& o : report.organs) text += organ_text(o);
  if (!report.lesions.empty())
    text +=
        "lesion                           volume  length, width, height  ahead of tip  behind the "
        "edge of the ice, mm\n";
  for (const auto& l : report.lesions) text += lesion_text(l);
  return text;
}

}  // namespace thermodose::cli
