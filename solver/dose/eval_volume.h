// How much of a structure gets how much.
// Implements: volumes of the part of a structure where a field is below or above a level, coverage,
// cumulative dose-volume and temperature-volume histograms and their quantiles (D95, V-20). The
// field is linear between the knots of dose/eval_structure.h, and every number is the exact
// integral of that: error O(h^2) from the field, O(s^2) from the lines. What lies outside the
// domain has no value: it is neither below nor above anything.
#pragma once

#include <vector>

#include "dose/eval_structure.h"

namespace thermodose::evaluation {

/// The part of [x0, x1] where the linear function from f0 to f1 is below a level (above, with
/// signs turned); begin = end when there is none.
struct LinePart {
  double begin, end;
};
LinePart part_below(double x0, double x1, double f0, double f1, double level);

/// A cumulative histogram: volumes where the value is below each edge.
struct Histogram {
  std::vector<double> edges;  ///< rising, in the unit of the field
  std::vector<double> below;  ///< m3, one per edge
  double volume = 0;          ///< m3, of the structure inside the domain
};

/// A node field on a structure. The structure must outlive it.
class StructureField {
 public:
  StructureField(const SampledStructure& structure, const float* field);

  const SampledStructure& structure() const { return *structure_; }
  /// Extremes over the knots; NaN for a structure outside the domain.
  double lowest() const { return lowest_; }
  double highest() const { return highest_; }
  /// m3 where the field is on a side of the level.
  double volume(double level, Side side) const;
  /// Volumes at all edges in one pass.
  Histogram histogram(std::vector<double> edges) const;
  /// The level that `fraction` (0 .. 1) of the volume in the domain is on that side of: with 0.95
  /// and below, the temperature that 95 % of the target fell below; with 0.95 and above, D95 of a
  /// dose. To 1e-6 of the range of values; NaN for a structure outside the domain.
  double level_of(double fraction, Side side) const;

 private:
  const SampledStructure* structure_;
  std::vector<float> values_;
  double lowest_, highest_;
};

/// `covered` counts against the whole structure: what is outside the domain is not treated.
struct Coverage {
  double volume = 0;     ///< m3, of the structure
  double in_domain = 0;  ///< m3
  double covered = 0;    ///< m3, by the criterion
  double fraction = 0;   ///< covered / volume; 0 for an empty structure
};
Coverage coverage(const SampledStructure& structure, const Criterion& criterion);

/// The part of a structure that a criterion does not reach.
struct Residual {
  double volume = 0;       ///< m3, without what is outside the domain
  std::size_t pieces = 0;  ///< connected ones of at least one lattice cell (line spacing)
  double largest = 0;      ///< m3, of the largest piece
  Vec3 centroid{};         ///< of the largest piece, m; axisymmetric: on the axis
  Vec3 lower{}, upper{};   ///< bounding box of the largest piece, m; axisymmetric: r, 0, z
};
/// Untreated parts of neighbouring lines belong together where they overlap: pieces closer than the
/// line spacing may count as one.
Residual residual(const SampledStructure& structure, const Criterion& criterion);

}  // namespace thermodose::evaluation
