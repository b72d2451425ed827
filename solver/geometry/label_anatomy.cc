// Implements: geometry/label_anatomy.h.
#include "geometry/label_anatomy.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/log.h"
#include "base/registry.h"
#include "base/text.h"
#include "geometry/image_io.h"
#include "geometry/vec.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {

std::string mm(const Vec3& p) {
  return fmt::format("{} {} {} mm", text::number(1e3 * p[0]), text::number(1e3 * p[1]),
                     text::number(1e3 * p[2]));
}

/// Calls work(position in the image, position in the box) for the voxels of a box, i fastest.
template <class Work>
void for_voxels(const ImageGrid& grid, const VoxelBox& box, const Work& work) {
  std::size_t inner = 0;
  for (int k = box.lower[2]; k < box.upper[2]; ++k) {
    for (int j = box.lower[1]; j < box.upper[1]; ++j) {
      std::size_t outer =
          static_cast<std::size_t>(box.lower[0]) +
          static_cast<std::size_t>(grid.size[0]) *
              (static_cast<std::size_t>(j) +
               static_cast<std::size_t>(grid.size[1]) * static_cast<std::size_t>(k));
      for (int i = box.lower[0]; i < box.upper[0]; ++i) work(outer++, inner++);
    }
  }
}

}  // namespace

void LabelAnatomy::keys(Keys& k) {
  k.text(key("file", "",
             "Label map: .nii, .nii.gz, .nrrd, .nhdr, .mha or .mhd; a relative path starts at the "
             "case."),
         file_);
  k.text(key("map", "",
             "Which label is which structure and tissue: a shipped map such as totalsegmentator, "
             "or the path of a YAML file. Without it, `overrides` names every label.")
             .optional(),
         map_);
  k.named(
      key("overrides", "",
          "Labels, by number or by their name in the map, that get a tissue of their own.")
          .optional(),
      override_names_, [&](std::size_t n) { overrides_.resize(n); },
      [&](Keys& entry, std::size_t i) {
        Override& o = overrides_[i];
        entry.text(key("tissue", "", "A material of the library or of `materials`."), o.tissue);
        entry.text(key("name", "",
                       "Name of the structure. Default: that of the map, or label_ and the number.")
                       .optional(),
                   o.name);
      });
  k.text(key("background", "",
             "Tissue of label 0, of what no structure owns; needed when voxels carry it.")
             .optional(),
         background_);
  k.text(
      key("frame", "",
          "What the coordinates of the case mean: RAS (x to the right, y anterior), as NIfTI and "
          "3D Slicer show them, or LPS (x to the left, y posterior), as ITK and DICOM do.")
          .one_of({"RAS", "LPS"})
          .optional(),
      frame_);
  k.section(
      key("crop", "", "Uses a part of the image only.").optional(), &has_crop_, [&](Keys& crop) {
        crop.point(key("around", "mm", "Centre of the part, in `frame`."), wanted_.around);
        crop.point(key("size", "mm", "Its edge lengths along x, y, z; rounded up to whole voxels.")
                       .positive(),
                   wanted_.size);
      });
  k.section(key("ct", "",
                "Scales bone between cancellous and cortical by the grey values of a CT. Default: "
                "every bone is wholly of its tissue.")
                .optional(),
            &has_ct_, [&](Keys& ct) { ct_.keys(ct); });
}

std::vector<std::string> LabelAnatomy::check() const {
  return has_ct_ ? ct_.check() : std::vector<std::string>{};
}

double LabelAnatomy::resolution() const {
  return 1e-3 * *std::min_element(grid_.spacing.begin(), grid_.spacing.end());
}

void LabelAnatomy::prepare(const AnatomyContext& context) {
  std::vector<Problem> problems;
  LabelImage image;
  const LabelMap map = read_map(context, problems);
  const bool mapped = problems.empty();
  const bool graded = has_ct_ && ct_.read(context, problems);
  if (read_image(context, image, problems)) {
    grid_ = image.grid;
    choose_crop(problems);
    const auto counts = count(image);
    // With a broken map, every label would be missing.
    if (mapped) check_labels(image, counts, map, problems);
    if (problems.empty()) make_parts(image, counts, map);
    if (problems.empty()) find_absent(image, counts, map);
    if (graded && problems.empty()) {
      ct_.place(
          *this, frame(), [&](const auto& work) { for_scaled_centres(work); }, problems);
      caveats_ = {ct_.caveat()};
    }
  }
  if (!problems.empty()) throw InputError(std::move(problems));
}

LabelMap LabelAnatomy::read_map(const AnatomyContext& context, std::vector<Problem>& problems) {
  LabelMap map;
  if (!map_.empty()) {
    const std::string path = find_label_map(map_, context.directory, context.library, problems);
    if (!path.empty()) {
      map = read_label_map(path, problems);
      map.origin = "the map " + text::quoted(map_);
      // The resolved case may be run from another directory.
      if (fs::path(map_).has_parent_path() || fs::path(map_).has_extension()) map_ = path;
    }
    if (!problems.empty()) return map;  // names of the map cannot be judged
  }
  apply_overrides(map, problems);
  return map;
}

void LabelAnatomy::apply_overrides(LabelMap& map, std::vector<Problem>& problems) {
  const LabelMap original = map;
  for (std::size_t n = 0; n < overrides_.size(); ++n) {
    const std::string& written = override_names_[n];
    Override wanted = overrides_[n];
    wanted.label = written;
    std::int64_t label = 0;
    const std::int64_t* named = original.find(written);
    if (named != nullptr) wanted.label = std::to_string(*named);
    if (named == nullptr && !read_label(written, label)) {
      problems.push_back(
          {"", 0, "overrides." + written,
           (map.origin.empty() ? "found " + text::quoted(written) +
                                     ", expected the number of a label (there is no map)"
                               : map.origin + " has no structure " + text::quoted(written)) +
               text::did_you_mean(written, original.names())});
      continue;
    }
    override_label(map, written, wanted, problems);
  }
}

void LabelAnatomy::override_label(LabelMap& map, const std::string& written, const Override& wanted,
                                  std::vector<Problem>& problems) {
  const std::string path = "overrides." + written;
  std::int64_t label = 0;
  read_label(wanted.label, label);
  if (label == 0) {
    problems.push_back({"", 0, path, "the tissue of label 0 is the key 'background'"});
    return;
  }
  if (std::find(overridden_.begin(), overridden_.end(), label) != overridden_.end()) {
    problems.push_back({"", 0, path, fmt::format("label {} is overridden twice", label)});
    return;
  }
  overridden_.push_back(label);
  LabelEntry& entry = map.labels[label];
  if (entry.name.empty()) entry.name = fmt::format("label_{}", label);
  entry.tissue = wanted.tissue;
  if (wanted.name.empty() || wanted.name == entry.name) return;
  if (!is_part_name(wanted.name)) {
    problems.push_back({"", 0, path + ".name",
                        "found " + text::quoted(wanted.name) +
                            ", expected letters, digits, '_', '-', '+' and '.', at most 64"});
  } else if (wanted.name == kBackgroundPart) {
    problems.push_back({"", 0, path + ".name", "label 0 is named 'background'"});
  } else if (const std::int64_t* other = map.find(wanted.name); other != nullptr) {
    problems.push_back(
        {"", 0, path + ".name",
         fmt::format("label {} is named {} already", *other, text::quoted(wanted.name))});
  } else {
    entry.name = wanted.name;
  }
}

bool LabelAnatomy::read_image(const AnatomyContext& context, LabelImage& image,
                              std::vector<Problem>& problems) {
  file_ = fs::absolute(fs::path(context.directory) / file_).lexically_normal().string();
  try {
    image = read_label_image(file_);
  } catch (const InputError& e) {
    for (const auto& p : e.problems())
      problems.push_back({"", 0, "file", p.file + ": " + p.message});
    return false;
  }
  for (const auto& note : image.notes) log::warning(file_ + ": " + note);
  return true;
}

void LabelAnatomy::choose_crop(std::vector<Problem>& problems) {
  crop_ = whole(grid_);
  if (has_crop_) {
    const Vec3 half = 0.5 * wanted_.size;
    const BoundingBox box{wanted_.around - half, wanted_.around + half};
    crop_ = voxels_around(grid_, frame(), box);
    if (crop_.empty()) {
      const BoundingBox image = thermodose::bounds(grid_, frame(), whole(grid_));
      problems.push_back(
          {"", 0, "crop",
           fmt::format("the box from {} to {} lies outside the image, which reaches "
                       "from {} to {} ({})",
                       mm(box.lower), mm(box.upper), mm(image.lower), mm(image.upper), frame_)});
    }
  }
  bounds_ = thermodose::bounds(grid_, frame(), crop_);
  lookup_ = VoxelLookup(grid_, frame(), crop_);
}

std::vector<std::size_t> LabelAnatomy::count(const LabelImage& image) const {
  std::vector<std::size_t> counts(image.values.size());
  for_voxels(grid_, crop_, [&](std::size_t n, std::size_t) { ++counts[image.index[n]]; });
  return counts;
}

void LabelAnatomy::check_labels(const LabelImage& image, const std::vector<std::size_t>& counts,
                                const LabelMap& map, std::vector<Problem>& problems) const {
  std::vector<std::string> unknown;
  for (std::size_t n = 0; n < counts.size(); ++n) {
    const std::int64_t label = image.values[n];
    if (counts[n] == 0) continue;
    if (label == 0) {
      if (background_.empty()) {
        problems.push_back(
            {"", 0, "background",
             fmt::format("missing: {} voxels ({:.0f} %) carry label 0, which no structure owns; "
                         "name their tissue, such as fat",
                         counts[n], 100. * static_cast<double>(counts[n]) / crop_.voxels())});
      }
    } else if (map.labels.count(label) == 0) {
      unknown.push_back(fmt::format("{} ({} voxels)", label, counts[n]));
    }
  }
  if (!unknown.empty()) {
    problems.push_back(
        {"", 0, map.origin.empty() ? "overrides" : "map",
         fmt::format(
             "{}: {} no tissue{}: {}; give them one in `overrides`", file_,
             unknown.size() == 1 ? "1 label has" : fmt::format("{} labels have", unknown.size()),
             map.origin.empty() ? "" : " in " + map.origin, text::join(unknown, ", "))});
  }
  for (const std::int64_t label : overridden_) {
    const auto found = std::lower_bound(image.values.begin(), image.values.end(), label);
    const bool is_used = found != image.values.end() && *found == label &&
                         counts[static_cast<std::size_t>(found - image.values.begin())] > 0;
    if (!is_used) {
      log::warning(fmt::format("{}: no voxel carries label {} ({}) of `overrides`", file_, label,
                               map.labels.at(label).name));
    }
  }
}

std::string LabelAnatomy::why_absent(const std::string& name) const {
  const auto found = absent_.find(name);
  return found == absent_.end() ? "" : found->second;
}

void LabelAnatomy::find_absent(const LabelImage& image, const std::vector<std::size_t>& counts,
                               const LabelMap& map) {
  for (const auto& [label, entry] : map.labels) {
    const auto found = std::lower_bound(image.values.begin(), image.values.end(), label);
    const bool in_image = found != image.values.end() && *found == label;
    if (in_image && counts[static_cast<std::size_t>(found - image.values.begin())] > 0) continue;
    absent_[entry.name] =
        fmt::format("{} is label {}{}, but no voxel of {} carries it", text::quoted(entry.name),
                    label, map.origin.empty() ? "" : " of " + map.origin,
                    in_image ? "the crop (there are some outside of it)" : "the image " + file_);
  }
}

void LabelAnatomy::make_parts(const LabelImage& image, const std::vector<std::size_t>& counts,
                              const LabelMap& map) {
  std::vector<std::uint16_t> part(counts.size());
  for (std::size_t n = 0; n < counts.size(); ++n) {
    if (counts[n] == 0) continue;
    const std::int64_t label = image.values[n];
    const LabelEntry entry =
        label == 0 ? LabelEntry{kBackgroundPart, background_} : map.labels.at(label);
    part[n] = static_cast<std::uint16_t>(parts_.size());
    parts_.push_back(
        {entry.name, entry.tissue, static_cast<double>(counts[n]) * grid_.voxel_volume()});
  }
  const auto fill = [&](auto& voxels) {
    voxels.resize(crop_.voxels());
    for_voxels(grid_, crop_, [&](std::size_t from, std::size_t to) {
      voxels[to] =
          static_cast<typename std::decay_t<decltype(voxels)>::value_type>(part[image.index[from]]);
    });
  };
  if (parts_.size() <= 256) {
    fill(narrow_);
  } else {
    fill(wide_);
  }
}

int LabelAnatomy::voxel_part(const std::array<int, 3>& at) const {
  const auto size = crop_.size();
  const auto n = static_cast<std::size_t>(at[0]) +
                 static_cast<std::size_t>(size[0]) *
                     (static_cast<std::size_t>(at[1]) +
                      static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(at[2]));
  return wide_.empty() ? narrow_[n] : wide_[n];
}

void LabelAnatomy::for_scaled_centres(const std::function<void(int, const Vec3&)>& work) const {
  std::size_t n = 0;
  for (int k = crop_.lower[2]; k < crop_.upper[2]; ++k)
    for (int j = crop_.lower[1]; j < crop_.upper[1]; ++j)
      for (int i = crop_.lower[0]; i < crop_.upper[0]; ++i, ++n) {
        const int part = wide_.empty() ? narrow_[n] : wide_[n];
        if (ct_.scales(part)) work(part, grid_.point({double(i), double(j), double(k)}, frame()));
      }
}

std::vector<BoundingBox> LabelAnatomy::part_bounds() const {
  const auto size = crop_.size();
  std::vector<VoxelBox> boxes(parts_.size(), {crop_.upper, crop_.lower});
  std::size_t n = 0;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i, ++n) {
        VoxelBox& box = boxes[wide_.empty() ? narrow_[n] : wide_[n]];
        const std::array<int, 3> at{i, j, k};
        for (std::size_t d = 0; d < 3; ++d) {
          box.lower[d] = std::min(box.lower[d], crop_.lower[d] + at[d]);
          box.upper[d] = std::max(box.upper[d], crop_.lower[d] + at[d] + 1);
        }
      }
  std::vector<BoundingBox> out;
  out.reserve(boxes.size());
  for (const VoxelBox& box : boxes) out.push_back(thermodose::bounds(grid_, frame(), box));
  return out;
}

THERMODOSE_REGISTER(
    "anatomy", "labels", LabelAnatomy,
    "Label map of a segmented image (NIfTI, NRRD, MetaImage): every label is a part, "
    "a point belongs to the nearest voxel.");

}  // namespace thermodose
