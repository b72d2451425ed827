// Implements: geometry/image_grid.h.
#include "geometry/image_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr double kMillimetre = 1e-3;
constexpr const char* kAxisNames[] = {"i", "j", "k"};

/// RAS <-> LPS.
Vec3 turned(const Vec3& p, ImageFrame frame) {
  return frame == ImageFrame::lps ? p : Vec3{-p[0], -p[1], p[2]};
}

Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

double determinant(const std::array<Vec3, 3>& axes) {
  return dot(axes[0], cross(axes[1], axes[2]));
}

/// Rows of the inverse of the matrix whose columns are the axes.
std::array<Vec3, 3> inverse_rows(const std::array<Vec3, 3>& axes) {
  const double scale = 1 / determinant(axes);
  return {scale * cross(axes[1], axes[2]), scale * cross(axes[2], axes[0]),
          scale * cross(axes[0], axes[1])};
}

/// Fractional voxel coordinates of a point.
Vec3 voxel_of(const ImageGrid& grid, ImageFrame frame, const Vec3& p) {
  const auto rows = inverse_rows(grid.axes);
  const Vec3 d = (1 / kMillimetre) * turned(p, frame) - grid.origin;
  Vec3 out{};
  for (std::size_t i = 0; i < 3; ++i) out[i] = dot(rows[i], d) / grid.spacing[i];
  return out;
}

/// Corner number 0..7 of a box.
Vec3 corner(const Vec3& lower, const Vec3& upper, unsigned n) {
  return {(n & 1U) != 0 ? upper[0] : lower[0], (n & 2U) != 0 ? upper[1] : lower[1],
          (n & 4U) != 0 ? upper[2] : lower[2]};
}

std::string row(const Vec3& v) {
  return text::number(v[0]) + " " + text::number(v[1]) + " " + text::number(v[2]);
}

/// "; i and j are 60 degrees apart, expected 90": the pair that is farthest from a right angle.
std::string worst_pair(const std::array<Vec3, 3>& axes) {
  constexpr double degrees = 180 / 3.14159265358979323846;
  double worst = kDirectionTolerance;
  std::string out;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = i + 1; j < 3; ++j) {
      const double cosine = dot(axes[i], axes[j]) / (norm(axes[i]) * norm(axes[j]));
      if (!(std::fabs(cosine) > worst)) continue;
      worst = std::fabs(cosine);
      const double angle = degrees * std::acos(std::clamp(cosine, -1.0, 1.0));
      out = fmt::format("; {} and {} are {:.4g} degrees apart, expected 90", kAxisNames[i],
                        kAxisNames[j], angle);
    }
  return out;
}

}  // namespace

std::string direction_problem(const std::array<Vec3, 3>& axes) {
  double error = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double e = std::fabs(dot(axes[i], axes[j]) - (i == j ? 1 : 0));
      if (!(e <= error)) error = e;  // also NaN
    }
  }
  const std::string directions =
      fmt::format("i ({}), j ({}), k ({})", row(axes[0]), row(axes[1]), row(axes[2]));
  if (!(std::fabs(determinant(axes)) > kDirectionTolerance)) {
    return "the directions of the voxel axes cannot be inverted: " + directions + worst_pair(axes);
  }
  if (!(error <= kDirectionTolerance)) {
    return fmt::format(
        "the voxel axes are not unit vectors at right angles (off by {:.2g}, allowed {:.0e}): "
        "{}{}; resample the image to a grid without shear",
        error, kDirectionTolerance, directions, worst_pair(axes));
  }
  return {};
}

double ImageGrid::voxel_volume() const {
  return std::fabs(determinant(axes)) * spacing[0] * spacing[1] * spacing[2] *
         (kMillimetre * kMillimetre * kMillimetre);
}

Vec3 ImageGrid::point(const Vec3& voxel, ImageFrame frame) const {
  Vec3 p = origin;
  for (std::size_t d = 0; d < 3; ++d) p = p + (voxel[d] * spacing[d]) * axes[d];
  return kMillimetre * turned(p, frame);
}

std::vector<std::string> grid_problems(const ImageGrid& grid) {
  std::vector<std::string> out;
  for (std::size_t d = 0; d < 3; ++d) {
    if (grid.size[d] < 1) {
      out.push_back(fmt::format("{} voxels along {}", grid.size[d], kAxisNames[d]));
    }
    if (!(grid.spacing[d] >= kLeastSpacing && grid.spacing[d] <= kMostSpacing)) {
      out.push_back(fmt::format("the spacing along {} is {} mm, expected {} to {}", kAxisNames[d],
                                text::number(grid.spacing[d]), text::number(kLeastSpacing),
                                text::number(kMostSpacing)));
    }
  }
  if (!(norm(grid.origin) <= kFarthest)) {  // also NaN
    out.push_back(fmt::format("the origin is {} mm, expected within {} mm", row(grid.origin),
                              text::number(kFarthest)));
  }
  const std::string directions = direction_problem(grid.axes);
  if (!directions.empty()) out.push_back(directions);
  return out;
}

bool VoxelBox::empty() const {
  return upper[0] <= lower[0] || upper[1] <= lower[1] || upper[2] <= lower[2];
}

std::array<int, 3> VoxelBox::size() const {
  return {upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]};
}

std::size_t VoxelBox::voxels() const {
  const auto n = size();
  return empty() ? 0
                 : static_cast<std::size_t>(n[0]) * static_cast<std::size_t>(n[1]) *
                       static_cast<std::size_t>(n[2]);
}

VoxelBox whole(const ImageGrid& grid) { return {{0, 0, 0}, grid.size}; }

VoxelBox voxels_around(const ImageGrid& grid, ImageFrame frame, const BoundingBox& box) {
  Vec3 lower{HUGE_VAL, HUGE_VAL, HUGE_VAL}, upper{-HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
  for (unsigned n = 0; n < 8; ++n) {
    const Vec3 v = voxel_of(grid, frame, corner(box.lower, box.upper, n));
    for (std::size_t d = 0; d < 3; ++d) {
      lower[d] = std::min(lower[d], v[d]);
      upper[d] = std::max(upper[d], v[d]);
    }
  }
  VoxelBox out;
  constexpr double touch = 1e-6;  // a face on the border of two voxels touches one of them only
  for (std::size_t d = 0; d < 3; ++d) {
    const double first = std::floor(lower[d] + 0.5 + touch),
                 last = std::ceil(upper[d] + 0.5 - touch);
    out.lower[d] = static_cast<int>(std::clamp<double>(first, 0, grid.size[d]));
    out.upper[d] = static_cast<int>(std::clamp<double>(last, 0, grid.size[d]));
  }
  return out;
}

BoundingBox bounds(const ImageGrid& grid, ImageFrame frame, const VoxelBox& box) {
  BoundingBox out{{HUGE_VAL, HUGE_VAL, HUGE_VAL}, {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL}};
  Vec3 first{}, last{};
  for (std::size_t d = 0; d < 3; ++d) {
    first[d] = box.lower[d] - 0.5;
    last[d] = box.upper[d] - 0.5;
  }
  for (unsigned n = 0; n < 8; ++n) {
    const Vec3 p = grid.point(corner(first, last, n), frame);
    for (std::size_t d = 0; d < 3; ++d) {
      out.lower[d] = std::min(out.lower[d], p[d]);
      out.upper[d] = std::max(out.upper[d], p[d]);
    }
  }
  return out;
}

VoxelLookup::VoxelLookup(const ImageGrid& grid, ImageFrame frame, const VoxelBox& box)
    : size_(box.size()) {
  const auto rows = inverse_rows(grid.axes);
  for (std::size_t d = 0; d < 3; ++d) {
    row_[d] = turned((1 / (kMillimetre * grid.spacing[d])) * rows[d], frame);
    shift_[d] = 0.5 - box.lower[d] - dot(rows[d], grid.origin) / grid.spacing[d];
    limit_[d] = size_[d];
  }
}

}  // namespace thermodose
