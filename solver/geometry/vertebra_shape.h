// The solids of a parametric vertebra and what surrounds it.
// Implements: which part owns a point, as unions of elliptic cylinders, cut ellipses and boxes.
// Bone is (union of outers); its cancellous inside is (union of inners), each inner lying within
// its outer by the thickness of the cortex, so that cortex closes around it wherever bones meet.
//
// Local frame: origin in the centre of the body, x to the patient's right, y anterior, z cranial
// (RAS, the world frame of medical images). SI. Two ellipses whose semi-axes differ by t stand for
// a layer of thickness t: exactly t on the axes, down to 0.95 t along the normal between them.
#pragma once

#include <array>
#include <vector>

#include "base/bounded.h"
#include "geometry/vertebra_table.h"

namespace thermodose {

enum class VertebraPart {
  cancellous_bone,
  cortical_shell,
  posterior_wall,
  upper_end_plate,
  lower_end_plate,
  pedicle_cancellous,
  pedicle_cortex,
  arch_cancellous,
  arch_cortex,
  lesion,
  epidural_fat,
  dura,
  csf,
  spinal_cord,
  cauda_equina,
  nerve_roots,
  foraminal_fat,
  disc_above,
  disc_below,
  adjacent_cancellous,
  adjacent_cortex,
  psoas,
  aorta,
  vena_cava,
  count
};
inline constexpr int kVertebraParts = int(VertebraPart::count);

/// A tumour inside the bone. Local frame, SI.
struct VertebraLesion {
  bool present = false;
  Vec3 center{};
  double radius = 0;
  double defect_radius = 0;  ///< round hole in the posterior wall behind the centre; 0 = none
};

/// Everything that decides the shape.
struct VertebraInput {
  VertebraDimensions dimensions;
  double disc_above = 0;
  /// Heights of the upper end plate of L1 and of the tip of the conus above the body's centre.
  double conus_begin = 0, conus_tip = 0;
  /// Centre of the vertebra above and below, above the body's centre: their roots are drawn, too.
  std::array<double, 2> neighbours{};
  double length = 0;  ///< of the modelled column along z, centred on the body
  VertebraLesion lesion;
};

class VertebraShape {
 public:
  VertebraShape() = default;
  explicit VertebraShape(const VertebraInput& input);

  /// A VertebraPart as a number, or -1 outside all of them. Thread-safe.
  int part(const Vec3& p) const;
  /// Whether the part has any points.
  bool has(VertebraPart part) const;
  /// Exact volume in m3; NaN when no closed form is known.
  double volume(VertebraPart part) const;
  BoundingBox bounds() const;

  /// Lesion and wall: how far the sphere reaches into the posterior wall, m; negative = short of.
  double lesion_reach() const;
  /// The plane y = ... between bone and canal.
  double canal_front() const { return -input_.dimensions.body_depth / 2; }

 private:
  /// (x/a)^2 + ((y - y0)/b)^2 <= 1 and y >= cut.
  struct CutEllipse {
    double a = 0, b = 0, y0 = 0, cut = 0;
    bool contains(double x, double y) const;
    double area() const;
  };
  /// (u/a)^2 + (v/b)^2 <= 1
  struct Ellipse {
    double a = 0, b = 0;
    bool contains(double u, double v) const {
      return u * u * b * b + v * v * a * a <= a * a * b * b;
    }
    double area() const;
  };
  /// Elliptic cylinder along y (pedicle) or x (transverse process), with its inside.
  struct Strut {
    double u = 0, v = 0;  ///< centre of the section
    Ellipse section;
    double begin = 0, end = 0;  ///< along the axis
    bool contains(double cu, double cv, double along) const {
      return along >= begin && along <= end && section.contains(cu - u, cv - v);
    }
  };
  /// |x| <= half_width, [y_min, y_max], [z_min, z_max]
  struct Box {
    double half_width = 0, y_min = 0, y_max = 0, z_min = 0, z_max = 0;
    bool contains(double ax, double y, double z) const {
      return ax <= half_width && y >= y_min && y <= y_max && z >= z_min && z <= z_max;
    }
  };
  /// Half ring behind the canal: between two ellipses about (0, y_center).
  struct Ring {
    double y_front = 0, z_min = 0, z_max = 0;
    Ellipse inside, outside;
  };

  void build_body();
  void build_pedicle();
  void build_arch();
  void build_canal();
  void build_roots();
  void build_vessels();

  bool in_canal(double ax, double y) const;
  bool in_ring(const Ring& ring, double ax, double y, double z) const;
  int canal_part(const Vec3& p, double ax) const;
  int neural_part(const Vec3& p, double ax) const;
  int column_part(const Vec3& p, double ax) const;
  int arch_part(const Vec3& p, double ax) const;
  int beside_part(const Vec3& p, double ax) const;
  int interior(const Vec3& p, VertebraPart bone) const;
  bool in_defect(const Vec3& p) const;
  /// Distance to the axis of the nearest root, infinity beyond its ends.
  double root_distance(double ax, double y, double z) const;
  bool lesion_inside_body() const;
  double cord_volume() const;
  double neural_volume() const;
  double column_volume(VertebraPart part) const;

  VertebraInput input_;
  double half_length_ = 0, half_height_ = 0, inner_half_height_ = 0;
  CutEllipse outer_, inner_;
  Strut pedicle_, pedicle_inside_, transverse_, transverse_inside_;
  Box spinous_, spinous_inside_;
  Ring lamina_, lamina_inside_;
  double canal_y_ = 0;  ///< where the arched back half of the canal begins
  Ellipse canal_, dura_, sac_, cord_, cauda_;
  double dura_y_ = 0;
  struct Root {
    double x = 0, y = 0, sine = 0, cosine = 0, radius = 0, fat = 0, begin = 0, end = 0;
    std::array<double, 3> z{};  ///< this level's, the one above, the one below
  } root_;
  double psoas_x_ = 0, psoas_y_ = 0, psoas_radius_ = 0;
  double vessel_y_ = 0, aorta_x_ = 0, aorta_radius_ = 0, cava_x_ = 0;
  Ellipse cava_;
  BoundingBox box_{};
};

}  // namespace thermodose
