// Implements: the contract of every registered law (a new law is tested as soon as it exists),
// and the closed form of each.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "base/registry.h"
#include "physics/test_tissues.h"

namespace thermodose {
namespace {

using testing::celsius;
using testing::kBody;
using testing::make_law;

/// Keys that an entry needs before it can be evaluated. A law with required keys that is not
/// listed here fails the contract test, which names it.
std::shared_ptr<Configurable> ready(const std::string& registry_name, const RegistryEntry& entry) {
  const std::string id = registry_name + "/" + entry.name;
  testing::MapKeys keys;
  if (id == "conductivity/linear_limited") keys.reals_si = {{"slope", 0.0033}};
  if (entry.name == "table")
    keys.curves = {{"points", {{celsius(-20), 0.9}, {celsius(37), 1.0}, {celsius(90), 1.45}}}};
  if (id == "freezing/linear")
    keys.reals_si = {{"solidus", celsius(-8)}, {"liquidus", celsius(-1)}, {"water_fraction", 0.75}};
  if (id == "perfusion/stops_below")
    keys.reals_si = {{"temperature", celsius(-1.15)}, {"width", 1.0}};
  auto law = entry.make();
  law->keys(keys);
  EXPECT_TRUE(keys.required_missing.empty())
      << id << ": give this test a value of " << *keys.required_missing.begin();
  EXPECT_TRUE(law->check().empty()) << id;
  EXPECT_FALSE(entry.summary.empty()) << id;
  return law;
}

/// A tissue with one of its laws replaced.
Tissue with(const std::string& registry_name, const std::shared_ptr<Configurable>& law) {
  Tissue tissue = testing::reference_tissue();
  tissue.metabolic_heat = {500, "W/m3"};
  if (registry_name == "conductivity") tissue.conductivity_law = law;
  if (registry_name == "capacity") tissue.capacity_law = law;
  if (registry_name == "frozen_conductivity") tissue.frozen_conductivity_law = law;
  if (registry_name == "perfusion") tissue.perfusion_law = law;
  if (registry_name == "freezing") {
    tissue.freezing_law = law;
    if (!tissue.freezes()) tissue.frozen_conductivity = tissue.frozen_heat_capacity = {};
  }
  return tissue;
}

bool near_kink(const Tissue& tissue, double t) {
  for (const double knot : tissue.knots())
    if (std::abs(t - knot) < 0.01) return true;
  return false;
}

void expect_contract(const Tissue& tissue, const std::string& id) {
  ASSERT_TRUE(tissue.check().empty()) << id << ": " << tissue.check().front();
  double h_before = tissue.enthalpy(celsius(-220), kBody);
  double f_before = 0;
  for (double t = celsius(-219.7); t < celsius(130); t += 0.3) {
    const double h = tissue.enthalpy(t, kBody);
    EXPECT_GT(h, h_before) << id << " at " << t;
    h_before = h;
    const double k = tissue.conductivity(t);
    EXPECT_TRUE(std::isfinite(k) && k > 0) << id << " at " << t;
    const double p = tissue.perfusion_factor(t);
    EXPECT_TRUE(0 <= p && p <= 1) << id << " at " << t;
    const double f = tissue.unfrozen_fraction(t);
    EXPECT_TRUE(f_before <= f && f <= 1) << id << " at " << t;
    f_before = f;
    EXPECT_NEAR(tissue.source(t), p * (20e3 * (kBody - t) + 500), 1e-6) << id;
    if (near_kink(tissue, t)) continue;
    const double d = 1e-3;
    const double slope = tissue.enthalpy(t + d, t - d) / (2 * d);
    EXPECT_NEAR(slope / tissue.capacity(t), 1, 1e-6) << id << " at " << t;
    const double dk = tissue.conductivity_integral(t - d, t + d) / (2 * d);
    EXPECT_NEAR(dk / k, 1, 1e-6) << id << " at " << t;
    // Continuous: no law may jump, at a kink or elsewhere.
    EXPECT_NEAR(tissue.conductivity(t + d) / k, 1, 0.01) << id << " at " << t;
  }
  // Exactly additive, whatever the reference.
  EXPECT_NEAR(tissue.enthalpy(celsius(-100), celsius(60)),
              tissue.enthalpy(celsius(-100), kBody) + tissue.enthalpy(kBody, celsius(60)),
              1e-9 * 1e9);
}

TEST(LawContract, EveryRegisteredLaw) {
  int laws = 0;
  for (const char* name :
       {"conductivity", "capacity", "frozen_conductivity", "freezing", "perfusion"}) {
    ASSERT_FALSE(registry::entries(name).empty()) << name;
    for (const RegistryEntry* entry : registry::entries(name)) {
      expect_contract(with(name, ready(name, *entry)), std::string(name) + "/" + entry->name);
      ++laws;
    }
  }
  EXPECT_GE(laws, 12);
}

TEST(LawContract, RichTissue) {
  Tissue tissue = testing::rich_tissue();
  tissue.metabolic_heat = {500, "W/m3"};
  expect_contract(tissue, "rich");
}

TEST(Laws, LinearLimitedIsHeldOutsideItsLimits) {
  const auto tissue =
      with("conductivity", make_law("conductivity", "linear_limited", {{"slope", 0.0017}}));
  EXPECT_DOUBLE_EQ(tissue.conductivity(celsius(10)), 0.5);
  EXPECT_DOUBLE_EQ(tissue.conductivity(celsius(37)), 0.5);
  EXPECT_NEAR(tissue.conductivity(celsius(67)), 0.5 + 0.0017 * 30, 1e-12);
  EXPECT_NEAR(tissue.conductivity(celsius(140)), 0.5 + 0.0017 * 63, 1e-12);
}

TEST(Laws, LinearLimitedMustHold37) {
  const auto law =
      make_law("conductivity", "linear_limited", {{"slope", 0.0017}, {"lower_limit", celsius(40)}});
  ASSERT_EQ(law->check().size(), 1U);
  EXPECT_NE(law->check().front().find("37 degC"), std::string::npos);
}

TEST(Laws, TableInterpolatesAndMustBeOneAt37) {
  const auto tissue = with(
      "capacity", make_law("capacity", "table", {},
                           {{"points", {{celsius(37), 1}, {celsius(65), 1}, {celsius(85), 1.2}}}}));
  EXPECT_NEAR(tissue.capacity(celsius(75)), 1050 * 3600 * 1.1, 1e-6);
  EXPECT_NEAR(tissue.capacity(celsius(99)), 1050 * 3600 * 1.2, 1e-6);
  const auto wrong =
      make_law("capacity", "table", {}, {{"points", {{celsius(20), 1.0}, {celsius(60), 1.4}}}});
  EXPECT_EQ(wrong->check().size(), 1U);
  EXPECT_EQ(make_law("conductivity", "table")->check().size(), 1U);  // no points
}

TEST(Laws, IceShapeFollowsInverseKelvin) {
  const auto tissue = with("frozen_conductivity", make_law("frozen_conductivity", "ice_shape"));
  EXPECT_DOUBLE_EQ(tissue.conductivity(celsius(-8)), 2.0);
  EXPECT_NEAR(tissue.conductivity(200), 2.0 * 265.15 / 200, 1e-12);
  EXPECT_NEAR(tissue.conductivity(celsius(-190)), 2.0 * 265.15 / 123.15, 1e-12);  // held
  // The law of ice itself: 2.22 W/m/K at 0 degC grows as 273.15/T.
  const auto ice = with("frozen_conductivity", make_law("frozen_conductivity", "ice_shape",
                                                        {{"reference_temperature", celsius(0)}}));
  EXPECT_NEAR(ice.conductivity(150) / ice.conductivity(250), 250.0 / 150, 1e-12);
}

TEST(Laws, WaterFractionIsTimes334) {
  const auto law =
      make_law("freezing", "linear",
               {{"solidus", celsius(-8)}, {"liquidus", celsius(-1)}, {"water_fraction", 0.5}});
  EXPECT_DOUBLE_EQ(dynamic_cast<const FreezingLaw&>(*law).latent_heat(), 167e3);
}

TEST(Laws, FreezingRangeAndLatentHeatAreChecked) {
  const auto problems = [](std::map<std::string, double> reals) {
    return make_law("freezing", "linear", reals)->check().size();
  };
  const double s = celsius(-8), l = celsius(-1);
  EXPECT_EQ(problems({{"solidus", s}, {"liquidus", l}, {"latent_heat", 250e3}}), 0U);
  EXPECT_EQ(problems({{"solidus", l}, {"liquidus", s}, {"latent_heat", 250e3}}), 1U);
  EXPECT_EQ(problems({{"solidus", s}, {"liquidus", s}, {"latent_heat", 250e3}}), 1U);
  EXPECT_EQ(problems({{"solidus", s}, {"liquidus", l}}), 1U);
  EXPECT_EQ(
      problems({{"solidus", s}, {"liquidus", l}, {"latent_heat", 250e3}, {"water_fraction", 0.7}}),
      1U);
}

TEST(Laws, StopsBelowIsARamp) {
  const auto tissue = with("perfusion", make_law("perfusion", "stops_below",
                                                 {{"temperature", celsius(5)}, {"width", 2.0}}));
  EXPECT_EQ(tissue.perfusion_factor(celsius(5)), 1);
  EXPECT_NEAR(tissue.perfusion_factor(celsius(4.5)), 0.75, 1e-12);
  EXPECT_EQ(tissue.perfusion_factor(celsius(3)), 0);
}

}  // namespace
}  // namespace thermodose
