// Implements: case/topics.h.
#include "case/topics.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "base/registry.h"
#include "case/key_table.h"

namespace thermodose {

namespace {

const std::map<TopicKind, std::vector<std::string>>& kinds() {
  static const std::map<TopicKind, std::vector<std::string>> all{
      {TopicKind::keys, {"keys", "key", "case"}},
      {TopicKind::materials, {"materials", "material", "tissues", "tissue"}},
      {TopicKind::devices, {"devices", "device", "probes", "probe"}},
      {TopicKind::laws, {"laws", "law", "tissue_laws", "tissue_law"}}};
  return all;
}

bool is_one_of(const std::string& word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string plural(const std::string& word) {
  if (word.back() == 'y') return word.substr(0, word.size() - 1) + "ies";
  return word + (word.back() == 's' ? "es" : "s");
}

/// Words for a registry.
std::vector<std::string> words_of(const std::string& registry) {
  std::vector<std::string> out{registry, plural(registry)};
  for (const char* noun : {"_law", "_model"}) {
    out.push_back(registry + noun);
    out.push_back(plural(registry + noun));
  }
  return out;
}

}  // namespace

std::string topic_word(const std::string& raw) {
  std::string out = raw;
  for (char& c : out) {
    c = c == ' ' || c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

TopicKind topic_kind(const std::string& word) {
  for (const auto& [kind, words] : kinds()) {
    if (is_one_of(word, words)) return kind;
  }
  return TopicKind::other;
}

std::vector<std::string> law_registries() {
  std::vector<std::string> types, out;
  for (const char* registry : {"material", "device"}) {
    for (const RegistryEntry* entry : registry::entries(registry)) {
      for (const auto& row : entry_rows(registry, entry->name)) types.push_back(row.type);
    }
  }
  for (const auto& name : described_registries()) {
    if (is_one_of(name, types)) out.push_back(name);
  }
  return out;
}

std::vector<std::string> registries_of(const std::string& word) {
  if (topic_kind(word) == TopicKind::laws) return law_registries();
  for (const auto& name : described_registries()) {
    if (is_one_of(word, words_of(name))) return {name};
  }
  return {};
}

std::vector<std::string> listed_topics() {
  const auto laws = law_registries();
  std::vector<std::string> topics{"keys", "materials", "devices"};
  for (const auto& name : described_registries()) {
    if (topic_kind(name) == TopicKind::other && !is_one_of(name, laws)) topics.push_back(name);
  }
  topics.emplace_back("laws");
  topics.insert(topics.end(), laws.begin(), laws.end());
  return topics;
}

std::vector<std::string> topic_words() {
  std::vector<std::string> out;
  for (const auto& [kind, words] : kinds()) out.insert(out.end(), words.begin(), words.end());
  for (const auto& name : described_registries()) {
    const auto words = words_of(name);
    out.insert(out.end(), words.begin(), words.end());
  }
  return out;
}

}  // namespace thermodose
