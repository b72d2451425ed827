// Implements: geometry/hex_mesh.h.
#include "geometry/hex_mesh.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "geometry/face_cracks.h"
#include "geometry/mesh_pieces.h"

namespace thermodose {

namespace {

// Of the longest side of the mesh: what is nearer is the same place. Gmsh writes 16 digits.
constexpr double kSame = 1e-9;
/// Where the nodes of Gmsh's order (round the bottom, then round the top) go.
constexpr std::size_t kFromGmsh[8] = {0, 1, 3, 2, 4, 5, 7, 6};
/// Edges of a lexicographic cell.
constexpr std::size_t kEdges[12][2] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3},
                                       {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}};

std::size_t at(int i) { return static_cast<std::size_t>(i); }

using Key = std::array<int, 4>;
Key sorted(Key nodes) {
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

class HexMaker {
 public:
  HexMaker(const MshFile& file, double metres, std::vector<std::string>& problems)
      : file_(file), metres_(metres), problems_(problems) {}

  HexMesh make() {
    take_points();
    take_cells();
    FaultCount doubles(
        false,
        "nodes lie where another one lies, so that heat cannot pass: in Gmsh, use Coherence (or "
        "BooleanFragments) before meshing, or Coherence Mesh");
    for (const int n : doubled_points(mesh_.points, same_)) doubles.add(mesh_.points[at(n)]);
    doubles.tell(problems_);
    take_faces();
    if (problems_.empty()) find_cracks();
    return std::move(mesh_);
  }

 private:
  /// Those of cells: a file also has the points that the geometry was drawn from.
  void take_points() {
    number_.assign(file_.points.size(), -1);
    Vec3 low = file_.points[at(file_.hexes.front().nodes[0])], high = low;
    for (const auto& hex : file_.hexes)
      for (const int n : hex.nodes) {
        const Vec3& p = file_.points[at(n)];
        for (std::size_t d = 0; d < 3; ++d) {
          low[d] = std::min(low[d], p[d]);
          high[d] = std::max(high[d], p[d]);
        }
        if (number_[at(n)] >= 0) continue;
        number_[at(n)] = static_cast<int>(mesh_.points.size());
        mesh_.points.push_back(metres_ * p);
      }
    same_ = kSame * metres_ * std::max({high[0] - low[0], high[1] - low[1], high[2] - low[2]});
  }

  /// The Jacobian is quadratic along each axis: 27 values say where it is.
  void take_cells() {
    FaultCount bent(false,
                    "cells are flat, folded or twisted: the Jacobian vanishes or changes its sign "
                    "inside"),
        turned(false,
               "cells are numbered inside out: their Jacobian is below zero; in Gmsh, turn the "
               "volume with ReverseMesh, or extrude the other way");
    for (const auto& hex : file_.hexes) {
      for (const std::size_t i : kFromGmsh) mesh_.cells.push_back(number_[at(hex.nodes[i])]);
      mesh_.cell_group.push_back(hex.group);
      const Corners c = mesh_.corners(mesh_.cell_group.size() - 1);
      double size = 0, least = HUGE_VAL, most = -HUGE_VAL;
      for (const auto& [a, b] : kEdges) size = std::max(size, norm(c[b] - c[a]));
      for (std::size_t n = 0; n < 27; ++n) {
        const std::size_t i = n % 3, j = n / 3 % 3, k = n / 9;
        const double jacobian =
            hex_jacobian(c, {0.5 * double(i), 0.5 * double(j), 0.5 * double(k)});
        least = std::min(least, jacobian);
        most = std::max(most, jacobian);
      }
      const double none = kSame * size * size * size;
      if (most < -none)
        turned.add(c[0]);
      else if (!(least > none))
        bent.add(c[0]);
    }
    bent.tell(problems_);
    turned.tell(problems_);
  }

  struct Side {
    Key key;
    Key nodes;
    std::size_t cell;
  };

  std::map<Key, int> groups_of_faces(const std::vector<Side>& sides) {
    FaultCount twice(false, "faces are in two physical groups"),
        loose(false, "quadrilaterals are no face of a cell");
    std::map<Key, int> groups;
    for (const auto& quad : file_.quads) {
      if (quad.group == 0) continue;
      Key nodes{};
      for (std::size_t i = 0; i < 4; ++i) nodes[i] = number_[at(quad.nodes[i])];
      const Key key = sorted(nodes);
      const bool known =
          key[0] >= 0 && std::binary_search(sides.begin(), sides.end(), Side{key, {}, 0}, before);
      if (!known) {
        loose.add(metres_ * file_.points[at(quad.nodes[0])]);
      } else if (const auto [found, fresh] = groups.emplace(key, quad.group);
                 !fresh && found->second != quad.group) {
        twice.add(mesh_.points[at(key[0])]);
      }
    }
    twice.tell(problems_);
    loose.tell(problems_);
    return groups;
  }

  static bool before(const Side& a, const Side& b) { return a.key < b.key; }

  void take_faces() {
    std::vector<Side> sides;
    sides.reserve(6 * mesh_.cell_group.size());
    for (std::size_t c = 0; c + 8 <= mesh_.cells.size(); c += 8)
      for (const auto& face : kHexFaces) {
        Key nodes{};
        for (std::size_t i = 0; i < 4; ++i) nodes[i] = mesh_.cells[c + face[i]];
        sides.push_back({sorted(nodes), nodes, c / 8});
      }
    std::stable_sort(sides.begin(), sides.end(), before);
    const std::map<Key, int> groups = groups_of_faces(sides);
    std::set<int> hidden, shown;
    for (const auto& [face, group] : groups) hidden.insert(group);
    FaultCount crowded(false,
                       "faces belong to more than two cells: cells lie on one another, or are in "
                       "two physical groups");
    MeshPieces pieces(mesh_.cell_group.size());
    for (std::size_t i = 0, j = 0; i < sides.size(); i = j) {
      while (j < sides.size() && sides[j].key == sides[i].key) ++j;
      if (j - i > 2) crowded.add(mesh_.points[at(sides[i].nodes[0])]);
      for (std::size_t n = i + 1; n < j; ++n) pieces.join(sides[i].cell, sides[n].cell);
      if (j - i != 1) continue;
      const auto group = groups.find(sides[i].key);
      mesh_.boundary.push_back({sides[i].nodes, group == groups.end() ? 0 : group->second});
      shown.insert(mesh_.boundary.back().group);
    }
    std::set_difference(hidden.begin(), hidden.end(), shown.begin(), shown.end(),
                        std::back_inserter(mesh_.hidden));
    crowded.tell(problems_);
    if (problems_.empty()) pieces.tell(mesh_, problems_);
  }

  /// A node of the boundary on another face of it: two parts touch with nodes that do not fit.
  void find_cracks() {
    FaultCount cracks(
        false,
        "outer nodes lie on the face of another cell, so that heat cannot pass: the parts of the "
        "mesh must share their nodes, and no node may hang; in Gmsh, use Coherence (or "
        "BooleanFragments) before meshing");
    for (const int n : cracked_nodes(mesh_.points, mesh_.boundary, 10 * same_))
      cracks.add(mesh_.points[at(n)]);
    cracks.tell(problems_);
  }

  const MshFile& file_;
  double metres_;
  std::vector<std::string>& problems_;
  HexMesh mesh_;
  std::vector<int> number_;  ///< of the points of the file in the mesh, -1 without cells
  double same_ = 0;          ///< m
};

}  // namespace

Corners HexMesh::corners(std::size_t cell) const {
  Corners out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = point(cell, i);
  return out;
}

double HexMesh::volume(std::size_t cell) const { return hex_volume(corners(cell)); }

double HexMesh::mean_edge() const {
  double sum = 0;
  for (std::size_t c = 0; c < cell_group.size(); ++c) sum += volume(c);
  return std::cbrt(sum / static_cast<double>(cell_group.size()));
}

double HexMesh::shortest_edge() const {
  double shortest = HUGE_VAL;
  for (std::size_t c = 0; c < cell_group.size(); ++c)
    for (const auto& [a, b] : kEdges)
      shortest = std::min(shortest, norm(point(c, b) - point(c, a)));
  return shortest;
}

HexMesh make_hex_mesh(const MshFile& file, double metres, std::vector<std::string>& problems) {
  return HexMaker(file, metres, problems).make();
}

}  // namespace thermodose
