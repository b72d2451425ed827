// Slabs of several tissues that meet on cell faces, on every engine.
// Implements: steady temperature in three layers with perfusion and a source in one of them; two
// bodies that touch (transient); a thin gas layer between two tissues (transient, its face
// temperatures).
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "verification/exact_layers.h"
#include "verification/schemes.h"
#include "verification/slab.h"

namespace thermodose::verification {
namespace {

constexpr double kPerfect = std::numeric_limits<double>::infinity();

class Layers : public ::testing::TestWithParam<Scheme> {};

TEST_P(Layers, SteadyStack) {
  const std::vector<exact::Layer> layers = {{8 * kMm, 0.21, 0, 0, kPerfect},
                                            {12 * kMm, 0.5, 5000, 2000, kPerfect},
                                            {20 * kMm, 2, 0, 0, kPerfect}};
  const exact::SteadyStack stack(layers, -30, 10);
  std::vector<SegmentLaw> laws;
  // The steady state does not depend on rho c.
  for (const exact::Layer& layer : layers) {
    laws.push_back(law_of_plain({layer.k, 2e4, layer.w, layer.source, kBody}));
  }
  const auto tissue = [](double x) { return x < 8 * kMm ? 0 : x < 20 * kMm ? 1 : 2; };
  OrderTable table("Three layers, steady, " + name(GetParam()), {"rms K", "max K"});
  for (const double h : {4.0, 2.0, 1.0, 0.5}) {
    CaseConditions conditions;
    const Slab bar{GetParam(), 40 * kMm, h * kMm, laws, kBody - 30, kBody + 10, tissue};
    const auto system = bar.make(conditions);
    SteppedRun run(GetParam().method, *system, {[](const Vec3&) { return kBody; }}, 5);
    const auto exact_at = [&](double x) { return kBody + stack.at(x); };
    const Errors e = errors(*system, run.at(200), bar.coordinate(), exact_at, 0, bar.length);
    table.add(h * kMm, {e.mean_square, e.largest});
  }
  table.report();
  EXPECT_GT(table.order(0), 0.9);
}

TEST_P(Layers, BodiesInContact) {
  const exact::Body ice{{2, 1.8e6}, celsius(-40)}, tissue{{0.5, 3.6e6}, kBody};
  const exact::TwoBodies bodies(ice, tissue, kPerfect);
  const double begin = 20, end = 60, middle = 64 * kMm;  // the ends stay at rest
  const auto at = [&](double x, double t) {
    return x < middle ? bodies.first(middle - x, t) : bodies.second(x - middle, t);
  };
  const std::vector<SegmentLaw> laws = {law_of_plain({2, 1.8e6, 0, 0, kBody}),
                                        law_of_plain({0.5, 3.6e6, 0, 0, kBody})};
  OrderTable table("Two bodies in contact, 20-60 s, " + name(GetParam()), {"rms K", "max K"});
  for (const double h : {2.0, 1.0, 0.5, 0.25}) {
    CaseConditions conditions;
    const Slab bar{GetParam(), 96 * kMm, h * kMm, laws, ice.initial, kBody, [&](double x) {
                     return x < middle ? 0 : 1;
                   }};
    const auto system = bar.make(conditions);
    const Coordinate x = bar.coordinate();
    const Start start{[&](const Vec3& p) { return at(x(p), begin); }, begin};
    SteppedRun run(GetParam().method, *system, start, h);
    const auto exact_at = [&](double s) { return at(s, end); };
    const Errors e = errors(*system, run.at(end), x, exact_at, 0, bar.length);
    table.add(h * kMm, {e.mean_square, e.largest});
  }
  table.report();
  EXPECT_GT(table.order(0), 1.9);
  EXPECT_GT(table.order(1), 1.9);
}

TEST_P(Layers, GasLayer) {
  // CO2, 2 mm; the heat capacity of the gas is neglected by the exact solution and small here.
  const double gap = 2 * kMm, k_gas = 0.01663, middle = 40 * kMm;
  const exact::Phase phase{0.5, 1050.0 * 3600};
  const exact::TwoBodies bodies({phase, celsius(-40)}, {phase, kBody}, k_gas / gap);
  const std::vector<SegmentLaw> laws = {law_of_plain({phase.k, phase.rho_c, 0, 0, kBody}),
                                        law_of_plain({k_gas, 1200, 0, 0, kBody})};
  const auto tissue = [&](double x) { return x > middle && x < middle + gap ? 1 : 0; };
  OrderTable table("CO2 layer of 2 mm, warm face at 300 s, " + name(GetParam()), {"face K"});
  for (const double h : {2.0, 1.0, 0.5}) {
    CaseConditions conditions;
    const Slab bar{GetParam(), 82 * kMm, h * kMm, laws, celsius(-40), kBody, tissue};
    const auto system = bar.make(conditions);
    const auto a = static_cast<std::size_t>(bar.axis());
    SteppedRun run(GetParam().method, *system,
                   {[&](const Vec3& p) { return p[a] < middle + gap / 2 ? celsius(-40) : kBody; }},
                   h);
    const std::vector<double>& temperature = run.at(300);
    double face = 0;
    for (std::size_t i = 0; i < system->size(); ++i) {
      if (std::abs(node(system->geometry(), i)[a] - middle - gap) < 1e-9) face = temperature[i];
    }
    table.add(h * kMm, {std::abs(face - bodies.second(0, 300))});
    if (h == 1)
      report_value("CO2 layer of 2 mm, warm face at 300 s, 1 mm cells, degC", name(GetParam()),
                   {face - kZeroCelsius, bodies.second(0, 300) - kZeroCelsius, 77});
  }
  table.report();
  EXPECT_GT(table.order(0), 0.9);
  EXPECT_LT(table.error(1, 0), 0.01 * 77);
}

INSTANTIATE_TEST_SUITE_P(On, Layers, all_schemes(), scheme_name);

}  // namespace
}  // namespace thermodose::verification
