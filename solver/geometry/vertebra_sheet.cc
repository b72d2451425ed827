#include "geometry/vertebra_sheet.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "base/units.h"

namespace thermodose {

namespace {

constexpr const char* kForm = "{value: 41.2 mm, source: \"...\"}";

int line_of(const YAML::Node& node) { return std::max(0, node.Mark().line + 1); }

/// The text of entry[key]; "" when there is none.
std::string word(const YAML::Node& entry, const std::string& key) {
  if (!entry.IsMap()) return "";
  const YAML::Node value = entry[key];
  return value && value.IsScalar() ? value.Scalar() : "";
}

}  // namespace

DataSheet::DataSheet(std::string path) : path_(std::move(path)) {
  try {
    read();
  } catch (const YAML::BadFile&) {
    throw IoError(path_ + ": cannot be read");
  } catch (const YAML::Exception& e) {
    throw InputError(Problem{path_, e.mark.line + 1, "", "not YAML: " + e.msg});
  }
}

void DataSheet::read() {
  const YAML::Node root = YAML::LoadFile(path_);
  if (!root.IsMap())
    add(0, "", "found no sections, expected section: {quantity: " + std::string(kForm) + "}");
  for (const auto& block : root) {
    const std::string name = block.first.Scalar();
    const auto [section, fresh] = sections_.emplace(name, Section{{}, line_of(block.first)});
    if (!fresh) add(line_of(block.first), name, "found a second time, expected once");
    for (const auto& item : block.second) {
      Entry entry{word(item.second, "value"), word(item.second, "source"), line_of(item.first)};
      const std::string quantity = item.first.Scalar(), key = text::join({name, quantity}, ".");
      if (entry.text.empty() || entry.source.empty() || item.second.size() != 2) {
        add(entry.line, key, std::string("expected ") + kForm);
        entry.text.clear();  // told once, not again when it is used
      }
      if (!section->second.entries.emplace(quantity, entry).second) {
        add(entry.line, key, "found a second time, expected once");
      }
    }
  }
}

const DataSheet::Entry* DataSheet::find(const std::string& section,
                                        const std::string& quantity) const {
  const auto s = sections_.find(section);
  if (s == sections_.end()) return nullptr;
  const auto q = s->second.entries.find(quantity);
  return q == s->second.entries.end() ? nullptr : &q->second;
}

bool DataSheet::has(const std::string& section, const std::string& quantity) const {
  return find(section, quantity) != nullptr;
}

std::string DataSheet::source(const std::string& section, const std::string& quantity) const {
  const Entry* entry = find(section, quantity);
  return entry == nullptr ? "" : entry->source;
}

double DataSheet::value(const std::string& section, const std::string& quantity,
                        const std::string& unit) {
  const Entry* entry = find(section, quantity);
  const std::string key = section + "." + quantity;
  if (entry == nullptr) {
    add(0, key,
        "not found, expected " + std::string(kForm) + " in " + (unit == "1" ? "no unit" : unit));
    return 0;
  }
  if (entry->text.empty()) return 0;
  try {
    const double si = units::to_si(entry->text, units::parse_unit(unit));
    if (si >= 0) return si;
    add(entry->line, key, "found " + text::quoted(entry->text) + ", expected 0 or more");
  } catch (const units::UnitError& e) {
    add(entry->line, key, e.what());
  }
  return 0;
}

void DataSheet::add(int line, const std::string& key, const std::string& message) {
  problems_.push_back({path_, line, key, message});
}

void DataSheet::finish(const std::vector<std::string>& sections,
                       const std::vector<std::string>& quantities) const {
  std::vector<Problem> all = problems_;
  const auto check = [&](const std::string& name, const std::vector<std::string>& known, int line,
                         const std::string& key) {
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    all.push_back({path_, line, key,
                   "unknown; allowed are " + text::list(known) + text::did_you_mean(name, known)});
  };
  for (const auto& [name, section] : sections_) {
    check(name, sections, section.line, name);
    for (const auto& [quantity, entry] : section.entries) {
      check(quantity, quantities, entry.line, text::join({name, quantity}, "."));
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Problem& a, const Problem& b) { return a.line < b.line; });
  if (!all.empty()) throw InputError(all);
}

std::string shipped_file(const std::vector<std::string>& folders, const std::string& name) {
  for (const auto& folder : folders) {
    const std::filesystem::path base(folder);
    for (const auto& path : {base / name, base / "meshes" / name, base / ".." / "meshes" / name}) {
      std::error_code failed;
      if (std::filesystem::is_regular_file(path, failed)) return path.string();
    }
  }
  throw InputError(
      Problem{"", 0, "anatomy",
              "the shipped file " + text::quoted(name) + " was not found in " +
                  (folders.empty() ? "any folder (none is known)" : text::list(folders, "or"))});
}

}  // namespace thermodose
