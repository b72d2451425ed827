// Pennes slab between two held walls, on every engine.
// Implements: transient and steady slab with perfusion and a source against the exact solution;
// observed orders from four resolutions, time step in proportion to the spacing.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "verification/exact_pennes.h"
#include "verification/schemes.h"
#include "verification/slab.h"

namespace thermodose::verification {
namespace {

class PennesSlab : public ::testing::TestWithParam<Scheme> {};

TEST_P(PennesSlab, Transient) {
  const double end = 2;
  const exact::PennesSlab slab{{0.3, 1200.0 * 3200, 1e-4 * 1052 * 3600}, kMm, 113, 500};
  const SegmentLaw law =
      law_of_plain({slab.tissue.k, slab.tissue.rho_c, slab.tissue.w, slab.source, kBody});
  OrderTable table("Pennes slab after 2 s, " + name(GetParam()), {"rms K", "max K"});
  for (const int cells : {5, 10, 20, 40}) {
    const double h = slab.thickness / cells;
    CaseConditions conditions;
    const Slab bar{GetParam(), slab.thickness, h, {law}, kBody, kBody + slab.end_excess};
    const auto system = bar.make(conditions);
    SteppedRun run(GetParam().method, *system, {[&](const Vec3&) { return kBody; }}, 0.4 / cells);
    const auto exact_at = [&](double x) { return kBody + slab.at(x, end); };
    const Errors e = errors(*system, run.at(end), bar.coordinate(), exact_at, 0, slab.thickness);
    table.add(h, {e.mean_square, e.largest});
  }
  table.report();
  EXPECT_GT(table.order(0), 1.9);
  EXPECT_GT(table.order(1), 1.9);
  EXPECT_LT(table.finest_error(1), 1e-4 * slab.end_excess);
}

TEST_P(PennesSlab, Steady) {
  const exact::PennesSlab slab{{0.5, 3.78e6, 1908}, 50 * kMm, 23, 0};
  // The steady state does not depend on rho c: a small one gets there soon.
  const SegmentLaw law = law_of_plain({0.5, 1e4, 1908, 0, kBody});
  OrderTable table("Pennes slab, steady, " + name(GetParam()), {"rms K", "max K"});
  for (const double h : {5.0, 2.5, 1.25, 0.625}) {
    CaseConditions conditions;
    const Slab bar{GetParam(), slab.thickness, h * kMm, {law}, kBody, kBody + slab.end_excess};
    const auto system = bar.make(conditions);
    SteppedRun run(GetParam().method, *system, {[&](const Vec3&) { return kBody; }}, 5);
    const auto exact_at = [&](double x) { return kBody + slab.steady(x); };
    const Errors e = errors(*system, run.at(200), bar.coordinate(), exact_at, 0, slab.thickness);
    table.add(h * kMm, {e.mean_square, e.largest});
  }
  table.report();
  EXPECT_GT(table.order(0), 1.9);
  EXPECT_GT(table.order(1), 1.9);
  EXPECT_LT(table.finest_error(1), 1e-4 * slab.end_excess);
}

INSTANTIATE_TEST_SUITE_P(On, PennesSlab, all_schemes(), scheme_name);

}  // namespace
}  // namespace thermodose::verification
