// How HDF5 reaches the disk.
// Implements: a file driver for HDF5 that never tells the library of a failed write. HDF5 1.10
// cannot survive one: blocks it could not flush stay in its caches and closing the file, or the
// end of the program, crashes. Here the first failure is kept with the system's reason, later
// writes are dropped, the library closes in good order, and the owner throws what was kept.
#pragma once

#include <cstdint>

namespace thermodose {

/// An open file and what went wrong with it. Outlives the HDF5 file that uses it.
struct Hdf5Target {
  int descriptor = -1;
  int error = 0;  ///< errno of the first failure; 0 = none
};

/// A file access property list (to be closed with H5Pclose) whose files are `target`, whatever
/// name they are opened with. Negative when HDF5 refuses.
std::int64_t hdf5_access_to(Hdf5Target& target);

}  // namespace thermodose
