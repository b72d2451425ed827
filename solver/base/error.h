// Errors of the program, one type per exit status.
// Implements: bad input (exit 2, every problem collected), solver failure (3), I/O failure (4),
// interruption (130). Assert is for our own bugs; these are for what happens to a user.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace thermodose {

/// One problem of an input file: where it is, what was found, what is allowed, the nearest name.
struct Problem {
  std::string file;
  int line = 0;         ///< 1-based; 0 when the problem has no line (a missing file).
  std::string key;      ///< dotted path, e.g. "probes.left.tip"
  std::string message;  ///< what was found, what is allowed, "did you mean ..."

  /// "case.yaml:12: probes.left.tip: found ..., expected ..."
  std::string text() const;
};

/// Bad input. Holds every problem that was found, never only the first. Exit status 2.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Problem> problems);
  explicit InputError(Problem problem) : InputError(std::vector<Problem>{std::move(problem)}) {}
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// The solver could not go on (non-convergence, NaN, temperature outside the laws). Exit status 3.
class SolverError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A file could not be read or written. Exit status 4.
class IoError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The user interrupted the run. Exit status 130.
class Interrupted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace thermodose
