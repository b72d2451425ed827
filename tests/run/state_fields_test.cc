// Implements: tests of run/state_fields.h on the grid engine: temperatures and the Kirchhoff
// variable of a state, with one tissue and with two.
#include "run/state_fields.h"

#include <gtest/gtest.h>

#include <cmath>

#include "run/isotherm_recorder.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

CaseText two_tissues() {
  CaseText c;
  c.materials = plain_material("metal_like", "15 W/m/K");
  c.regions =
      "[{name: block, shape: {box: {center: 0 0 8 mm, size: 20 20 8 mm}}, tissue: metal_like}]";
  return c;
}

/// A temperature for every node, in K, from well frozen to warm.
double wanted(std::size_t i) { return kelvin(-120 + double(i * 37 % 161)); }

template <class Real>
std::vector<Real> state_of(const HeatSystem<Real>& system) {
  std::vector<Real> y(system.size(), Real(0));
  for (const auto& run : system.all_runs())
    for (std::size_t i = run.begin; i < run.end; ++i)
      y[i] = static_cast<Real>(system.laws()[std::size_t(run.law)].enthalpy(wanted(i)));
  return y;
}

template <class Real>
class StateFieldsTest : public ::testing::Test {};
using Precisions = ::testing::Types<float, double>;
struct PrecisionName {
  template <class Real>
  static std::string GetName(int) {
    return sizeof(Real) == 4 ? "float" : "double";
  }
};
TYPED_TEST_SUITE(StateFieldsTest, Precisions, PrecisionName);

TYPED_TEST(StateFieldsTest, MeasureAndTemperatureAreInverse) {
  Assembly<TypeParam> a(read(CaseText{}));
  const StateFields<TypeParam> fields(*a.engine.system);
  double before = -1e300;
  for (double celsius = -150; celsius <= 90; celsius += 0.37) {
    const double theta = fields.measure(kelvin(celsius));
    EXPECT_GT(theta, before) << celsius;
    before = theta;
    EXPECT_NEAR(fields.temperature_of(theta), kelvin(celsius), 2e-6) << celsius;
  }
  EXPECT_NEAR(fields.measure(kelvin(37)), 0, 1e-12);
  // int k dT from 37 to -1 degC at 0.5 W/m/K, then 0.5 -> 2.0 to -8, then 2.0.
  EXPECT_NEAR(fields.measure(kelvin(-1)), -19, 1e-3);
  EXPECT_NEAR(fields.measure(kelvin(-8)), -19 - 7 * 1.25, 1e-3);
  EXPECT_NEAR(fields.measure(kelvin(-50)), -19 - 7 * 1.25 - 84, 1e-3);
}

TYPED_TEST(StateFieldsTest, NodesOfOneTissue) {
  Assembly<TypeParam> a(read(CaseText{}));
  auto& system = *a.engine.system;
  StateFields<TypeParam> fields(system);
  const auto y = state_of(system);
  fields.update(y.data());
  std::vector<bool> seen(system.size(), false);
  for (const auto& run : system.active_runs())
    for (std::size_t i = run.begin; i < run.end; ++i) {
      seen[i] = true;
      EXPECT_NEAR(fields.temperature()[i], wanted(i), 2e-4);
      EXPECT_NEAR(fields.kirchhoff()[i], fields.measure(wanted(i)), 2e-4);
      EXPECT_NEAR(fields.temperature_at_node(i, y.data()), wanted(i), 2e-4);
    }
  for (std::size_t i = 0; i < system.size(); ++i) {
    if (seen[i]) continue;
    EXPECT_FLOAT_EQ(fields.temperature()[i], 310.15F) << "outside the active box";
    EXPECT_EQ(fields.kirchhoff()[i], 0);
  }
}

// The measure between nodes is that of the background also where another tissue is: one function
// of temperature for the whole domain, so that isotherms do not jump at borders.
TYPED_TEST(StateFieldsTest, NodesOfTwoTissues) {
  Assembly<TypeParam> a(read(two_tissues()));
  auto& system = *a.engine.system;
  ASSERT_GT(system.laws().size(), 2U) << "nodes at the border have laws of their own";
  StateFields<TypeParam> fields(system);
  const auto y = state_of(system);
  fields.update(y.data());
  int in_block = 0;
  for (const auto& run : system.active_runs())
    for (std::size_t i = run.begin; i < run.end; ++i) {
      in_block += run.law;
      EXPECT_NEAR(fields.temperature()[i], wanted(i), 2e-4) << run.law;
      EXPECT_NEAR(fields.temperature_at_node(i, y.data()), wanted(i), 2e-4) << run.law;
      EXPECT_NEAR(fields.kirchhoff()[i], fields.measure(wanted(i)), 1e-3) << run.law;
    }
  EXPECT_GT(in_block, 20);
}

// theta linear in x: the isotherm is a plane whose place is known exactly.
TYPED_TEST(StateFieldsTest, IsothermsLieAtTheirTemperatures) {
  CaseText c;
  c.faces = "all: {convection: 1 W/m2/K, ambient: 20 degC}";  // so that every node is active
  Assembly<TypeParam> a(read(c));
  auto& system = *a.engine.system;
  StateFields<TypeParam> fields(system);
  const double cold = fields.measure(kelvin(-80)), warm = fields.measure(kelvin(36));
  const auto& g = system.geometry();
  std::vector<TypeParam> y(system.size(), TypeParam(0));
  for (const auto& run : system.all_runs())
    for (std::size_t i = run.begin; i < run.end; ++i) {
      const double share = double(i % 17) / 16;
      y[i] = static_cast<TypeParam>(
          system.laws()[0].enthalpy(fields.temperature_of(cold + share * (warm - cold))));
    }
  fields.update(y.data());
  const std::vector<double> levels = {kelvin(0), kelvin(-20), kelvin(38)};
  IsothermRecorder<TypeParam> recorder(levels, kelvin(37), {{1, 0, 0}});
  Frame<TypeParam> frame;
  frame.instant.time = 7;
  frame.system = &system;
  frame.state = y.data();
  frame.fields = &fields;
  recorder.instant(frame);
  EXPECT_TRUE(recorder.records().empty()) << "not asked for at this instant";
  frame.instant.isotherms = true;
  recorder.instant(frame);
  ASSERT_EQ(recorder.records().size(), 3U);
  for (std::size_t n = 0; n < 2; ++n) {
    const auto& r = recorder.records()[n];
    EXPECT_EQ(r.time, 7);
    EXPECT_TRUE(r.below);
    const double place = g.origin[0] + 40e-3 * (fields.measure(levels[n]) - cold) / (warm - cold);
    EXPECT_NEAR(r.measure.upper[0], place, 1e-6) << levels[n];
  }
  EXPECT_FALSE(recorder.records()[2].below);
  EXPECT_EQ(recorder.records()[2].measure.volume, 0);
}

// Nodes in any order, twice, of two tissues: theirs and no others.
TYPED_TEST(StateFieldsTest, TemperaturesOfSomeNodes) {
  Assembly<TypeParam> a(read(two_tissues()));
  auto& system = *a.engine.system;
  const auto y = state_of(system);
  std::vector<std::size_t> nodes;
  for (std::size_t n = system.size(); n-- > 0;)
    if (n % 7 == 2 || n % 11 < 3) nodes.push_back(n);
  std::vector<bool> asked(system.size(), false);
  for (const std::size_t n : nodes) asked[n] = true;
  nodes.push_back(nodes.front());
  SomeTemperatures<TypeParam> some(system, nodes);
  some.update(y.data());
  for (std::size_t i = 0; i < system.size(); ++i) {
    if (asked[i]) {
      EXPECT_NEAR(some.values()[i], wanted(i), 2e-4);
    } else {
      EXPECT_TRUE(std::isnan(some.values()[i]));
    }
  }
}

}  // namespace
}  // namespace thermodose::run_test
