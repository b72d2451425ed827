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
  return fmt::format("{:>7} degC at {:<23} {:6.0f} s  ", celsius(e.value), point(e.place), e.time);
}

/// One end of an organ's band: the extreme on this side and whether the band was left there.
struct End {
  const Extreme& extreme;
  double time, volume;  // s and m3 beyond the band
};

std::string end_text(const End& end, bool spared) {
  return extreme_text(end.extreme) +
         (end.time > 0 ? fmt::format("OUTSIDE for {:.0f} s, {} mL\n", end.time, mL(end.volume))
          : spared     ? "spared\n"
                       : "inside\n");
}

// The end that the treatment drives to, and the other one too where the band was left there.
std::string organ_text(const OrganSummary& o, bool freezes) {
  const OrganReport& r = o.organ;
  const End cold{r.coldest, r.time_below, r.cold_volume};
  const End hot{r.hottest, r.time_above, r.hot_volume};
  const End &first = freezes ? cold : hot, &second = freezes ? hot : cold;
  std::string text = fmt::format("  {:<20} {:>5} .. {:<5} {}", o.name, celsius(o.keep_lower),
                                 celsius(o.keep_upper), end_text(first, o.spared()));
  if (second.time > 0) text += fmt::format("{:>38}{}", "", end_text(second, false));
  for (const auto& [criterion, volume] : o.volumes)
    text += fmt::format("    {}: {} mL\n", criterion, mL(volume));
  return text;
}

std::string lesion_text(const LesionReport& l) {
  const LesionShape& s = l.shape;
  if (!(s.volume > 0)) return fmt::format("  {:<28} nowhere\n", l.criterion);
  const std::string ahead = l.has_tip ? fmt::format("{:>6}  ", mm(s.ahead)) : "";
  return fmt::format(
      "  {:<28} {:>8} mL  {:>5} x {:>5} x {:>5}  {}{}\n", l.criterion, mL(s.volume), mm(s.length),
      mm(s.width), mm(s.height), ahead,
      l.rim ? fmt::format("{} ({} .. {})", mm(l.rim->mean), mm(l.rim->least), mm(l.rim->most))
            : "");
}

std::string lesion_heading(bool has_tip) {
  return fmt::format("lesion                           volume  {}behind the edge of the ice, mm\n",
                     has_tip ? "length, width, height  ahead of tip  " : "along z, width, height ");
}

}  // namespace

std::string evaluation_text(const EvaluationReport& report) {
  std::string text;
  for (const auto& t : report.targets) text += target_text(t);
  if (!report.organs.empty()) text += fmt::format("organ                  keep, degC      worst\n");
  for (const auto& o : report.organs) text += organ_text(o, report.freezes);
  if (!report.lesions.empty()) text += lesion_heading(report.lesions.front().has_tip);
  for (const auto& l : report.lesions) text += lesion_text(l);
  return text;
}

}  // namespace thermodose::cli
