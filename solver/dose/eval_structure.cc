// Implements: eval_structure.h.
#include "dose/eval_structure.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace thermodose::evaluation {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kPointsPerSide = 32;
constexpr double kPointsPerChord = 18;  // a sphere has 21 with 32 across
constexpr int kRefinements = 4;
constexpr std::size_t kFewestPoints = 1000;
constexpr double kRounding = 1e-9;  // of sums over as many pieces of lines as there can be

/// Bounds in the coordinates the lattice has (axisymmetric: r, 0, z), the domain's where infinite.
BoundingBox lattice_box(const BoundingBox& bounds, const FieldSampler& sampler) {
  BoundingBox box = bounds;
  if (sampler.axisymmetric() && !is_empty(bounds)) {
    box.lower[0] = box.lower[1] = box.upper[1] = 0;
    box.upper[0] = std::max(bounds.upper[0], -bounds.lower[0]);
  }
  for (std::size_t d = 0; d < 3; ++d) {
    if (!(box.lower[d] > -std::numeric_limits<double>::max()))
      box.lower[d] = sampler.domain().lower[d];
    if (!(box.upper[d] < std::numeric_limits<double>::max()))
      box.upper[d] = sampler.domain().upper[d];
  }
  return box;
}

/// Makes the spacing coarser until the box holds no more points than allowed; true if it had to.
bool limit_points(const BoundingBox& box, bool axisymmetric, std::size_t allowed, Vec3& spacing) {
  const double most = double(std::max(allowed, kFewestPoints));
  for (bool limited = false;; limited = true) {
    double points = 1;
    for (std::size_t d = 0; d < 3; ++d) {
      if (axisymmetric && d == 1) continue;
      points *= std::ceil((box.upper[d] - box.lower[d]) / spacing[d] * (1 - 1e-9)) + 2;
    }
    if (points <= most) return limited;
    for (double& s : spacing) s *= 1.05 * std::cbrt(points / most);
  }
}

double line_measure(double x0, double x1, double dy, double dz, bool axisymmetric) {
  if (axisymmetric) return kPi * (x1 * x1 - x0 * x0) * dz;
  return (x1 - x0) * dy * dz;
}

}  // namespace

struct SampledStructure::Fitted {
  Lattice lattice;
  Lattice::Axes width;
};

SampledStructure::SampledStructure(Structure structure, const FieldSampler& sampler,
                                   const SamplingOptions& options)
    : structure_(std::move(structure)), sampler_(&sampler) {
  whole_ = lattice_box(structure_.bounds, sampler);
  if (is_empty(whole_)) return;
  box_ = common(whole_, sampler.domain());
  const bool within = box_.lower == whole_.lower && box_.upper == whole_.upper;
  if (!within) volume_ = volume(fitting_lattice(whole_, options, whole_spacing_));
  if (is_empty(box_)) return;
  const Fitted fitted = fitting_lattice(box_, options, spacing_);
  if (within) {
    whole_spacing_ = spacing_;
    volume_ = volume(fitted);
  }
  set_knots(fitted);
}

double SampledStructure::volume(const Fitted& fitted) const {
  const bool axisymmetric = sampler_->axisymmetric();
  double sum = 0;
  for (const LatticeRun& run : fitted.lattice.runs())
    sum += line_measure(run.begin, run.end, fitted.width[1][std::size_t(run.j)],
                        fitted.width[2][std::size_t(run.k)], axisymmetric);
  return sum;
}

/// A lattice as fine as the options ask; sets its spacing.
SampledStructure::Fitted SampledStructure::fitting_lattice(const BoundingBox& box,
                                                           const SamplingOptions& options,
                                                           Vec3& spacing) const {
  const bool axisymmetric = sampler_->axisymmetric();
  const double cell = sampler_->cell_size(box);
  for (std::size_t d = 0; d < 3; ++d) {
    const double side = box.upper[d] - box.lower[d];
    spacing[d] = options.spacing > 0 ? options.spacing : std::min(cell, side / kPointsPerSide);
    if (side == 0) spacing[d] = cell;
  }
  for (int step = 0;; ++step) {
    const bool limited = limit_points(box, axisymmetric, options.most_points, spacing);
    LatticeAxes axes = lattice_axes(box, axisymmetric, spacing, structure_.planes);
    Lattice marked(structure_, box, std::move(axes.at), axisymmetric);
    if (limited || options.spacing > 0 || step == kRefinements)
      return {std::move(marked), std::move(axes.width)};
    bool good = true;
    for (std::size_t d = 0; d < 3; ++d) {
      if (axisymmetric && d == 1) continue;
      // Points inside per line that meets the structure, which has two changes.
      const double chord =
          2 * double(marked.count()) / double(std::max<std::size_t>(1, marked.changes(d)));
      if (chord >= kPointsPerChord) continue;
      spacing[d] *= std::max(0.5, 0.9 * chord / kPointsPerChord);
      good = false;
    }
    if (good) return {std::move(marked), std::move(axes.width)};
  }
}

double SampledStructure::measure(int j, int k, double x0, double x1) const {
  return line_measure(x0, x1, dy_[std::size_t(j)], dz_[std::size_t(k)], sampler_->axisymmetric());
}

void SampledStructure::set_knots(const Fitted& fitted) {
  const Lattice& lattice = fitted.lattice;
  dy_ = fitted.width[1];
  dz_ = fitted.width[2];
  for (std::size_t j = 0; j < lattice.size(1); ++j) y_.push_back(lattice.coordinate(1, j));
  for (std::size_t k = 0; k < lattice.size(2); ++k) z_.push_back(lattice.coordinate(2, k));
  Stencil last;
  for (const LatticeRun& run : lattice.runs()) {
    const std::size_t begin = knots_.size();
    knots_.push_back(run.begin);
    for (int i = run.first; i <= run.last; ++i) {
      const double x = lattice.coordinate(0, std::size_t(i));
      if (x > run.begin && x < run.end) knots_.push_back(x);
    }
    knots_.push_back(run.end);
    pieces_.push_back({run.j, run.k, begin, knots_.size()});
    for (std::size_t n = begin; n < knots_.size(); ++n) {
      stencils_.push_back(sampler_->locate(point(pieces_.back(), knots_[n]), last));
      last = stencils_.back();
      if (n > begin && stencils_[n - 1].cell >= 0 && last.cell >= 0)
        volume_in_domain_ += measure(run.j, run.k, knots_[n - 1], knots_[n]);
    }
  }
  // A part is no more than the whole, and what the order of sums leaves is no part outside.
  if (volume_in_domain_ > (1 - kRounding) * volume_) volume_in_domain_ = volume_;
}

std::vector<float> SampledStructure::values(const float* field) const {
  std::vector<float> out(stencils_.size());
  for (std::size_t n = 0; n < out.size(); ++n) out[n] = sampler_->value(field, stencils_[n]);
  return out;
}

Surface SampledStructure::surface() const {
  if (is_empty(whole_)) return Surface{sampler_->axisymmetric(), {}, {}, {}, 0};
  const bool axisymmetric = sampler_->axisymmetric();
  Vec3 spacing = whole_spacing_;
  LatticeAxes axes = lattice_axes(whole_, axisymmetric, spacing, structure_.planes);
  return Lattice(structure_, whole_, std::move(axes.at), axisymmetric).surface();
}

}  // namespace thermodose::evaluation
