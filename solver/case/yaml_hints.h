// What is probably wrong with a text that is no YAML.
// Implements: the usual slips of people who write YAML by hand, looked for near the place where
// the parser gave up, which is often a line too late and said in words of the grammar.
#pragma once

#include <optional>
#include <string>

namespace thermodose {

struct YamlHint {
  int line = 0;  ///< 1-based: where the slip is
  std::string text;
};

/// The likely cause of an error that the parser found in `line` (1-based) of `text`.
std::optional<YamlHint> yaml_hint(const std::string& text, int line);

}  // namespace thermodose
