// Implements: cli/label_maps.h.
#include "cli/label_maps.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/error.h"
#include "geometry/label_map.h"

namespace thermodose::cli {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> map_files(const std::vector<std::string>& library) {
  std::set<fs::path> files;
  for (const std::string& folder : library) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(fs::path(folder) / "maps", none))
      if (entry.path().extension() == ".yaml") files.insert(entry.path());
  }
  return {files.begin(), files.end()};
}

/// What stands behind `title:`.
std::string title_of(const fs::path& file) {
  std::ifstream in(file);
  const std::string key = "title: ";
  for (std::string line; std::getline(in, line);)
    if (line.rfind(key, 0) == 0) return line.substr(key.size());
  return "";
}

}  // namespace

std::string list_maps(const std::vector<std::string>& library) {
  std::string text;
  for (const fs::path& file : map_files(library))
    text += fmt::format("  {:<27} {}\n", file.stem().string(), title_of(file));
  return text;
}

std::optional<std::string> describe_map(const std::string& name,
                                        const std::vector<std::string>& library) {
  const auto files = map_files(library);
  const auto file = std::find_if(files.begin(), files.end(),
                                 [&](const fs::path& f) { return f.stem().string() == name; });
  if (file == files.end()) return std::nullopt;
  std::vector<Problem> problems;
  const LabelMap map = read_label_map(file->string(), problems);
  if (!problems.empty()) throw InputError(std::move(problems));
  std::string text = fmt::format(
      "{}: {}\n{} labels: number, name (what overrides, targets and protect call it), "
      "tissue\n",
      name, title_of(*file), map.labels.size());
  for (const auto& [label, entry] : map.labels)
    text += fmt::format("  {:>5}  {:<34} {}\n", label, entry.name, entry.tissue);
  return text;
}

}  // namespace thermodose::cli
