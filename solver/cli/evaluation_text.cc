// Implements: cli/evaluation_text.h.
#include "cli/evaluation_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/text.h"
#include "base/types.h"

namespace thermodose::cli {
namespace {

using namespace evaluation;

constexpr double kMillilitre = 1e-6, kMillimetre = 1e-3;
constexpr int kMostDecimals = 6;
constexpr double kSeen = 0.95;  // of an organ, from here on it is taken as whole

/// One decimal, no sign before 0.0, - for what is unknown.
std::string tenths(double value) {
  if (!std::isfinite(value)) return "-";
  const double rounded = std::round(10 * value);
  return fmt::format("{:.1f}", rounded == 0 ? 0 : rounded / 10);
}
std::string mm(double metres) { return tenths(metres / kMillimetre); }
std::string point(const Vec3& p) {
  return fmt::format("({}, {}, {})", mm(p[0]), mm(p[1]), mm(p[2]));
}
std::string celsius(double kelvin) { return tenths(kelvin - kZeroCelsius); }
/// With at least two significant digits: what is not nothing never reads as 0.00.
std::string at_least(int decimals, double value) {
  if (value == 0 || !std::isfinite(value)) return fmt::format("{:.{}f}", value, decimals);
  const int needed = 1 - int(std::floor(std::log10(std::abs(value))));
  return needed > kMostDecimals ? fmt::format("{:.1e}", value)
                                : fmt::format("{:.{}f}", value, std::max(decimals, needed));
}
std::string mL(double volume) { return at_least(2, volume / kMillilitre); }
std::string plus_minus(const std::optional<double>& error, double unit) {
  return error ? fmt::format(" +- {:.1f}", *error / unit) : "";
}

std::string cure_text(const Verdict& v, double wanted) {
  if (v.curative) return fmt::format("curative, {} mm or more all round", mm(wanted));
  if (std::isnan(v.missing_margin)) return "not curative, no margin";
  if (!(v.missing_margin > 0))
    return fmt::format("not curative: covered {:.2f} %, wanted {:.1f} %", 100 * v.coverage,
                       100 * VerdictRules().whole);
  const bool hair = mm(v.margin) == mm(wanted);
  return fmt::format("not curative: least margin {}{} mm, wanted {} mm all round",
                     hair ? "just under " : "", mm(v.margin), mm(wanted));
}

// A target that is treated well is no good plan where an organ is hurt: both in one line.
std::string verdict_text(const CriterionReport& c, double wanted, const EvaluationReport& report) {
  const auto organs = report.organs_outside();
  std::string hurt;
  if (!organs.empty())
    hurt = fmt::format("; OUTSIDE {}: {}", organs.size() > 1 ? "their bands" : "its band",
                       text::join(organs, ", "));
  return fmt::format("    verdict: {}; palliative: {}{}\n", cure_text(c.verdict, wanted),
                     name(c.verdict.palliation), hurt);
}

std::string target_text(const TargetReport& t, const EvaluationReport& report) {
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
    if (&c == &t.criteria.front()) text += verdict_text(c, t.wanted_margin, report);
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

bool seen_whole(const OrganReport& r) { return !(r.in_domain < kSeen * r.volume); }

/// How much of the organ left its band.
std::string outside_text(const End& end, const OrganReport& r) {
  std::string text = fmt::format("OUTSIDE for {:.0f} s, {} mL", end.time, mL(end.volume));
  if (!(r.in_domain > 0)) return text;
  text += fmt::format(", {} % of ", at_least(1, 100 * end.volume / r.in_domain));
  return text + (seen_whole(r) ? "it"
                               : fmt::format("the {} mL in the domain ({} in all)", mL(r.in_domain),
                                             mL(r.volume)));
}

std::string end_text(const End& end, const OrganReport& r, bool spared) {
  std::string what = "inside";
  if (end.time > 0) {
    what = outside_text(end, r);
  } else if (spared) {
    what = seen_whole(r) ? "spared"
                         : fmt::format("spared, as far as seen: {} of {} mL lie in the domain",
                                       mL(r.in_domain), mL(r.volume));
  }
  return extreme_text(end.extreme) + what + "\n";
}

// The end that the treatment drives to, and the other one too where the band was left there.
std::string organ_text(const OrganSummary& o, bool freezes) {
  const OrganReport& r = o.organ;
  const End cold{r.coldest, r.time_below, r.cold_volume};
  const End hot{r.hottest, r.time_above, r.hot_volume};
  const End &first = freezes ? cold : hot, &second = freezes ? hot : cold;
  std::string text = fmt::format("  {:<20} {:>5} .. {:<5} {}", o.name, celsius(o.keep_lower),
                                 celsius(o.keep_upper), end_text(first, r, o.spared()));
  if (second.time > 0) text += fmt::format("{:>38}{}", "", end_text(second, r, false));
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
  for (const auto& t : report.targets) text += target_text(t, report);
  if (!report.organs.empty()) text += fmt::format("organ                  keep, degC      worst\n");
  for (const auto& o : report.organs) text += organ_text(o, report.freezes);
  if (!report.lesions.empty()) text += lesion_heading(report.lesions.front().has_tip);
  for (const auto& l : report.lesions) text += lesion_text(l);
  return text;
}

}  // namespace thermodose::cli
