// An anatomy as voxels.
// Implements: sampling of part_at at the centres of cubes, label = part + 1, 0 = none.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "geometry/anatomy.h"

namespace thermodose {

/// Labels of size[0] x size[1] x size[2] cubes, x fastest; the centre of cube (i, j, k) is
/// origin + spacing (i, j, k). SI.
struct SampledLabels {
  Vec3 origin{};
  double spacing = 0;  ///< m
  std::array<int, 3> size{};
  std::vector<std::uint16_t> labels;
};

/// Samples a box with cubes of edge `spacing` (m), as many as cover it, centred on it. `anatomy` is
/// called from `threads` threads. Throws InputError (keys `spacing`, `box`): no positive spacing,
/// an empty or endless box, more than 2^31 cubes.
SampledLabels sample_labels(const Anatomy& anatomy, const BoundingBox& box, double spacing,
                            int threads = 1);

/// Throws what `sample_labels` says unless `box` can be sampled at `spacing`.
void check_sampling(const BoundingBox& box, double spacing);

/// Volume of a label, m3.
double label_volume(const SampledLabels& sampled, int label);

}  // namespace thermodose
