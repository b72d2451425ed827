// Implements: base/log.h with spdlog behind it.
#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <memory>
#include <mutex>
#include <utility>

#include "base/error.h"

namespace thermodose::log {
namespace {

struct State {
  std::mutex mutex;
  Level threshold = Level::warning;
  Console console = [](Level, const std::string& text) {
    fmt::print(stderr, "warning: {}\n", text);
  };
  std::shared_ptr<spdlog::logger> file;
  std::string path;
  std::string failure;  ///< first error of the file sink
  std::vector<std::string> warnings;
};

State& state() {
  static State instance;
  return instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      break;
  }
  return spdlog::level::warn;
}

void write(Level level, const std::string& text) {
  State& s = state();
  Console console;
  {
    const std::lock_guard<std::mutex> lock(s.mutex);
    if (s.file) s.file->log(to_spdlog(level), "{}", text);
    if (level == Level::warning &&
        std::find(s.warnings.begin(), s.warnings.end(), text) == s.warnings.end()) {
      s.warnings.push_back(text);
    }
    if (level >= s.threshold) console = s.console;
  }
  if (console) console(level, text);  // outside the lock: the console may log in turn
}

}  // namespace

void debug(const std::string& text) { write(Level::debug, text); }
void info(const std::string& text) { write(Level::info, text); }
void warning(const std::string& text) { write(Level::warning, text); }

void to_console(Level threshold, Console console) {
  State& s = state();
  const std::lock_guard<std::mutex> lock(s.mutex);
  s.threshold = threshold;
  s.console = std::move(console);
}

RunLog::RunLog(const std::string& path) {
  State& s = state();
  const std::lock_guard<std::mutex> lock(s.mutex);
  assert(!s.file && "one run log at a time");
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path, true);
    s.file = std::make_shared<spdlog::logger>("run", std::move(sink));
  } catch (const spdlog::spdlog_ex& error) {
    throw IoError(fmt::format("cannot write the log: {}", error.what()));
  }
  s.file->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l: %v");
  s.file->set_level(spdlog::level::debug);
  s.file->flush_on(spdlog::level::debug);
  s.file->set_error_handler([](const std::string& message) {
    if (state().failure.empty()) state().failure = message;  // called under the lock of write()
  });
  s.path = path;
  s.failure.clear();
  s.warnings.clear();
}

RunLog::~RunLog() {
  State& s = state();
  const std::lock_guard<std::mutex> lock(s.mutex);
  s.file.reset();
}

std::vector<std::string> RunLog::warnings() const {
  State& s = state();
  const std::lock_guard<std::mutex> lock(s.mutex);
  return s.warnings;
}

void RunLog::check() const {
  State& s = state();
  const std::lock_guard<std::mutex> lock(s.mutex);
  if (!s.failure.empty()) {
    throw IoError(fmt::format("{}: the log could not be written: {}", s.path, s.failure));
  }
}

}  // namespace thermodose::log
