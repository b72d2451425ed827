// Implements: geometry/surface_closed.h.
#include "geometry/surface_closed.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <unordered_map>

#include "base/text.h"
#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr std::size_t kShown = 3;
/// Of the longest side: a crack of the sixth digit is closed, no layer of a body is.
constexpr double kJoined = 1e-5;
constexpr double kFlat = 1e-9;  ///< of the cube of the longest side: no volume
constexpr std::size_t kLookedAt = 200000;

std::string mm(const Vec3& p) {
  return fmt::format("({:.4g}, {:.4g}, {:.4g}) mm", 1e3 * p[0], 1e3 * p[1], 1e3 * p[2]);
}

std::string counted(std::size_t n, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

/// An edge as a triangle runs through it.
struct Side {
  std::uint32_t low, high;
  bool forth;
  bool same_edge(const Side& o) const { return low == o.low && high == o.high; }
};

std::vector<Side> sorted_sides(const TriangleSurface& surface) {
  std::vector<Side> sides;
  sides.reserve(3 * surface.triangles.size());
  for (const auto& t : surface.triangles) {
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint32_t a = t[i], b = t[(i + 1) % 3];
      sides.push_back({std::min(a, b), std::max(a, b), a < b});
    }
  }
  std::sort(sides.begin(), sides.end(), [](const Side& a, const Side& b) {
    return a.low != b.low ? a.low < b.low : a.high < b.high;
  });
  return sides;
}

/// Calls found(first side, number of triangles) for every edge that is not of two triangles in
/// opposite directions.
template <class Found>
void for_faulty_edges(const TriangleSurface& surface, const Found& found) {
  const auto sides = sorted_sides(surface);
  for (std::size_t i = 0, j = 0; i < sides.size(); i = j) {
    while (j < sides.size() && sides[j].same_edge(sides[i])) ++j;
    if (j - i != 2 || sides[i].forth == sides[i + 1].forth) found(sides[i], j - i);
  }
}

/// Gives corners their new numbers, drops triangles that lose one and points that nobody uses.
void renumber(TriangleSurface& surface, const std::vector<std::uint32_t>& number) {
  std::vector<std::array<std::uint32_t, 3>> kept;
  kept.reserve(surface.triangles.size());
  for (auto t : surface.triangles) {
    for (auto& corner : t) corner = number[corner];
    if (t[0] != t[1] && t[1] != t[2] && t[2] != t[0]) kept.push_back(t);
  }
  constexpr std::uint32_t kUnused = 0xFFFFFFFFU;
  std::vector<std::uint32_t> place(surface.points.size(), kUnused);
  std::vector<Vec3> points;
  for (auto& t : kept) {
    for (auto& corner : t) {
      if (place[corner] == kUnused) {
        place[corner] = std::uint32_t(points.size());
        points.push_back(surface.points[corner]);
      }
      corner = place[corner];
    }
  }
  surface.points = std::move(points);
  surface.triangles = std::move(kept);
}

std::string where(const EdgeFaults::Kind& kind) {
  std::vector<std::string> places;
  for (const Vec3& p : kind.first) places.push_back(mm(p));
  return (kind.count == 1        ? "at "
          : kind.count <= kShown ? "at "
                                 : "the first at ") +
         text::list(places);
}

void tell_edges(const EdgeFaults& faults, std::vector<std::string>& problems) {
  if (faults.open.count > 0) {
    problems.push_back(
        fmt::format("the surface is not closed: {} of one triangle only, {}; close the holes in "
                    "the program that made it",
                    counted(faults.open.count, "edge", "edges"), where(faults.open)));
  }
  if (faults.crowded.count > 0) {
    problems.push_back(fmt::format("the surface is no manifold: {} of more than two triangles, {}",
                                   counted(faults.crowded.count, "edge", "edges"),
                                   where(faults.crowded)));
  }
  if (faults.twisted.count > 0) {
    problems.push_back(fmt::format(
        "triangles side by side face opposite ways: {}, {}; let the program that made the surface "
        "orient it",
        counted(faults.twisted.count, "edge", "edges"), where(faults.twisted)));
  }
}

void tell_faults(const std::vector<SurfaceInterior::Fault>& faults,
                 std::vector<std::string>& problems) {
  if (faults.empty()) return;
  const auto& f = faults.front();
  problems.push_back(fmt::format(
      "the surface runs through itself, or a piece of it faces the wrong way: at {}, the first "
      "near {}, it winds {} times around points in front and {} times around points behind, "
      "expected 0 and 1; a cavity faces its inside",
      counted(faults.size(), "triangle", "triangles"), mm(f.at), f.front, f.behind));
}

}  // namespace

EdgeFaults edge_faults(const TriangleSurface& surface) {
  EdgeFaults out;
  for_faulty_edges(surface, [&](const Side& side, std::size_t triangles) {
    auto& kind = triangles == 1 ? out.open : triangles == 2 ? out.twisted : out.crowded;
    ++kind.count;
    if (kind.first.size() < kShown) {
      kind.first.push_back(0.5 * (surface.points[side.low] + surface.points[side.high]));
    }
  });
  return out;
}

void join_equal_points(TriangleSurface& surface) {
  struct Placed {
    Vec3 point;
    std::uint32_t number;
  };
  std::vector<Placed> order;
  std::vector<std::uint32_t> number(surface.points.size());
  order.reserve(number.size());
  for (const Vec3& p : surface.points) order.push_back({p, std::uint32_t(order.size())});
  // Equal as numbers: -0 is 0. The lower number first, so that the result is the same everywhere.
  std::sort(order.begin(), order.end(), [](const Placed& a, const Placed& b) {
    return a.point != b.point ? a.point < b.point : a.number < b.number;
  });
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool same = i > 0 && order[i].point == order[i - 1].point;
    number[order[i].number] = same ? number[order[i - 1].number] : order[i].number;
  }
  renumber(surface, number);
}

void join_near_points(TriangleSurface& surface, double tolerance) {
  if (!(tolerance > 0)) return;
  std::vector<bool> faulty(surface.points.size());
  for_faulty_edges(surface,
                   [&](const Side& s, std::size_t) { faulty[s.low] = faulty[s.high] = true; });
  // Cubes of twice the tolerance; their corners are told apart by a hash, distances decide.
  const auto cube_of = [&](const Vec3& p, std::size_t d) {
    return std::int64_t(std::floor(p[d] / (2 * tolerance)));
  };
  const auto hash = [](std::int64_t i, std::int64_t j, std::int64_t k) {
    return std::uint64_t(i) * 73856093U ^ std::uint64_t(j) * 19349663U ^
           std::uint64_t(k) * 83492791U;
  };
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> cubes;
  std::vector<std::uint32_t> number(surface.points.size());
  for (std::uint32_t n = 0; n < number.size(); ++n) {
    number[n] = n;
    if (!faulty[n]) continue;
    const Vec3& p = surface.points[n];
    const std::array<std::int64_t, 3> at{cube_of(p, 0), cube_of(p, 1), cube_of(p, 2)};
    for (int c = 0; c < 27 && number[n] == n; ++c) {
      const auto found =
          cubes.find(hash(at[0] + c % 3 - 1, at[1] + c / 3 % 3 - 1, at[2] + c / 9 - 1));
      if (found == cubes.end()) continue;
      for (const std::uint32_t other : found->second) {
        if (norm(surface.points[other] - p) > tolerance) continue;
        number[n] = other;
        break;
      }
    }
    if (number[n] == n) cubes[hash(at[0], at[1], at[2])].push_back(n);
  }
  renumber(surface, number);
}

double longest_side(const TriangleSurface& surface) {
  double longest = 0;
  for (std::size_t d = 0; d < 3 && !surface.points.empty(); ++d) {
    const auto [low, high] =
        std::minmax_element(surface.points.begin(), surface.points.end(),
                            [&](const Vec3& a, const Vec3& b) { return a[d] < b[d]; });
    longest = std::max(longest, (*high)[d] - (*low)[d]);
  }
  return longest;
}

SurfaceInterior close_surface(TriangleSurface& surface, std::vector<std::string>& problems,
                              std::vector<std::string>& notes) {
  join_equal_points(surface);
  const double side = longest_side(surface);
  EdgeFaults faults = edge_faults(surface);
  if (!faults.none()) {
    join_near_points(surface, kJoined * side);
    faults = edge_faults(surface);
    if (faults.none()) notes.emplace_back("cracks between its triangles were closed");
  }
  if (surface.triangles.empty()) {
    problems.emplace_back("the surface has no triangle with an area");
    return {};
  }
  tell_edges(faults, problems);
  if (!faults.none()) return {};
  const double volume = enclosed_volume(surface);
  if (!(std::fabs(volume) > kFlat * side * side * side)) {
    problems.emplace_back("the surface encloses no volume");
    return {};
  }
  if (volume < 0) {
    for (auto& t : surface.triangles) std::swap(t[1], t[2]);
    notes.emplace_back("its triangles face inwards; they were turned");
  }
  SurfaceInterior interior(surface);
  tell_faults(interior.faults(kLookedAt), problems);
  return interior;
}

}  // namespace thermodose
