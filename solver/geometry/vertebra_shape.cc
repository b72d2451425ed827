#include "geometry/vertebra_shape.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Shape constants that no table gives; judged on drawings. Shares of a dimension, so that they
// scale with it.
constexpr double kCut = 0.6;           ///< posterior wall: cut of the ellipse, share of its b
constexpr double kPedicleDrop = 0.05;  ///< pedicle below the upper end plate, share of the height
constexpr double kPedicleReach = 0.3;  ///< pedicle into the body, share of the ellipse's b
constexpr double kSpinousDrop = 0.15;  ///< spinous process below the lower end plate, of the height
constexpr double kRootReach = 0.25;    ///< root beyond the pedicle, share of the body's width

}  // namespace

double VertebraShape::CutEllipse::area() const {
  const double k = (y0 - cut) / b;
  return a * b * (kPi / 2 + std::asin(k) + k * std::sqrt(1 - k * k));
}

double VertebraShape::Ellipse::area() const { return kPi * a * b; }

VertebraShape::VertebraShape(const VertebraInput& input) : input_(input) {
  half_length_ = input.length / 2;
  build_body();
  build_canal();
  build_pedicle();
  build_arch();
  build_roots();
  build_vessels();
  const VertebraDimensions& d = input_.dimensions;
  const double root_end = root_.x + root_.end * root_.sine + root_.radius + root_.fat;
  const double half_width =
      std::max({d.body_width / 2, transverse_.end, root_end,
                psoas_radius_ > 0 ? psoas_x_ + psoas_radius_ : 0., cava_x_ + cava_.a,
                pedicle_.u + pedicle_.section.a, aorta_radius_ - aorta_x_});
  const double front = vessel_y_ + 2 * std::max(aorta_radius_, cava_.b);
  box_.lower = {-half_width, std::min(spinous_.y_min, psoas_y_ - psoas_radius_), -half_length_};
  box_.upper = {half_width, std::max(front, psoas_y_ + psoas_radius_), half_length_};
}

void VertebraShape::build_body() {
  const VertebraDimensions& d = input_.dimensions;
  half_height_ = d.body_height / 2;
  inner_half_height_ = half_height_ - d.end_plate;
  const double b = d.body_depth / (1 + kCut);
  const double y0 = d.body_depth / 2 - b;
  outer_ = {d.body_width / 2, b, y0, -d.body_depth / 2};
  inner_ = {outer_.a - d.cortical_shell, b - d.cortical_shell, y0, outer_.cut + d.posterior_wall};
}

void VertebraShape::build_canal() {
  const VertebraDimensions& d = input_.dimensions;
  canal_ = {d.canal_width / 2, d.canal_depth / 2};
  canal_y_ = outer_.cut - canal_.b;
  dura_ = {canal_.a - d.epidural_lateral,
           (d.canal_depth - d.epidural_anterior - d.epidural_posterior) / 2};
  dura_y_ = outer_.cut - d.epidural_anterior - dura_.b;
  sac_ = {dura_.a - d.dura_thickness, dura_.b - d.dura_thickness};
  cord_ = {d.cord_width / 2, d.cord_depth / 2};
  cauda_ = {sac_.a * std::sqrt(d.cauda_share), sac_.b * std::sqrt(d.cauda_share)};
}

void VertebraShape::build_pedicle() {
  const VertebraDimensions& d = input_.dimensions;
  pedicle_.section = {d.pedicle_width / 2, d.pedicle_height / 2};
  pedicle_.u = canal_.a + pedicle_.section.a;
  pedicle_.v = half_height_ - kPedicleDrop * d.body_height - pedicle_.section.b;
  pedicle_.begin = canal_y_ - d.lamina_thickness;
  pedicle_.end = outer_.cut + kPedicleReach * outer_.b;
  const double medial = d.pedicle_wall_medial, lateral = d.pedicle_wall_lateral;
  const double mean = (medial + lateral) / 2;
  pedicle_inside_ = pedicle_;
  pedicle_inside_.section = {pedicle_.section.a - mean, pedicle_.section.b - mean};
  pedicle_inside_.u += (medial - lateral) / 2;
  pedicle_inside_.begin += mean;
  pedicle_inside_.end -= mean;
}

void VertebraShape::build_arch() {
  const VertebraDimensions& d = input_.dimensions;
  const double t = d.arch_cortex, lamina = d.lamina_thickness;
  lamina_ = {canal_y_,
             -half_height_,
             pedicle_.v + pedicle_.section.b / 2,
             canal_,
             {canal_.a + lamina, canal_.b + lamina}};
  lamina_inside_ = {lamina_.y_front - t,
                    lamina_.z_min + t,
                    lamina_.z_max - t,
                    {canal_.a + t, canal_.b + t},
                    {lamina_.outside.a - t, lamina_.outside.b - t}};
  const double back = canal_y_ - canal_.b, low = -(0.5 + kSpinousDrop) * d.body_height;
  spinous_ = {d.spinous_thickness / 2, back - lamina - d.spinous_length, back - lamina / 2, low,
              low + d.spinous_height_ratio * d.body_height};
  spinous_inside_ = {spinous_.half_width - t, spinous_.y_min + t, spinous_.y_max - t,
                     spinous_.z_min + t, spinous_.z_max - t};
  transverse_.u = canal_y_ - lamina / 2;
  transverse_.v = pedicle_.v;
  transverse_.section = {d.transverse_thickness / 2, d.transverse_height / 2};
  transverse_.begin = canal_.a + lamina / 2;
  transverse_.end = canal_.a + std::max(d.pedicle_width, lamina) + d.transverse_length;
  transverse_inside_ = transverse_;
  transverse_inside_.section = {transverse_.section.a - t, transverse_.section.b - t};
  transverse_inside_.begin += t;
  transverse_inside_.end -= t;
}

// The root leaves the sac, runs down and out, and its fat touches the pedicle from below and the
// plane of the posterior wall from behind.
void VertebraShape::build_roots() {
  const VertebraDimensions& d = input_.dimensions;
  root_.radius = d.root_diameter / 2;
  root_.fat = d.root_fat;
  root_.sine = std::sin(d.root_angle);
  root_.cosine = std::cos(d.root_angle);
  const double reach = root_.radius + root_.fat;
  // Distance from the pedicle's centre to its tangent that runs along the root.
  const double tangent =
      std::hypot(pedicle_.section.a * root_.cosine, pedicle_.section.b * root_.sine);
  root_.x = pedicle_.u - root_.cosine * (tangent + reach);
  root_.y = outer_.cut - reach;
  const double z = pedicle_.v - root_.sine * (tangent + reach);
  root_.z = {z, input_.neighbours[0] + z, input_.neighbours[1] + z};
  root_.begin = -root_.x / root_.sine;
  const double end = pedicle_.u + pedicle_.section.a + kRootReach * d.body_width;
  root_.end = (end - root_.x) / root_.sine;
}

void VertebraShape::build_vessels() {
  const VertebraDimensions& d = input_.dimensions;
  psoas_radius_ = std::sqrt(d.psoas_area / kPi);
  psoas_x_ = d.body_width / 2 + d.vessel_gap + psoas_radius_;
  psoas_y_ = -d.body_depth / 4;
  vessel_y_ = d.body_depth / 2 + d.vessel_gap;
  aorta_radius_ = d.aorta_diameter / 2;
  aorta_x_ = -(aorta_radius_ + d.vessel_gap / 2);
  cava_ = {d.vena_cava_width / 2, d.vena_cava_depth / 2};
  cava_x_ = cava_.a + d.vessel_gap / 2;
}

double VertebraShape::lesion_reach() const {
  return inner_.cut - (input_.lesion.center[1] - input_.lesion.radius);
}

BoundingBox VertebraShape::bounds() const { return box_; }

// Sufficient, not necessary: the sphere's bounding square lies in the ellipse.
bool VertebraShape::lesion_inside_body() const {
  const VertebraLesion& l = input_.lesion;
  const double u = (std::abs(l.center[0]) + l.radius) / inner_.a;
  const double v = (std::abs(l.center[1] - inner_.y0) + l.radius) / inner_.b;
  return u * u + v * v <= 1 && l.center[1] - l.radius >= inner_.cut &&
         std::abs(l.center[2]) + l.radius <= inner_half_height_;
}

bool VertebraShape::has(VertebraPart part) const {
  const double above = half_length_ - half_height_ - input_.disc_above;
  const double below = half_length_ - half_height_ - input_.dimensions.disc_below;
  switch (part) {
    case VertebraPart::lesion:
      return input_.lesion.present;
    case VertebraPart::spinal_cord:
      return half_length_ > input_.conus_tip;
    case VertebraPart::cauda_equina:
      return -half_length_ < input_.conus_begin;
    case VertebraPart::adjacent_cortex:
      return std::max(above, below) > 0;
    case VertebraPart::adjacent_cancellous:
      return std::max(above, below) > input_.dimensions.end_plate;
    case VertebraPart::psoas:
      return psoas_radius_ > 0;
    case VertebraPart::aorta:
      return aorta_radius_ > 0;
    case VertebraPart::vena_cava:
      return cava_.a > 0;
    default:
      return true;
  }
}

// Full section above the beginning of the conus, then a cone to its tip.
double VertebraShape::cord_volume() const {
  const double begin = input_.conus_begin, tip = input_.conus_tip;
  const double low = std::max(tip, -half_length_), high = std::min(begin, half_length_);
  double volume = cord_.area() * (half_length_ - std::min(half_length_, std::max(begin, low)));
  if (high > low) {
    const double s0 = (low - tip) / (begin - tip), s1 = (high - tip) / (begin - tip);
    volume += cord_.area() * (begin - tip) / 3 * (s1 * s1 * s1 - s0 * s0 * s0);
  }
  return volume;
}

// Cord and cauda equina together; the cone lies within the ellipse of the cauda equina.
double VertebraShape::neural_volume() const {
  if (cord_.a > cauda_.a || cord_.b > cauda_.b) return kNaN;
  const double begin = std::clamp(input_.conus_begin, -half_length_, half_length_);
  return cord_.area() * (half_length_ - begin) + cauda_.area() * (begin + half_length_);
}

double VertebraShape::column_volume(VertebraPart part) const {
  const double plate = input_.dimensions.end_plate;
  if (part == VertebraPart::disc_above) return outer_.area() * input_.disc_above;
  if (part == VertebraPart::disc_below) return outer_.area() * input_.dimensions.disc_below;
  double cortex = 0, marrow = 0;
  for (const double disc : {input_.disc_above, input_.dimensions.disc_below}) {
    const double length = std::max(0., half_length_ - half_height_ - disc);
    const double inside = std::max(0., length - plate) * inner_.area();
    marrow += inside;
    cortex += length * outer_.area() - inside;
  }
  return part == VertebraPart::adjacent_cortex ? cortex : marrow;
}

double VertebraShape::volume(VertebraPart part) const {
  if (!has(part)) return 0;
  const VertebraLesion& l = input_.lesion;
  const bool whole = l.present && lesion_inside_body();
  const double ball = 4. / 3. * kPi * l.radius * l.radius * l.radius;
  switch (part) {
    case VertebraPart::cancellous_bone:
      if (l.present && !whole) return kNaN;
      return inner_.area() * 2 * inner_half_height_ - (l.present ? ball : 0);
    case VertebraPart::lesion:
      return whole ? ball : kNaN;
    case VertebraPart::upper_end_plate:
    case VertebraPart::lower_end_plate:
      return outer_.area() * input_.dimensions.end_plate;
    case VertebraPart::dura:
      return (dura_.area() - sac_.area()) * input_.length;
    case VertebraPart::spinal_cord:
      return cord_volume();
    case VertebraPart::cauda_equina:
      return neural_volume() - cord_volume();
    case VertebraPart::csf:
      return sac_.area() * input_.length - neural_volume();
    case VertebraPart::disc_above:
    case VertebraPart::disc_below:
    case VertebraPart::adjacent_cortex:
    case VertebraPart::adjacent_cancellous:
      return column_volume(part);
    case VertebraPart::aorta:
      return kPi * aorta_radius_ * aorta_radius_ * input_.length;
    case VertebraPart::vena_cava:
      return cava_.area() * input_.length;
    default:
      return kNaN;
  }
}

}  // namespace thermodose
