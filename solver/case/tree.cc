// Implements: case/tree.h over the event interface of yaml-cpp.
#include "case/tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "case/yaml_hints.h"

namespace thermodose {

namespace {

/// Line of the first byte that may not be in a text file, 0 when all are fine.
int bad_byte_line(const std::string& text) {
  int line = 1;
  for (const char c : text) {
    if (c == '\n') ++line;
    const auto u = static_cast<unsigned char>(c);
    if ((u < 0x20 && c != '\n' && c != '\t' && c != '\r') || u == 0x7F) return line;
  }
  return 0;
}

constexpr std::size_t kMostNodes = 100000;

/// Stops the parser; the problem has been recorded.
struct StopParsing {};

/// True when a quote opens at `start` and does not close before the text ends. yaml-cpp 0.7 takes
/// such a text for the rest of the file when the file ends with a line break.
bool is_open_quote(const std::string& text, std::size_t start) {
  if (start >= text.size()) return false;
  const char quote = text[start];
  if (quote != '"' && quote != '\'') return false;
  for (std::size_t i = start + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return false;
      ++i;
    }
  }
  return true;
}

/// Builds the tree from yaml-cpp's events.
class Builder : public YAML::EventHandler {
 public:
  Builder(const std::string& source, std::shared_ptr<const std::string> file, Problems& problems)
      : source_(source), file_(std::move(file)), problems_(problems) {}

  std::unique_ptr<Node> take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    Node node = leaf(mark, Node::Kind::nothing);
    const auto at = static_cast<std::size_t>(mark.pos);
    if (at < source_.size() && source_[at] == '~') node.text = "~";
    put(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    stop(mark, "aliases (*name) are not supported: write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_tag(mark, tag);
    refuse_anchor(mark, anchor);
    if (tag == "!" && is_open_quote(source_, static_cast<std::size_t>(mark.pos))) {
      stop(mark, "the quote is not closed");
    }
    // In double quotes "\x1b" and the like; a text may have lines and tabs.
    if (bad_byte_line(value) != 0) stop(mark, "the text holds a control character");
    Node node = leaf(mark, Node::Kind::scalar);
    node.text = value;
    // "key: ~" and "key: null" mean nothing, unless quoted.
    if (tag != "!" && (value == "~" || value == "null")) node.kind = Node::Kind::nothing;
    put(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Node node;
    bool key_due = true;  ///< map: the next scalar is a key
    std::string key;
    Place key_place;
    std::set<std::string> seen;
    bool drop_value = false;  ///< the key was a duplicate
  };

  Place at(const YAML::Mark& mark) const { return {file_, mark.line + 1}; }

  [[noreturn]] void stop(const YAML::Mark& mark, const std::string& message) {
    problems_.add(at(mark), path(), message);
    throw StopParsing{};
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") {
      stop(mark, "tags are not supported: remove " + text::quoted(tag));
    }
  }
  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) stop(mark, "anchors (&name) are not supported: write the value out");
  }
  std::string path() const {
    std::string out;
    for (const auto& level : levels_) {
      if (level.node.is_list()) out = child_path(out, level.node.items.size());
      if (level.node.is_map() && !level.key_due) out = child_path(out, level.key);
    }
    return out;
  }
  Node leaf(const YAML::Mark& mark, Node::Kind kind) {
    if (++nodes_ > kMostNodes) stop(mark, "the file holds too many values");
    Node node;
    node.kind = kind;
    node.place = at(mark);
    return node;
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Kind kind) {
    refuse_tag(mark, tag);
    refuse_anchor(mark, anchor);
    if (!levels_.empty() && levels_.back().node.is_map() && levels_.back().key_due) {
      stop(mark, "found a list or map where a key is due; is a bracket not closed?");
    }
    if (static_cast<int>(levels_.size()) >= kDeepest) {
      stop(mark, "nested too deeply: more than " + std::to_string(kDeepest) + " levels");
    }
    Level level;
    level.node = leaf(mark, kind);
    levels_.push_back(std::move(level));
  }
  void close() {
    Node done = std::move(levels_.back().node);
    levels_.pop_back();
    put(std::move(done));
  }
  void put(Node node) {
    if (levels_.empty()) {
      root_ = std::make_unique<Node>(std::move(node));
      return;
    }
    Level& level = levels_.back();
    if (level.node.is_list()) {
      level.node.items.push_back(std::move(node));
    } else if (level.key_due) {
      take_key(level, node);
    } else {
      level.key_due = true;
      // yaml-cpp places what is not there at the next word, often a line later.
      if (node.kind == Node::Kind::nothing) node.place = level.key_place;
      if (!level.drop_value) {
        level.node.entries.push_back({level.key, level.key_place, std::move(node)});
      }
    }
  }
  void take_key(Level& level, const Node& node) {
    level.key = node.is_scalar() ? node.text : "";
    level.key_place = node.place;
    level.key_due = false;
    level.drop_value = !level.seen.insert(level.key).second;
    if (level.drop_value) {
      const Node* first = level.node.find(level.key);
      problems_.add(
          node.place, path(),
          "the key is given twice" +
              (first == nullptr ? ""
                                : "; the first is in line " + std::to_string(first->place.line)));
    } else if (level.key.empty()) {
      problems_.add(node.place, path(), "a key is missing before the colon");
      level.drop_value = true;
    }
  }

  const std::string& source_;
  std::shared_ptr<const std::string> file_;
  Problems& problems_;
  std::vector<Level> levels_;
  std::unique_ptr<Node> root_;
  std::size_t nodes_ = 0;
};

int bad_utf8_line(const std::string& text) {
  int line = 1;
  std::istringstream in(text);
  for (std::string row; std::getline(in, row); ++line) {
    if (!text::is_utf8(row)) return line;
  }
  return 0;
}

}  // namespace

const Node* Node::find(const std::string& key) const {
  for (const auto& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Node* Node::find(const std::string& key) {
  return const_cast<Node*>(static_cast<const Node*>(this)->find(key));
}

std::string what(const Node& node) {
  switch (node.kind) {
    case Node::Kind::scalar:
      return text::quoted(node.text);
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
    case Node::Kind::nothing:
      break;
  }
  return "nothing";
}

std::unique_ptr<Node> parse_yaml(const std::string& raw, const std::string& file,
                                 Problems& problems) {
  const bool has_mark = raw.rfind("\xEF\xBB\xBF", 0) == 0;  // byte order mark of UTF-8
  const std::string text = has_mark ? raw.substr(3) : raw;
  const auto name = std::make_shared<const std::string>(file);
  if (text.size() > kLargestFile) {
    problems.add({name, 0}, "", "the file is larger than 1 MiB");
    return nullptr;
  }
  if (const int line = bad_byte_line(text)) {
    problems.add({name, line}, "", "the file holds a control character; it must be plain text");
    return nullptr;
  }
  if (const int line = bad_utf8_line(text)) {
    problems.add({name, line}, "", "the file is not UTF-8 text");
    return nullptr;
  }
  std::istringstream in(text);
  Builder builder(text, name, problems);
  try {
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) return nullptr;
    auto root = builder.take();
    Builder second(text, name, problems);
    if (parser.HandleNextDocument(second)) {
      const auto other = second.take();
      const bool marked = text.rfind("---", 0) == 0 || text.find("\n---") != std::string::npos ||
                          text.find("\n...") != std::string::npos;
      problems.add({name, other ? other->place.line : 0}, "",
                   marked ? "a second YAML document (---) begins; expected one"
                          : "there is more text behind the end" +
                                (other ? ": " + what(*other) : std::string()));
    }
    return root;
  } catch (const StopParsing&) {
    return nullptr;
  } catch (const YAML::Exception& e) {
    const int line = e.mark.line + 1;
    const auto hint = yaml_hint(text, line);
    problems.add({name, hint ? hint->line : line}, "",
                 "this is not YAML: " + (hint ? hint->text : e.msg));
    return nullptr;
  }
}

bool is_file(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

std::string read_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) throw IoError(path + ": no such file");
  if (std::filesystem::is_directory(status)) {
    throw IoError(path + ": this is a directory, expected a file");
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) throw IoError(path + ": cannot open: " + std::strerror(errno));
  std::string content(kLargestFile + 1, '\0');
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (in.bad()) throw IoError(path + ": cannot read: " + std::strerror(errno));
  content.resize(static_cast<std::size_t>(in.gcount()));
  if (content.size() > kLargestFile) {
    throw InputError(Problem{path, 0, "", "the file is larger than 1 MiB"});
  }
  return content;
}

}  // namespace thermodose
