// Implements: case/case_reader.h, the reading.
#include "case/case_reader.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/log.h"
#include "base/text.h"
#include "case/case_draft.h"
#include "case/library.h"
#include "case/overrides.h"
#include "case/tree_reader.h"

namespace thermodose {

namespace {

/// Folders of a library: `materials/` beside the case, then the given directories.
std::vector<std::string> folders_of(const LibraryKind& kind, const std::string& case_file,
                                    const ReadOptions& options) {
  std::vector<std::string> directories;
  directories.push_back((std::filesystem::path(case_file).parent_path() / "materials").string());
  directories.insert(directories.end(), options.library.begin(), options.library.end());
  return library_folders(kind, directories);
}

/// Reads what the case uses of a library, and the entries of its section that it does not.
std::vector<NamedConfigurable> read_library(
    const LibraryKind& kind, const Node& root, const std::string& file, const ReadOptions& options,
    const std::vector<std::pair<std::string, std::string>>& uses, Problems& problems) {
  Library library(kind, root.find(kind.section), folders_of(kind, file, options), problems);
  for (const auto& [name, path] : uses) {
    if (!name.empty()) library.use(name, path);
  }
  library.check_unused();
  return library.used();
}

void read_libraries(const Node& root, const std::string& file, const ReadOptions& options,
                    CaseDraft& draft, Problems& problems) {
  std::vector<std::pair<std::string, std::string>> tissues{{draft.tissue, "tissue"}}, devices;
  for (std::size_t i = 0; i < draft.regions.size(); ++i) {
    tissues.emplace_back(draft.regions[i].tissue,
                         child_path(child_path("regions", i), std::string("tissue")));
  }
  for (std::size_t i = 0; i < draft.probes.size(); ++i) {
    devices.emplace_back(draft.probes[i].device,
                         child_path(child_path("probes", draft.probe_names[i]), "device"));
  }
  draft.materials = read_library(material_library(), root, file, options, tissues, problems);
  draft.devices = read_library(device_library(), root, file, options, devices, problems);
}

/// What is allowed but seldom meant.
void warn(const CaseDraft& draft) {
  double end = 0;
  std::set<std::string> driven;
  for (const auto& group : draft.protocol) {
    end = std::max(end, end_of(group));
    driven.insert(group.probes.begin(), group.probes.end());
  }
  for (const auto& name : draft.probe_names) {
    if (driven.count("all") == 0 && driven.count(name) == 0) {
      log::warning("probe '" + name + "' is in no group of the protocol: it stays off");
    }
  }
  if (draft.duration && *draft.duration < end) {
    log::warning("duration cuts the protocol: " + text::number(*draft.duration) + " of " +
                 text::number(end) + " s");
  }
}

void read_default_dose(CaseDraft& draft, Problems& problems) {
  const auto node = parse_yaml(kDefaultDose, "default dose", problems);
  draft.dose_names.assign(node->items.size(), "");
  draft.dose.assign(node->items.size(), nullptr);
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const Spot at{&problems, child_path("dose", i), node->items[i].place};
    read_plugin(node->items[i], "dose", at, draft.dose_names[i], draft.dose[i]);
  }
}

}  // namespace

CaseSpec read_case_text(const std::string& text, const std::string& name,
                        const ReadOptions& options) {
  Problems problems;
  const auto root = parse_yaml(text, name, problems);
  if (!root || !root->is_map()) {
    const Place start{std::make_shared<const std::string>(name), 1};
    if (problems.empty()) {
      problems.add(start, "",
                   !root || root->kind == Node::Kind::nothing
                       ? "the file is empty, expected a case"
                       : "found " + what(*root) + ", expected a case: a map of keys");
    }
    problems.raise();
  }
  for (const auto& [key, value] : options.overrides) {
    apply_override(*root, key, value, problems);
  }
  CaseDraft draft;
  TreeReader reader(*root, "", problems);
  problems.locate("", root->place);
  keys(reader, draft);
  reader.finish();
  if (root->find("dose") == nullptr) read_default_dose(draft, problems);
  read_libraries(*root, name, options, draft, problems);
  check_draft(draft, problems);
  problems.raise();
  warn(draft);
  CaseSpec spec = spec_of(draft);
  spec.file = name;
  return spec;
}

CaseSpec read_case(const std::string& path, const ReadOptions& options) {
  return read_case_text(read_file(path), path, options);
}

}  // namespace thermodose
