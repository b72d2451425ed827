// Implements: describe and list of case/case_reader.h.
#include <algorithm>
#include <string>
#include <vector>

#include "base/registry.h"
#include "base/text.h"
#include "case/case_reader.h"
#include "case/key_table.h"
#include "case/library.h"
#include "case/problems.h"
#include "case/tree.h"

namespace thermodose {

namespace {

constexpr std::size_t kWidth = 96;

/// Words of `raw` in lines of at most kWidth characters, each indented.
std::string wrapped(const std::string& raw, const std::string& indent) {
  std::string out, line;
  for (const auto& word : text::words(raw)) {
    if (!line.empty() && indent.size() + line.size() + word.size() + 1 > kWidth) {
      out += indent + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return line.empty() ? out : out + indent + line + "\n";
}

std::string row_text(const KeyRow& row) {
  std::vector<std::string> facts{row.type};
  if (!row.unit.empty()) facts.push_back("unit " + row.unit);
  if (!row.range.empty()) facts.push_back(row.range);
  const bool word = row.fallback == "required" || row.fallback == "optional";
  facts.push_back(word ? row.fallback : "default " + row.fallback);
  std::string out = row.path + "   (" + text::join(facts, "; ") + ")\n" + wrapped(row.help, "    ");
  if (!row.source.empty()) out += wrapped("Source: " + row.source, "    ");
  return out;
}

std::string rows_text(const std::vector<KeyRow>& rows) {
  std::string out;
  for (const auto& row : rows) out += row_text(row);
  return rows.empty() ? "No keys.\n" : out;
}

std::string entry_text(const std::string& registry, const RegistryEntry& entry) {
  return registry + ": " + entry.name + "\n" + wrapped(entry.summary, "  ") + "\n" +
         rows_text(entry_rows(registry, entry.name));
}

bool is_at_or_below(const std::string& path, const std::string& topic) {
  return path == topic ||
         (path.size() > topic.size() && path.compare(0, topic.size(), topic) == 0 &&
          (path[topic.size()] == '.' || path[topic.size()] == '['));
}

/// One value of a library file with its spread and source, and the values below it.
std::string value_text(const std::string& key, const Node& node, const std::string& indent) {
  if (node.is_scalar()) return wrapped(key + ": " + node.text, indent);
  std::string out;
  if (node.is_list()) {
    out = indent + key + ":\n";
    for (const auto& item : node.items) out += value_text("-", item, indent + "  ");
    return out;
  }
  if (const Node* value = node.find("value")) {
    const Node* spread = node.find("spread");
    const Node* source = node.find("source");
    out = indent + key + ": " + value->text;
    if (spread != nullptr) out += " (spread " + spread->text + ")";
    out += "\n";
    if (source != nullptr) out += wrapped("[" + source->text + "]", indent + "    ");
    return out;
  }
  out = indent + key + ":\n";
  for (const auto& entry : node.entries) out += value_text(entry.key, entry.value, indent + "  ");
  return out;
}

std::string library_text(const std::string& file) {
  Problems problems;
  const auto tree = parse_yaml(read_file(file), file, problems);
  problems.raise();
  std::string out = file + "\n";
  if (!tree || !tree->is_map()) return out;
  for (const auto& entry : tree->entries) out += value_text(entry.key, entry.value, "  ");
  return out;
}

/// What a library file says of itself in one line.
std::string library_title(const std::string& file) {
  Problems problems;  // a broken file is told when it is used
  const auto tree = parse_yaml(read_file(file), file, problems);
  const Node* title = tree ? tree->find("title") : nullptr;
  return title == nullptr ? "" : title->text;
}

std::string line(const std::string& name, const std::string& what) {
  constexpr std::size_t column = 30;
  std::string out = "  " + name;
  if (!what.empty()) out += std::string(out.size() < column ? column - out.size() : 1, ' ') + what;
  return out + "\n";
}

/// First sentence of a summary.
std::string first_sentence(const std::string& summary) {
  const auto stop = summary.find(". ");
  return stop == std::string::npos ? summary : summary.substr(0, stop + 1);
}

std::string list_library(const LibraryKind& kind, const std::vector<std::string>& library) {
  const auto folders = library_folders(kind, library);
  std::string out;
  for (const auto& name : library_names(folders)) {
    out += line(name, library_title(library_file(folders, name)));
  }
  return out.empty() ? "  the library holds no " + kind.section + "\n" : out;
}

std::string list_registry(const std::string& registry) {
  std::string out;
  for (const RegistryEntry* entry : registry::entries(registry)) {
    out += line(entry->name, first_sentence(entry->summary));
  }
  return out;
}

[[noreturn]] void unknown_topic(const std::string& topic, std::vector<std::string> known,
                                const std::vector<std::string>& shown) {
  known.insert(known.end(), shown.begin(), shown.end());
  throw InputError(Problem{"", 0, "",
                           "unknown topic " + text::quoted(topic) + "; topics are " +
                               text::list(shown) + text::did_you_mean(topic, known)});
}

/// A registry by its name or its plural; "" when there is none.
std::string registry_of(const std::string& topic) {
  const auto registries = described_registries();
  for (const auto& name : registries) {
    if (topic == name || topic == name + "s") return name;
  }
  return "";
}

std::vector<std::string> listed_topics() {
  std::vector<std::string> topics{"keys", "materials", "devices"};
  for (const auto& name : described_registries()) {
    if (name != "material" && name != "device") topics.push_back(name);
  }
  return topics;
}

}  // namespace

std::string list(const std::string& topic, const std::vector<std::string>& library) {
  if (topic == "materials" || topic == "tissues") return list_library(material_library(), library);
  if (topic == "devices" || topic == "probes") return list_library(device_library(), library);
  if (topic == "keys" || topic == "case") {
    std::string out;
    for (const auto& row : case_rows()) out += line(row.path, row.unit);
    return out;
  }
  if (topic.empty()) {
    std::string out;
    for (const auto& t : listed_topics()) out += "  " + t + "\n";
    return out;
  }
  const std::string registry = registry_of(topic);
  if (registry.empty()) unknown_topic(topic, {"tissues", "probes", "case"}, listed_topics());
  return list_registry(registry);
}

std::string describe(const std::string& topic, const std::vector<std::string>& library) {
  if (topic == "case" || topic == "keys") return rows_text(case_rows());
  std::vector<std::string> known;
  std::vector<KeyRow> matching;
  for (const auto& row : case_rows()) {
    known.push_back(row.path);
    if (is_at_or_below(row.path, topic)) matching.push_back(row);
  }
  if (!matching.empty()) return rows_text(matching);
  std::string out;
  for (const auto& registry : described_registries()) {
    for (const RegistryEntry* entry : registry::entries(registry)) {
      known.push_back(entry->name);
      const bool named = topic == entry->name || topic == registry + "/" + entry->name;
      if (named) out += entry_text(registry, *entry) + "\n";
    }
  }
  if (!out.empty()) return out;
  if (const std::string registry = registry_of(topic); !registry.empty()) {
    for (const RegistryEntry* entry : registry::entries(registry)) {
      out += entry_text(registry, *entry) + "\n";
    }
    return out;
  }
  for (const LibraryKind* kind : {&material_library(), &device_library()}) {
    const auto folders = library_folders(*kind, library);
    const std::string file = library_file(folders, topic);
    if (!file.empty()) return library_text(file);
    for (const auto& name : library_names(folders)) known.push_back(name);
  }
  auto topics = listed_topics();
  topics.insert(topics.begin(), "case");
  unknown_topic(topic, known, topics);
}

}  // namespace thermodose
