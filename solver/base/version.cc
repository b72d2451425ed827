// Implements: base/version.h. The git hash is in a file of its own that the build writes anew
// whenever it changes (scripts/git_hash.cmake).
#include "base/version.h"

#include <fmt/format.h>
#include <spdlog/version.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.h"

namespace thermodose {

extern const char* const kGitHash;  // generated

std::string version() { return THERMODOSE_VERSION; }
std::string git_hash() { return kGitHash; }
std::string build_description() { return THERMODOSE_BUILD; }

std::vector<std::pair<std::string, std::string>> library_versions() {
  std::vector<std::pair<std::string, std::string>> list;
  list.emplace_back("fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
                                       FMT_VERSION % 100));
  list.emplace_back("spdlog",
                    fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH));
  // name=version;name=version, as CMake found them
  const std::string found = THERMODOSE_LIBRARIES;
  for (std::size_t at = 0; at < found.size();) {
    const std::size_t end = std::min(found.find(',', at), found.size());
    const std::string item = found.substr(at, end - at);
    const std::size_t equal = item.find('=');
    if (equal != std::string::npos)
      list.emplace_back(item.substr(0, equal), item.substr(equal + 1));
    at = end + 1;
  }
  return list;
}

std::string home_directory() {
  namespace fs = std::filesystem;
  const auto holds_data = [](const fs::path& p) {
    std::error_code ignored;
    return fs::is_directory(p / "materials", ignored);
  };
  // getenv: nothing in this program changes the environment.
  if (const char* home = std::getenv("THERMODOSE_HOME"); home != nullptr && *home != '\0') {
    if (holds_data(home)) return home;
    throw IoError(fmt::format("THERMODOSE_HOME={} has no directory 'materials'", home));
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path installed = (program / "../share/thermodose").lexically_normal();
  const fs::path source = THERMODOSE_SOURCE_DIR;
  const fs::path places[] = {installed, source, program.parent_path()};
  for (const fs::path& place : places) {
    if (holds_data(place)) return place.string();
  }
  throw IoError(fmt::format(
      "the material library was not found in {}, {} or {}; set THERMODOSE_HOME to the directory "
      "that holds 'materials'",
      places[0].string(), places[1].string(), places[2].string()));
}

}  // namespace thermodose
