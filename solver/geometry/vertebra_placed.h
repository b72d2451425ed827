// Anatomies that are drawn from numbers in a frame of their own and then placed in the case.
// Implements: what the generators (vertebra, liver_vein, rib) share: the keys of the placement,
// local = R^T (p - center), the bounding box of the turned local box, parts and caveats.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "geometry/anatomy.h"
#include "geometry/vec.h"

namespace thermodose {

class PlacedAnatomy : public Anatomy {
 public:
  const std::vector<AnatomyPart>& parts() const final { return parts_; }
  /// Exact: no voxels.
  double resolution() const final { return 0; }

  int part_at(const Vec3& p) const final {
    const Vec3 local = rotate_back(rotation_, p - center_);
    for (int i = 0; i < 3; ++i) {
      if (local[i] < box_.lower[i] || local[i] > box_.upper[i]) return -1;
    }
    return local_part(local);
  }

  /// Everything before `prepare`, because nothing is known yet.
  BoundingBox bounds() const final {
    BoundingBox box{};
    for (int i = 0; i < 3; ++i) {
      double middle = center_[i], half = 0;
      for (int j = 0; j < 3; ++j) {
        middle += rotation_[i][j] * (box_.lower[j] + box_.upper[j]) / 2;
        half += std::abs(rotation_[i][j]) * (box_.upper[j] - box_.lower[j]) / 2;
      }
      constexpr double kInfinity = std::numeric_limits<double>::infinity();
      box.lower[i] = prepared_ ? middle - half : -kInfinity;
      box.upper[i] = prepared_ ? middle + half : kInfinity;
    }
    return box;
  }

  /// What a run must warn of: dimensions without a published source, structures left out.
  const std::vector<std::string>& caveats() const override { return caveats_; }

  /// From the local frame to the case.
  Vec3 place(const Vec3& local) const { return center_ + rotate(rotation_, local); }

 protected:
  /// Part of a point of the local box, in the local frame.
  virtual int local_part(const Vec3& p) const = 0;

  void placement_keys(Keys& k, const std::string& origin) {
    k.point(key("center", "mm", origin + ", in the coordinates of the case.").optional(), center_);
    k.point(key("rotation", "deg",
                "Angles that turn the anatomy about the fixed x, then y, then z axis.")
                .range(-360, 360)
                .optional(),
            angles_);
  }

  /// To be called at the end of `prepare`.
  void place_in(const BoundingBox& local_box) {
    box_ = local_box;
    rotation_ = rotation_xyz(angles_);
    prepared_ = true;
  }

  std::vector<AnatomyPart> parts_;
  std::vector<std::string> caveats_;

 private:
  Vec3 center_{}, angles_{};
  Rotation rotation_ = rotation_xyz({});
  BoundingBox box_{{0, 0, 0}, {-1, -1, -1}};  ///< empty until prepared
  bool prepared_ = false;
};

}  // namespace thermodose
