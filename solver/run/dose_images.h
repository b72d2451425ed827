// Dose maps on the grid of the input image.
// Implements: the fields of all dose models at the end of a run at the centres of the voxels of the
// label map that the case was made from, so that they lie over it in any viewer.
#pragma once

#include <string>
#include <vector>

#include "fem/heat_system.h"
#include "geometry/image_grid.h"
#include "run/model.h"
#include "run/observer.h"

namespace thermodose {

/// What `output.images` asks for.
struct ImageWish {
  std::string extension;  ///< "nii.gz"; empty: no images
  ImageGrid grid;
  ImageFrame frame = ImageFrame::ras;
};
/// Extension empty when the anatomy is no image, when the case wants none, or when it is left to
/// the program and the image is large (then `warning` says how to get them).
ImageWish wanted_images(const Model& model, std::string& warning);

/// Writes <directory>/dose_<field>.<extension> at the last instant. Voxels outside the domain hold
/// what tissue has that nothing was done to: the value at the first instant.
template <class Real>
class DoseImageRecorder final : public Observer<Real> {
 public:
  DoseImageRecorder(const Model& model, ImageWish wish, std::string directory);
  void instant(const Frame<Real>& frame) override;

 private:
  const Model& model_;
  ImageWish wish_;
  std::string directory_;
  std::vector<float> untreated_;  ///< of all fields in their order, from the first instant
};

}  // namespace thermodose
