// Implements: mesh builders (see mesh_build.h) on top of the mesh module.
#include "fem/mesh_build.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "fem/mesh_lines.h"
#include "fem/mesh_module.h"

namespace thermodose {

namespace {

void require(const std::string& failure) {
  if (!failure.empty()) throw SolverError("mesh: " + failure);
}

// Breaks sorted, one per place, fine when any of its namesakes is.
std::vector<LineBreak> tidy(std::vector<LineBreak> breaks, double resolution) {
  std::sort(breaks.begin(), breaks.end(),
            [](const LineBreak& a, const LineBreak& b) { return a.position < b.position; });
  std::vector<LineBreak> out;
  for (const LineBreak& b : breaks) {
    if (!out.empty() && b.position - out.back().position < resolution)
      out.back().fine = out.back().fine || b.fine;
    else
      out.push_back(b);
  }
  return out;
}

void check(const AxisymmetricRequest& q, std::vector<Problem>& problems) {
  for (std::size_t p = 0; p < q.probes.size(); ++p) {
    const ActiveSegment& s = q.probes[p];
    const double off = std::max(std::hypot(s.begin[0], s.begin[1]), std::hypot(s.end[0], s.end[1]));
    const auto [low, high] = std::minmax(s.begin[2], s.end[2]);
    if (off > 1e-9)
      problems.push_back({"", 0, fmt::format("probe {}", p + 1),
                          fmt::format("lies {:.3g} mm off the axis of the axisymmetric domain; "
                                      "use a 3-D domain or move it to the axis",
                                      1e3 * off)});
    if (low < q.lower || high > q.upper || s.radius >= q.radius)
      problems.push_back({"", 0, fmt::format("probe {}", p + 1),
                          "its active length does not fit into the domain"});
  }
}

// All rectangles between the lines, with their outer faces. The axis r = 0 is no face.
RawMesh rectangles(const std::vector<double>& r, const std::vector<double>& z) {
  RawMesh mesh;
  mesh.axisymmetric = true;
  for (const double zj : z)
    for (const double ri : r) mesh.points.push_back({ri, 0, zj});
  const int columns = static_cast<int>(r.size()), rows = static_cast<int>(z.size());
  const auto node = [columns](int i, int j) { return j * columns + i; };
  for (int j = 0; j + 1 < rows; ++j)
    for (int i = 0; i + 1 < columns; ++i)
      for (const int n : {node(i, j), node(i + 1, j), node(i, j + 1), node(i + 1, j + 1)})
        mesh.cells.push_back(n);
  for (int j = 0; j + 1 < rows; ++j)
    mesh.boundary.push_back({1, {node(columns - 1, j), node(columns - 1, j + 1)}});
  for (int i = 0; i + 1 < columns; ++i) {
    mesh.boundary.push_back({4, {node(i, 0), node(i + 1, 0)}});
    mesh.boundary.push_back({5, {node(i, rows - 1), node(i + 1, rows - 1)}});
  }
  return mesh;
}

}  // namespace

RawMesh build_octree(const OctreeRequest& request, const OctreeLattice& lattice, Forest forest) {
  RawMesh mesh;
  require(mesh_module().octree(request, lattice, forest, mesh));
  return mesh;
}

RawMesh build_axisymmetric(const AxisymmetricRequest& q) {
  std::vector<Problem> problems;
  check(q, problems);
  if (!problems.empty()) throw InputError(std::move(problems));
  std::vector<LineBreak> r{{0, false}, {q.radius, false}}, z{{q.lower, false}, {q.upper, false}};
  for (const ActiveSegment& s : q.probes) {
    r.push_back({s.radius, true});
    z.push_back({s.begin[2], true});
    z.push_back({s.end[2], true});
  }
  LineGrading grading{q.finest, q.growth, std::max(q.coarsest, q.finest)};
  if (q.probes.empty()) grading.coarsest = q.finest;
  // Breaks closer than a tenth of the finest spacing are one.
  r = tidy(std::move(r), 0.1 * q.finest);
  z = tidy(std::move(z), 0.1 * q.finest);
  // Inside the needle the spacing stays that of its surface.
  for (LineBreak& b : r) b.fine = b.fine || (b.position == 0 && !q.probes.empty());
  return rectangles(graded_lines(r, grading), graded_lines(z, grading));
}

std::vector<CellMatrices> cell_matrices(bool axisymmetric, const std::vector<Vec3>& corners) {
  std::vector<CellMatrices> out;
  require(mesh_module().matrices(axisymmetric, corners, out));
  return out;
}

std::vector<QuadElement> general_quad_elements(const std::vector<Vec3>& corners) {
  std::vector<QuadElement> out;
  for (const CellMatrices& m : cell_matrices(true, corners)) {
    QuadElement e;
    for (std::size_t p = 0; p < kQuadPairs.size(); ++p) {
      const auto at = 4 * kQuadPairs[p][0] + kQuadPairs[p][1];
      e.coupling[p] = -(m.along[0][at] + m.along[2][at]);
    }
    std::copy(m.mass.begin(), m.mass.end(), e.share.begin());
    out.push_back(e);
  }
  return out;
}

std::vector<HexElement> hex_elements(const std::vector<Vec3>& corners) {
  // Some thousand cells at a time: their dense matrices take 1.6 kB each.
  constexpr std::size_t kCells = 4096;
  std::vector<HexElement> out;
  out.reserve(corners.size() / 8);
  for (std::size_t first = 0; first < corners.size(); first += 8 * kCells) {
    const auto begin = corners.begin() + static_cast<std::ptrdiff_t>(first);
    const std::size_t n = std::min(8 * kCells, corners.size() - first);
    for (const CellMatrices& m : cell_matrices(false, {begin, begin + std::ptrdiff_t(n)})) {
      Corners own{};
      std::copy_n(corners.begin() + std::ptrdiff_t(8 * out.size()), 8, own.begin());
      HexElement e;
      for (std::size_t p = 0; p < kHexCouplings; ++p) {
        const auto at = 8 * kHexPairs[p][0] + kHexPairs[p][1];
        e.coupling[p] = -(m.along[0][at] + m.along[1][at] + m.along[2][at]);
      }
      std::copy(m.mass.begin(), m.mass.end(), e.share.begin());
      lump_across(own, e);
      out.push_back(e);
    }
  }
  return out;
}

}  // namespace thermodose
