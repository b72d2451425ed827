// Implements: geometry/msh_words.h.
#include "geometry/msh_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace thermodose {

namespace {
bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
}  // namespace

void MshWords::fail(const std::string& message) const {
  throw InputError(Problem{path_, word_line_, "", message});
}

std::string_view MshWords::next() {
  for (; at_ < bytes_.size() && is_blank(bytes_[at_]); ++at_) line_ += bytes_[at_] == '\n' ? 1 : 0;
  word_line_ = line_;
  const std::size_t begin = at_;
  while (at_ < bytes_.size() && !is_blank(bytes_[at_])) ++at_;
  return std::string_view(bytes_).substr(begin, at_ - begin);
}

std::string_view MshWords::expect(const char* what) {
  const std::string_view word = next();
  if (word.empty()) fail(fmt::format("the file ends, expected {}: it is cut short", what));
  return word;
}

std::int64_t MshWords::integer(const char* what) {
  const std::string_view word = expect(what);
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || stop != word.data() + word.size())
    fail("found " + text::quoted(std::string(word)) + ", expected " + what);
  return value;
}

double MshWords::real(const char* what) {
  const std::string_view word = expect(what);
  double value = 0;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || stop != word.data() + word.size() || !std::isfinite(value))
    fail("found " + text::quoted(std::string(word)) + ", expected " + what);
  return value;
}

std::int64_t MshWords::count(const char* what) {
  const std::int64_t n = integer(what);
  const std::size_t room = (bytes_.size() - at_) / 2;
  if (n < 0 || static_cast<std::size_t>(n) > room)
    fail(fmt::format("found {} as {}, but the file has only {} bytes left", n, what,
                     bytes_.size() - at_));
  return n;
}

void MshWords::require(const std::string& word) {
  const std::string_view found = expect(("'" + word + "'").c_str());
  if (found != word)
    fail("found " + text::quoted(std::string(found)) + ", expected '" + word + "'");
}

std::string_view MshWords::rest_of_line() {
  const std::size_t begin = at_, end = std::min(bytes_.find('\n', at_), bytes_.size());
  at_ = end;
  return std::string_view(bytes_).substr(begin, end - begin);
}

void MshWords::skip_to(const std::string& end) {
  for (std::string_view word = next(); word != end; word = next())
    if (word.empty()) fail("the file ends before '" + end + "': it is cut short");
}

}  // namespace thermodose
