// Inside the image module: real numbers in the bytes of a file that are not finite.
// Implements: NaN and infinity put back into voxels in which a library has replaced them.
#pragma once

#include <cstddef>

#include "geometry/image_data_itk.h"

namespace thermodose {

/// Numbers of IEEE 754 from byte bytes.from + skip on, as far as bytes.wanted.
struct StoredReals {
  VoxelBytes bytes;
  std::size_t skip = 0;  ///< of the bytes when they are not compressed
  bool wide = false;     ///< 64 bits, else 32
  bool swapped = false;  ///< the byte order is not that of this machine
};

/// Writes `sign` times each number that is not finite over its place in `out`, T = float or double.
template <class T>
void copy_not_finite(const StoredReals& stored, T sign, T* out);

}  // namespace thermodose
