// Bone between cancellous and cortical, by the grey values of a CT.
// Implements: the volume fraction of cortical bone at a point,
//   f = clamp((HU - HU_cancellous) / (HU_cortical - HU_cancellous), 0, 1),
// HU being the value of the voxel that holds the point. A CT number is linear in the attenuation
// coefficient, HU = 1000 (mu - mu_water) / mu_water (ICRP Publication 129, 2015), and mu of a voxel
// is the mean over what fills it: between two materials HU is linear in their volume fractions.
// The value of the voxel is not interpolated: it is the mean over the voxel already, and values
// from beyond the border of the bone do not belong to it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/keys.h"
#include "geometry/anatomy.h"
#include "geometry/image_grid.h"
#include "geometry/image_module.h"

namespace thermodose {

/// The key `ct` of a label map. A problem has no file; its key is relative to the label map.
class BoneScale final : public TissueScale {
 public:
  void keys(Keys& k);
  /// Problems of the keys among themselves, as "key: message".
  std::vector<std::string> check() const;
  /// Reads the file. False when there are problems.
  bool read(const AnatomyContext& context, std::vector<Problem>& problems);
  /// Chooses the parts of `anatomy` and looks at what lies in them; then the values are fractions.
  /// `voxels` calls its argument with (part, centre) for every voxel of a scaled part.
  using VoxelVisitor = std::function<void(const std::function<void(int, const Vec3&)>&)>;
  void place(const Anatomy& anatomy, ImageFrame frame, const VoxelVisitor& voxels,
             std::vector<Problem>& problems);

  std::array<std::string, 2> ends() const override { return {kCancellous, kCortical}; }
  int grades() const override { return grades_; }
  bool scales(int part) const override {
    return part >= 0 && part < static_cast<int>(is_scaled_.size()) &&
           is_scaled_[static_cast<std::size_t>(part)] != 0;
  }
  double fraction(const Vec3& p) const override {
    return static_cast<double>(fraction_[static_cast<std::size_t>(lookup_.nearest(p))]) / kOne;
  }
  double detail() const override;
  /// What a run should say of it.
  std::string caveat() const;

  static constexpr const char* kCancellous = "bone_cancellous";
  static constexpr const char* kCortical = "bone_cortical";

 private:
  /// What is wrong with the voxels of one part.
  struct Faults {
    std::size_t voxels = 0, outside = 0, senseless = 0;
    float first = 0;  ///< senseless value
  };

  void choose_parts(const Anatomy& anatomy, std::vector<Problem>& problems);
  std::vector<Faults> find_faults(const Anatomy& anatomy, ImageFrame frame, const VoxelBox& box,
                                  const VoxelVisitor& voxels) const;
  void report(const Anatomy& anatomy, ImageFrame frame, const std::vector<Faults>& faults,
              std::vector<Problem>& problems) const;
  void keep(const VoxelBox& box);
  float value(std::ptrdiff_t voxel) const { return image_.values[static_cast<std::size_t>(voxel)]; }

  static constexpr double kOne = 65535;  ///< of stored fractions

  std::string file_;
  std::vector<std::string> wanted_;
  double cancellous_ = 0, cortical_ = 0;  ///< HU
  int grades_ = 8;

  ValueImage image_;  ///< without values once they are fractions
  std::vector<std::uint8_t> is_scaled_;
  VoxelLookup lookup_;
  std::vector<std::uint16_t> fraction_;  ///< of the voxels around the parts, in 1 / kOne
};

}  // namespace thermodose
