// Implements: case/library.h.
#include "case/library.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/registry.h"
#include "base/text.h"
#include "case/tree_reader.h"

namespace thermodose {

const LibraryKind& material_library() {
  static const LibraryKind kind{"materials", "tissue", "material", "tissue", ""};
  return kind;
}

const LibraryKind& device_library() {
  static const LibraryKind kind{"devices", "device", "device", "cryoprobe", "probes"};
  return kind;
}

const std::vector<std::string>& library_keys() {
  static const std::vector<std::string> keys{"kind", "from", "title", "notes"};
  return keys;
}

std::vector<std::string> library_folders(const LibraryKind& kind,
                                         const std::vector<std::string>& directories) {
  std::vector<std::string> out;
  out.reserve(directories.size());
  for (const auto& directory : directories) {
    out.push_back((std::filesystem::path(directory) / kind.folder).string());
  }
  return out;
}

std::string library_file(const std::vector<std::string>& folders, const std::string& name) {
  // A name is one path component; anything else is refused where it was written.
  if (name.find('/') != std::string::npos || name.find('\0') != std::string::npos) return "";
  for (const auto& folder : folders) {
    std::string path = (std::filesystem::path(folder) / (name + ".yaml")).string();
    if (is_file(path)) return path;
  }
  return "";
}

std::vector<std::string> library_names(const std::vector<std::string>& folders) {
  std::set<std::string> names;
  for (const auto& folder : folders) {
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
      if (file.path().extension() == ".yaml") names.insert(file.path().stem().string());
    }
  }
  return {names.begin(), names.end()};
}

namespace {

/// "a -> b -> a" from entries of the section (their names) and library files (their paths).
std::string chain_text(std::vector<std::string> chain, const std::string& last) {
  chain.push_back(last);
  for (auto& id : chain) {
    if (id.find('/') != std::string::npos) id = std::filesystem::path(id).stem().string();
  }
  return text::join(chain, " -> ");
}

/// `{linear: {...}}`: a law with keys.
bool is_law(const Node& node) {
  return node.is_map() && node.entries.size() == 1 && node.entries.front().value.is_map();
}

/// `~`: takes away what `from` brought.
bool is_removal(const Node& node) { return node.kind == Node::Kind::nothing && node.text == "~"; }

}  // namespace

Library::Library(const LibraryKind& kind, const Node* section, std::vector<std::string> folders,
                 Problems& problems)
    : kind_(kind),
      section_(section != nullptr && section->is_map() ? section : nullptr),
      folders_(std::move(folders)),
      problems_(problems) {}

bool Library::in_section(const std::string& name) const {
  return section_ != nullptr && section_->find(name) != nullptr;
}

std::string Library::file_of(const std::string& name) const { return library_file(folders_, name); }

std::vector<std::string> Library::names() const {
  const auto files = library_names(folders_);
  std::set<std::string> all(files.begin(), files.end());
  if (section_ != nullptr) {
    for (const auto& entry : section_->entries) all.insert(entry.key);
  }
  return {all.begin(), all.end()};
}

std::string Library::advice(const std::string& name) const {
  const std::string near = text::did_you_mean(name, names());
  return near.empty() ? "; 'thermodose list " + kind_.section + "' names what there is" : near;
}

const Node* Library::file_tree(const std::string& name) {
  const auto found = files_.find(name);
  if (found != files_.end()) return found->second.get();
  const std::string path = file_of(name);
  auto tree = parse_yaml(read_file(path), path, problems_);
  if (tree && !tree->is_map()) {
    problems_.add({std::make_shared<const std::string>(path), 1}, "",
                  "found " + what(*tree) + ", expected a map of keys");
    tree.reset();
  }
  return files_.emplace(name, std::move(tree)).first->second.get();
}

std::optional<Library::Merged> Library::overlay(const Node& own, const std::string& origin,
                                                const std::string& name, bool allow_section,
                                                const std::vector<std::string>& chain) {
  const Node* from = own.find("from");
  if (from == nullptr) return Merged{own, origin, {}};
  const std::string key = child_path(child_path(kind_.section, name), "from");
  if (!from->is_scalar()) {
    problems_.add(from->place, key, "found " + what(*from) + ", expected a name");
    return std::nullopt;
  }
  // An entry that starts from its own name means the library's entry.
  const bool section = allow_section && from->text != name && in_section(from->text);
  if (!section && file_of(from->text).empty()) {
    problems_.add(from->place, key,
                  "unknown " + kind_.noun + " " + text::quoted(from->text) + advice(from->text));
    return std::nullopt;
  }
  const std::string id = section ? from->text : file_of(from->text);
  if (std::find(chain.begin(), chain.end(), id) != chain.end()) {
    problems_.add(from->place, key, "'from' goes round in a circle: " + chain_text(chain, id));
    return std::nullopt;
  }
  auto merged = resolve(from->text, section, chain);
  if (!merged) return std::nullopt;
  lay_over(merged->map, own, "", *merged);
  merged->map.place = own.place;
  if (origin != merged->origin) merged->origin += " + " + origin;
  return merged;
}

void Library::lay_over(Node& base, const Node& own, const std::string& path, Merged& merged) {
  for (const auto& entry : own.entries) {
    auto& entries = base.entries;
    const auto old = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& e) { return e.key == entry.key; });
    if (old == entries.end()) {
      entries.push_back(entry);
    } else if (is_removal(entry.value)) {
      entries.erase(old);
    } else if (is_law(old->value) && is_law(entry.value) &&
               old->value.entries.front().key == entry.value.entries.front().key) {
      Node& law = old->value.entries.front().value;
      const Node& changes = entry.value.entries.front().value;
      const std::string at =
          child_path(child_path(path, entry.key), entry.value.entries.front().key);
      auto& kept = merged.kept[at];
      kept.clear();
      for (const auto& e : law.entries) {
        if (changes.find(e.key) == nullptr) kept.push_back(e.key);
      }
      lay_over(law, changes, at, merged);
      old->value.place = entry.value.place;
      law.place = changes.place;
    } else {
      *old = entry;
    }
  }
}

std::optional<Library::Merged> Library::resolve(const std::string& name, bool allow_section,
                                                std::vector<std::string> chain) {
  const bool section = allow_section && in_section(name);
  const std::string id = section ? name : file_of(name);
  chain.push_back(id);
  if (section) {
    const Node& own = *section_->find(name);
    reached_.insert(name);
    if (!own.is_map()) return std::nullopt;  // told when the section was read
    return overlay(own, own.place.line > 0 ? "case" : "--set", name, true, chain);
  }
  const Node* tree = file_tree(name);
  if (tree == nullptr) return std::nullopt;
  const std::string origin = "library: " + std::filesystem::path(id).filename().string();
  return overlay(*tree, origin, name, false, chain);
}

NamedConfigurable Library::read(const std::string& name, const Merged& merged) {
  const std::string path = child_path(kind_.section, name);
  std::string kind = kind_.default_kind;
  for (const auto& own : library_keys()) {
    const Node* node = merged.map.find(own);
    if (node == nullptr) continue;
    if (!node->is_scalar()) {
      problems_.add(node->place, child_path(path, own), "found " + what(*node) + ", expected text");
      return {name, merged.origin, nullptr, kind};
    }
    if (own == "kind") kind = node->text;
  }
  const RegistryEntry* entry = registry::find(kind_.registry, kind);
  if (entry == nullptr) {
    std::vector<std::string> known;
    for (const RegistryEntry* e : registry::entries(kind_.registry)) known.push_back(e->name);
    const Node* node = merged.map.find("kind");
    problems_.add(node == nullptr ? merged.map.place : node->place, child_path(path, "kind"),
                  "unknown kind of " + kind_.noun + " " + text::quoted(kind) +
                      "; known: " + text::list(known) + text::did_you_mean(kind, known));
    return {name, merged.origin, nullptr, kind};
  }
  auto object = entry->make();
  if (in_section(name) && merged.origin.find("library") == std::string::npos &&
      !file_of(name).empty()) {
    problems_.set_note(path, Problems::About::missing,
                       " ('from: " + name + "' takes over what the library has)");
  }
  for (const auto& [law, keys] : merged.kept) {
    if (keys.empty()) continue;
    problems_.set_note(child_path(path, law), Problems::About::several,
                       " ('from' took over " + text::list(keys) + "; 'KEY: ~' takes one away)");
  }
  if (!read_configurable(merged.map, path, problems_, library_keys(), *object))
    return {name, merged.origin, nullptr, kind};
  return {name, merged.origin, std::move(object), kind};
}

void Library::use(const std::string& name, const std::string& path) {
  const auto known = std::find_if(used_.begin(), used_.end(),
                                  [&](const NamedConfigurable& u) { return u.name == name; });
  if (known != used_.end()) return;
  if (!in_section(name) && file_of(name).empty()) {
    problems_.add_at(path, "unknown " + kind_.noun + " " + text::quoted(name) +
                               ": it is neither in '" + kind_.section + ":' nor in the library" +
                               advice(name));
    return;
  }
  const auto merged = resolve(name, true, {});
  used_.push_back(merged ? read(name, *merged) : NamedConfigurable{name, "", nullptr, ""});
}

void Library::check_unused() {
  if (section_ == nullptr) return;
  for (const auto& entry : section_->entries) {
    const auto known = std::find_if(used_.begin(), used_.end(), [&](const NamedConfigurable& u) {
      return u.name == entry.key;
    });
    if (known != used_.end()) continue;
    if (const auto merged = resolve(entry.key, true, {})) read(entry.key, *merged);
  }
}

}  // namespace thermodose
