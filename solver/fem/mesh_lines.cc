// Implements: graded lines (see mesh_lines.h).
#include "fem/mesh_lines.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>

namespace thermodose {

namespace {

// Number of spacings (a real number) within distance d of a fine break, and its inverse.
class Count {
 public:
  explicit Count(const LineGrading& g) : g_(g), rate_(g.growth - 1) {
    reach_ = rate_ > 0 ? std::max(0.0, (g.coarsest - g.finest) / rate_)
                       : std::numeric_limits<double>::infinity();
    within_ = std::isfinite(reach_) ? graded(reach_) : 0;
  }
  double of(double d) const {
    return d <= reach_ ? graded(d) : within_ + (d - reach_) / std::max(g_.coarsest, g_.finest);
  }
  double distance(double count) const {
    if (!std::isfinite(reach_)) return count * g_.finest;
    if (count > within_) return reach_ + (count - within_) * std::max(g_.coarsest, g_.finest);
    return g_.finest * std::expm1(count * rate_) / rate_;
  }

 private:
  double graded(double d) const {
    return rate_ > 0 ? std::log1p(rate_ * d / g_.finest) / rate_ : d / g_.finest;
  }
  LineGrading g_;
  double rate_, reach_ = 0, within_ = 0;
};

// Lines strictly inside (a, b), of which either end may be fine.
void fill(const LineBreak& a, const LineBreak& b, const LineGrading& g, std::vector<double>& out) {
  const double length = b.position - a.position;
  const Count count(g);
  if (!a.fine && !b.fine) {
    const int n = std::max(1, static_cast<int>(std::ceil(length / g.coarsest - 1e-9)));
    for (int i = 1; i < n; ++i) out.push_back(a.position + length * i / n);
    return;
  }
  const bool both = a.fine && b.fine;
  const double half = both ? length / 2 : length;
  const double total = count.of(half) * (both ? 2 : 1);
  const int n = std::max(1, static_cast<int>(std::ceil(total - 1e-9)));
  for (int i = 1; i < n; ++i) {
    const double share = total * i / n;
    if (both)
      out.push_back(2 * i <= n ? a.position + count.distance(share)
                               : b.position - count.distance(total - share));
    else
      out.push_back(a.fine ? a.position + count.distance(share)
                           : b.position - count.distance(total - share));
  }
}

}  // namespace

std::vector<double> graded_lines(const std::vector<LineBreak>& breaks, const LineGrading& grading) {
  assert(breaks.size() >= 2 && grading.finest > 0 && grading.growth >= 1);
  LineGrading g = grading;
  g.coarsest = std::max(g.coarsest, g.finest);
  std::vector<double> lines{breaks.front().position};
  for (std::size_t i = 1; i < breaks.size(); ++i) {
    assert(breaks[i].position > breaks[i - 1].position);
    fill(breaks[i - 1], breaks[i], g, lines);
    lines.push_back(breaks[i].position);
  }
  return lines;
}

}  // namespace thermodose
