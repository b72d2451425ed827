// Files that are whole or not there.
// Implements: text files written to NAME.part, flushed to the disk and renamed to NAME.
#pragma once

#include <string>

namespace thermodose {

/// A text file that appears under its name only by commit(). Without commit (an exception, a
/// kill, a full disk) only NAME.part is left. Every failure is an IoError with path and reason.
class AtomicFile {
 public:
  /// Opens PATH.part, replacing a stale one.
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(const std::string& text);
  /// Flushes to the disk and renames. The object takes no more text afterwards.
  void commit();

 private:
  std::string path_;
  int descriptor_ = -1;
};

/// Writes a whole text file at once.
void write_file_atomically(const std::string& path, const std::string& text);

/// PATH.part, the name under which an unfinished file stands.
std::string part_name(const std::string& path);
/// Flushes PATH.part to the disk and renames it to PATH. Throws IoError.
void publish_part(const std::string& path);
/// Removes a file if it exists. Throws IoError when it exists and stays.
void remove_if_exists(const std::string& path);

}  // namespace thermodose
