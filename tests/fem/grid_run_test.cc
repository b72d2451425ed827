// Runs of the grid engine with RKL2: bounds of temperature, precision, steps that fail.
#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "fem/rkl2.h"
#include "fem/thread_team.h"
#include "grid_fixture.h"

namespace thermodose {
namespace {

using namespace testing_grid;

GridSetup probe_setup(double spacing = 1.2e-3) {
  GridSetup s = box_setup({23, 22, 25}, spacing, {make_law(freezing_tissue(0))});
  s.probes = {needle({0.2e-3, 0.1e-3, -6e-3}, {1.5e-3, -0.3e-3, 6e-3})};
  return s;
}

template <class Real>
std::vector<double> run(HeatSystem<Real>& system, double end, const StepControl& control,
                        const std::function<void(const Real*)>& look = {}) {
  Rkl2<Real> rkl(system, control);
  rkl.start(0);
  rkl.advance(end, true, [&](const AcceptedStep<Real>& step) {
    if (look) look(step.after);
  });
  return {rkl.state(), rkl.state() + system.size()};
}

// Distance of a node from the surface of the needle, negative inside.
double from_surface(const GridSetup& s, std::size_t n) {
  const ActiveSegment& probe = s.probes[0];
  const std::array<std::size_t, 3> p{n % 23, n / 23 % 22, n / 23 / 22};
  Vec3 d{}, axis{};
  double length2 = 0, along = 0, size2 = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    d[c] = s.lattice.origin[c] + s.lattice.spacing * double(p[c]) - probe.begin[c];
    axis[c] = probe.end[c] - probe.begin[c];
    length2 += axis[c] * axis[c];
    along += d[c] * axis[c];
    size2 += d[c] * d[c];
  }
  const double f = std::clamp(along / length2, 0.0, 1.0);
  return std::sqrt(std::max(0.0, size2 - 2 * f * along + f * f * length2)) - probe.radius;
}

// Tissue stays between the probe's temperature and rest while it cools, whatever the spacing and
// however suddenly. Nodes inside the metal have no meaning of their own (stations prescribe means)
// and go a little below.
TEST(GridRun, CoolingProbeStaysBetweenItsTemperatureAndRest) {
  for (const double spacing : {0.6e-3, 1.2e-3, 2e-3})
    for (const bool at_once : {false, true}) {
      Conditions conditions;
      conditions.probes = {[=](double t, double) {
        return fixed(kBody - 177 * (at_once ? 1 : std::min(1.0, t / 60)));
      }};
      const GridSetup setup = probe_setup(spacing);
      const auto system = make_grid_system<double>(setup, conditions);
      double tissue = 0, metal = 0, high = 0;
      run<double>(*system, 90, StepControl{}, [&](const double* y) {
        for (std::size_t n = 0; n < system->size(); ++n) {
          double& low = from_surface(setup, n) > 0 ? tissue : metal;
          low = std::min(low, y[n]);
          high = std::max(high, y[n]);
        }
      });
      EXPECT_LT(setup.laws[0].temperature(tissue), 170) << "it did freeze";
      EXPECT_GE(setup.laws[0].temperature(tissue), kBody - 177) << spacing;
      EXPECT_GE(setup.laws[0].temperature(metal), kBody - 177 - 0.05 * 177) << spacing;
      EXPECT_LE(setup.laws[0].temperature(high), kBody + 1e-3) << spacing;
    }
}

TEST(GridRun, FloatFollowsDouble) {
  Conditions conditions;
  conditions.probes = {[](double, double) { return fixed(140); }};
  const GridSetup setup = probe_setup();
  const auto d = make_grid_system<double>(setup, conditions);
  const auto f = make_grid_system<float>(setup, conditions);
  StepControl control;
  control.first_step = control.max_step = 2;
  control.tolerance = 10;
  const auto a = run<double>(*d, 100, control), b = run<float>(*f, 100, control);
  double miss = 0;
  for (std::size_t n = 0; n < a.size(); ++n)
    miss =
        std::max(miss, std::abs(setup.laws[0].temperature(a[n]) - setup.laws[0].temperature(b[n])));
  EXPECT_LT(miss, 0.01) << "K";
}

TEST(GridRun, ThreadsDoNotShow) {
  Conditions conditions;
  conditions.probes = {[](double, double) { return fixed(140); }};
  GridSetup setup = probe_setup();
  const auto one = run<double>(*make_grid_system<double>(setup, conditions), 60, StepControl{});
  for (const int threads : {2, 3}) {
    setup.team = std::make_shared<ThreadTeam>(threads);
    const auto y = run<double>(*make_grid_system<double>(setup, conditions), 60, StepControl{});
    double miss = 0;
    for (std::size_t n = 0; n < y.size(); ++n) miss = std::max(miss, std::abs(y[n] - one[n]));
    EXPECT_LT(miss, 1e-12 * largest(one)) << threads;
  }
}

// The controlled steps are as good as very small ones, and the defect tells.
TEST(GridRun, StepControlKeepsTheErrorSmall) {
  Conditions conditions;
  conditions.probes = {[](double t, double) { return fixed(kBody - 177 * std::min(1.0, t / 30)); }};
  const GridSetup setup = probe_setup();
  const auto system = make_grid_system<double>(setup, conditions);
  StepControl fine;
  fine.first_step = fine.max_step = 0.1;
  const auto exact = run<double>(*make_grid_system<double>(setup, conditions), 120, fine);
  const auto miss = [&](const std::vector<double>& y) {
    double squares = 0;
    for (std::size_t n = 0; n < y.size(); ++n)
      squares += std::pow(setup.laws[0].temperature(y[n]) - setup.laws[0].temperature(exact[n]), 2);
    return std::sqrt(squares / double(y.size()));
  };
  StepControl coarse;
  coarse.tolerance = 3;
  const double controlled = miss(run<double>(*system, 120, StepControl{}));
  EXPECT_LT(controlled, 0.3) << "K";
  EXPECT_GT(miss(run<double>(*make_grid_system<double>(setup, conditions), 120, coarse)),
            controlled);
}

// A sudden quench with far too long a first step: steps are taken back and the balance still
// closes.
TEST(GridRun, BadStepsAreTakenBackAndLoseNoHeat) {
  Conditions conditions;
  conditions.probes = {[](double, double inside) { return inside < 40 ? fixed(133) : fixed(300); }};
  GridSetup setup = probe_setup();
  const auto system = make_grid_system<double>(setup, conditions);
  StepControl control;
  control.first_step = 20;
  control.tolerance = 0.05;
  Rkl2<double> rkl(*system, control);
  rkl.start(0);
  double at = 0;
  const auto follow = [&](const AcceptedStep<double>& step) {
    EXPECT_EQ(step.begin, at);
    at = step.end;
  };
  rkl.advance(40, true, follow);
  rkl.advance(80, true, follow);
  EXPECT_EQ(at, 80);
  EXPECT_GT(rkl.statistics().rejected, 1);
  EXPECT_NEAR(rkl.ledger().net(), system->stored(rkl.state()), 1e-12 * rkl.ledger().gross);
}

// A probe that turns impossible at 20 s: the last good state stays.
template <class Real>
void expect_failure(const SurfaceCondition& impossible) {
  Conditions conditions;
  conditions.probes = {[=](double t, double) { return t > 20 ? impossible : fixed(200); }};
  const GridSetup setup = probe_setup();
  const auto system = make_grid_system<Real>(setup, conditions);
  Rkl2<Real> rkl(*system, StepControl{});
  rkl.start(0);
  double at = 0;
  std::vector<Real> last;
  const auto keep = [&](const AcceptedStep<Real>& step) {
    at = step.end;
    last.assign(step.after, step.after + system->size());
  };
  EXPECT_THROW(rkl.advance(100, true, keep), SolverError);
  EXPECT_GT(at, 15);
  EXPECT_LT(at, 40);
  EXPECT_EQ(rkl.time(), at);
  EXPECT_TRUE(std::equal(last.begin(), last.end(), rkl.state())) << "bitwise";
  for (const Real y : last) {
    ASSERT_TRUE(std::isfinite(y));
    ASSERT_GE(setup.laws[0].temperature(y), setup.laws[0].min_temperature);
  }
}

TEST(GridRun, ImpossibleProbeStopsTheRunWithTheLastGoodState) {
  expect_failure<double>(fixed(-400));  // beyond the law
  expect_failure<float>(fixed(-400));
  expect_failure<double>(fixed(std::numeric_limits<double>::quiet_NaN()));
  expect_failure<float>(convective(std::numeric_limits<double>::quiet_NaN(), 2000));
}

// A state that is no number goes through every exchange to where it is judged.
TEST(GridRun, NoNumberIsSeenAndKillsNothing) {
  GridSetup setup = probe_setup();
  setup.laws.push_back(make_law(other_tissue()));
  paint(setup, [](const Vec3& p) { return p[0] > 0.3e-3 ? 1 : 0; });
  setup.faces[0] = FaceKind::convective;
  setup.active_box = false;
  for (const bool convect : {false, true}) {
    Conditions conditions;
    conditions.faces[0] = [](double) { return convective(290, 100); };
    conditions.probes = {
        [=](double, double) { return convect ? convective(90, 2000) : fixed(140); }};
    const auto system = make_grid_system<double>(setup, conditions);
    const std::vector<double> rest(system->size(), 0.0);
    const auto l = rate(*system, 0, std::vector<double>(system->size(), std::nan("")));
    EXPECT_FALSE(std::isfinite(l[system->size() / 2]));
    EXPECT_FALSE(system->check_step(1, rest.data(), l.data(), rest.data(), rest.data()).physical);
  }
}

// A stream imitated by perfusion, half frozen by a needle, thaws when the needle stops: nothing
// here is warmer than the blood.
TEST(GridRun, StrongPerfusionDoesNotOverheatWhatThaws) {
  GridSetup s = probe_setup(1.25e-3);
  s.laws.push_back(make_law(freezing_tissue(1.9e6)));
  paint(s, [](const Vec3& p) { return p[0] > 0.5e-3 ? 1 : 0; });
  Conditions conditions;
  conditions.probes = {
      [](double, double inside) { return inside < 600 ? fixed(kBody - 177) : SurfaceCondition{}; }};
  const auto system = make_grid_system<float>(s, conditions);
  StepControl control;
  control.max_step = 30;
  control.tolerance = 3;
  Rkl2<float> rkl(*system, control);
  rkl.start(0);
  double coldest = 500, hottest = 0;
  const auto look = [&](const AcceptedStep<float>& step) {
    for (std::size_t n = 0; n < system->size(); ++n) {
      const double t = s.laws[s.node_law[n]].temperature(static_cast<double>(step.after[n]));
      if (s.node_law[n] == 1) coldest = std::min(coldest, t);
      hottest = std::max(hottest, t);
    }
  };
  rkl.advance(600, true, look);
  rkl.advance(700, true, look);
  EXPECT_LT(coldest, 262) << "it froze";
  EXPECT_LT(hottest, kBody + 0.1);
}

}  // namespace
}  // namespace thermodose
