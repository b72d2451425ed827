// Implements: geometry/anatomy.h, the extent of parts.
#include "geometry/anatomy.h"

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {

// A part thinner than the spacing shows at some points of the lattice all the same; at its ends the
// box may fall short of it by a little over one spacing.
constexpr double kSpacing = 1e-3, kReserve = 2e-3;  // m
constexpr int kMostPoints = 250;                    // along an axis

void grow(BoundingBox& box, const Vec3& p) {
  for (std::size_t d = 0; d < 3; ++d) {
    box.lower[d] = std::min(box.lower[d], p[d] - kReserve);
    box.upper[d] = std::max(box.upper[d], p[d] + kReserve);
  }
}

}  // namespace

std::vector<BoundingBox> Anatomy::part_bounds() const {
  const BoundingBox all = bounds();
  std::array<int, 3> count{};
  Vec3 step{};
  for (std::size_t d = 0; d < 3; ++d) {
    const double edge = all.upper[d] - all.lower[d];
    count[d] = static_cast<int>(std::clamp(std::ceil(edge / kSpacing), 1.0, double(kMostPoints)));
    step[d] = edge / count[d];
  }
  std::vector<BoundingBox> boxes(
      parts().size(), {{HUGE_VAL, HUGE_VAL, HUGE_VAL}, {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL}});
  for (int k = 0; k <= count[2]; ++k)
    for (int j = 0; j <= count[1]; ++j)
      for (int i = 0; i <= count[0]; ++i) {
        const Vec3 p{all.lower[0] + step[0] * i, all.lower[1] + step[1] * j,
                     all.lower[2] + step[2] * k};
        const int part = part_at(p);
        if (part >= 0) grow(boxes[static_cast<std::size_t>(part)], p);
      }
  for (BoundingBox& box : boxes)
    if (!(box.lower[0] <= box.upper[0])) box = all;
  return boxes;
}

}  // namespace thermodose
