// Implements: geometry/image_text_itk.h.
#include "geometry/image_text_itk.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "base/text.h"
#include "geometry/image_data_itk.h"

namespace thermodose {

namespace {

constexpr std::uintmax_t kLongestHeader = 1U << 22U;

/// All of the text as a number.
template <class T>
std::optional<T> number_of(const std::string& text) {
  const std::size_t from = !text.empty() && text[0] == '+' ? 1 : 0;
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + from, end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace

const std::string* TextHeader::find(const std::string& name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& field) { return field.first == name; });
  return found == fields.end() ? nullptr : &found->second;
}

void TextHeader::complain_of_twins(std::vector<std::string>& problems) const {
  std::set<std::string> seen, told;
  for (const auto& field : fields) {
    if (!seen.insert(field.first).second && told.insert(field.first).second) {
      problems.push_back(field.first + ": appears twice");
    }
  }
}

std::string unexpected(const std::string& field, const std::string& found,
                       const std::string& expected) {
  return field + ": found " + text::quoted(found) + ", expected " + expected;
}

std::optional<std::vector<double>> finite_numbers(const std::string& text, std::size_t count) {
  std::vector<double> out;
  for (const auto& word : text::words(text)) {
    const auto value = number_of<double>(word);
    if (!value || !std::isfinite(*value)) return std::nullopt;
    out.push_back(*value);
  }
  if (out.size() != count) return std::nullopt;
  return out;
}

std::optional<std::int64_t> whole_number(const std::string& text, std::int64_t least,
                                         std::int64_t most) {
  const auto value = number_of<std::int64_t>(text);
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

std::optional<std::array<std::int64_t, 3>> volume_sizes(const std::string& field,
                                                        const std::string* value,
                                                        std::vector<std::string>& problems) {
  constexpr const char* expected = "3 whole numbers above 0";
  if (value == nullptr) {
    problems.push_back(fmt::format("{}: missing, expected {}", field, expected));
    return std::nullopt;
  }
  std::array<std::int64_t, 3> sizes{};
  const auto words = text::words(*value);
  bool good = words.size() == sizes.size(), large = false;
  double voxels = 1;
  for (std::size_t d = 0; good && d < sizes.size(); ++d) {
    const auto size = whole_number(words[d], 1, std::numeric_limits<std::int64_t>::max());
    good = size.has_value();
    sizes[d] = size.value_or(1);
    voxels *= static_cast<double>(sizes[d]);
    large = large || sizes[d] > std::numeric_limits<int>::max() || voxels > kMostVoxelBytes;
  }
  if (good && !large) return sizes;
  problems.push_back(good ? fmt::format("it is too large: {} voxels", fmt::join(sizes, " x "))
                          : unexpected(field, *value, expected));
  return std::nullopt;
}

HeaderLines::HeaderLines(const std::string& path, std::size_t longest)
    : longest_(longest), file_(std::fopen(path.c_str(), "rb")) {}

HeaderLines::~HeaderLines() {
  if (file_ != nullptr) std::fclose(file_);
}

bool HeaderLines::next(std::string& line) {
  line.clear();
  if (file_ == nullptr) return false;
  ++number_;
  bool some = false;
  for (int c = std::getc(file_); c != EOF; c = std::getc(file_)) {
    some = true;
    ++position_;
    if (c == '\n') break;
    line += static_cast<char>(c);
    too_long_ = line.size() > longest_ || position_ > kLongestHeader;
    if (too_long_) return false;
  }
  return some;
}

void HeaderLines::complain(std::vector<std::string>& problems) const {
  if (!too_long_) return;
  problems.push_back(
      fmt::format("line {} of its header is longer than {} characters", number_, longest_));
}

}  // namespace thermodose
