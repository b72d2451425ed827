// A cylindrical or spherical field on any engine.
// Implements: the part of space that symmetry leaves over - an eighth of a cube (sphere), a quarter
// of a slice two cells thick (cylinder), or a rectangle in (r, z) - with the exact solution held up
// to a core radius and from the outer boundary on. A cylinder on the axisymmetric mesh uses the
// engine's own means for that: a probe along the whole axis and a fixed outer face; elsewhere nodes
// are pinned.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "verification/engines.h"
#include "verification/harness.h"

namespace thermodose::verification {

struct RadialCase {
  exact::Symmetry symmetry;
  double core, size;  ///< m, multiples of twice the spacing
  SegmentLaw law;
  Profile profile;               ///< the exact solution, K
  double begin;                  ///< s, the run starts from the exact solution at this time ...
  std::optional<double> rest{};  ///< K, ... or from this temperature everywhere
};

class RadialRun {
 public:
  /// `spacing` m, `dt` s.
  RadialRun(const Scheme& scheme, const RadialCase& data, double spacing, double dt);

  /// Errors at time t between the core and the outer boundary.
  Errors errors_at(double t);
  /// Where the last state reaches `level` (K) along x, m.
  double front(double level) const;

 private:
  Domain domain(Engine engine, double spacing, bool fitted);

  RadialCase data_;
  Coordinate coordinate_;
  CaseConditions conditions_;
  std::unique_ptr<HeatSystem<double>> system_;
  std::optional<SteppedRun> run_;
  std::vector<double> temperatures_;
};

}  // namespace thermodose::verification
