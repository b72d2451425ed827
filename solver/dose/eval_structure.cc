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

double line_measure(double x0, double x1, const Vec3& spacing, bool axisymmetric) {
  if (axisymmetric) return kPi * (x1 * x1 - x0 * x0) * spacing[2];
  return (x1 - x0) * spacing[1] * spacing[2];
}

double lines_volume(const std::vector<LatticeRun>& runs, const Vec3& spacing, bool axisymmetric) {
  double sum = 0;
  for (const LatticeRun& run : runs) sum += line_measure(run.begin, run.end, spacing, axisymmetric);
  return sum;
}

}  // namespace

SampledStructure::SampledStructure(Structure structure, const FieldSampler& sampler,
                                   const SamplingOptions& options)
    : structure_(std::move(structure)), sampler_(&sampler) {
  whole_ = lattice_box(structure_.bounds, sampler);
  if (is_empty(whole_)) return;
  box_ = common(whole_, sampler.domain());
  const bool within = box_.lower == whole_.lower && box_.upper == whole_.upper;
  if (!within) {
    const Lattice marked = fitting_lattice(whole_, options, whole_spacing_);
    volume_ = lines_volume(marked.runs(), whole_spacing_, sampler.axisymmetric());
  }
  if (is_empty(box_)) return;
  const Lattice marked = fitting_lattice(box_, options, spacing_);
  const std::vector<LatticeRun> runs = marked.runs();
  if (within) {
    whole_spacing_ = spacing_;
    volume_ = lines_volume(runs, spacing_, sampler.axisymmetric());
  }
  set_knots(marked, runs);
}

/// A lattice as fine as the options ask; sets its spacing.
Lattice SampledStructure::fitting_lattice(const BoundingBox& box, const SamplingOptions& options,
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
    Lattice::Axes axes = lattice_axes(box, axisymmetric, spacing);
    Lattice marked(structure_, box, std::move(axes), axisymmetric);
    if (limited || options.spacing > 0 || step == kRefinements) return marked;
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
    if (good) return marked;
  }
}

double SampledStructure::measure(double x0, double x1) const {
  return line_measure(x0, x1, spacing_, sampler_->axisymmetric());
}

void SampledStructure::set_knots(const Lattice& lattice, const std::vector<LatticeRun>& runs) {
  for (std::size_t j = 0; j < lattice.size(1); ++j) y_.push_back(lattice.coordinate(1, j));
  for (std::size_t k = 0; k < lattice.size(2); ++k) z_.push_back(lattice.coordinate(2, k));
  Stencil last;
  for (const LatticeRun& run : runs) {
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
        volume_in_domain_ += measure(knots_[n - 1], knots_[n]);
    }
  }
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
  Lattice::Axes axes = lattice_axes(whole_, axisymmetric, spacing);
  return Lattice(structure_, whole_, std::move(axes), axisymmetric).surface();
}

}  // namespace thermodose::evaluation
