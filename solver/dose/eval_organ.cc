// Implements: eval_organ.h.
#include "dose/eval_organ.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dose/eval_volume.h"

namespace thermodose::evaluation {

namespace {

/// Where in [0, 1] the line from a to b is negative.
struct Stretch {
  double begin, end;
};

Stretch negative(double a, double b) {
  const LinePart part = part_below(0, 1, a, b, 0);
  return {part.begin, part.end};
}

bool within(const BoundingBox& box, const Vec3& p) {
  for (std::size_t d = 0; d < 3; ++d) {
    if (!(p[d] >= box.lower[d] && p[d] <= box.upper[d])) return false;
  }
  return true;
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
  Stencil last;
  for (const Vec3& p : samples_.surface().points) {
    last = sampler.locate(p, last);
    if (last.cell < 0) continue;
    points_.push_back(p);
    stencils_.push_back(last);
  }
  report_.volume = samples_.volume();
  report_.in_domain = samples_.volume_in_domain();
}

void OrganWatch::add_nodes(std::vector<std::size_t>& nodes) const {
  nodes.insert(nodes.end(), nodes_.begin(), nodes_.end());
  for (const Stencil& s : stencils_) samples_.sampler().add_nodes(s, nodes);
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
  if (low < inf) found.low = {double(low), place(low_at), time};
  if (high > -inf) found.high = {double(high), place(high_at), time};
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
