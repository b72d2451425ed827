// Implements: isotherm measurement on unstructured hexahedra and axisymmetric quadrilaterals.
#include <limits>

#include "dose/isotherm_cell.h"
#include "dose/isotherm_pass.h"

namespace thermodose::isotherm {

namespace {

/// Edges of a lexicographic quadrilateral (the first 4) and hexahedron (all 12).
constexpr std::size_t kEdges[12][2] = {{0, 1}, {2, 3}, {0, 2}, {1, 3}, {4, 5}, {6, 7},
                                       {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}};

double whole_volume(const std::array<Vec3, 8>& corners) { return hexahedron_volume(corners); }
double whole_volume(const std::array<Vec3, 4>& corners) {
  return negative_revolution(corners, {-1, -1, -1, -1});
}
double cut_volume(const std::array<Vec3, 8>& corners, const std::array<float, 8>& g) {
  return negative_volume(corners, g);
}
double cut_volume(const std::array<Vec3, 4>& corners, const std::array<float, 4>& g) {
  return negative_revolution(corners, g);
}

/// A crossing where edge (a, b) changes sign; `a`, `b` are the ends, g0, g1 the values there.
Vec3 crossing(const Vec3& a, const Vec3& b, float g0, float g1) {
  const double s = double(g0) / (double(g0) - double(g1));
  return {a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1]), a[2] + s * (b[2] - a[2])};
}

template <std::size_t N>
void cut_cell(const std::array<Vec3, N>& corners, const std::array<float, N>& g, Region& region) {
  region.volume += cut_volume(corners, g);
  for (std::size_t e = 0; e < (N == 8 ? 12 : 4); ++e) {
    const auto [a, b] = kEdges[e];
    if ((g[a] < 0) != (g[b] < 0)) region.extent.add(crossing(corners[a], corners[b], g[a], g[b]));
  }
}

template <std::size_t N>
void measure_cells(const NodeGeometry& geometry, const float* temperature,
                   const std::vector<std::uint8_t>& marks, const LevelSet& levels,
                   std::vector<Region>& regions) {
  std::array<Vec3, N> corners;
  std::array<float, N> g;
  for (std::size_t c = 0; c + N <= geometry.cells.size(); c += N) {
    const int* nodes = &geometry.cells[c];
    unsigned some = 0;
    unsigned every = 0xff;
    for (std::size_t i = 0; i < N; ++i) {
      const unsigned m = marks[std::size_t(nodes[i])];
      some |= m;
      every &= m;
    }
    if (some == 0) continue;
    for (std::size_t i = 0; i < N; ++i) corners[i] = geometry.points[std::size_t(nodes[i])];
    const double whole = every != 0 ? whole_volume(corners) : 0;
    for (std::size_t l = 0; l < levels.count; ++l) {
      if ((every >> l & 1U) != 0) {
        regions[l].volume += whole;
      } else if ((some >> l & 1U) != 0) {
        for (std::size_t i = 0; i < N; ++i) {
          g[i] = levels.g(l, temperature[std::size_t(nodes[i])]);
        }
        cut_cell(corners, g, regions[l]);
      }
    }
  }
}

/// Nodes inside a region that lie on a face of the domain end its extent there. The axis of
/// rotation is no boundary, but a region that contains a piece of it has extent there.
void boundary_nodes(const NodeGeometry& geometry, const std::vector<std::uint8_t>& marks,
                    const LevelSet& levels, std::vector<Region>& regions) {
  const RegionExtent whole = [&] {
    RegionExtent e({});
    for (const Vec3& p : geometry.points) e.add(p);
    return e;
  }();
  const double close = 1e-9 * (whole.upper[0] - whole.lower[0] + whole.upper[2] - whole.lower[2]);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (marks[i] == 0) continue;
    const Vec3& p = geometry.points[i];
    unsigned outer = geometry.outer.empty() ? 0 : geometry.outer[i];
    for (std::size_t d = 0; d < 3 && geometry.outer.empty(); ++d) {
      if (geometry.axisymmetric && d == 1) continue;
      const bool rotation_axis = geometry.axisymmetric && d == 0;
      if (p[d] > whole.upper[d] - close) outer |= 2U << 2 * d;
      if (!rotation_axis && p[d] < whole.lower[d] + close) outer |= 1U << 2 * d;
    }
    for (std::size_t l = 0; l < levels.count; ++l) {
      if ((marks[i] >> l & 1U) == 0) continue;
      regions[l].extent.add(p);
      regions[l].clipped = regions[l].clipped || outer != 0;
      regions[l].touched |= outer;
    }
  }
}

}  // namespace

void measure_mesh(const NodeGeometry& geometry, const float* temperature, const LevelSet& levels,
                  std::vector<Region>& regions) {
  std::vector<std::uint8_t> marks(geometry.points.size());
  levels.mask(temperature, marks.size(), marks.data());
  if (geometry.axisymmetric) {
    measure_cells<4>(geometry, temperature, marks, levels, regions);
  } else {
    measure_cells<8>(geometry, temperature, marks, levels, regions);
  }
  boundary_nodes(geometry, marks, levels, regions);
}

}  // namespace thermodose::isotherm
