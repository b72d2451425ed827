// Implements: tests of run/plan.h: what the accuracy decides, cells that fit the domain, settings
// that contradict each other.
#include "run/plan.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "run/engine.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

CaseText automatic(const std::string& accuracy, const std::string& length = "40 mm") {
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 200 200 200 mm}";
  c.devices = "  long_one:\n    diameter: 1.5 mm\n    active_length: " + length +
              "\n    law: {surface_temperature: {end_temperature: -140 degC, fall: linear, "
              "fall_time: 30 s, off_temperature: 37 degC}}\n";
  c.probes = "{p: {device: long_one, tip: 0 0 0 mm, direction: 0 0 1}}";
  c.accuracy = accuracy;
  c.numerics = "{error_estimate: false}";
  return c;
}

Plan plan_of(const CaseText& text) { return make_plan(read(text)); }

/// Largest |edge - whole number of cells|, from the definition.
double worst_misfit(const CaseSpec& spec, double h) {
  double worst = 0;
  for (std::size_t d = 0; d < 3; ++d) {
    const double edge = spec.domain.upper[d] - spec.domain.lower[d];
    worst = std::max(worst, std::abs(edge - h * std::round(edge / h)));
  }
  return worst;
}

TEST(Plan, CellsFollowTheRootOfTheAccuracyAndStepsFollowToo) {
  const Plan coarse = plan_of(automatic("2 %")), fine = plan_of(automatic("0.5 %"));
  EXPECT_NEAR(coarse.cell_size, 1.053e-3, 0.01e-3) << "measured on the reference case";
  EXPECT_NEAR(coarse.cell_size / fine.cell_size, 2, 0.02) << "second order";
  EXPECT_NEAR(coarse.control.tolerance / fine.control.tolerance, 4, 1e-9);
  EXPECT_NEAR(coarse.control.max_step / fine.control.max_step, 2, 1e-9);
  EXPECT_LE(fine.control.first_step, coarse.control.first_step);
  EXPECT_NEAR(coarse.active_threshold / fine.active_threshold, 4, 1e-9);
  EXPECT_FALSE(fine.fixed_cells);
  const Plan rough = plan_of(automatic("50 %")), sharp = plan_of(automatic("0.1 %", "5 mm"));
  EXPECT_LE(rough.cell_size, 4e-3);
  EXPECT_GE(sharp.cell_size, 0.17e-3) << "0.2 mm, fitted at most 15 % below";
  EXPECT_LE(rough.control.max_step, 60) << "minutes per step would miss the protocol";
}

TEST(Plan, ShortNeedlesNeedFinerCells) {
  const double h = plan_of(automatic("2 %", "35 mm")).cell_size;
  EXPECT_NEAR(plan_of(automatic("2 %", "17.5 mm")).cell_size, h / 2, 0.01 * h);
  EXPECT_NEAR(plan_of(automatic("2 %", "60 mm")).cell_size, h, 1e-12);
}

TEST(Plan, ExpertSettingsTakePrecedence) {
  CaseText c = automatic("2 %");
  c.numerics =
      "{cell_size: 1.6 mm, max_step: 3 s, step_tolerance: 0.25 K, precision: double, "
      "engine: mesh, integrator: bdf2}";
  const Plan plan = plan_of(c);
  EXPECT_TRUE(plan.fixed_cells);
  EXPECT_NEAR(plan.cell_size, 1.6e-3, 1e-12);
  EXPECT_EQ(plan.control.max_step, 3);
  EXPECT_EQ(plan.control.tolerance, 0.25);
  EXPECT_EQ(plan.engine, "mesh");
  EXPECT_EQ(plan.integrator, "bdf2");
  EXPECT_FALSE(plan.single);
  c.numerics = "{max_step: 0.01 s}";
  EXPECT_LE(plan_of(c).control.first_step, 0.01);
}

TEST(Plan, ChoosesEngineAndPrecision) {
  const Plan box = plan_of(automatic("2 %"));
  EXPECT_EQ(box.engine, "grid");
  EXPECT_EQ(box.integrator, "rkl2");
  EXPECT_TRUE(box.single);
  CaseText c;
  c.domain = "cylinder: {radius: 20 mm, bottom: -20 mm, top: 20 mm}";
  c.thermocouples = "{}";
  const Plan cylinder = plan_of(c);
  EXPECT_EQ(cylinder.engine, "mesh");
  EXPECT_FALSE(cylinder.single) << "the mesh engine integrates in double";
  EXPECT_EQ(cylinder.misfit, 0) << "meshes fit their domain";
}

TEST(Plan, ContradictionsAreInputErrorsWithTheirKeys) {
  CaseText c;
  c.domain = "cylinder: {radius: 20 mm, bottom: -20 mm, top: 20 mm}";
  c.thermocouples = "{}";
  CaseSpec spec = read(c);
  spec.numerics.engine = "grid";
  spec.numerics.integrator = "bdf2";
  try {
    make_plan(spec);
    FAIL() << "a cylinder on the grid engine";
  } catch (const InputError& e) {
    ASSERT_EQ(e.problems().size(), 2U) << e.what();
    EXPECT_EQ(e.problems()[0].key, "numerics.engine");
    EXPECT_EQ(e.problems()[1].key, "numerics.integrator");
    EXPECT_EQ(e.problems()[0].file, "small.yaml");
    EXPECT_NE(e.problems()[1].message.find("mesh"), std::string::npos);
  }
}

TEST(Plan, CellsFitTheDomain) {
  CaseText c;
  for (const char* size : {"40 30 20 mm", "36 40 28 mm", "50.4 25.2 37.8 mm"})
    for (const double wish : {2.5, 2.3, 1.9, 1.31}) {
      c.domain = "box: {center: 0 0 0 mm, size: " + std::string(size) + "}";
      c.numerics = "{cell_size: " + std::to_string(wish) + " mm}";
      const CaseSpec spec = read(c);
      const Plan plan = make_plan(spec);
      EXPECT_LE(plan.cell_size, 1e-3 * wish * (1 + 1e-9)) << size;
      EXPECT_GE(plan.cell_size, 1e-3 * wish * 0.83) << size;
      EXPECT_NEAR(plan.misfit, worst_misfit(spec, plan.cell_size), 1e-12) << size;
    }
  c.domain = "box: {center: 0 0 0 mm, size: 40 30 20 mm}";
  c.numerics = "{cell_size: 2.3 mm}";
  EXPECT_NEAR(plan_of(c).misfit, 0, 1e-9) << "2 mm divides all edges";
}

TEST(Plan, WhatDoesNotFitIsSharedByTheSides) {
  CaseText c;
  c.domain = "box: {center: 1 2 3 mm, size: 41.3 37.9 29.1 mm}";
  const CaseSpec spec = read(c);
  const Plan plan = make_plan(spec);
  EXPECT_GT(plan.misfit, 1e-5);
  const Lattice l = make_lattice(spec, plan);
  for (std::size_t d = 0; d < 3; ++d) {
    const double low = spec.domain.lower[d] - l.origin[d];
    const double high = l.origin[d] + (l.nodes[d] - 1) * l.spacing - spec.domain.upper[d];
    EXPECT_NEAR(low, high, 1e-12);
    EXPECT_LE(std::abs(low + high), plan.misfit + 1e-12);
  }
}

TEST(Plan, OtherCellsKeepTheRest) {
  CaseText c;
  c.numerics = "{cell_size: 2 mm, max_step: 3 s, precision: double}";
  const CaseSpec spec = read(c);
  const Plan plan = make_plan(spec), other = with_cells(spec, plan, 3.1e-3);
  EXPECT_LE(other.cell_size, 3.1e-3);
  EXPECT_GT(other.cell_size, 2.6e-3);
  EXPECT_EQ(other.control.max_step, plan.control.max_step);
  EXPECT_EQ(other.control.tolerance, plan.control.tolerance);
  EXPECT_EQ(other.single, plan.single);
  EXPECT_EQ(other.engine, plan.engine);
  EXPECT_EQ(other.fixed_cells, plan.fixed_cells);
}

TEST(Plan, CountsTheNodesOfItsLattice) {
  CaseText c;
  for (const char* size : {"40 40 40 mm", "41.3 37.9 29.1 mm", "40 40 5 mm"}) {
    c.domain = "box: {center: 0 0 0 mm, size: " + std::string(size) + "}";
    c.probes = "{}";
    c.protocol = "[]";
    c.thermocouples = "{}";
    c.more = "duration: 1 min\n";
    const CaseSpec spec = read(c);
    const Plan plan = make_plan(spec);
    const Lattice l = make_lattice(spec, plan);
    EXPECT_EQ(node_count(spec, plan),
              std::size_t(l.nodes[0]) * std::size_t(l.nodes[1]) * std::size_t(l.nodes[2]));
  }
}

// A block far thinner than the cells of its accuracy keeps its thickness.
TEST(Plan, ThinBlocksKeepTheirThickness) {
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 40 40 1 mm}";
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{}";
  c.accuracy = "20 %";
  c.numerics = "{}";
  c.more = "duration: 1 min\n";
  const CaseSpec spec = read(c);
  const Plan plan = make_plan(spec);
  for (const double size : {plan.cell_size, kCompanionRatio * plan.cell_size}) {
    const Plan p = with_cells(spec, plan, size);
    const Lattice l = make_lattice(spec, p);
    EXPECT_NEAR((l.nodes[2] - 1) * l.spacing, 1e-3, 0.26e-3) << size;
    EXPECT_EQ(node_count(spec, p),
              std::size_t(l.nodes[0]) * std::size_t(l.nodes[1]) * std::size_t(l.nodes[2]));
  }
}

TEST(Plan, GridsBeyondTheMemoryAreRefusedBeforeAnythingIsMade) {
  CaseText c = automatic("2 %");
  c.numerics = "{error_estimate: false, cell_size: 0.01 mm}";
  const CaseSpec spec = read(c);
  try {
    require_feasible(make_model(spec, 0.05), make_plan(spec));
    FAIL() << "8e12 nodes were accepted";
  } catch (const InputError& e) {
    ASSERT_EQ(e.problems().size(), 1U);
    EXPECT_EQ(e.problems().front().key, "numerics.cell_size");
    EXPECT_NE(e.problems().front().message.find("8e+12 nodes"), std::string::npos) << e.what();
  }
}

// Cells of meshes are counted no further than they fit.
TEST(Plan, MeshesBeyondTheMemoryAreRefusedAsWell) {
  for (const bool rings : {false, true}) {
    CaseText c = automatic("2 %");
    c.numerics = "{engine: mesh, error_estimate: false, cell_size: 0.01 mm}";
    if (rings) c.domain = "cylinder: {radius: 400 mm, bottom: -400 mm, top: 400 mm}";
    const CaseSpec spec = read(c);
    try {
      require_feasible(make_model(spec, 0.05), make_plan(spec));
      FAIL() << "accepted, rings: " << rings;
    } catch (const InputError& e) {
      EXPECT_EQ(e.problems().front().key, "numerics.cell_size") << e.what();
      EXPECT_NE(e.problems().front().message.find("need about"), std::string::npos) << e.what();
    }
  }
}

}  // namespace
}  // namespace thermodose::run_test
