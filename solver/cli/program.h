// The program.
// Implements: the commands and the exit status: 0 done, 2 bad input, 3 solver, 4 input/output,
// 130 interrupted, 70 a bug of ours.
#pragma once

#include <cstdio>
#include <exception>

namespace thermodose::cli {

/// Says what happened, one line per problem, and returns the exit status that belongs to it.
int report(const std::exception_ptr& exception, std::FILE* stream);

/// Everything main does. Never throws; results go to standard output, the rest to standard error.
int run_program(int argc, const char* const* argv);

}  // namespace thermodose::cli
