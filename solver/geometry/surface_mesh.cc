#include "geometry/surface_mesh.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "geometry/surface_labels.h"
#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFFU;

/// A triangle by the lattice edges its corners lie on: pairs of corners of the cube (bits x, y, z).
using CubeTriangle = std::array<std::array<int, 2>, 3>;

Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Vec3 corner(int c) { return {double(c & 1), double((c >> 1) & 1), double((c >> 2) & 1)}; }

Vec3 middle(const std::array<int, 2>& edge) { return 0.5 * (corner(edge[0]) + corner(edge[1])); }

/// Turns the triangle so that it faces from the inner towards the outer corners of the
/// tetrahedron. With vertices in the middle of the edges it is never degenerate.
CubeTriangle facing(CubeTriangle t, const Vec3& outwards) {
  const Vec3 a = middle(t[0]), b = middle(t[1]), c = middle(t[2]);
  if (dot(cross(b - a, c - a), outwards) < 0) std::swap(t[1], t[2]);
  return t;
}

/// Triangles of one tetrahedron whose corners (numbers of cube corners, increasing) are inside as
/// `mask` says.
std::vector<CubeTriangle> tetrahedron_triangles(const std::array<int, 4>& tet, int mask) {
  std::vector<int> in, out;
  for (int i = 0; i < 4; ++i) (((mask >> i) & 1) != 0 ? in : out).push_back(tet[i]);
  if (in.empty() || out.empty()) return {};
  Vec3 outwards{};
  for (const int c : out) outwards = outwards + (1. / double(out.size())) * corner(c);
  for (const int c : in) outwards = outwards - (1. / double(in.size())) * corner(c);
  const auto edge = [](int a, int b) { return std::array<int, 2>{std::min(a, b), std::max(a, b)}; };
  if (in.size() == 2) {
    const auto a = edge(in[0], out[0]), b = edge(in[0], out[1]), c = edge(in[1], out[1]),
               d = edge(in[1], out[0]);
    return {facing({a, b, c}, outwards), facing({a, c, d}, outwards)};
  }
  const int single = in.size() == 1 ? in[0] : out[0];
  const auto& others = in.size() == 1 ? out : in;
  return {facing({edge(single, others[0]), edge(single, others[1]), edge(single, others[2])},
                 outwards)};
}

/// Triangles of a cube for each of the 256 sets of inner corners.
std::vector<std::vector<CubeTriangle>> make_cube_table() {
  std::vector<std::vector<CubeTriangle>> table(256);
  std::array<int, 3> axes{1, 2, 4};
  do {
    const std::array<int, 4> tet{0, axes[0], axes[0] | axes[1], 7};
    for (int cube = 0; cube < 256; ++cube) {
      int mask = 0;
      for (int i = 0; i < 4; ++i) mask |= ((cube >> tet[i]) & 1) << i;
      for (const auto& t : tetrahedron_triangles(tet, mask)) table[std::size_t(cube)].push_back(t);
    }
  } while (std::next_permutation(axes.begin(), axes.end()));
  return table;
}

/// Walks the lattice from layer to layer.
class Marcher {
 public:
  Marcher(const std::function<bool(const Vec3&)>& inside, const BoundingBox& box, double spacing)
      : inside_(inside), box_(box), spacing_(spacing) {
    for (int i = 0; i < 3; ++i) {
      const double size = box.upper[i] - box.lower[i];
      nodes_[i] = int(std::ceil(size / spacing)) + 2;
      // The outermost nodes lie outside the box, by the same distance on both sides.
      origin_[i] = (box.lower[i] + box.upper[i] - spacing * (nodes_[i] - 1)) / 2;
    }
    layer_ = std::size_t(nodes_[0]) * std::size_t(nodes_[1]);
    for (auto& set : sets_) set.resize(layer_);
    for (auto& edges : vertices_) edges.assign(layer_ * 7, kNone);
  }

  TriangleSurface run() {
    sample(0, sets_[0]);
    for (int k = 0; k + 1 < nodes_[2]; ++k) {
      sample(k + 1, sets_[1]);
      for (int j = 0; j + 1 < nodes_[1]; ++j) {
        for (int i = 0; i + 1 < nodes_[0]; ++i) march(i, j, k);
      }
      std::swap(sets_[0], sets_[1]);
      std::swap(vertices_[0], vertices_[1]);
      std::fill(vertices_[1].begin(), vertices_[1].end(), kNone);
    }
    return std::move(surface_);
  }

 private:
  bool is_inside(const Vec3& p) const {
    for (int i = 0; i < 3; ++i) {
      if (p[i] < box_.lower[i] || p[i] > box_.upper[i]) return false;
    }
    return inside_(p);
  }
  Vec3 node(int i, int j, int k) const {
    return origin_ + spacing_ * Vec3{double(i), double(j), double(k)};
  }
  std::size_t index(int i, int j) const {
    return std::size_t(j) * std::size_t(nodes_[0]) + std::size_t(i);
  }

  void sample(int k, std::vector<char>& set) const {
    for (int j = 0; j < nodes_[1]; ++j) {
      for (int i = 0; i < nodes_[0]; ++i) set[index(i, j)] = char(is_inside(node(i, j, k)));
    }
  }

  void march(int i, int j, int k) {
    static const auto table = make_cube_table();
    int cube = 0;
    for (int c = 0; c < 8; ++c) {
      cube |= int(sets_[(c >> 2) & 1][index(i + (c & 1), j + ((c >> 1) & 1))]) << c;
    }
    for (const CubeTriangle& t : table[std::size_t(cube)]) {
      std::array<std::uint32_t, 3> triangle{};
      for (int n = 0; n < 3; ++n) triangle[n] = vertex(i, j, k, t[n][0], t[n][1]);
      surface_.triangles.push_back(triangle);
    }
  }

  /// The vertex on the lattice edge between corners a and b of a cube; b has all bits of a.
  std::uint32_t vertex(int i, int j, int k, int a, int b) {
    const int ai = i + (a & 1), aj = j + ((a >> 1) & 1), ak = k + ((a >> 2) & 1);
    const int direction = (a ^ b) - 1;
    std::uint32_t& slot = vertices_[(a >> 2) & 1][index(ai, aj) * 7 + std::size_t(direction)];
    if (slot != kNone) return slot;
    const Vec3 from = node(ai, aj, ak), step = spacing_ * (corner(b) - corner(a));
    slot = std::uint32_t(surface_.points.size());
    surface_.points.push_back(from + crossing(from, step) * step);
    return slot;
  }

  /// Share of the edge at which the set begins or ends, to 1/4096. Kept off the nodes, so that no
  /// two vertices fall together in single precision.
  double crossing(const Vec3& from, const Vec3& step) const {
    const bool begin = is_inside(from);
    double low = 0, high = 1;
    for (int n = 0; n < 12; ++n) {
      const double mid = (low + high) / 2;
      (is_inside(from + mid * step) == begin ? low : high) = mid;
    }
    return std::clamp((low + high) / 2, 0.02, 0.98);
  }

  const std::function<bool(const Vec3&)>& inside_;
  BoundingBox box_;
  double spacing_;
  std::array<int, 3> nodes_{};
  Vec3 origin_{};
  std::size_t layer_ = 0;
  /// Of the lower and the upper layer: nodes that are inside, and vertices on the seven edges that
  /// begin at a node.
  std::array<std::vector<char>, 2> sets_;
  std::array<std::vector<std::uint32_t>, 2> vertices_;
  TriangleSurface surface_;
};

}  // namespace

TriangleSurface extract_surface(const std::function<bool(const Vec3&)>& inside,
                                const BoundingBox& box, double spacing) {
  check_sampling(box, spacing);
  return Marcher(inside, box, spacing).run();
}

TriangleSurface extract_part(const Anatomy& anatomy, const std::string& part, double spacing,
                             const BoundingBox& box) {
  std::vector<std::string> names;
  for (const auto& p : anatomy.parts()) names.push_back(p.name);
  const auto found = std::find(names.begin(), names.end(), part);
  if (found == names.end()) {
    throw InputError(Problem{"", 0, "part",
                             "found " + text::quoted(part) + ", expected one of " +
                                 text::list(names, "or") + text::did_you_mean(part, names)});
  }
  const int wanted = int(found - names.begin());
  return extract_surface([&](const Vec3& p) { return anatomy.part_at(p) == wanted; }, box, spacing);
}

TriangleSurface extract_part(const Anatomy& anatomy, const std::string& part, double spacing) {
  return extract_part(anatomy, part, spacing, anatomy.bounds());
}

double enclosed_volume(const TriangleSurface& surface) {
  if (surface.points.empty()) return 0;
  const Vec3 base = surface.points.front();  // near the surface: less cancellation
  double six = 0;
  for (const auto& t : surface.triangles) {
    const Vec3 a = surface.points[t[0]] - base, b = surface.points[t[1]] - base,
               c = surface.points[t[2]] - base;
    six += dot(a, cross(b, c));
  }
  return six / 6;
}

std::size_t open_edges(const TriangleSurface& surface) {
  std::vector<std::uint64_t> forth, back;
  for (const auto& t : surface.triangles) {
    for (int i = 0; i < 3; ++i) {
      const std::uint64_t a = t[i], b = t[(i + 1) % 3];
      forth.push_back(a << 32U | b);
      back.push_back(b << 32U | a);
    }
  }
  std::sort(forth.begin(), forth.end());
  std::sort(back.begin(), back.end());
  std::size_t open = 0;
  for (std::size_t i = 0; i < forth.size(); ++i) {
    const bool twice = i > 0 && forth[i] == forth[i - 1];
    const bool matched = std::binary_search(back.begin(), back.end(), forth[i]);
    if (twice || !matched) ++open;
  }
  return open;
}

}  // namespace thermodose
