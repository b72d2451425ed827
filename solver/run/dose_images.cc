// Implements: run/dose_images.h.
#include "run/dose_images.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <utility>

#include "base/error.h"
#include "dose/eval_sampler.h"
#include "geometry/image_io.h"
#include "geometry/label_anatomy.h"

namespace thermodose {

namespace {

// Larger images take longer to write than many a run to compute.
constexpr std::size_t kMostVoxels = 20000000;

std::vector<evaluation::Stencil> locate_voxels(const ImageWish& wish,
                                               const evaluation::FieldSampler& sampler) {
  std::vector<evaluation::Stencil> out;
  out.reserve(wish.grid.voxels());
  for (int k = 0; k < wish.grid.size[2]; ++k)
    for (int j = 0; j < wish.grid.size[1]; ++j)
      for (int i = 0; i < wish.grid.size[0]; ++i)
        out.push_back(
            sampler.locate(wish.grid.point({double(i), double(j), double(k)}, wish.frame)));
  return out;
}

}  // namespace

ImageWish wanted_images(const Model& model, std::string& warning) {
  ImageWish wish;
  const auto* labels = dynamic_cast<const LabelAnatomy*>(model.anatomy);
  const std::string& asked = model.spec->output.images;
  if (labels == nullptr || asked == "none") return wish;
  if (asked == "auto" && labels->grid().voxels() > kMostVoxels) {
    warning = fmt::format(
        "no dose maps are written on the {:.0f} million voxels of the image: ask for them with "
        "output.images: nii.gz",
        1e-6 * static_cast<double>(labels->grid().voxels()));
    return wish;
  }
  wish.extension = asked == "auto" ? "nii.gz" : asked;
  wish.grid = labels->grid();
  wish.frame = labels->frame();
  return wish;
}

template <class Real>
DoseImageRecorder<Real>::DoseImageRecorder(const Model& model, ImageWish wish,
                                           std::string directory)
    : model_(model), wish_(std::move(wish)), directory_(std::move(directory)) {}

template <class Real>
void DoseImageRecorder<Real>::instant(const Frame<Real>& frame) {
  if (frame.dose == nullptr) return;
  if (untreated_.empty())
    for (const auto* model : frame.dose->models())
      for (std::size_t f = 0; f < model->fields().size(); ++f)
        untreated_.push_back(model->values(f, frame.instant.time).front());
  if (!frame.last) return;
  std::error_code error;
  std::filesystem::create_directories(directory_, error);
  if (error) throw IoError(fmt::format("{}: cannot be made: {}", directory_, error.message()));
  const evaluation::FieldSampler sampler(frame.system->geometry());
  const auto stencils = locate_voxels(wish_, sampler);
  auto untreated = untreated_.begin();
  for (const auto* model : frame.dose->models()) {
    const auto fields = model->fields();
    for (std::size_t f = 0; f < fields.size(); ++f) {
      const std::vector<float> values = model->values(f, frame.instant.time);
      std::vector<float> voxels(stencils.size(), *untreated++);
      for (std::size_t n = 0; n < voxels.size(); ++n)
        if (stencils[n].cell >= 0) voxels[n] = sampler.value(values.data(), stencils[n]);
      write_image(directory_ + "/dose_" + fields[f].name + "." + wish_.extension, wish_.grid,
                  voxels, fields[f].name);
    }
  }
}

template class DoseImageRecorder<float>;
template class DoseImageRecorder<double>;

}  // namespace thermodose
