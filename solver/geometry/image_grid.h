// The grid of an image in space.
// Implements: voxel (i, j, k) <-> point. The grid is kept as the file states it: millimetres in the
// patient frame LPS (x to the left, y to the posterior, z to the head), voxel centres at
//   c(i, j, k) = origin + i s_i a_i + j s_j a_j + k s_k a_k,
// with unit vectors a and spacings s. A case uses SI metres in the frame it names.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/types.h"

namespace thermodose {

/// Directions of x and y: RAS = to the right and anterior, LPS = to the left and posterior.
enum class ImageFrame { ras, lps };

struct ImageGrid {
  std::array<int, 3> size{};   ///< voxels along i, j, k; i is the fastest in memory
  Vec3 spacing{};              ///< mm
  Vec3 origin{};               ///< mm, LPS: centre of voxel (0, 0, 0)
  std::array<Vec3, 3> axes{};  ///< unit vectors along i, j, k, LPS; they may be left-handed

  std::size_t voxels() const {
    return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
           static_cast<std::size_t>(size[2]);
  }
  double voxel_volume() const;  ///< m3
  /// Point in SI metres of fractional voxel coordinates; whole numbers are centres.
  Vec3 point(const Vec3& voxel, ImageFrame frame) const;
};

/// Largest error of a direction matrix: |A^T A - 1| per entry, as large as ITK accepts in NIfTI,
/// whose directions have seven digits.
inline constexpr double kDirectionTolerance = 1e-4;

/// Bounds of spacings and of coordinates, mm: beyond them a header is wrong.
inline constexpr double kLeastSpacing = 1e-6, kMostSpacing = 1e6, kFarthest = 1e9;

/// What is wrong with directions of the voxel axes that are not orthonormal, with the two that are
/// farthest from a right angle; empty when they are.
std::string direction_problem(const std::array<Vec3, 3>& axes);

/// What makes a grid unusable: no voxels, spacing or origin out of bounds, directions not
/// orthonormal. Empty when there is nothing.
std::vector<std::string> grid_problems(const ImageGrid& grid);

/// Voxels lower <= (i, j, k) < upper.
struct VoxelBox {
  std::array<int, 3> lower{}, upper{};

  bool empty() const;
  std::array<int, 3> size() const;
  std::size_t voxels() const;
};

VoxelBox whole(const ImageGrid& grid);

/// The voxels that a box of SI metres touches, cut to the image; empty when they are apart. The
/// result is a box of voxels: with a turned image it holds the corners of the box as well.
VoxelBox voxels_around(const ImageGrid& grid, ImageFrame frame, const BoundingBox& box);

/// Box around the outer faces of voxels, m.
BoundingBox bounds(const ImageGrid& grid, ImageFrame frame, const VoxelBox& box);

/// Nearest voxel of a point, as a position in an array of the voxels of a box, i fastest.
class VoxelLookup {
 public:
  VoxelLookup() = default;
  /// The directions are inverted, not transposed: rounding of a header does not become a shear.
  VoxelLookup(const ImageGrid& grid, ImageFrame frame, const VoxelBox& box);

  /// Position of the voxel, or -1 outside the outer faces of the box (and for NaN).
  std::ptrdiff_t at(const Vec3& p) const {
    std::array<int, 3> index{};
    for (std::size_t d = 0; d < 3; ++d) {
      const double u = row_[d][0] * p[0] + row_[d][1] * p[1] + row_[d][2] * p[2] + shift_[d];
      if (!(u >= -kOnFace && u <= limit_[d] + kOnFace)) return -1;
      const int truncated = static_cast<int>(u);
      index[d] = truncated < size_[d] ? truncated : size_[d] - 1;
    }
    return index[0] + static_cast<std::ptrdiff_t>(size_[0]) *
                          (index[1] + static_cast<std::ptrdiff_t>(size_[1]) * index[2]);
  }

  /// Position of the voxel, or of the one of the box that is nearest along its axes.
  std::ptrdiff_t nearest(const Vec3& p) const {
    std::array<std::ptrdiff_t, 3> index{};
    for (std::size_t d = 0; d < 3; ++d) {
      const double u = row_[d][0] * p[0] + row_[d][1] * p[1] + row_[d][2] * p[2] + shift_[d];
      index[d] = u > 0 ? static_cast<int>(std::min(u, size_[d] - 0.5)) : 0;  // NaN: 0
    }
    return index[0] + size_[0] * (index[1] + size_[1] * index[2]);
  }

 private:
  /// Points on the outer faces are inside, whatever the rounding; in voxels.
  static constexpr double kOnFace = 1e-6;

  std::array<Vec3, 3> row_{};  ///< 1/m: metres of the frame -> voxels from the lower face
  Vec3 shift_{};
  Vec3 limit_{};
  std::array<int, 3> size_{};
};

}  // namespace thermodose
