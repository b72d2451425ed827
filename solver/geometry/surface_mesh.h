// Closed triangle surfaces of parts.
// Implements: marching tetrahedra over a lattice of cubes, each cut into the six tetrahedra along
// its main diagonal (Freudenthal 1942; Doi, Koide 1991, IEICE Trans E74:214). Neighbouring cubes
// cut their common face the same way and a lattice edge has at most one vertex, so the surface is
// closed and manifold whatever the set is. Vertices are found by bisection on the lattice edges:
// the set is asked, not a sampled image of it.
// Limits: what is thinner than the spacing has holes or is missed; take half the thinnest layer.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "geometry/anatomy.h"

namespace thermodose {

/// Triangles, counter-clockwise seen from outside. Points in SI metres.
struct TriangleSurface {
  std::vector<Vec3> points;
  std::vector<std::array<std::uint32_t, 3>> triangles;
};

/// Surface of {p in box : inside(p)}, closed where the box cuts it. `spacing`: lattice edge, m.
/// Throws InputError as check_sampling (surface_labels.h) says.
TriangleSurface extract_surface(const std::function<bool(const Vec3&)>& inside,
                                const BoundingBox& box, double spacing);

/// Surface of one part, within the anatomy's bounds. Throws InputError (key `part`) for an unknown
/// name, with the nearest one.
TriangleSurface extract_part(const Anatomy& anatomy, const std::string& part, double spacing);
/// The same within a box, which costs less when the part is small.
TriangleSurface extract_part(const Anatomy& anatomy, const std::string& part, double spacing,
                             const BoundingBox& box);

/// Enclosed volume, m3: sum of a . (b x c) / 6; positive when the triangles face outwards.
double enclosed_volume(const TriangleSurface& surface);

/// Number of directed edges that do not occur exactly once together with their reverse: 0 for a
/// closed, consistently oriented manifold.
std::size_t open_edges(const TriangleSurface& surface);

}  // namespace thermodose
