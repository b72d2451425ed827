// Inside the image module: what ITK does not tell of a header, or reads wrongly.
// Implements: a look at the bytes of headers beside ITK's reading.
#pragma once

#include <string>
#include <vector>

#include "geometry/image_grid.h"

namespace thermodose {

/// NIfTI: fewer voxels than the header states (ITK then returns zeros), spacings of zero (its
/// library makes 1 mm of them), lengths in other units than mm (ITK scales the spacing and not the
/// origin), no orientation at all, a second orientation that disagrees with the one that ITK took
/// (`grid`).
void check_nifti_header(const std::string& path, const ImageGrid& grid,
                        std::vector<std::string>& problems, std::vector<std::string>& notes);

/// MetaImage: fewer compressed bytes than the header states (ITK then returns what it can).
void check_meta_header(const std::string& path, std::vector<std::string>& problems);

/// NRRD: spaces that ITK does not turn into LPS. It takes left-anterior-superior for its mirror
/// image before release 5.4.3 (its issue 5207), and leaves the unknown ones as they are.
void check_nrrd_header(const std::string& path, std::vector<std::string>& problems,
                       std::vector<std::string>& notes);

/// A name under which ITK reads a NIfTI file. Its library takes the voxels of a.nii for those of
/// a.nii.gz when both exist; then this is a link in a directory of its own, removed at the end.
class NiftiName {
 public:
  explicit NiftiName(const std::string& path);
  ~NiftiName();
  NiftiName(const NiftiName&) = delete;
  NiftiName& operator=(const NiftiName&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_, directory_;
};

}  // namespace thermodose
