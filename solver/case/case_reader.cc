// Implements: case/case_reader.h, the reading.
#include "case/case_reader.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

#include "base/log.h"
#include "base/reads_files.h"
#include "base/registry.h"
#include "base/text.h"
#include "base/tissue_source.h"
#include "case/case_draft.h"
#include "case/key_table.h"
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

/// The case as a tree, and the entries of libraries that were overridden, with their places.
struct Source {
  std::unique_ptr<Node> root;
  std::string file;
  std::vector<std::pair<LibraryEntry, Place>> overridden;
};

/// Throws InputError when there is no case to be read.
Source parse_case(const std::string& text, const std::string& name, Problems& problems) {
  Source source{parse_yaml(text, name, problems), name, {}};
  const auto& root = source.root;
  if (root && root->is_map()) return source;
  const Place start{std::make_shared<const std::string>(name), 1};
  if (problems.empty()) {
    problems.add(start, "",
                 !root || root->kind == Node::Kind::nothing
                     ? "the file is empty, expected a case"
                     : "found " + what(*root) + ", expected a case: a map of keys");
  }
  problems.raise();
  return source;
}

void apply_overrides(Source& source, const ReadOptions& options, Problems& problems) {
  std::vector<LibrarySection> libraries;
  for (const LibraryKind* kind : {&material_library(), &device_library()}) {
    libraries.push_back(
        {kind->section, kind->noun, library_names(folders_of(*kind, source.file, options))});
  }
  for (const auto& [key, value] : options.overrides) {
    const auto entry = apply_override(*source.root, key, value, libraries, problems);
    const Place place{std::make_shared<const std::string>("--set " + key), 0};
    if (entry) source.overridden.emplace_back(*entry, place);
  }
}

/// An override of an entry that the case does not use would do nothing.
void check_overridden(const Source& source, const LibraryKind& kind, const Library& library,
                      Problems& problems) {
  for (const auto& [entry, place] : source.overridden) {
    if (entry.section != kind.section || library.reached(entry.name)) continue;
    std::vector<std::string> names;
    for (const auto& used : library.used()) names.push_back(used.name);
    problems.add(place, child_path(entry.section, entry.name),
                 names.empty() ? "has no effect: the case uses no " + kind.noun
                               : "has no effect: the case uses " + text::list(names));
  }
}

/// Reads what the case uses of a library, and the entries of its section that it does not.
std::vector<NamedConfigurable> read_library(
    const LibraryKind& kind, const Source& source, const ReadOptions& options,
    const std::vector<std::pair<std::string, std::string>>& uses, Problems& problems) {
  Library library(kind, source.root->find(kind.section), folders_of(kind, source.file, options),
                  problems);
  for (const auto& [name, path] : uses) {
    if (!name.empty()) library.use(name, path);
  }
  check_overridden(source, kind, library, problems);
  library.check_unused();
  return library.used();
}

/// Lets an anatomy or a shape at `path` read its files.
void prepare(const Source& source, const ReadOptions& options, Configurable* object,
             const std::string& path, Problems& problems) {
  auto* reader = dynamic_cast<ReadsFiles*>(object);
  if (reader == nullptr || !problems.good(path)) return;
  try {
    reader->prepare({std::filesystem::path(source.file).parent_path().string(), options.library});
  } catch (const InputError& error) {
    for (const Problem& p : error.problems()) {
      if (p.file.empty()) {
        problems.add_at(p.key.empty() ? path : child_path(path, p.key), p.message);
      } else {  // in a file that the object names
        problems.add({std::make_shared<const std::string>(p.file), p.line}, p.key, p.message);
      }
    }
  }
}

/// Files are read at once: the parts of an anatomy say which tissues the case uses, and the checks
/// of the case ask a shape how far it reaches.
void prepare_all(const Source& source, const ReadOptions& options, const CaseDraft& draft,
                 Problems& problems) {
  if (problems.good("anatomy")) {
    prepare(source, options, draft.anatomy.get(), child_path("anatomy", draft.anatomy_name),
            problems);
  }
  if (problems.good("domain.mesh")) {
    prepare(source, options, draft.mesh.get(), child_path("domain.mesh", draft.mesh_name),
            problems);
  }
  for (std::size_t i = 0; i < draft.regions.size(); ++i) {
    const std::string path = child_path(child_path("regions", i), std::string("shape"));
    if (!problems.good(path)) continue;
    prepare(source, options, draft.regions[i].shape.get(),
            child_path(path, draft.regions[i].shape_name), problems);
  }
  const auto shape_of = [&](const char* section, const std::string& name, const StructureSpec& s) {
    const std::string path =
        child_path(child_path(child_path(section, name), "shape"), s.shape_name);
    if (s.shape != nullptr && problems.good(path))
      prepare(source, options, s.shape.get(), path, problems);
  };
  for (std::size_t i = 0; i < draft.targets.size(); ++i)
    shape_of("targets", draft.target_names[i], draft.targets[i].where);
  for (std::size_t i = 0; i < draft.protect.size(); ++i)
    shape_of("protect", draft.protect_names[i], draft.protect[i].where);
}

void read_libraries(const Source& source, const ReadOptions& options, CaseDraft& draft,
                    Problems& problems) {
  std::vector<std::pair<std::string, std::string>> tissues{{draft.tissue, "tissue"}}, devices;
  const auto* anatomy = dynamic_cast<const TissueSource*>(draft.anatomy.get());
  if (anatomy != nullptr && problems.good("anatomy"))
    for (const auto& tissue : anatomy->tissues()) tissues.emplace_back(tissue, "anatomy");
  const auto* mesh = dynamic_cast<const TissueSource*>(draft.mesh.get());
  if (mesh != nullptr && problems.good("domain.mesh"))
    for (const auto& tissue : mesh->tissues()) tissues.emplace_back(tissue, "domain.mesh");
  for (std::size_t i = 0; i < draft.regions.size(); ++i) {
    tissues.emplace_back(draft.regions[i].tissue,
                         child_path(child_path("regions", i), std::string("tissue")));
  }
  for (std::size_t i = 0; i < draft.probes.size(); ++i) {
    devices.emplace_back(draft.probes[i].device,
                         child_path(child_path("probes", draft.probe_names[i]), "device"));
  }
  draft.materials = read_library(material_library(), source, options, tissues, problems);
  draft.devices = read_library(device_library(), source, options, devices, problems);
}

/// Adds the keys of an entry of a library, down into its laws.
void add_entry_keys(const LibraryKind& kind, const RegistryEntry& entry,
                    std::vector<std::string>& paths) {
  const std::string parent = kind.section + ".<name>";
  for (const auto& row : entry_rows(kind.registry, entry.name)) {
    const std::string path = child_path(parent, row.path);
    paths.push_back(path);
    for (const RegistryEntry* law : registry::entries(row.type)) {
      for (const auto& inner : entry_rows(row.type, law->name)) {
        paths.push_back(child_path(child_path(path, law->name), inner.path));
      }
    }
  }
}

/// Paths of the keys of a case and of the entries of its libraries.
const std::vector<std::string>& known_key_paths() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> paths;
    for (const auto& row : case_rows()) paths.push_back(row.path);
    for (const LibraryKind* kind : {&material_library(), &device_library()}) {
      for (const RegistryEntry* entry : registry::entries(kind->registry)) {
        add_entry_keys(*kind, *entry, paths);
      }
    }
    return paths;
  }();
  return all;
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

/// Adds a list of dose models, as YAML.
void add_dose(const char* list, CaseDraft& draft, Problems& problems) {
  const auto node = parse_yaml(list, "default dose", problems);
  for (const Node& item : node->items) {
    const Spot at{&problems, child_path("dose", draft.dose.size()), item.place};
    draft.dose_names.emplace_back();
    draft.dose.emplace_back();
    read_plugin(item, "dose", at, draft.dose_names.back(), draft.dose.back());
  }
}

/// Plans are judged by extreme temperatures, and where probes freeze by -40 degC unless the case
/// says otherwise (Gage and Baust 1998, Cryobiology 37:171: cells of tumours die there for
/// certain).
void complete_evaluation(CaseDraft& draft, Problems& problems) {
  if (draft.targets.empty() && draft.protect.empty()) return;
  const auto& names = draft.dose_names;
  if (problems.good("dose") &&
      std::find(names.begin(), names.end(), "temperature_extremes") == names.end()) {
    add_dose("[temperature_extremes]", draft, problems);
  }
  const bool freezes =
      std::any_of(draft.protocol.begin(), draft.protocol.end(), [](const GroupDraft& group) {
        return std::any_of(group.steps.begin(), group.steps.end(),
                           [](const StepDraft& step) { return step.freeze.has_value(); });
      });
  for (std::size_t i = 0; freezes && i < draft.targets.size(); ++i) {
    const std::string path = child_path("targets", draft.target_names[i]);
    auto& criteria = draft.targets[i].criteria;
    if (!criteria.empty() || !problems.good(child_path(path, "criteria"))) continue;
    criteria.emplace_back();
    criteria.back().below = kZeroCelsius - 40;
  }
}

}  // namespace

CaseSpec read_case_text(const std::string& text, const std::string& name,
                        const ReadOptions& options) {
  Problems problems;
  problems.set_known_keys(known_key_paths());
  Source source = parse_case(text, name, problems);
  const Node& root = *source.root;
  apply_overrides(source, options, problems);
  CaseDraft draft;
  TreeReader reader(root, "", problems);
  problems.locate("", root.place);
  keys(reader, draft);
  reader.finish();
  if (root.find("dose") == nullptr) add_dose(kDefaultDose, draft, problems);
  complete_evaluation(draft, problems);
  prepare_all(source, options, draft, problems);
  read_libraries(source, options, draft, problems);
  check_draft(draft, problems);
  problems.raise();
  warn(draft);
  CaseSpec spec = spec_of(draft);
  spec.file = name;
  spec.places = problems.places();
  return spec;
}

InputError located(const InputError& error, const CaseSpec& spec) {
  std::vector<Problem> problems = error.problems();
  for (auto& problem : problems) {
    if (problem.line > 0 || problem.key.empty()) continue;
    const Place place = nearest_place(spec.places, problem.key);
    if (!place.file) continue;
    problem.file = *place.file;
    problem.line = place.line;
  }
  return InputError(std::move(problems));
}

CaseSpec read_case(const std::string& path, const ReadOptions& options) {
  return read_case_text(read_file(path), path, options);
}

}  // namespace thermodose
