// The program.
// Implements: the commands and the exit status: 0 done, 2 bad input, 3 solver, 4 input/output,
// 130 interrupted, 70 a bug of ours.
#pragma once

namespace thermodose::cli {

/// Everything main does. Never throws; results go to standard output, the rest to standard error.
int run_program(int argc, const char* const* argv);

}  // namespace thermodose::cli
