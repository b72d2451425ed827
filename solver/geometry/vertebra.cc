// A vertebra from T10 to L5 with what lies around it.
// Implements: registry "anatomy", entry "vertebra": keys, table of dimensions -> VertebraShape.
// Local frame: origin in the centre of the vertebral body, x to the patient's right, y anterior,
// z cranial. Drawing, dimensions, simplifications: docs/vertebra.md; sources: meshes/SOURCES.md.
#include <algorithm>
#include <optional>

#include "base/registry.h"
#include "base/text.h"
#include "geometry/vertebra_placed.h"
#include "geometry/vertebra_shape.h"
#include "geometry/vertebra_sheet.h"

namespace thermodose {

namespace {

struct PartInfo {
  VertebraPart part;
  const char* name;
  const char* tissue;  ///< the lesion's is a key
};

constexpr PartInfo kParts[] = {
    {VertebraPart::cancellous_bone, "cancellous_bone", "bone_cancellous"},
    {VertebraPart::cortical_shell, "cortical_shell", "vertebra_cortical"},
    {VertebraPart::posterior_wall, "posterior_wall", "vertebra_cortical"},
    {VertebraPart::upper_end_plate, "upper_end_plate", "vertebra_cortical"},
    {VertebraPart::lower_end_plate, "lower_end_plate", "vertebra_cortical"},
    {VertebraPart::pedicle_cancellous, "pedicle_cancellous", "bone_cancellous"},
    {VertebraPart::pedicle_cortex, "pedicle_cortex", "vertebra_cortical"},
    {VertebraPart::arch_cancellous, "arch_cancellous", "bone_cancellous"},
    {VertebraPart::arch_cortex, "arch_cortex", "vertebra_cortical"},
    {VertebraPart::lesion, "lesion", ""},
    {VertebraPart::epidural_fat, "epidural_fat", "fat"},
    {VertebraPart::dura, "dura", "dura"},
    {VertebraPart::csf, "csf", "cerebrospinal_fluid"},
    {VertebraPart::spinal_cord, "spinal_cord", "spinal_cord"},
    {VertebraPart::cauda_equina, "cauda_equina", "nerve"},
    {VertebraPart::nerve_roots, "nerve_roots", "nerve"},
    {VertebraPart::foraminal_fat, "foraminal_fat", "fat"},
    {VertebraPart::disc_above, "disc_above", "intervertebral_disc"},
    {VertebraPart::disc_below, "disc_below", "intervertebral_disc"},
    {VertebraPart::adjacent_cancellous, "adjacent_cancellous", "bone_cancellous"},
    {VertebraPart::adjacent_cortex, "adjacent_cortex", "vertebra_cortical"},
    {VertebraPart::psoas, "psoas", "muscle"},
    {VertebraPart::aorta, "aorta", "blood"},
    {VertebraPart::vena_cava, "vena_cava", "blood"},
};

/// Every length times s, every area times s^2.
VertebraDimensions scaled(VertebraDimensions d, double s) {
  for (const auto& quantity : vertebra_quantities()) {
    const std::string unit = quantity.unit;
    if (unit == "mm") d.*quantity.member *= s;
    if (unit == "cm2") d.*quantity.member *= s * s;
  }
  return d;
}

class Vertebra : public PlacedAnatomy {
 public:
  void keys(Keys& k) override {
    k.text(key("level", "", "Which vertebra.").one_of(vertebra_levels()), level_);
    placement_keys(k, "Centre of the vertebral body");
    k.real(key("scale", "1",
               "Factor on every length of the table of dimensions; women's end plates are 0.93 "
               "times as wide as men's.")
               .range(0.5, 1.5)
               .source("meshes/SOURCES.md [yadav2020]")
               .optional(),
           scale_);
    k.real(key("length", "mm", "Extent of canal, muscles and vessels along the spine.")
               .range(40, 400)
               .optional(),
           length_);
    k.section(key("lesion", "", "A tumour inside the bone.").optional(), &lesion_.present,
              [this](Keys& l) { lesion_keys(l); });
  }
  std::vector<std::string> check() const override;
  void prepare(const AnatomyContext& context) override;

 protected:
  int local_part(const Vec3& p) const override {
    const int part = shape_.part(p);
    return part < 0 ? part : index_[part];
  }

 private:
  void lesion_keys(Keys& k);
  VertebraInput input(const VertebraTable& table, std::size_t level) const;
  void check_shape(const VertebraInput& input, const std::string& file) const;
  std::string lesion_tissue() const;
  void list_parts();
  void list_caveats(const std::vector<std::string>& unverified);

  std::string level_;
  double scale_ = 1, length_ = 0.09;
  VertebraLesion lesion_;
  double lesion_diameter_ = 0;
  std::string lesion_kind_ = "lytic", lesion_tissue_;
  bool wall_defect_ = false;
  std::optional<double> defect_diameter_;

  VertebraShape shape_;
  std::array<int, kVertebraParts> index_{};
};

void Vertebra::lesion_keys(Keys& k) {
  k.point(key("center", "mm", "Centre of the tumour from the centre of the vertebral body."),
          lesion_.center);
  k.real(key("diameter", "mm", "Diameter of the tumour.").positive(), lesion_diameter_);
  k.text(key("kind", "", "lytic: soft tumour instead of bone; sclerotic: dense bone.")
             .one_of({"lytic", "sclerotic"})
             .optional(),
         lesion_kind_);
  k.text(key("tissue", "",
             "Material of the tumour; liver_tumour (lytic) or bone_cortical (sclerotic) when not "
             "given.")
             .optional(),
         lesion_tissue_);
  k.flag(key("posterior_wall_defect", "",
             "Whether the tumour has opened the wall between the body and the canal.")
             .optional(),
         wall_defect_);
  k.real(key("defect_diameter", "mm",
             "Diameter of the round hole in the posterior wall; half the tumour's when not given.")
             .positive()
             .optional(),
         defect_diameter_);
}

std::vector<std::string> Vertebra::check() const {
  std::vector<std::string> problems;
  if (!lesion_.present) return problems;
  if (defect_diameter_ && !wall_defect_) {
    problems.emplace_back(
        "lesion.defect_diameter: there is no hole without posterior_wall_defect: true");
  }
  if (defect_diameter_ && *defect_diameter_ > lesion_diameter_) {
    problems.push_back("lesion.defect_diameter: found " + text::number(*defect_diameter_ * 1e3) +
                       " mm, expected no more than the tumour's " +
                       text::number(lesion_diameter_ * 1e3) + " mm");
  }
  return problems;
}

VertebraInput Vertebra::input(const VertebraTable& table, std::size_t level) const {
  const std::size_t l1 = 3, last = table.levels.size() - 1;
  VertebraInput in;
  in.dimensions = scaled(table.levels[level], scale_);
  in.disc_above = scale_ * table.disc_above(level);
  in.length = length_;
  in.lesion = lesion_;
  in.lesion.radius = lesion_diameter_ / 2;
  in.lesion.defect_radius = wall_defect_ ? defect_diameter_.value_or(lesion_diameter_ / 2) / 2 : 0;
  // The conus begins at the top of L1 and ends in the middle of its lower third [saifuddin1998].
  const double center = -scale_ * table.centre_distance(level, l1);
  const double height = scale_ * table.levels[l1].body_height;
  in.conus_begin = center + height / 2;
  in.conus_tip = center - height / 3;
  // Neighbours beyond the table are taken to be as far away as the ones that are in it.
  const double up =
      table.centre_distance(level == 0 ? 0 : level - 1, std::max<std::size_t>(level, 1));
  const double down =
      table.centre_distance(std::min(level, last - 1), std::min(level, last - 1) + 1);
  in.neighbours = {scale_ * up, -scale_ * down};
  return in;
}

void Vertebra::check_shape(const VertebraInput& in, const std::string& file) const {
  std::vector<Problem> problems;
  const VertebraDimensions& d = in.dimensions;
  const auto need = [&](const std::string& quantity, bool good, const std::string& message) {
    if (!good) problems.push_back({file, 0, level_ + "." + quantity, message});
  };
  const double wall = d.pedicle_wall_medial + d.pedicle_wall_lateral;
  need("pedicle_width", std::min(d.pedicle_width, d.pedicle_height) > wall,
       "the walls fill the pedicle");
  need("arch_cortex",
       2 * d.arch_cortex < std::min({d.lamina_thickness, d.spinous_thickness, d.transverse_height,
                                     d.transverse_thickness}),
       "the cortex fills lamina or processes");
  need("cortical_shell",
       2 * std::max({d.cortical_shell, d.posterior_wall, d.end_plate}) <
           std::min({d.body_width, d.body_depth, d.body_height}) / 2,
       "the shell fills the body");
  need("cord_width",
       d.cord_width < d.canal_width - 2 * (d.epidural_lateral + d.dura_thickness) &&
           d.cord_depth <
               d.canal_depth - d.epidural_anterior - d.epidural_posterior - 2 * d.dura_thickness,
       "the cord does not fit into the dural sac");
  const double column = d.body_height + 2 * std::max(in.disc_above, d.disc_below);
  if (in.length < column) {
    problems.push_back({"", 0, "length",
                        "found " + text::number(in.length * 1e3) + " mm, expected at least the " +
                            text::number(column * 1e3) + " mm of the body and its discs"});
  }
  if (wall_defect_ && lesion_.present && VertebraShape(in).lesion_reach() <= 0) {
    problems.push_back({"", 0, "lesion.posterior_wall_defect",
                        "the tumour ends " + text::number(-VertebraShape(in).lesion_reach() * 1e3) +
                            " mm in front of the posterior wall: it cannot have opened it"});
  }
  if (!problems.empty()) throw InputError(problems);
}

std::string Vertebra::lesion_tissue() const {
  if (!lesion_tissue_.empty()) return lesion_tissue_;
  return lesion_kind_ == "lytic" ? "liver_tumour" : "bone_cortical";
}

void Vertebra::list_parts() {
  index_.fill(-1);
  parts_.clear();
  for (const PartInfo& info : kParts) {
    if (!shape_.has(info.part)) continue;
    index_[int(info.part)] = int(parts_.size());
    const bool lesion = info.part == VertebraPart::lesion;
    parts_.push_back({info.name, lesion ? lesion_tissue() : info.tissue, shape_.volume(info.part)});
  }
}

void Vertebra::list_caveats(const std::vector<std::string>& unverified) {
  caveats_.clear();
  if (!unverified.empty()) {
    caveats_.push_back("vertebra " + level_ + ": no published text was found for its " +
                       text::join(unverified, ", ") + "; see meshes/thoracolumbar.yaml");
  }
  if (lesion_.present && lesion_tissue_.empty()) {
    caveats_.push_back("vertebra " + level_ + ": the library has no tumour of the spine; " +
                       lesion_tissue() + " stands for the " + lesion_kind_ + " lesion");
  }
}

void Vertebra::prepare(const AnatomyContext& context) {
  const std::string file = shipped_file(context.library, "thoracolumbar.yaml");
  const VertebraTable table = read_vertebra_table(file);
  const auto& levels = vertebra_levels();
  const auto level = std::size_t(std::find(levels.begin(), levels.end(), level_) - levels.begin());
  const VertebraInput in = input(table, level);
  check_shape(in, file);
  shape_ = VertebraShape(in);
  list_parts();
  list_caveats(table.unverified[level]);
  place_in(shape_.bounds());
}

}  // namespace

THERMODOSE_REGISTER(
    "anatomy", "vertebra", Vertebra,
    "Vertebra T10 to L5 with cortex, pedicles, arch, canal (fat, dura, fluid, cord "
    "or cauda equina), nerve roots, discs, psoas, aorta and vena cava, and a lesion "
    "on request; dimensions from published morphometry (docs/vertebra.md).");

}  // namespace thermodose
