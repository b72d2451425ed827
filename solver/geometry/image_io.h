// Medical images as files.
// Implements: reading of label maps and grey values, writing of volumes (NIfTI, NRRD, MetaImage)
// with errors as exceptions; the work is done by the image module, which is loaded on the first
// call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "geometry/image_module.h"

namespace thermodose {

/// Reads .nii, .nii.gz, .nrrd, .nhdr, .mha or .mhd, of any type of voxel whose values are whole
/// numbers. Throws InputError with every problem of the file: missing, no such format, not 3-D,
/// sheared, no spacing, labels that are not whole, more than 65535 of them.
LabelImage read_label_image(const std::string& path);

/// The same formats with grey values: any numbers, as the scale and the shift of the file make
/// them. Throws InputError with the same problems of files.
ValueImage read_value_image(const std::string& path);

/// Writes a volume with the geometry of `grid` as .nii, .nii.gz, .nrrd or .mha (compressed except
/// .nii). `values`: one per voxel, i fastest. `description`: name and unit of what is written;
/// NIfTI keeps 23 characters. The file appears complete or not at all: it is written beside `path`,
/// read back, compared and renamed. Directions are exact to seven digits in NIfTI. Throws IoError.
void write_image(const std::string& path, const ImageGrid& grid, const std::vector<float>& values,
                 const std::string& description);
void write_image(const std::string& path, const ImageGrid& grid,
                 const std::vector<std::uint8_t>& values, const std::string& description);
void write_image(const std::string& path, const ImageGrid& grid,
                 const std::vector<std::uint16_t>& values, const std::string& description);

}  // namespace thermodose
