// Shapes with curved surfaces.
// Implements: sphere, ellipsoid, cylinder, capsule of registry "shape".
#include <cmath>

#include "base/registry.h"
#include "geometry/shape.h"
#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr double kPi = 3.14159265358979323846;

/// |x - center| <= radius.
class Sphere : public Shape {
 public:
  void keys(Keys& k) override {
    k.point(key("center", "mm", "Centre of the sphere."), center_);
    k.real(key("radius", "mm", "Radius.").positive(), radius_);
  }
  bool contains(const Vec3& p) const override {
    const Vec3 d = p - center_;
    return dot(d, d) <= radius_ * radius_;
  }
  BoundingBox bounds() const override {
    const Vec3 r{radius_, radius_, radius_};
    return {center_ - r, center_ + r};
  }
  double volume() const override { return 4. / 3. * kPi * radius_ * radius_ * radius_; }

 private:
  Vec3 center_{};
  double radius_ = 0;
};

/// sum_i (y_i / a_i)^2 <= 1 with y = R^T (x - center).
class Ellipsoid : public Shape {
 public:
  void keys(Keys& k) override {
    k.point(key("center", "mm", "Centre of the ellipsoid."), center_);
    k.point(key("semi_axes", "mm", "Half lengths along the ellipsoid's own axes.").positive(),
            semi_axes_);
    k.point(key("rotation", "deg",
                "Angles that turn the ellipsoid about the fixed x, then y, then z axis.")
                .range(-360, 360)
                .optional(),
            angles_);
  }
  bool contains(const Vec3& p) const override {
    const Vec3 y = rotate_back(rotation_xyz(angles_), p - center_);
    double sum = 0;
    for (int i = 0; i < 3; ++i) sum += (y[i] / semi_axes_[i]) * (y[i] / semi_axes_[i]);
    return sum <= 1;
  }
  BoundingBox bounds() const override {
    const Rotation r = rotation_xyz(angles_);
    Vec3 half{};
    for (int i = 0; i < 3; ++i) {
      half[i] = norm({r[i][0] * semi_axes_[0], r[i][1] * semi_axes_[1], r[i][2] * semi_axes_[2]});
    }
    return {center_ - half, center_ + half};
  }
  double volume() const override {
    return 4. / 3. * kPi * semi_axes_[0] * semi_axes_[1] * semi_axes_[2];
  }

 private:
  Vec3 center_{}, semi_axes_{}, angles_{};
};

/// What a cylinder and a capsule share: an axis from begin to end and a radius.
class Rod : public Shape {
 public:
  void keys(Keys& k) override {
    k.point(key("begin", "mm", "One end of the axis."), begin_);
    k.point(key("end", "mm", "Other end of the axis."), end_);
    k.real(key("radius", "mm", "Radius.").positive(), radius_);
  }
  std::vector<std::string> check() const override {
    if (length() > 0) return {};
    return {"end: the axis has no length: begin and end are the same point"};
  }

 protected:
  double length() const { return norm(end_ - begin_); }
  /// Position along the axis as a fraction (0 at begin, 1 at end), not clamped.
  double fraction(const Vec3& p) const {
    const Vec3 d = end_ - begin_;
    return dot(p - begin_, d) / dot(d, d);
  }
  double distance_to_axis(const Vec3& p, double s) const {
    return norm(p - begin_ - s * (end_ - begin_));
  }
  /// Box around both ends widened by `half`.
  BoundingBox around(const Vec3& half) const {
    BoundingBox b{};
    for (int i = 0; i < 3; ++i) {
      b.lower[i] = std::fmin(begin_[i], end_[i]) - half[i];
      b.upper[i] = std::fmax(begin_[i], end_[i]) + half[i];
    }
    return b;
  }

  Vec3 begin_{}, end_{};
  double radius_ = 0;
};

/// Flat ends: 0 <= s <= 1 and distance to the axis <= radius.
class Cylinder : public Rod {
 public:
  bool contains(const Vec3& p) const override {
    const double s = fraction(p);
    return s >= 0 && s <= 1 && distance_to_axis(p, s) <= radius_;
  }
  BoundingBox bounds() const override {
    const Vec3 d = (1 / length()) * (end_ - begin_);
    Vec3 half{};
    // A disc with normal d reaches r sqrt(1 - d_i^2) along axis i.
    for (int i = 0; i < 3; ++i) half[i] = radius_ * std::sqrt(std::fmax(0., 1 - d[i] * d[i]));
    return around(half);
  }
  double volume() const override { return kPi * radius_ * radius_ * length(); }
};

/// Round ends: distance to the segment begin..end <= radius.
class Capsule : public Rod {
 public:
  bool contains(const Vec3& p) const override {
    return distance_to_axis(p, std::fmin(1., std::fmax(0., fraction(p)))) <= radius_;
  }
  BoundingBox bounds() const override { return around({radius_, radius_, radius_}); }
  double volume() const override {
    return kPi * radius_ * radius_ * (length() + 4. / 3. * radius_);
  }
};

THERMODOSE_REGISTER("shape", "sphere", Sphere, "Ball: |x - center| <= radius.");
THERMODOSE_REGISTER("shape", "ellipsoid", Ellipsoid,
                    "Ellipsoid with three semi-axes, optionally turned.");
THERMODOSE_REGISTER("shape", "cylinder", Cylinder,
                    "Solid cylinder with flat ends around the axis begin..end.");
THERMODOSE_REGISTER("shape", "capsule", Capsule,
                    "Cylinder with hemispherical ends: all points within radius of begin..end.");

}  // namespace

}  // namespace thermodose
