// Implements: loading of the mesh module (see mesh_module.h): beside the program, then in
// ../lib/thermodose, then wherever the system's loader looks.
#include "fem/mesh_module.h"

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

const MeshModule& load() {
  const std::string name = "libthermodose_mesh.so", here = program_directory();
  std::string tried;
  for (const std::string& path :
       {fmt::format("{}{}", here, name), fmt::format("{}../lib/thermodose/{}", here, name), name}) {
    // Local: none of the module's many libraries may answer for the program's own (HDF5).
    void* handle = dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (handle == nullptr) {
      const char* why = dlerror();
      tried += fmt::format("\n  {}", why != nullptr ? why : path);
      continue;
    }
    void* entry = dlsym(handle, kMeshModuleEntry);
    if (entry != nullptr) return *reinterpret_cast<MeshModuleEntry>(entry)();
    tried += fmt::format("\n  {}: no entry {}", path, kMeshModuleEntry);
  }
  throw SolverError("the module of the mesh engine could not be loaded:" + tried);
}

}  // namespace

const MeshModule& mesh_module() {
  static const MeshModule& module = load();
  return module;
}

}  // namespace thermodose
