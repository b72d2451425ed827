// Implements: eval_margin.h.
#include "dose/eval_margin.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace thermodose::evaluation {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kCandidates = 8;  // places where the minimum is refined
constexpr int kZooms = 2;               // each four times finer
constexpr int kZoomSteps = 4;           // lattice cells on either side of the point

/// Share of a triangle where the linear function with these corner values is at least `level`.
double share_of_triangle(double a, double b, double c, double level) {
  if (a > b) std::swap(a, b);
  if (b > c) std::swap(b, c);
  if (a > b) std::swap(a, b);
  if (level <= a) return 1;
  if (level > c) return 0;
  if (level > b) return (c - level) * (c - level) / ((c - a) * (c - b));
  return 1 - (level - a) * (level - a) / ((c - a) * (b - a));
}

double share_of_segment(double a, double b, double level) {
  if (a > b) std::swap(a, b);
  if (level <= a) return 1;
  return level > b ? 0 : (b - level) / (b - a);
}

double share_above(const Surface& surface, const std::vector<double>& map, double level) {
  double above = 0;
  double whole = 0;
  for (std::size_t f = 0; f < surface.faces.size(); ++f) {
    const auto [a, b, c] = surface.faces[f];
    const double area = surface.face_area(f);
    whole += area;
    above += area * (surface.axisymmetric ? share_of_segment(map[a], map[b], level)
                                          : share_of_triangle(map[a], map[b], map[c], level));
  }
  return whole > 0 ? above / whole : 0;
}

/// The distance that a share of the weight does not exceed.
double weighted_quantile(const std::vector<NearestPoint>& nearest,
                         const std::vector<double>& weights, double share) {
  std::vector<std::size_t> order(nearest.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return nearest[a].distance < nearest[b].distance;
  });
  const double wanted = share * std::accumulate(weights.begin(), weights.end(), 0.0);
  double sum = 0;
  for (const std::size_t i : order) {
    sum += weights[i];
    if (sum >= wanted) return nearest[i].distance;
  }
  return nearest[order.back()].distance;
}

double largest(const std::vector<NearestPoint>& nearest) {
  double most = 0;
  for (const NearestPoint& n : nearest) most = std::max(most, n.distance);
  return most;
}

/// Local minima of the map worth a closer look: the lowest points, apart from one another, that
/// could hide something lower than the lowest within one lattice cell.
std::vector<std::size_t> candidates(const Surface& surface, const std::vector<double>& map,
                                    double reach) {
  std::vector<std::size_t> order(map.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return map[a] < map[b]; });
  std::vector<std::size_t> chosen;
  for (const std::size_t i : order) {
    if (chosen.size() == kCandidates || map[i] > map[order[0]] + reach) break;
    const bool apart = std::all_of(chosen.begin(), chosen.end(), [&](std::size_t c) {
      return norm(surface.points[i] - surface.points[c]) > 1.5 * reach;
    });
    if (apart) chosen.push_back(i);
  }
  return chosen;
}

/// The surface of the target near p, on a lattice over p +- half.
Surface close_up(const Target& target, const Vec3& p, const Vec3& half) {
  const bool round = target.samples().sampler().axisymmetric();
  Lattice::Axes axes;
  for (std::size_t d = 0; d < 3; ++d) {
    if (round && d == 1) {
      axes[d] = {0};
      continue;
    }
    for (int i = -kZoomSteps; i <= kZoomSteps; ++i) {
      const double x = p[d] + half[d] * i / kZoomSteps;
      if (!(round && d == 0 && x < 0)) axes[d].push_back(x);
    }
  }
  const BoundingBox everywhere{{-kInfinity, -kInfinity, -kInfinity},
                               {kInfinity, kInfinity, kInfinity}};
  return Lattice(target.samples().structure(), everywhere, std::move(axes), round).surface();
}

class MarginSearch {
 public:
  MarginSearch(const Target& target, const Lesion& lesion) : target_(target), lesion_(lesion) {}

  /// Distances of the target's points, and everything that follows from them.
  std::vector<NearestPoint> fill_map(MarginReport& r) const {
    const Surface& surface = target_.surface();
    std::vector<NearestPoint> nearest = lesion_.tree().nearest(surface.points);
    r.map.reserve(nearest.size());
    r.minimal = kInfinity;
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      r.map.push_back(signed_margin(surface.points[i], nearest[i]));
      if (r.map[i] >= r.minimal) continue;
      r.minimal = r.map[i];
      r.where = surface.points[i];
      r.nearest = nearest[i].point;
    }
    return nearest;
  }

  void refine(MarginReport& r) const {
    const Vec3 cell = target_.samples().whole_spacing();
    const double reach = norm(cell);
    for (const std::size_t i : candidates(target_.surface(), r.map, reach)) {
      Vec3 at = target_.surface().points[i];
      Vec3 half = cell;
      double here = r.map[i];
      for (int zoom = 0; zoom < kZooms; ++zoom) {
        const Surface near = close_up(target_, at, half);
        const std::vector<NearestPoint> nearest = lesion_.tree().nearest(near.points);
        for (std::size_t n = 0; n < nearest.size(); ++n) {
          const double margin = signed_margin(near.points[n], nearest[n]);
          if (margin >= here) continue;
          here = margin;
          at = near.points[n];
          if (margin >= r.minimal) continue;
          r.minimal = margin;
          r.where = at;
          r.nearest = nearest[n].point;
        }
        half = 0.25 * half;
      }
    }
  }

  /// The least distance of the target's points to a face of the domain that cuts the lesion.
  double to_cut() const {
    double least = kInfinity;
    for (const Vec3& p : target_.surface().points) least = std::min(least, lesion_.to_cut(p));
    return least;
  }

 private:
  double signed_margin(const Vec3& p, const NearestPoint& nearest) const {
    return lesion_.contains(p) ? nearest.distance : -nearest.distance;
  }

  const Target& target_;
  const Lesion& lesion_;
};

}  // namespace

MarginReport ablation_margin(const Target& target, const Lesion& lesion,
                             const MarginOptions& options) {
  MarginReport r{};
  r.minimal = r.mean = r.certain = r.hausdorff = r.hausdorff_95 = kNaN;
  r.clipped = lesion.surface().clipped();
  const MarginSearch search(target, lesion);
  if (target.tree().empty()) return r;
  if (lesion.tree().empty()) {
    if (!lesion.empty()) r.certain = search.to_cut();
    return r;
  }
  r.defined = true;
  const std::vector<NearestPoint> nearest = search.fill_map(r);
  const std::vector<double> areas = target.surface().point_areas();
  r.mean = std::inner_product(areas.begin(), areas.end(), r.map.begin(), 0.0) /
           std::accumulate(areas.begin(), areas.end(), 0.0);
  for (const double t : options.thresholds)
    r.shares.push_back(share_above(target.surface(), r.map, t));
  const std::vector<NearestPoint> back = target.tree().nearest(lesion.surface().points);
  r.hausdorff = std::max(largest(nearest), largest(back));
  r.hausdorff_95 = std::max(weighted_quantile(nearest, areas, 0.95),
                            weighted_quantile(back, lesion.surface().point_areas(), 0.95));
  search.refine(r);
  r.hausdorff = std::max(r.hausdorff, std::abs(r.minimal));
  r.certain = r.minimal;
  if (r.clipped && r.minimal > 0) r.certain = std::min(r.minimal, search.to_cut());
  return r;
}

}  // namespace thermodose::evaluation
