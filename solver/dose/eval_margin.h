// Ablation margins.
// Implements: for a point p on the target's surface the margin is the distance to the lesion's
// surface, positive when p is inside the lesion, negative when it is not (the quantitative ablation
// margin of Sandu et al., Front. Oncol. 11, 2021, doi:10.3389/fonc.2021.623098, who measure it on
// images). Distances are between triangulated surfaces, not voxels. Error of a margin: 0.45 h^2 / R
// for a smooth lesion of radius R (0.08 cells at R = 5.6 h), of the Q1 interpolant, which makes a
// convex lesion small: on the safe side. At creases of the lesion 0.1 h. At corners of a target the
// map misses up to one lattice spacing; the minimum, searched for on finer lattices, 0.02 h.
#pragma once

#include <vector>

#include "dose/eval_lesion.h"

namespace thermodose::evaluation {

struct MarginOptions {
  std::vector<double> thresholds{0, 5e-3, 10e-3};  ///< m, of the shares
};

/// Numbers are NaN, lists empty, when target or lesion has no surface (`defined` false); `certain`
/// is known, too, for a lesion that fills the domain.
struct MarginReport {
  bool defined = false;
  double minimal;  ///< m
  Vec3 where{};    ///< on the target's surface, m
  Vec3 nearest{};  ///< the point of the lesion's surface that is nearest to it, m
  double mean;     ///< m, over the target's surface
  /// m, a lower bound of the minimal margin: the lesion may end where the domain cuts it. Equals
  /// `minimal` unless the lesion is clipped.
  double certain;
  std::vector<double> shares;  ///< of the target's surface with at least the threshold, 0 .. 1
  std::vector<double> map;     ///< m, at every point of the target's surface
  /// Largest distance from a point of one surface to the other surface, m, and the distance that
  /// 95 % of either surface does not exceed. Over vertices: error O(s^2) for smooth surfaces.
  double hausdorff, hausdorff_95;
  bool clipped = false;  ///< the lesion is cut by the domain
};

MarginReport ablation_margin(const Target& target, const Lesion& lesion,
                             const MarginOptions& options = {});

}  // namespace thermodose::evaluation
