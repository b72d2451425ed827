// A lesion, a target, and how they lie to one another.
// Implements: the region of a criterion and a structure, each with its surface and the distance to
// it, made once and used by every measure of margins, overtreatment and shape.
#pragma once

#include "dose/eval_distance.h"
#include "dose/eval_structure.h"

namespace thermodose::evaluation {

/// The region where a criterion holds (inside the -40 degC isotherm of t_min, say). Sampler and
/// field must outlive it.
class Lesion {
 public:
  Lesion(const FieldSampler& sampler, const Criterion& criterion);

  const FieldSampler& sampler() const { return *sampler_; }
  const Criterion& criterion() const { return criterion_; }
  const Surface& surface() const { return surface_; }
  const SurfaceTree& tree() const { return tree_; }
  /// No node is inside.
  bool empty() const { return surface_.faces.empty() && surface_.cut.empty(); }
  /// False outside the domain.
  bool contains(const Vec3& p) const;
  /// Signed distance to the surface, m: positive inside; infinite without a surface.
  double depth(const Vec3& p) const;
  /// Distance from p to the faces of the domain at which the lesion is cut, m (negative beyond
  /// them): nothing is known there. Infinite when it is not clipped.
  double to_cut(const Vec3& p) const;
  /// The lesion as a structure, valid as long as the lesion; axisymmetric: the body of revolution.
  Structure structure() const;

 private:
  const FieldSampler* sampler_;
  Criterion criterion_;
  Surface surface_;
  SurfaceTree tree_;
};

/// A structure with its surface. The sampler must outlive it.
class Target {
 public:
  Target(Structure structure, const FieldSampler& sampler, const SamplingOptions& options = {});

  const SampledStructure& samples() const { return samples_; }
  const Surface& surface() const { return surface_; }
  const SurfaceTree& tree() const { return tree_; }
  bool contains(const Vec3& p) const { return samples_.structure().inside(p); }

 private:
  SampledStructure samples_;
  Surface surface_;
  SurfaceTree tree_;
};

/// Healthy tissue treated with the target.
struct Overtreatment {
  double lesion = 0;          ///< m3, in the domain
  double outside_target = 0;  ///< m3, of the lesion
  double outside_margin = 0;  ///< m3, farther than the margin from the target
  bool clipped = false;       ///< the lesion goes on beyond the domain: lower bounds
};
/// Lines through the lesion as through a structure; the target's border on a line by bisection,
/// that of the margin from distances, linear between knots. margin: m, >= 0. Error O(s^2) relative
/// to the lesion, s the cell size.
Overtreatment overtreatment(const Lesion& lesion, const Target& target, double margin,
                            const SamplingOptions& options = {0, 300000});

/// Size of a lesion along and across a direction (a probe's axis).
struct LesionShape {
  double volume = 0, area = 0;   ///< m3, m2
  double length = 0;             ///< m, along the axis
  double ahead = 0, behind = 0;  ///< m, extent from the origin along the axis and against it
  double width = 0;              ///< m, largest extent across the axis
  double height = 0;             ///< m, across the axis and the width
  /// pi^(1/3) (6 V)^(2/3) / A, 1 for a sphere (Wadell, J. Geol. 43, 1935, doi:10.1086/624298).
  /// Of a clipped lesion it counts the open surface and means nothing: NaN.
  double sphericity = 0;
  bool clipped = false;
};
/// Extents to O(h^2), directions across in steps of 1 degree (1e-4 of the width); sphericity to
/// 2 % at 10 cells per diameter. All 0 for an empty lesion. Axisymmetric: the axis is z.
LesionShape lesion_shape(const Lesion& lesion, const Vec3& origin, const Vec3& axis);

/// Distance between two isotherms.
struct Rim {
  double mean = 0, least = 0, most = 0;  ///< m, over the inner surface; NaN without both surfaces
  bool clipped = false;                  ///< one of them is cut by the domain
};
/// From every point of the surface of `inner` (the lethal zone) to the nearest point of the surface
/// of `outer` (the edge of the ice that images show), weighted with area. O(h^2) each.
Rim rim(const Lesion& inner, const Lesion& outer);

}  // namespace thermodose::evaluation
