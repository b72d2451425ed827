// What the image module (libthermodose_image.so) offers to the program.
// Implements: the entry points between the program and the module with ITK. Functions return what
// went wrong, nothing when all is well: no exception crosses the border. ITK is loaded on the
// first call: a program that reads no image starts without it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "geometry/image_grid.h"

namespace thermodose {

/// A label map. values[index[n]] is the label of voxel n, i fastest.
struct LabelImage {
  ImageGrid grid;
  std::vector<std::uint16_t> index;
  std::vector<std::int64_t> values;  ///< the labels that occur, each once, increasing
  std::vector<std::string> notes;    ///< what a reader should know although the file is usable
};

/// Grey values, i fastest. A scale and a shift that the file states (NIfTI: scl_slope, scl_inter)
/// are applied.
struct ValueImage {
  ImageGrid grid;
  std::vector<float> values;
  std::vector<std::string> notes;
};

/// Types of voxel that are written.
enum class VoxelType { u8, u16, f32 };

/// The entry points, found under the name `kImageModuleEntry`.
struct ImageModule {
  /// Every problem of the file, without its name.
  std::vector<std::string> (*read_labels)(const std::string& path, LabelImage& image);
  std::vector<std::string> (*read_values)(const std::string& path, ValueImage& image);
  /// Replaces `path` (.nii, .nii.gz, .nrrd, .mha). `values`: grid.voxels() of `type`, i fastest.
  std::string (*write)(const std::string& path, const ImageGrid& grid, VoxelType type,
                       const void* values, const std::string& description);
};

inline constexpr const char* kImageModuleEntry = "thermodose_image_module";
using ImageModuleEntry = const ImageModule* (*)();

/// The module, loaded on the first call. Throws IoError when it is missing.
const ImageModule& image_module();

}  // namespace thermodose
