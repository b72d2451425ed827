// A liver lesion beside a hepatic vein.
// Implements: registry "anatomy", entry "liver_vein": an ellipsoid and a vein with wall, straight,
// with one branch on request. The liver itself is the background of the case.
// Local frame: origin in the centre of the lesion; the vein runs along z and passes at x > 0, y = 0
// with the stated gap between the surface of the lesion and the outside of its wall. A branch
// leaves it in the plane x = const, towards y > 0 and z > 0, so that it keeps that gap, too.
// Walls are unions of cylinders minus unions of lumina.
#include <algorithm>
#include <cmath>
#include <optional>

#include "base/registry.h"
#include "base/text.h"
#include "geometry/vertebra_placed.h"

namespace thermodose {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kDefaultWall = 0.5e-3;

enum LiverPart { kLesion, kVein, kWall };

class LiverVein : public PlacedAnatomy {
 public:
  void keys(Keys& k) override {
    placement_keys(k, "Centre of the lesion");
    k.section(key("lesion", "", "The tumour."), nullptr, [this](Keys& l) {
      l.real(key("diameter", "mm", "Diameter of a spherical tumour.").positive().optional(),
             diameter_);
      l.point(key("semi_axes", "mm", "Half lengths of an ellipsoidal tumour along x, y and z.")
                  .positive()
                  .optional(),
              semi_axes_);
      l.text(key("tissue", "", "Material of the tumour.").optional(), tissue_);
    });
    k.section(key("vein", "", "The hepatic vein."), nullptr, [this](Keys& v) {
      v.real(key("diameter", "mm", "Inner diameter.").positive(), vein_diameter_);
      v.real(key("wall", "mm", "Thickness of the wall.")
                 .positive()
                 .source("unverified: assumed")
                 .optional(),
             wall_);
      v.real(key("distance", "mm", "Gap between the tumour and the outside of the wall.")
                 .range(0, 100),
             distance_);
      v.real(key("length", "mm", "Length of the modelled piece, centred on the tumour.")
                 .positive()
                 .optional(),
             length_);
    });
    k.section(key("branch", "", "A branch of the vein.").optional(), &branched_, [this](Keys& b) {
      b.real(key("diameter", "mm", "Inner diameter, no larger than the vein's.").positive(),
             branch_diameter_);
      b.real(key("angle", "deg", "Angle between the branch and the vein.").range(10, 170), angle_);
      b.real(key("at", "mm", "Height along the vein at which the axes meet, 0 beside the tumour.")
                 .range(-200, 200)
                 .optional(),
             at_);
      b.real(key("length", "mm", "Length from the axis of the vein.").positive(), branch_length_);
    });
  }

  std::vector<std::string> check() const override {
    std::vector<std::string> problems;
    if (diameter_.has_value() == semi_axes_.has_value()) {
      problems.emplace_back("lesion.diameter: expected either diameter or semi_axes");
    }
    if (!branched_) return problems;
    if (branch_diameter_ > vein_diameter_) {
      problems.push_back("branch.diameter: found " + text::number(branch_diameter_ * 1e3) +
                         " mm, expected no more than the vein's " +
                         text::number(vein_diameter_ * 1e3) + " mm");
    }
    if (std::abs(at_) > length_ / 2) {
      problems.push_back("branch.at: found " + text::number(at_ * 1e3) + " mm, the vein ends at " +
                         text::number(length_ / 2 * 1e3) + " mm");
    }
    return problems;
  }

  void prepare(const AnatomyContext& /*context*/) override {
    const double r = diameter_.value_or(0) / 2;
    axes_ = semi_axes_.value_or(Vec3{r, r, r});
    radius_ = vein_diameter_ / 2;
    x_ = axes_[0] + distance_ + wall_ + radius_;
    branch_ = {0, std::sin(angle_), std::cos(angle_)};
    const double nan = std::nan(""), outer = radius_ + wall_;
    const double lumen = kPi * radius_ * radius_ * length_;
    const double both = kPi * outer * outer * length_;
    parts_ = {{"lesion", tissue_, 4. / 3. * kPi * axes_[0] * axes_[1] * axes_[2]},
              {"hepatic_vein", "blood", branched_ ? nan : lumen},
              {"vein_wall", "blood_vessel_wall", branched_ ? nan : both - lumen}};
    caveats_.clear();
    if (wall_ == kDefaultWall) {
      caveats_.emplace_back(
          "liver_vein: no published text was found for the wall of 0.5 mm; state vein.wall");
    }
    place_in(local_box(outer));
  }

 protected:
  int local_part(const Vec3& p) const override {
    double sum = 0;
    for (int i = 0; i < 3; ++i) sum += (p[i] / axes_[i]) * (p[i] / axes_[i]);
    if (sum <= 1) return kLesion;
    const Vec3 q{p[0] - x_, p[1], p[2]};
    if (in_vessels(q, 0)) return kVein;
    return in_vessels(q, wall_) ? kWall : -1;
  }

 private:
  /// Whether a point, seen from the vein, lies in the union of the tubes widened by `more`.
  bool in_vessels(const Vec3& q, double more) const {
    const double r = radius_ + more;
    if (std::abs(q[2]) <= length_ / 2 && q[0] * q[0] + q[1] * q[1] <= r * r) return true;
    if (!branched_) return false;
    const Vec3 d{q[0], q[1], q[2] - at_};
    const double along = dot(d, branch_), b = branch_diameter_ / 2 + more;
    return along >= 0 && along <= branch_length_ && dot(d, d) - along * along <= b * b;
  }

  BoundingBox local_box(double outer) const {
    BoundingBox box{{-axes_[0], -axes_[1], -axes_[2]}, axes_};
    const auto hold = [&box](const Vec3& p, const Vec3& half) {
      for (int i = 0; i < 3; ++i) {
        box.lower[i] = std::min(box.lower[i], p[i] - half[i]);
        box.upper[i] = std::max(box.upper[i], p[i] + half[i]);
      }
    };
    hold({x_, 0, 0}, {outer, outer, length_ / 2});
    if (branched_) {
      const double b = branch_diameter_ / 2 + wall_;
      hold(Vec3{x_, 0, at_} + branch_length_ * branch_,
           {b, b * std::abs(branch_[2]), b * std::abs(branch_[1])});
      hold({x_, 0, at_}, {b, b * std::abs(branch_[2]), b * std::abs(branch_[1])});
    }
    return box;
  }

  std::optional<double> diameter_;
  std::optional<Vec3> semi_axes_;
  std::string tissue_ = "liver_tumour";
  double vein_diameter_ = 0, wall_ = kDefaultWall, distance_ = 0, length_ = 0.08;
  bool branched_ = false;
  double branch_diameter_ = 0, angle_ = 0, at_ = 0, branch_length_ = 0;

  Vec3 axes_{}, branch_{};
  double radius_ = 0, x_ = 0;
};

}  // namespace

THERMODOSE_REGISTER("anatomy", "liver_vein", LiverVein,
                    "Spherical or ellipsoidal liver lesion at a stated gap from a hepatic vein "
                    "with wall, with a branch on request.");

}  // namespace thermodose
