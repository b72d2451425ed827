// What each command does.
// Implements: run, check, list, describe, new. Results go to standard output, progress and
// warnings to standard error; errors are exceptions (base/error.h).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.h"

namespace thermodose::cli {

/// Executes the command. Throws InputError, SolverError, IoError, Interrupted.
void execute(const Arguments& arguments);

/// Splits KEY=VALUE at the first '='. Throws InputError with every setting that has none.
std::vector<std::pair<std::string, std::string>> split_settings(
    const std::vector<std::string>& settings);

/// The case file meant by `path`: itself, or case.yaml in it when it is a directory.
std::string case_file(const std::string& path);

/// Where the results of a case go by default: results/NAME, NAME being the file's stem, or its
/// directory's name when the file is a case.yaml.
std::string default_directory(const std::string& case_file);

}  // namespace thermodose::cli
