// Implements: geometry/surface_interior.h.
#include "geometry/surface_interior.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr std::int32_t kSteps = 1 << 30;
constexpr std::size_t kLeaf = 4;
constexpr std::size_t kNoTriangle = std::numeric_limits<std::size_t>::max();
__extension__ using Wide = __int128;

using Point = std::array<std::int32_t, 3>;
using Corners = std::array<Point, 3>;

int sign(std::int64_t x) { return (x > 0) - (x < 0); }

std::int64_t difference(const Point& a, const Point& b, std::size_t d) {
  return std::int64_t(a[d]) - b[d];
}

/// The side of the line a -> b that p + (e, e^2), e -> 0, is on, seen from above: 1 = left. 0 only
/// when a and b lie above each other.
int side(const Point& a, const Point& b, const Point& p) {
  const std::int64_t x = difference(b, a, 0), y = difference(b, a, 1);
  const int s = sign(x * difference(p, a, 1) - y * difference(p, a, 0));
  if (s != 0) return s;
  return y != 0 ? -sign(y) : sign(x);
}

/// 1 when p lies over the triangle's plane on the side that it faces, -1 on the other, 0 on it.
int height(const Corners& t, const Point& p) {
  std::array<std::int64_t, 3> u{}, v{}, w{};
  for (std::size_t d = 0; d < 3; ++d) {
    u[d] = difference(t[1], t[0], d);
    v[d] = difference(t[2], t[0], d);
    w[d] = difference(p, t[0], d);
  }
  const Wide determinant = Wide(u[1] * v[2] - u[2] * v[1]) * w[0] +
                           Wide(u[2] * v[0] - u[0] * v[2]) * w[1] +
                           Wide(u[0] * v[1] - u[1] * v[0]) * w[2];
  return (determinant > 0) - (determinant < 0);
}

/// 1 when the vertical line through p meets a triangle that faces up, -1 down, 0 when it does not.
int over(const Corners& t, const Point& p) {
  const int s = side(t[0], t[1], p);
  return s != 0 && side(t[1], t[2], p) == s && side(t[2], t[0], p) == s ? s : 0;
}

/// True when p is on the closed triangle, which has an area: in its plane, and within its three
/// shadows along the axes (one that is only a line holds every point of the plane).
bool on_triangle(const Corners& t, const Point& p) {
  if (p[2] < std::min({t[0][2], t[1][2], t[2][2]}) || height(t, p) != 0) return false;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::size_t i = (axis + 1) % 3, j = (axis + 2) % 3;
    std::array<int, 3> s{};
    for (std::size_t e = 0; e < 3; ++e) {
      const Point &a = t[e], &b = t[(e + 1) % 3];
      s[e] = sign(difference(b, a, i) * difference(p, a, j) -
                  difference(b, a, j) * difference(p, a, i));
    }
    const auto [low, high] = std::minmax_element(s.begin(), s.end());
    if (*low < 0 && *high > 0) return false;
  }
  return true;
}

bool has_area(const Corners& t) {
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t j = (i + 1) % 3;
    if (difference(t[1], t[0], i) * difference(t[2], t[0], j) !=
        difference(t[1], t[0], j) * difference(t[2], t[0], i))
      return true;
  }
  return false;
}

std::array<std::int32_t, 3> lowest(const Corners& t) {
  std::array<std::int32_t, 3> out{};
  for (std::size_t d = 0; d < 3; ++d) out[d] = std::min({t[0][d], t[1][d], t[2][d]});
  return out;
}

std::array<std::int32_t, 3> highest(const Corners& t) {
  std::array<std::int32_t, 3> out{};
  for (std::size_t d = 0; d < 3; ++d) out[d] = std::max({t[0][d], t[1][d], t[2][d]});
  return out;
}

}  // namespace

SurfaceInterior::SurfaceInterior(const TriangleSurface& surface) {
  box_ = {surface.points.front(), surface.points.front()};
  double longest = 0;
  for (std::size_t d = 0; d < 3; ++d) {
    for (const Vec3& p : surface.points) {
      box_.lower[d] = std::min(box_.lower[d], p[d]);
      box_.upper[d] = std::max(box_.upper[d], p[d]);
    }
    longest = std::max(longest, box_.upper[d] - box_.lower[d]);
  }
  step_ = longest > 0 ? longest / kSteps : 1;
  triangles_.reserve(surface.triangles.size());
  for (const auto& t : surface.triangles) {
    const Corners p{round(surface.points[t[0]]), round(surface.points[t[1]]),
                    round(surface.points[t[2]])};
    if (has_area(p)) triangles_.push_back({p});  // others have neither an inside nor a shadow
  }
  if (!triangles_.empty()) build(0, triangles_.size());
}

SurfaceInterior::Point SurfaceInterior::round(const Vec3& p) const {
  Point out{};
  for (std::size_t d = 0; d < 3; ++d) {
    out[d] = std::int32_t(std::clamp<long>(std::lround((p[d] - box_.lower[d]) / step_), 0, kSteps));
  }
  return out;
}

bool SurfaceInterior::in_box(const Vec3& p) const {
  for (std::size_t d = 0; d < 3; ++d) {
    if (!(p[d] >= box_.lower[d] && p[d] <= box_.upper[d])) return false;
  }
  return true;
}

void SurfaceInterior::build(std::size_t first, std::size_t count) {
  Point low = lowest(triangles_[first].p), high = highest(triangles_[first].p);
  for (std::size_t n = first; n < first + count; ++n) {
    const Point a = lowest(triangles_[n].p), b = highest(triangles_[n].p);
    for (std::size_t d = 0; d < 3; ++d) {
      low[d] = std::min(low[d], a[d]);
      high[d] = std::max(high[d], b[d]);
    }
  }
  const std::size_t here = boxes_.size();
  boxes_.push_back({{low[0], low[1]}, {high[0], high[1]}, high[2], 0, 0, 0});
  if (count <= kLeaf) {
    boxes_[here].first = std::uint32_t(first);
    boxes_[here].count = std::uint32_t(count);
  } else {
    std::size_t axis = 0;
    for (std::size_t d = 1; d < 3; ++d) {
      if (high[d] - low[d] > high[axis] - low[axis]) axis = d;
    }
    const auto begin = triangles_.begin() + std::ptrdiff_t(first);
    const auto middle = [&](const Triangle& t) {
      return std::int64_t(t.p[0][axis]) + t.p[1][axis] + t.p[2][axis];
    };
    std::nth_element(begin, begin + std::ptrdiff_t(count / 2), begin + std::ptrdiff_t(count),
                     [&](const Triangle& a, const Triangle& b) { return middle(a) < middle(b); });
    build(first, count / 2);
    build(first + count / 2, count - count / 2);
  }
  boxes_[here].next = std::uint32_t(boxes_.size());
}

SurfaceInterior::Count SurfaceInterior::count(const Point& p, std::size_t skipped) const {
  Count out;
  for (std::size_t b = 0; b < boxes_.size();) {
    const Box& box = boxes_[b];
    if (p[0] < box.lower[0] || p[0] > box.upper[0] || p[1] < box.lower[1] || p[1] > box.upper[1] ||
        p[2] > box.top) {
      b = box.next;
      continue;
    }
    for (std::size_t n = box.first; n < box.first + box.count; ++n) {
      if (n == skipped) continue;
      const Corners& t = triangles_[n].p;
      // Facing up and the point behind it: the triangle lies over the point.
      const int faces = over(t, p);
      if (faces != 0 && height(t, p) * faces < 0) out.winding += faces;
      out.touched = out.touched || on_triangle(t, p);
    }
    ++b;
  }
  return out;
}

bool SurfaceInterior::contains(const Vec3& p) const {
  if (!in_box(p)) return false;
  const Count c = count(round(p), kNoTriangle);
  return c.touched || c.winding != 0;
}

int SurfaceInterior::winding(const Vec3& p) const {
  if (!in_box(p)) return 0;
  const Count c = count(round(p), kNoTriangle);
  return c.touched ? 0 : c.winding;
}

std::vector<SurfaceInterior::Fault> SurfaceInterior::faults(std::size_t most) const {
  std::vector<Fault> out;
  const std::size_t stride = triangles_.size() / most + 1;
  for (std::size_t n = 0; n < triangles_.size(); n += stride) {
    const Corners& t = triangles_[n].p;
    Point p{};
    for (std::size_t d = 0; d < 3; ++d) {
      p[d] = std::int32_t((std::int64_t(t[0][d]) + t[1][d] + t[2][d]) / 3);
    }
    // Steep or small triangles: the rounded middle is not over them.
    const int faces = over(t, p);
    if (faces == 0) continue;
    const Count c = count(p, n);
    if (c.touched) continue;
    // The other triangles count alike on both sides; the triangle itself lies over what is below.
    const int above = c.winding, below = c.winding + faces;
    Fault f;
    f.front = faces > 0 ? above : below;
    f.behind = faces > 0 ? below : above;
    if (f.front == 0 && f.behind == 1) continue;
    for (std::size_t d = 0; d < 3; ++d) f.at[d] = box_.lower[d] + step_ * p[d];
    out.push_back(f);
  }
  return out;
}

}  // namespace thermodose
