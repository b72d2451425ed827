// Implements: cli/progress_line.h.
#include "cli/progress_line.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace thermodose::cli {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(200);
constexpr auto kPlain = std::chrono::seconds(10);
constexpr double kPlainShare = 0.1;
constexpr int kBarWidth = 20;
constexpr double kTooEarly = 0.02;  // the first steps are short: no estimate of the time left

double fraction(const Progress& p) {
  return p.end_time > 0 ? std::clamp(p.time / p.end_time, 0.0, 1.0) : 0;
}

// Simulated time and rate; the time left supposes the average rate so far. `brief` fits beside
// the bar in 80 columns.
std::string numbers(const Progress& p, bool brief) {
  if (!(p.time > 0)) return p.phase;
  const bool minutes = p.end_time >= 120;
  const double unit = minutes ? 60 : 1;
  std::string text = fmt::format("{:.1f}{}{:.1f} {}  {}", p.time / unit, brief ? "/" : " of ",
                                 p.end_time / unit, minutes ? "min" : "s", p.phase);
  if (p.wall_s > 0) {
    const double rate = p.time / p.wall_s;
    text += fmt::format("  {:.{}f}x{}", rate, rate < 10 ? 1 : 0, brief ? "" : " real time");
    if (fraction(p) > kTooEarly) {
      text += fmt::format("  {} left", duration_text(std::max(0.0, p.end_time - p.time) / rate));
    }
  }
  return text;
}

int width_of(std::FILE* stream) {
  winsize size = {};
  const bool known = ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto total = static_cast<long long>(std::llround(seconds));
  if (total < 3600) return fmt::format("{}:{:02}", total / 60, total % 60);
  return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
}

std::string bar_line(const Progress& progress, int width) {
  const double done = fraction(progress);
  const int filled = static_cast<int>(done * kBarWidth);
  std::string bar(static_cast<std::size_t>(filled), '=');
  if (filled < kBarWidth) bar += '>';
  bar.resize(kBarWidth, ' ');
  std::string line =
      fmt::format("[{}] {:3.0f} %  {}", bar, std::floor(100 * done), numbers(progress, true));
  // A line that wraps could not be redrawn.
  const auto room = static_cast<std::size_t>(std::max(width - 1, 1));
  if (line.size() > room) line.resize(room);
  return line;
}

std::string plain_line(const Progress& progress) {
  return fmt::format("{:3.0f} %  {}", std::floor(100 * fraction(progress)),
                     numbers(progress, false));
}

ProgressLine::ProgressLine(std::FILE* stream, bool terminal)
    : stream_(stream), terminal_(terminal) {}

void ProgressLine::update(const Progress& progress, Clock::time_point now) {
  const double done = fraction(progress);
  bool due = !started_ || now - last_ >= (terminal_ ? Clock::duration(kRedraw) : kPlain);
  // In a log; a pass on finer cells starts from 0 again.
  if (!terminal_) due = due || done >= done_ + kPlainShare || done < done_;
  if (!due) return;
  started_ = true;
  done_ = done;
  last_ = now;
  if (terminal_) {
    fmt::print(stream_, "\r\x1b[K{}", bar_line(progress, width_of(stream_)));
    drawn_ = true;
  } else {
    fmt::print(stream_, "{}\n", plain_line(progress));
  }
  std::fflush(stream_);
}

void ProgressLine::message(const std::string& text) {
  clear();
  fmt::print(stream_, "{}\n", text);
  std::fflush(stream_);
}

void ProgressLine::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stream_);
  std::fflush(stream_);
  drawn_ = false;
}

bool is_terminal(std::FILE* stream) {
  const char* term = std::getenv("TERM");
  return isatty(fileno(stream)) == 1 && term != nullptr && std::strcmp(term, "dumb") != 0;
}

}  // namespace thermodose::cli
