// Implements: run_directory.h.
#include "output/run_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "output/atomic_file.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {
/// Every file a run writes whole, in the order in which those of an earlier run go: without
/// summary.json the others do not look complete. run.log is truncated when it is opened.
constexpr const char* kAtomicNames[] = {"summary.json", "fields.xdmf", "fields.h5",
                                        "results.h5",   "traces.csv",  "case.resolved.yaml"};

/// Results of somebody else that have our names are not ours to remove.
void refuse_foreign(const fs::path& path) {
  std::error_code ignored;
  for (const char* own : {"run.log", "case.resolved.yaml"})
    if (fs::exists(path / own, ignored)) return;
  for (const char* name : kAtomicNames)
    if (fs::exists(path / name, ignored))
      throw IoError(
          fmt::format("cannot use {} as output directory: it holds a file {} that no run of "
                      "thermodose wrote (a "
                      "run leaves run.log beside it); choose another -o",
                      path.string(), name));
}

}  // namespace

RunDirectory::RunDirectory(const std::string& path) : path_(path) {
  std::error_code error;
  fs::create_directories(path_, error);
  std::error_code ignored;  // a name that is too long is neither
  if (!fs::is_directory(path_, ignored)) {
    const std::string reason = fs::exists(path_, ignored)
                                   ? "it exists and is not a directory"
                                   : (error ? error.message() : std::string("unknown reason"));
    throw IoError(fmt::format("cannot use {} as output directory: {}", path_, reason));
  }
  refuse_foreign(path_);
  lock();
  for (const char* name : kAtomicNames) {
    remove_if_exists(file(name));
    remove_if_exists(part_name(file(name)));
  }
  remove_older_folder(surfaces());
  remove_older_folder(images());
  // Whether files can be created shows only when one is.
  const std::string probe = file(".thermodose.part");
  AtomicFile(probe.substr(0, probe.size() - 5)).write("");
  remove_if_exists(probe);
}

RunDirectory::~RunDirectory() {
  if (lock_ >= 0) close(lock_);
}

void RunDirectory::remove_older_folder(const std::string& folder) const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    for (const char* own : {"lesion_", "target_", "dose_"})
      if (name.rfind(own, 0) == 0 && entry.is_regular_file(ignored))
        remove_if_exists(entry.path().string());
  }
  fs::remove(folder, ignored);  // when it is empty
}

void RunDirectory::lock() {
  lock_ = open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // A file system without locks (some network ones) is no reason not to run.
  if (lock_ < 0 || flock(lock_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  close(lock_);
  lock_ = -1;
  throw IoError(fmt::format(
      "cannot use {} as output directory: another run is writing there; choose another -o", path_));
}

std::string RunDirectory::file(const std::string& name) const {
  return (fs::path(path_) / name).string();
}

}  // namespace thermodose
