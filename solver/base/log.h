// The log of a run.
// Implements: run.log (time-stamped lines), warnings that also reach the console and
// summary.json. Every room may log; without an open RunLog, lines go to the console only.
// Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace thermodose::log {

enum class Level { debug, info, warning };

void debug(const std::string& text);
void info(const std::string& text);
/// Something the user should know although the run goes on. Collected, see RunLog::warnings.
void warning(const std::string& text);

/// Receives every line of level `threshold` and above; an empty function silences the console.
/// The default prints warnings to standard error.
using Console = std::function<void(Level, const std::string&)>;
void to_console(Level threshold, Console console);

/// The open run.log. One at a time; lines are written as they come, so that the log of a run
/// that died is readable.
class RunLog {
 public:
  /// Creates or replaces the file. Throws IoError when that is impossible.
  explicit RunLog(const std::string& path);
  ~RunLog();
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;

  /// Warnings since the log was opened, each text once, in order of first appearance.
  std::vector<std::string> warnings() const;
  /// Throws IoError when a line could not be written (disk full).
  void check() const;
};

}  // namespace thermodose::log
