// Implements: read_surface of geometry/surface_reader.h.
#include "geometry/surface_reader.h"

#include "base/error.h"
#include "base/text.h"
#include "geometry/file_bytes.h"
#include "geometry/vec.h"

namespace thermodose {

namespace {

[[noreturn]] void fail(const std::string& path, const std::string& message) {
  throw InputError(Problem{path, 0, "", message});
}

}  // namespace

SurfaceFile read_surface(const std::string& path, double metres) {
  const std::string extension = file_ending(path);
  if (extension != ".stl" && extension != ".vtp") {
    fail(path, "found the ending " + text::quoted(extension) + ", expected .stl or .vtp");
  }
  const std::string bytes = read_file_bytes(path);
  SurfaceFile out = extension == ".stl" ? parse_stl(path, bytes) : parse_vtp(path, bytes);
  for (Vec3& p : out.surface.points) p = metres * p;
  return out;
}

}  // namespace thermodose
