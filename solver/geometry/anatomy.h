// Anatomy: named parts in space, each of one tissue.
// Implements: the interface of registry "anatomy". An anatomy is a label map, or a generator with
// parameters; the regions of a case are painted over it. Points are SI metres in the frame of the
// case, which for an image is its world frame.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
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

/// Parts whose material lies between two tissues, by place: bone between cancellous and cortical,
/// by the grey values of a CT.
class TissueScale {
 public:
  virtual ~TissueScale() = default;
  /// The tissues at the fractions 0 and 1.
  virtual std::array<std::string, 2> ends() const = 0;
  /// Steps between them: the fractions n / grades() are told apart.
  virtual int grades() const = 0;
  /// Whether a part of the anatomy is scaled.
  virtual bool scales(int part) const = 0;
  /// Volume fraction of the second tissue at a point of a scaled part, 0..1. Thread-safe.
  virtual double fraction(const Vec3& p) const = 0;
  /// m, the length over which the fraction changes: the smallest edge of its voxels.
  virtual double detail() const = 0;
};

/// Registry "anatomy".
class Anatomy : public Configurable, public Bounded, public TissueSource {
 public:
  virtual const std::vector<AnatomyPart>& parts() const = 0;
  /// Index into parts() of the part that owns a point, -1 outside all of them. Thread-safe.
  virtual int part_at(const Vec3& p) const = 0;
  /// The same of n points.
  virtual void parts_at(const Vec3* points, std::size_t n, int* out) const {
    for (std::size_t i = 0; i < n; ++i) out[i] = part_at(points[i]);
  }
  /// Boxes that hold the whole of each part, m; by default found by sampling part_at.
  virtual std::vector<BoundingBox> part_bounds() const;
  /// Edge of its voxels (smallest), m; 0 for geometry without voxels.
  virtual double resolution() const = 0;
  /// Where the faces of its voxels are, if they are normal to the axes of the case.
  virtual std::optional<PlaneGrid> voxel_planes() const { return std::nullopt; }
  /// Points of the union of some parts (one entry per part) that mark its steps, within a box: the
  /// corners of its outer voxel faces and between them points at most a spacing (m) apart, a
  /// millionth of a voxel inside. None for geometry without voxels.
  virtual std::vector<Vec3> step_points(const std::vector<bool>& /*member*/,
                                        const BoundingBox& /*box*/, double /*spacing*/) const {
    return {};
  }
  /// Doubts about its data, for every run that uses it.
  virtual const std::vector<std::string>& caveats() const {
    static const std::vector<std::string> none;
    return none;
  }
  /// Null: every part is wholly of its tissue.
  virtual const TissueScale* scale() const { return nullptr; }
  std::vector<std::string> part_names() const final {
    std::vector<std::string> out;
    for (const auto& part : parts()) out.push_back(part.name);
    return out;
  }
  std::vector<std::string> tissues() const final {
    std::vector<std::string> out;
    const auto add = [&](const std::string& tissue) {
      if (std::find(out.begin(), out.end(), tissue) == out.end()) out.push_back(tissue);
    };
    for (const auto& part : parts()) add(part.tissue);
    if (scale() != nullptr)
      for (const auto& tissue : scale()->ends()) add(tissue);
    return out;
  }
};

}  // namespace thermodose
