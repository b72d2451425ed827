// Dimensions of the vertebrae T10 to L5.
// Implements: the quantities of meshes/thoracolumbar.yaml, each declared once, and their reading.
// A number without a published text behind it says "unverified" in its source and gives a caveat.
#pragma once

#include <string>
#include <vector>

namespace thermodose {

/// One level. SI; see docs/vertebra.md for a drawing. 0 means that the structure is not there.
struct VertebraDimensions {
  // body
  double body_width = 0, body_depth = 0, body_height = 0;
  double cortical_shell = 0, posterior_wall = 0, end_plate = 0;
  double disc_below = 0;
  // posterior elements
  double pedicle_width = 0, pedicle_height = 0, pedicle_wall_medial = 0, pedicle_wall_lateral = 0;
  double lamina_thickness = 0, arch_cortex = 0;
  double spinous_length = 0, spinous_height_ratio = 0, spinous_thickness = 0;
  double transverse_length = 0, transverse_height = 0, transverse_thickness = 0;
  // canal
  double canal_width = 0, canal_depth = 0;
  double epidural_anterior = 0, epidural_posterior = 0, epidural_lateral = 0;
  double dura_thickness = 0, cord_width = 0, cord_depth = 0, cauda_share = 0;
  // nerve roots
  double root_diameter = 0, root_angle = 0, root_fat = 0;
  // what lies beside and in front
  double psoas_area = 0, aorta_diameter = 0, vena_cava_width = 0, vena_cava_depth = 0;
  double vessel_gap = 0;
};

/// A quantity of the table: its name in the file, its unit there, its member.
struct VertebraQuantity {
  const char* name;
  const char* unit;
  double VertebraDimensions::*member;
};
const std::vector<VertebraQuantity>& vertebra_quantities();

/// T10, T11, T12, L1, ..., L5: cranial to caudal.
const std::vector<std::string>& vertebra_levels();

/// What the generator needs of the table.
struct VertebraTable {
  std::vector<VertebraDimensions> levels;  ///< in the order of vertebra_levels()
  double disc_above_first = 0;             ///< m, the disc T9-T10
  /// Per level, the quantities whose source says "unverified".
  std::vector<std::vector<std::string>> unverified;

  /// Height of the disc above a level, m.
  double disc_above(std::size_t level) const;
  /// Distance from the centre of the body of `from` down to that of `to`, m; negative upwards.
  double centre_distance(std::size_t from, std::size_t to) const;
};

/// Reads the table. A quantity is looked for in its level, then in the section `common`. Throws
/// IoError, and InputError with every problem.
VertebraTable read_vertebra_table(const std::string& file);

}  // namespace thermodose
