#include "geometry/vertebra_table.h"

#include <algorithm>

#include "geometry/vertebra_sheet.h"

namespace thermodose {

const std::vector<std::string>& vertebra_levels() {
  static const std::vector<std::string> levels{"T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5"};
  return levels;
}

const std::vector<VertebraQuantity>& vertebra_quantities() {
  using D = VertebraDimensions;
  static const std::vector<VertebraQuantity> quantities{
      {"body_width", "mm", &D::body_width},
      {"body_depth", "mm", &D::body_depth},
      {"body_height", "mm", &D::body_height},
      {"cortical_shell", "mm", &D::cortical_shell},
      {"posterior_wall", "mm", &D::posterior_wall},
      {"end_plate", "mm", &D::end_plate},
      {"disc_below", "mm", &D::disc_below},
      {"pedicle_width", "mm", &D::pedicle_width},
      {"pedicle_height", "mm", &D::pedicle_height},
      {"pedicle_wall_medial", "mm", &D::pedicle_wall_medial},
      {"pedicle_wall_lateral", "mm", &D::pedicle_wall_lateral},
      {"lamina_thickness", "mm", &D::lamina_thickness},
      {"arch_cortex", "mm", &D::arch_cortex},
      {"spinous_length", "mm", &D::spinous_length},
      {"spinous_height_ratio", "1", &D::spinous_height_ratio},
      {"spinous_thickness", "mm", &D::spinous_thickness},
      {"transverse_length", "mm", &D::transverse_length},
      {"transverse_height", "mm", &D::transverse_height},
      {"transverse_thickness", "mm", &D::transverse_thickness},
      {"canal_width", "mm", &D::canal_width},
      {"canal_depth", "mm", &D::canal_depth},
      {"epidural_anterior", "mm", &D::epidural_anterior},
      {"epidural_posterior", "mm", &D::epidural_posterior},
      {"epidural_lateral", "mm", &D::epidural_lateral},
      {"dura_thickness", "mm", &D::dura_thickness},
      {"cord_width", "mm", &D::cord_width},
      {"cord_depth", "mm", &D::cord_depth},
      {"cauda_share", "1", &D::cauda_share},
      {"root_diameter", "mm", &D::root_diameter},
      {"root_angle", "deg", &D::root_angle},
      {"root_fat", "mm", &D::root_fat},
      {"psoas_area", "cm2", &D::psoas_area},
      {"aorta_diameter", "mm", &D::aorta_diameter},
      {"vena_cava_width", "mm", &D::vena_cava_width},
      {"vena_cava_depth", "mm", &D::vena_cava_depth},
      {"vessel_gap", "mm", &D::vessel_gap},
  };
  return quantities;
}

double VertebraTable::disc_above(std::size_t level) const {
  return level == 0 ? disc_above_first : levels[level - 1].disc_below;
}

double VertebraTable::centre_distance(std::size_t from, std::size_t to) const {
  if (from > to) return -centre_distance(to, from);
  double distance = 0;
  for (std::size_t i = from; i < to; ++i) {
    distance += levels[i].body_height / 2 + levels[i].disc_below + levels[i + 1].body_height / 2;
  }
  return distance;
}

VertebraTable read_vertebra_table(const std::string& file) {
  DataSheet sheet(file);
  VertebraTable table;
  std::vector<std::string> known;
  for (const auto& quantity : vertebra_quantities()) known.emplace_back(quantity.name);
  for (const auto& level : vertebra_levels()) {
    VertebraDimensions dimensions;
    std::vector<std::string> unverified;
    for (const auto& quantity : vertebra_quantities()) {
      const bool own = sheet.has(level, quantity.name) || !sheet.has("common", quantity.name);
      const std::string section = own ? level : "common";
      dimensions.*quantity.member = sheet.value(section, quantity.name, quantity.unit);
      if (sheet.source(section, quantity.name).find("unverified") != std::string::npos) {
        unverified.emplace_back(quantity.name);
      }
    }
    table.levels.push_back(dimensions);
    table.unverified.push_back(unverified);
  }
  table.disc_above_first = sheet.value("T9", "disc_below", "mm");
  std::vector<std::string> sections = vertebra_levels();
  sections.insert(sections.begin(), {"common", "T9"});
  sheet.finish(sections, known);
  return table;
}

}  // namespace thermodose
