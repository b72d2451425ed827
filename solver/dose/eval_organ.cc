// Implements: eval_organ.h.
#include "dose/eval_organ.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dose/eval_volume.h"

namespace thermodose::evaluation {

namespace {

constexpr int kHalvings = 8;
constexpr int kMoves = 8;  // of one length: a start is a lattice spacing from the end

/// To the neighbours along axes and diagonals.
std::vector<Vec3> make_ways() {
  std::vector<Vec3> ways;
  for (const double z : {-1, 0, 1})
    for (const double y : {-1, 0, 1})
      for (const double x : {-1, 0, 1})
        if (x != 0 || y != 0 || z != 0) ways.push_back({x, y, z});
  return ways;
}
const std::vector<Vec3> kWays = make_ways();

/// A vector with the signs of the bits of n.
Vec3 turned(const Vec3& v, unsigned n) {
  return {(n & 1U) != 0 ? v[0] : -v[0], (n & 2U) != 0 ? v[1] : -v[1], (n & 4U) != 0 ? v[2] : -v[2]};
}

/// Where in [0, 1] the line from a to b is negative.
struct Stretch {
  double begin, end;
};

Stretch negative(double a, double b) {
  const LinePart part = part_below(0, 1, a, b, 0);
  return {part.begin, part.end};
}

/// Node indices [begin, end) of a uniform grid along d that a box may hold.
std::array<std::size_t, 2> range(const NodeGeometry& g, const BoundingBox& box, std::size_t d) {
  const double last = g.nodes[d];
  const double low = std::floor((box.lower[d] - g.origin[d]) / g.spacing);
  const double high = std::ceil((box.upper[d] - g.origin[d]) / g.spacing) + 1;
  return {std::size_t(std::clamp(low, 0.0, last)), std::size_t(std::clamp(high, 0.0, last))};
}

std::vector<std::size_t> nodes_inside(const NodeGeometry& g, const Structure& organ) {
  std::vector<std::size_t> nodes;
  if (is_empty(organ.bounds)) return nodes;
  const auto look = [&](std::size_t n) {
    const Vec3 p = node_position(g, n);
    if (within(organ.bounds, p) && organ.inside(p)) nodes.push_back(n);
  };
  if (!g.uniform) {
    for (std::size_t n = 0; n < g.points.size(); ++n) look(n);
    return nodes;
  }
  const auto [x0, x1] = range(g, organ.bounds, 0);
  const auto [y0, y1] = range(g, organ.bounds, 1);
  const auto [z0, z1] = range(g, organ.bounds, 2);
  for (std::size_t k = z0; k < z1; ++k) {
    for (std::size_t j = y0; j < y1; ++j) {
      for (std::size_t i = x0; i < x1; ++i)
        look(i + std::size_t(g.nodes[0]) * (j + std::size_t(g.nodes[1]) * k));
    }
  }
  return nodes;
}

void keep_lower(const Extreme& here, Extreme& kept) {
  if (!(kept.value <= here.value) && !std::isnan(here.value)) kept = here;
}
void keep_higher(const Extreme& here, Extreme& kept) {
  if (!(kept.value >= here.value) && !std::isnan(here.value)) kept = here;
}

}  // namespace

OrganWatch::OrganWatch(const Structure& organ, const FieldSampler& sampler, const SafeBand& band,
                       const SamplingOptions& options)
    : samples_(organ, sampler, options),
      band_(band),
      nodes_(nodes_inside(sampler.geometry(), organ)) {
  std::vector<Vec3> points = samples_.surface().points;
  if (organ.corners) {
    const std::vector<Vec3> more =
        organ.corners(sampler.domain(), sampler.cell_size(common(organ.bounds, sampler.domain())));
    points.insert(points.end(), more.begin(), more.end());
  }
  step_ = 0.5 * samples_.whole_spacing();
  Stencil last;
  for (const Vec3& p : points) {
    last = sampler.locate(p, last);
    if (last.cell < 0) continue;
    points_.push_back(p);
    stencils_.push_back(last);
    cells_.push_back(last.cell);
    for (unsigned n = 0; n < 8; ++n)
      cells_.push_back(sampler.locate(p + turned(step_, n), last).cell);
  }
  std::sort(cells_.begin(), cells_.end());
  cells_.erase(std::unique(cells_.begin(), cells_.end()), cells_.end());
  report_.volume = samples_.volume();
  report_.in_domain = samples_.volume_in_domain();
}

void OrganWatch::add_nodes(std::vector<std::size_t>& nodes) const {
  nodes.insert(nodes.end(), nodes_.begin(), nodes_.end());
  for (const std::ptrdiff_t cell : cells_) samples_.sampler().add_nodes({cell, {}}, nodes);
}

bool OrganWatch::is_watched(const Stencil& stencil) const {
  return stencil.cell >= 0 && std::binary_search(cells_.begin(), cells_.end(), stencil.cell);
}

/// From the best point known to a better one nearby, along the axes and diagonals.
OrganWatch::Best OrganWatch::search(const float* field, float sign, Best best) const {
  const FieldSampler& sampler = samples_.sampler();
  const Structure& organ = samples_.structure();
  Stencil last;
  Vec3 step = step_;
  for (int halving = 0; halving < kHalvings; ++halving) {
    for (int move = 0; move < kMoves; ++move) {
      const Vec3 from = best.place;
      for (const Vec3& way : kWays) {
        const Vec3 p = from + Vec3{way[0] * step[0], way[1] * step[1], way[2] * step[2]};
        if (sampler.axisymmetric() && (way[1] != 0 || p[0] < 0)) continue;
        const Stencil at = sampler.locate(p, last);
        if (!is_watched(at)) continue;
        last = at;
        const float value = sign * sampler.value(field, at);
        if (value < best.value && within(organ.bounds, p) && organ.inside(p)) best = {value, p};
      }
      if (best.place == from) break;
    }
    step = 0.5 * step;
  }
  return best;
}

OrganWatch::Ends OrganWatch::ends(const float* field, double time) const {
  constexpr float inf = std::numeric_limits<float>::infinity();
  const FieldSampler& sampler = samples_.sampler();
  Ends found;
  float low = inf;
  float high = -inf;
  std::size_t low_at = 0;
  std::size_t high_at = 0;
  const auto look = [&](float value, std::size_t at) {
    if (value < low) {
      low = value;
      low_at = at;
    }
    if (value > high) {
      high = value;
      high_at = at;
    }
  };
  for (std::size_t i = 0; i < nodes_.size(); ++i) look(field[nodes_[i]], i);
  for (std::size_t i = 0; i < stencils_.size(); ++i)
    look(sampler.value(field, stencils_[i]), nodes_.size() + i);
  const auto place = [&](std::size_t at) {
    return at < nodes_.size() ? node_position(sampler.geometry(), nodes_[at])
                              : points_[at - nodes_.size()];
  };
  if (!(low < inf)) return found;
  const Best coldest = search(field, 1, {low, place(low_at)});
  const Best hottest = search(field, -1, {-high, place(high_at)});
  found.low = {double(coldest.value), coldest.place, time};
  found.high = {-double(hottest.value), hottest.place, time};
  return found;
}

void OrganWatch::instant(double time, const float* temperature) {
  const Ends now = ends(temperature, time);
  if (std::isnan(now.low.value)) return;
  keep_lower(now.low, report_.coldest);
  keep_higher(now.high, report_.hottest);
  add_time(time, now.low.value, now.high.value);
}

void OrganWatch::add_time(double time, double low, double high) {
  // Negative: below, above the band.
  const double cold = low - band_.lower;
  const double hot = band_.upper - high;
  const double step = started_ ? time - time_ : 0;
  const double cold_before = started_ ? low_ - band_.lower : cold;
  const double hot_before = started_ ? band_.upper - high_ : hot;
  const Stretch below = negative(cold_before, cold);
  const Stretch above = negative(hot_before, hot);
  const double both =
      std::max(0.0, std::min(below.end, above.end) - std::max(below.begin, above.begin));
  report_.time_below += step * (below.end - below.begin);
  report_.time_above += step * (above.end - above.begin);
  report_.time_outside += step * (below.end - below.begin + above.end - above.begin - both);
  if (std::isnan(report_.first_outside) && (cold < 0 || hot < 0)) {
    double first = 1;
    if (below.end > below.begin) first = std::min(first, below.begin);
    if (above.end > above.begin) first = std::min(first, above.begin);
    report_.first_outside = time - step * (1 - first);
  }
  started_ = true;
  time_ = time;
  low_ = low;
  high_ = high;
}

OrganReport OrganWatch::report(const float* lowest, const float* highest) const {
  OrganReport r = report_;
  const double never = std::numeric_limits<double>::quiet_NaN();
  r.coldest_ever = ends(lowest, never).low;
  r.hottest_ever = ends(highest, never).high;
  r.cold_volume = StructureField(samples_, lowest).volume(band_.lower, Side::below);
  r.hot_volume = StructureField(samples_, highest).volume(band_.upper, Side::above);
  return r;
}

}  // namespace thermodose::evaluation
