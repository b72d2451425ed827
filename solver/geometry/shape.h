// Shapes of regions.
// Implements: the interface of registry "shape". A shape answers for points in SI metres.
#pragma once

#include "base/bounded.h"
#include "base/keys.h"
#include "base/reads_files.h"
#include "base/types.h"

namespace thermodose {

/// A closed set of points. Registry "shape".
class Shape : public Configurable, public Bounded, public ReadsFiles {
 public:
  /// Most shapes need no file.
  void prepare(const ReadContext& /*context*/) override {}
  /// True inside or on the surface.
  virtual bool contains(const Vec3& p) const = 0;
  /// Exact volume in m3; infinity when unbounded, NaN when no closed form is known.
  virtual double volume() const = 0;
};

}  // namespace thermodose
