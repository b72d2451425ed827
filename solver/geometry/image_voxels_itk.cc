// Implements: geometry/image_voxels_itk.h.
#include "geometry/image_voxels_itk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <type_traits>
#include <unordered_map>

namespace thermodose {

namespace {

constexpr std::size_t kMostLabels = 65535;

/// Labels of a volume, numbered in the order in which they are met.
template <class T>
class Collector {
 public:
  explicit Collector(LabelImage& image) : image_(image) {}

  void run(const T* data, std::size_t n, std::vector<std::string>& problems) {
    image_.index.resize(n);
    T last{};
    std::uint16_t position = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const T value = data[i];
      if (i == 0 || value != last) {  // neighbours are mostly equal; NaN never is
        if (!is_label(value)) {
          if (bad_++ == 0) first_bad_ = i;
          continue;
        }
        position = number(value);
        last = value;
        if (image_.values.size() > kMostLabels) {
          problems.push_back(fmt::format(
              "it has more than {} different labels: this is no label map", kMostLabels));
          return;
        }
      }
      image_.index[i] = position;
    }
    if (bad_ > 0) {
      const auto& size = image_.grid.size;
      const auto across = static_cast<std::size_t>(size[0]),
                 rows = static_cast<std::size_t>(size[1]);
      problems.push_back(
          fmt::format("{} voxels are not whole numbers, the first is {} at voxel ({}, {}, {}): "
                      "this is no label "
                      "map, or it was resampled with interpolation",
                      bad_, data[first_bad_], first_bad_ % across, first_bad_ / across % rows,
                      first_bad_ / across / rows));
    }
  }

 private:
  static bool is_label(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      return value == std::floor(value) && std::fabs(value) <= 9007199254740992.0;  // 2^53
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
      return value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    } else {
      return true;
    }
  }
  std::uint16_t number(T value) {
    // By way of int: labels of signed bytes may be negative, they are no characters.
    using Number = std::conditional_t<sizeof(T) == 1, int, T>;
    const auto label = static_cast<std::int64_t>(static_cast<Number>(value));
    const auto [found, is_new] =
        known_.emplace(label, static_cast<std::uint16_t>(image_.values.size()));
    if (is_new) image_.values.push_back(label);
    return found->second;
  }

  LabelImage& image_;
  std::unordered_map<std::int64_t, std::uint16_t> known_;
  std::size_t bad_ = 0, first_bad_ = 0;
};

/// Numbers the labels in increasing order.
void sort_values(LabelImage& image) {
  std::vector<std::size_t> order(image.values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return image.values[a] < image.values[b]; });
  std::vector<std::uint16_t> place(order.size());
  std::vector<std::int64_t> sorted(order.size());
  for (std::size_t n = 0; n < order.size(); ++n) {
    place[order[n]] = static_cast<std::uint16_t>(n);
    sorted[n] = image.values[order[n]];
  }
  image.values = std::move(sorted);
  for (auto& i : image.index) i = place[i];
}

template <class T>
void labels_as(const void* data, LabelImage& image, std::vector<std::string>& problems) {
  Collector<T>(image).run(static_cast<const T*>(data), image.grid.voxels(), problems);
  if (problems.empty()) sort_values(image);
}

/// Calls work(T{}) with the type of C++ of a type of voxel. False when there is none.
template <class Work>
bool with_type(Number type, const Work& work) {
  switch (type) {
    case Number::u8:
      return work(std::uint8_t{}), true;
    case Number::i8:
      return work(std::int8_t{}), true;
    case Number::u16:
      return work(std::uint16_t{}), true;
    case Number::i16:
      return work(std::int16_t{}), true;
    case Number::u32:
      return work(std::uint32_t{}), true;
    case Number::i32:
      return work(std::int32_t{}), true;
    case Number::u64:
      return work(std::uint64_t{}), true;
    case Number::i64:
      return work(std::int64_t{}), true;
    case Number::f32:
      return work(float{}), true;
    case Number::f64:
      return work(double{}), true;
    default:
      return false;
  }
}

constexpr const char* kNoNumber = "its type of voxel is not supported";

}  // namespace

void collect_labels(Number type, const void* data, LabelImage& image,
                    std::vector<std::string>& problems) {
  const bool known =
      with_type(type, [&](auto number) { labels_as<decltype(number)>(data, image, problems); });
  if (!known) problems.emplace_back(kNoNumber);
}

void collect_values(Number type, const void* data, ValueImage& image,
                    std::vector<std::string>& problems) {
  const bool known = with_type(type, [&](auto number) {
    using T = decltype(number);
    const T* const first = static_cast<const T*>(data);
    image.values.resize(image.grid.voxels());
    std::transform(first, first + image.values.size(), image.values.begin(),
                   [](T value) { return static_cast<float>(value); });
  });
  if (!known) problems.emplace_back(kNoNumber);
}

}  // namespace thermodose
