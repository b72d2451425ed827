// Implements: eval_distance.h.
#include "dose/eval_distance.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace thermodose::evaluation {

namespace {

using Point = std::array<float, 3>;
constexpr int kLeaf = 4;
constexpr int kTurned = 512;  // triangles of the largest box that is turned

Point minus(const Point& a, const Point& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
Point along(const Point& a, float s, const Point& d) {
  return {a[0] + s * d[0], a[1] + s * d[1], a[2] + s * d[2]};
}
float product(const Point& a, const Point& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

float square(const Point& a, const Point& b) {
  const Point d = minus(a, b);
  return product(d, d);
}

/// Square of the distance to the segment from a along d; keeps the nearer of it and `best`.
void nearer_segment(const Point& a, const Point& d, const Point& p, float& best, Point& nearest) {
  const float length = product(d, d);
  const float s = length > 0 ? std::clamp(product(minus(p, a), d) / length, 0.0F, 1.0F) : 0.0F;
  const Point q = along(a, s, d);
  const float here = square(p, q);
  if (here < best) {
    best = here;
    nearest = q;
  }
}

/// A triangle to be sorted: three times its centre.
struct Item {
  Point centre;
  int triangle;
};

/// Orders items so that every half of a half is compact: split at the median of the longest side.
void split(Item* first, Item* last) {
  if (last - first <= kLeaf) return;
  Point low = first->centre;
  Point high = low;
  for (const Item* i = first; i != last; ++i) {
    for (std::size_t d = 0; d < 3; ++d) {
      low[d] = std::min(low[d], i->centre[d]);
      high[d] = std::max(high[d], i->centre[d]);
    }
  }
  std::size_t axis = 0;
  for (std::size_t d = 1; d < 3; ++d) {
    if (high[d] - low[d] > high[axis] - low[axis]) axis = d;
  }
  Item* middle = first + (last - first) / 2;
  std::nth_element(first, middle, last, [axis](const Item& a, const Item& b) {
    return a.centre[axis] < b.centre[axis];
  });
  split(first, middle);
  split(middle, last);
}

Point cross_product(const Point& a, const Point& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// A unit vector, or 0 (which excludes nothing).
Point unit(const Point& v) {
  const float length = std::sqrt(product(v, v));
  return length > 0 ? Point{v[0] / length, v[1] / length, v[2] / length} : Point{};
}

}  // namespace

/// Square of the distance. Triangles thinner than 1 : 1000 count as their sides: their plane is not
/// known in single precision, and no point of them is farther from a side than that.
float SurfaceTree::distance(const Triangle& t, const Point& p, Point& nearest) {
  const Point ab = minus(t.b, t.a);
  const Point ac = minus(t.c, t.a);
  const Point ap = minus(p, t.a);
  const float bb = product(ab, ab);
  const float cc = product(ac, ac);
  const float bc = product(ab, ac);
  const float whole = bb * cc - bc * bc;
  if (whole > 1e-6F * (bb + cc) * (bb + cc)) {
    const float pb = product(ap, ab);
    const float pc = product(ap, ac);
    const float u = cc * pb - bc * pc;
    const float v = bb * pc - bc * pb;
    if (u >= 0 && v >= 0 && u + v <= whole) {
      nearest = along(along(t.a, u / whole, ab), v / whole, ac);
      return square(p, nearest);
    }
  }
  float best = std::numeric_limits<float>::infinity();
  nearer_segment(t.a, ab, p, best, nearest);
  nearer_segment(t.a, ac, p, best, nearest);
  nearer_segment(t.b, minus(t.c, t.b), p, best, nearest);
  return best;
}

/// Square of the distance to the box of a node.
float SurfaceTree::distance(const Node& node, const Point& p) {
  float sum = 0;
  for (std::size_t d = 0; d < 3; ++d) {
    const float at = product(node.axes[d], p);
    const float off = std::max(std::max(node.lower[d] - at, at - node.upper[d]), 0.0F);
    sum += off * off;
  }
  return sum;
}

SurfaceTree::SurfaceTree(const Surface& surface) : axisymmetric_(surface.axisymmetric) {
  if (surface.faces.empty()) return;
  for (const Vec3& p : surface.points) centre_ = centre_ + p;
  centre_ = (1.0 / double(surface.points.size())) * centre_;
  const auto local = [&](int i) {
    const Vec3 p = surface.points[i] - centre_;
    return Point{static_cast<float>(p[0]), static_cast<float>(p[1]), static_cast<float>(p[2])};
  };
  triangles_.reserve(surface.faces.size());
  for (const auto& [i, j, k] : surface.faces) {
    Triangle t{local(i), local(j), local(k), {}, 0, 0, int(triangles_.size())};
    t.normal = unit(cross_product(minus(t.b, t.a), minus(t.c, t.a)));
    // Whatever the rounding of the normal, the corners are between these.
    const auto [low, high] =
        std::minmax({product(t.normal, t.a), product(t.normal, t.b), product(t.normal, t.c)});
    t.low = low;
    t.high = high;
    triangles_.push_back(t);
  }
  sort_triangles();
  nodes_.reserve(2 * triangles_.size() / kLeaf + 2);
  build(0, int(triangles_.size()));
  where_.resize(triangles_.size());
  for (std::size_t i = 0; i < triangles_.size(); ++i) where_[triangles_[i].face] = int(i);
}

void SurfaceTree::sort_triangles() {
  std::vector<Item> items;
  items.reserve(triangles_.size());
  for (const Triangle& t : triangles_)
    items.push_back({along(along(t.a, 1, t.b), 1, t.c), int(items.size())});
  split(items.data(), items.data() + items.size());
  std::vector<Triangle> sorted;
  sorted.reserve(triangles_.size());
  for (const Item& item : items) sorted.push_back(triangles_[item.triangle]);
  triangles_.swap(sorted);
}

/// Halves as split() made them.
int SurfaceTree::build(int first, int last) {
  const int here = int(nodes_.size());
  nodes_.push_back(box(first, last));
  if (last - first <= kLeaf) return here;
  const int middle = first + (last - first) / 2;
  nodes_[here].count = 0;
  build(first, middle);
  const int second = build(middle, last);
  nodes_[here].first = second;
  return here;
}

SurfaceTree::Node SurfaceTree::box(int first, int last) const {
  constexpr float inf = std::numeric_limits<float>::infinity();
  Node node{{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
            {inf, inf, inf},
            {-inf, -inf, -inf},
            first,
            last - first};
  Point sum{};
  for (int i = first; i < last; ++i) sum = along(sum, 1, triangles_[i].normal);
  const Point normal = unit(sum);
  const bool flat = product(sum, normal) > 0.7F * float(last - first);
  const bool turned = flat && last - first <= kTurned;
  if (turned) {
    const Point helper = std::abs(normal[0]) < 0.7F ? Point{1, 0, 0} : Point{0, 1, 0};
    const Point u = unit(cross_product(normal, helper));
    node.axes = {normal, u, cross_product(normal, u)};
  }
  for (int i = first; i < last; ++i) {
    for (const Point& p : {triangles_[i].a, triangles_[i].b, triangles_[i].c}) {
      for (std::size_t d = 0; d < 3; ++d) {
        const float at = turned ? product(node.axes[d], p) : p[d];
        node.lower[d] = std::min(node.lower[d], at);
        node.upper[d] = std::max(node.upper[d], at);
      }
    }
  }
  return node;
}

NearestPoint SurfaceTree::nearest(const Vec3& point, double within, int hint) const {
  NearestPoint found;
  if (triangles_.empty()) return found;
  const Vec3 given = axisymmetric_ ? Vec3{std::hypot(point[0], point[1]), 0, point[2]} : point;
  const Vec3 local = given - centre_;
  const Point p{static_cast<float>(local[0]), static_cast<float>(local[1]),
                static_cast<float>(local[2])};
  float best = static_cast<float>(within * within);
  Point at{};
  const auto look = [&](const Triangle& t) {
    const float height = product(t.normal, p);
    const float off = std::max(std::max(t.low - height, height - t.high), 0.0F);
    if (off * off >= best) return;
    Point q;
    const float here = distance(t, p, q);
    if (here >= best) return;
    best = here;
    at = q;
    found.face = t.face;
  };
  if (hint >= 0) look(triangles_[where_[hint]]);
  struct Open {
    int node;
    float distance;
  };
  std::array<Open, 64> stack;
  int open = 0;
  stack[open++] = {0, distance(nodes_[0], p)};
  while (open > 0) {
    const Open next = stack[--open];
    if (next.distance >= best) continue;
    const Node& node = nodes_[next.node];
    if (node.count > 0) {
      for (int i = 0; i < node.count; ++i) look(triangles_[node.first + i]);
      continue;
    }
    Open near{next.node + 1, distance(nodes_[next.node + 1], p)};
    Open far{node.first, distance(nodes_[node.first], p)};
    if (far.distance < near.distance) std::swap(near, far);
    if (far.distance < best) stack[open++] = far;
    if (near.distance < best) stack[open++] = near;
  }
  if (found.face < 0) return found;
  found.distance = std::sqrt(double(best));
  found.point = centre_ + Vec3{double(at[0]), double(at[1]), double(at[2])};
  return found;
}

std::vector<NearestPoint> SurfaceTree::nearest(const std::vector<Vec3>& points) const {
  std::vector<NearestPoint> found;
  found.reserve(points.size());
  int hint = -1;
  for (const Vec3& p : points) {
    found.push_back(nearest(p, std::numeric_limits<double>::infinity(), hint));
    hint = found.back().face;
  }
  return found;
}

}  // namespace thermodose::evaluation
