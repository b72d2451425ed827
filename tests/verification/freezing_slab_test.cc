// Freezing of a half-space from a wall at -140 degC, on every engine.
// Implements: freezing over a range (-8..-1 degC) and Neumann's sharp front, which is run with a
// range of 0.2 K; the error that the range itself makes is the difference of two exact solutions
// and is reported beside the error of the run. Errors are means over times from 120 to 600 s,
// because the error of a front depends on where it is inside a cell.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "verification/schemes.h"
#include "verification/slab.h"

namespace thermodose::verification {
namespace {

using exact::Drive;
using exact::SimilarityFreezing;
using exact::Symmetry;

constexpr double kWall = kZeroCelsius - 140;

struct FreezingErrors {
  double profile, front;  ///< K, mm
};

/// Root mean squares over times against `solution`.
FreezingErrors freeze(const Scheme& scheme, const FreezingCase& data,
                      const SimilarityFreezing& solution, double spacing) {
  CaseConditions conditions;
  const SegmentLaw law = law_of_phases(data.zones(), data.unfrozen, data.initial);
  const Slab bar{scheme, 100 * kMm, spacing, {law}, kWall, data.initial};
  const auto system = bar.make(conditions);
  SteppedRun run(scheme.method, *system, {[&](const Vec3&) { return data.initial; }},
                 1000 * spacing);
  double profile = 0, front = 0;
  int times = 0;
  for (double t = 120; t <= 600; t += 40, ++times) {
    const std::vector<double>& temperature = run.at(t);
    const auto exact_at = [&](double x) { return solution.temperature(std::max(x, 1e-9), t); };
    const Errors e = errors(*system, temperature, bar.coordinate(), exact_at, 0, bar.length);
    profile += e.mean_square * e.mean_square;
    const double ours = crossing(*system, temperature, bar.axis(), data.liquidus);
    front += std::pow(ours - solution.outer_front(t), 2);
  }
  return {std::sqrt(profile / times), 1e3 * std::sqrt(front / times)};
}

class FreezingSlab : public ::testing::TestWithParam<Scheme> {};

TEST_P(FreezingSlab, OverRange) {
  const FreezingCase data;
  const SimilarityFreezing solution({Symmetry::slab, kWall, data.initial}, data.zones(),
                                    data.unfrozen);
  OrderTable table("Freezing slab, -8..-1 degC, " + name(GetParam()), {"rms K", "front mm"});
  for (const double h : {2.0, 1.0, 0.5, 0.25}) {
    const FreezingErrors e = freeze(GetParam(), data, solution, h * kMm);
    table.add(h * kMm, {e.profile, e.front});
  }
  table.report();
  EXPECT_GT(table.order(0), 1.5);
  EXPECT_GT(table.order(1), 1.3);
  EXPECT_LT(table.error(1, 0), 2e-3 * (data.initial - kWall));  // 1 mm
  EXPECT_LT(table.error(1, 1), 5e-3 * 1e3 * solution.outer_front(300));
}

TEST_P(FreezingSlab, Neumann) {
  FreezingCase data;
  data.solidus = data.liquidus - 0.2;
  const Drive drive{Symmetry::slab, kWall, data.initial};
  const SimilarityFreezing sharp(drive, data.sharp(), data.unfrozen);
  const SimilarityFreezing narrow(drive, data.zones(), data.unfrozen);
  OrderTable table("Neumann slab (range 0.2 K), " + name(GetParam()), {"rms K", "front mm"});
  for (const double h : {2.0, 1.0, 0.5, 0.25}) {
    const FreezingErrors e = freeze(GetParam(), data, sharp, h * kMm);
    table.add(h * kMm, {e.profile, e.front});
  }
  table.report();
  // What the range alone does, at 600 s.
  report_value("Neumann slab, front with a range of 0.2 K beside sharp, mm", "exact",
               {1e3 * narrow.outer_front(600), 1e3 * sharp.outer_front(600)});
  EXPECT_LT(std::abs(narrow.outer_front(600) / sharp.outer_front(600) - 1), 1e-4);
  EXPECT_GT(table.order(0), 1.0);
  EXPECT_GT(table.order(1), 0.9);
  EXPECT_LT(table.error(1, 0), 2e-3 * (data.initial - kWall));  // 1 mm
  EXPECT_LT(table.error(1, 1), 2e-2 * 1e3 * sharp.outer_front(300));
}

TEST_P(FreezingSlab, NeumannProfileAtOneMillimetre) {
  FreezingCase data;
  data.solidus = data.liquidus - 0.2;
  const SimilarityFreezing sharp({Symmetry::slab, kWall, data.initial}, data.sharp(),
                                 data.unfrozen);
  const SegmentLaw law = law_of_phases(data.zones(), data.unfrozen, data.initial);
  const Slab bar{GetParam(), 100 * kMm, kMm, {law}, kWall, data.initial};
  CaseConditions conditions;
  const auto system = bar.make(conditions);
  SteppedRun run(GetParam().method, *system, {[&](const Vec3&) { return data.initial; }}, 1);
  const std::vector<double>& temperature = run.at(600);
  const Coordinate x = bar.coordinate();
  for (const double at : {10.0, 20.0, 30.0, 40.0, 50.0}) {
    const double exact = sharp.temperature(at * kMm, 600);
    double ours = 0;
    for (std::size_t i = 0; i < system->size(); ++i) {
      if (std::abs(x(node(system->geometry(), i)) - at * kMm) < 1e-9) ours = temperature[i];
    }
    report_value(
        "Neumann slab, 600 s, 1 mm cells, T(" + std::to_string(static_cast<int>(at)) + " mm) degC",
        name(GetParam()), {ours - kZeroCelsius, exact - kZeroCelsius, data.initial - kWall});
    EXPECT_NEAR(ours, exact, 5e-3 * (data.initial - kWall));
  }
  const double front = crossing(*system, temperature, bar.axis(), data.liquidus);
  report_value("Neumann slab, 600 s, 1 mm cells, front mm", name(GetParam()),
               {1e3 * front, 1e3 * sharp.outer_front(600)});
  EXPECT_NEAR(front / sharp.outer_front(600), 1, 0.02);
}

INSTANTIATE_TEST_SUITE_P(On, FreezingSlab, all_schemes(), scheme_name);

}  // namespace
}  // namespace thermodose::verification
