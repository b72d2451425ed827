// Implements: the steps of the surfaces of geometry/label_anatomy.h.
#include <algorithm>
#include <cmath>
#include <utility>

#include "geometry/label_anatomy.h"

namespace thermodose {

namespace {

constexpr double kInside = 1e-6;    // of a voxel
constexpr double kParallel = 1e-6;  // an image 100 voxels wide departs by a 10 000th of a voxel
constexpr int kMostPieces = 64;

/// A point of the mesh of corners of all voxels, cut into pieces, and where it was seen from.
struct StepPoint {
  std::size_t number;
  Vec3 voxel;  ///< fractional, from the lower corner of the crop

  bool operator<(const StepPoint& other) const { return number < other.number; }
  bool operator==(const StepPoint& other) const { return number == other.number; }
};

/// Points of the faces of one box of voxels, cut into `pieces` per axis.
class StepPoints {
 public:
  StepPoints(const std::array<int, 3>& size, const std::array<int, 3>& pieces)
      : pieces_(pieces),
        row_(std::size_t(size[0]) * std::size_t(pieces[0]) + 1),
        sheet_(row_ * (std::size_t(size[1]) * std::size_t(pieces[1]) + 1)) {}

  /// Of the face of a voxel towards `side` (-1, 1) of axis d, a little inside the voxel.
  void add_face(const std::array<int, 3>& voxel, std::size_t d, int side) {
    const std::size_t e = (d + 1) % 3;
    const std::size_t f = (d + 2) % 3;
    std::array<int, 3> n{};
    n[d] = side < 0 ? 0 : pieces_[d];
    for (n[e] = 0; n[e] <= pieces_[e]; ++n[e])
      for (n[f] = 0; n[f] <= pieces_[f]; ++n[f]) add(voxel, n);
  }
  std::vector<StepPoint> take() {
    std::sort(points_.begin(), points_.end());
    points_.erase(std::unique(points_.begin(), points_.end()), points_.end());
    return std::move(points_);
  }

 private:
  void add(const std::array<int, 3>& voxel, const std::array<int, 3>& n) {
    std::array<std::size_t, 3> at{};
    Vec3 p{};
    for (std::size_t d = 0; d < 3; ++d) {
      at[d] = std::size_t(voxel[d]) * std::size_t(pieces_[d]) + std::size_t(n[d]);
      const double u = double(n[d]) / pieces_[d];
      p[d] = voxel[d] + kInside + (1 - 2 * kInside) * u;
    }
    points_.push_back({at[0] + row_ * at[1] + sheet_ * at[2], p});
  }

  std::array<int, 3> pieces_;
  std::size_t row_, sheet_;
  std::vector<StepPoint> points_;
};

bool holds(const BoundingBox& box, const Vec3& p) {
  for (std::size_t d = 0; d < 3; ++d) {
    if (!(p[d] >= box.lower[d] && p[d] <= box.upper[d])) return false;
  }
  return true;
}

}  // namespace

std::optional<PlaneGrid> LabelAnatomy::voxel_planes() const {
  const Vec3 half{-0.5, -0.5, -0.5};
  const Vec3 corner = grid_.point(half, frame());
  PlaneGrid planes{corner, {}};
  for (std::size_t i = 0; i < 3; ++i) {
    Vec3 next = half;
    next[i] += 1;
    const Vec3 edge = grid_.point(next, frame());
    std::size_t along = 0;
    for (std::size_t d = 1; d < 3; ++d)
      if (std::fabs(edge[d] - corner[d]) > std::fabs(edge[along] - corner[along])) along = d;
    const double pitch = std::fabs(edge[along] - corner[along]);
    for (std::size_t d = 0; d < 3; ++d)
      if (d != along && std::fabs(edge[d] - corner[d]) > kParallel * pitch) return std::nullopt;
    planes.pitch[along] = pitch;
  }
  return planes;
}

std::vector<Vec3> LabelAnatomy::step_points(const std::vector<bool>& member, const BoundingBox& box,
                                            double spacing) const {
  const std::array<int, 3> size = crop_.size();
  std::array<int, 3> pieces{};
  for (std::size_t d = 0; d < 3; ++d)
    pieces[d] =
        int(std::clamp(std::ceil(1e-3 * grid_.spacing[d] / spacing), 1.0, 1. * kMostPieces));
  StepPoints found(size, pieces);
  const auto look = [&](const std::array<int, 3>& voxel) {
    if (!member[std::size_t(voxel_part(voxel))]) return;
    for (std::size_t d = 0; d < 3; ++d)
      for (const int side : {-1, 1}) {
        std::array<int, 3> next = voxel;
        next[d] += side;
        const bool edge = next[d] < 0 || next[d] >= size[d];
        if (edge || !member[std::size_t(voxel_part(next))]) found.add_face(voxel, d, side);
      }
  };
  // The box in voxels, from the lower corner of the crop.
  const VoxelBox part = voxels_around(grid_, frame(), box);
  for (int k = std::max(0, part.lower[2] - crop_.lower[2]);
       k < std::min(size[2], part.upper[2] - crop_.lower[2]); ++k)
    for (int j = std::max(0, part.lower[1] - crop_.lower[1]);
         j < std::min(size[1], part.upper[1] - crop_.lower[1]); ++j)
      for (int i = std::max(0, part.lower[0] - crop_.lower[0]);
           i < std::min(size[0], part.upper[0] - crop_.lower[0]); ++i)
        look({i, j, k});
  std::vector<Vec3> out;
  for (const StepPoint& p : found.take()) {
    Vec3 voxel{};
    for (std::size_t d = 0; d < 3; ++d) voxel[d] = p.voxel[d] + crop_.lower[d] - 0.5;
    const Vec3 at = grid_.point(voxel, frame());
    if (holds(box, at)) out.push_back(at);
  }
  return out;
}

}  // namespace thermodose
