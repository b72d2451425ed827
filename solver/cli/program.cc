// Implements: cli/program.h.
#include "cli/program.h"

#include <new>
#include <string>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/commands.h"

namespace thermodose::cli {
namespace {

enum Status { done = 0, bad_input = 2, solver = 3, input_output = 4, bug = 70, interrupted = 130 };

// What an exception says, in one line.
std::string one_line(const std::string& text) {
  std::string line = text;
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return line;
}

int say(std::FILE* stream, const std::string& text, Status status) {
  std::fprintf(stream, "%s\n", one_line(text).c_str());
  return status;
}

int execute_arguments(int argc, const char* const* argv) {
  const Parsed parsed = parse(argc, argv);
  if (parsed.arguments) {
    execute(*parsed.arguments);
    return done;
  }
  std::FILE* stream = parsed.status == done ? stdout : stderr;
  if (std::fputs(parsed.text.c_str(), stream) < 0 || std::fflush(stream) != 0)
    throw IoError("cannot write to standard output");
  return parsed.status;
}

}  // namespace

int report(const std::exception_ptr& exception, std::FILE* stream) {
  try {
    std::rethrow_exception(exception);
  } catch (const InputError& error) {
    for (const Problem& problem : error.problems()) say(stream, problem.text(), bad_input);
    return bad_input;
  } catch (const SolverError& error) {
    return say(stream, std::string("solver error: ") + error.what(), solver);
  } catch (const std::bad_alloc&) {
    return say(stream,
               "solver error: not enough memory; `thermodose check` tells how much a case needs",
               solver);
  } catch (const IoError& error) {
    return say(stream, std::string("input/output error: ") + error.what(), input_output);
  } catch (const Interrupted& error) {
    return say(stream, std::string("interrupted: ") + error.what(), interrupted);
  } catch (const std::exception& error) {
    return say(stream, std::string("internal error, please report it: ") + error.what(), bug);
  } catch (...) {
    return say(stream, "internal error, please report it: an exception of unknown type", bug);
  }
}

int run_program(int argc, const char* const* argv) {
  try {
    return execute_arguments(argc, argv);
  } catch (...) {
    return report(std::current_exception(), stderr);
  }
}

}  // namespace thermodose::cli
