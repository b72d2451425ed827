// Tests of cli/progress_line.h.
// Implements: wording of the lines, width, refresh limits, no control characters when piped.
#include "cli/progress_line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace thermodose::cli {
namespace {

using std::chrono::milliseconds;

Progress at(double time, const std::string& phase, double wall = 0.5) {
  Progress p;
  p.time = time;
  p.end_time = 1500;
  p.wall_s = wall;
  p.phase = phase;
  return p;
}

// What a ProgressLine wrote to a file during `use`.
template <class Use>
std::string written(bool terminal, Use use) {
  std::FILE* file = std::tmpfile();
  {
    ProgressLine line(file, terminal);
    use(line);
  }
  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}

TEST(ProgressText, Durations) {
  EXPECT_EQ(duration_text(0.31), "0.3 s");
  EXPECT_EQ(duration_text(65), "1:05");
  EXPECT_EQ(duration_text(3 * 3600 + 62), "3:01:02");
  EXPECT_EQ(duration_text(1.0 / 0.0), "?");
}

TEST(ProgressText, LineHasTimeRateAndTimeLeft) {
  // 750 s in 0.5 s: 1500 times real time, and 0.5 s left.
  EXPECT_EQ(plain_line(at(750, "freeze")),
            " 50 %  12.5 of 25.0 min  freeze  1500x real time  0.5 s left");
  EXPECT_EQ(bar_line(at(750, "freeze"), 200),
            "[==========>         ]  50 %  12.5/25.0 min  freeze  1500x  0.5 s left");
  EXPECT_EQ(plain_line(at(15, "freeze")), "  1 %  0.2 of 25.0 min  freeze  30x real time");
  EXPECT_EQ(plain_line(at(0, "building the grid")), "  0 %  building the grid");
  EXPECT_EQ(bar_line(at(1500, "thaw"), 200).substr(0, 28), "[====================] 100 %");
}

TEST(ProgressText, BarNeverWraps) {
  for (int width = 1; width < 120; ++width) {
    EXPECT_LE(bar_line(at(750, "freeze"), width).size(),
              static_cast<std::size_t>(std::max(1, width - 1)));
  }
}

TEST(ProgressLineTest, PipedOutputIsPlainAndSparse) {
  const std::string text = written(false, [](ProgressLine& line) {
    const ProgressLine::Clock::time_point start{};
    for (int i = 0; i < 100; ++i) line.update(at(i, "freeze"), start + milliseconds(10 * i));
    line.update(at(149, "thaw"), start + milliseconds(1001));   // a new phase waits for its turn
    line.update(at(151, "thaw"), start + milliseconds(1010));   // a tenth of the 1500 s
    line.update(at(152, "thaw"), start + milliseconds(10900));  // not yet
    line.update(at(153, "thaw"), start + milliseconds(11100));  // ten seconds later
    line.update(at(0, "repeat"), start + milliseconds(11200));  // from the beginning again
  });
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4) << text;
  for (const char c : text) EXPECT_TRUE(c == '\n' || std::isprint(c)) << int(c);
}

TEST(ProgressLineTest, AFastRunWritesALineForEachTenth) {
  const std::string text = written(false, [](ProgressLine& line) {
    const ProgressLine::Clock::time_point start{};
    for (int i = 0; i <= 3000; ++i)
      line.update(at(0.5 * i, i % 2 == 0 ? "freeze" : "thaw"), start + milliseconds(i));
  });
  EXPECT_GE(std::count(text.begin(), text.end(), '\n'), 10) << text;
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 11) << text;
}

TEST(ProgressLineTest, TerminalRedrawsOneLineAtMostFiveTimesASecond) {
  const std::string text = written(true, [](ProgressLine& line) {
    const ProgressLine::Clock::time_point start{};
    for (int i = 0; i < 1000; ++i) line.update(at(i, "freeze"), start + milliseconds(i));
  });
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 5 + 1) << "five draws, one clearing";
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 0);
  EXPECT_EQ(text.substr(text.size() - 4), "\r\x1b[K");
}

TEST(ProgressLineTest, MessageStandsOnALineOfItsOwn) {
  const std::string text = written(true, [](ProgressLine& line) {
    line.update(at(10, "freeze"));
    line.message("warning: coarse");
  });
  EXPECT_NE(text.find("\r\x1b[Kwarning: coarse\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace thermodose::cli
