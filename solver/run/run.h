// From a checked case to a directory of results.
// Implements: the two verbs of the program, `run` and `check`.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "case/case_spec.h"
#include "output/summary.h"

namespace thermodose {

struct Progress {
  double time = 0, end_time = 0;  ///< s, simulated
  double wall_s = 0;
  std::string phase;  ///< "freeze", "passive thaw", "coarse companion", ...
};

struct RunOptions {
  std::string directory;
  std::string command_line;  ///< for the summary; may be empty
  int threads = 0;           ///< 0 = the cores this process may use
  bool quiet = false;
  const std::atomic<bool>* stop = nullptr;  ///< set by a signal: stop, keep what there is
  std::function<void(const Progress&)> progress;
};

struct CheckReport {
  std::string text;
};

/// Runs the case and writes the directory. Throws SolverError, IoError, Interrupted; in all but
/// the second the last good state and a summary with its status are written first.
RunSummary run_case(const CaseSpec& spec, const RunOptions& options);

/// Cells, memory and time a run would take, without solving.
CheckReport check_case(const CaseSpec& spec);

}  // namespace thermodose
