// A HDF5 file being written.
// Implements: the few operations the writers need, with every failure an IoError that names the
// file and the reason, and nothing printed by the library.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "output/hdf5_driver.h"

namespace thermodose {

class Hdf5File {
 public:
  /// Creates or truncates.
  explicit Hdf5File(const std::string& path);
  ~Hdf5File();
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;

  /// Makes a group with its parents; no error when it exists.
  void group(const std::string& name);

  /// Attributes of an existing group or dataset ("/" = the file).
  void attribute(const std::string& object, const std::string& name, const std::string& value);
  void attribute(const std::string& object, const std::string& name, double value);
  void attribute(const std::string& object, const std::string& name, std::int64_t value);
  void attribute(const std::string& object, const std::string& name,
                 const std::vector<std::string>& values);

  /// Small tables, contiguous, row-major.
  void table(const std::string& name, const std::vector<std::uint64_t>& shape,
             const std::vector<double>& values);
  void table(const std::string& name, const std::vector<std::uint64_t>& shape,
             const std::vector<std::int32_t>& values);
  void table(const std::string& name, const std::vector<std::uint64_t>& shape,
             const std::vector<float>& values);

  /// Large arrays in blocks (up to 3 dimensions, slowest first). A block that holds the first
  /// value of the array throughout takes no space. gzip_level 0 = not compressed.
  void field(const std::string& name, const std::vector<std::uint64_t>& shape, const float* values,
             int gzip_level);
  void field(const std::string& name, const std::vector<std::uint64_t>& shape,
             const std::int32_t* values, int gzip_level);

  /// Writes what the library still holds and closes.
  void close();

 private:
  /// Throws what the disk said, if it said anything; else a failure of HDF5 itself.
  void check(bool good, const std::string& what) const;

  std::string path_;
  std::unique_ptr<Hdf5Target> target_;
  std::int64_t file_ = -1;
};

}  // namespace thermodose
