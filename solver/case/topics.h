// The words that `list` and `describe` understand.
// Implements: a topic as a user says it ("dose models", "shaft laws", "probe") -> what it means.
#pragma once

#include <string>
#include <vector>

namespace thermodose {

/// A topic as topics are compared: lower case, '_' for blanks and '-'.
std::string topic_word(const std::string& raw);

/// What a word means as a whole.
enum class TopicKind { other, keys, materials, devices, laws };
TopicKind topic_kind(const std::string& word);

/// Registries that a word names: one by its name, its plural, or with "law" or "model" behind it;
/// all of them for "laws". Empty when it names none.
std::vector<std::string> registries_of(const std::string& word);

/// Registries that the keys of a material or a device choose from.
std::vector<std::string> law_registries();

/// The topics of `list`, and all words that are understood.
std::vector<std::string> listed_topics();
std::vector<std::string> topic_words();

}  // namespace thermodose
