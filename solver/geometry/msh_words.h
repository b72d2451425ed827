// Words of a Gmsh file.
// Implements: a text read word by word with the line that each stands on; numbers that are none
// and ends that come too early are errors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace thermodose {

class MshWords {
 public:
  /// `path` is for messages; both outlive the object.
  MshWords(const std::string& path, const std::string& bytes) : path_(path), bytes_(bytes) {}

  /// The next word; empty at the end.
  std::string_view next();
  /// The next word, `what` otherwise the error says.
  std::int64_t integer(const char* what);
  double real(const char* what);
  /// A count of things that take two bytes each at least. Throws when the file has no room.
  std::int64_t count(const char* what);
  void require(const std::string& word);
  /// What is left of the line.
  std::string_view rest_of_line();
  /// Leaves the section: everything up to and with `end`.
  void skip_to(const std::string& end);
  [[noreturn]] void fail(const std::string& message) const;

 private:
  std::string_view expect(const char* what);

  const std::string& path_;
  const std::string& bytes_;
  std::size_t at_ = 0;
  int line_ = 1, word_line_ = 1;
};

}  // namespace thermodose
