// Implements: tests of cases whose domain is a Gmsh mesh: the same as a cylinder on the same lines,
// an applicator that was meshed, skewed cells, faces by name.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "base/error.h"
#include "fem/bdf2_integrator.h"
#include "geometry/gmsh_domain.h"
#include "geometry/msh_files.h"
#include "run/probe_point.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

using test::Flat;
using test::MshPlan;
using test::MshText;

std::string shipped(const std::string& name) {
  return std::string(THERMODOSE_SOURCE_DIR) + "/tests/geometry/meshes/" + name;
}

std::string mesh_key(const std::string& file, const std::string& groups) {
  return "mesh: {gmsh: {file: " + file + ", unit: mm, groups: {" + groups + "}}}";
}

/// The needle of the small case in a cylinder, a layer of fat around it.
CaseText cylinder() {
  CaseText c;
  c.domain = "cylinder: {radius: 25 mm, bottom: -20 mm, top: 22 mm}";
  c.regions = "[{name: ball, tissue: fat, shape: {sphere: {center: 0 0 0 mm, radius: 8 mm}}}]";
  c.faces =
      "r_max: {fixed: 37 degC}, z_min: {insulated: true}, z_max: {convection: 20 W/m2/K, "
      "ambient: 30 degC}";
  c.thermocouples = "{near: 4 0 0 mm, askew: 3 3 7.123 mm}";
  c.numerics = "{cell_size: 2 mm, error_estimate: false}";
  return c;
}

/// The lines that the program makes for a cylinder, as a file.
MshPlan lines_of(const CaseSpec& spec) {
  const Assembly<double> made(spec);
  std::set<double> r, z;
  for (const Vec3& p : made.engine.system->geometry().points) {
    r.insert(1e3 * p[0]);
    z.insert(1e3 * p[2]);
  }
  MshPlan plan;
  plan.x.assign(r.begin(), r.end());
  plan.y.assign(z.begin(), z.end());
  plan.edge_group = [](const Flat& p) {
    return p[0] > 24.99 ? "side" : p[1] > 21.99 ? "skin" : p[0] > 0 ? "floor" : "axis";
  };
  return plan;
}

TEST(MeshFile, ACylinderFromAFileIsTheCylinder) {
  const Scratch dir, one, two;
  const CaseSpec formula = read(cylinder());
  dir.write("c.msh", MshText(lines_of(formula)).v4());
  CaseText c = cylinder();
  c.domain = mesh_key(dir.file("c.msh"), "tissue: {tissue: soft}");
  c.numerics = "{error_estimate: false}";
  c.faces =
      "all: {insulated: true}, groups: {side: {fixed: 37 degC}, skin: {convection: 20 "
      "W/m2/K, ambient: 30 degC}}";
  const CaseSpec file = read(c);
  const RunSummary a = run_in(one, file), b = run_in(two, formula);
  EXPECT_EQ(a.dofs, b.dofs);
  EXPECT_EQ(a.cells, b.cells);
  EXPECT_EQ(a.steps, b.steps);
  ASSERT_EQ(a.isotherms.size(), b.isotherms.size());
  int frozen = 0;
  for (std::size_t i = 0; i < a.isotherms.size(); ++i) {
    EXPECT_NEAR(a.isotherms[i].volume, b.isotherms[i].volume, 1e-9 * b.isotherms[i].volume);
    EXPECT_EQ(a.isotherms[i].extent_along_axis.has_value(),
              b.isotherms[i].extent_along_axis.has_value());
    frozen += b.isotherms[i].volume > 1e-8 ? 1 : 0;
  }
  EXPECT_GE(frozen, 2);
  ASSERT_EQ(a.thermocouples.size(), 2U);
  for (std::size_t t = 0; t < 2; ++t)
    EXPECT_NEAR(a.thermocouples[t].minimum, b.thermocouples[t].minimum, 1e-7);
  EXPECT_LT(a.thermocouples[0].minimum, kelvin(20));
  EXPECT_NEAR(a.energy.stored, b.energy.stored, 1e-8 * std::abs(b.energy.stored));
  EXPECT_LT(std::abs(a.energy.relative_residual), 1e-9);
  ASSERT_EQ(a.regions.size(), 2U);
  EXPECT_EQ(a.regions[0].name, "tissue");
  const double ball = 4.0 / 3 * 3.14159265358979 * 512e-9, all = 3.14159265358979 * 625e-6 * 42e-3;
  EXPECT_NEAR(a.regions[1].volume, ball, 0.1 * ball);
  EXPECT_NEAR(a.regions[0].volume + a.regions[1].volume, all, 1e-9 * all);
}

/// A needle that was left out of the mesh, its surface held along a curve against time.
CaseText applicator(const std::string& file) {
  CaseText c;
  c.domain = mesh_key(shipped(file), "tumour: {tissue: tumour}, liver: {tissue: soft}");
  c.materials = plain_material("tumour", "0.5 W/m/K");
  c.faces =
      "groups: {active: {convection: 20000 W/m2/K, ambient: [[0 min, 37 degC], [0.5 min, -100 "
      "degC], [2 min, -100 degC], [2.5 min, 37 degC]]}, shaft: {insulated: true}, body: {fixed: "
      "37 degC}}";
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{tip: 0 0 -0.5 mm, side: 2 0 5 mm, far: 0 15 -10 mm}";
  c.numerics = "{error_estimate: false}";
  c.more = "duration: 3 min\n";
  return c;
}

TEST(MeshFile, AnApplicatorOfOnesOwnFreezesAndThaws) {
  const Scratch one;
  const RunSummary s = run_in(one, read(applicator("applicator_41.msh")));
  double largest = 0;
  for (const auto& i : s.isotherms)
    if (std::abs(i.temperature - kelvin(0)) < 1e-9) {
      largest = std::max(largest, i.volume);
      EXPECT_FALSE(i.clipped) << "ice at a device is no ice that is cut off";
    }
  // A cylinder of 8 mm and a half ball, 5 mm thick at the most.
  EXPECT_GT(largest, 0.3e-6);
  EXPECT_LT(largest, 3e-6);
  EXPECT_LT(s.isotherms.back().volume, largest) << "the curve ends at 37 degC";
  EXPECT_LT(s.thermocouples[0].minimum, kelvin(-40));
  EXPECT_LT(s.thermocouples[1].minimum, kelvin(-20));
  EXPECT_NEAR(s.thermocouples[2].minimum, kelvin(37), 0.5);
  EXPECT_LT(std::abs(s.energy.relative_residual), 1e-9);
  for (const auto& [cause, joule] : s.energy.supplied)
    EXPECT_TRUE(cause != "faces" || joule < -50) << "the needle takes heat";
  // The sphere of 9 mm without the needle in it, polygons for arcs.
  const double pi = 3.14159265358979, tumour = 4 * pi / 3 * 729e-9 - pi * 12.9e-9;
  EXPECT_NEAR(s.regions[0].volume, tumour, 0.03 * tumour);
  EXPECT_EQ(s.regions[0].tissue, "tumour");
  const auto touched = [&](const char* face) {
    return std::any_of(s.isotherms.begin(), s.isotherms.end(), [&](const IsothermSummary& i) {
      return std::find(i.touches.begin(), i.touches.end(), face) != i.touches.end();
    });
  };
  EXPECT_TRUE(touched("active"));
  EXPECT_FALSE(touched("body"));
}

TEST(MeshFile, BothVersionsOfAFileGiveTheSame) {
  const RunSummary a = run(applicator("applicator_41.msh")),
                   b = run(applicator("applicator_22.msh"));
  ASSERT_EQ(a.isotherms.size(), b.isotherms.size());
  EXPECT_EQ(a.steps, b.steps);
  for (std::size_t i = 0; i < a.isotherms.size(); ++i)
    EXPECT_EQ(a.isotherms[i].volume, b.isotherms[i].volume);
}

TEST(MeshFile, TheResolvedCaseIsTheSameCase) {
  const CaseSpec spec = read(applicator("applicator_41.msh"));
  const std::string resolved = resolved_yaml(spec, {});
  const CaseSpec again = read_case_text(resolved, "elsewhere/case.yaml", library());
  EXPECT_EQ(resolved_yaml(again, {}), resolved);
  ASSERT_EQ(again.domain.faces.size(), spec.domain.faces.size());
  EXPECT_EQ(again.domain.faces[0].ambient, spec.domain.faces[0].ambient);
}

// A needle in a mesh needs a line at its surface; the message says where.
TEST(MeshFile, ANeedleNeedsItsLine) {
  const Scratch dir;
  MshPlan plan;
  plan.x = test::steps(0, 20, 20);
  plan.y = test::steps(-20, 20, 40);
  dir.write("m.msh", MshText(plan).v2());
  CaseText c;
  c.domain = mesh_key(dir.file("m.msh"), "tissue: {tissue: soft}");
  c.numerics = "{error_estimate: false}";
  try {
    run(c);
    FAIL() << "no line at 0.75 mm";
  } catch (const InputError& e) {
    ASSERT_EQ(e.problems().size(), 1U) << e.what();
    EXPECT_EQ(e.problems()[0].key, "probes.p");
    EXPECT_NE(e.problems()[0].message.find("x = 0.75 mm from y = -5 to 5 mm"), std::string::npos);
  }
  plan.x.push_back(0.75);
  std::sort(plan.x.begin(), plan.x.end());
  dir.write("m.msh", MshText(plan).v2());
  EXPECT_GT(run(c).isotherms.back().time, 100);
}

/// Largest error of T = J0(q r) exp(-a q2 t) after 60 s, of its largest value, on skewed cells.
double radial_error(int cells, double skew) {
  const double radius = 10, q = 2.404825557695773 / (1e-3 * radius);
  const double diffusivity = 0.5 / 4e6, end = 60;
  const Scratch dir;
  MshPlan plan;
  plan.x = test::steps(0, radius, cells);
  plan.y = test::steps(-5, 5, cells);
  plan.bend = test::skewed(0, radius, -5, 5, skew);
  plan.edge_group = [](const Flat& p) { return p[0] > 9.99 ? "side" : ""; };
  dir.write("m.msh", MshText(plan).v4());
  CaseText c;
  c.domain = mesh_key(dir.file("m.msh"), "tissue: {tissue: plain}");
  c.initial = "20 degC";
  c.faces = "all: {insulated: true}, groups: {side: {fixed: 20 degC}}";
  c.tissue = "plain";
  c.materials = plain_material("plain", "0.5 W/m/K");
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{}";
  c.numerics =
      "{error_estimate: false, integrator: bdf2, max_step: 0.25 s, step_tolerance: 0.01 K}";
  c.more = "duration: 1 min\n";
  const Assembly<double> a(read(c));
  auto& system = *a.engine.system;
  auto& integrator = dynamic_cast<Bdf2&>(*a.engine.integrator);
  integrator.start(0);
  const auto& points = system.geometry().points;
  for (std::size_t i = 0; i < points.size(); ++i)
    integrator.initial_state()[i] = 4e6 * 10 * std::cyl_bessel_j(0, q * points[i][0]);
  integrator.advance(end, true, [](const auto&) {});
  double worst = 0;
  const double decay = std::exp(-diffusivity * q * q * end);
  for (std::size_t i = 0; i < points.size(); ++i)
    worst = std::max(worst, std::abs(integrator.state()[i] / 4e7 -
                                     std::cyl_bessel_j(0, q * points[i][0]) * decay));
  return worst;
}

TEST(MeshFile, SkewedCellsAreOfSecondOrder) {
  const double coarse = radial_error(10, 0.06), middle = radial_error(20, 0.06),
               fine = radial_error(40, 0.06);
  RecordProperty(
      "errors", std::to_string(coarse) + " " + std::to_string(middle) + " " + std::to_string(fine));
  EXPECT_GT(std::log2(coarse / middle), 1.7) << coarse << ' ' << middle;
  EXPECT_GT(std::log2(middle / fine), 1.8) << middle << ' ' << fine;
  EXPECT_LT(fine, 2e-3);
}

// T = a + b z conducts the same heat through every cell: nothing inside changes.
TEST(MeshFile, SkewedCellsPassThePatchTest) {
  const Scratch dir;
  MshPlan plan;
  plan.x = test::steps(0, 10, 7);
  plan.y = test::steps(0, 12, 9);
  plan.bend = test::skewed(0, 10, 0, 12, 0.08);
  plan.edge_group = [](const Flat& p) {
    return p[1] < 0.01 ? "bottom" : p[1] > 11.99 ? "top" : "";
  };
  dir.write("m.msh", MshText(plan).v2());
  CaseText c;
  c.domain = mesh_key(dir.file("m.msh"), "tissue: {tissue: plain}");
  c.initial = "20 degC";
  c.faces = "all: {insulated: true}, groups: {bottom: {fixed: 20 degC}, top: {fixed: 32 degC}}";
  c.tissue = "plain";
  c.materials = plain_material("plain", "0.5 W/m/K");
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{}";
  c.numerics = "{error_estimate: false, integrator: bdf2}";
  c.more = "duration: 1 min\n";
  const Assembly<double> a(read(c));
  auto& system = *a.engine.system;
  auto& integrator = dynamic_cast<Bdf2&>(*a.engine.integrator);
  integrator.start(0);
  const auto& points = system.geometry().points;
  for (std::size_t i = 0; i < points.size(); ++i)
    integrator.initial_state()[i] = 4e6 * 1e3 * points[i][2];
  integrator.advance(60, true, [](const auto&) {});
  double worst = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    worst = std::max(worst, std::abs(integrator.state()[i] / 4e6 - 1e3 * points[i][2]));
  EXPECT_LT(worst, 1e-8);
  // It is linear between the nodes too: a point in a skewed cell reads what lies there.
  const InterpolationPoint at = locate(system.geometry(), {3e-3, 1.2e-3, 7.7e-3});
  double read_there = 0;
  for (std::size_t n = 0; n < at.nodes.size(); ++n)
    read_there += at.weights[n] * integrator.state()[at.nodes[n]] / 4e6;
  EXPECT_NEAR(read_there, 7.7, 1e-7);
}

}  // namespace
}  // namespace thermodose::run_test
