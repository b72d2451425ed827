// Implements: whole runs whose lesion is told by thresholds of each tissue: in a slab between a
// cold and a warm face, T = -63 degC + (x + 20 mm) 2.5 K/mm, and in a block that stays at 45 degC.
#include <gtest/gtest.h>

#include <cmath>

#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

constexpr double kMm3 = 1e-9;  // m3
constexpr double kPi = 3.14159265358979323846;

/// Two tissues of one law that meet in the plane y = `border` mm.
CaseText two_tissues(const std::string& border_box) {
  CaseText c;
  c.tissue = "soft_one";
  c.materials = plain_material("soft_one", "15 W/m/K") + plain_material("bony", "15 W/m/K");
  c.regions = "[{name: bone, shape: {box: " + border_box + "}, tissue: bony}]";
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{}";
  c.output = "{isotherms: [0 degC], isotherms_every: 60 s}";
  return c;
}

const LesionReport& lesion(const RunSummary& s) { return s.evaluation.lesions.at(0); }

TEST(TissueThresholds, ColdLesionIsThatOfTwoLevelsEachInItsTissue) {
  CaseText c = two_tissues("{center: 0 10 0 mm, size: 40 20 40 mm}");
  c.faces = "all: {insulated: true}, x_min: {fixed: -63 degC}, x_max: {fixed: 37 degC}";
  c.numerics = "{cell_size: 2 mm, error_estimate: false}";
  c.dose = "[{lethal_cold: {tissues: {bony: {threshold: -20 degC}}}}]";
  c.more =
      "duration: 10 min\n"
      "targets:\n"
      "  all_of_it: {shape: {box: {center: 0 0 0 mm, size: 40 40 40 mm}},\n"
      "    criteria: [{field: above_lethal_K, at_most: 0 K}]}\n"
      "  bone: {criteria: [{field: above_lethal_K, at_most: 0 K}]}\n";
  const RunSummary s = run(c);
  // -40 degC at x = -10.8 mm, -20 degC at -2.8 mm. The nodes on the border take -30 degC: what bone
  // loses beside them, half a cell of 4 mm, soft tissue gains.
  const double soft = 9.2 * 20 * 40, bone = 17.2 * 20 * 40, rim = 0.5 * 2 * 4 * 40;
  EXPECT_EQ(lesion(s).criterion, "above_lethal_K at most 0 K");
  EXPECT_NEAR(lesion(s).shape.volume / kMm3, soft + bone, 2e-4 * (soft + bone));
  EXPECT_NEAR(s.evaluation.targets.at(1).criteria.at(0).coverage.covered / kMm3, bone - rim,
              2e-3 * bone);
}

TEST(TissueThresholds, ABorderBetweenNodesIsWhereTheLevelsMeet) {
  CaseText c = two_tissues("{center: 0 10.5 0 mm, size: 40 19 40 mm}");
  c.faces = "all: {insulated: true}";
  c.initial = "45 degC";
  c.numerics = "{cell_size: 2 mm, error_estimate: false, max_step: 60 s}";
  // An hour at 45 degC is 240 min at 43 degC: 2 in soft tissue, 0.5 in bone.
  c.dose =
      "[{lethal_heat: {default: 120 min, tissues: {bony: {threshold: 8 h}}}}, "
      "temperature_extremes]";
  c.more =
      "duration: 1 h\n"
      "targets:\n"
      "  all_of_it: {shape: {box: {center: 0 0 0 mm, size: 40 40 40 mm}},\n"
      "    criteria: [{field: cem43_over_lethal, at_least: 1}]}\n";
  const RunSummary s = run(c);
  // Bone begins at y = 1 mm, half way between the nodes at 0 and 2 mm, which hold one tissue each.
  // 2 falls to 1 after two thirds of this cell.
  const double dead = (20 + 2 * 2.0 / 3) * 40 * 40;
  EXPECT_EQ(lesion(s).criterion, "cem43_over_lethal at least 1");
  EXPECT_NEAR(lesion(s).shape.volume / kMm3, dead, 2e-5 * dead);
}

/// Share by which the lesion is off, of a ball of bone that a level of either tissue cuts.
double error_with_cells_of(const std::string& millimetres) {
  CaseText c = two_tissues("{center: 0 10 0 mm, size: 40 20 40 mm}");
  c.regions = "[{name: bone, shape: {sphere: {center: -8 0 0 mm, radius: 9.3 mm}}, tissue: bony}]";
  c.faces = "all: {insulated: true}, x_min: {fixed: -63 degC}, x_max: {fixed: 37 degC}";
  c.numerics = "{cell_size: " + millimetres + " mm, error_estimate: false}";
  c.dose = "[{lethal_cold: {tissues: {bony: {threshold: -20 degC}}}}]";
  c.more =
      "duration: 10 min\ntargets: {bone: {criteria: [{field: above_lethal_K, at_most: 0 K}]}}\n";
  // Of the ball, what lies between -40 and -20 degC: a segment from 2.8 mm before its middle to
  // 5.2 mm behind it.
  const auto up_to = [](double x) { return 9.3 * 9.3 * x - x * x * x / 3; };
  const double exact = 9.2 * 40 * 40 + kPi * (up_to(5.2) - up_to(-2.8));
  return lesion(run(c)).shape.volume / kMm3 / exact - 1;
}

TEST(TissueThresholds, ACurvedBorderIsOfSecondOrderInTheCell) {
  const double coarse = error_with_cells_of("2"), fine = error_with_cells_of("1");
  EXPECT_LT(std::abs(coarse), 0.01);
  EXPECT_LT(std::abs(fine), 0.3 * std::abs(coarse));
}

}  // namespace
}  // namespace thermodose::run_test
