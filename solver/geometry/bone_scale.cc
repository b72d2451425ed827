// Implements: geometry/bone_scale.h.
#include "geometry/bone_scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/log.h"
#include "base/text.h"
#include "geometry/image_io.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {

// Air is -1000; 12 bits end at 3071, scales extended for metal at 20000 and more.
constexpr double kLeast = -1024, kMost = 20000;  // HU
// Where no voxel is darker, the file may hold numbers of the detector: around a patient is air.
constexpr float kNoAir = -200;  // HU

bool has_sense(float value) { return value >= kLeast && value <= kMost; }  // NaN has none

bool is_bone(const AnatomyPart& part) {
  return part.tissue == BoneScale::kCancellous || part.tissue == BoneScale::kCortical;
}

BoundingBox box_of(const Anatomy& anatomy, const std::vector<std::uint8_t>& chosen) {
  BoundingBox box{{HUGE_VAL, HUGE_VAL, HUGE_VAL}, {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL}};
  const std::vector<BoundingBox> boxes = anatomy.part_bounds();
  for (std::size_t n = 0; n < boxes.size(); ++n) {
    if (chosen[n] == 0) continue;
    for (std::size_t d = 0; d < 3; ++d) {
      box.lower[d] = std::min(box.lower[d], boxes[n].lower[d]);
      box.upper[d] = std::max(box.upper[d], boxes[n].upper[d]);
    }
  }
  return box;
}

std::string mm(const Vec3& p) {
  return fmt::format("{:.1f} {:.1f} {:.1f} mm", 1e3 * p[0], 1e3 * p[1], 1e3 * p[2]);
}

}  // namespace

void BoneScale::keys(Keys& k) {
  k.text(key("file", "",
             "CT in Hounsfield units, in the formats of label maps, on a grid of its own or on "
             "that of the labels; the world frame is the same."),
         file_);
  k.texts(key("parts", "",
              "Bones that are scaled, by their names. Default: every part of bone_cancellous or "
              "bone_cortical.")
              .optional(),
          wanted_);
  k.real(key("cancellous", "HU",
             "CT number of bone that is wholly cancellous, and below; of your scanner: the mean "
             "over the middle of a vertebral body.")
             .range(kLeast, kMost),
         cancellous_);
  k.real(key("cortical", "HU",
             "CT number of bone that is wholly cortical, and above; of your scanner: the mean "
             "over the cortex of a long bone's shaft.")
             .range(kLeast, kMost),
         cortical_);
  k.integer(key("grades", "1",
                "Steps between the two: volume fractions are rounded to multiples of 1/grades.")
                .range(1, 64)
                .optional(),
            grades_);
}

std::vector<std::string> BoneScale::check() const {
  if (cortical_ > cancellous_) return {};
  return {fmt::format("ct.cortical: found {} HU, expected more than ct.cancellous ({} HU)",
                      text::number(cortical_), text::number(cancellous_))};
}

double BoneScale::detail() const {
  return 1e-3 * *std::min_element(image_.grid.spacing.begin(), image_.grid.spacing.end());
}

std::string BoneScale::caveat() const {
  return fmt::format(
      "bone is cancellous at {} HU and cortical at {} HU: thresholds hold for one "
      "scanner and voltage, and contrast agent and metal count as cortical bone",
      text::number(cancellous_), text::number(cortical_));
}

bool BoneScale::read(const AnatomyContext& context, std::vector<Problem>& problems) {
  file_ = fs::absolute(fs::path(context.directory) / file_).lexically_normal().string();
  try {
    image_ = read_value_image(file_);
  } catch (const InputError& e) {
    for (const auto& p : e.problems())
      problems.push_back({"", 0, "ct.file", p.file + ": " + p.message});
    return false;
  }
  for (const auto& note : image_.notes) log::warning(file_ + ": " + note);
  if (std::none_of(image_.values.begin(), image_.values.end(), [](float v) { return v < kNoAir; }))
    log::warning(
        fmt::format("{}: no voxel is below {} HU, so there is no air: are these "
                    "Hounsfield units, with the scale and the shift of the file?",
                    file_, kNoAir));
  return true;
}

void BoneScale::place(const Anatomy& anatomy, ImageFrame frame, const VoxelVisitor& voxels,
                      std::vector<Problem>& problems) {
  const std::size_t before = problems.size();
  choose_parts(anatomy, problems);
  if (problems.size() > before) return;
  const VoxelBox box = voxels_around(image_.grid, frame, box_of(anatomy, is_scaled_));
  report(anatomy, frame, find_faults(anatomy, frame, box, voxels), problems);
  if (problems.size() > before) return;
  lookup_ = VoxelLookup(image_.grid, frame, box);
  keep(box);
}

void BoneScale::choose_parts(const Anatomy& anatomy, std::vector<Problem>& problems) {
  const std::vector<AnatomyPart>& parts = anatomy.parts();
  is_scaled_.assign(parts.size(), 0);
  if (wanted_.empty()) {
    for (std::size_t n = 0; n < parts.size(); ++n) is_scaled_[n] = is_bone(parts[n]) ? 1 : 0;
    if (std::none_of(parts.begin(), parts.end(), is_bone))
      problems.push_back({"", 0, "ct",
                          fmt::format("there is nothing to scale: no part of the image is of {} "
                                      "or {}",
                                      kCancellous, kCortical)});
    return;
  }
  for (const std::string& name : wanted_) {
    const auto found = std::find_if(parts.begin(), parts.end(),
                                    [&](const AnatomyPart& part) { return part.name == name; });
    if (found == parts.end()) {
      problems.push_back({"", 0, "ct.parts",
                          "the image has no part " + text::quoted(name) +
                              text::did_you_mean(name, anatomy.part_names())});
    } else if (!is_bone(*found)) {
      problems.push_back({"", 0, "ct.parts",
                          fmt::format("{} is of {}, expected a part of {} or {}",
                                      text::quoted(name), found->tissue, kCancellous, kCortical)});
    } else {
      is_scaled_[static_cast<std::size_t>(found - parts.begin())] = 1;
    }
  }
}

// The voxels of the labels say whether the CT covers the bones; the values in them are those of
// these voxels and of the CT's own, whichever are finer.
std::vector<BoneScale::Faults> BoneScale::find_faults(const Anatomy& anatomy, ImageFrame frame,
                                                      const VoxelBox& box,
                                                      const VoxelVisitor& voxels) const {
  const VoxelLookup lookup(image_.grid, frame, whole(image_.grid));
  std::vector<Faults> faults(is_scaled_.size());
  std::vector<bool> known(image_.grid.voxels());
  const auto look = [&](Faults& fault, std::ptrdiff_t voxel) {
    if (has_sense(value(voxel)) || known[static_cast<std::size_t>(voxel)]) return;
    known[static_cast<std::size_t>(voxel)] = true;
    if (fault.senseless++ == 0) fault.first = value(voxel);
  };
  voxels([&](int part, const Vec3& centre) {
    Faults& fault = faults[static_cast<std::size_t>(part)];
    ++fault.voxels;
    const std::ptrdiff_t voxel = lookup.at(centre);
    if (voxel < 0) {
      ++fault.outside;
    } else {
      look(fault, voxel);
    }
  });
  for (int k = box.lower[2]; k < box.upper[2]; ++k)
    for (int j = box.lower[1]; j < box.upper[1]; ++j)
      for (int i = box.lower[0]; i < box.upper[0]; ++i) {
        const std::ptrdiff_t voxel =
            i + static_cast<std::ptrdiff_t>(image_.grid.size[0]) *
                    (j + static_cast<std::ptrdiff_t>(image_.grid.size[1]) * k);
        if (has_sense(value(voxel))) continue;
        const int part =
            anatomy.part_at(image_.grid.point({double(i), double(j), double(k)}, frame));
        if (scales(part)) look(faults[static_cast<std::size_t>(part)], voxel);
      }
  return faults;
}

void BoneScale::report(const Anatomy& anatomy, ImageFrame frame, const std::vector<Faults>& faults,
                       std::vector<Problem>& problems) const {
  std::vector<std::string> outside, senseless;
  for (std::size_t n = 0; n < faults.size(); ++n) {
    const Faults& f = faults[n];
    const std::string& name = anatomy.parts()[n].name;
    if (f.outside > 0) outside.push_back(fmt::format("{} ({} of {})", name, f.outside, f.voxels));
    if (f.senseless > 0)
      senseless.push_back(fmt::format("{} ({}, the first is {:g})", name, f.senseless, f.first));
  }
  if (!outside.empty()) {
    const BoundingBox image = bounds(image_.grid, frame, whole(image_.grid));
    problems.push_back(
        {"", 0, "ct.file",
         fmt::format("{}: voxels of bones lie outside this image, which reaches "
                     "from {} to {}: {}; leave these bones out of `ct.parts`",
                     file_, mm(image.lower), mm(image.upper), text::join(outside, ", "))});
  }
  if (!senseless.empty())
    problems.push_back({"", 0, "ct.file",
                        fmt::format("{}: voxels of bones hold values outside {} to {} HU: {}",
                                    file_, kLeast, kMost, text::join(senseless, ", "))});
}

void BoneScale::keep(const VoxelBox& box) {
  fraction_.reserve(box.voxels());
  for (int k = box.lower[2]; k < box.upper[2]; ++k)
    for (int j = box.lower[1]; j < box.upper[1]; ++j)
      for (int i = box.lower[0]; i < box.upper[0]; ++i) {
        const double hu = value(i + static_cast<std::ptrdiff_t>(image_.grid.size[0]) *
                                        (j + static_cast<std::ptrdiff_t>(image_.grid.size[1]) * k));
        const double f = (hu - cancellous_) / (cortical_ - cancellous_);
        // NaN outside of the bones: as good as nothing.
        fraction_.push_back(
            static_cast<std::uint16_t>(f > 0 ? std::lround(kOne * std::min(f, 1.0)) : 0));
      }
  image_.values = {};
}

}  // namespace thermodose
