// Geometries, structures and fields for the tests of plan evaluation.
// Implements: uniform grids, hexahedra made of them, graded octrees with hanging nodes,
// half-planes; balls, ellipsoids and unions of balls with their signed distances.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "dose/eval_lesion.h"
#include "isotherm_fixture.h"

namespace thermodose::evaluation {

using isotherm_test::cube;
using isotherm_test::kCentre;
using isotherm_test::kPi;
using isotherm_test::order;
using isotherm_test::Profile;
using isotherm_test::sample;

inline double ball_volume(double radius) { return 4.0 / 3 * kPi * radius * radius * radius; }

inline Structure ball(const Vec3& centre, double radius) {
  const Vec3 half{radius, radius, radius};
  return {{centre - half, centre + half},
          [=](const Vec3& p) { return norm(p - centre) <= radius; }};
}

inline Structure box_of(const Vec3& lower, const Vec3& upper) {
  return {{lower, upper}, [=](const Vec3& p) {
            for (std::size_t d = 0; d < 3; ++d) {
              if (p[d] < lower[d] || p[d] > upper[d]) return false;
            }
            return true;
          }};
}

inline Structure ellipsoid(const Vec3& centre, const Vec3& half) {
  return {{centre - half, centre + half}, [=](const Vec3& p) {
            double sum = 0;
            for (std::size_t d = 0; d < 3; ++d) sum += std::pow((p[d] - centre[d]) / half[d], 2);
            return sum <= 1;
          }};
}

/// Some balls; `distance` is negative inside and exact outside and on the surface.
struct Balls {
  std::vector<std::pair<Vec3, double>> parts;
  double distance(const Vec3& p) const {
    double least = std::numeric_limits<double>::infinity();
    for (const auto& [c, r] : parts) least = std::min(least, norm(p - c) - r);
    return least;
  }
  Structure structure() const {
    BoundingBox box{{9, 9, 9}, {-9, -9, -9}};
    for (const auto& [c, r] : parts) {
      for (std::size_t d = 0; d < 3; ++d) {
        box.lower[d] = std::min(box.lower[d], c[d] - r);
        box.upper[d] = std::max(box.upper[d], c[d] + r);
      }
    }
    return {box, [self = *this](const Vec3& p) { return self.distance(p) <= 0; }};
  }
};

/// The grid as hexahedra, every point moved by `map`.
inline NodeGeometry as_mesh(const NodeGeometry& grid, const std::function<Vec3(const Vec3&)>& map) {
  NodeGeometry m;
  m.uniform = false;
  for (std::size_t i = 0; i < grid.size(); ++i)
    m.points.push_back(map(isotherm_test::node_position(grid, i)));
  const auto [nx, ny, nz] = grid.nodes;
  for (int k = 0; k + 1 < nz; ++k) {
    for (int j = 0; j + 1 < ny; ++j) {
      for (int i = 0; i + 1 < nx; ++i) {
        for (int c = 0; c < 8; ++c)
          m.cells.push_back(i + (c & 1) + nx * (j + ((c >> 1) & 1) + ny * (k + (c >> 2))));
      }
    }
  }
  return m;
}

/// The cube without its octant x, y, z > 0 (n even): a domain that does not fill its box.
inline NodeGeometry notched(int n) {
  NodeGeometry m = as_mesh(cube(n), [](const Vec3& p) { return p; });
  std::vector<int> kept;
  for (std::size_t c = 0; c < m.cells.size(); c += 8) {
    const Vec3 centre =
        0.5 * (m.points[std::size_t(m.cells[c])] + m.points[std::size_t(m.cells[c + 7])]);
    if (centre[0] > 0 && centre[1] > 0 && centre[2] > 0) continue;
    kept.insert(kept.end(), m.cells.begin() + std::ptrdiff_t(c),
                m.cells.begin() + std::ptrdiff_t(c) + 8);
  }
  m.cells = kept;
  return m;
}

/// Cube [-1, 1]^3 of n coarse cells per edge, those with centres in |x| < core bisected. Node
/// values at hanging nodes are means of the corners of the coarse edge or face, as in the solver.
struct Octree {
  NodeGeometry geometry;
  std::vector<std::pair<int, std::vector<int>>> hanging;

  Octree(int n, double core) {
    geometry.uniform = false;
    edge_ = 1.0 / n;
    for (int k = 0; k < n; ++k) {
      for (int j = 0; j < n; ++j) {
        for (int i = 0; i < n; ++i) add_cell(i, j, k, n, core);
      }
    }
    for (const Coarse& c : coarse_) add_hanging(c);
  }

  std::vector<float> sample(const Profile& f) const {
    std::vector<float> values = isotherm_test::sample(geometry, f);
    for (const auto& [node, corners] : hanging) {
      float sum = 0;
      for (const int c : corners) sum += values[std::size_t(c)];
      values[std::size_t(node)] = sum / float(corners.size());
    }
    return values;
  }

 private:
  using Key = std::array<int, 3>;  // in half coarse cells
  using Coarse = Key;

  int point(const Key& key) {
    const auto [at, fresh] = numbers_.emplace(key, int(geometry.points.size()));
    if (fresh) {
      Vec3 p{-1, -1, -1};
      for (std::size_t d = 0; d < 3; ++d) p[d] += edge_ * key[d];
      geometry.points.push_back(p);
    }
    return at->second;
  }
  void add_cube(const Key& lower, int size) {
    for (int c = 0; c < 8; ++c)
      geometry.cells.push_back(point({lower[0] + size * (c & 1), lower[1] + size * ((c >> 1) & 1),
                                      lower[2] + size * (c >> 2)}));
  }
  void add_cell(int i, int j, int k, int n, double core) {
    const Key lower{2 * i, 2 * j, 2 * k};
    bool fine = true;
    for (std::size_t d = 0; d < 3; ++d) fine = fine && std::abs((lower[d] + 1.0) / n - 1) < core;
    if (!fine) {
      add_cube(lower, 2);
      coarse_.push_back(lower);
      return;
    }
    for (int c = 0; c < 8; ++c)
      add_cube({lower[0] + (c & 1), lower[1] + ((c >> 1) & 1), lower[2] + (c >> 2)}, 1);
  }
  /// Midpoints of edges and faces of a coarse cell that are points of the mesh.
  void add_hanging(const Coarse& lower) {
    for (int m = 0; m < 27; ++m) {
      const Key middle{m % 3, m / 3 % 3, m / 9};
      std::vector<Key> corners{lower};
      Key at = lower;
      for (std::size_t d = 0; d < 3; ++d) {
        at[d] += middle[d];
        std::vector<Key> next;
        for (Key c : corners) {
          if (middle[d] != 1) {
            c[d] += middle[d];
            next.push_back(c);
          } else {
            next.push_back(c);
            c[d] += 2;
            next.push_back(c);
          }
        }
        corners = next;
      }
      const auto found = numbers_.find(at);
      if (corners.size() < 2 || corners.size() > 4 || found == numbers_.end()) continue;
      std::vector<int> numbers;
      for (const Key& c : corners) numbers.push_back(numbers_.at(c));
      hanging.emplace_back(found->second, numbers);
    }
  }

  double edge_;  // half a coarse cell
  std::map<Key, int> numbers_;
  std::vector<Coarse> coarse_;
};

/// n x n quadrilaterals on r in [0, 1], z in [-1, 1], sheared inside so that none is a rectangle.
inline NodeGeometry half_plane(int n, double shear) {
  NodeGeometry m;
  m.uniform = false;
  m.axisymmetric = true;
  for (int j = 0; j <= n; ++j) {
    for (int i = 0; i <= n; ++i) {
      const double r = double(i) / n;
      const double z = -1 + 2.0 * j / n;
      m.points.push_back(
          {r + shear * std::sin(kPi * r) * z * z, 0, z + shear * std::sin(kPi * z) * (1 - r * r)});
    }
  }
  for (int j = 0; j < n; ++j) {
    for (int i = 0; i < n; ++i) {
      const int corner = i + (n + 1) * j;
      for (const int c : {corner, corner + 1, corner + n + 1, corner + n + 2}) m.cells.push_back(c);
    }
  }
  return m;
}

/// Points bent inside the cube; its surface stays.
inline Vec3 bend(const Vec3& p) {
  const double w = (1 - p[0] * p[0]) * (1 - p[1] * p[1]) * (1 - p[2] * p[2]);
  return Vec3{p[0] + 0.25 * w * p[1], p[1] - 0.2 * w * p[2], p[2] + 0.3 * w * p[0] * p[1]};
}

/// Distance from a centre: the region below R is a ball.
inline Profile distance_to(const Vec3& centre) {
  return [=](const Vec3& p) { return norm(p - centre); };
}

}  // namespace thermodose::evaluation
