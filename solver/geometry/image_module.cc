// Implements: loading of the image module (see image_module.h): beside the program, then in
// ../lib/thermodose, then wherever the system's loader looks.
#include "geometry/image_module.h"

#include <dlfcn.h>
#include <unistd.h>

#include <array>

#include <fmt/format.h>

#include "base/error.h"

namespace thermodose {

namespace {

std::string program_directory() {
  std::array<char, 4096> path{};
  const ssize_t n = readlink("/proc/self/exe", path.data(), path.size() - 1);
  if (n <= 0) return {};
  const std::string whole(path.data(), static_cast<std::size_t>(n));
  return whole.substr(0, whole.rfind('/') + 1);
}

const ImageModule& load() {
  const std::string name = "libthermodose_image.so", here = program_directory();
  std::string tried;
  for (const std::string& path :
       {fmt::format("{}{}", here, name), fmt::format("{}../lib/thermodose/{}", here, name), name}) {
    // Local: ITK brings libraries that the program may hold in another version.
    void* handle = dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (handle == nullptr) {
      const char* why = dlerror();
      tried += fmt::format("\n  {}", why != nullptr ? why : path);
      continue;
    }
    void* entry = dlsym(handle, kImageModuleEntry);
    if (entry != nullptr) return *reinterpret_cast<ImageModuleEntry>(entry)();
    tried += fmt::format("\n  {}: no entry {}", path, kImageModuleEntry);
  }
  throw IoError("the module that reads and writes medical images could not be loaded:" + tried);
}

}  // namespace

const ImageModule& image_module() {
  static const ImageModule& module = load();
  return module;
}

}  // namespace thermodose
