// Freezing around a line sink and around a point sink, on every engine.
// Implements: Paterson's cylindrical and spherical similarity solutions, with the latent heat over
// -8..-1 degC (the exact solution has the same range) and sharp (run with 0.2 K; what that range
// alone does is reported from two exact solutions). The exact field is held inside a core that is
// frozen from the start; errors are means over times, because the error of a front depends on where
// it is in a cell.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "verification/order_table.h"
#include "verification/radial.h"
#include "verification/schemes.h"
#include "verification/tissues.h"

namespace thermodose::verification {
namespace {

using exact::SimilarityFreezing;
using exact::Symmetry;

struct Sink {
  std::string name;
  exact::Drive drive;
  double begin, end;  ///< s
  double core, size;  ///< m
};

// The front moves from 6.4 to 14.2 mm, and from 5.9 to 9.2 mm.
Sink line_sink() {
  return {"Line sink", {Symmetry::cylinder, 600, celsius(37)}, 120, 600, 4 * kMm, 20 * kMm};
}
Sink point_sink() {
  return {"Point sink", {Symmetry::sphere, 0.5, celsius(37)}, 150, 375, 4 * kMm, 16 * kMm};
}

/// Convergence to `solution` of runs with the range of `data`.
OrderTable converge(const Scheme& scheme, const Sink& sink, const FreezingCase& data,
                    const SimilarityFreezing& solution, const std::string& what) {
  const Profile profile = [&](double r, double t) { return solution.temperature(r, t); };
  const SegmentLaw law = law_of_phases(data.zones(), data.unfrozen, data.initial);
  const RadialCase field{sink.drive.symmetry, sink.core, sink.size, law, profile, sink.begin};
  OrderTable table(what + ", " + name(scheme), {"rms K", "front mm"});
  for (const double h : {2.0, 1.0, 0.5}) {
    RadialRun run(scheme, field, h * kMm, h);
    const int times = 12;
    double squares = 0, front = 0;
    for (int i = 1; i <= times; ++i) {
      const double t = sink.begin + (sink.end - sink.begin) * i / times;
      squares += std::pow(run.errors_at(t).mean_square, 2) / times;
      front += std::pow(run.front(data.liquidus) - solution.outer_front(t), 2) / times;
    }
    table.add(h * kMm, {std::sqrt(squares), 1e3 * std::sqrt(front)});
    if (h == 1) {
      report_value(what + ", front at the end, 1 mm cells, mm", name(scheme),
                   {1e3 * run.front(data.liquidus), 1e3 * solution.outer_front(sink.end)});
    }
  }
  table.report();
  return table;
}

void over_range(const Scheme& scheme, const Sink& sink) {
  const FreezingCase data;
  const SimilarityFreezing solution(sink.drive, data.zones(), data.unfrozen);
  const OrderTable table = converge(scheme, sink, data, solution, sink.name + ", -8..-1 degC");
  EXPECT_GT(table.order(0), 1.7);
  EXPECT_GT(table.order(1), 1.4);
  EXPECT_LT(table.error(1, 1), 0.015 * 1e3 * solution.outer_front(sink.begin));  // 1 mm
}

void sharp_front(const Scheme& scheme, const Sink& sink) {
  FreezingCase data;
  data.solidus = data.liquidus - 0.2;
  const SimilarityFreezing sharp(sink.drive, data.sharp(), data.unfrozen);
  const SimilarityFreezing narrow(sink.drive, data.zones(), data.unfrozen);
  const OrderTable table = converge(scheme, sink, data, sharp, sink.name + ", sharp (range 0.2 K)");
  const double ours = narrow.outer_front(sink.end), exact = sharp.outer_front(sink.end);
  report_value(sink.name + ", front with a range of 0.2 K beside sharp, mm", "exact",
               {1e3 * ours, 1e3 * exact});
  EXPECT_LT(std::abs(ours / exact - 1), 1e-3);
  EXPECT_GT(table.order(0), 0.9);
  EXPECT_GT(table.order(1), 0.9);
  EXPECT_LT(table.error(1, 1), 0.04 * 1e3 * sharp.outer_front(sink.begin));  // 1 mm
}

class FreezingCylinder : public ::testing::TestWithParam<Scheme> {};
class FreezingSphere : public ::testing::TestWithParam<Scheme> {};

TEST_P(FreezingCylinder, OverRange) { over_range(GetParam(), line_sink()); }
TEST_P(FreezingCylinder, Sharp) { sharp_front(GetParam(), line_sink()); }
TEST_P(FreezingSphere, OverRange) { over_range(GetParam(), point_sink()); }
TEST_P(FreezingSphere, Sharp) { sharp_front(GetParam(), point_sink()); }

INSTANTIATE_TEST_SUITE_P(On, FreezingCylinder, cylinder_schemes(), scheme_name);
INSTANTIATE_TEST_SUITE_P(On, FreezingSphere, sphere_schemes(), scheme_name);

}  // namespace
}  // namespace thermodose::verification
