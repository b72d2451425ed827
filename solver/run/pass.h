// One integration of a case with one plan.
// Implements: the full pass that writes fields and traces, and the companion pass on coarser
// cells that only measures isotherms.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "fem/thread_team.h"
#include "output/results_writer.h"
#include "output/summary.h"
#include "run/isotherm_recorder.h"
#include "run/model.h"
#include "run/plan.h"
#include "run/plan_evaluation.h"
#include "run/run.h"

namespace thermodose {

struct PassResult {
  std::vector<IsothermRecord> isotherms;
  std::vector<double> face_change;  ///< K, see run/face_watch.h
  IntegratorStatistics statistics;
  EnergySummary energy;
  std::vector<ProbeSummary> probes;
  std::vector<RegionSummary> regions;
  std::vector<ThermocoupleSummary> thermocouples;
  Table traces;
  EvaluationReport evaluation;  ///< empty without targets and organs
  std::vector<NamedSurface> surfaces;
  std::size_t cells = 0, dofs = 0;
  double spacing = 0, end_time = 0;
  double wall_mesh = 0, wall_solve = 0, wall_output = 0;  ///< s
};

/// What a pass needs beside its plan. References outlive it.
struct PassContext {
  const Model& model;
  std::shared_ptr<ThreadTeam> team;
  const RunOptions& options;
  std::string phase;      ///< prefix of Progress::phase
  std::string directory;  ///< where fields go; empty = companion
  std::string run_id;
  /// Asked after every record of isotherms whether the pass is given up; none: it never is.
  std::function<bool(const std::vector<IsothermRecord>&)> futile;
  /// Files are those of an earlier pass until this one has reached its end.
  bool whole_only = false;
};

/// A pass was given up by PassContext::futile.
class Futile : public std::runtime_error {
 public:
  Futile() : std::runtime_error("the pass was given up") {}
};

/// Runs to the end. On SolverError, Interrupted or Futile `partial` holds what the last good state
/// gave, and the fields up to it are on disk (not with `whole_only`).
PassResult run_pass(const PassContext& context, const Plan& plan, PassResult* partial);

}  // namespace thermodose
