// Heat between probes and nodes: prescribed, convective and no exchange, profiles, tissues.
#include <gtest/gtest.h>

#include <numeric>

#include "fem/probe_exchange.h"
#include "grid_fixture.h"

namespace thermodose {
namespace {

using namespace testing_grid;

constexpr double kPi = 3.14159265358979323846;

GridSetup probe_setup(std::vector<SegmentLaw> laws, std::vector<double> profile = {}) {
  GridSetup s = box_setup({19, 17, 18}, 1.1e-3, std::move(laws));
  s.probes = {needle({-1.2e-3, 0.3e-3, -3.1e-3}, {0.9e-3, 1e-3, 3.3e-3})};
  s.probes[0].profile = std::move(profile);
  return s;
}

LawData plain_tissue() {
  LawData d;
  d.capacity = {2e6};
  d.k = {0.6};
  return d;
}

std::vector<double> uniform(const GridSetup& s, double temperature) {
  std::vector<double> y(node_count(s.lattice.nodes));
  for (std::size_t n = 0; n < y.size(); ++n)
    y[n] = s.laws[s.node_law.empty() ? 0 : s.node_law[n]].enthalpy(temperature);
  return y;
}

// Heat of the last update as it arrives in the nodes, W.
double arrived(const ProbeExchange& probe, const GridSetup& s) {
  const double volume = std::pow(s.lattice.spacing, 3);
  std::vector<double> y(node_count(s.lattice.nodes), 0.0), l0 = y;
  probe.apply(y.data(), l0.data(), 3.0, volume);
  for (std::size_t n = 0; n < y.size(); ++n) EXPECT_NEAR(y[n], 3 * l0[n], 1e-12 * std::abs(y[n]));
  return volume * std::accumulate(l0.begin(), l0.end(), 0.0);
}

// Conduction and convection in series per length, W/m/K.
double series(double conduction, double convection) {
  return conduction * convection / (conduction + convection);
}

TEST(GridProbe, ConvectionSolvesTheResistancesInSeries) {
  const double body = 305, cryogen = 90;
  const GridSetup s = probe_setup({make_law(plain_tissue())});
  ProbeExchange probe(s, s.probes[0]);
  const ProbeCoupling c = couple_probe(s.lattice, s.probes[0]);
  double length = 0;
  for (const auto& station : c.stations) length += station.length;
  const std::vector<double> y = uniform(s, body);
  for (const double h : {1.0, 300.0, 3e3, 3e5}) {
    const double heat = probe.update(convective(cryogen, h), y.data());
    const double g = series(0.6 * c.shape_factor(), h * 2 * kPi * c.radius);
    EXPECT_NEAR(heat, length * g * (cryogen - body), 1e-9 * std::abs(heat)) << h;
    EXPECT_NEAR(arrived(probe, s), heat, 1e-12 * std::abs(heat));
    EXPECT_TRUE(probe.active());
  }
  const double bound = probe.update(fixed(cryogen), y.data());
  EXPECT_NEAR(bound, length * 0.6 * c.shape_factor() * (cryogen - body), 1e-12 * std::abs(bound));
  EXPECT_NEAR(probe.update(convective(cryogen, 1e12), y.data()), bound, 1e-6 * std::abs(bound));
  EXPECT_NEAR(probe.update(convective(cryogen, 0), y.data()), 0, 1e-9 * std::abs(bound));
}

// k(T) across the freezing, a profile of h: every station solves its own surface temperature.
TEST(GridProbe, ConvectionIsSolvedStationByStation) {
  const std::vector<double> profile{0.2, 1.4, 1, 0.1};
  const SegmentLaw law = make_law(freezing_tissue());
  const GridSetup s = probe_setup({law}, profile);
  ProbeExchange probe(s, s.probes[0]);
  const ProbeCoupling c = couple_probe(s.lattice, s.probes[0]);
  const auto theta = [&](double t) { return law.kirchhoff(law.enthalpy(t)); };
  for (const double body : {250.0, 269.0, 309.0})
    for (const double cryogen : {90.0, 268.0, 320.0}) {
      double expected = 0;
      for (const auto& station : c.stations) {
        const double x = 3 * station.position;
        const auto i = std::min<std::size_t>(std::size_t(x), 2);
        const double h = 2500 * (profile[i] + (x - double(i)) * (profile[i + 1] - profile[i]));
        double low = 80, high = 330;  // of the surface
        while (high - low > 1e-10) {
          const double t = 0.5 * (low + high);
          const double out = c.shape_factor() * (theta(t) - theta(body));
          (out < h * 2 * kPi * c.radius * (cryogen - t) ? low : high) = t;
        }
        expected += station.length * c.shape_factor() * (theta(low) - theta(body));
      }
      const std::vector<double> y = uniform(s, body);
      EXPECT_NEAR(probe.update(convective(cryogen, 2500), y.data()), expected,
                  1e-7 * std::abs(expected))
          << body << ' ' << cryogen;
    }
}

TEST(GridProbe, ProfileOfOneValueScalesTheWhole) {
  const GridSetup half = probe_setup({make_law(freezing_tissue())}, {0.5});
  ProbeExchange scaled(half, half.probes[0]);
  const GridSetup whole = probe_setup({make_law(freezing_tissue())});
  ProbeExchange plain(whole, whole.probes[0]);
  const std::vector<double> y = uniform(whole, 300);
  const double heat = plain.update(convective(100, 600), y.data());
  EXPECT_NEAR(scaled.update(convective(100, 1200), y.data()), heat, 1e-12 * std::abs(heat));
}

TEST(GridProbe, NothingIsExchangedWithoutFlux) {
  const GridSetup s = probe_setup({make_law(freezing_tissue())});
  ProbeExchange probe(s, s.probes[0]);
  std::vector<double> y = random_state(node_count(s.lattice.nodes), -4e8, 1e7), l = y;
  EXPECT_NE(probe.update(fixed(200), y.data()), 0);
  EXPECT_EQ(probe.update(SurfaceCondition{}, y.data()), 0);
  EXPECT_FALSE(probe.active());
  EXPECT_EQ(probe.heat_of_fixed_nodes(), 0);
  const std::vector<double> y_before = y, l_before = l;
  probe.apply(y.data(), l.data(), 1.0, 1e-9);
  EXPECT_EQ(y, y_before);
  EXPECT_EQ(l, l_before);
}

TEST(GridProbe, NoHeatAtItsOwnTemperatureInAnyTissue) {
  GridSetup s = probe_setup({make_law(freezing_tissue()), make_law(other_tissue())});
  paint(s, [](const Vec3& p) { return p[2] + 0.5 * p[0] > 0.3e-3 ? 1 : 0; });
  ProbeExchange probe(s, s.probes[0]);
  for (const double t : {150.0, 267.0, 300.0}) {
    const std::vector<double> y = uniform(s, t);
    const double scale = std::abs(probe.update(fixed(t - 10), y.data()));
    EXPECT_GT(scale, 0.1);
    EXPECT_NEAR(probe.update(fixed(t), y.data()), 0, 1e-11 * scale) << t;
    EXPECT_NEAR(probe.update(convective(t, 1000), y.data()), 0, 1e-6 * scale) << t;
    EXPECT_NEAR(probe.sensed({}, y.data()), t, 1e-10);
  }
}

// The surface that a convective needle reports is the one its heat crosses, not the tissue's mean.
TEST(GridProbe, SensesTheSurfaceThatConvectionActsOn) {
  const GridSetup s = probe_setup({make_law(freezing_tissue())});
  ProbeExchange probe(s, s.probes[0]);
  const std::vector<double> y = uniform(s, 300);
  double area = 0;
  for (const auto& station : couple_probe(s.lattice, s.probes[0]).stations)
    area += 2 * kPi * s.probes[0].radius * station.length;
  for (const double h : {50.0, 2500.0, 1e6}) {
    const double heat = probe.update(convective(120, h), y.data());
    const double surface = probe.sensed(convective(120, h), y.data());
    EXPECT_NEAR(h * area * (120 - surface), heat, 1e-6 * std::abs(heat)) << h;
    EXPECT_LT(surface, 300);
  }
  EXPECT_EQ(probe.sensed(fixed(180), y.data()), 180);
}

// Stations of either tissue conduct with its own k.
TEST(GridProbe, EachStationUsesTheTissueItLiesIn) {
  LawData a = plain_tissue(), b = plain_tissue();
  b.k = {2.4};
  b.capacity = {1e6};
  GridSetup s = probe_setup({make_law(a), make_law(b)});
  paint(s, [](const Vec3& p) { return p[2] > 0.2e-3 ? 1 : 0; });
  ProbeExchange probe(s, s.probes[0]);
  const ProbeCoupling c = couple_probe(s.lattice, s.probes[0]);
  double expected = 0;
  for (const auto& station : c.stations) {
    const double z = -3.1e-3 + station.position * 6.4e-3;
    expected += station.length * c.shape_factor() * (z > 0.2e-3 ? 2.4 : 0.6) * -50;
  }
  const double heat = probe.update(fixed(250), uniform(s, 300).data());
  EXPECT_NEAR(heat, expected, 0.05 * std::abs(expected)) << "a station or two on the border";
}

TEST(GridProbe, SensesTheMeanOfALinearField) {
  const GridSetup s = probe_setup({make_law(plain_tissue())});
  const ProbeExchange probe(s, s.probes[0]);
  const Vec3 slope{2e3, -1e3, 3e3};  // K/m
  std::vector<double> y(node_count(s.lattice.nodes));
  for (std::size_t n = 0; n < y.size(); ++n) {
    const std::array<std::size_t, 3> p{n % 19, n / 19 % 17, n / 19 / 17};
    double t = 300;
    for (std::size_t d = 0; d < 3; ++d)
      t += slope[d] * (s.lattice.origin[d] + s.lattice.spacing * double(p[d]));
    y[n] = s.laws[0].enthalpy(t);
  }
  const auto& [begin, end, radius, profile] = s.probes[0];
  double middle = 300;
  for (std::size_t d = 0; d < 3; ++d) middle += slope[d] * 0.5 * (begin[d] + end[d]);
  EXPECT_NEAR(probe.sensed({}, y.data()), middle, 1e-9);
}

// The bare operator is that of a law with theta = H and a surface at rest.
TEST(GridProbe, BareOperatorIsTheExchangeOfALinearLaw) {
  LawData linear;
  linear.capacity = {1};
  linear.k = {1};
  const GridSetup s = probe_setup({make_law(linear)});
  ProbeExchange probe(s, s.probes[0]), bare(s, s.probes[0]);
  const std::vector<double> y = random_state(node_count(s.lattice.nodes), -30, 10);
  probe.update(fixed(kBody), y.data());
  bare.update_linear(y.data());
  std::vector<double> a(y.size(), 0.0), b = a;
  probe.apply<double>(a.data(), nullptr, 1, 1e-9);
  bare.apply<double>(b.data(), nullptr, 1, 1e-9);
  EXPECT_GT(largest(a), 0);
  for (std::size_t n = 0; n < y.size(); ++n) EXPECT_NEAR(a[n], b[n], 1e-12 * largest(a));
}

}  // namespace
}  // namespace thermodose
