// Implements: geometry/file_bytes.h.
#include "geometry/file_bytes.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string& path, const std::string& message) {
  throw InputError(Problem{path, 0, "", message});
}

}  // namespace

std::string file_ending(const std::string& path) {
  std::string out = fs::path(path).extension().string();
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return char(std::tolower(c)); });
  return out;
}

std::string read_file_bytes(const std::string& path) {
  constexpr std::uintmax_t kLargest = std::uintmax_t(4) << 30U;
  std::error_code error;
  if (!fs::exists(path, error)) fail(path, "there is no such file");
  if (!fs::is_regular_file(path, error)) fail(path, "it is not a file");
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) fail(path, "it cannot be read: " + error.message());
  if (size == 0) fail(path, "it is empty");
  if (size > kLargest) fail(path, "it is larger than 4 GiB");
  std::string bytes(size, '\0');
  std::ifstream in(path, std::ios::binary);
  if (!in.read(bytes.data(), std::streamsize(size))) fail(path, "it cannot be read");
  return bytes;
}

}  // namespace thermodose
