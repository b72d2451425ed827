// Anatomy: named parts in space, each of one tissue.
// Implements: the interface of registry "anatomy". An anatomy is a label map, or a generator with
// parameters; the regions of a case are painted over it. Points are SI metres in the frame of the
// case, which for an image is its world frame.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/keys.h"
#include "base/tissue_source.h"
#include "base/types.h"

namespace thermodose {

/// A structure: an organ, a bone's cortex, a lesion.
struct AnatomyPart {
  std::string name;    ///< unique in the anatomy, the user's handle: "liver", "spinal_cord"
  std::string tissue;  ///< entry of the materials library or of the case
  double volume = 0;   ///< m3: of its voxels, or exact; NaN when no closed form is known
};

using AnatomyContext = ReadContext;

/// Registry "anatomy".
class Anatomy : public Configurable, public Bounded, public TissueSource {
 public:
  virtual const std::vector<AnatomyPart>& parts() const = 0;
  /// Index into parts() of the part that owns a point, -1 outside all of them. Thread-safe.
  virtual int part_at(const Vec3& p) const = 0;
  /// Boxes that hold the whole of each part, m; by default found by sampling part_at.
  virtual std::vector<BoundingBox> part_bounds() const;
  /// Edge of its voxels (smallest), m; 0 for geometry without voxels.
  virtual double resolution() const = 0;
  /// Doubts about its data, for every run that uses it.
  virtual const std::vector<std::string>& caveats() const {
    static const std::vector<std::string> none;
    return none;
  }
  std::vector<std::string> part_names() const final {
    std::vector<std::string> out;
    for (const auto& part : parts()) out.push_back(part.name);
    return out;
  }
  std::vector<std::string> tissues() const final {
    std::vector<std::string> out;
    for (const auto& part : parts())
      if (std::find(out.begin(), out.end(), part.tissue) == out.end()) out.push_back(part.tissue);
    return out;
  }
};

}  // namespace thermodose
