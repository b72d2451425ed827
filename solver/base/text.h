// Text helpers for messages.
// Implements: the nearest valid name to a misspelt one, lists of names, safe quoting.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace thermodose::text {

/// Number of inserted, deleted, replaced or swapped neighbouring characters that turn a into b
/// (optimal string alignment; Damerau 1964, Commun. ACM 7, 171). Case counts as half a change.
double edit_distance(const std::string& a, const std::string& b);

/// The candidate nearest to `word`, when it is near enough to be a misspelling of it.
/// Never the word itself.
std::optional<std::string> nearest(const std::string& word,
                                   const std::vector<std::string>& candidates);

/// "; did you mean 'x'?" or "".
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

/// "a, b and c" (or "a, b or c"); long lists are cut: "a, b and 7 more".
std::string list(const std::vector<std::string>& words, const std::string& last = "and");

std::string join(const std::vector<std::string>& words, const std::string& separator);

/// Quoted for a message: 'text', control characters escaped, clipped after 60 characters.
std::string quoted(const std::string& text);

std::string trim(const std::string& text);

/// Words of a text, split at blanks.
std::vector<std::string> words(const std::string& text);

/// True when the bytes are well-formed UTF-8 (RFC 3629).
bool is_utf8(const std::string& bytes);

/// Short decimal form of a number for messages: up to 6 significant digits.
std::string number(double value);

/// Shortest decimal form that reads back as the same double.
std::string exact(double value);

}  // namespace thermodose::text
