// The command line.
// Implements: `thermodose COMMAND ...` as a plain struct; help and usage errors.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace thermodose::cli {

enum class Command { run, check, list, describe, create, write };

struct Arguments {
  Command command = Command::run;
  std::string case_file;              ///< run, check: a case file, or a directory with case.yaml
  std::string directory;              ///< run: results, empty = default; new: the directory to make
  std::vector<std::string> settings;  ///< run, check: KEY=VALUE
  int threads = 0;                    ///< run: 0 = the cores that are free
  bool quiet = false, verbose = false;
  bool echo = false;                                ///< check: the resolved case too
  std::string topic;                                ///< list, describe; empty = all topics
  std::string template_name;                        ///< new
  std::string spacing = "1 mm", format = "nii.gz";  ///< export
  bool surfaces = false;                            ///< export
  std::string command_line;                         ///< all words, quoted for a shell
};

/// What to do, or the text to print and the exit status when there is nothing to do: --help and
/// --version (status 0), a usage error (status 2).
struct Parsed {
  std::optional<Arguments> arguments;
  std::string text;
  int status = 0;
};

Parsed parse(int argc, const char* const* argv);

/// "thermodose 0.1.0 (commit ...)", the compiler and the libraries, several lines.
std::string version_text();

}  // namespace thermodose::cli
