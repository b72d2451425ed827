// Implements: describe and list of case/case_reader.h.
#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "base/registry.h"
#include "base/text.h"
#include "case/case_reader.h"
#include "case/key_table.h"
#include "case/library.h"
#include "case/problems.h"
#include "case/topics.h"
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

/// Where a key is, in words: the entries that hold it come before it.
std::string entry_keys_text(const std::string& key) {
  std::string out;
  for (const auto& registry : described_registries()) {
    for (const RegistryEntry* entry : registry::entries(registry)) {
      for (const auto& row : entry_rows(registry, entry->name)) {
        if (row.path == key) out += registry + " " + entry->name + ":\n" + row_text(row) + "\n";
      }
    }
  }
  return out;
}

bool ends_in(const std::string& path, const std::string& topic) {
  const std::string tail = "." + topic;
  return path.size() > tail.size() &&
         path.compare(path.size() - tail.size(), tail.size(), tail) == 0;
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
    for (const auto& item : node.items)
      out += item.is_scalar() ? wrapped("- " + item.text, indent + "  ")
                              : value_text("-", item, indent + "  ");
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

/// First sentence of a summary: up to a full stop behind a word and before a capital letter.
std::string first_sentence(const std::string& summary) {
  const auto is = [&](std::size_t at, int (*kind)(int)) {
    return kind(static_cast<unsigned char>(summary[at])) != 0;
  };
  for (std::size_t at = 1; at + 2 < summary.size(); ++at) {
    const bool stop = summary[at] == '.' && summary[at + 1] == ' ';
    if (stop && !is(at - 1, std::isspace) && is(at + 2, std::isupper)) {
      return summary.substr(0, at + 1);
    }
  }
  return summary;
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

/// What a topic holds, in a few words.
std::string contents(const std::string& topic) {
  switch (topic_kind(topic)) {
    case TopicKind::keys:
      return "what a case file can say";
    case TopicKind::materials:
      return "tissues and other materials of the library";
    case TopicKind::devices:
      return "probes of the library";
    case TopicKind::laws:
      return text::list(law_registries());
    case TopicKind::other:
      break;
  }
  std::vector<std::string> names;
  for (const RegistryEntry* entry : registry::entries(topic)) names.push_back(entry->name);
  return text::list(names);
}

[[noreturn]] void unknown_topic(const std::string& topic, std::vector<std::string> known,
                                const std::vector<std::string>& shown) {
  known.insert(known.end(), shown.begin(), shown.end());
  const bool several = topic.find(' ') != std::string::npos;
  const std::string near = text::did_you_mean(several ? topic_word(topic) : topic, known);
  throw InputError(
      Problem{"", 0, "",
              "unknown topic " + text::quoted(topic) + "; topics are " + text::list(shown) + near});
}

/// All that the case, the registries and the library say of a topic; "" when it is nothing.
/// `known`: what there is, for messages.
std::string described(const std::string& topic, const std::vector<std::string>& library,
                      std::vector<std::string>& known) {
  std::vector<KeyRow> matching, ending;
  for (const auto& row : case_rows()) {
    known.push_back(row.path);
    if (is_at_or_below(row.path, topic)) matching.push_back(row);
    if (ends_in(row.path, topic)) ending.push_back(row);
  }
  if (matching.empty()) matching = ending;
  std::string out = matching.empty() ? "" : rows_text(matching) + "\n";
  const auto named = registries_of(topic_word(topic));
  for (const auto& registry : described_registries()) {
    const bool whole = std::find(named.begin(), named.end(), registry) != named.end();
    for (const RegistryEntry* entry : registry::entries(registry)) {
      known.push_back(entry->name);
      const bool one = topic == entry->name || topic == registry + "/" + entry->name;
      if (whole || one) out += entry_text(registry, *entry) + "\n";
    }
  }
  out += entry_keys_text(topic);
  for (const LibraryKind* kind : {&material_library(), &device_library()}) {
    const auto folders = library_folders(*kind, library);
    const std::string file = library_file(folders, topic);
    if (!file.empty()) out += library_text(file);
    for (const auto& name : library_names(folders)) known.push_back(name);
  }
  return out;
}

}  // namespace

std::string list(const std::string& topic, const std::vector<std::string>& library,
                 const std::vector<std::string>& others) {
  std::string out;
  if (topic.empty()) {
    for (const auto& t : listed_topics()) out += line(t, contents(t));
    return out;
  }
  const std::string word = topic_word(topic);
  switch (topic_kind(word)) {
    case TopicKind::materials:
      return list_library(material_library(), library);
    case TopicKind::devices:
      return list_library(device_library(), library);
    case TopicKind::keys:
      for (const auto& row : case_rows()) out += line(row.path, row.unit);
      return out;
    case TopicKind::laws:
      for (const auto& law : law_registries()) out += law + ":\n" + list_registry(law);
      return out;
    case TopicKind::other:
      break;
  }
  const auto registries = registries_of(word);
  if (registries.empty()) {
    auto shown = listed_topics();
    shown.insert(shown.end(), others.begin(), others.end());
    unknown_topic(topic, topic_words(), shown);
  }
  return list_registry(registries.front());
}

std::string describe(const std::string& topic, const std::vector<std::string>& library) {
  if (topic == "case" || topic == "keys") return rows_text(case_rows());
  std::vector<std::string> known;
  std::string out = described(topic, library, known);
  // "materials.liver.perfusion" is the key perfusion of what a section names.
  const auto dot = topic.rfind('.');
  const std::string section = topic.substr(0, topic.find_first_of(".["));
  const bool holds_entries = section == "materials" || section == "devices" ||
                             section == "regions" || section == "dose" || section == "protocol";
  if (out.empty() && dot != std::string::npos && holds_entries)
    out = entry_keys_text(topic.substr(dot + 1));
  if (!out.empty()) return text::trim(out) + "\n";
  const auto words = topic_words();
  known.insert(known.end(), words.begin(), words.end());
  auto topics = listed_topics();
  topics.insert(topics.begin(), "case");
  unknown_topic(topic, known, topics);
}

}  // namespace thermodose
