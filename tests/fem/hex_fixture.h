// What the tests of hexahedra share.
// Implements: blocks of hexahedra between planes, bent by a function, as a file would give them.
#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include "mesh_fixture.h"

namespace thermodose::testing_mesh {

using Bend = std::function<Vec3(const Vec3&)>;

/// n[0] x n[1] x n[2] cells of the box, faces 0..5 = x_min .. z_max.
inline RawMesh hex_block(
    const std::array<int, 3>& n, const Vec3& lower, const Vec3& upper,
    const Bend& bend = [](const Vec3& p) { return p; }) {
  RawMesh raw;
  raw.own_faces = true;
  const auto node = [&n](int i, int j, int k) { return i + (n[0] + 1) * (j + (n[1] + 1) * k); };
  const auto line = [&](std::size_t d, int i) {
    return lower[d] + (upper[d] - lower[d]) * i / n[d];
  };
  for (int k = 0; k <= n[2]; ++k)
    for (int j = 0; j <= n[1]; ++j)
      for (int i = 0; i <= n[0]; ++i)
        raw.points.push_back(bend({line(0, i), line(1, j), line(2, k)}));
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) {
        std::array<int, 8> c{};
        for (int a = 0; a < 8; ++a)
          c[static_cast<std::size_t>(a)] = node(i + (a & 1), j + (a >> 1 & 1), k + (a >> 2));
        raw.cells.insert(raw.cells.end(), c.begin(), c.end());
        const bool outer[6] = {i == 0, i == n[0] - 1, j == 0, j == n[1] - 1, k == 0, k == n[2] - 1};
        constexpr std::size_t faces[6][4] = {{0, 2, 4, 6}, {1, 3, 5, 7}, {0, 1, 4, 5},
                                             {2, 3, 6, 7}, {0, 1, 2, 3}, {4, 5, 6, 7}};
        for (int f = 0; f < 6; ++f)
          if (outer[f])
            raw.boundary.push_back(
                {f, {c[faces[f][0]], c[faces[f][1]], c[faces[f][2]], c[faces[f][3]]}});
      }
  return raw;
}

/// Moves what lies inside a box, nothing across its faces: cells are skewed, their faces warped.
inline Bend skew(const Vec3& lower, const Vec3& upper, double share) {
  return [=](const Vec3& p) {
    const double pi = 3.14159265358979;
    Vec3 u{}, out = p;
    double s = share;
    for (std::size_t d = 0; d < 3; ++d) {
      u[d] = (p[d] - lower[d]) / (upper[d] - lower[d]);
      s *= std::sin(pi * u[d]);
    }
    out[0] += s * (upper[0] - lower[0]) * std::cos(2 * pi * u[1] + u[2]);
    out[1] += s * (upper[1] - lower[1]) * std::sin(3 * u[0] + 2 * u[2] + 1);
    out[2] += s * (upper[2] - lower[2]) * std::cos(2 * u[1] - 3 * u[0]);
    return out;
  };
}

inline MeshSetup hex_setup(
    RawMesh raw, std::vector<SegmentLaw> laws,
    const TissueAt& tissue = [](const Vec3&) { return 0; }) {
  MeshSetup setup;
  setup.mesh = arrange_mesh(std::move(raw), tissue);
  setup.laws = std::move(laws);
  return setup;
}

}  // namespace thermodose::testing_mesh
