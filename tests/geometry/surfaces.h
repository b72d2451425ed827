// Closed surfaces for tests, made from formulas.
// Implements: cuboids and balls of triangles, their union as a heap, text STL, and where the files
// of tests/geometry/surfaces are.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "geometry/surface_mesh.h"
#include "geometry/vec.h"

namespace thermodose::test {

inline std::string shipped_surface(const std::string& name) {
  return std::string(THERMODOSE_SOURCE_DIR) + "/tests/geometry/surfaces/" + name;
}

/// 12 triangles that face outwards.
inline TriangleSurface cuboid(const Vec3& lower, const Vec3& upper) {
  TriangleSurface s;
  for (unsigned c = 0; c < 8; ++c) {
    s.points.push_back({(c & 1U) != 0 ? upper[0] : lower[0], (c & 2U) != 0 ? upper[1] : lower[1],
                        (c & 4U) != 0 ? upper[2] : lower[2]});
  }
  s.triangles = {{0, 2, 3}, {0, 3, 1}, {4, 5, 7}, {4, 7, 6}, {0, 1, 5}, {0, 5, 4},
                 {2, 6, 7}, {2, 7, 3}, {0, 4, 6}, {0, 6, 2}, {1, 3, 7}, {1, 7, 5}};
  return s;
}

/// An octahedron whose triangles are quartered `levels` times, its points on the ball.
inline TriangleSurface ball_surface(const Vec3& center, double radius, int levels) {
  TriangleSurface s;
  s.points = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
  s.triangles = {{0, 2, 4}, {2, 1, 4}, {1, 3, 4}, {3, 0, 4},
                 {2, 0, 5}, {1, 2, 5}, {3, 1, 5}, {0, 3, 5}};
  for (int level = 0; level < levels; ++level) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> middles;
    const auto middle = [&](std::uint32_t a, std::uint32_t b) {
      const auto [found, fresh] = middles.emplace(std::minmax(a, b), s.points.size());
      if (fresh) {
        const Vec3 m = s.points[a] + s.points[b];
        s.points.push_back((1 / norm(m)) * m);
      }
      return found->second;
    };
    std::vector<std::array<std::uint32_t, 3>> finer;
    for (const auto& [a, b, c] : s.triangles) {
      const std::uint32_t ab = middle(a, b), bc = middle(b, c), ca = middle(c, a);
      finer.insert(finer.end(), {{a, ab, ca}, {ab, b, bc}, {ca, bc, c}, {ab, bc, ca}});
    }
    s.triangles = std::move(finer);
  }
  for (Vec3& p : s.points) p = center + radius * p;
  return s;
}

inline TriangleSurface turned_over(TriangleSurface s) {
  for (auto& t : s.triangles) std::swap(t[1], t[2]);
  return s;
}

inline TriangleSurface together(TriangleSurface a, const TriangleSurface& b) {
  const auto n = std::uint32_t(a.points.size());
  a.points.insert(a.points.end(), b.points.begin(), b.points.end());
  for (const auto& t : b.triangles) a.triangles.push_back({t[0] + n, t[1] + n, t[2] + n});
  return a;
}

inline TriangleSurface rotated(TriangleSurface s, const Vec3& angles) {
  const Rotation r = rotation_xyz(angles);
  for (Vec3& p : s.points) p = rotate(r, p);
  return s;
}

/// Text STL in millimetres.
inline std::string stl_text(const TriangleSurface& s) {
  std::ostringstream out;
  out.precision(9);
  out << "solid made for a test\n";
  for (const auto& t : s.triangles) {
    out << "facet normal 0 0 0\n outer loop\n";
    for (const auto c : t) {
      const Vec3& p = s.points[c];
      out << "  vertex " << 1e3 * p[0] << ' ' << 1e3 * p[1] << ' ' << 1e3 * p[2] << '\n';
    }
    out << " endloop\nendfacet\n";
  }
  out << "endsolid made for a test\n";
  return out.str();
}

}  // namespace thermodose::test
