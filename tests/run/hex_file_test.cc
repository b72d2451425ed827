// Implements: tests of cases whose domain is a Gmsh mesh of hexahedra: what Gmsh wrote, the same as
// an axisymmetric mesh, faces by name, points, isotherms and targets in skewed cells.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "dose/isotherm.h"
#include "geometry/gmsh_domain.h"
#include "geometry/hex_files.h"
#include "run/probe_point.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

using test::Flat;
using test::HexPlan;
using test::HexText;
using test::MshPlan;
using test::MshText;

constexpr double kPi = 3.14159265358979323846;

std::string mesh_key(const std::string& file, const std::string& groups) {
  return "mesh: {gmsh: {file: " + file + ", unit: mm, groups: {" + groups + "}}}";
}

/// A needle that was left out of a mesh, its surface held along a curve against time.
CaseText needle(const std::string& file, const std::string& groups) {
  CaseText c;
  c.domain = mesh_key(file, groups);
  c.faces =
      "groups: {active: {convection: 20000 W/m2/K, ambient: [[0 min, 37 degC], [0.5 min, -120 "
      "degC], [2 min, -120 degC], [2.5 min, 37 degC]]}}, all: {insulated: true}";
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{}";
  c.numerics = "{error_estimate: false}";
  c.more = "duration: 3 min\n";
  return c;
}

/// The file of tests/geometry/meshes, written by Gmsh from the .geo beside it.
CaseText drawn() {
  CaseText c =
      needle(std::string(THERMODOSE_SOURCE_DIR) + "/tests/geometry/meshes/needle_hexes.msh",
             "tumour: {tissue: tumour}, liver: {tissue: soft}");
  c.materials = plain_material("tumour", "0.5 W/m/K");
  c.faces =
      "groups: {active: {convection: 20000 W/m2/K, ambient: [[0 min, 37 degC], [0.5 min, -120 "
      "degC], [2 min, -120 degC], [2.5 min, 37 degC]]}, shaft: {insulated: true}, body: {fixed: "
      "37 degC}}, all: {insulated: true}";
  c.thermocouples = "{near: 0 3 0 mm, far: -10 9 -8 mm}";
  c.more += "targets: {tumour: {criteria: [{below: 0 degC}], margin: 1 mm}}\n";
  c.output = "{isotherms: [0 degC, -20 degC], traces_every: 5 s, fields_every: 60 s}";
  return c;
}

TEST(HexFile, ANeedleDrawnInGmshFreezesAndThaws) {
  const Scratch dir;
  const RunSummary s = run_in(dir, read(drawn()));
  EXPECT_EQ(s.engine, "mesh");
  EXPECT_EQ(s.cells, 300U);
  double largest = 0;
  for (const auto& i : s.isotherms)
    if (std::abs(i.temperature - kelvin(0)) < 1e-9) largest = std::max(largest, i.volume);
  EXPECT_GT(largest, 0.5e-6);
  EXPECT_LT(largest, 4e-6);
  EXPECT_LT(s.isotherms.back().volume, 0.5 * largest) << "the curve ends at 37 degC";
  EXPECT_LT(s.thermocouples[0].minimum, kelvin(-20));
  EXPECT_GT(s.thermocouples[1].minimum, kelvin(34));
  EXPECT_LT(std::abs(s.energy.relative_residual), 1e-12);
  // Prisms of twelve sides: 12/2 R2 sin(30 deg), 8 mm high.
  ASSERT_EQ(s.regions.size(), 2U);
  EXPECT_EQ(s.regions[0].name, "tumour");
  EXPECT_NEAR(s.regions[0].volume, 3 * (49 - 1) * 8e-9, 1e-15);
  EXPECT_NEAR(s.regions[0].volume + s.regions[1].volume, (24 * 24 - 3) * 20e-9, 1e-15);
  const auto touched = [&](const char* face) {
    return std::any_of(s.isotherms.begin(), s.isotherms.end(), [&](const IsothermSummary& i) {
      return std::find(i.touches.begin(), i.touches.end(), face) != i.touches.end();
    });
  };
  EXPECT_TRUE(touched("active"));
  EXPECT_TRUE(touched("shaft"));
  EXPECT_FALSE(touched("body"));
  const auto json = summary_of(dir);
  EXPECT_NEAR(json.at("targets").at(0).at("volume_mL").get<double>(), 1.152, 0.01);
  for (const char* file : {"out/fields.h5", "out/fields.xdmf", "out/results.h5"})
    EXPECT_TRUE(std::filesystem::exists(dir.file(file))) << file;
  EXPECT_NE(dir.read("out/fields.xdmf").find("Hexahedron"), std::string::npos);
}

TEST(HexFile, TheResolvedCaseIsTheSameCase) {
  const CaseSpec spec = read(drawn());
  const std::string resolved = resolved_yaml(spec, {});
  const CaseSpec again = read_case_text(resolved, "elsewhere/case.yaml", library());
  EXPECT_EQ(resolved_yaml(again, {}), resolved);
  ASSERT_EQ(again.domain.faces.size(), spec.domain.faces.size());
  EXPECT_FALSE(again.domain.axisymmetric);
  EXPECT_NEAR(again.domain.lower[1], -12e-3, 1e-12);
}

// A quarter of a ring of tissue around a needle, and the same rings as quadrilaterals. Nine chords
// for the quarter: their areas are 0.5 % smaller than those of arcs.
TEST(HexFile, AQuarterInSpaceIsTheAxisymmetricOne) {
  const Scratch dir, one, two;
  HexPlan solid;
  MshPlan rings;
  for (int i = 0; i <= 20; ++i) solid.x.push_back(std::pow(16.0, i / 20.0));
  solid.y = test::steps(0, kPi / 2, 9);
  solid.z = test::steps(-12, 12, 24);
  rings.x = solid.x;
  rings.y = solid.z;
  solid.bend = [](const Vec3& p) {
    return Vec3{p[0] * std::cos(p[1]), p[0] * std::sin(p[1]), p[2]};
  };
  solid.face_group = [](const Vec3& p) { return p[0] == 1 && std::abs(p[2]) < 6 ? "active" : ""; };
  rings.edge_group = [](const Flat& p) { return p[0] == 1 && std::abs(p[1]) < 6 ? "active" : ""; };
  dir.write("solid.msh", HexText(solid).v4());
  dir.write("rings.msh", MshText(rings).v2());
  CaseText c = needle(dir.file("solid.msh"), "tissue: {tissue: soft}");
  c.thermocouples = "{a: 2.104 0 0 mm, b: 0 5 7 mm}";
  CaseText d = needle(dir.file("rings.msh"), "tissue: {tissue: soft}");
  d.thermocouples = "{a: 2.104 0 0 mm, b: 5 0 7 mm}";
  const RunSummary a = run_in(one, read(c)), b = run_in(two, read(d));
  for (const double level : {0.0, -20.0}) {
    const double quarter = isotherm(a, 120, level).volume, whole = isotherm(b, 120, level).volume;
    EXPECT_GT(whole, 0.5e-6);
    EXPECT_NEAR(4 * quarter / whole, 1, 0.012) << level;
  }
  for (std::size_t t = 0; t < 2; ++t)
    EXPECT_NEAR(a.thermocouples[t].minimum, b.thermocouples[t].minimum, 0.6) << t;
  EXPECT_LT(a.thermocouples[0].minimum, kelvin(-50));
  EXPECT_NEAR(4 * a.energy.stored / b.energy.stored, 1, 0.015);
  EXPECT_LT(std::abs(a.energy.relative_residual), 1e-12);
}

/// A block of 10 x 12 x 8 mm of skewed cells.
HexPlan skewed_block(double share = 0.08) {
  HexPlan plan;
  plan.x = test::steps(0, 10, 7);
  plan.y = test::steps(0, 12, 10);
  plan.z = test::steps(-4, 4, 5);
  plan.bend = test::skewed_box({0, 0, -4}, {10, 12, 4}, share);
  plan.face_group = [](const Vec3& p) { return p[0] < 0.01 ? "cold" : p[0] > 9.99 ? "warm" : ""; };
  return plan;
}

CaseText block(const std::string& file) {
  CaseText c;
  c.domain = mesh_key(file, "tissue: {tissue: plain}");
  c.initial = "20 degC";
  c.faces = "all: {insulated: true}, groups: {cold: {fixed: 20 degC}, warm: {fixed: 30 degC}}";
  c.tissue = "plain";
  c.materials = plain_material("plain", "0.5 W/m/K");
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{}";
  c.numerics = "{error_estimate: false}";
  c.more = "duration: 10 min\n";
  return c;
}

// The steady state is linear; what is read between nodes and measured in cut cells too.
TEST(HexFile, ReadsAndMeasuresInSkewedCells) {
  const Scratch dir;
  dir.write("m.msh", HexText(skewed_block()).v2());
  const Assembly<double> a(read(block(dir.file("m.msh"))));
  const NodeGeometry& g = a.engine.system->geometry();
  std::vector<float> celsius;
  for (const Vec3& p : g.points) celsius.push_back(static_cast<float>(20 + 1e3 * p[0]));
  for (const Vec3& p : {Vec3{3e-3, 1.2e-3, 0.7e-3}, {5.1e-3, 6e-3, -2e-3}, {10e-3, 12e-3, 4e-3}}) {
    const InterpolationPoint at = locate(g, p);
    double there = 0;
    for (std::size_t n = 0; n < at.nodes.size(); ++n)
      there += at.weights[n] * g.points[at.nodes[n]][0];
    EXPECT_NEAR(there, p[0], 1e-12);
  }
  EXPECT_THROW(locate(g, {10.1e-3, 1e-3, 0}), std::invalid_argument);
  using Side = IsothermLevel::Side;
  const std::vector<IsothermLevel> levels{{23.3, Side::below}, {26.1, Side::above}};
  const auto measured = measure_isotherms(g, celsius.data(), levels);
  EXPECT_NEAR(measured[0].volume / (3.3 * 96e-9), 1, 2e-3);
  EXPECT_NEAR(measured[1].volume / (3.9 * 96e-9), 1, 2e-3);
  EXPECT_NEAR(measured[0].upper[0], 3.3e-3, 1e-8);
}

TEST(HexFile, BothIntegratorsReachTheSteadyState) {
  const Scratch dir;
  dir.write("m.msh", HexText(skewed_block()).v4());
  for (const char* kind : {"rkl2", "bdf2"}) {
    CaseText c = block(dir.file("m.msh"));
    c.thermocouples = "{inside: 3 5 1 mm}";
    c.numerics = std::string("{error_estimate: false, integrator: ") + kind + "}";
    c.more = "duration: 60 min\n";
    const RunSummary s = run(c);
    EXPECT_EQ(s.integrator, kind);
    EXPECT_NEAR(s.thermocouples[0].final, kelvin(23), 1e-3) << kind;
    EXPECT_LT(std::abs(s.energy.relative_residual), 1e-12);
  }
}

TEST(HexFile, ProbesAndAnatomiesAreRefusedWithAWayOut) {
  const Scratch dir;
  dir.write("m.msh", HexText(skewed_block()).v4());
  CaseText c = block(dir.file("m.msh"));
  c.probes = "{p: {device: needle, tip: 5 6 0 mm, direction: 0 0 1}}";
  c.protocol = "[{probes: [p], steps: [{freeze: 1 min}]}]";
  c.numerics = "{cell_size: 1 mm, engine: grid}";
  c.more = "anatomy: {vertebra: {level: L3}}\n";
  try {
    read(c);
    FAIL();
  } catch (const InputError& e) {
    std::string told;
    for (const Problem& p : e.problems()) told += p.key + ": " + p.message + "\n";
    for (const char* part :
         {"probes.p: a mesh of hexahedra takes no probes: leave the needle out of the mesh, make "
          "its surface a physical group, and give that in domain.faces.groups convection with "
          "ambient against time; or take domain.box",
          "numerics.cell_size: a mesh from a file has its own cells: remove the key",
          "numerics.engine: the engine grid solves boxes; a mesh from a file needs mesh",
          "anatomy: a mesh from a file has parts of its own: it needs domain.box"})
      EXPECT_NE(told.find(part), std::string::npos) << part << '\n' << told;
  }
}

TEST(HexFile, PiecesThatAreApartAreSaidWithTheFile) {
  const Scratch dir;
  HexPlan plan;
  plan.x = plan.y = plan.z = test::steps(-10, 10, 5);
  plan.hole = [](const Vec3& p) { return std::abs(p[0]) < 1; };
  dir.write("a.msh", HexText(plan).v4());
  CaseText c = needle(dir.file("a.msh"), "tissue: {tissue: soft}");
  c.faces = "all: {insulated: true}";
  std::vector<std::string> said;
  log::to_console(log::Level::warning,
                  [&](log::Level, const std::string& line) { said.push_back(line); });
  read(c);
  log::to_console(log::Level::warning, {});
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said[0].find(dir.file("a.msh") + ": the mesh is in 2 pieces that share no face"),
            std::string::npos)
      << said[0];
}

// A face held at the initial temperature on a side of the box is watched; regions lie over groups.
TEST(HexFile, FacesAreWatchedAndRegionsPaintedOver) {
  const Scratch dir;
  dir.write("m.msh", HexText(skewed_block(0.03)).v4());
  CaseText c = block(dir.file("m.msh"));
  c.more = "duration: 10 min\n";
  c.faces = "all: {fixed: 20 degC}, groups: {cold: {convection: 20000 W/m2/K, ambient: -80 degC}}";
  c.materials += plain_material("other", "0.9 W/m/K");
  c.regions = "[{name: half, tissue: other, shape: {box: {center: 2.5 6 0 mm, size: 5 12 8 mm}}}]";
  const RunSummary s = run(c);
  ASSERT_FALSE(s.warnings.empty());
  const auto warned = [&](const char* text) {
    return std::any_of(s.warnings.begin(), s.warnings.end(),
                       [&](const std::string& w) { return w.find(text) != std::string::npos; });
  };
  EXPECT_TRUE(warned("the domain is small: close to ")) << s.warnings[0];
  EXPECT_TRUE(warned("y_min"));
  ASSERT_EQ(s.regions.size(), 2U);
  EXPECT_NEAR(s.regions[0].volume + s.regions[1].volume, 960e-9, 1e-18);
  EXPECT_NEAR(s.regions[1].volume, 480e-9, 100e-9);
}

}  // namespace
}  // namespace thermodose::run_test
