// Implements: case/yaml_hints.h.
#include "case/yaml_hints.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <vector>

#include "base/text.h"

namespace thermodose {

namespace {

using Hint = std::optional<std::string>;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
         c == '+';
}
bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// One line of the file.
struct Line {
  int number = 0;      ///< 1-based
  std::string raw;     ///< as it stands
  std::string text;    ///< without comment and blanks at its ends; quoted text is blanked out
  int indent = 0;      ///< blanks before it
  bool dash = false;   ///< "- ..."
  bool opens = false;  ///< ends in a colon: something deeper follows
  int brackets = 0;    ///< opened less closed
  char open = 0;       ///< the first bracket of those that are left open
  char close = 0;      ///< the first bracket that closes nothing in the line
  std::string behind;  ///< what goes on behind a closing quote

  bool empty() const { return text.empty(); }
};

/// Blanks out quoted text and the comment; a quote opens where a value may begin.
std::string without_quotes(const std::string& raw, Line& line) {
  std::string out = raw;
  char quote = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char c = out[i], before = i == 0 ? ' ' : raw[i - 1];
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
        const std::size_t next = std::min(raw.find_first_not_of(' ', i + 1), raw.size());
        const bool ends =
            next == raw.size() || std::string(",]}:#").find(raw[next]) != std::string::npos;
        if (!ends && line.behind.empty()) line.behind = raw.substr(i + 1);
      }
      out[i] = 'q';
    } else if ((c == '"' || c == '\'') && (is_blank(before) || before == '[' || before == '{')) {
      quote = c;
      out[i] = 'q';
    } else if (c == '#' && is_blank(before)) {
      return out.substr(0, i);
    }
  }
  return out;
}

void count_brackets(Line& line) {
  std::string open;
  for (const char c : line.text) {
    if (c == '{' || c == '[') open += c;
    if (c != '}' && c != ']') continue;
    if (open.empty() || open.back() != (c == '}' ? '{' : '[')) {
      if (line.close == 0) line.close = c;
      --line.brackets;
    } else {
      open.pop_back();
    }
  }
  line.brackets += static_cast<int>(open.size());
  if (!open.empty()) line.open = open.front();
}

std::vector<Line> lines_of(const std::string& text, int last) {
  std::vector<Line> out;
  std::istringstream in(text);
  Line line;
  while (line.number < last && std::getline(in, line.raw)) {
    Line next;
    next.number = ++line.number;
    next.raw = line.raw;
    next.text = text::trim(without_quotes(next.raw, next));
    next.indent = static_cast<int>(std::min(next.raw.find_first_not_of(' '), next.raw.size()));
    next.dash = next.text == "-" || next.text.rfind("- ", 0) == 0;
    next.opens = !next.text.empty() && next.text.back() == ':';
    count_brackets(next);
    out.push_back(next);
  }
  return out;
}

/// The key that a text begins with, behind dashes; "" when it begins with none.
std::string leading_key(const std::string& text) {
  std::size_t at = 0;
  while (text.compare(at, 2, "- ") == 0)
    at = std::min(text.find_first_not_of(' ', at + 1), text.size());
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(at, end - at);
}

/// "a: b: c" in one place, be it a line or a part of a flow.
bool two_colons(const std::string& text) {
  int colons = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::string("{}[],").find(text[i]) != std::string::npos) colons = 0;
    if (text[i] == ':' && i + 1 < text.size() && text[i + 1] == ' ' && ++colons > 1) return true;
  }
  return false;
}

Hint hint_of_characters(const Line& line) {
  const auto& raw = line.raw;
  const std::size_t first = std::min(raw.find_first_not_of(" \t"), raw.size());
  if (raw.find('\t') < first && !line.empty()) return "the line is indented with a tab; use blanks";
  if (raw.find("\xC2\xA0") != std::string::npos) {
    return "the line holds a no-break space; use plain blanks";
  }
  for (const char* mark : {"<<<<<<<", "=======", ">>>>>>>"}) {
    if (raw.rfind(mark, 0) == 0) return "the line is left over from a merge";
  }
  return std::nullopt;
}

Hint hint_of_colons(const Line& line) {
  const auto& text = line.text;
  const std::string key = leading_key(text);
  const std::size_t at = text.find(key) + key.size();
  const bool named = !key.empty() && std::isalpha(static_cast<unsigned char>(key[0])) != 0;
  if (named && at + 1 < text.size() && text[at] == ':' && text[at + 1] != ' ') {
    return "write a blank after the colon of " + text::quoted(key + ":");
  }
  if (text.size() > 1 && text[0] == '-' &&
      (std::isalpha(static_cast<unsigned char>(text[1])) != 0 || text[1] == '{' ||
       text[1] == '[')) {
    return "write a blank after the dash";
  }
  const std::size_t next = std::min(text.find_first_not_of(' ', at), text.size());
  if (named && next < text.size() && text[next] == '=') {
    return "write ':' after " + text::quoted(key) + ", not '='";
  }
  if (two_colons(text)) return "a value with a colon must stand in quotes";
  if (!line.behind.empty()) {
    return "the value goes on behind its closing quote; inside single quotes an apostrophe is ''";
  }
  return std::nullopt;
}

Hint hint_of_start(const Line& line) {
  const auto& text = line.text;
  const auto value_begins = [&](std::size_t at) {
    if (at == 0 || text[at - 1] == '[') return true;
    return at > 1 && text[at - 1] == ' ' && std::string(":-,").find(text[at - 2]) < 3;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (!value_begins(at)) continue;
    if (c == '*' || c == '&') {
      return "anchors (&name) and aliases (*name) are not supported: write the value out";
    }
    if (c == '@' || c == '`' || c == '%') {
      return "a value that begins with '" + std::string(1, c) + "' must stand in quotes";
    }
  }
  return std::nullopt;
}

/// Brackets over the lines up to the error.
std::optional<YamlHint> hint_of_brackets(const std::vector<Line>& lines) {
  int depth = 0;
  const Line* opened = nullptr;
  for (const auto& line : lines) {
    if (line.close != 0 && depth == 0) {
      return YamlHint{line.number, std::string("the bracket '") + line.close + "' closes nothing"};
    }
    depth += line.brackets;
    if (line.open != 0) opened = &line;
  }
  if (depth <= 0 || opened == nullptr) return std::nullopt;
  return YamlHint{opened->number, std::string("the bracket '") + opened->open + "' is not closed"};
}

/// Something that began at an indentation: keys or list entries.
struct Level {
  int indent = 0;
  bool dash = false, opens = false;  ///< of its last line
};

/// What is open behind some lines.
struct Outline {
  std::vector<Level> levels;
  int depth = 0;  ///< of brackets
  const Line* last = nullptr;

  void add(const Line& line) {
    if (line.empty()) return;
    if (depth == 0) {
      while (!levels.empty() && levels.back().indent > line.indent) levels.pop_back();
      if (!levels.empty() && levels.back().indent < line.indent) levels.back().opens = false;
      if (levels.empty() || levels.back().indent < line.indent) levels.emplace_back();
      levels.back() = {line.indent, line.dash, line.opens};
      const bool key_behind_dash = line.dash && !leading_key(line.text).empty();
      if (key_behind_dash) levels.push_back({line.indent + 2, false, line.opens});
    }
    depth += line.brackets;
    last = &line;
  }
};

std::optional<YamlHint> hint_of_indentation(const std::vector<Line>& lines) {
  const Line& line = lines.back();
  Outline above;
  for (const auto& other : lines) {
    if (&other != &line) above.add(other);
  }
  if (line.empty() || above.last == nullptr || above.depth > 0) return std::nullopt;
  const auto& levels = above.levels;
  const auto hint = [&](const std::string& text) { return YamlHint{line.number, text}; };
  if (!above.last->opens && line.indent > levels.back().indent) {
    return hint("the line is indented deeper than line " + std::to_string(above.last->number) +
                ", which has its value already");
  }
  const auto level = std::find_if(levels.begin(), levels.end(),
                                  [&](const Level& l) { return l.indent == line.indent; });
  if (level == levels.end() && line.indent < levels.back().indent) {
    return hint("the indentation of " + std::to_string(line.indent) +
                " blanks fits none of the lines above");
  }
  if (level != levels.end() && line.dash && !level->dash && !level->opens) {
    return hint("a list entry ('- ') stands between keys");
  }
  return std::nullopt;
}

/// A line that is neither key nor list entry.
Hint hint_of_missing_colon(const Line& line) {
  const std::string key = leading_key(line.text);
  const bool words = !key.empty() && std::isalpha(static_cast<unsigned char>(key[0])) != 0 &&
                     line.text.find(':') == std::string::npos && line.brackets == 0 &&
                     line.text.find_first_of("{}[],") == std::string::npos;
  if (!words || line.text == key) return std::nullopt;
  return "write a colon and a blank after " + text::quoted(key);
}

}  // namespace

std::optional<YamlHint> yaml_hint(const std::string& text, int line) {
  if (text.find('\r') != std::string::npos && text.find('\n') == std::string::npos) {
    return YamlHint{1, "its lines end in carriage returns alone; save it with Unix line ends"};
  }
  std::vector<Line> lines = lines_of(text, line);
  if (lines.empty()) return std::nullopt;
  // The parser notices some slips one line later, with blank lines and comments between.
  std::vector<const Line*> near;
  for (auto at = lines.rbegin(); at != lines.rend() && near.size() < 2; ++at) {
    if (!at->empty() || at == lines.rbegin()) near.push_back(&*at);
  }
  for (const auto& hint : {hint_of_characters, hint_of_colons, hint_of_start}) {
    for (const Line* candidate : near) {
      if (const Hint found = hint(*candidate)) return YamlHint{candidate->number, *found};
    }
  }
  if (auto found = hint_of_brackets(lines)) return found;
  if (auto found = hint_of_indentation(lines)) return found;
  for (const Line* candidate : near) {
    if (const Hint found = hint_of_missing_colon(*candidate)) {
      return YamlHint{candidate->number, *found};
    }
  }
  return std::nullopt;
}

}  // namespace thermodose
