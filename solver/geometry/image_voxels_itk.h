// Inside the image module: from the voxels of a file, of any type, to what the program keeps.
// Implements: labels (whole numbers, few different ones) and grey values (single precision).
#pragma once

#include <string>
#include <vector>

#include "geometry/image_module.h"

namespace thermodose {

/// Types of voxel that are read.
enum class Number { u8, i8, u16, i16, u32, i32, u64, i64, f32, f64, none };

/// `data`: image.grid.voxels() numbers of `type`, i fastest. Problems: values that are not whole,
/// too many different ones, a type that is none.
void collect_labels(Number type, const void* data, LabelImage& image,
                    std::vector<std::string>& problems);

/// The same for grey values; any number will do, NaN as well.
void collect_values(Number type, const void* data, ValueImage& image,
                    std::vector<std::string>& problems);

}  // namespace thermodose
