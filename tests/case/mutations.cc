// Implements: tests/case/mutations.h.
#include "mutations.h"

#include <algorithm>
#include <cctype>

#include "case/tree.h"

namespace thermodose::test {

namespace {

/// What breaks readers: numbers at the edges, units, YAML's own characters, odd bytes.
const std::vector<std::string> kNasty{"0",
                                      "-1",
                                      "1e308",
                                      "1e-308",
                                      "1e999",
                                      "nan",
                                      "inf",
                                      "-.inf",
                                      "0x1p3",
                                      "1/0",
                                      "~",
                                      "null",
                                      "true",
                                      "yes",
                                      "all",
                                      "auto",
                                      "[]",
                                      "{}",
                                      "[",
                                      "]",
                                      "{",
                                      "}",
                                      ":",
                                      "- ",
                                      "#",
                                      "&a ",
                                      "*a",
                                      "!!str ",
                                      "<<: ",
                                      "|",
                                      ">",
                                      "'",
                                      "\"",
                                      "\\",
                                      "%",
                                      "@",
                                      "`",
                                      "\t",
                                      "\r\n",
                                      "---\n",
                                      "...\n",
                                      "mm",
                                      "degC",
                                      "K",
                                      "W/m/K",
                                      "mL/min/100g",
                                      "1/s",
                                      "%",
                                      "m^999999999",
                                      "m/0",
                                      "kkkkg",
                                      "days since 1",
                                      "lg(re 1 mW)",
                                      "((((",
                                      "1 1 1",
                                      "0 0 0 mm",
                                      "\xff",
                                      "\xc0\xaf",
                                      "\xe2\x82\xac",
                                      std::string(1, '\0'),
                                      "\x1b[2J",
                                      "../../etc/passwd",
                                      "/dev/zero",
                                      "liver",
                                      "sphere",
                                      "union",
                                      "{union: {of: [{sphere: {center: 0 0 0 mm, radius: 1 mm}}]}}",
                                      "from: liver",
                                      "9999999999999999999999",
                                      std::string(300, '['),
                                      std::string(300, 'x'),
                                      "1 2 3 4 5 6 7 8 9 mm",
                                      "[[0 s, 1 degC], [0 s, 1 degC]]"};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
}

/// [begin, end) of every word.
std::vector<std::pair<std::size_t, std::size_t>> find_words(const std::string& text) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_word(text[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < text.size() && is_word(text[i])) ++i;
    out.emplace_back(begin, i);
  }
  return out;
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

void collect(Node& node, std::vector<Node*>& out) {
  out.push_back(&node);
  for (auto& item : node.items) collect(item, out);
  for (auto& entry : node.entries) collect(entry.value, out);
}

/// Flow YAML; every scalar double-quoted unless it was plain.
void write(const Node& node, std::string& out) {
  if (node.is_map()) {
    out += "{";
    for (const auto& entry : node.entries) {
      out += entry.key + ": ";
      write(entry.value, out);
      out += ", ";
    }
    out += "}";
  } else if (node.is_list()) {
    out += "[";
    for (const auto& item : node.items) {
      write(item, out);
      out += ", ";
    }
    out += "]";
  } else if (node.is_scalar()) {
    const bool plain =
        node.text.find_first_of(",[]{}:#&*!|>'\"%@`\n") == std::string::npos && !node.text.empty();
    out += plain ? node.text : "'" + node.text + "'";
  } else {
    out += "~";
  }
}

}  // namespace

std::string Mutator::bytes(std::string text) {
  const std::size_t count = 1 + below(8);
  for (std::size_t n = 0; n < count && !text.empty(); ++n) {
    const std::size_t at = below(text.size());
    switch (below(4)) {
      case 0:
        text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 2:
        text.erase(at, 1 + below(20));
        break;
      default:
        text.insert(at, text.substr(below(text.size()), 1 + below(200)));
    }
  }
  return text;
}

std::string Mutator::words(std::string text) {
  const std::size_t count = 1 + below(4);
  for (std::size_t n = 0; n < count; ++n) {
    const auto places = find_words(text);
    if (places.empty()) break;
    const auto [begin, end] = places[below(places.size())];
    const auto [b2, e2] = places[below(places.size())];
    switch (below(4)) {
      case 0:
        text.replace(begin, end - begin, kNasty[below(kNasty.size())]);
        break;
      case 1:
        text.replace(begin, end - begin, text.substr(b2, e2 - b2));
        break;
      case 2:
        text.insert(begin, kNasty[below(kNasty.size())]);
        break;
      default:
        text.erase(begin, end - begin);
    }
  }
  return text;
}

std::string Mutator::lines(std::string text, const std::string& other) {
  auto own = split_lines(text);
  const auto lent = split_lines(other);
  const std::size_t count = 1 + below(4);
  for (std::size_t n = 0; n < count && !own.empty() && !lent.empty(); ++n) {
    const auto at = own.begin() + static_cast<std::ptrdiff_t>(below(own.size()));
    switch (below(5)) {
      case 0:
        own.erase(at);
        break;
      case 1:
        own.insert(at, lent[below(lent.size())]);
        break;
      case 2:
        own.insert(at, own[below(own.size())]);
        break;
      case 3:
        at->insert(0, below(5), ' ');
        break;
      default:
        std::swap(*at, own[below(own.size())]);
    }
  }
  text.clear();
  for (const auto& line : own) text += line;
  return text;
}

std::string Mutator::tree(const std::string& text, const std::string& other) {
  Problems ignored;
  auto root = parse_yaml(text, "", ignored);
  auto lent = parse_yaml(other, "", ignored);
  if (!root || !lent) return bytes(text);
  const std::size_t count = 1 + below(3);
  for (std::size_t n = 0; n < count; ++n) {
    std::vector<Node*> nodes, others;
    collect(*root, nodes);
    collect(*lent, others);
    Node& node = *nodes[below(nodes.size())];
    const Node copy = *(below(2) == 0 ? nodes[below(nodes.size())] : others[below(others.size())]);
    switch (below(5)) {
      case 0:
        node = copy;
        break;
      case 1:
        if (!node.entries.empty()) {
          node.entries.erase(node.entries.begin() +
                             static_cast<std::ptrdiff_t>(below(node.entries.size())));
        }
        break;
      case 2:
        if (!node.entries.empty()) {
          auto& entry = node.entries[below(node.entries.size())];
          entry.key = kNasty[below(kNasty.size())];
        }
        break;
      case 3:
        node = Node{};
        node.kind = Node::Kind::scalar;
        node.text = kNasty[below(kNasty.size())];
        break;
      default:
        (node.is_map() ? node.entries.push_back({"from", {}, copy}) : node.items.push_back(copy));
    }
  }
  std::string out;
  write(*root, out);
  return out;
}

std::string Mutator::mutate(const std::string& text, const std::string& other) {
  switch (below(5)) {
    case 0:
      return bytes(text);
    case 1:
      return words(text);
    case 2:
      return lines(text, other);
    case 3:
      return tree(text, other);
    default:
      return words(tree(text, other));
  }
}

}  // namespace thermodose::test
