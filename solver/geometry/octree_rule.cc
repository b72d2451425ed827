// Implements: grading rule and coarse lattice of an octree (see octree_rule.h).
#include "geometry/octree_rule.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/error.h"
#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr double kShrink = 0.75;   // the finest edge may come out smaller by this factor
constexpr double kExact = 1e-9;    // relative mismatch of a side that counts as none
constexpr int kMostPieces = 8;     // points along an edge, less one, that look for a surface
constexpr int kLargestLevel = 10;  // 1024 finest cells along a coarse edge

double coarsest_edge(const OctreeRequest& r) { return r.coarsest > 0 ? r.coarsest : 8 * r.finest; }

// Tiles the box with cubes of `edge`; false when a side misses by more than `tolerance` (m).
bool tile(const OctreeRequest& r, double edge, double tolerance, std::array<int, 3>& counts) {
  for (std::size_t d = 0; d < 3; ++d) {
    const double side = r.upper[d] - r.lower[d];
    counts[d] = static_cast<int>(std::lround(side / edge));
    if (counts[d] < 1 || std::abs(counts[d] * edge - side) > tolerance) return false;
  }
  return true;
}

// The largest admissible finest edge at this level, sides met exactly or to half a finest cell.
bool find_lattice(const OctreeRequest& r, int level, bool exact, OctreeLattice& out) {
  const double scale = static_cast<double>(1 << level);
  double shortest = std::numeric_limits<double>::infinity();
  for (std::size_t d = 0; d < 3; ++d) shortest = std::min(shortest, r.upper[d] - r.lower[d]);
  const int first = static_cast<int>(std::ceil(shortest / (r.finest * scale) - 1e-9));
  for (int n = std::max(1, first); shortest / (n * scale) >= kShrink * r.finest; ++n) {
    const double finest = shortest / (n * scale);
    const double tolerance = exact ? kExact * shortest : (0.5 + kExact) * finest;
    if (!tile(r, finest * scale, tolerance, out.coarse)) continue;
    out.lower = r.lower;
    out.finest = finest;
    out.levels = level;
    return true;
  }
  return false;
}

double distance_to_piece(const Vec3& a, const Vec3& b, const Vec3& p) {
  const Vec3 along = b - a;
  const double square = dot(along, along);
  const double s = square > 0 ? std::clamp(dot(p - a, along) / square, 0.0, 1.0) : 0.0;
  return norm(p - (a + s * along));
}

}  // namespace

Vec3 OctreeLattice::upper() const {
  Vec3 u = lower;
  for (std::size_t d = 0; d < 3; ++d) u[d] += coarse[d] * coarse_edge();
  return u;
}

std::array<int, 3> OctreeLattice::fine_nodes() const {
  std::array<int, 3> n{};
  for (std::size_t d = 0; d < 3; ++d) n[d] = coarse[d] * (1 << levels) + 1;
  return n;
}

OctreeLattice choose_octree_lattice(const OctreeRequest& request) {
  for (std::size_t d = 0; d < 3; ++d)
    if (!(request.upper[d] - request.lower[d] >= request.finest) || !(request.finest > 0))
      throw InputError(
          Problem{"", 0, "domain",
                  fmt::format("a side of {:.4g} mm does not hold one cell of {:.4g} mm",
                              1e3 * (request.upper[d] - request.lower[d]), 1e3 * request.finest)});
  const double ratio = std::max(1.0, coarsest_edge(request) / request.finest);
  const int top = std::min(kLargestLevel, static_cast<int>(std::floor(std::log2(ratio) + 1e-9)));
  OctreeLattice lattice;
  // Exact tilings first; two levels of grading are worth more than the last half cell of a side.
  for (int level = top; level >= std::min(2, top); --level)
    if (find_lattice(request, level, true, lattice)) return lattice;
  for (int level = top; level >= 0; --level)
    if (find_lattice(request, level, false, lattice)) return lattice;
  throw InputError(Problem{"", 0, "domain", "no cubes tile this box at the wanted cell size"});
}

double distance_to_axes(const OctreeRequest& request, const Vec3& point) {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [a, b] : request.axes) least = std::min(least, distance_to_piece(a, b, point));
  return least;
}

namespace {

bool meets(const BoundingBox& box, const Vec3& centre, double edge) {
  for (std::size_t d = 0; d < 3; ++d)
    if (box.lower[d] > centre[d] + edge / 2 || box.upper[d] < centre[d] - edge / 2) return false;
  return true;
}

bool mixed(const OctreeStructure& structure, const Vec3& centre, double edge, int pieces) {
  const Vec3 lower{centre[0] - edge / 2, centre[1] - edge / 2, centre[2] - edge / 2};
  const bool first = structure.inside(lower);
  const double step = edge / pieces;
  for (int k = 0; k <= pieces; ++k)
    for (int j = 0; j <= pieces; ++j)
      for (int i = 0; i <= pieces; ++i)
        if (structure.inside({lower[0] + i * step, lower[1] + j * step, lower[2] + k * step}) !=
            first)
          return true;
  return false;
}

// Leaves below a cube.
double count_below(const OctreeRequest& request, const OctreeLattice& lattice, const Vec3& lower,
                   double edge, double most) {
  const Vec3 centre{lower[0] + edge / 2, lower[1] + edge / 2, lower[2] + edge / 2};
  if (!must_refine(request, lattice, centre, edge)) return 1;
  double cells = 0;
  for (unsigned child = 0; child < 8 && cells <= most; ++child) {
    Vec3 corner = lower;
    for (std::size_t d = 0; d < 3; ++d)
      if ((child >> d & 1U) != 0) corner[d] += edge / 2;
    cells += count_below(request, lattice, corner, edge / 2, most - cells);
  }
  return cells;
}

}  // namespace

bool surface_cuts(const OctreeRequest& request, const Vec3& centre, double edge) {
  const int pieces =
      static_cast<int>(std::clamp(std::ceil(edge / request.at_surfaces), 2.0, double(kMostPieces)));
  return std::any_of(request.structures.begin(), request.structures.end(), [&](const auto& s) {
    return meets(s.bounds, centre, edge) && mixed(s, centre, edge, pieces);
  });
}

double count_cells(const OctreeRequest& request, const OctreeLattice& lattice, double most) {
  const double edge = lattice.coarse_edge();
  double cells = 0;
  for (int k = 0; k < lattice.coarse[2]; ++k)
    for (int j = 0; j < lattice.coarse[1]; ++j)
      for (int i = 0; i < lattice.coarse[0] && cells <= most; ++i)
        cells += count_below(
            request, lattice,
            {lattice.lower[0] + i * edge, lattice.lower[1] + j * edge, lattice.lower[2] + k * edge},
            edge, most - cells);
  return cells;
}

bool must_refine(const OctreeRequest& request, const OctreeLattice& lattice, const Vec3& centre,
                 double edge) {
  if (edge < 1.5 * lattice.finest) return false;
  if (edge > coarsest_edge(request) * (1 + kExact)) return true;
  const double half_diagonal = 0.5 * std::sqrt(3.0) * edge;
  const double nearest = std::max(0.0, distance_to_axes(request, centre) - half_diagonal);
  const double wanted = lattice.finest + request.growth * std::max(0.0, nearest - request.core);
  if (edge > wanted * (1 + kExact)) return true;
  return request.at_surfaces > 0 && edge > 1.5 * request.at_surfaces &&
         surface_cuts(request, centre, edge);
}

}  // namespace thermodose
