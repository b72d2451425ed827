// Implements: tests of cells that tissues cut: thin layers, flat and curved, that conduct ten times
// less or more than what is around them, and what cut cells store.
#include <gtest/gtest.h>

#include <cmath>

#include "fem/grid_tissues.h"
#include "fem/rkl2.h"
#include "geometry/vec.h"
#include "grid_fixture.h"

namespace thermodose {
namespace {

using namespace testing_grid;

constexpr double kPi = 3.14159265358979323846;

SegmentLaw plain(double k, double capacity = 1e5) {
  LawData d;
  d.k = {k};
  d.capacity = {capacity};
  return make_law(d);
}

/// Laws of a setup from a function of space, cells cut where it changes.
template <class LawAt>
std::vector<LawShares> cut(GridSetup& s, const LawAt& law_at) {
  const CompositionGrid g{s.lattice.origin, s.lattice.spacing, s.lattice.nodes};
  return set_tissues(s,
                     compose(
                         g, [&](const Vec3& p) { return LawIndex(law_at(p)); }, s.laws.size(), 1));
}

std::vector<double> steady(const GridSetup& s, const Conditions& conditions, double seconds) {
  const auto system = make_grid_system<double>(s, conditions);
  StepControl control;
  control.max_step = 30;
  control.tolerance = 0.02;
  Rkl2<double> rkl(*system, control);
  rkl.start(0);
  rkl.advance(seconds, true, [](const AcceptedStep<double>&) {});
  std::vector<double> t(system->size());
  for (std::size_t n = 0; n < t.size(); ++n)
    t[n] = system->laws()[s.node_law[n]].temperature(rkl.state()[n]);
  return t;
}

// A layer of 1 mm in cells of 2 mm between fixed faces, at any depth in its cell.
void expect_flat_layer(double k_layer) {
  constexpr double h = 2e-3;
  for (const double offset : {0.0, 0.3e-3, 0.7e-3, 1.0e-3, 1.6e-3}) {
    GridSetup s = box_setup({16, 4, 4}, h, {plain(0.5), plain(k_layer)});
    s.faces[0] = s.faces[1] = FaceKind::fixed;
    cut(s, [&](const Vec3& p) { return p[0] >= offset && p[0] < offset + 1e-3 ? 1 : 0; });
    Conditions conditions;
    conditions.faces[0] = [](double) { return fixed(kBody); };
    conditions.faces[1] = [](double) { return fixed(kBody - 50); };
    const auto t = steady(s, conditions, 4000);
    const double flux = 0.5 * (t[0] - t[1]) / h;
    const double exact = 50 / ((30e-3 - 1e-3) / 0.5 + 1e-3 / k_layer);
    EXPECT_NEAR(flux, exact, 0.01 * exact) << "k " << k_layer << ", at " << offset;
  }
}
TEST(CutCells, FlatLayerOfLowConductivity) { expect_flat_layer(0.05); }
TEST(CutCells, FlatLayerOfHighConductivity) { expect_flat_layer(5); }

// The same layer along the heat flow adds its own flux: 1000 K/m over 8 x 6 mm2.
TEST(CutCells, FlatLayerAlongTheFlux) {
  GridSetup s = box_setup({9, 5, 4}, 2e-3, {plain(0.5), plain(5)});
  cut(s, [&](const Vec3& p) { return p[1] >= 0.4e-3 && p[1] < 1.4e-3 ? 1 : 0; });
  const Conditions conditions;
  const auto system = make_grid_system<double>(s, conditions);
  std::vector<double> y(system->size());
  for (std::size_t n = 0; n < y.size(); ++n)
    y[n] = s.laws[s.node_law[n]].enthalpy(kBody - 2.0 * double(n % 9));
  const auto l = rate(*system, 0, y);
  double taken = 0;  // from the nodes of the warm face
  for (std::size_t n = 0; n < y.size(); ++n) {
    if (n % 9 == 0) taken -= system->volume(n) * l[n];
    if (n % 9 != 0 && n % 9 != 8) {
      EXPECT_NEAR(l[n], 0, 1e-9 * 5 * 16 / 4e-6) << "linear in x is steady";
    }
  }
  EXPECT_NEAR(taken, 1000 * (42e-6 * 0.5 + 6e-6 * 5), 0.02 * 0.051);
}

// A ball that makes heat inside a shell of 1 mm, cells of 2 mm: the temperature drop over the
// shell is q / (4 pi k) (1/a - 1/b) whatever is around.
double drop_over_shell(double k_shell, double inner, const Vec3& centre, double& exact) {
  constexpr double h = 2e-3, source = 2e5, heated = 7e-3;
  const double outer = inner + 1e-3;
  SegmentLaw hot = plain(0.5);
  hot.source_at_reference = source;
  for (auto& segment : hot.segments) segment.s1 = segment.s2 = 0;
  GridSetup s = box_setup({25, 25, 25}, h, {plain(0.5), plain(k_shell), hot});
  s.faces.fill(FaceKind::fixed);
  cut(s, [&](const Vec3& p) {
    const double r = norm(p - centre);
    return r < heated ? 2 : r < inner ? 0 : r < outer ? 1 : 0;
  });
  Conditions conditions;
  for (auto& face : conditions.faces) face = [](double) { return fixed(kBody); };
  const auto t = steady(s, conditions, 300);
  // Nodes store in eighths: what the ball makes is what its nodes make.
  double heat = 0;
  for (std::size_t i = 0; i < t.size(); ++i) heat += s.laws[s.node_law[i]].source(0) * h * h * h;
  EXPECT_NEAR(heat, source * 4. / 3 * kPi * std::pow(heated, 3), 0.02 * heat);
  // Mean of T over nodes in thin spherical layers 1.5 cells inside and outside, brought to the
  // shell with the exact profile of a medium of 0.5 W/m/K.
  const auto mean_at = [&](double radius) {
    double sum = 0;
    int n = 0;
    for (std::size_t i = 0; i < t.size(); ++i) {
      const Vec3 p{s.lattice.origin[0] + h * double(i % 25),
                   s.lattice.origin[1] + h * double(i / 25 % 25),
                   s.lattice.origin[2] + h * double(i / 625)};
      const double r = norm(p - centre);
      if (std::abs(r - radius) > 0.5 * h) continue;
      sum += t[i] - heat / (4 * kPi * 0.5) * (1 / r - 1 / radius);
      ++n;
    }
    return sum / n;
  };
  const double a = inner - 1.5 * h, b = outer + 1.5 * h;
  exact =
      heat / (4 * kPi) *
      ((1 / a - 1 / inner) / 0.5 + (1 / inner - 1 / outer) / k_shell + (1 / outer - 1 / b) / 0.5);
  return mean_at(a) - mean_at(b);
}

TEST(CutCells, SphericalShellOfLowConductivity) {
  for (const Vec3& centre : {Vec3{0, 0, 0}, Vec3{0.6e-3, -0.4e-3, 0.9e-3}})
    for (const double inner : {12e-3, 12.7e-3}) {
      double exact = 0;
      const double drop = drop_over_shell(0.05, inner, centre, exact);
      EXPECT_NEAR(drop, exact, 0.03 * exact) << inner << " at " << centre[0];
    }
}

TEST(CutCells, SphericalShellOfHighConductivity) {
  double exact = 0;
  const double drop = drop_over_shell(5, 12e-3, {0.6e-3, -0.4e-3, 0.9e-3}, exact);
  EXPECT_NEAR(drop, exact, 0.03 * exact);
}

}  // namespace
}  // namespace thermodose
