// Implements: eval_volume.h: levels and histograms.
#include "dose/eval_volume.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace thermodose::evaluation {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kQuantileBins = 100;
constexpr int kQuantilePasses = 3;  // 1e-6 of the range

std::vector<double> equal_edges(double low, double high) {
  std::vector<double> edges;
  for (int i = 0; i <= kQuantileBins; ++i) edges.push_back(low + (high - low) * i / kQuantileBins);
  return edges;
}

/// Calls visit(piece, x0, x1, f0, f1) for the stretches between knots that have values at both
/// ends.
template <class Visit>
void for_stretches(const SampledStructure& structure, const std::vector<float>& values,
                   const Visit& visit) {
  const std::vector<double>& x = structure.knots();
  for (const LinePiece& piece : structure.pieces()) {
    for (std::size_t n = piece.begin; n + 1 < piece.end; ++n) {
      const double f0 = double(values[n]);
      const double f1 = double(values[n + 1]);
      if (std::isnan(f0) || std::isnan(f1)) continue;
      visit(piece, x[n], x[n + 1], f0, f1);
    }
  }
}

}  // namespace

LinePart part_below(double x0, double x1, double f0, double f1, double level) {
  const bool first = f0 < level;
  const bool last = f1 < level;
  if (first && last) return {x0, x1};
  if (!first && !last) return {x0, x0};
  const double s = (level - f0) / (f1 - f0);
  const double root = std::isfinite(s) ? x0 + s * (x1 - x0) : 0.5 * (x0 + x1);
  return first ? LinePart{x0, root} : LinePart{root, x1};
}

StructureField::StructureField(const SampledStructure& structure, const float* field)
    : structure_(&structure), values_(structure.values(field)), lowest_(kNaN), highest_(kNaN) {
  for (const float value : values_) {
    if (std::isnan(value)) continue;
    if (!(lowest_ <= double(value))) lowest_ = double(value);
    if (!(highest_ >= double(value))) highest_ = double(value);
  }
}

double StructureField::volume(double level, Side side) const {
  const double sign = side == Side::below ? 1 : -1;
  double sum = 0;
  for_stretches(*structure_, values_,
                [&](const LinePiece& piece, double x0, double x1, double f0, double f1) {
                  const LinePart part = part_below(x0, x1, sign * f0, sign * f1, sign * level);
                  sum += structure_->measure(piece, part.begin, part.end);
                });
  return sum;
}

Histogram StructureField::histogram(std::vector<double> edges) const {
  Histogram h;
  h.edges = std::move(edges);
  h.volume = structure_->volume_in_domain();
  h.below.assign(h.edges.size(), 0.0);
  std::vector<double> whole(h.edges.size() + 1, 0.0);  // stretches wholly below from this edge on
  for_stretches(*structure_, values_,
                [&](const LinePiece& piece, double x0, double x1, double f0, double f1) {
                  const auto first =
                      std::upper_bound(h.edges.begin(), h.edges.end(), std::min(f0, f1));
                  const auto last = std::upper_bound(first, h.edges.end(), std::max(f0, f1));
                  for (auto edge = first; edge != last; ++edge) {
                    const LinePart part = part_below(x0, x1, f0, f1, *edge);
                    h.below[std::size_t(edge - h.edges.begin())] +=
                        structure_->measure(piece, part.begin, part.end);
                  }
                  whole[std::size_t(last - h.edges.begin())] += structure_->measure(piece, x0, x1);
                });
  double sum = 0;
  for (std::size_t e = 0; e < h.edges.size(); ++e) {
    sum += whole[e];
    h.below[e] += sum;
  }
  return h;
}

double StructureField::level_of(double fraction, Side side) const {
  if (std::isnan(lowest_) || structure_->volume_in_domain() <= 0) return kNaN;
  const double below = (side == Side::below ? fraction : 1 - fraction);
  double low = lowest_;
  double high = highest_;
  for (int pass = 0; pass < kQuantilePasses && low < high; ++pass) {
    const Histogram h = histogram(equal_edges(low, high));
    const double wanted = below * h.volume;
    const auto at = std::lower_bound(h.below.begin(), h.below.end(), wanted);
    const std::size_t e = std::min(h.below.size() - 1, std::size_t(at - h.below.begin()));
    high = h.edges[e];
    low = e > 0 ? h.edges[e - 1] : h.edges[e];
  }
  return 0.5 * (low + high);
}

Coverage coverage(const SampledStructure& structure, const Criterion& criterion) {
  Coverage c;
  c.volume = structure.volume();
  c.in_domain = structure.volume_in_domain();
  // Sums in another order may exceed the whole by rounding.
  c.covered =
      std::min(c.in_domain,
               StructureField(structure, criterion.values).volume(criterion.level, criterion.side));
  c.fraction = c.volume > 0 ? c.covered / c.volume : 0;
  return c;
}

}  // namespace thermodose::evaluation
