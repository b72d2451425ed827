// Implements: what must not change a result: threads, precision, writing the case out and reading
// it back; and the error estimate against cells half the size.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "output/h5_read.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

CaseText two_needles(const std::string& numerics) {
  CaseText c;
  c.probes =
      "{p: {device: needle, tip: -6 0 -5 mm, direction: 0 0 1}, "
      "q: {device: needle, tip: 6 1 -4 mm, direction: 0.3 0 1}}";
  c.protocol =
      "[{probes: [all], steps: [{freeze: 80 s}, {passive_thaw: 20 s}, "
      "{active_thaw: 20 s, temperature: 20 degC}]}]";
  c.regions = "[{name: fat, shape: {half_space: {point: 0 0 8 mm, normal: 0 0 -1}}, tissue: fat}]";
  c.numerics = numerics;
  c.output = "{isotherms: [0 degC, -20 degC, -40 degC], isotherms_every: 20 s, fields_every: 0 s}";
  return c;
}

std::vector<double> volumes(const RunSummary& s) {
  std::vector<double> out;
  for (const auto& i : s.isotherms) out.push_back(i.volume);
  return out;
}

/// Largest difference of two lists relative to the largest value.
double difference(const std::vector<double>& a, const std::vector<double>& b) {
  EXPECT_EQ(a.size(), b.size());
  double worst = 0, most = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    worst = std::max(worst, std::abs(a[i] - b[i]));
    most = std::max(most, std::abs(a[i]));
  }
  EXPECT_GT(most, 0);
  return worst / most;
}

TEST(Invariance, OneThreadOrTwo) {
  const CaseText c = two_needles("{cell_size: 2 mm, error_estimate: false}");
  const Scratch one, two;
  const RunSummary a = run_in(one, read(c), 1), b = run_in(two, read(c), 2);
  EXPECT_EQ(a.threads, 1);
  EXPECT_EQ(b.threads, 2);
  EXPECT_EQ(a.steps, b.steps);
  EXPECT_LT(difference(volumes(a), volumes(b)), 1e-5);
  const output_test::H5Reader fa(one.file("out/fields.h5")), fb(two.file("out/fields.h5"));
  for (const char* field : {"temperature_degC", "ice_fraction"})
    EXPECT_LT(difference(fa.values(std::string("step/2/") + field),
                         fb.values(std::string("step/2/") + field)),
              1e-5)
        << field;
}

TEST(Invariance, MeshEngineOnOneThreadOrTwo) {
  const CaseText c = two_needles("{engine: mesh, cell_size: 2 mm, error_estimate: false}");
  const RunSummary a = run(c, 1), b = run(c, 2);
  EXPECT_EQ(a.steps, b.steps);
  EXPECT_LT(difference(volumes(a), volumes(b)), 1e-9);
}

TEST(Invariance, FloatOrDouble) {
  const RunSummary a = run(two_needles("{cell_size: 2 mm, error_estimate: false}"));
  const RunSummary b =
      run(two_needles("{cell_size: 2 mm, error_estimate: false, precision: double}"));
  EXPECT_EQ(a.precision, "float");
  EXPECT_EQ(b.precision, "double");
  const double apart = difference(volumes(a), volumes(b));
  EXPECT_LT(apart, 1e-3);
  EXPECT_GT(apart, 0) << "two precisions that agree to the last bit are one";
  EXPECT_GT(std::abs(a.energy.relative_residual), 1e-10);
  EXPECT_LT(std::abs(b.energy.relative_residual), 1e-12);
}

TEST(Invariance, RepeatedRunIsTheSame) {
  const CaseText c = two_needles("{cell_size: 2 mm, error_estimate: false}");
  EXPECT_EQ(volumes(run(c)), volumes(run(c)));
}

TEST(Invariance, ResolvedCaseGivesTheSameResults) {
  const Scratch first, second;
  const RunSummary a = run_in(first, read(two_needles("{cell_size: 2 mm, error_estimate: false}")));
  const CaseSpec again =
      read_case_text(first.read("out/case.resolved.yaml"), "case.resolved.yaml", ReadOptions{});
  const RunSummary b = run_in(second, again);
  EXPECT_EQ(a.steps, b.steps);
  EXPECT_LT(difference(volumes(a), volumes(b)), 1e-6);
  EXPECT_EQ(a.dofs, b.dofs);
}

// The edge of the finest cells in the summary is the one in the mesh, also where the engine chose
// its own: error estimates count on it.
TEST(Invariance, SpacingIsThatOfTheMesh) {
  for (const char* engine : {"grid", "mesh"}) {
    const Scratch scratch;
    CaseText c;
    c.numerics = "{engine: " + std::string(engine) + ", cell_size: 2.9 mm, error_estimate: false}";
    const RunSummary s = run_in(scratch, read(c));
    const output_test::H5Reader fields(scratch.file("out/fields.h5"));
    double finest = 1e9;
    if (s.engine == "grid") {
      finest = fields.values("mesh/0/spacing_mm")[0];
    } else {
      const auto points = fields.values("mesh/0/points_mm"), cells = fields.values("mesh/0/cells");
      for (std::size_t cell = 0; cell + 7 < cells.size(); cell += 8) {
        const auto x = [&](std::size_t n) { return points[3 * std::size_t(cells[cell + n])]; };
        finest = std::min(finest, std::abs(x(1) - x(0)));
      }
    }
    EXPECT_NEAR(1e3 * s.spacing, finest, 1e-4) << engine;
  }
}

TEST(Invariance, EnginesAgreeOnTheVolumes) {
  const auto result = [](const std::string& engine) {
    CaseText c =
        two_needles("{" + engine + "cell_size: 1.67 mm, max_step: 2 s, error_estimate: false}");
    c.regions = "[]";
    return run(c, 2);
  };
  const RunSummary grid = result(""), octree = result("engine: mesh, ");
  const RunSummary implicit = result("engine: mesh, integrator: bdf2, ");
  EXPECT_EQ(grid.engine, "grid");
  EXPECT_EQ(octree.engine, "mesh");
  EXPECT_EQ(implicit.integrator, "bdf2");
  EXPECT_LT(difference(volumes(grid), volumes(octree)), 0.02);
  const double integrators = difference(volumes(octree), volumes(implicit));
  EXPECT_LT(integrators, 0.01);
  EXPECT_GT(integrators, 1e-7) << "two integrators that agree to the last digits are one";
}

// The stated error of a run against one on cells of half the size, whose own error is a quarter
// of it: the largest error of a level, which the accuracy of a case bounds, is covered.
TEST(Invariance, ErrorEstimateCoversTheTruth) {
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 50 50 50 mm}";
  c.devices = std::string(CaseText::kNeedle).replace(2, 6, "longer");
  c.devices.replace(c.devices.find("10 mm"), 5, "20 mm");
  c.probes = "{p: {device: longer, tip: 0 0 -10 mm, direction: 0 0 1}}";
  c.output = "{isotherms: [0 degC, -20 degC], isotherms_every: 10 s}";
  c.numerics = "{cell_size: 1.11 mm, max_step: 2 s}";
  const RunSummary coarse = run(c);
  c.numerics = "{cell_size: 0.556 mm, max_step: 2 s, error_estimate: false}";
  const RunSummary fine = run(c, 2);
  ASSERT_EQ(coarse.isotherms.size(), fine.isotherms.size());
  for (const double level : {0.0, -20.0}) {
    double truth = 0, stated = 0, most = 0;
    for (std::size_t i = 0; i < fine.isotherms.size(); ++i) {
      const auto &a = coarse.isotherms[i], &b = fine.isotherms[i];
      if (std::abs(a.temperature - kelvin(level)) > 1e-9) continue;
      ASSERT_TRUE(a.volume_error.has_value());
      EXPECT_FALSE(b.volume_error.has_value());
      truth = std::max(truth, std::abs(a.volume - b.volume));
      stated = std::max(stated, *a.volume_error);
      most = std::max(most, b.volume);
    }
    EXPECT_LT(truth, stated) << level;
    EXPECT_LT(stated, 0.15 * most) << "and is not so large that it covers anything";
  }
}

}  // namespace
}  // namespace thermodose::run_test
