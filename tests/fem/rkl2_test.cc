// RKL2 on a system that notes what is asked of it: polynomial, order, stages, landing, take-back.
#include "fem/rkl2.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"
#include "grid_noted.h"

namespace thermodose {
namespace {

using testing_grid::Noted;

const auto kIgnore = [](const AcceptedStep<double>&) {};

StepControl steps_of(double dt) {
  StepControl c;
  c.first_step = c.max_step = dt;
  return c;
}

// A bound that makes a step of 1 s take exactly s stages.
double bound_for(int s) { return 0.98 * (s * s + s - 2) / 2; }

double legendre_polynomial(int n, double x) {
  double before = 1, now = x;
  for (int k = 1; k < n; ++k) {
    const double next = ((2 * k + 1) * x * now - k * before) / (k + 1);
    before = now;
    now = next;
  }
  return now;
}

// y' = lambda y: one step multiplies by 1 - b + b P_s(1 + 4 z / (s2 + s - 2)), z = lambda dt
// (Meyer, Balsara, Aslam 2014, eq. 14-16).
TEST(Rkl2, AmplificationIsTheShiftedLegendrePolynomial) {
  for (const int s : {3, 5, 7, 9, 21, 51})
    for (const double z : {-0.1, -1.0, -3.7, -20.0}) {
      Noted<double> system({1}, [z](double, std::size_t, const double* y) { return z * y[0]; });
      system.bound = bound_for(s);
      Rkl2<double> rkl(system, steps_of(1));
      rkl.start(0);
      rkl.advance(1, true, kIgnore);
      const double n = s, b = (n * n + n - 2) / (2 * n * (n + 1)), w1 = 4 / (n * n + n - 2);
      const double expected = 1 - b + b * legendre_polynomial(s, 1 + w1 * z);
      // Far beyond the stable range the polynomial is huge, and its rounding with it.
      EXPECT_NEAR(rkl.state()[0], expected, 1e-12 * (1 + std::abs(expected))) << s << ' ' << z;
    }
}

// Abscissae: a rate that is linear in time is integrated exactly, by every number of stages.
TEST(Rkl2, RatesLinearInTimeAreExact) {
  for (const int s : {3, 5, 9, 33}) {
    Noted<double> system({2}, [](double t, std::size_t, const double*) { return 3 + 8 * t; });
    system.bound = bound_for(s);
    Rkl2<double> rkl(system, steps_of(1));
    rkl.start(5);
    rkl.advance(8, true, kIgnore);
    EXPECT_NEAR(rkl.state()[0], 2 + 3 * 3 + 4 * (64 - 25), 1e-10) << s;
  }
}

// Solved by cos t and its square; nonlinear and stiff.
double rate_of_test(double t, std::size_t i, const double* y) {
  const double c = std::cos(t);
  return i == 0 ? -3 * (y[0] * y[0] - c * c) - std::sin(t)
                : 60 * (y[0] * y[0] - y[1]) - std::sin(2 * t);
}

TEST(Rkl2, IsOfSecondOrderInTime) {
  std::array<double, 4> error{};
  double dt = 0.02;
  for (double& e : error) {
    Noted<double> system({1, 1}, rate_of_test);
    system.bound = 70;
    Rkl2<double> rkl(system, steps_of(dt));
    rkl.start(0);
    rkl.advance(2, true, kIgnore);
    EXPECT_EQ(rkl.statistics().steps, std::lround(2 / dt));
    e = std::hypot(rkl.state()[0] - std::cos(2), rkl.state()[1] - std::pow(std::cos(2), 2));
    dt /= 2;
  }
  EXPECT_LT(error[0], 0.01);
  for (std::size_t i = 1; i < error.size(); ++i) {
    EXPECT_GE(std::log2(error[i - 1] / error[i]), 1.8) << error[i - 1] << " to " << error[i];
    EXPECT_LE(std::log2(error[i - 1] / error[i]), 2.5);
  }
}

TEST(Rkl2, StagesAreTheFewestOddOnesThatAreStable) {
  for (double bound = 0.5; bound < 5000; bound *= 1.37) {
    Noted<double> system({1}, [](double, std::size_t, const double*) { return 0; });
    system.bound = bound;
    Rkl2<double> rkl(system, steps_of(1));
    rkl.start(0);
    rkl.advance(1, true, kIgnore);
    int s = 3;
    while (2 / bound * (s * s + s - 2) / 4 < 1) s += 2;
    // One more is the first stage of no length that judges the step.
    EXPECT_EQ(system.stages.size(), static_cast<std::size_t>(s) + 1) << bound;
    EXPECT_EQ(rkl.statistics().stages, s + 1);
  }
}

// A diffusion matrix at its bound: nothing grows, whatever the step.
TEST(Rkl2, IsStableAtTheBound) {
  constexpr std::size_t n = 40;
  std::vector<double> y(n);
  for (std::size_t i = 0; i < n; ++i) y[i] = i % 2 == 0 ? 1 : -1;
  for (const double dt : {0.1, 1.0, 10.0, 500.0}) {
    Noted<double> system(y, [](double, std::size_t i, const double* u) {
      return 25 * ((i == 0 ? 0 : u[i - 1]) + (i == n - 1 ? 0 : u[i + 1]) - 2 * u[i]);
    });
    system.bound = 100;
    Rkl2<double> rkl(system, steps_of(dt));
    rkl.start(0);
    double last = 1;
    rkl.advance(20 * dt, true, [&](const AcceptedStep<double>& step) {
      double largest = 0;
      for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, std::abs(step.after[i]));
      EXPECT_LE(largest, last * (1 + 1e-12)) << dt;
      last = largest;
    });
  }
}

TEST(Rkl2, LandsOnTheEndInContiguousStepsWithoutASliver) {
  std::vector<double> ends{1.0, 1.000001};
  for (int i = 1; i < 60; ++i) ends.push_back(0.137 * i);
  for (const double end : ends) {
    Noted<double> system({1}, [](double, std::size_t, const double* y) { return -0.3 * y[0]; });
    Rkl2<double> rkl(system, steps_of(1));
    rkl.start(2.1);
    double at = 2.1, shortest = 10;
    std::vector<double> state{1};
    rkl.advance(2.1 + end, true, [&](const AcceptedStep<double>& step) {
      EXPECT_EQ(step.begin, at);
      EXPECT_GT(step.end, step.begin);
      EXPECT_LE(step.end - step.begin, 1 + 1e-8);
      EXPECT_EQ(step.before[0], state[0]);
      shortest = std::min(shortest, step.end - step.begin);
      at = step.end;
      state[0] = step.after[0];
    });
    EXPECT_EQ(at, 2.1 + end) << "exactly";
    EXPECT_EQ(rkl.time(), 2.1 + end);
    EXPECT_EQ(rkl.state()[0], state[0]);
    EXPECT_GE(shortest, std::min(end, 0.5) - 1e-12);
    EXPECT_NEAR(state[0], std::exp(-0.3 * end), 5e-3);
  }
}

// The stage that judges the last step has no length and asks for no new modes.
TEST(Rkl2, EndStageOfNoLengthKeepsTheModes) {
  Noted<double> system({1}, [](double, std::size_t, const double*) { return 1; });
  Rkl2<double> rkl(system, steps_of(1));
  rkl.start(0);
  for (const double end : {3.0, 5.0}) {
    rkl.advance(end, true, kIgnore);
    EXPECT_EQ(system.begun.back().t, end - 1);
    EXPECT_TRUE(system.stages.back().first);
    EXPECT_EQ(system.stages.back().dt_l, 0);
    EXPECT_EQ(system.stages.back().time, end);
  }
  for (const auto& b : system.begun) EXPECT_GT(b.dt, 0);
  EXPECT_EQ(system.judged, 5U) << "every step";
  rkl.advance(5, false, [](const AcceptedStep<double>&) { ADD_FAILURE() << "no step is left"; });
  EXPECT_EQ(rkl.time(), 5);
}

TEST(Rkl2, StepsAreJudgedByTheRatesAtBothEnds) {
  const auto f = [](double t, std::size_t, const double* y) { return std::sin(t) - 0.4 * y[0]; };
  Noted<double> system({1}, f);
  Rkl2<double> rkl(system, steps_of(0.5));
  rkl.start(0);
  rkl.advance(6, true, [&](const AcceptedStep<double>& step) {
    EXPECT_EQ(system.last_check[0], step.before[0]);
    EXPECT_EQ(system.last_check[1], step.after[0]);
    EXPECT_EQ(system.last_check[2], f(step.begin, 0, step.before));
    EXPECT_EQ(system.last_check[3], f(step.end, 0, step.after));
  });
}

TEST(Rkl2, NodesOutsideTheActiveSetKeepTheirInitialState) {
  Noted<double> system({1, 7, 9}, [](double, std::size_t, const double* y) { return -y[0]; });
  system.moving = 1;
  Rkl2<double> rkl(system, steps_of(0.7));
  rkl.start(0);
  rkl.advance(10, true, [](const AcceptedStep<double>& step) {
    for (const double* y : {step.before, step.after}) {
      EXPECT_EQ(y[1], 7);
      EXPECT_EQ(y[2], 9);
    }
  });
  // The set grows: whatever buffers are in turn hold the initial state.
  const double before = rkl.state()[0];
  system.moving = 3;
  rkl.advance(12.8, false, kIgnore);
  const double change = rkl.state()[0] - before;
  EXPECT_LT(change, -1e-5);
  EXPECT_NEAR(rkl.state()[1], 7 + change, 1e-14);
  EXPECT_NEAR(rkl.state()[2], 9 + change, 1e-14);
}

TEST(Rkl2, StepsGrowFromRestartToTheLargest) {
  Noted<double> system({1}, [](double, std::size_t, const double*) { return 1; });
  StepControl control;
  control.first_step = 0.5;
  control.max_step = 4;
  control.max_growth = 1.5;
  Rkl2<double> rkl(system, control);
  rkl.start(0);
  std::vector<double> taken;
  const auto note = [&](const AcceptedStep<double>& step) {
    taken.push_back(step.end - step.begin);
  };
  rkl.advance(60, true, note);
  EXPECT_NEAR(taken.at(0), 0.5, 1e-12);
  for (std::size_t i = 1; i + 2 < taken.size(); ++i) {
    EXPECT_LE(taken[i], 1.5 * taken[i - 1] + 1e-12);
    EXPECT_LE(taken[i], 4 + 1e-12);
  }
  EXPECT_NEAR(*std::max_element(taken.begin(), taken.end()), 4, 1e-12);
  EXPECT_LT(taken.size(), 60 / 4 + 9);
  EXPECT_EQ(rkl.statistics().largest_step, *std::max_element(taken.begin(), taken.end()));
  rkl.advance(60.1, false, note);  // a short step to land slows nothing
  taken.clear();
  rkl.advance(90, false, note);
  EXPECT_NEAR(taken.at(0), 4, 1e-12) << "nothing switched: goes on as before";
  taken.clear();
  rkl.advance(120, true, note);
  EXPECT_NEAR(taken.at(0), 0.5, 1e-12) << "something switched";
}

// 0.9 (tolerance / error)^(1/3) of the step, once its defect is known: one step later.
TEST(Rkl2, StepFollowsTheDefect) {
  for (const double error : {1e-7, 0.02, 0.2, 0.5, 1.1}) {
    Noted<double> system({1}, [](double, std::size_t, const double*) { return 1; });
    system.judge = [error](std::size_t, double dt) {
      return StepCheck{error * dt * dt * dt, true};
    };
    StepControl control;
    control.max_step = 50;
    control.tolerance = 0.3;
    Rkl2<double> rkl(system, control);
    rkl.start(0);
    std::vector<double> taken;
    rkl.advance(1000, true,
                [&](const AcceptedStep<double>& s) { taken.push_back(s.end - s.begin); });
    EXPECT_NEAR(taken.at(0), 1, 1e-12);
    EXPECT_NEAR(taken.at(2), std::min(1.5, 0.9 * std::cbrt(0.3 / error)), 1e-10) << error;
    EXPECT_NEAR(taken.at(taken.size() - 4), std::min(50.0, 0.9 * std::cbrt(0.3 / error)), 1e-9)
        << error;
    EXPECT_EQ(rkl.statistics().rejected, 0);
    double sum = 0;
    for (const double dt : taken) sum += error * dt * dt * dt;
    EXPECT_NEAR(rkl.statistics().error_sum, sum, 1e-9 * sum);
  }
}

struct TakenBack {
  double factor;  ///< of the step that is tried again
  long rejected;
};

// The third step is bad once; all that is kept is as if it had not been tried.
TakenBack take_back(const StepCheck& bad) {
  Noted<double> system({1},
                       [](double t, std::size_t, const double* y) { return std::sin(t) - y[0]; });
  system.judge = [bad](std::size_t nth, double) { return nth == 2 ? bad : StepCheck{}; };
  Rkl2<double> rkl(system, steps_of(1));
  rkl.start(0);
  double at = 0;
  rkl.advance(10, true, [&](const AcceptedStep<double>& step) {
    EXPECT_EQ(step.begin, at) << "in order, without a hole";
    at = step.end;
  });
  EXPECT_EQ(at, 10);
  EXPECT_NEAR(rkl.ledger().probes.at(0), 10, 1e-12) << "heat of accepted steps only";
  // Steps from 0, 1, 2, then 3: its first stage saw the bad state, so 2 again, bitwise.
  EXPECT_EQ(system.begun.at(2).t, 2);
  EXPECT_EQ(system.begun.at(bad.error > 1.2 || !bad.physical ? 4 : 2).t, 2);
  if (rkl.statistics().rejected > 0) {
    EXPECT_EQ(system.first_states.at(4), system.first_states.at(2));
    EXPECT_NE(system.first_states.at(3), system.first_states.at(2));
  }
  return {system.begun.at(4).dt / system.begun.at(2).dt, rkl.statistics().rejected};
}

TEST(Rkl2, BadStepsAreTakenBackBitwise) {
  const TakenBack inaccurate = take_back({1.21, true});  // four tolerances and a little
  EXPECT_EQ(inaccurate.rejected, 1);
  EXPECT_NEAR(inaccurate.factor, 0.4, 1e-12);
  const TakenBack unphysical = take_back({0, false});
  EXPECT_EQ(unphysical.rejected, 1);
  EXPECT_NEAR(unphysical.factor, 0.25, 1e-12);
  EXPECT_EQ(take_back({1.19, true}).rejected, 0);
}

TEST(Rkl2, InaccurateStepsAreTakenWhenTheyAreShortEnough) {
  Noted<double> system({1}, [](double, std::size_t, const double*) { return 1; });
  system.judge = [](std::size_t nth, double) { return StepCheck{nth < 5 ? 1e9 : 0, true}; };
  Rkl2<double> rkl(system, steps_of(1));
  rkl.start(0);
  std::vector<double> taken;
  rkl.advance(1, true, [&](const AcceptedStep<double>& s) { taken.push_back(s.end - s.begin); });
  EXPECT_NEAR(taken.at(0), 0.4 * 0.4 * 0.4, 1e-12) << "below an eighth of the first step";
  EXPECT_NEAR(taken.at(2), 0.3 * taken.at(0), 1e-12) << "never cut by more at once";
  EXPECT_EQ(rkl.statistics().rejected, 3);
  EXPECT_EQ(rkl.time(), 1);
}

TEST(Rkl2, StopsWithTheLastGoodState) {
  Noted<double> system({1}, [](double t, std::size_t, const double*) { return std::cos(t); });
  system.judge = [&](std::size_t, double) { return StepCheck{0, system.stages.back().time < 2.2}; };
  Rkl2<double> rkl(system, steps_of(0.5));
  rkl.start(0);
  double at = 0, state = 1;
  const auto note = [&](const AcceptedStep<double>& step) {
    at = step.end;
    state = step.after[0];
  };
  EXPECT_THROW(rkl.advance(5, true, note), SolverError);
  EXPECT_GT(at, 2.19);
  EXPECT_LT(at, 2.2);
  EXPECT_EQ(rkl.time(), at);
  EXPECT_EQ(rkl.state()[0], state);
  EXPECT_NEAR(rkl.ledger().probes.at(0), at, 1e-12);
  EXPECT_NEAR(state, 1 + std::sin(at), 0.03);
  EXPECT_LT(rkl.statistics().rejected, 200);
}

TEST(Rkl2, WorksInSinglePrecision) {
  Noted<float> system({1}, [](double, std::size_t, const float* y) { return -y[0]; });
  Rkl2<float> rkl(system, steps_of(0.01));
  rkl.start(0);
  rkl.advance(1, true, [](const AcceptedStep<float>&) {});
  EXPECT_NEAR(rkl.state()[0], std::exp(-1), 2e-5);
}

}  // namespace
}  // namespace thermodose
