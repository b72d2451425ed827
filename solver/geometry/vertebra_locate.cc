// Implements: VertebraShape::part, the part that owns a point. The order of the questions is the
// order of precedence: canal, body and discs, pedicles and arch, roots, muscle and vessels.
#include <algorithm>
#include <cmath>
#include <limits>

#include "geometry/vec.h"
#include "geometry/vertebra_shape.h"

namespace thermodose {

namespace {
constexpr int kOutside = -1;
int number(VertebraPart part) { return int(part); }
}  // namespace

bool VertebraShape::CutEllipse::contains(double x, double y) const {
  const double v = y - y0;
  return y >= cut && x * x * b * b + v * v * a * a <= a * a * b * b;
}

int VertebraShape::part(const Vec3& p) const {
  if (std::abs(p[2]) > half_length_) return kOutside;
  const double ax = std::abs(p[0]);  // the bones are symmetric
  if (in_canal(ax, p[1])) return canal_part(p, ax);
  if (outer_.contains(ax, p[1])) return column_part(p, ax);
  const int arch = arch_part(p, ax);
  return arch != kOutside ? arch : beside_part(p, ax);
}

bool VertebraShape::in_canal(double ax, double y) const {
  if (ax >= canal_.a || y > outer_.cut) return false;
  return y >= canal_y_ || canal_.contains(ax, y - canal_y_);
}

int VertebraShape::canal_part(const Vec3& p, double ax) const {
  const double v = p[1] - dura_y_;
  if (!dura_.contains(ax, v)) {
    return number(root_distance(ax, p[1], p[2]) <= root_.radius ? VertebraPart::nerve_roots
                                                                : VertebraPart::epidural_fat);
  }
  return sac_.contains(ax, v) ? neural_part(p, ax) : number(VertebraPart::dura);
}

int VertebraShape::neural_part(const Vec3& p, double ax) const {
  const double v = p[1] - dura_y_;
  // The cord tapers in a straight line from its full section to a point.
  const double size =
      std::min(1.0, (p[2] - input_.conus_tip) / (input_.conus_begin - input_.conus_tip));
  if (size > 0 && cord_.contains(ax / size, v / size)) return number(VertebraPart::spinal_cord);
  if (p[2] < input_.conus_begin && cauda_.contains(ax, v)) {
    return number(VertebraPart::cauda_equina);
  }
  return number(VertebraPart::csf);
}

int VertebraShape::interior(const Vec3& p, VertebraPart bone) const {
  const VertebraLesion& lesion = input_.lesion;
  if (lesion.present) {
    const Vec3 d = p - lesion.center;
    if (dot(d, d) <= lesion.radius * lesion.radius) return number(VertebraPart::lesion);
  }
  return number(bone);
}

bool VertebraShape::in_defect(const Vec3& p) const {
  const VertebraLesion& lesion = input_.lesion;
  if (!lesion.present || lesion.defect_radius <= 0) return false;
  const double dx = p[0] - lesion.center[0], dz = p[2] - lesion.center[2];
  return dx * dx + dz * dz <= lesion.defect_radius * lesion.defect_radius;
}

int VertebraShape::column_part(const Vec3& p, double ax) const {
  const double az = std::abs(p[2]);
  if (az <= half_height_) {
    if (az < inner_half_height_) {
      if (inner_.contains(ax, p[1])) return interior(p, VertebraPart::cancellous_bone);
      // The pedicle's marrow opens into the body's.
      if (pedicle_inside_.contains(ax, p[2], p[1])) {
        return interior(p, VertebraPart::pedicle_cancellous);
      }
      if (p[1] >= inner_.cut) return number(VertebraPart::cortical_shell);
      return number(in_defect(p) ? VertebraPart::lesion : VertebraPart::posterior_wall);
    }
    return number(p[2] > 0 ? VertebraPart::upper_end_plate : VertebraPart::lower_end_plate);
  }
  const double disc = p[2] > 0 ? input_.disc_above : input_.dimensions.disc_below;
  const double beyond = az - half_height_ - disc;
  if (beyond <= 0) return number(p[2] > 0 ? VertebraPart::disc_above : VertebraPart::disc_below);
  const bool marrow = beyond > input_.dimensions.end_plate && inner_.contains(ax, p[1]);
  return number(marrow ? VertebraPart::adjacent_cancellous : VertebraPart::adjacent_cortex);
}

bool VertebraShape::in_ring(const Ring& ring, double ax, double y, double z) const {
  const double v = y - canal_y_;
  return y <= ring.y_front && z >= ring.z_min && z <= ring.z_max && ring.outside.contains(ax, v) &&
         !ring.inside.contains(ax, v);
}

int VertebraShape::arch_part(const Vec3& p, double ax) const {
  const double y = p[1], z = p[2];
  const bool pedicle = pedicle_.contains(ax, z, y);
  const bool others =
      in_ring(lamina_, ax, y, z) || spinous_.contains(ax, y, z) || transverse_.contains(y, z, ax);
  if (!pedicle && !others) return kOutside;
  if (pedicle_inside_.contains(ax, z, y)) return interior(p, VertebraPart::pedicle_cancellous);
  if (in_ring(lamina_inside_, ax, y, z) || spinous_inside_.contains(ax, y, z) ||
      transverse_inside_.contains(y, z, ax)) {
    return interior(p, VertebraPart::arch_cancellous);
  }
  return number(pedicle ? VertebraPart::pedicle_cortex : VertebraPart::arch_cortex);
}

double VertebraShape::root_distance(double ax, double y, double z) const {
  const double dx = ax - root_.x, dy = y - root_.y;
  double nearest = std::numeric_limits<double>::infinity();
  if (std::abs(dy) > root_.radius + root_.fat) return nearest;
  for (const double level : root_.z) {
    const double dz = z - level;
    const double along = dx * root_.sine - dz * root_.cosine;
    if (along < root_.begin || along > root_.end) continue;
    const double across = dx * root_.cosine + dz * root_.sine;
    nearest = std::min(nearest, std::sqrt(across * across + dy * dy));
  }
  return nearest;
}

int VertebraShape::beside_part(const Vec3& p, double ax) const {
  const double root = root_distance(ax, p[1], p[2]);
  if (root <= root_.radius) return number(VertebraPart::nerve_roots);
  if (root <= root_.radius + root_.fat) return number(VertebraPart::foraminal_fat);
  const double px = ax - psoas_x_, py = p[1] - psoas_y_;
  if (px * px + py * py <= psoas_radius_ * psoas_radius_ && psoas_radius_ > 0) {
    return number(VertebraPart::psoas);
  }
  if (p[1] < vessel_y_) return kOutside;
  const double qx = p[0] - aorta_x_, qy = p[1] - vessel_y_ - aorta_radius_;
  if (aorta_radius_ > 0 && qx * qx + qy * qy <= aorta_radius_ * aorta_radius_) {
    return number(VertebraPart::aorta);
  }
  const bool cava = cava_.a > 0 && cava_.contains(p[0] - cava_x_, p[1] - vessel_y_ - cava_.b);
  return cava ? number(VertebraPart::vena_cava) : kOutside;
}

}  // namespace thermodose
