// Implements: tests that the octree is fine at surfaces of targets and organs within its budget,
// and that the engines agree on what they treat.
#include <gtest/gtest.h>

#include <cmath>

#include "run/plan_evaluation.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

CaseText far_organ(bool judged) {
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 96 96 96 mm}";
  c.numerics = "{engine: mesh, cell_size: 1.5 mm, error_estimate: false}";
  c.regions = "[{name: organ, shape: {sphere: {center: 36 0 0 mm, radius: 6 mm}}, tissue: soft}]";
  if (judged) c.more = "protect: {organ: {}}\n";
  return c;
}

/// Edges of the cells whose inscribed ball the surface of the organ cuts: the largest, m.
double coarsest_at_organ(const NodeGeometry& g) {
  double coarsest = 0;
  for (std::size_t c = 0; c + 8 <= g.cells.size(); c += 8) {
    const Vec3& a = g.points[std::size_t(g.cells[c])];
    const Vec3& b = g.points[std::size_t(g.cells[c + 7])];
    const double edge = b[0] - a[0];
    const Vec3 centre{0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1]), 0.5 * (a[2] + b[2])};
    const double r = std::hypot(centre[0] - 36e-3, centre[1], centre[2]);
    if (std::abs(r - 6e-3) < 0.5 * edge) coarsest = std::max(coarsest, edge);
  }
  return coarsest;
}

TEST(OctreeTarget, SurfacesAreFineWithinTheBudget) {
  Assembly<double> plain(read(far_organ(false)));
  Assembly<double> judged(read(far_organ(true)));
  const double before = coarsest_at_organ(plain.engine.system->geometry());
  const double after = coarsest_at_organ(judged.engine.system->geometry());
  EXPECT_GT(before, 2.5 * plain.engine.spacing) << "or there is nothing to refine";
  EXPECT_LT(after, 1.1 * judged.engine.spacing);
  EXPECT_GT(judged.engine.cells, plain.engine.cells);
  // The budget, and what balancing of neighbours adds.
  EXPECT_LT(judged.engine.cells, 2.2 * plain.engine.cells);
  const EngineSize size = engine_size(judged.model, judged.plan);
  EXPECT_NEAR(size.nodes, double(judged.engine.cells), 0.25 * double(judged.engine.cells));
}

TEST(OctreeTarget, EnginesAgree) {
  CaseText c;
  c.regions = "[{name: tumour, shape: {sphere: {center: 3 0 0 mm, radius: 6 mm}}, tissue: soft}]";
  c.numerics = "{cell_size: 1.25 mm, error_estimate: false}";
  c.protocol = "[{probes: [p], steps: [{freeze: 4 min}]}]";
  c.more = "targets: {tumour: {criteria: [{below: -20 degC}]}}\n";
  const RunSummary grid = run(c);
  c.numerics = "{engine: mesh, cell_size: 1.25 mm, error_estimate: false}";
  const RunSummary mesh = run(c);
  const auto& a = grid.evaluation.targets.at(0).criteria.at(0);
  const auto& b = mesh.evaluation.targets.at(0).criteria.at(0);
  EXPECT_GT(a.coverage.fraction, 0.3);
  EXPECT_LT(a.coverage.fraction, 0.95);
  EXPECT_NEAR(a.coverage.fraction, b.coverage.fraction, 0.03);
  EXPECT_NEAR(a.margin.minimal, b.margin.minimal, 0.3e-3);
}

}  // namespace
}  // namespace thermodose::run_test
