// A label map as an anatomy.
// Implements: entry "labels" of registry "anatomy".
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "geometry/anatomy.h"
#include "geometry/bone_scale.h"
#include "geometry/image_grid.h"
#include "geometry/image_module.h"
#include "geometry/label_map.h"

namespace thermodose {

/// Every label that occurs in a file (NIfTI, NRRD, MetaImage) is a part: its name and its tissue
/// come from a map and from the case, label 0 is the part "background". A point belongs to the
/// nearest voxel; outside the image, or outside its crop, to none.
///
/// A problem of a key of the case has no file: its key is relative to the anatomy
/// ("overrides.liver") and the caller knows where it stands. A problem inside a map file has file
/// and line.
class LabelAnatomy : public Anatomy {
 public:
  void keys(Keys& k) override;
  std::vector<std::string> check() const override;
  void prepare(const AnatomyContext& context) override;
  const std::vector<AnatomyPart>& parts() const override { return parts_; }
  int part_at(const Vec3& p) const final {
    const std::ptrdiff_t voxel = lookup_.at(p);
    if (voxel < 0) return -1;
    const auto n = static_cast<std::size_t>(voxel);
    return wide_.empty() ? narrow_[n] : wide_[n];
  }
  void parts_at(const Vec3* points, std::size_t n, int* out) const final {
    for (std::size_t i = 0; i < n; ++i) out[i] = part_at(points[i]);
  }
  std::string why_absent(const std::string& name) const override;
  double resolution() const override;
  BoundingBox bounds() const override { return bounds_; }
  std::vector<BoundingBox> part_bounds() const override;
  std::optional<PlaneGrid> voxel_planes() const override;
  std::vector<Vec3> step_points(const std::vector<bool>& member, const BoundingBox& box,
                                double spacing) const override;
  const std::vector<std::string>& caveats() const override { return caveats_; }
  const TissueScale* scale() const override { return has_ct_ ? &ct_ : nullptr; }

  /// Grid of the whole file, on which results can be written back.
  const ImageGrid& grid() const { return grid_; }
  /// Frame of the coordinates of the case.
  ImageFrame frame() const { return frame_ == "LPS" ? ImageFrame::lps : ImageFrame::ras; }
  /// The voxels of the file that are used.
  const VoxelBox& crop() const { return crop_; }

 private:
  struct Override {
    std::string label, tissue, name;
  };
  struct Crop {
    Vec3 around{}, size{};
  };

  LabelMap read_map(const AnatomyContext& context, std::vector<Problem>& problems);
  void apply_overrides(LabelMap& map, std::vector<Problem>& problems);
  void override_label(LabelMap& map, const std::string& written, const Override& wanted,
                      std::vector<Problem>& problems);
  bool read_image(const AnatomyContext& context, LabelImage& image, std::vector<Problem>& problems);
  void choose_crop(std::vector<Problem>& problems);
  std::vector<std::size_t> count(const LabelImage& image) const;
  void check_labels(const LabelImage& image, const std::vector<std::size_t>& counts,
                    const LabelMap& map, std::vector<Problem>& problems) const;
  /// What why_absent says of the labels that no voxel of the crop carries.
  void find_absent(const LabelImage& image, const std::vector<std::size_t>& counts,
                   const LabelMap& map);
  void make_parts(const LabelImage& image, const std::vector<std::size_t>& counts,
                  const LabelMap& map);
  /// Part of a voxel, counted from the lower corner of the crop.
  int voxel_part(const std::array<int, 3>& at) const;
  /// Calls work(part, centre) for the voxels of the crop whose part is scaled.
  void for_scaled_centres(const std::function<void(int, const Vec3&)>& work) const;

  std::string file_, map_, background_;
  std::string frame_ = "RAS";
  bool has_crop_ = false;
  Crop wanted_;
  bool has_ct_ = false;
  BoneScale ct_;
  std::vector<std::string> caveats_;
  std::vector<std::string> override_names_;
  std::vector<Override> overrides_;
  std::vector<std::int64_t> overridden_;  ///< labels

  ImageGrid grid_;
  VoxelBox crop_;
  BoundingBox bounds_{};
  VoxelLookup lookup_;
  std::vector<AnatomyPart> parts_;
  std::map<std::string, std::string> absent_;  ///< names of the map, why they are no part
  // Number of the part of each voxel of the crop, in bytes as long as there are 256 parts or fewer.
  std::vector<std::uint8_t> narrow_;
  std::vector<std::uint16_t> wide_;
};

}  // namespace thermodose
