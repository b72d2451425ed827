// The summary of a run.
// Implements: RunSummary, the numbers a user looks at first, and its form as summary.json.
// User's units (degC, mm, mL) appear only in the JSON; the struct is SI and kelvin.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/types.h"
#include "output/evaluation_report.h"

namespace thermodose {

struct IsothermSummary {
  double time = 0;         ///< s
  double temperature = 0;  ///< K
  bool below = true;       ///< region {T < temperature}; else {T > temperature}
  double volume = 0;       ///< m3
  std::optional<double>
      volume_error;  ///< m3, estimated discretisation error; null if not estimated
  Vec3 extent{};     ///< m
  std::optional<double> extent_along_axis, extent_across_axis;  ///< m, see dose/isotherm.h
  bool clipped = false;  ///< the region reaches a face that is not the skin: tissue may go on there
  std::vector<std::string> touches;  ///< faces of the domain that it reaches
};

struct ProbeSummary {
  std::string name, device;
  Vec3 tip{}, direction{};   ///< m; unit vector from tip to handle
  double diameter = 0;       ///< m
  double active_length = 0;  ///< m
  double dead_tip = 0;       ///< m, from the tip to the active length
  std::optional<double> min_surface_temperature, max_surface_temperature;  ///< K
  std::optional<double> energy;  ///< J given to the tissue (negative: taken away)
};

struct ThermocoupleSummary {
  std::string name;
  Vec3 position{};                             ///< m
  double minimum = 0, maximum = 0, final = 0;  ///< K
  double time_of_minimum = 0;                  ///< s
};

/// A region of the case or a part of its anatomy, as the cells have it.
struct RegionSummary {
  std::string name, tissue;
  double volume = 0;      ///< m3, shares of cut cells included
  std::size_t nodes = 0;  ///< with this region_id
  /// Mean over its volume on the cells; only of bone that grey values scale.
  std::optional<double> cortical_fraction = std::nullopt;
};

struct EnergySummary {
  double stored = 0;                                     ///< J, change of stored enthalpy
  std::vector<std::pair<std::string, double>> supplied;  ///< (cause, J): probes, faces, tissue
  double relative_residual = 0;  ///< (stored - sum of supplied) / sum of |supplied|
};

struct RunSummary {
  enum class Status { complete, failed, interrupted };
  Status status = Status::complete;
  std::string message;  ///< why a run did not complete; empty when it did
  std::string run_id;
  std::string case_file, case_title;
  std::string command_line;
  std::string started;  ///< ISO 8601, UTC

  double wall_mesh = 0, wall_solve = 0, wall_output = 0, wall_total = 0;  ///< s
  int threads = 1;
  std::string precision, engine, integrator;
  std::size_t cells = 0, dofs = 0;
  double spacing = 0;         ///< m, edge of the finest cells
  double simulated_time = 0;  ///< s
  std::size_t steps = 0, rejected_steps = 0, operator_applications = 0;
  double accuracy = 0;  ///< asked for, relative
  EnergySummary energy;

  std::vector<IsothermSummary> isotherms;
  std::vector<ProbeSummary> probes;
  std::vector<RegionSummary> regions;
  std::vector<ThermocoupleSummary> thermocouples;
  EvaluationReport evaluation;  ///< empty when the case has no targets and no organs
  std::vector<std::string> warnings, caveats;
};

/// The JSON text (indented, ends in a newline). Numbers that are not finite become null.
std::string summary_json(const RunSummary& summary);

/// summary_json to a file, atomically. Call last: it is the mark of a finished run.
void write_summary(const std::string& path, const RunSummary& summary);

/// A short identifier of this run (time and process), for RunSummary::run_id.
std::string make_run_id();

}  // namespace thermodose
