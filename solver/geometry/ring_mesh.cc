// Implements: geometry/ring_mesh.h.
#include "geometry/ring_mesh.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "geometry/mesh_pieces.h"
#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr double kPi = 3.14159265358979323846;
// Of the longest side of the mesh: what is nearer is the same place. Gmsh writes 16 digits.
constexpr double kSame = 1e-9;

/// Edges of a lexicographic cell.
constexpr std::size_t kAround[4][2] = {{0, 1}, {1, 3}, {3, 2}, {2, 0}};

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Twice the area of the triangle a, b, c in (r, z); positive when it runs from r to z.
double cross(const Vec3& a, const Vec3& b, const Vec3& c) {
  return (b[0] - a[0]) * (c[2] - a[2]) - (c[0] - a[0]) * (b[2] - a[2]);
}

class RingMaker {
 public:
  RingMaker(const MshFile& file, double metres, std::vector<std::string>& problems)
      : file_(file), metres_(metres), problems_(problems) {}

  RingMesh make() {
    take_points();
    if (!problems_.empty()) return mesh_;
    take_cells();
    if (!problems_.empty()) return mesh_;
    find_doubles();
    take_edges();
    if (problems_.empty()) find_cracks();
    return mesh_;
  }

 private:
  /// Those of cells: a file also has the points that the geometry was drawn from.
  void take_points() {
    number_.assign(file_.points.size(), -1);
    double low = 0, high = 0;
    for (const auto& quad : file_.quads)
      for (const int n : quad.nodes)
        for (const double x : file_.points[at(n)]) {
          low = std::min(low, x);
          high = std::max(high, x);
        }
    same_ = kSame * metres_ * (high - low);
    FaultCount left(true, "nodes lie left of the axis: x is the radius and must not be below 0"),
        outside(true,
                "nodes lie outside the plane z = 0 of the file: an axisymmetric mesh is drawn in "
                "it, x is the radius and y the height");
    for (const auto& quad : file_.quads)
      for (const int n : quad.nodes) {
        if (number_[at(n)] >= 0) continue;
        number_[at(n)] = static_cast<int>(mesh_.points.size());
        const Vec3& p = file_.points[at(n)];
        Vec3 q{metres_ * p[0], 0, metres_ * p[1]};
        if (std::abs(q[0]) <= same_) q[0] = 0;
        if (q[0] < 0) left.add(q);
        if (metres_ * std::abs(p[2]) > same_) outside.add(q);
        mesh_.points.push_back(q);
      }
    left.tell(problems_);
    outside.tell(problems_);
  }

  void take_cells() {
    FaultCount bent(true, "cells are flat or not convex");
    for (const auto& quad : file_.quads) {
      std::array<int, 4> n{};
      for (std::size_t i = 0; i < 4; ++i) n[i] = number_[at(quad.nodes[i])];
      const auto point = [&](std::size_t i) -> const Vec3& { return mesh_.points[at(n[i % 4])]; };
      if (cross(point(0), point(1), point(2)) + cross(point(0), point(2), point(3)) < 0)
        std::reverse(n.begin(), n.end());
      double size = 0;
      for (std::size_t i = 0; i < 4; ++i) size = std::max(size, norm(point(i + 1) - point(i)));
      for (std::size_t i = 0; i < 4; ++i)
        if (!(cross(point(i), point(i + 1), point(i + 2)) > kSame * size * size)) {
          bent.add(point(i));
          break;
        }
      // From the lower left corner on, so that a rectangle along the axes is known for one.
      std::size_t first = 0;
      for (std::size_t i = 1; i < 4; ++i)
        if (point(i)[0] + point(i)[2] < point(first)[0] + point(first)[2]) first = i;
      for (const std::size_t i : {0U, 1U, 3U, 2U}) mesh_.cells.push_back(n[(first + i) % 4]);
      mesh_.cell_group.push_back(quad.group);
    }
    bent.tell(problems_);
  }

  /// Nodes at one place do not hold their cells together.
  void find_doubles() {
    FaultCount doubles(
        true,
        "nodes lie where another one lies, so that heat cannot pass: in Gmsh, use Coherence (or "
        "BooleanFragments) before meshing, or Coherence Mesh");
    for (const int n : doubled_points(mesh_.points, same_)) doubles.add(mesh_.points[at(n)]);
    doubles.tell(problems_);
  }

  bool on_axis(const std::array<int, 2>& edge) const {
    return mesh_.points[at(edge[0])][0] == 0 && mesh_.points[at(edge[1])][0] == 0;
  }
  static std::array<int, 2> sorted(int a, int b) { return {std::min(a, b), std::max(a, b)}; }

  void take_edges() {
    struct Cells {
      int count = 0;
      std::size_t first = 0;
    };
    std::map<std::array<int, 2>, Cells> cells;  // of each edge
    MeshPieces pieces(mesh_.cell_group.size());
    for (std::size_t c = 0; c + 4 <= mesh_.cells.size(); c += 4)
      for (const auto& [a, b] : kAround) {
        Cells& edge = cells[sorted(mesh_.cells[c + a], mesh_.cells[c + b])];
        if (edge.count++ == 0) edge.first = c / 4;
        pieces.join(edge.first, c / 4);
      }
    FaultCount crowded(
        true,
        "edges belong to more than two cells: cells lie on one another, or are in two "
        "physical groups"),
        twice(true, "edges are in two physical groups"), loose(true, "lines are no edge of a cell");
    std::map<std::array<int, 2>, int> groups;
    for (const auto& line : file_.lines) {
      if (line.group == 0) continue;
      const std::array<int, 2> edge =
          sorted(number_[at(line.nodes[0])], number_[at(line.nodes[1])]);
      if (edge[0] < 0 || cells.count(edge) == 0) {
        const Vec3& p = file_.points[at(line.nodes[0])];
        loose.add({metres_ * p[0], 0, metres_ * p[1]});
      } else if (const auto [found, fresh] = groups.emplace(edge, line.group);
                 !fresh && found->second != line.group) {
        twice.add(mesh_.points[at(edge[0])]);
      }
    }
    std::set<int> hidden, shown;
    for (const auto& [edge, group] : groups) hidden.insert(group);
    for (const auto& [edge, found] : cells) {
      if (found.count > 2) crowded.add(mesh_.points[at(edge[0])]);
      if (found.count != 1 || on_axis(edge)) continue;
      const auto group = groups.find(edge);
      mesh_.boundary.push_back({{edge[0], edge[1]}, group == groups.end() ? 0 : group->second});
      shown.insert(mesh_.boundary.back().group);
    }
    std::set_difference(hidden.begin(), hidden.end(), shown.begin(), shown.end(),
                        std::back_inserter(mesh_.hidden));
    for (const FaultCount* c : {&crowded, &twice, &loose}) c->tell(problems_);
    if (problems_.empty()) pieces.tell(mesh_, problems_);
  }

  /// A node of the boundary inside another edge of it: two parts touch with nodes that do not fit.
  void find_cracks() {
    std::vector<Vec3> nodes;
    for (const OuterFace& e : mesh_.boundary)
      for (const std::size_t n : {0U, 1U}) nodes.push_back(mesh_.points[at(e.nodes[n])]);
    std::sort(nodes.begin(), nodes.end());
    FaultCount cracks(
        true,
        "outer nodes lie inside the edge of another cell, so that heat cannot pass: the "
        "parts of the mesh must share their nodes; in Gmsh, use Coherence (or "
        "BooleanFragments) before meshing");
    for (const OuterFace& e : mesh_.boundary) {
      const Vec3 &a = mesh_.points[at(e.nodes[0])], &b = mesh_.points[at(e.nodes[1])];
      const auto [low, high] = std::minmax(a[0], b[0]);
      const double length = norm(b - a);
      const auto first = std::lower_bound(nodes.begin(), nodes.end(), Vec3{low - same_, 0, -1e300});
      for (auto p = first; p != nodes.end() && (*p)[0] <= high + same_; ++p) {
        const Vec3 from = *p - a;
        const double along = (from[0] * (b[0] - a[0]) + from[2] * (b[2] - a[2])) / length;
        if (along > 10 * same_ && along < length - 10 * same_ &&
            std::abs(cross(a, b, *p)) <= 10 * same_ * length)
          cracks.add(*p);
      }
    }
    cracks.tell(problems_);
  }

  const MshFile& file_;
  double metres_;
  std::vector<std::string>& problems_;
  RingMesh mesh_;
  std::vector<int> number_;  ///< of the points of the file in the mesh, -1 without cells
  double same_ = 0;          ///< m
};

}  // namespace

std::array<Vec3, 4> RingMesh::corners(std::size_t cell) const {
  std::array<Vec3, 4> out{};
  for (std::size_t i = 0; i < 4; ++i) out[i] = points[at(cells[4 * cell + i])];
  return out;
}

double RingMesh::volume(std::size_t cell) const {
  // Pappus and Guldin, triangle by triangle.
  const auto c = corners(cell);
  return kPi / 3 *
         (cross(c[0], c[1], c[3]) * (c[0][0] + c[1][0] + c[3][0]) +
          cross(c[0], c[3], c[2]) * (c[0][0] + c[3][0] + c[2][0]));
}

double RingMesh::mean_edge() const {
  double area = 0;
  for (std::size_t c = 0; c < cell_group.size(); ++c) {
    const auto p = corners(c);
    area += 0.5 * (cross(p[0], p[1], p[3]) + cross(p[0], p[3], p[2]));
  }
  return std::sqrt(area / static_cast<double>(cell_group.size()));
}

double RingMesh::shortest_edge() const {
  double shortest = HUGE_VAL;
  for (std::size_t c = 0; c < cell_group.size(); ++c) {
    const auto p = corners(c);
    for (const auto& [a, b] : kAround) shortest = std::min(shortest, norm(p[b] - p[a]));
  }
  return shortest;
}

RingMesh make_ring_mesh(const MshFile& file, double metres, std::vector<std::string>& problems) {
  return RingMaker(file, metres, problems).make();
}

}  // namespace thermodose
