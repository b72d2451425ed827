// Things that know how far they reach.
// Implements: a bounding box and the questions the case checker asks a shape, so that
// solver/case needs no header of solver/geometry.
#pragma once

#include "base/types.h"

namespace thermodose {

/// Axis-aligned box, SI metres; may be infinite. Empty when lower > upper in some direction.
struct BoundingBox {
  Vec3 lower, upper;
};

/// Planes normal to the coordinate axes at origin + n pitch, m: where the faces of voxels are.
struct PlaneGrid {
  Vec3 origin, pitch;
};

/// Something with an extent in space.
class Bounded {
 public:
  virtual ~Bounded() = default;
  /// A box that holds the whole of it, m.
  virtual BoundingBox bounds() const = 0;
  /// False when it has no symmetry about an axis, whatever its box looks like: triangles of a file.
  virtual bool may_be_round() const { return true; }
};

}  // namespace thermodose
