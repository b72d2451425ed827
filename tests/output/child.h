// Runs a piece of a test in a process of its own.
// Implements: fork, a report through a pipe, an alarm against hanging; what a child does to its
// limits, mounts and user id, or its death, does not touch the test.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <functional>
#include <string>

#include "base/error.h"

namespace thermodose::output_test {

/// How a child ended and what it said.
struct ChildReport {
  std::string text;  ///< what the body returned, or "IoError: ...", or "other: ..."
  int status = 0;    ///< of waitpid
  bool exited_normally() const { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }
  int signal() const { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }
};

inline std::string told_by(const std::function<std::string()>& body) {
  try {
    return body();
  } catch (const IoError& e) {
    return std::string("IoError: ") + e.what();
  } catch (const std::exception& e) {
    return std::string("other: ") + e.what();
  }
}

/// The child leaves by exit(), so that libraries run what they registered for it; a child that
/// takes longer than 20 s is killed by its own alarm.
inline ChildReport in_child(const std::function<std::string()>& body) {
  int pipe_ends[2] = {-1, -1};
  ChildReport report;
  if (::pipe(pipe_ends) != 0) return report;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe_ends[0]);
    ::alarm(20);
    const std::string text = told_by(body);
    const bool sent = ::write(pipe_ends[1], text.data(), text.size()) == ssize_t(text.size());
    std::exit(sent ? 0 : 1);
  }
  ::close(pipe_ends[1]);
  char buffer[1024];
  for (ssize_t n = 0; (n = ::read(pipe_ends[0], buffer, sizeof buffer)) > 0;)
    report.text.append(buffer, std::size_t(n));
  ::close(pipe_ends[0]);
  ::waitpid(child, &report.status, 0);
  return report;
}

}  // namespace thermodose::output_test
