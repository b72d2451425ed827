// Implements: summary.h.
#include "output/summary.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/version.h"
#include "output/atomic_file.h"
#include "output/json_number.h"

namespace thermodose {

namespace {

using namespace json;

Json json_of(const IsothermSummary& i) {
  Json j;
  j["time_s"] = number(i.time);
  j["temperature_degC"] = celsius(i.temperature);
  j["side"] = i.below ? "below" : "above";
  j["volume_mL"] = mL(i.volume);
  j["discretisation_error_mL"] = mL(i.volume_error);
  j["extent_mm"] = mm(i.extent);
  j["extent_along_axis_mm"] = mm(i.extent_along_axis);
  j["extent_across_axis_mm"] = mm(i.extent_across_axis);
  j["clipped_by_domain"] = i.clipped;
  j["touches"] = i.touches;
  return j;
}

Json json_of(const ProbeSummary& p) {
  Json j;
  j["name"] = p.name;
  j["device"] = p.device;
  j["tip_mm"] = mm(p.tip);
  j["direction"] = {number(p.direction[0]), number(p.direction[1]), number(p.direction[2])};
  j["diameter_mm"] = mm(p.diameter);
  j["active_length_mm"] = mm(p.active_length);
  j["dead_tip_mm"] = mm(p.dead_tip);
  j["min_surface_temperature_degC"] = celsius(p.min_surface_temperature);
  j["max_surface_temperature_degC"] = celsius(p.max_surface_temperature);
  j["energy_J"] = number(p.energy);
  return j;
}

Json json_of(const RegionSummary& r) {
  Json j;
  j["name"] = r.name;
  j["tissue"] = r.tissue;
  j["volume_mL"] = mL(r.volume);
  j["nodes"] = r.nodes;
  if (r.cortical_fraction) j["cortical_fraction"] = number(r.cortical_fraction);
  return j;
}

Json json_of(const ThermocoupleSummary& t) {
  Json j;
  j["name"] = t.name;
  j["position_mm"] = mm(t.position);
  j["minimum_degC"] = celsius(t.minimum);
  j["time_of_minimum_s"] = number(t.time_of_minimum);
  j["maximum_degC"] = celsius(t.maximum);
  j["final_degC"] = celsius(t.final);
  return j;
}

template <class T>
Json list_of(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(json_of(item));
  return list;
}

Json json_of(const EnergySummary& e) {
  Json supplied = Json::object();
  for (const auto& [cause, joule] : e.supplied) supplied[cause] = number(joule);
  Json j;
  j["stored_J"] = number(e.stored);
  j["supplied_J"] = supplied;
  j["relative_residual"] = number(e.relative_residual);
  return j;
}

const char* word(RunSummary::Status status) {
  switch (status) {
    case RunSummary::Status::complete:
      return "complete";
    case RunSummary::Status::failed:
      return "failed";
    case RunSummary::Status::interrupted:
      return "interrupted";
  }
  return "failed";
}

Json provenance(const RunSummary& s) {
  Json j;
  j["status"] = word(s.status);
  j["message"] = s.message;
  j["version"] = version();
  j["git_hash"] = git_hash();
  j["build"] = build_description();
  Json libraries = Json::object();
  for (const auto& [name, number_text] : library_versions()) libraries[name] = number_text;
  j["libraries"] = libraries;
  j["run_id"] = s.run_id;
  j["started"] = s.started;
  j["command_line"] = s.command_line;
  j["case"] = s.case_file;
  j["title"] = s.case_title;
  return j;
}

void add_numerics(Json& j, const RunSummary& s) {
  Json wall;
  wall["mesh"] = number(s.wall_mesh);
  wall["solve"] = number(s.wall_solve);
  wall["output"] = number(s.wall_output);
  wall["total"] = number(s.wall_total);
  j["wall_s"] = wall;
  j["threads"] = s.threads;
  j["precision"] = s.precision;
  j["engine"] = s.engine;
  j["integrator"] = s.integrator;
  j["accuracy"] = number(s.accuracy);
  j["cells"] = s.cells;
  j["dofs"] = s.dofs;
  j["spacing_mm"] = mm(s.spacing);
  j["simulated_time_s"] = number(s.simulated_time);
  j["steps"] = s.steps;
  j["rejected_steps"] = s.rejected_steps;
  j["operator_applications"] = s.operator_applications;
}

}  // namespace

std::string summary_json(const RunSummary& s) {
  Json j = provenance(s);
  add_numerics(j, s);
  j["energy_balance"] = json_of(s.energy);
  j["isotherms"] = list_of(s.isotherms);
  j["probes"] = list_of(s.probes);
  j["regions"] = list_of(s.regions);
  j["thermocouples"] = list_of(s.thermocouples);
  if (!s.evaluation.empty()) add_json(j, s.evaluation);
  j["warnings"] = s.warnings;
  j["caveats"] = s.caveats;
  // A name that is not UTF-8 must not cost the user the summary.
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_summary(const std::string& path, const RunSummary& summary) {
  write_file_atomically(path, summary_json(summary));
}

std::string make_run_id() {
  const auto now = std::chrono::system_clock::now();
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  return fmt::format("{:%Y%m%dT%H%M%S}.{:03d}Z-{}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)), ms % 1000,
                     static_cast<long>(::getpid()));
}

}  // namespace thermodose
