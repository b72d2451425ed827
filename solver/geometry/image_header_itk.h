// Inside the image module: what ITK does not tell of a header, or reads wrongly.
// Implements: a look at the bytes of headers beside ITK's reading.
#pragma once

#include <string>
#include <vector>

#include "geometry/image_grid.h"

namespace thermodose {

/// The checks of a whole file, made before ITK sees it: header fields that are missing, twice, no
/// numbers, out of range or of a kind that ITK reads wrongly, crashes on or never ends with; voxels
/// that are not all there. False when the file is not of the format at all. ITK is asked only when
/// there are no problems. NRRD in left-anterior-superior is among them: ITK takes it for its mirror
/// image before release 5.4.3 (its issue 5207).
bool check_nifti_file(const std::string& path, std::vector<std::string>& problems,
                      std::vector<std::string>& notes);
bool check_nrrd_file(const std::string& path, std::vector<std::string>& problems,
                     std::vector<std::string>& notes);
bool check_meta_file(const std::string& path, std::vector<std::string>& problems,
                     std::vector<std::string>& notes);

/// NIfTI: no orientation at all, or a second one that disagrees with the one that ITK took
/// (`grid`).
void note_nifti_orientation(const std::string& path, const ImageGrid& grid,
                            std::vector<std::string>& notes);

/// NIfTI: its library reads 0 where a file of real numbers holds NaN or infinity. Writes those
/// numbers of the file (infinity with the sign of the slope) over what it read: `voxels`, all of
/// them, as `T`.
template <class T>
void restore_not_finite(const std::string& path, T* voxels);

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
