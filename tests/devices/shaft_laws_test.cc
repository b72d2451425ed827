// Implements: tests of the shaft laws: closed forms, throttling, thawing, corners, and a contract
// over the whole registry.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "devices/shaft_laws.h"

namespace thermodose::test {
namespace {

using Kind = SurfaceCondition::Kind;

/// Values for every registered law; a new law must be added here to pass the contract tests.
std::map<std::string, Values> known_laws() {
  return {{"surface_temperature", reference_values()},
          {"convective", convective_values()},
          {"temperature_table", table_values()}};
}

TEST(SurfaceTemperature, FallsLinearlyThenHolds) {
  const auto law = shaft_law("surface_temperature", reference_values());
  const auto first = freeze(0, 600, kBody);
  EXPECT_DOUBLE_EQ(law->at(0, first).temperature, kBody);
  EXPECT_DOUBLE_EQ(law->at(30, first).temperature, degc(-51.5));
  EXPECT_DOUBLE_EQ(law->at(60, first).temperature, degc(-140));
  EXPECT_DOUBLE_EQ(law->at(600, first).temperature, degc(-140));
  EXPECT_EQ(law->at(30, first).kind, Kind::temperature);
  EXPECT_EQ(law->corners(first), std::vector<double>{60});
  // The second freeze of the reference case: from +20 degC at 900 s.
  const auto second = freeze(900, 1500, degc(20));
  EXPECT_NEAR(law->at(930, second).temperature, degc(-60), 1e-10);
  EXPECT_EQ(law->corners(second), std::vector<double>{960});
}

TEST(SurfaceTemperature, FallsExponentially) {
  Values v = reference_values();
  v.texts["fall"] = "exponential";
  v.reals["fall_time"] = 15;
  const auto law = shaft_law("surface_temperature", v);
  const auto interval = freeze(100, 700, kBody);
  EXPECT_NEAR(law->at(145, interval).temperature, degc(-140 + 177 * std::exp(-3.0)), 1e-9);
  EXPECT_TRUE(law->corners(interval).empty());
}

TEST(SurfaceTemperature, PowerInterpolatesBetweenOffAndEnd) {
  Values v = reference_values();
  v.reals["off_temperature"] = degc(20);
  const auto law = shaft_law("surface_temperature", v);
  EXPECT_NEAR(law->at(600, freeze(0, 600, kBody, 0.5)).temperature, degc(-60), 1e-9);
  EXPECT_NEAR(law->at(600, freeze(0, 600, kBody, 0.25)).temperature, degc(-20), 1e-9);
}

TEST(SurfaceTemperature, CornersStayInsideTheInterval) {
  const auto law = shaft_law("surface_temperature", reference_values());
  EXPECT_TRUE(law->corners(freeze(0, 60, kBody)).empty());
  EXPECT_TRUE(law->corners(freeze(0, 40, kBody)).empty());
  EXPECT_EQ(law->corners(freeze(0, 61, kBody)).size(), 1U);
}

TEST(SurfaceTemperature, ActiveThawIsInstantOrRises) {
  const auto instant = shaft_law("surface_temperature", reference_values());
  const auto interval = active_thaw(780, 900, degc(-30), degc(20));
  EXPECT_DOUBLE_EQ(instant->at(780, interval).temperature, degc(20));
  EXPECT_TRUE(instant->corners(interval).empty());
  Values v = reference_values();
  v.reals["rise_time"] = 50;
  const auto rising = shaft_law("surface_temperature", v);
  EXPECT_NEAR(rising->at(805, interval).temperature, degc(-5), 1e-9);
  EXPECT_DOUBLE_EQ(rising->at(850, interval).temperature, degc(20));
  EXPECT_EQ(rising->corners(interval), std::vector<double>{830});
}

TEST(SurfaceTemperature, RefusesAnEndWarmerThanOff) {
  Values v = reference_values();
  v.reals["off_temperature"] = degc(0);
  v.reals["end_temperature"] = degc(0);
  EXPECT_EQ(shaft_law("surface_temperature", v)->check().size(), 1U);
  EXPECT_TRUE(shaft_law("surface_temperature", reference_values())->check().empty());
}

TEST(Convective, FollowsTheCryogenAndThawsWithItsOwnCoefficient) {
  const auto law = shaft_law("convective", convective_values());
  const auto cold = law->at(30, freeze(0, 600, kBody));
  EXPECT_EQ(cold.kind, Kind::convective);
  EXPECT_NEAR(cold.temperature, degc(-150 + 187 * std::exp(-2.0)), 1e-9);
  EXPECT_DOUBLE_EQ(cold.coefficient, 4000);
  const auto warm = law->at(800, active_thaw(780, 900, degc(-30), degc(40)));
  EXPECT_DOUBLE_EQ(warm.temperature, degc(40));
  EXPECT_DOUBLE_EQ(warm.coefficient, 800);
  EXPECT_DOUBLE_EQ(law->profile(0.3), 1);
}

TEST(Convective, ProfileIsLinearBetweenPointsAndHeldOutside) {
  Values v = convective_values();
  v.curves["profile"] = {{0.2, 0.5}, {0.6, 1.5}};
  const auto law = shaft_law("convective", v);
  EXPECT_DOUBLE_EQ(law->profile(0), 0.5);
  EXPECT_DOUBLE_EQ(law->profile(0.4), 1.0);
  EXPECT_DOUBLE_EQ(law->profile(1), 1.5);
}

TEST(TemperatureTable, IsTheCurveWhenItBeginsWhereTheCurveBegins) {
  const auto law = shaft_law("temperature_table", table_values());
  const auto interval = freeze(0, 600, kBody);
  EXPECT_NEAR(law->at(5, interval).temperature, degc(-6.5), 1e-9);
  EXPECT_NEAR(law->at(40, interval).temperature, degc(-145), 1e-9);
  EXPECT_DOUBLE_EQ(law->at(500, interval).temperature, degc(-140));
}

TEST(TemperatureTable, KeepsItsShapeFromElsewhereAndThrottled) {
  const auto law = shaft_law("temperature_table", table_values());
  EXPECT_DOUBLE_EQ(law->at(100, freeze(100, 700, degc(20))).temperature, degc(20));
  EXPECT_DOUBLE_EQ(law->at(160, freeze(100, 700, degc(20))).temperature, degc(-140));
  const double phi = 87.0 / 177;
  EXPECT_NEAR(law->at(110, freeze(100, 700, degc(20))).temperature, degc(20 - phi * 160), 1e-9);
  EXPECT_NEAR(law->at(160, freeze(100, 700, kBody, 0.5)).temperature, degc(-51.5), 1e-9);
}

TEST(TemperatureTable, DenselyMeasuredCurveHasFewCorners) {
  Values v = table_values();
  Curve dense;
  for (int i = 0; i <= 600; ++i) {
    const double t = i < 60 ? 37 - 177.0 * i / 60 : -140 + 0.3 * std::sin(i);
    dense.emplace_back(i, degc(t));
  }
  v.curves["temperature"] = dense;
  const auto law = shaft_law("temperature_table", v);
  const auto corners = law->corners(freeze(0, 1000, kBody));
  EXPECT_GE(corners.size(), 2U);
  EXPECT_LE(corners.size(), 4U);
  EXPECT_NEAR(corners.front(), 60, 1);
  EXPECT_DOUBLE_EQ(corners.back(), 600);
  EXPECT_EQ(shaft_law("temperature_table", table_values())->corners(freeze(0, 600, kBody)),
            (std::vector<double>{10, 20, 40, 60}));
}

TEST(TemperatureTable, RefusesBadCurves) {
  Values v = table_values();
  v.curves["temperature"] = {{0, kBody}};
  EXPECT_EQ(shaft_law("temperature_table", v)->check().size(), 1U);
  v.curves["temperature"] = {{1, kBody}, {2, degc(-100)}};
  EXPECT_EQ(shaft_law("temperature_table", v)->check().size(), 1U);
  v.curves["temperature"] = {{0, degc(-100)}, {2, degc(-100)}};
  EXPECT_EQ(shaft_law("temperature_table", v)->check().size(), 1U);
}

TEST(ShaftLawContract, EveryRegisteredLawIsTested) {
  for (const auto* entry : registry::entries("shaft_law")) {
    EXPECT_EQ(known_laws().count(entry->name), 1U) << entry->name;
    EXPECT_FALSE(entry->summary.empty());
  }
}

TEST(ShaftLawContract, StartsFromTheSurfaceStaysInRangeAndIsPassiveWhenOff) {
  for (const auto& [name, values] : known_laws()) {
    const auto law = shaft_law(name, values);
    EXPECT_TRUE(law->check().empty()) << name;
    const auto [cold, warm] = law->temperature_range();
    for (const double from : {kBody, degc(20), degc(-60), degc(40)}) {
      for (const double power : {1.0, 0.4}) {
        const auto interval = freeze(50, 650, from, power);
        EXPECT_DOUBLE_EQ(law->at(50, interval).temperature, from) << name;
        for (double t = 50; t <= 650; t += 0.5) {
          const auto c = law->at(t, interval);
          EXPECT_NE(c.kind, Kind::zero_flux);
          EXPECT_GE(c.temperature, cold) << name << " at " << t;
          EXPECT_LE(c.temperature, warm) << name << " at " << t;
        }
      }
    }
    // A long freeze ends at the same temperature, wherever it began.
    const double end = law->at(1e5, freeze(0, 2e5, kBody)).temperature;
    for (double from = degc(-80); from < degc(40); from += 0.37) {
      EXPECT_DOUBLE_EQ(law->at(1e5, freeze(0, 2e5, from)).temperature, end) << name;
    }
    ProbeInterval idle = freeze(0, 10, kBody);
    for (const ProbeMode mode : {ProbeMode::off, ProbeMode::passive_thaw}) {
      idle.mode = mode;
      EXPECT_EQ(law->at(5, idle).kind, Kind::zero_flux) << name;
      EXPECT_TRUE(law->corners(idle).empty()) << name;
    }
  }
}

TEST(ShaftLawContract, MorePowerIsColderAndConditionsAreContinuous) {
  for (const auto& [name, values] : known_laws()) {
    const auto law = shaft_law(name, values);
    const auto full = freeze(0, 600, kBody, 1);
    const auto half = freeze(0, 600, kBody, 0.5);
    for (double t = 1; t <= 600; t += 1) {
      EXPECT_LT(law->at(t, full).temperature, law->at(t, half).temperature) << name << " " << t;
      // No law falls faster than 20 K/s here, so no jump hides between two instants.
      EXPECT_NEAR(law->at(t, full).temperature, law->at(t - 1e-3, full).temperature, 2e-2) << name;
    }
  }
}

TEST(Cryoprobe, ChecksItsGeometryAndItsLaw) {
  const auto make = [] {
    return std::dynamic_pointer_cast<Cryoprobe>(registry::find("device", "cryoprobe")->make());
  };
  Values v;
  v.reals = {{"diameter", 1.5e-3}, {"active_length", 35e-3}};
  auto probe = make();
  set_keys(*probe, v);
  EXPECT_DOUBLE_EQ(probe->dead_tip, 0);
  EXPECT_EQ(probe->check().size(), 1U);  // no law yet
  probe->law_object = shaft_law("surface_temperature", reference_values());
  EXPECT_TRUE(probe->check().empty());
  EXPECT_DOUBLE_EQ(probe->law().at(60, freeze(0, 600, kBody)).temperature, degc(-140));
  v.reals["active_length"] = 1e-3;
  auto short_one = make();
  set_keys(*short_one, v);
  short_one->law_object = probe->law_object;
  EXPECT_EQ(short_one->check().size(), 1U);
}

}  // namespace
}  // namespace thermodose::test
