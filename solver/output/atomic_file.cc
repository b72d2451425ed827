// Implements: atomic_file.h with POSIX calls, the only way to know that bytes reached the disk.
#include "output/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.h"

namespace thermodose {

namespace {

[[noreturn]] void fail(const char* what, const std::string& path, int error) {
  throw IoError(fmt::format("cannot {} {}: {}", what, path, std::strerror(error)));
}

/// Flushes a file or directory to the disk. A file system that cannot (EINVAL) is no failure.
void flush(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) fail("open", path, errno);
  const int result = ::fsync(descriptor);
  const int error = errno;
  static_cast<void>(::close(descriptor));  // nothing was written through this descriptor
  if (result != 0 && error != EINVAL && error != EROFS) fail("flush to the disk", path, error);
}

std::string parent_of(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

}  // namespace

std::string part_name(const std::string& path) { return path + ".part"; }

void publish_part(const std::string& path) {
  const std::string part = part_name(path);
  flush(part, O_RDONLY);
  if (std::rename(part.c_str(), path.c_str()) != 0) fail("rename to its final name", part, errno);
  flush(parent_of(path), O_RDONLY | O_DIRECTORY);
}

void remove_if_exists(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail("remove", path, errno);
}

AtomicFile::AtomicFile(const std::string& path) : path_(path) {
  const std::string part = part_name(path);
  descriptor_ = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("create", part, errno);
}

AtomicFile::~AtomicFile() {
  // Not committed: the .part stays for inspection, errors no longer matter.
  if (descriptor_ >= 0) static_cast<void>(::close(descriptor_));
}

void AtomicFile::write(const std::string& text) {
  assert(descriptor_ >= 0 && "write after commit");
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(descriptor_, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write", part_name(path_), errno);
    done += static_cast<std::size_t>(written);
  }
}

void AtomicFile::commit() {
  assert(descriptor_ >= 0 && "commit twice");
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (::close(descriptor) != 0) fail("close", part_name(path_), errno);
  publish_part(path_);
}

void write_file_atomically(const std::string& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace thermodose
