// Implements: geometry/label_map.h.
#include "geometry/label_map.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <set>

#include "base/text.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kLargestFile = 1U << 20U;

/// Reads one map file.
class MapReader {
 public:
  MapReader(std::string path, std::vector<Problem>& problems)
      : path_(std::move(path)), problems_(problems) {}

  LabelMap read() {
    LabelMap map;
    try {
      const YAML::Node root = YAML::LoadFile(path_);
      if (!root.IsMap()) {
        complain(root, "", "expected a map with the key 'labels'");
        return map;
      }
      check_keys(root, "", {"title", "source", "labels"});
      const YAML::Node labels = root["labels"];
      if (!labels || !labels.IsMap() || labels.size() == 0) {
        complain(labels ? labels : root, "labels",
                 "missing; expected a map such as {5: {name: liver, tissue: liver}}");
        return map;
      }
      for (const auto& entry : labels) read_entry(entry.first, entry.second, map);
    } catch (const YAML::DeepRecursion& e) {
      problems_.push_back({path_, e.mark.line + 1, "",
                           "nested too deeply; expected a map such as {labels: {5: {name: liver, "
                           "tissue: liver}}}"});
    } catch (const YAML::BadFile&) {
      problems_.push_back({path_, 0, "", "the map cannot be opened"});
    } catch (const YAML::Exception& e) {
      problems_.push_back({path_, e.mark.line + 1, "", "not YAML: " + e.msg});
    }
    return map;
  }

 private:
  void complain(const YAML::Node& at, const std::string& key, const std::string& message) {
    const int line = at.IsDefined() ? at.Mark().line + 1 : 0;
    problems_.push_back({path_, std::max(line, 0), key, message});
  }

  void check_keys(const YAML::Node& map, const std::string& path,
                  const std::vector<std::string>& allowed) {
    for (const auto& entry : map) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      if (std::find(allowed.begin(), allowed.end(), key) != allowed.end()) continue;
      complain(
          entry.first, path + key,
          "unknown key; allowed here: " + text::list(allowed) + text::did_you_mean(key, allowed));
    }
  }

  /// A word of an entry; empty, and a problem, when it is missing or no name.
  std::string word(const YAML::Node& entry, const std::string& path, const std::string& key) {
    const YAML::Node value = entry[key];
    if (!value || !value.IsScalar()) {
      complain(entry, path + "." + key, "missing; expected a name");
      return {};
    }
    if (!is_part_name(value.Scalar())) {
      complain(value, path + "." + key,
               "found " + text::quoted(value.Scalar()) +
                   ", expected letters, digits, '_', '-', '+' and '.', at most 64 of them");
      return {};
    }
    return value.Scalar();
  }

  void read_entry(const YAML::Node& number, const YAML::Node& value, LabelMap& map) {
    const std::string written = number.IsScalar() ? number.Scalar() : "";
    const std::string path = "labels." + written;
    std::int64_t label = 0;
    if (!read_label(written, label) || label == 0) {
      complain(number, path,
               label == 0 && written == "0"
                   ? "label 0 is what no structure owns; its tissue is the key 'background' of the "
                     "case"
                   : "found " + text::quoted(written) + ", expected a whole number");
      return;
    }
    if (!value.IsMap()) {
      complain(value, path, "expected {name: ..., tissue: ...}");
      return;
    }
    check_keys(value, path + ".", {"name", "tissue"});
    const std::string name = word(value, path, "name"), tissue = word(value, path, "tissue");
    if (name.empty() || tissue.empty()) return;
    if (!names_.insert(name).second) {
      complain(value, path + ".name", "a second label is named " + text::quoted(name));
    }
    if (!map.labels.emplace(label, LabelEntry{name, tissue}).second) {
      complain(number, path, "the label appears twice");
    }
  }

  std::string path_;
  std::vector<Problem>& problems_;
  std::set<std::string> names_{kBackgroundPart};
};

std::vector<std::string> shipped_maps(const std::vector<std::string>& library) {
  std::set<std::string> names;
  for (const auto& folder : library) {
    std::error_code error;
    for (const auto& file : fs::directory_iterator(fs::path(folder) / "maps", error)) {
      if (file.path().extension() == ".yaml") names.insert(file.path().stem().string());
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace

std::vector<std::string> LabelMap::names() const {
  std::vector<std::string> out;
  out.reserve(labels.size());
  for (const auto& entry : labels) out.push_back(entry.second.name);
  return out;
}

const std::int64_t* LabelMap::find(const std::string& name) const {
  const auto found = std::find_if(labels.begin(), labels.end(),
                                  [&](const auto& entry) { return entry.second.name == name; });
  return found == labels.end() ? nullptr : &found->first;
}

LabelMap read_label_map(const std::string& path, std::vector<Problem>& problems) {
  std::error_code error;
  const auto bytes = fs::file_size(path, error);
  if (error || bytes > kLargestFile) {
    problems.push_back(
        {path, 0, "",
         error ? "the map cannot be read: " + error.message() : "the map is larger than 1 MiB"});
    return {};
  }
  return MapReader(path, problems).read();
}

std::string find_label_map(const std::string& map, const std::string& directory,
                           const std::vector<std::string>& library,
                           std::vector<Problem>& problems) {
  const bool is_path = map.find('/') != std::string::npos || fs::path(map).extension() == ".yaml" ||
                       fs::path(map).extension() == ".yml";
  std::error_code error;
  if (is_path) {
    const fs::path path = fs::absolute(fs::path(directory) / map).lexically_normal();
    if (fs::is_regular_file(path, error)) return path.string();
    problems.push_back({"", 0, "map", "there is no file " + path.string()});
    return {};
  }
  for (const auto& folder : library) {
    const fs::path path = fs::path(folder) / "maps" / (map + ".yaml");
    if (fs::is_regular_file(path, error)) return path.string();
  }
  const auto known = shipped_maps(library);
  problems.push_back({"", 0, "map",
                      "unknown map " + text::quoted(map) +
                          "; known: " + (known.empty() ? "none" : text::list(known)) +
                          "; a map of your own is a path such as ./labels.yaml" +
                          text::did_you_mean(map, known)});
  return {};
}

bool read_label(const std::string& text, std::int64_t& label) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, label);
  return error == std::errc() && stop == end;
}

bool is_part_name(const std::string& name) {
  constexpr std::size_t longest = 64;
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
           c == '+';
  };
  return !name.empty() && name.size() <= longest &&
         std::isalnum(static_cast<unsigned char>(name[0])) != 0 &&
         std::all_of(name.begin(), name.end(), plain);
}

}  // namespace thermodose
