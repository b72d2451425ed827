// Implements: output/evaluation_report.h, the JSON form. Numbers that are not finite become null.
#include <cmath>
#include <nlohmann/json.hpp>

#include "output/evaluation_report.h"
#include "output/json_number.h"

namespace thermodose {

namespace {

using namespace evaluation;
using namespace json;

Json json_of(const MarginReport& m, const std::optional<double>& error) {
  Json j;
  j["minimal_mm"] = m.defined ? mm(m.minimal) : Json(nullptr);
  j["certain_mm"] = mm(m.certain);
  j["discretisation_error_mm"] = mm(error);
  if (!m.defined) return j;
  j["at_mm"] = mm(m.where);
  j["nearest_mm"] = mm(m.nearest);
  j["mean_mm"] = mm(m.mean);
  const MarginOptions options;
  for (std::size_t i = 0; i < m.shares.size() && i < options.thresholds.size(); ++i)
    j["surface_share_percent"]["from_" + std::to_string(std::lround(1e3 * options.thresholds[i])) +
                               "_mm"] = percent(m.shares[i]);
  j["hausdorff_mm"] = mm(m.hausdorff);
  j["hausdorff_95_mm"] = mm(m.hausdorff_95);
  j["clipped_by_domain"] = m.clipped;
  return j;
}

Json json_of(const Residual& r) {
  Json j;
  j["volume_mL"] = mL(r.volume);
  j["pieces"] = r.pieces;
  j["largest_mL"] = mL(r.largest);
  if (r.pieces == 0) return j;
  j["centroid_mm"] = mm(r.centroid);
  j["lower_mm"] = mm(r.lower);
  j["upper_mm"] = mm(r.upper);
  return j;
}

Json json_of(const Verdict& v) {
  Json j;
  j["curative"] = v.curative;
  j["palliation"] = name(v.palliation);
  j["coverage_percent"] = percent(v.coverage);
  j["margin_mm"] = mm(v.margin);
  j["missing_margin_mm"] = mm(v.missing_margin);
  return j;
}

Json json_of(const CriterionReport& c) {
  Json j;
  j["criterion"] = c.criterion;
  j["covered_mL"] = mL(c.coverage.covered);
  j["covered_percent"] = percent(c.coverage.fraction);
  j["discretisation_error_percent"] = percent(c.coverage_error);
  j["margin"] = json_of(c.margin, c.margin_error);
  j["residual"] = json_of(c.residual);
  j["treated_mL"] = mL(c.over.lesion);
  j["treated_outside_target_mL"] = mL(c.over.outside_target);
  j["treated_outside_margin_mL"] = mL(c.over.outside_margin);
  j["verdict"] = json_of(c.verdict);
  return j;
}

Json json_of(const TargetReport& t, const std::vector<std::string>& organs_outside) {
  Json j;
  j["name"] = t.name;
  j["volume_mL"] = mL(t.volume);
  j["in_domain_mL"] = mL(t.in_domain);
  j["on_cells_mL"] = mL(t.on_cells);
  j["wanted_margin_mm"] = mm(t.wanted_margin);
  j["coldest_of_95_percent_degC"] = celsius(t.coldest_95);
  j["hottest_of_95_percent_degC"] = celsius(t.hottest_95);
  j["criteria"] = Json::array();
  for (const auto& c : t.criteria) {
    j["criteria"].push_back(json_of(c));
    j["criteria"].back()["verdict"]["organs_outside"] = organs_outside;
  }
  return j;
}

Json json_of(const Extreme& e, const Extreme& ever) {
  Json j;
  j["temperature_degC"] = celsius(e.value);
  j["at_mm"] = std::isfinite(e.value) ? mm(e.place) : Json(nullptr);
  j["time_s"] = number(e.time);
  j["ever_degC"] = celsius(ever.value);
  return j;
}

Json json_of(const OrganSummary& o) {
  const OrganReport& r = o.organ;
  Json j;
  j["name"] = o.name;
  j["volume_mL"] = mL(r.volume);
  j["in_domain_mL"] = mL(r.in_domain);
  j["on_cells_mL"] = mL(o.on_cells);
  j["keep_degC"] = {celsius(o.keep_lower), celsius(o.keep_upper)};
  j["spared"] = o.spared();
  j["coldest"] = json_of(r.coldest, r.coldest_ever);
  j["hottest"] = json_of(r.hottest, r.hottest_ever);
  j["volume_below_mL"] = mL(r.cold_volume);
  j["volume_above_mL"] = mL(r.hot_volume);
  j["time_below_s"] = number(r.time_below);
  j["time_above_s"] = number(r.time_above);
  j["time_outside_s"] = number(r.time_outside);
  j["first_outside_s"] = number(r.first_outside);
  j["criteria"] = Json::array();
  for (const auto& [criterion, volume] : o.volumes)
    j["criteria"].push_back({{"criterion", criterion}, {"volume_mL", mL(volume)}});
  return j;
}

Json json_of(const LesionReport& l) {
  const LesionShape& s = l.shape;
  Json j;
  j["criterion"] = l.criterion;
  j["volume_mL"] = mL(s.volume);
  j["area_mm2"] = number(1e6 * s.area);
  j["length_mm"] = mm(s.length);
  if (l.has_tip) {
    j["ahead_of_tip_mm"] = mm(s.ahead);
    j["behind_tip_mm"] = mm(s.behind);
  }
  j["width_mm"] = mm(s.width);
  j["height_mm"] = mm(s.height);
  j["sphericity"] = number(s.sphericity);
  j["clipped_by_domain"] = s.clipped;
  if (l.rim)
    j["behind_edge_of_ice_mm"] = {
        {"mean", mm(l.rim->mean)}, {"least", mm(l.rim->least)}, {"most", mm(l.rim->most)}};
  return j;
}

}  // namespace

void add_json(Json& summary, const EvaluationReport& report) {
  Json targets = Json::array(), organs = Json::array(), lesions = Json::array();
  for (const auto& t : report.targets) targets.push_back(json_of(t, report.organs_outside()));
  for (const auto& o : report.organs) organs.push_back(json_of(o));
  for (const auto& l : report.lesions) lesions.push_back(json_of(l));
  summary["targets"] = targets;
  summary["protect"] = organs;
  summary["lesions"] = lesions;
}

}  // namespace thermodose
