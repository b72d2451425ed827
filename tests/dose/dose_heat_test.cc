// Implements: the models of damage by heat against closed forms at constant temperature and along
// ramps, against dense integration along traces, and against reference values of the three-state
// model.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "dose/dose_fixture.h"
#include "dose/exponential.h"

namespace thermodose::test {
namespace {

template <class Real>
class DoseHeat : public ::testing::Test {};
using Precisions = ::testing::Types<float, double>;
TYPED_TEST_SUITE(DoseHeat, Precisions, );  // the last comma: GoogleTest's macro is variadic

using Trace = std::function<double(double)>;  // degC at s

Values reals(std::map<std::string, double> values) {
  Values v;
  v.reals = std::move(values);
  return v;
}

Values set(const std::string& name, double from_celsius) {
  Values v = reals({{"counts_from", degc(from_celsius)}});
  v.texts["set"] = name;
  return v;
}

/// Field `index` of one node after `steps` equal steps along the trace.
template <class Real>
double along(const std::string& model, const Values& values, const Trace& trace, double duration,
             int steps, std::size_t index = 0) {
  Driver<Real> d(dose_model(model, values), {{0, 1, 0}}, {trace(0)});
  for (int s = 1; s <= steps; ++s) d.step(duration / steps, {trace(duration * s / steps)});
  return d.values(index)[0];
}

Trace constant(double celsius) {
  return [celsius](double) { return celsius; };
}

/// int rate(T(t)) dt by the midpoint rule in parts of 1 ms, independent of the solver's formulas.
double dense(const Trace& trace, double duration, const std::function<double(double)>& rate) {
  const int parts = static_cast<int>(duration * 1000);
  double sum = 0;
  for (int i = 0; i < parts; ++i) sum += rate(trace((i + 0.5) * 1e-3));
  return sum * 1e-3;
}

double cem_rate(double c) { return std::pow(c >= 43 ? 0.5 : 0.25, 43 - c) / 60; }
double liver_rate(double c) { return 7.39e39 * std::exp(-2.577e5 / (8.314 * (c + 273.15))); }

/// -60 degC and back, then 75 degC and back.
double freeze_then_heat(double t) {
  return t < 300 ? 37 - 97 * std::pow(std::sin(M_PI * t / 300), 2)
                 : 37 + 38 * std::pow(std::sin(M_PI * (t - 300) / 240), 2);
}

/// 37 to 90 degC and back in five minutes.
double heating(double t) { return 37 + 53 * std::pow(std::sin(M_PI * t / 300), 2); }

TEST(DoseExponential, IsExactToSinglePrecision) {
  for (int i = -8600; i <= 8600; ++i) {
    const float x = 0.01F * float(i) + 1e-3F;
    EXPECT_NEAR(double(dose::fast_exp(x)) / std::exp(double(x)), 1, 2e-7) << x;
  }
  EXPECT_TRUE(std::isfinite(dose::fast_exp(1e6F)));
  EXPECT_LT(dose::fast_exp(-1e6F), 2e-38F);
  EXPECT_EQ(dose::mean_decay(0), 1);
  for (int i = 1; i <= 8000; ++i) {
    const float x = 0.01F * float(i);
    EXPECT_NEAR(double(dose::mean_decay(x)) / (-std::expm1(-double(x)) / double(x)), 1, 5e-7) << x;
  }
}

TYPED_TEST(DoseHeat, Cem43AtConstantTemperature) {
  // Seconds to 240 min.
  const std::map<double, double> times = {{43, 14400},  {45, 3600},     {50, 112.5},
                                          {55, 3.5156}, {60, 0.109863}, {70, 1.0729e-4}};
  for (const auto& [celsius, seconds] : times) {
    EXPECT_NEAR(along<TypeParam>("cem43", {}, constant(celsius), seconds, 3), 240, 240 * 3e-5)
        << celsius;
  }
  EXPECT_NEAR(along<TypeParam>("cem43", {}, constant(41), 600, 1), 10.0 / 16, 1e-5);
  EXPECT_EQ(along<TypeParam>("cem43", {}, constant(37), 600, 1), 0);
}

TYPED_TEST(DoseHeat, Cem43OfARampDoesNotDependOnSteps) {
  const Trace ramp = [](double t) { return 43 + 0.1 * t; };
  const Trace back = [](double t) { return 60 - 0.1 * t; };
  for (const int steps : {1, 7, 170, 3400}) {
    EXPECT_NEAR(along<TypeParam>("cem43", {}, ramp, 170, steps), 31515.9, 0.4) << steps;
    EXPECT_NEAR(along<TypeParam>("cem43", {}, back, 170, steps), 31515.9, 0.4) << steps;
  }
  // 37 to 49 degC at 0.1 K/s: (1 - 4^-6) / ln 4 + (2^6 - 1) / ln 2, per 6 K/min, in one step.
  const double exact = ((1 - std::pow(4.0, -6)) / std::log(4.0) + 63 / std::log(2.0)) / 6;
  const Trace across = [](double t) { return 37 + 0.1 * t; };
  for (const int steps : {1, 7, 120}) {
    EXPECT_NEAR(along<TypeParam>("cem43", {}, across, 120, steps), exact, exact * 1e-5) << steps;
  }
  // Coming from below where it counts.
  const Trace colder = [](double t) { return 25 + 0.1 * t; };
  EXPECT_NEAR(along<TypeParam>("cem43", {}, colder, 240, 1), exact, exact * 1e-5);
  EXPECT_NEAR(along<TypeParam>("cem43", reals({{"counts_from", degc(43)}}), across, 120, 1),
              63 / std::log(2.0) / 6, 1e-3);
}

TYPED_TEST(DoseHeat, Cem43IsHeldWhereToldAndNeverOverflows) {
  const Values held = reals({{"held_above", degc(57)}});
  EXPECT_NEAR(along<TypeParam>("cem43", held, constant(80), 60, 2), 16384, 0.5);
  const double most = along<TypeParam>("cem43", {}, constant(400), 1e5, 4);
  EXPECT_NEAR(most / (std::pow(2.0, 57) * 1e5 / 60), 1, 1e-4);
}

TYPED_TEST(DoseHeat, ArrheniusAtConstantTemperature) {
  // Liver set: seconds to Omega = 1.
  const std::map<double, double> times = {{43, 513.29}, {45, 277.14}, {50, 61.380},
                                          {55, 14.233}, {60, 3.4486}, {70, 0.22915}};
  for (const auto& [celsius, seconds] : times) {
    const Values v = set("liver", 37);
    EXPECT_NEAR(along<TypeParam>("arrhenius", v, constant(celsius), seconds, 3), 1, 5e-5);
    EXPECT_NEAR(along<TypeParam>("arrhenius", v, constant(celsius), seconds, 3, 1),
                1 - std::exp(-1.0), 3e-5);
  }
  EXPECT_EQ(along<TypeParam>("arrhenius", {}, constant(42.9), 3600, 1), 0);
}

// Temperature at which Omega = 1 after 10, 60 and 600 s, to the digits tabulated.
TYPED_TEST(DoseHeat, ArrheniusSetsReachOneAtTheirTemperatures) {
  const std::map<std::string, std::vector<double>> table = {
      {"liver", {56.2, 50.1, 42.5}},         {"skin", {56.6, 54.0, 50.8}},
      {"retina", {53.3, 50.8, 47.6}},        {"artery", {73.8, 69.6, 64.5}},
      {"microvascular", {51.6, 49.2, 46.3}}, {"slow_coagulation", {76.9, 70.9, 63.6}},
      {"bone", {55.9, 53.3, 50.1}}};
  const std::vector<double> times = {10, 60, 600};
  for (const auto& [name, celsius] : table) {
    for (std::size_t i = 0; i < 3; ++i) {
      const Values v = set(name, 37);
      const double below =
          along<TypeParam>("arrhenius", v, constant(celsius[i] - 0.06), times[i], 2);
      const double above =
          along<TypeParam>("arrhenius", v, constant(celsius[i] + 0.06), times[i], 2);
      EXPECT_LT(below, 1) << name << " " << times[i];
      EXPECT_GT(above, 1) << name << " " << times[i];
    }
  }
}

TYPED_TEST(DoseHeat, ArrheniusConvergesOnRamps) {
  const Trace ramp = [](double t) { return 37 + 0.1 * t; };
  const Values v = set("liver", 37);
  EXPECT_NEAR(along<TypeParam>("arrhenius", v, ramp, 230, 46), 10.15815, 2e-4);
  EXPECT_NEAR(along<TypeParam>("arrhenius", v, ramp, 180, 36), 2.381812, 5e-5);
  // 11.5 K in a step, which is far more than steps have.
  EXPECT_NEAR(along<TypeParam>("arrhenius", v, ramp, 230, 2), 10.15815, 0.04);
  const double coarse = std::abs(along<TypeParam>("arrhenius", v, ramp, 230, 1) - 10.15815);
  const double fine = std::abs(along<TypeParam>("arrhenius", v, ramp, 230, 2) - 10.15815);
  EXPECT_GT(coarse / fine, 8) << coarse << " " << fine;
}

TYPED_TEST(DoseHeat, OwnSetIsTheSameAsTheNamedOne) {
  Values own = reals({{"frequency_factor", 7.39e39}, {"activation_energy", 2.577e5}});
  own.texts["set"] = "own";
  EXPECT_EQ(along<TypeParam>("arrhenius", own, heating, 300, 100),
            along<TypeParam>("arrhenius", {}, heating, 300, 100));
  EXPECT_TRUE(dose_model("arrhenius", own)->check().empty());
  EXPECT_EQ(dose_model("arrhenius", own)->fields()[0].name, "omega_own");
  EXPECT_EQ(dose_model("arrhenius", set("skin", 43))->fields()[1].name, "damage_skin");
  own.texts["set"] = "liver";
  EXPECT_EQ(dose_model("arrhenius", own)->check().size(), 2U);
  Values none;
  none.texts["set"] = "own";
  EXPECT_EQ(dose_model("arrhenius", none)->check().size(), 2U);
  // An own set without bound is held, not infinite.
  own = reals({{"frequency_factor", 1e300}, {"activation_energy", 1e6}});
  own.texts["set"] = "own";
  EXPECT_TRUE(std::isfinite(along<TypeParam>("arrhenius", own, constant(200), 100, 1)));
}

TYPED_TEST(DoseHeat, IntegralsAlongTracesConvergeWithSecondOrder) {
  const Values v = set("liver", 43);
  struct Case {
    const char* model;
    Values values;
    Trace trace;
    double duration, floor;
    double (*rate)(double);
  };
  const Case cases[] = {{"cem43", {}, freeze_then_heat, 540, 37, cem_rate},
                        {"cem43", {}, heating, 300, 37, cem_rate},
                        {"arrhenius", v, freeze_then_heat, 540, 43, liver_rate},
                        {"arrhenius", v, heating, 300, 43, liver_rate}};
  for (const Case& c : cases) {
    const double exact = dense(c.trace, c.duration, [&](double celsius) {
      return celsius > c.floor ? c.rate(celsius) : 0;
    });
    const int steps = static_cast<int>(c.duration);
    const double coarse = along<TypeParam>(c.model, c.values, c.trace, c.duration, steps / 4);
    const double middle = along<TypeParam>(c.model, c.values, c.trace, c.duration, steps / 2);
    const double fine = along<TypeParam>(c.model, c.values, c.trace, c.duration, steps);
    EXPECT_NEAR(fine, exact, 2e-3 * exact) << c.model;
    EXPECT_NEAR((coarse - exact) / (middle - exact), 4, 0.4) << c.model;
    EXPECT_NEAR((middle - exact) / (fine - exact), 4, 0.4) << c.model;
  }
}

TYPED_TEST(DoseHeat, NodesAtRestAreWarmAllTheWhile) {
  const std::vector<NodeRun> first = {{0, 1, 0}};
  for (const char* model : {"cem43", "arrhenius", "three_state"}) {
    const Values values = known_models().at(model);
    Driver<TypeParam> d(dose_model(model, values), {{0, 3, 0}}, {50, 50, 20});
    d.step(30, {50, 50, 20}, &first);
    d.step(30, {50, 50, 20}, &first);
    EXPECT_NEAR(d.values()[1], d.values()[0], 1e-5 * d.values()[0]) << model;
    d.step(30, {50, 50, 20});
    EXPECT_NEAR(d.values()[1], d.values()[0], 1e-5 * d.values()[0]) << model;
    // Once met, the rest is over.
    const auto met = d.values();
    d.step(30, {50, 50, 20}, &first);
    EXPECT_EQ(d.values()[1], met[1]) << model;
    EXPECT_EQ(d.values()[2], model == std::string("three_state") ? 0.99F : 0) << model;
  }
}

/// Dense Runge-Kutta solution of the three-state model in A and D, parts of 5 ms.
double dense_dead(const Trace& trace, double duration, double dead) {
  const auto slope = [](double celsius, double a, double d) {
    const double k = celsius > 37 ? 3.33e-3 * std::exp(celsius / 40.5) * (1 - a) : 0;
    const double kb = celsius > 37 ? 7.77e-3 : 0;
    return std::pair{-k * a + kb * (1 - a - d), k * (1 - a - d)};
  };
  double a = 0.99;
  double d = dead;
  const double h = 5e-3;
  for (int i = 0; i < static_cast<int>(duration / h); ++i) {
    const auto [a1, d1] = slope(trace(i * h), a, d);
    const auto [a2, d2] = slope(trace((i + 0.5) * h), a + 0.5 * h * a1, d + 0.5 * h * d1);
    const auto [a3, d3] = slope(trace((i + 0.5) * h), a + 0.5 * h * a2, d + 0.5 * h * d2);
    const auto [a4, d4] = slope(trace((i + 1) * h), a + h * a3, d + h * d3);
    a += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4);
    d += h / 6 * (d1 + 2 * d2 + 2 * d3 + d4);
  }
  return d;
}

/// CEM43 per second with a break at `b` and R of its own on both sides, 1 per minute at 43 degC.
double rate_with_break(double c, double b, double above, double below) {
  const double r43 = b > 43 ? below : above;
  return std::pow(r43, 43 - b) * std::pow(c >= b ? above : below, b - c) / 60;
}

TYPED_TEST(DoseHeat, CemWithAnotherBreakIsContinuousAndOneAt43) {
  for (const auto& [b, above, below] :
       {std::tuple{43.5, 0.45, 0.2}, std::tuple{42.0, 0.5, 0.25}, std::tuple{39.0, 0.5, 0.1}}) {
    const auto values = reals({{"breakpoint", degc(b)}, {"r_above", above}, {"r_below", below}});
    EXPECT_NEAR(along<TypeParam>("cem43", values, constant(43), 600, 3), 10, 1e-3) << b;
    for (const double celsius : {39.0, 41.5, 42.9, 43.4, 43.6, 47.0, 55.0}) {
      const double exact = 600 * rate_with_break(celsius, b, above, below);
      EXPECT_NEAR(along<TypeParam>("cem43", values, constant(celsius), 600, 1), exact, 4e-5 * exact)
          << b << " " << celsius;
    }
    const double exact = dense(freeze_then_heat, 540, [&](double c) {
      return c > 37 ? rate_with_break(c, b, above, below) : 0;
    });
    EXPECT_NEAR(along<TypeParam>("cem43", values, freeze_then_heat, 540, 540), exact, 2e-3 * exact)
        << b;
  }
}

TYPED_TEST(DoseHeat, CemWithTheSidesOfItsBreakExchangedIsRefused) {
  const auto problems = [](const Values& v) { return dose_model("cem43", v)->check(); };
  EXPECT_EQ(problems({}).size(), 0U);
  EXPECT_EQ(problems(reals({{"r_above", 0.72}, {"r_below", 0.13}})).size(), 0U);
  EXPECT_EQ(problems(reals({{"r_above", 0.25}})).size(), 0U) << "no break at all";
  EXPECT_EQ(problems(reals({{"r_below", 0.6}})).size(), 1U);
  const auto said = problems(reals({{"r_above", 0.25}, {"r_below", 0.5}}));
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].find("r_above: found 0.25, expected at least r_below (0.5): "), 0U) << said[0];
}

TYPED_TEST(DoseHeat, ThreeStateReferenceValues) {
  const std::map<double, double> viable = {{60, 0.999827},  {120, 0.999346}, {180, 0.998033},
                                           {300, 0.985771}, {600, 0.581858}, {900, 0.079970}};
  for (const auto& [seconds, share] : viable) {
    for (const int steps : {1, 3, 300}) {
      const double dead = along<TypeParam>("three_state", {}, constant(65), seconds, steps, 2);
      EXPECT_NEAR(1 - dead, share, 5e-6) << seconds << " " << steps;
    }
  }
  for (const auto& [seconds, share] :
       std::map<double, double>{{60, 0.999931}, {300, 0.999358}, {900, 0.985592}}) {
    EXPECT_NEAR(1 - along<TypeParam>("three_state", {}, constant(45), seconds, 60, 2), share, 3e-6);
  }
  struct Death {
    double celsius, seconds, dead_at_start;
  };
  for (const Death& x : {Death{50, 1546.2, 0},
                         {60, 960.1, 0},
                         {70, 641.9, 0},
                         {50, 1288.5, 0.01},
                         {60, 856.4, 0.01},
                         {70, 593.6, 0.01}}) {
    const Values v = reals({{"initially_dead", x.dead_at_start}});
    // Times have 0.1 s; dead changes by up to 0.003 per second.
    EXPECT_NEAR(along<TypeParam>("three_state", v, constant(x.celsius), x.seconds, 100, 2), 0.8,
                3e-4);
  }
}

TYPED_TEST(DoseHeat, ThreeStateAlongTraces) {
  for (const auto& [trace, duration] :
       {std::pair<Trace, double>{freeze_then_heat, 540}, {heating, 300}}) {
    const double exact = dense_dead(trace, duration, 0);
    const double fine = along<TypeParam>("three_state", {}, trace, duration, 240, 2);
    EXPECT_NEAR(fine, exact, 3e-4 * exact + 1e-6);
    // One step per minute stays sound, if coarse.
    const double coarse = along<TypeParam>("three_state", {}, trace, duration, 9, 2);
    EXPECT_NEAR(coarse, exact, 0.2 * exact);
    double sum = 0;
    for (std::size_t f = 0; f < 3; ++f)
      sum += along<TypeParam>("three_state", {}, trace, duration, 240, f);
    EXPECT_NEAR(sum, 1, 1e-6);
  }
}

TYPED_TEST(DoseHeat, ThreeStateChecksItsKeys) {
  EXPECT_EQ(dose_model("three_state", reals({{"initially_alive", 1}}))->check().size(), 1U);
  EXPECT_EQ(dose_model("three_state", reals({{"initially_dead", 0.5}}))->check().size(), 1U);
  EXPECT_TRUE(dose_model("three_state", reals({{"initially_dead", 0.01}}))->check().empty());
}

}  // namespace
}  // namespace thermodose::test
