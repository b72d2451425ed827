// Implements: geometry/vtk_array.h.
#include "geometry/vtk_array.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "base/text.h"

namespace thermodose {

namespace {

[[noreturn]] void fail(const std::string& message) { throw std::runtime_error(message); }

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/// Bytes one after the other, out of base64 or as they are.
class Bytes {
 public:
  Bytes(std::string_view data, bool base64) : data_(data), base64_(base64) {}

  /// Most bytes that may still come.
  std::size_t left() const { return base64_ ? (data_.size() - at_) / 4 * 3 : data_.size() - at_; }

  /// The next `count` bytes. A piece of base64 ends at a group of four.
  std::string take(std::size_t count) {
    if (count > left()) {
      fail(fmt::format("an array claims {} bytes more, but only {} are there", count, left()));
    }
    if (!base64_) {
      at_ += count;
      return std::string(data_.substr(at_ - count, count));
    }
    std::string out;
    out.reserve(count + 2);
    while (out.size() < count) group(out);
    if (out.size() > count) out.resize(count);
    return out;
  }
  std::size_t position() const { return at_; }
  void go_to(std::size_t position) { at_ = position; }

 private:
  char next() {
    while (at_ < data_.size() && is_blank(data_[at_])) ++at_;
    if (at_ == data_.size()) fail("an array ends too early");
    return data_[at_++];
  }
  void group(std::string& out) {
    std::array<char, 4> c{};
    for (char& x : c) x = next();
    const std::size_t bytes = c[2] == '=' ? 1 : c[3] == '=' ? 2 : 3;
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const int digit = i > bytes && c[i] == '=' ? 0 : digit_of(c[i]);
      if (digit < 0) fail("found " + text::quoted(std::string(1, c[i])) + " in base64");
      word = word << 6U | std::uint32_t(digit);
    }
    for (std::size_t i = 0; i < bytes; ++i) out += char(word >> (16U - 8U * i) & 255U);
  }

  std::string_view data_;
  bool base64_;
  std::size_t at_ = 0;
};

template <class T>
T value_at(const std::string& bytes, std::size_t index, bool swap) {
  std::array<char, sizeof(T)> raw{};
  std::memcpy(raw.data(), bytes.data() + index * sizeof(T), sizeof(T));
  if (swap) std::reverse(raw.begin(), raw.end());
  T value{};
  std::memcpy(&value, raw.data(), sizeof(T));
  return value;
}

std::uint64_t header_at(const std::string& bytes, std::size_t index, const VtkEncoding& e) {
  return e.wide_header ? value_at<std::uint64_t>(bytes, index, e.big_endian)
                       : value_at<std::uint32_t>(bytes, index, e.big_endian);
}

/// Number of bytes, then the bytes; in base64 both make one piece.
std::string read_plain(Bytes& in, const VtkEncoding& e) {
  const std::size_t word = e.wide_header ? 8 : 4;
  const std::size_t begin = in.position();
  const std::uint64_t length = header_at(in.take(word), 0, e);
  in.go_to(begin);
  if (length > in.left()) {
    fail(fmt::format("an array claims {} bytes, but only {} are there", length, in.left()));
  }
  return in.take(word + length).substr(word);
}

/// Number of blocks, size of a block, size of a last smaller one (or 0), sizes of the compressed
/// blocks; then the blocks. In base64 sizes and blocks are a piece each.
std::string read_zlib(Bytes& in, const VtkEncoding& e) {
  constexpr std::uint64_t kDensest = 1100;  // zlib makes no more than 1032 bytes out of one
  const std::size_t word = e.wide_header ? 8 : 4, begin = in.position();
  const std::string start = in.take(3 * word);
  const std::uint64_t blocks = header_at(start, 0, e), size = header_at(start, 1, e),
                      last = header_at(start, 2, e);
  in.go_to(begin);
  if (blocks == 0) return "";
  if (blocks > in.left() / word) fail(fmt::format("an array claims {} blocks", blocks));
  const std::string header = in.take((3 + blocks) * word);
  std::uint64_t packed = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    packed += std::min<std::uint64_t>(header_at(header, 3 + b, e), in.left() + 1);
  }
  const std::string all = in.take(std::min<std::uint64_t>(packed, in.left() + 1));
  if (last > size) fail("the sizes of compressed blocks make no sense");
  std::string out;
  std::size_t from = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::uint64_t length = header_at(header, 3 + b, e);
    const std::size_t wanted = b + 1 < blocks || last == 0 ? size : last;
    if (wanted / kDensest > length) fail("the sizes of compressed blocks make no sense");
    std::string block(wanted, '\0');
    uLongf got = wanted;
    const int status = uncompress(reinterpret_cast<Bytef*>(block.data()), &got,
                                  reinterpret_cast<const Bytef*>(all.data() + from), length);
    if (status != Z_OK || got != wanted) fail("a compressed block is broken");
    from += length;
    out += block;
  }
  return out;
}

template <class T, class Value>
std::vector<Value> converted(const std::string& bytes, bool swap) {
  if (bytes.size() % sizeof(T) != 0) fail("an array does not hold whole numbers of its type");
  std::vector<Value> out(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const T value = value_at<T>(bytes, i, swap);
    if constexpr (std::is_same_v<T, std::uint64_t>) {
      if (value > std::uint64_t(std::numeric_limits<std::int64_t>::max())) {
        fail("an index is too large");
      }
    }
    out[i] = static_cast<Value>(value);
  }
  return out;
}

template <class Value>
std::vector<Value> parse_numbers(std::string_view text) {
  std::vector<Value> out;
  const char *at = text.data(), *end = text.data() + text.size();
  for (;;) {
    while (at != end && is_blank(*at)) ++at;
    if (at == end) return out;
    Value value{};
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc() || (stop != end && !is_blank(*stop))) {
      const char* word_end = std::find_if(at, end, is_blank);
      fail("found " + text::quoted(std::string(at, word_end)) + ", expected a number");
    }
    out.push_back(value);
    at = stop;
  }
}

std::string bytes_of(const VtkArray& array, const VtkEncoding& encoding) {
  Bytes in(array.data, array.format != VtkArray::Format::appended_raw);
  return encoding.zlib ? read_zlib(in, encoding) : read_plain(in, encoding);
}

}  // namespace

std::vector<double> read_reals(const VtkArray& array, const VtkEncoding& encoding) {
  if (array.type != "Float32" && array.type != "Float64") {
    fail("found points of type " + text::quoted(array.type) + ", expected Float32 or Float64");
  }
  if (array.format == VtkArray::Format::ascii) return parse_numbers<double>(array.data);
  const std::string bytes = bytes_of(array, encoding);
  return array.type == "Float32" ? converted<float, double>(bytes, encoding.big_endian)
                                 : converted<double, double>(bytes, encoding.big_endian);
}

std::vector<std::int64_t> read_integers(const VtkArray& array, const VtkEncoding& encoding) {
  using Integers = std::vector<std::int64_t>;
  using Converter = Integers (*)(const std::string&, bool);
  static const std::vector<std::pair<std::string, Converter>> converters{
      {"Int32", converted<std::int32_t, std::int64_t>},
      {"UInt32", converted<std::uint32_t, std::int64_t>},
      {"Int64", converted<std::int64_t, std::int64_t>},
      {"UInt64", converted<std::uint64_t, std::int64_t>}};
  const auto found = std::find_if(converters.begin(), converters.end(),
                                  [&](const auto& c) { return c.first == array.type; });
  if (found == converters.end()) {
    fail("found indices of type " + text::quoted(array.type) + ", expected Int32 or Int64");
  }
  if (array.format == VtkArray::Format::ascii) return parse_numbers<std::int64_t>(array.data);
  return found->second(bytes_of(array, encoding), encoding.big_endian);
}

}  // namespace thermodose
