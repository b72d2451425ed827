#include "fem/active_box.h"

#include <algorithm>
#include <cmath>

namespace thermodose {

void ActiveBox::shrink_to(const std::vector<std::array<int, 3>>& keep, int margin) {
  if (keep.empty()) return;
  lo = hi = keep.front();
  for (const auto& node : keep)
    for (std::size_t c = 0; c < 3; ++c) {
      lo[c] = std::min(lo[c], node[c]);
      hi[c] = std::max(hi[c], node[c]);
    }
  for (std::size_t c = 0; c < 3; ++c) {
    lo[c] = std::max(0, lo[c] - margin);
    hi[c] = std::min(nodes_[c], hi[c] + margin + 1);
  }
}

template <class Real>
bool ActiveBox::moved(const Real* y, Real threshold, int axis, int plane) const {
  std::array<int, 3> a = lo, b = hi;
  a[static_cast<std::size_t>(axis)] = plane;
  b[static_cast<std::size_t>(axis)] = plane + 1;
  for (int k = a[2]; k < b[2]; ++k)
    for (int j = a[1]; j < b[1]; ++j) {
      const Real* row = y + (static_cast<std::size_t>(k) * static_cast<std::size_t>(nodes_[1]) +
                             static_cast<std::size_t>(j)) *
                                static_cast<std::size_t>(nodes_[0]);
      Real largest = 0;
#pragma omp simd reduction(max : largest)
      for (int i = a[0]; i < b[0]; ++i) largest = std::max(largest, std::abs(row[i]));
      if (largest > threshold) return true;
    }
  return false;
}

template <class Real>
bool ActiveBox::grow(const Real* y, Real threshold, int by) {
  const ActiveBox old = *this;
  for (int axis = 0; axis < 3; ++axis) {
    const auto c = static_cast<std::size_t>(axis);
    if (old.lo[c] > 0 && old.moved(y, threshold, axis, old.lo[c] + 1))
      lo[c] = std::max(0, old.lo[c] - by);
    if (old.hi[c] < nodes_[c] && old.moved(y, threshold, axis, old.hi[c] - 2))
      hi[c] = std::min(nodes_[c], old.hi[c] + by);
  }
  return lo != old.lo || hi != old.hi;
}

std::vector<NodeRun> ActiveBox::runs(const std::vector<std::size_t>& row_spans,
                                     const std::vector<LawSpan>& spans) const {
  std::vector<NodeRun> out;
  const auto width = static_cast<std::size_t>(nodes_[0]);
  for (int k = lo[2]; k < hi[2]; ++k)
    for (int j = lo[1]; j < hi[1]; ++j) {
      const std::size_t row = static_cast<std::size_t>(j) +
                              static_cast<std::size_t>(nodes_[1]) * static_cast<std::size_t>(k);
      int begin = lo[0];
      for (std::size_t n = row_spans[row]; n < row_spans[row + 1] && begin < hi[0]; ++n) {
        const int end = std::min(spans[n].end, hi[0]);
        if (end <= begin) continue;
        const std::size_t at = row * width;
        out.push_back({at + static_cast<std::size_t>(begin), at + static_cast<std::size_t>(end),
                       spans[n].law});
        begin = end;
      }
    }
  return out;
}

std::size_t ActiveBox::cells() const {
  std::size_t n = 1;
  for (std::size_t c = 0; c < 3; ++c) n *= static_cast<std::size_t>(hi[c] - lo[c]);
  return n;
}

double drift_at_rest(const SegmentLaw& law, double horizon) {
  if (law.source_at_reference == 0) return 0;
  const double rate = -law.source_slope(0);
  const double time = rate > 0 ? -std::expm1(-rate * horizon) / rate : horizon;
  return std::abs(law.source_at_reference) * time / law.capacity(0);
}

template bool ActiveBox::grow<float>(const float*, float, int);
template bool ActiveBox::grow<double>(const double*, double, int);

}  // namespace thermodose
