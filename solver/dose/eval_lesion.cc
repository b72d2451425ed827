// Implements: eval_lesion.h: the two classes, overtreatment and rim.
#include "dose/eval_lesion.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "dose/eval_volume.h"

namespace thermodose::evaluation {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kBisections = 13;

/// Volume of the part of a structure's lines where a test fails; the border by bisection.
template <class Test>
double volume_outside(const SampledStructure& samples, const Test& test) {
  const std::vector<double>& x = samples.knots();
  double sum = 0;
  for (const LinePiece& piece : samples.pieces()) {
    bool before = test(samples.point(piece, x[piece.begin]));
    for (std::size_t n = piece.begin + 1; n < piece.end; ++n) {
      const bool here = test(samples.point(piece, x[n]));
      if (before == here) {
        if (!here) sum += samples.measure(piece, x[n - 1], x[n]);
        continue;
      }
      double low = x[n - 1];
      double high = x[n];
      for (int step = 0; step < kBisections; ++step) {
        const double middle = 0.5 * (low + high);
        (test(samples.point(piece, middle)) == before ? low : high) = middle;
      }
      const double border = 0.5 * (low + high);
      sum +=
          before ? samples.measure(piece, border, x[n]) : samples.measure(piece, x[n - 1], border);
      before = here;
    }
  }
  return sum;
}

/// Signed distance from a target less a margin: positive where it is farther away. Known up to
/// `reach` from its zero; farther away it is at least that, of the right sign.
class Beyond {
 public:
  Beyond(const Target& target, double margin, double reach)
      : target_(target), margin_(margin), reach_(reach) {}
  double operator()(const Vec3& p) {
    const bool inside = target_.contains(p);
    const double within = inside ? reach_ : margin_ + reach_;
    const NearestPoint found = target_.tree().nearest(p, within, last_);
    if (found.face >= 0) last_ = found.face;
    const double distance = std::min(within, found.distance);
    return (inside ? -distance : distance) - margin_;
  }

 private:
  const Target& target_;
  double margin_, reach_;
  int last_ = -1;
};

/// Volume of the part of a structure's lines where `beyond` is positive. It changes by no more than
/// the way along the line: where it is large the next knots need no look. Linear between knots.
double volume_beyond(const SampledStructure& samples, Beyond& beyond) {
  const std::vector<double>& x = samples.knots();
  double sum = 0;
  for (const LinePiece& piece : samples.pieces()) {
    std::size_t known = piece.begin;
    double value = beyond(samples.point(piece, x[known]));
    for (std::size_t n = piece.begin + 1; n < piece.end; ++n) {
      if (x[n] - x[known] < std::abs(value)) {
        if (value > 0) sum += samples.measure(piece, x[n - 1], x[n]);
        continue;
      }
      const double here = beyond(samples.point(piece, x[n]));
      const double before = known + 1 == n || (here > 0) == (value > 0)
                                ? value
                                : beyond(samples.point(piece, x[n - 1]));
      const LinePart within = part_below(x[n - 1], x[n], before, here, 0);
      sum +=
          samples.measure(piece, x[n - 1], x[n]) - samples.measure(piece, within.begin, within.end);
      known = n;
      value = here;
    }
  }
  return sum;
}

bool in_box(const BoundingBox& box, const Vec3& p) {
  for (std::size_t d = 0; d < 3; ++d) {
    if (p[d] < box.lower[d] || p[d] > box.upper[d]) return false;
  }
  return true;
}

}  // namespace

Lesion::Lesion(const FieldSampler& sampler, const Criterion& criterion)
    : sampler_(&sampler),
      criterion_(criterion),
      surface_(iso_surface(sampler.geometry(), criterion)),
      tree_(surface_) {}

bool Lesion::contains(const Vec3& p) const {
  return criterion_.offset(double(sampler_->value_at(criterion_.values, p))) < 0;
}

double Lesion::depth(const Vec3& p) const {
  const double distance = tree_.nearest(p).distance;
  return contains(p) ? distance : -distance;
}

double Lesion::to_cut(const Vec3& p) const {
  const bool round = sampler_->axisymmetric();
  const BoundingBox& domain = sampler_->domain();
  double least = kInfinity;
  for (unsigned d = 0; d < 3; ++d) {
    const double x = round && d == 0 ? std::hypot(p[0], p[1]) : p[d];
    if ((surface_.touched >> (2 * d) & 1U) != 0) least = std::min(least, x - domain.lower[d]);
    if ((surface_.touched >> (2 * d) & 2U) != 0) least = std::min(least, domain.upper[d] - x);
  }
  return least;
}

Structure Lesion::structure() const {
  BoundingBox box{{kInfinity, kInfinity, kInfinity}, {-kInfinity, -kInfinity, -kInfinity}};
  for (const auto* points : {&surface_.points, &surface_.cut}) {
    for (const Vec3& p : *points) {
      for (std::size_t d = 0; d < 3; ++d) {
        box.lower[d] = std::min(box.lower[d], p[d]);
        box.upper[d] = std::max(box.upper[d], p[d]);
      }
    }
  }
  if (sampler_->axisymmetric() && !is_empty(box)) {
    box.lower[0] = box.lower[1] = -box.upper[0];
    box.upper[1] = box.upper[0];
  }
  return {box, [this](const Vec3& p) { return contains(p); }};
}

Target::Target(Structure structure, const FieldSampler& sampler, const SamplingOptions& options)
    : samples_(std::move(structure), sampler, options),
      surface_(samples_.surface()),
      tree_(surface_) {}

Overtreatment overtreatment(const Lesion& lesion, const Target& target, double margin,
                            const SamplingOptions& options) {
  const SampledStructure samples(lesion.structure(), lesion.sampler(), options);
  const BoundingBox& bounds = target.samples().structure().bounds;
  Overtreatment result;
  result.clipped = lesion.surface().clipped();
  result.lesion = samples.volume_in_domain();
  result.outside_target = volume_outside(
      samples, [&](const Vec3& p) { return in_box(bounds, p) && target.contains(p); });
  result.outside_margin = result.outside_target;
  if (margin > 0 && !target.tree().empty()) {
    Beyond beyond(target, margin, 3 * norm(samples.spacing()));
    result.outside_margin = volume_beyond(samples, beyond);
  }
  return result;
}

Rim rim(const Lesion& inner, const Lesion& outer) {
  Rim r{kNaN, kNaN, kNaN, inner.surface().clipped() || outer.surface().clipped()};
  if (inner.tree().empty() || outer.tree().empty()) return r;
  const std::vector<NearestPoint> nearest = outer.tree().nearest(inner.surface().points);
  const std::vector<double> areas = inner.surface().point_areas();
  double sum = 0;
  double area = 0;
  r.least = kInfinity;
  r.most = 0;
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    r.least = std::min(r.least, nearest[i].distance);
    r.most = std::max(r.most, nearest[i].distance);
    sum += areas[i] * nearest[i].distance;
    area += areas[i];
  }
  r.mean = sum / area;
  return r;
}

}  // namespace thermodose::evaluation
