// What this program is and where its data live.
// Implements: provenance (version, git hash, library versions) and the search for the
// directories `materials`, `cases`, `docs` that travel with the program.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace thermodose {

/// "0.1.0", from the file VERSION.
std::string version();
/// Abbreviated commit of the sources at build time, "+" appended when tracked files differed from
/// it; "unknown" outside a git checkout.
std::string git_hash();
/// Compiler and build type, e.g. "GNU 12.2.0, Release".
std::string build_description();
/// (name, version) of every library linked.
std::vector<std::pair<std::string, std::string>> library_versions();

/// The directory that holds `materials`, `cases` and `docs`: the environment variable
/// THERMODOSE_HOME when set (it must hold `materials`); else PREFIX/share/thermodose of an
/// installed program; else the source tree the program was built from.
/// Throws IoError naming every place that was tried.
std::string home_directory();

}  // namespace thermodose
