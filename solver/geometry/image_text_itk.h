// Inside the image module: headers that are lines of text (NRRD, MetaImage), read strictly.
// Implements: fields and numbers of such headers. The libraries that ITK reads them with take what
// they can parse and go on; here whatever is not as the format says is a problem.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace thermodose {

/// A header: its fields, and where its data begin.
class TextHeader {
 public:
  std::vector<std::pair<std::string, std::string>> fields;
  std::uintmax_t end = 0;  ///< bytes of the header

  const std::string* find(const std::string& name) const;
  /// A problem for each name that appears more than once.
  void complain_of_twins(std::vector<std::string>& problems) const;
};

/// A note.
inline constexpr const char* kNoOrigin =
    "it names no origin: the centre of voxel (0, 0, 0) is taken as the origin";

/// "field: found 'value', expected what".
std::string unexpected(const std::string& field, const std::string& found,
                       const std::string& expected);

/// Finite numbers, divided by blanks: exactly `count` of them.
std::optional<std::vector<double>> finite_numbers(const std::string& text, std::size_t count);

/// A whole number from `least` to `most`.
std::optional<std::int64_t> whole_number(const std::string& text, std::int64_t least,
                                         std::int64_t most);

/// The three sizes of a volume, or a problem: too few, not above 0, too large.
std::optional<std::array<std::int64_t, 3>> volume_sizes(const std::string& field,
                                                        const std::string* value,
                                                        std::vector<std::string>& problems);

/// The lines of a header, without their line breaks.
class HeaderLines {
 public:
  /// Lines of more than `longest` characters are in no header: this is none.
  HeaderLines(const std::string& path, std::size_t longest);
  ~HeaderLines();
  HeaderLines(const HeaderLines&) = delete;
  HeaderLines& operator=(const HeaderLines&) = delete;

  /// False at the end of the file, and when the line (then its beginning) is too long.
  bool next(std::string& line);
  /// A problem when a line was too long.
  void complain(std::vector<std::string>& problems) const;
  std::uintmax_t position() const { return position_; }  ///< bytes read
  int number() const { return number_; }                 ///< of the line, from 1

 private:
  std::size_t longest_;
  bool too_long_ = false;
  std::FILE* file_;
  std::uintmax_t position_ = 0;
  int number_ = 0;
};

}  // namespace thermodose
