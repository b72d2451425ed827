// Order of the integrators in the time step, on a fixed mesh.
// Implements: differences to a run with a very small step: transient Pennes slab (smooth), and
// freezing over a range, where the solution has kinks that move. No exact solution is needed: the
// mesh, and so its error, is the same throughout.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "verification/schemes.h"
#include "verification/slab.h"

namespace thermodose::verification {
namespace {

class TimeOrder : public ::testing::TestWithParam<Scheme> {};

/// Largest and root mean square differences of runs with `steps` (s) to one with `reference`.
OrderTable compare(const Slab& bar, double initial, double end, const std::vector<double>& steps,
                   double reference, const std::string& what) {
  const auto at_end = [&](double dt) {
    CaseConditions conditions;
    const auto system = bar.make(conditions);
    SteppedRun run(bar.scheme.method, *system, {[&](const Vec3&) { return initial; }}, dt);
    return run.at(end);
  };
  const std::vector<double> fine = at_end(reference);
  OrderTable table(what + ", " + name(bar.scheme), {"rms K", "max K"}, "dt s");
  for (const double dt : steps) {
    const std::vector<double> coarse = at_end(dt);
    double sum = 0, largest = 0;
    for (std::size_t i = 0; i < fine.size(); ++i) {
      const double e = std::abs(coarse[i] - fine[i]);
      sum += e * e / static_cast<double>(fine.size());
      largest = std::max(largest, e);
    }
    table.add(dt, {std::sqrt(sum), largest});
  }
  table.report();
  return table;
}

TEST_P(TimeOrder, Pennes) {
  const SegmentLaw law = law_of_plain({0.5, 3.78e6, 1908, 0, kBody});
  const Slab bar{GetParam(), 40 * kMm, kMm, {law}, kBody + 23, kBody};
  const OrderTable table = compare(bar, kBody, 240, {20, 10, 5, 2.5}, 0.05, "Pennes slab, 240 s");
  EXPECT_GT(table.order(0), 1.8);
  EXPECT_GT(table.order(1), 1.8);
}

TEST_P(TimeOrder, Freezing) {
  const FreezingCase data;
  const SegmentLaw law = law_of_phases(data.zones(), data.unfrozen, data.initial);
  const Slab bar{GetParam(), 60 * kMm, kMm, {law}, celsius(-140), data.initial};
  const OrderTable table =
      compare(bar, data.initial, 240, {8, 4, 2, 1}, 0.05, "Freezing slab, 240 s");
  EXPECT_GT(table.order(0), 1.0);
}

INSTANTIATE_TEST_SUITE_P(On, TimeOrder,
                         ::testing::Values(Scheme{Engine::grid}, Scheme{Engine::axisymmetric},
                                           Scheme{Engine::axisymmetric, Method::bdf2}),
                         scheme_name);

}  // namespace
}  // namespace thermodose::verification
