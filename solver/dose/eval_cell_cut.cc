// Implements: eval_cell_cut.h.
#include "dose/eval_cell_cut.h"

#include <cassert>

namespace thermodose::evaluation {

namespace {

using Pieces = std::vector<std::array<std::uint8_t, 3>>;
using Face = std::array<std::uint8_t, 4>;

/// Corners of the faces, counter-clockwise seen from outside.
constexpr std::array<Face, 6> kFaces{
    {{0, 4, 6, 2}, {1, 3, 7, 5}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 2, 3, 1}, {4, 5, 7, 6}}};
constexpr Face kQuad{0, 1, 3, 2};
constexpr std::uint8_t kNone = 255;

std::uint8_t edge_between(std::uint8_t a, std::uint8_t b) {
  for (std::size_t e = 0; e < kCellEdges.size(); ++e) {
    const auto [p, q] = kCellEdges[e];
    if ((p == a && q == b) || (p == b && q == a)) return static_cast<std::uint8_t>(e);
  }
  assert(false && "corners of a face are joined by edges");
  return kNone;
}

/// Links the cut edges of one face: next[entry] = exit for every run of inside corners.
template <class Link>
void follow_face(const Face& face, unsigned pattern, const Link& link) {
  const auto inside = [&](std::size_t i) { return (pattern >> face[i % 4] & 1U) != 0; };
  for (std::size_t a = 0; a < 4; ++a) {
    if (!inside(a) || inside(a + 3)) continue;  // a run begins where the corner before is outside
    std::size_t b = a;
    while (inside(b + 1)) ++b;
    link(edge_between(face[(a + 3) % 4], face[a]), edge_between(face[b % 4], face[(b + 1) % 4]));
  }
}

Pieces cut_cube(unsigned pattern) {
  std::array<std::uint8_t, 12> next;
  next.fill(kNone);
  for (const Face& face : kFaces) {
    follow_face(face, pattern, [&](std::uint8_t entry, std::uint8_t exit) { next[entry] = exit; });
  }
  Pieces triangles;
  for (std::uint8_t e = 0; e < 12; ++e) {
    std::vector<std::uint8_t> loop;
    for (std::uint8_t at = e; next[at] != kNone;) {
      loop.push_back(at);
      const std::uint8_t to = next[at];
      next[at] = kNone;
      at = to;
    }
    for (std::size_t i = 2; i < loop.size(); ++i)
      triangles.push_back({loop[0], loop[i - 1], loop[i]});
  }
  return triangles;
}

Pieces cut_quad(unsigned pattern) {
  Pieces segments;
  follow_face(kQuad, pattern, [&](std::uint8_t entry, std::uint8_t exit) {
    segments.push_back({exit, entry, entry});
  });
  return segments;
}

template <std::size_t N>
std::array<Pieces, N> all(Pieces (*cut)(unsigned)) {
  std::array<Pieces, N> table;
  for (unsigned p = 0; p < N; ++p) table[p] = cut(p);
  return table;
}

}  // namespace

const Pieces& cube_cut(unsigned pattern) {
  static const std::array<Pieces, 256> table = all<256>(cut_cube);
  return table[pattern];
}

const Pieces& quad_cut(unsigned pattern) {
  static const std::array<Pieces, 16> table = all<16>(cut_quad);
  return table[pattern];
}

}  // namespace thermodose::evaluation
