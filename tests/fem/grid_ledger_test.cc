// Heat accounts of the grid engine: nothing is lost between nodes, tissues, probes and faces.
#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "fem/face_exchange.h"
#include "fem/rkl2.h"
#include "fem/stage_ledger.h"
#include "fem/thread_team.h"
#include "grid_fixture.h"

namespace thermodose {
namespace {

using namespace testing_grid;

// Three tissues; `metabolic` ones warm up even at rest.
std::vector<SegmentLaw> three_laws(bool sources, bool metabolic = false) {
  LawData a = freezing_tissue(sources ? 20e3 : 0), b = other_tissue(), c;
  if (!sources) b.perfusion = 0;
  c.capacity = {2.1e6};
  c.k = {0.33};
  if (metabolic) a.arterial = b.arterial = kBody + 0.4;
  return {make_law(a), make_law(b), make_law(c)};
}

int tissue_at(const Vec3& p, int tissues) {
  if (tissues > 2 && p[2] > 2.2e-3) return 2;
  return tissues > 1 && p[0] + 0.3 * p[2] > 0.8e-3 ? 1 : 0;
}

GridSetup tissue_setup(int tissues, bool sources, bool metabolic = false) {
  GridSetup s = box_setup({15, 13, 14}, 1e-3, three_laws(sources, metabolic));
  if (tissues > 1) paint(s, [&](const Vec3& p) { return tissue_at(p, tissues); });
  return s;
}

double capacity_scale(const GridSetup& s, std::size_t n) {
  return s.laws[s.node_law.empty() ? 0 : s.node_law[n]].capacity(0);
}

template <class Real>
double relative_sum_of_rates(const GridSetup& setup) {
  const Conditions conditions;
  const auto system = make_grid_system<Real>(setup, conditions);
  std::vector<Real> y;
  const std::vector<double> excess = random_state(system->size(), -140, 15);
  for (std::size_t n = 0; n < excess.size(); ++n)
    y.push_back(static_cast<Real>(excess[n] * capacity_scale(setup, n)));
  // Where the active box does not reach, tissue is at rest.
  system->begin_step(0, 1, y.data());
  std::vector<char> inside(y.size(), 0);
  for (const auto& run : system->active_runs())
    for (std::size_t n = run.begin; n < run.end; ++n) inside[n] = 1;
  for (std::size_t n = 0; n < y.size(); ++n) y[n] *= static_cast<Real>(inside[n]);
  const std::vector<Real> l = rate(*system, 0, y);
  double sum = 0, size = 0;
  for (std::size_t n = 0; n < y.size(); ++n) {
    sum += system->volume(n) * static_cast<double>(l[n]);
    size += system->volume(n) * std::abs(static_cast<double>(l[n]));
  }
  EXPECT_GT(size, 1);
  return std::abs(sum) / size;
}

TEST(GridLedger, ConductionMovesHeatButMakesNone) {
  for (const int tissues : {1, 2, 3}) {
    GridSetup setup = tissue_setup(tissues, false);
    EXPECT_LT(relative_sum_of_rates<double>(setup), 1e-13) << tissues;
    EXPECT_LT(relative_sum_of_rates<float>(setup), 1e-5) << tissues;
    // A probe that does nothing: the box is active only around it.
    setup.probes = {needle({-1e-3, 0, 0}, {1e-3, 0, 0}, 0.4e-3)};
    setup.lattice.nodes = {41, 42, 43};
    for (std::size_t d = 0; d < 3; ++d) setup.lattice.origin[d] = -0.02;
    setup.node_law.clear();
    setup.cell_law.clear();
    paint(setup, [&](const Vec3& p) { return tissue_at(p, tissues); });
    EXPECT_LT(relative_sum_of_rates<double>(setup), 1e-13) << tissues << ", part of the grid";
  }
}

struct Balance {
  double defect = 0;  ///< of net against the change of what is stored, relative to gross
  double change = 0;  ///< J
  HeatLedger ledger;
  IntegratorStatistics statistics;
  std::vector<double> start, state;
};

template <class Real>
Balance balance_of(const GridSetup& setup, const Conditions& conditions, double end) {
  const auto system = make_grid_system<Real>(setup, conditions);
  StepControl control;
  control.max_step = 4;
  Rkl2<Real> rkl(*system, control);
  rkl.start(0);
  Balance b;
  b.start.assign(rkl.state(), rkl.state() + system->size());
  const double before = system->stored(rkl.state());
  rkl.advance(0.4 * end, true, [](const AcceptedStep<Real>&) {});
  rkl.advance(end, true, [](const AcceptedStep<Real>&) {});
  b.change = system->stored(rkl.state()) - before;
  b.ledger = rkl.ledger();
  b.defect = std::abs(b.ledger.net() - b.change) / b.ledger.gross;
  b.statistics = rkl.statistics();
  b.state.assign(rkl.state(), rkl.state() + system->size());
  return b;
}

Conditions busy_conditions(const SurfaceCondition& probe) {
  Conditions c;
  c.faces[0] = [](double t) { return convective(310 - 0.5 * t, 300); };
  c.faces[1] = [](double) { return fixed(300); };
  c.faces[2] = [](double) { return fixed(320); };
  c.faces[5] = [](double) { return convective(280, 100); };
  c.probes = {[probe](double t, double) {
                SurfaceCondition now = probe;
                now.temperature = kBody - std::min(1.0, t / 10) * (kBody - probe.temperature);
                return now;
              },
              [](double, double inside) {  // works in the first part only
                return inside < 12 ? fixed(200) : SurfaceCondition{};
              }};
  return c;
}

GridSetup busy_setup(int tissues, bool metabolic) {
  GridSetup s = tissue_setup(tissues, true, metabolic);
  s.faces = {FaceKind::convective, FaceKind::fixed,     FaceKind::fixed,
             FaceKind::insulated,  FaceKind::insulated, FaceKind::convective};
  s.probes = {needle({-2e-3, 0.1e-3, -2e-3}, {1.5e-3, 0.4e-3, 2.5e-3}),
              needle({2e-3, 2e-3, -1e-3}, {2e-3, 2e-3, 2e-3}, 0.5e-3)};
  s.probes[0].profile = {0.2, 1, 0.7};
  s.team = std::make_shared<ThreadTeam>(tissues);  // whose sums are added
  return s;
}

TEST(GridLedger, BalanceClosesWithEverything) {
  for (const int tissues : {1, 2, 3})
    for (const bool metabolic : {false, true})
      for (const SurfaceCondition& probe : {fixed(133.15), convective(90, 3000)}) {
        const Conditions conditions = busy_conditions(probe);
        const GridSetup setup = busy_setup(tissues, metabolic);
        const Balance b = balance_of<double>(setup, conditions, 30);
        EXPECT_LT(b.defect, 1e-12) << tissues << " tissues";
        EXPECT_GT(b.statistics.steps, 8);
        EXPECT_LT(b.ledger.probes.at(0), -10);
        EXPECT_LT(b.ledger.probes.at(1), -5);
        EXPECT_GT(std::abs(b.ledger.faces), 1);
        EXPECT_GT(b.ledger.tissue_sources, 1);
        EXPECT_LT(balance_of<float>(setup, conditions, 30).defect, 1e-4) << tissues << " tissues";
      }
}

TEST(GridLedger, SingleCausesAreBookedToTheirAccount) {
  Conditions conditions;
  conditions.probes = {[](double, double) { return fixed(150); }};
  GridSetup setup = tissue_setup(1, false);
  setup.probes = {needle({-2e-3, 0.1e-3, -2e-3}, {1.5e-3, 0.4e-3, 2.5e-3})};
  const Balance probe = balance_of<double>(setup, conditions, 20);
  EXPECT_NEAR(probe.ledger.probes.at(0), probe.change, 1e-12 * std::abs(probe.change));
  EXPECT_EQ(probe.ledger.faces, 0);
  EXPECT_EQ(probe.ledger.tissue_sources, 0);

  setup.probes.clear();
  setup.faces[4] = FaceKind::fixed;
  conditions.faces[4] = [](double) { return fixed(250); };
  const Balance face = balance_of<double>(setup, conditions, 20);
  EXPECT_NEAR(face.ledger.faces, face.change, 1e-12 * std::abs(face.change));
  EXPECT_LT(face.change, -10);

  setup.faces[4] = FaceKind::insulated;
  setup.laws = three_laws(true, true);
  const Balance source = balance_of<double>(setup, conditions, 20);
  EXPECT_NEAR(source.ledger.tissue_sources, source.change, 1e-12 * source.change);
  // W (T_a - T) on 14 x 12 x 13 mm3 over 20 s, all of it still near rest.
  EXPECT_NEAR(source.change, 20e3 * 0.4 * 14 * 12 * 13e-9 * 20, 0.1 * source.change);
}

// Stations that reach the outermost nodes, whose volumes are halves and quarters.
TEST(GridLedger, ProbeBesideAFaceLosesNoHeat) {
  Conditions conditions;
  conditions.probes = {[](double, double) { return fixed(150); }};
  GridSetup setup = tissue_setup(1, false);
  setup.probes = {needle({-5.3e-3, -4.3e-3, -2e-3}, {-5.2e-3, -4.2e-3, 2.5e-3}, 0.5e-3)};
  const Balance b = balance_of<double>(setup, conditions, 20);
  EXPECT_LT(b.change, -10);
  EXPECT_LT(b.defect, 1e-12);
}

// Where a probe or a border of tissues meets a fixed face, the face keeps its temperature.
TEST(GridLedger, FixedFacesHoldWhateverMeetsThem) {
  for (const double face : {290.0, kBody}) {
    Conditions conditions;
    conditions.faces[0] = [face](double) { return fixed(face); };
    conditions.faces[4] = [face](double) { return fixed(face); };
    conditions.probes = {[](double, double) { return fixed(150); }};
    GridSetup setup = tissue_setup(2, false);
    setup.faces[0] = setup.faces[4] = FaceKind::fixed;
    setup.probes = {needle({-5.6e-3, 0, -3e-3}, {3e-3, 0, -3.9e-3}, 0.5e-3)};
    const Balance b = balance_of<double>(setup, conditions, 20);
    double drift = 0;
    for (std::size_t n = 0; n < b.state.size(); ++n)
      if (n % 15 == 0 || n < 15 * 13) drift = std::max(drift, std::abs(b.state[n] - b.start[n]));
    EXPECT_EQ(drift, 0) << "J/m3, face at " << face;
    EXPECT_LT(b.defect, 1e-12);
    EXPECT_GT(std::abs(b.ledger.faces), 1);
  }
}

TEST(GridLedger, PrescribedNodesWeighTheirVolumes) {
  GridSetup setup = tissue_setup(2, false);
  setup.faces[0] = setup.faces[3] = FaceKind::fixed;
  Conditions conditions;
  conditions.faces[0] = [](double t) { return fixed(300 - t); };
  conditions.faces[3] = [](double t) { return fixed(320 + 2 * t); };
  const FaceExchange faces(setup, conditions);
  const auto system = make_grid_system<double>(setup, conditions);
  std::vector<double> before(system->size(), 7.0), after = before;
  faces.prescribe(0, before.data());
  faces.prescribe(5, after.data());
  EXPECT_NEAR(faces.prescribed_change(before.data(), after.data()),
              system->stored(after.data()) - system->stored(before.data()), 1e-9);
  for (std::size_t n = 0; n < after.size(); ++n) {
    const bool low = n % 15 == 0, high = n / 15 % 13 == 12;  // the first face owns their edge
    const double t = setup.laws[setup.node_law[n]].temperature(after[n]);
    if (low || high) {
      EXPECT_NEAR(t, low ? 295 : 330, 1e-9) << n;
    } else {
      EXPECT_EQ(after[n], 7) << n;
    }
  }
}

TEST(GridLedger, SumOfLedgersIsGrossAndNet) {
  HeatLedger sum, step;
  step.probes = {-3, 2};
  step.faces = 0.5;
  step.tissue_sources = -1;
  sum.add(step);
  step.probes = {1};
  step.faces = -2;
  sum.add(step);
  EXPECT_EQ(sum.probes, (std::vector<double>{-2, 2}));
  EXPECT_EQ(sum.net(), -2 + 2 - 1.5 - 2);
  EXPECT_EQ(sum.gross, 3 + 2 + 0.5 + 1 + 1 + 2 + 1);
}

// The accounts follow the recursion of the state: a rate is integrated as L would be.
TEST(GridLedger, StagesOfTheLedgerAreThoseOfTheState) {
  StageLedger ledger(2);
  double y0 = 0, before = 0, now = 0, l0 = 0;
  for (int j = 1; j <= 5; ++j) {
    const double r = 3.0 - 0.7 * j;
    StageCoefficients c{j == 1, 0.9 + 0.1 * j, -0.2 * j, 0, 0.3, -0.05 * j, 0};
    c.omega = 1 - c.mu - c.nu;
    if (j == 2) c.nu = 0;  // as the integrator does: stage 0 is y0
    const double next = j == 1
                            ? y0 + c.dt_l * r
                            : c.mu * now + c.nu * before + c.omega * y0 + c.dt_l * r + c.dt_l0 * l0;
    if (j == 1) l0 = r;
    before = j == 1 ? y0 : now;
    now = next;
    ledger.stage(c, {r, 2 * r});
    EXPECT_NEAR(ledger.heat(0), now, 1e-14);
    EXPECT_NEAR(ledger.heat(1), 2 * now, 1e-14);
  }
  ledger.stage({true, 0, 0, 0, 0.3, 0, 0}, {1, 2});
  EXPECT_NEAR(ledger.heat(0), 0.3, 1e-15) << "a new step begins at zero";
}

}  // namespace
}  // namespace thermodose
