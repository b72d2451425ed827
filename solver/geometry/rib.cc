// A piece of a rib with the muscles above and below it, the pleura and the lung.
// Implements: registry "anatomy", entry "rib". In coordinates along the rib,
//   s = R atan2(x, y + R), r = hypot(x, y + R) - R,
// the rib is the elliptic section (2r/width)^2 + (2z/height)^2 <= 1 for |s| <= length/2, its
// marrow the same with every half axis and both ends shorter by the cortex. The muscles fill the
// rest of |r| <= width/2 up to `intercostal_space` above and below the rib, the pleura and the lung
// follow on the concave side. Volumes: area of the section times length (Pappus, Guldin).
// Local frame: origin in the middle of the rib, x along it, y outwards from the lung, z cranial.
#include <algorithm>
#include <cmath>

#include "base/registry.h"
#include "base/text.h"
#include "geometry/vertebra_placed.h"

namespace thermodose {

namespace {

constexpr double kPi = 3.14159265358979323846;

enum RibPart { kMarrow, kCortex, kMuscle, kPleura, kLung, kLesion };

class Rib : public PlacedAnatomy {
 public:
  void keys(Keys& k) override {
    placement_keys(k, "Middle of the rib");
    const std::string assumed = "unverified: assumed";
    k.real(key("length", "mm", "Length of the piece along its middle line.").positive().optional(),
           length_);
    k.real(key("curvature_radius", "mm", "Radius of the middle line.")
               .range(20, 1000)
               .source(assumed)
               .optional(),
           radius_);
    k.real(key("width", "mm", "Thickness of the rib from the lung to the skin.")
               .positive()
               .source(assumed)
               .optional(),
           width_);
    k.real(key("height", "mm", "Height of the rib.").positive().source(assumed).optional(),
           height_);
    k.real(key("cortex", "mm", "Thickness of the cortex.")
               .positive()
               .source("unverified: assumed, below the mid-rib maximum of 1.4 mm "
                       "(meshes/SOURCES.md [holcombe2019])")
               .optional(),
           cortex_);
    k.real(key("intercostal_space", "mm", "Height of the muscle above and below the rib.")
               .positive()
               .source(assumed)
               .optional(),
           space_);
    k.real(key("pleura", "mm", "Thickness of the pleura.").positive().source(assumed).optional(),
           pleura_);
    k.real(key("lung", "mm", "Depth of the modelled lung.").positive().optional(), lung_);
    k.section(key("lesion", "", "A tumour in the rib.").optional(), &lesioned_, [this](Keys& l) {
      l.point(key("center", "mm", "Centre of the tumour from the middle of the rib."), center_);
      l.real(key("diameter", "mm", "Diameter of the tumour.").positive(), diameter_);
      l.flag(key("breaks_cortex", "", "Whether it replaces the cortex that it reaches.").optional(),
             breaks_cortex_);
      l.text(key("tissue", "", "Material of the tumour.").optional(), tissue_);
    });
  }

  std::vector<std::string> check() const override {
    std::vector<std::string> problems;
    const auto need = [&](bool good, const std::string& message) {
      if (!good) problems.push_back(message);
    };
    need(2 * cortex_ < std::min({width_, height_, length_}),
         "cortex: found " + text::number(cortex_ * 1e3) + " mm on each side of a rib of " +
             text::number(std::min(width_, height_) * 1e3) + " mm: no marrow is left");
    need(width_ / 2 + pleura_ + lung_ < radius_,
         "lung: rib, pleura and lung together are deeper than the curvature_radius");
    need(length_ < kPi * radius_, "length: the piece is longer than half a circle");
    return problems;
  }

  void prepare(const AnatomyContext& context) override;

 protected:
  int local_part(const Vec3& p) const override {
    const double s = radius_ * std::atan2(p[0], p[1] + radius_);
    const double r = std::hypot(p[0], p[1] + radius_) - radius_;
    const double half = length_ / 2, az = std::abs(p[2]);
    if (std::abs(s) > half || r > width_ / 2 || az > height_ / 2 + space_) return -1;
    if (r < -width_ / 2) {
      const double depth = -width_ / 2 - r;
      if (depth <= pleura_) return kPleura;
      return depth <= pleura_ + lung_ ? kLung : -1;
    }
    if (!in_section(r, az, 0)) return kMuscle;
    const bool marrow = std::abs(s) <= half - cortex_ && in_section(r, az, cortex_);
    if (lesioned_ && (marrow || breaks_cortex_)) {
      const Vec3 d = p - center_;
      if (dot(d, d) <= diameter_ * diameter_ / 4) return kLesion;
    }
    return marrow ? kMarrow : kCortex;
  }

 private:
  bool in_section(double r, double z, double less) const {
    const double a = width_ / 2 - less, b = height_ / 2 - less;
    return r * r * b * b + z * z * a * a <= a * a * b * b;
  }
  void list_parts();
  void list_caveats();

  double length_ = 0.08, radius_ = 0.11, width_ = 0.007, height_ = 0.013, cortex_ = 0.001;
  double space_ = 0.015, pleura_ = 0.0003, lung_ = 0.02;
  bool lesioned_ = false, breaks_cortex_ = false;
  Vec3 center_{};
  double diameter_ = 0;
  std::string tissue_;
};

void Rib::list_parts() {
  const double nan = std::nan("");
  const auto section = [this](double less) {
    return kPi * (width_ / 2 - less) * (height_ / 2 - less);
  };
  const double rib = section(0) * length_, marrow = section(cortex_) * (length_ - 2 * cortex_);
  const double tall = height_ + 2 * space_;
  // A shell from depth a to depth b below the rib's concave face.
  const auto shell = [&](double a, double b) {
    const double outer = radius_ - width_ / 2 - a, inner = radius_ - width_ / 2 - b;
    return (outer * outer - inner * inner) / 2 * (length_ / radius_) * tall;
  };
  parts_ = {{"rib_marrow", "bone_marrow_red", lesioned_ ? nan : marrow},
            {"rib_cortex", "bone_cortical", lesioned_ && breaks_cortex_ ? nan : rib - marrow},
            {"intercostal_muscle", "muscle", width_ * tall * length_ - rib},
            {"pleura", "connective_tissue", shell(0, pleura_)},
            {"lung", "lung_inflated", shell(pleura_, pleura_ + lung_)}};
  if (lesioned_) parts_.push_back({"lesion", tissue_.empty() ? "liver_tumour" : tissue_, nan});
}

void Rib::list_caveats() {
  const Rib defaults;
  std::vector<std::string> assumed;
  const auto add = [&](const char* name, double value, double fallback) {
    if (value == fallback) assumed.emplace_back(name);
  };
  add("curvature_radius", radius_, defaults.radius_);
  add("width", width_, defaults.width_);
  add("height", height_, defaults.height_);
  add("cortex", cortex_, defaults.cortex_);
  add("intercostal_space", space_, defaults.space_);
  add("pleura", pleura_, defaults.pleura_);
  caveats_.clear();
  if (!assumed.empty()) {
    caveats_.push_back("rib: no published text was found for the defaults of " +
                       text::join(assumed, ", ") + "; state them");
  }
  if (lesioned_ && tissue_.empty()) {
    caveats_.emplace_back(
        "rib: the library has no tumour of bone; liver_tumour stands for the lesion");
  }
}

void Rib::prepare(const AnatomyContext& /*context*/) {
  list_parts();
  list_caveats();
  const double angle = length_ / 2 / radius_, outer = radius_ + width_ / 2;
  const double inner = radius_ - width_ / 2 - pleura_ - lung_;
  const double half_x = outer * std::sin(std::min(angle, kPi / 2));
  const double half_z = height_ / 2 + space_;
  const double low = std::min(inner * std::cos(angle), outer * std::cos(angle)) - radius_;
  place_in({{-half_x, low, -half_z}, {half_x, outer - radius_, half_z}});
}

}  // namespace

THERMODOSE_REGISTER(
    "anatomy", "rib", Rib,
    "Curved piece of a rib with cortex and marrow, intercostal muscle, pleura, lung "
    "and a lesion on request.");

}  // namespace thermodose
