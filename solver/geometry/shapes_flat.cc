// Shapes with plane surfaces.
// Implements: box and half_space of registry "shape".
#include <cmath>
#include <limits>

#include "base/registry.h"
#include "geometry/shape.h"
#include "geometry/vec.h"

namespace thermodose {

namespace {

/// |y_i| <= size_i / 2 with y = R^T (x - center).
class Box : public Shape {
 public:
  void keys(Keys& k) override {
    k.point(key("center", "mm", "Centre of the box."), center_);
    k.point(key("size", "mm", "Edge lengths along the box's own axes.").positive(), size_);
    k.point(
        key("rotation", "deg", "Angles that turn the box about the fixed x, then y, then z axis.")
            .range(-360, 360)
            .optional(),
        angles_);
  }
  bool contains(const Vec3& p) const override {
    const Vec3 y = rotate_back(rotation_xyz(angles_), p - center_);
    return std::fabs(y[0]) <= 0.5 * size_[0] && std::fabs(y[1]) <= 0.5 * size_[1] &&
           std::fabs(y[2]) <= 0.5 * size_[2];
  }
  BoundingBox bounds() const override {
    const Rotation r = rotation_xyz(angles_);
    Vec3 half{};
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) half[i] += 0.5 * std::fabs(r[i][j]) * size_[j];
    }
    return {center_ - half, center_ + half};
  }
  double volume() const override { return size_[0] * size_[1] * size_[2]; }

 private:
  Vec3 center_{}, size_{}, angles_{};
};

/// (x - point) . normal <= 0.
class HalfSpace : public Shape {
 public:
  void keys(Keys& k) override {
    k.point(key("point", "mm", "A point of the bounding plane."), point_);
    k.point(key("normal", "1", "Outward normal of the plane; the shape lies on the other side."),
            normal_);
  }
  std::vector<std::string> check() const override {
    if (norm(normal_) > 0) return {};
    return {"normal: the direction 0 0 0 points nowhere"};
  }
  bool contains(const Vec3& p) const override { return dot(p - point_, normal_) <= 0; }
  BoundingBox bounds() const override {
    constexpr double inf = std::numeric_limits<double>::infinity();
    BoundingBox b{{-inf, -inf, -inf}, {inf, inf, inf}};
    // Bounded only when the plane is normal to a coordinate axis.
    for (int i = 0; i < 3; ++i) {
      if (normal_[(i + 1) % 3] != 0 || normal_[(i + 2) % 3] != 0) continue;
      (normal_[i] > 0 ? b.upper : b.lower)[i] = point_[i];
    }
    return b;
  }
  double volume() const override { return std::numeric_limits<double>::infinity(); }

 private:
  Vec3 point_{}, normal_{};
};

THERMODOSE_REGISTER("shape", "box", Box, "Rectangular block, optionally turned.");
THERMODOSE_REGISTER("shape", "half_space", HalfSpace,
                    "All points behind a plane: (x - point) . normal <= 0.");

}  // namespace

}  // namespace thermodose
