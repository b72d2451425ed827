// What the user sees while a run goes on.
// Implements: on a terminal one line, redrawn at most five times a second, with a bar, simulated
// time, rate and time left; elsewhere plain lines, without control characters, when another tenth
// of the simulated time or ten seconds have passed, and when a pass starts anew.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "run/run.h"

namespace thermodose::cli {

/// "1:05", "12.3 s", "3:02:10": a duration to be read by people.
std::string duration_text(double seconds);

/// The line of a terminal `width` columns wide, without line break:
///   [=========>          ]  49 %  12.3/25.0 min  freeze  2450x  0.3 s left
std::string bar_line(const Progress& progress, int width);

/// The same content without the bar:
///    49 %  12.3 of 25.0 min  freeze  2450x real time  0.3 s left
std::string plain_line(const Progress& progress);

class ProgressLine {
 public:
  using Clock = std::chrono::steady_clock;

  /// Writes to `stream`; `terminal`: redraw one line. See is_terminal.
  ProgressLine(std::FILE* stream, bool terminal);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Called by the run loop after every step, from its thread; mostly returns at once.
  void update(const Progress& progress, Clock::time_point now = Clock::now());
  /// Prints a whole line above the bar.
  void message(const std::string& text);
  /// Removes the bar.
  void clear();

 private:
  std::FILE* stream_;
  bool terminal_;
  bool drawn_ = false, started_ = false;
  double done_ = 0;  ///< share of the simulated time at the last line
  Clock::time_point last_{};
};

/// Whether `stream` is a terminal that can redraw a line.
bool is_terminal(std::FILE* stream);

}  // namespace thermodose::cli
