// Implements: read_surface of geometry/surface_reader.h.
#include "geometry/surface_reader.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/text.h"
#include "geometry/vec.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string& path, const std::string& message) {
  throw InputError(Problem{path, 0, "", message});
}

std::string extension_of(const std::string& path) {
  std::string out = fs::path(path).extension().string();
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return char(std::tolower(c)); });
  return out;
}

std::string read_bytes(const std::string& path) {
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

}  // namespace

SurfaceFile read_surface(const std::string& path, double metres) {
  const std::string extension = extension_of(path);
  if (extension != ".stl" && extension != ".vtp") {
    fail(path, "found the ending " + text::quoted(extension) + ", expected .stl or .vtp");
  }
  const std::string bytes = read_bytes(path);
  SurfaceFile out = extension == ".stl" ? parse_stl(path, bytes) : parse_vtp(path, bytes);
  for (Vec3& p : out.surface.points) p = metres * p;
  return out;
}

}  // namespace thermodose
