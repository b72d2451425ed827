// Implements: parse_stl of geometry/surface_reader.h.
// Own code: the format is fifty bytes a triangle or seven words, and what matters is what a broken
// file does, which libraries for pictures leave open.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "base/text.h"
#include "geometry/surface_reader.h"

namespace thermodose {

namespace {

constexpr std::size_t kHeader = 84, kFacet = 50, kNormal = 12;

[[noreturn]] void fail(const std::string& path, int line, const std::string& message) {
  throw InputError(Problem{path, line, "", message});
}

void add_triangle(TriangleSurface& surface, const std::array<Vec3, 3>& corners) {
  const auto n = std::uint32_t(surface.points.size());
  surface.points.insert(surface.points.end(), corners.begin(), corners.end());
  surface.triangles.push_back({n, n + 1, n + 2});
}

bool is_finite(const Vec3& p) {
  return std::isfinite(p[0]) && std::isfinite(p[1]) && std::isfinite(p[2]);
}

TriangleSurface parse_binary(const std::string& path, const std::string& bytes, std::size_t count) {
  TriangleSurface out;
  out.points.reserve(3 * count);
  out.triangles.reserve(count);
  for (std::size_t n = 0; n < count; ++n) {
    std::array<float, 9> values{};
    std::memcpy(values.data(), bytes.data() + kHeader + kFacet * n + kNormal, sizeof(values));
    std::array<Vec3, 3> corners{};
    for (std::size_t i = 0; i < 9; ++i) corners[i / 3][i % 3] = double(values[i]);
    for (const Vec3& p : corners) {
      if (!is_finite(p)) {
        fail(path, 0, fmt::format("a corner of triangle {} is not a number", n + 1));
      }
    }
    add_triangle(out, corners);
  }
  return out;
}

/// Words of a text, line by line, small letters.
class Words {
 public:
  explicit Words(const std::string& bytes) : bytes_(bytes) {}

  /// The next word; empty at the end.
  std::string next() {
    while (at_ < bytes_.size() && is_blank(bytes_[at_])) step();
    std::string word;
    while (at_ < bytes_.size() && !is_blank(bytes_[at_])) {
      word += char(std::tolower(static_cast<unsigned char>(bytes_[at_])));
      step();
    }
    return word;
  }
  /// What stands on the line after the last word: a name.
  void skip_line() {
    while (at_ < bytes_.size() && bytes_[at_] != '\n') step();
  }
  int line() const { return line_; }

 private:
  static bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
  void step() {
    if (bytes_[at_] == '\n') ++line_;
    ++at_;
  }

  const std::string& bytes_;
  std::size_t at_ = 0;
  int line_ = 1;
};

class TextStl {
 public:
  TextStl(const std::string& path, const std::string& bytes) : path_(path), words_(bytes) {}

  TriangleSurface parse() {
    for (std::string word = next(); !word.empty(); word = next()) {
      require(word, "solid");
      words_.skip_line();
      solid();
    }
    return std::move(surface_);
  }

 private:
  void solid() {
    for (;;) {
      const std::string word = next();
      if (word == "endsolid") break;
      if (word.empty()) fail(path_, line_, "the file ends before 'endsolid': it is cut short");
      require(word, "facet");
      facet();
    }
    words_.skip_line();
  }

  void facet() {
    require(next(), "normal");
    for (int i = 0; i < 3; ++i) next();  // the corners say it better, and some programs write NaN
    require(next(), "outer");
    require(next(), "loop");
    std::array<Vec3, 3> corners{};
    for (Vec3& p : corners) {
      require(next(), "vertex");
      for (double& x : p) x = number(next());
    }
    require(next(), "endloop");
    require(next(), "endfacet");
    add_triangle(surface_, corners);
  }

  std::string next() {
    std::string word = words_.next();
    line_ = words_.line();
    return word;
  }

  void require(const std::string& word, const char* expected) const {
    if (word == expected) return;
    if (word.empty()) {
      fail(path_, line_, fmt::format("the file ends, expected '{}': it is cut short", expected));
    }
    fail(path_, line_, fmt::format("found {}, expected '{}'", text::quoted(word), expected));
  }

  double number(const std::string& word) const {
    double value = 0;
    const char* begin = word.data() + (word.size() > 1 && word[0] == '+' ? 1 : 0);
    const char* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(begin, end, value);
    if (word.empty() || error != std::errc() || stop != end || !std::isfinite(value)) {
      fail(path_, line_, "found " + text::quoted(word) + ", expected a coordinate");
    }
    return value;
  }

  const std::string& path_;
  Words words_;
  int line_ = 1;  ///< of the last word
  TriangleSurface surface_;
};

/// Binary files may begin with "solid" too: no text holds the byte 0.
bool is_text(const std::string& bytes) {
  const std::size_t begin = bytes.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos || bytes.size() - begin < 5) return false;
  std::string word = bytes.substr(begin, 5);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return char(std::tolower(c)); });
  const std::size_t looked_at = std::min<std::size_t>(bytes.size(), 4096);
  return word == "solid" && bytes.find('\0') >= looked_at;
}

/// 3D Slicer writes the frame of its coordinates into the first line.
void note_frame(const std::string& bytes, std::vector<std::string>& notes) {
  const std::string start = bytes.substr(0, 80);
  for (const char* frame : {"LPS", "RAS"}) {
    if (start.find(std::string("SPACE=") + frame) == std::string::npos) continue;
    notes.push_back(fmt::format(
        "the file says that its coordinates are {}; they are taken as those of the case", frame));
  }
}

}  // namespace

SurfaceFile parse_stl(const std::string& path, const std::string& bytes) {
  SurfaceFile out;
  note_frame(bytes, out.notes);
  std::uint32_t count = 0;
  if (bytes.size() >= kHeader) std::memcpy(&count, bytes.data() + kHeader - 4, 4);
  const std::size_t expected = kHeader + kFacet * std::size_t(count);
  const bool fits = bytes.size() >= kHeader && expected == bytes.size();
  if (!fits && is_text(bytes)) {
    out.surface = TextStl(path, bytes).parse();
  } else if (fits) {
    out.surface = parse_binary(path, bytes, count);
  } else if (bytes.size() < kHeader) {
    fail(path, 0,
         fmt::format("it is no STL file: it has {} bytes and does not begin with 'solid'",
                     bytes.size()));
  } else {
    fail(path, 0,
         fmt::format("its header says {} triangles, which need {} bytes, but the file has {}: it "
                     "is broken or no STL file",
                     count, expected, bytes.size()));
  }
  if (out.surface.triangles.empty()) fail(path, 0, "it holds no triangles");
  return out;
}

}  // namespace thermodose
