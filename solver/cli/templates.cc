// Implements: cli/templates.h.
#include "cli/templates.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"

namespace thermodose::cli {
namespace {

namespace fs = std::filesystem;
constexpr const char* kCaseFile = "case.yaml";

fs::path cases_directory() { return fs::path(home_directory()) / "cases"; }

std::string first_comment(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line)) {
    const std::size_t begin = line.find_first_not_of("# \t");
    if (line.empty() || line[0] != '#') return "";
    if (begin != std::string::npos) return line.substr(begin);
  }
  return "";
}

/// The header of a shipped case says how to run it among the shipped ones.
void adapt_header(const fs::path& file, const std::string& template_name) {
  std::ifstream in(file);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::string line = "# Run: thermodose run cases/" + template_name + "/" + kCaseFile;
  const std::size_t at = text.find(line);
  if (at == std::string::npos) return;
  text.replace(at, line.size(),
               std::string("# Run, in this directory: thermodose run ") + kCaseFile);
  in.close();
  std::ofstream out(file);
  out << text;
  out.close();
  if (!out) throw fs::filesystem_error("", std::make_error_code(std::errc::io_error));
}

/// An installed case may be read-only; a copy is there to be changed.
void make_writable(const fs::path& directory) {
  constexpr auto add = fs::perm_options::add;
  fs::permissions(directory, fs::perms::owner_write, add);
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    fs::permissions(entry.path(), fs::perms::owner_write, add);
  }
}

void copy_whole(const fs::path& from, const fs::path& to) {
  const fs::path part = to.parent_path() / (to.filename().string() + ".part");
  std::error_code ignored;
  fs::remove_all(part, ignored);
  try {
    if (to.has_parent_path()) fs::create_directories(to.parent_path());
    fs::copy(from, part, fs::copy_options::recursive);
    make_writable(part);
    adapt_header(part / kCaseFile, from.filename().string());
    fs::rename(part, to);  // replaces an empty directory, nothing else
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(part, ignored);
    throw IoError(fmt::format("cannot write {}: {}", to.string(), error.code().message()));
  }
}

}  // namespace

std::vector<Template> templates() {
  std::vector<Template> found;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(cases_directory(), missing)) {
    const fs::path file = entry.path() / kCaseFile;
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) continue;
    found.push_back({entry.path().filename().string(), first_comment(file)});
  }
  std::sort(found.begin(), found.end(),
            [](const Template& a, const Template& b) { return a.name < b.name; });
  return found;
}

std::string create_case(const std::string& template_name, const std::string& directory) {
  std::vector<std::string> names;
  for (const Template& t : templates()) names.push_back(t.name);
  if (std::find(names.begin(), names.end(), template_name) == names.end()) {
    throw InputError(
        Problem{"new", 0, "TEMPLATE",
                fmt::format("{} is not a template{}; there are {}", text::quoted(template_name),
                            text::did_you_mean(template_name, names), text::list(names))});
  }
  fs::path to = fs::path(directory).lexically_normal();
  if (!to.has_filename()) to = to.parent_path();  // a trailing slash
  std::error_code error;
  if (fs::exists(fs::symlink_status(to, error)) &&
      !(fs::is_directory(to, error) && fs::is_empty(to, error) && !fs::is_symlink(to, error))) {
    throw InputError(Problem{"new", 0, "DIR",
                             fmt::format("{} exists and is not an empty directory; nothing was "
                                         "written",
                                         text::quoted(directory))});
  }
  copy_whole(cases_directory() / template_name, to);
  return (to / kCaseFile).string();
}

}  // namespace thermodose::cli
