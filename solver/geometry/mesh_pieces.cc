// Implements: geometry/mesh_pieces.h.
#include "geometry/mesh_pieces.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "base/text.h"

namespace thermodose {

namespace {

constexpr std::size_t kNamed = 5;  ///< pieces that are named one by one
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

std::size_t at(int i) { return static_cast<std::size_t>(i); }

std::size_t find(std::vector<std::size_t>& parent, std::size_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

std::vector<std::size_t> apart(std::size_t count) {
  std::vector<std::size_t> parent(count);
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  return parent;
}

/// Where some nodes are, and how many of something there is.
struct Place {
  std::size_t count = 0;
  Vec3 lower{HUGE_VAL, HUGE_VAL, HUGE_VAL}, upper{-HUGE_VAL, -HUGE_VAL, -HUGE_VAL};

  void add(const Vec3& p) {
    for (std::size_t d = 0; d < 3; ++d) {
      lower[d] = std::min(lower[d], p[d]);
      upper[d] = std::max(upper[d], p[d]);
    }
  }
  /// In the coordinates of the file.
  std::string text(bool flat, const char* what) const {
    const auto point = [flat](const Vec3& p) {
      const double x = 1e3 * p[0], y = 1e3 * p[1], z = 1e3 * p[2];
      return flat ? fmt::format("({:.6g}, {:.6g})", x, z)
                  : fmt::format("({:.6g}, {:.6g}, {:.6g})", x, y, z);
    };
    return fmt::format("{} {} from {} to {} mm", count, what, point(lower), point(upper));
  }
};

std::string list(std::vector<Place> places, bool flat, const char* what) {
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.count > b.count; });
  std::vector<std::string> named;
  for (std::size_t n = 0; n < std::min(kNamed, places.size()); ++n)
    named.push_back(places[n].text(flat, what));
  if (places.size() > kNamed) named.push_back(fmt::format("{} more", places.size() - kNamed));
  return text::join(named, ", ");
}

/// Surfaces of the boundary that share no node. `piece` of each node.
class Cavities {
 public:
  Cavities(const FileMesh& mesh, const std::vector<std::size_t>& piece, std::size_t pieces)
      : mesh_(mesh), surface_(apart(mesh.points.size())) {
    for (const OuterFace& f : mesh.boundary)
      for (std::size_t i = 1; i < mesh.nodes_per_face(); ++i)
        surface_[find(surface_, at(f.nodes[i]))] = find(surface_, at(f.nodes[0]));
    // Nothing of a piece lies beyond its outer surface: it has the largest x (of rings: r).
    std::vector<std::size_t> farthest(pieces, kNone);
    for (std::size_t n = 0; n < piece.size(); ++n) {
      std::size_t& best = farthest[piece[n]];
      if (best == kNone || mesh.points[n][0] > mesh.points[best][0]) best = n;
    }
    for (const std::size_t n : farthest) outer_.insert(find(surface_, n));
  }

  /// Those with faces in no group; `count` says how many.
  std::vector<Place> ungrouped() {
    std::vector<Place> all(mesh_.points.size()), out;
    for (const OuterFace& f : mesh_.boundary) {
      const std::size_t surface = find(surface_, at(f.nodes[0]));
      if (outer_.count(surface) > 0 || f.group != 0) continue;
      ++all[surface].count;
      for (std::size_t i = 0; i < mesh_.nodes_per_face(); ++i)
        all[surface].add(mesh_.points[at(f.nodes[i])]);
    }
    std::copy_if(all.begin(), all.end(), std::back_inserter(out),
                 [](const Place& p) { return p.count > 0; });
    return out;
  }

 private:
  const FileMesh& mesh_;
  std::vector<std::size_t> surface_;
  std::set<std::size_t> outer_;
};

}  // namespace

MeshPieces::MeshPieces(std::size_t cells) : parent_(apart(cells)) {}

std::size_t MeshPieces::root(std::size_t cell) { return find(parent_, cell); }

void MeshPieces::join(std::size_t a, std::size_t b) { parent_[root(a)] = root(b); }

void MeshPieces::tell(FileMesh& mesh, std::vector<std::string>& problems) {
  std::vector<Place> pieces;
  std::vector<std::size_t> number(parent_.size(), kNone), piece(mesh.points.size(), kNone);
  std::set<std::size_t> shared;  // nodes of two pieces
  for (std::size_t c = 0; c < parent_.size(); ++c) {
    std::size_t& own = number[root(c)];
    if (own == kNone) {
      own = pieces.size();
      pieces.emplace_back();
    }
    ++pieces[own].count;
    for (std::size_t i = 0; i < mesh.nodes_per_cell(); ++i) {
      const std::size_t node = at(mesh.cells[c * mesh.nodes_per_cell() + i]);
      if (piece[node] != kNone && piece[node] != own) shared.insert(node);
      piece[node] = own;
      pieces[own].add(mesh.points[node]);
    }
  }
  const bool flat = mesh.axisymmetric;
  const char* face = flat ? "edge" : "face";
  if (!shared.empty()) {
    FaultCount touching(
        flat, fmt::format("nodes are all that holds pieces of the mesh together, which share no "
                          "{0}: join them at {0}s, or move them apart; the mesh is in {1} pieces: "
                          "{2}",
                          face, pieces.size(), list(pieces, flat, "cells")));
    for (const std::size_t n : shared) touching.add(mesh.points[n]);
    touching.tell(problems);
    return;
  }
  if (pieces.size() > 1)
    mesh.notes.push_back(
        fmt::format("the mesh is in {} pieces that share no {}, so that no heat passes between "
                    "them: {}",
                    pieces.size(), face, list(pieces, flat, "cells")));
  const std::vector<Place> cavities = Cavities(mesh, piece, pieces.size()).ungrouped();
  const std::string faces = std::string(face) + "s";
  if (!cavities.empty())
    mesh.notes.push_back(fmt::format(
        "{} inside the mesh has {} in no physical group, which take the condition of "
        "`all`: {}; give them a group and a condition of their own",
        cavities.size() == 1 ? "a cavity" : fmt::format("each of {} cavities", cavities.size()),
        faces, list(cavities, flat, faces.c_str())));
}

}  // namespace thermodose
