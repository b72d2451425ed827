// Implements: geometry/image_reals_itk.h.
#include "geometry/image_reals_itk.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace thermodose {

namespace {

/// Takes the bytes of a file in pieces, which may end within a number.
template <class Stored, class T>
class NotFinite {
 public:
  NotFinite(const StoredReals& stored, T sign, T* out)
      : skip_(stored.skip),
        left_((static_cast<std::size_t>(stored.bytes.wanted) - stored.skip) / sizeof(Stored)),
        swap_(stored.swapped),
        sign_(sign),
        out_(out) {}

  void take(const char* piece, std::size_t size) {
    const std::size_t skipped = std::min(skip_, size);
    skip_ -= skipped;
    for (std::size_t i = skipped; i < size && left_ > 0; ++i) {
      raw_[swap_ ? sizeof(Stored) - 1 - filled_ : filled_] = piece[i];
      if (++filled_ < sizeof(Stored)) continue;
      filled_ = 0;
      Stored value{};
      std::memcpy(&value, raw_.data(), sizeof(Stored));
      if (!std::isfinite(value)) *out_ = sign_ * static_cast<T>(value);
      ++out_;
      --left_;
    }
  }

 private:
  std::size_t skip_, left_, filled_ = 0;
  bool swap_;
  T sign_;
  T* out_;
  std::array<char, sizeof(Stored)> raw_{};
};

}  // namespace

template <class T>
void copy_not_finite(const StoredReals& stored, T sign, T* out) {
  const auto copy = [&](auto number) {
    NotFinite<decltype(number), T> sink(stored, sign, out);
    for_voxel_bytes(stored.bytes,
                    [&](const char* piece, std::size_t size) { sink.take(piece, size); });
  };
  stored.wide ? copy(double{}) : copy(float{});
}

template void copy_not_finite(const StoredReals&, float, float*);
template void copy_not_finite(const StoredReals&, double, double*);

}  // namespace thermodose
