// Cells where tissues meet: which they are, layered slabs, conservation, boxes, fixed faces.
#include "fem/interface_cells.h"

#include <gtest/gtest.h>

#include "fem/rkl2.h"
#include "grid_fixture.h"

namespace thermodose {
namespace {

using namespace testing_grid;

const std::vector<SegmentLaw>& two_laws() {
  static const std::vector<SegmentLaw> laws{make_law(freezing_tissue(0)), make_law([] {
                                              LawData d = other_tissue();
                                              d.perfusion = 0;
                                              return d;
                                            }())};
  return laws;
}

GridSetup slanted_border() {
  GridSetup s = box_setup({9, 8, 7}, 1e-3, two_laws());
  paint(s, [](const Vec3& p) { return p[0] + 0.4 * p[1] - 0.2 * p[2] > 0.3e-3 ? 1 : 0; });
  return s;
}

std::vector<double> enthalpies(const GridSetup& s, const std::vector<double>& temperatures) {
  std::vector<double> y;
  for (std::size_t n = 0; n < temperatures.size(); ++n)
    y.push_back(s.laws[s.node_law[n]].enthalpy(temperatures[n]));
  return y;
}

std::vector<double> rates_of(InterfaceCells<double>& cells, const std::vector<double>& y) {
  cells.update(y.data());
  std::vector<double> out(y.size(), 0.0), l0(y.size(), 0.0);
  cells.apply(out.data(), l0.data(), 2.5);
  for (std::size_t n = 0; n < y.size(); ++n)
    EXPECT_NEAR(out[n], 2.5 * l0[n], 1e-12 * std::abs(out[n]));
  cells.apply(out.data(), nullptr, 2.5);
  EXPECT_EQ(largest(out), 2.5 * largest(l0)) << "applied, it is gone";
  cells.update(y.data());
  cells.apply(out.data(), nullptr, -2.5);
  EXPECT_LT(largest(out), 1e-9 * (1 + largest(l0)));
  return l0;
}

TEST(InterfaceCells, NoneWithoutASecondTissue) {
  GridSetup s = box_setup({9, 8, 7}, 1e-3, two_laws());
  EXPECT_TRUE(InterfaceCells<double>(s).empty());
  paint(s, [](const Vec3&) { return 1; });
  EXPECT_TRUE(InterfaceCells<double>(s).empty());
  EXPECT_EQ(InterfaceCells<double>(s).size(), 0U);
  EXPECT_EQ(InterfaceCells<double>(s).max_diffusivity(), 0);
}

TEST(InterfaceCells, AreThoseWithANodeOfAnotherTissue) {
  GridSetup s = box_setup({9, 8, 7}, 1e-3, two_laws());
  // Between planes 4 and 5 of x: nodes 0..4 and cells 0..4 are tissue 0, so cells 4 are mixed.
  paint(s, [](const Vec3& p) { return p[0] > 0.6e-3 ? 1 : 0; });
  EXPECT_EQ(InterfaceCells<double>(s).size(), 7U * 6);
  // On plane 4, whose nodes are tissue 0: cells 4 are tissue 1 with nodes of tissue 0.
  s.node_law.clear();
  s.cell_law.clear();
  paint(s, [](const Vec3& p) { return p[0] > 1e-9 ? 1 : 0; });
  EXPECT_EQ(InterfaceCells<double>(s).size(), 7U * 6);
  s.cell_law[0] = 1;
  EXPECT_EQ(InterfaceCells<double>(s).size(), 7U * 6 + 1) << "a cell of its own";
}

// Layers of 3, 5 and 4 cells between two fixed faces, k_i and C_i constant.
struct Layers {
  GridSetup setup;
  Conditions conditions;
  std::array<double, 13> exact{};  ///< K

  Layers() {
    std::vector<SegmentLaw> laws;
    const std::array<double, 3> k{0.5, 2.1, 0.19};
    for (std::size_t i = 0; i < 3; ++i) {
      LawData d;
      d.k = {k[i]};
      d.capacity = {1e6 * (1.0 + double(i))};
      laws.push_back(make_law(d));
    }
    setup = box_setup({13, 3, 4}, 1e-3, laws);
    const auto layer = [](const Vec3& p) {
      return p[0] < -3e-3 - 1e-9 ? 0 : p[0] < 2e-3 - 1e-9 ? 1 : 2;
    };
    paint(setup, layer);
    setup.faces[0] = setup.faces[1] = FaceKind::fixed;
    conditions.faces[0] = [](double) { return fixed(290); };
    conditions.faces[1] = [](double) { return fixed(330); };
    const double flux = 40 / (3 / k[0] + 5 / k[1] + 4 / k[2]);  // per cell
    exact[0] = 290;
    for (std::size_t i = 1; i < 13; ++i)
      exact[i] = exact[i - 1] + flux / k[i <= 3 ? 0 : i <= 8 ? 1 : 2];
  }
};

TEST(InterfaceCells, LayeredSlabComesToItsExactSteadyState) {
  const Layers layers;
  const auto system = make_grid_system<double>(layers.setup, layers.conditions);
  StepControl control;
  control.max_step = 60;
  Rkl2<double> rkl(*system, control);
  rkl.start(0);
  rkl.advance(6000, true, [](const AcceptedStep<double>&) {});
  for (std::size_t n = 0; n < system->size(); ++n)
    EXPECT_NEAR(layers.setup.laws[layers.setup.node_law[n]].temperature(rkl.state()[n]),
                layers.exact[n % 13], 1e-9)
        << n;
}

// k(T) of both through their freezing: theta_0 and theta_1 linear with the same slope.
TEST(InterfaceCells, LayersThatFreezeCarryTheSameFlux) {
  const Conditions conditions;
  GridSetup s = box_setup({15, 3, 3}, 1e-3, two_laws());
  paint(s, [](const Vec3& p) { return p[0] < -1e-9 ? 1 : 0; });
  const double middle = 268, flux = 4e3;
  std::vector<double> temperatures(15 * 9);
  for (std::size_t n = 0; n < temperatures.size(); ++n) {
    const int i = int(n % 15) - 7;
    const SegmentLaw& law = two_laws()[i < 0 ? 1 : 0];
    const double theta = law.kirchhoff(law.enthalpy(middle)) + flux * i * 1e-3;
    double low = 100, high = 450;
    while (high - low > 1e-12 * high) {
      const double mid = 0.5 * (low + high);
      (law.kirchhoff(law.enthalpy(mid)) < theta ? low : high) = mid;
    }
    temperatures[n] = low;
  }
  EXPECT_LT(temperatures[0], 255);
  EXPECT_GT(temperatures[14], 280);
  const auto system = make_grid_system<double>(s, conditions);
  const std::vector<double> l = rate(*system, 0, enthalpies(s, temperatures));
  for (std::size_t n = 0; n < l.size(); ++n)
    if (n % 15 != 0 && n % 15 != 14) {
      EXPECT_NEAR(l[n], 0, 1e-7 * flux / 1e-3) << n;
    }
}

TEST(InterfaceCells, UniformTemperatureIsLeftAlone) {
  const Conditions conditions;
  const GridSetup s = slanted_border();
  const auto system = make_grid_system<double>(s, conditions);
  for (const double t : {150.0, 264.0, 271.0, 300.0}) {
    const auto l = rate(*system, 0, enthalpies(s, std::vector<double>(system->size(), t)));
    EXPECT_LT(largest(l), 1e-11 * 2 * t / 1e-6) << "of k T / h2 at " << t;
  }
}

TEST(InterfaceCells, MoveHeatButMakeNone) {
  const GridSetup s = slanted_border();
  InterfaceCells<double> cells(s);
  const Conditions conditions;
  const auto system = make_grid_system<double>(s, conditions);
  const auto l = rates_of(cells, enthalpies(s, random_state(system->size(), 130, 330)));
  double sum = 0, size = 0;
  for (std::size_t n = 0; n < l.size(); ++n) {
    sum += system->volume(n) * l[n];
    size += system->volume(n) * std::abs(l[n]);
  }
  EXPECT_GT(size, 0.1);
  EXPECT_LT(std::abs(sum), 1e-13 * size);
}

TEST(InterfaceCells, KeepToActiveNodes) {
  const GridSetup s = slanted_border();
  InterfaceCells<double> cells(s), whole(s);
  NaiveGrid part;
  part.nodes = s.lattice.nodes;
  part.keep_box({1, 1, 2}, {8, 5, 6});
  cells.clip(ActiveRows(part.nodes, part.rows));
  const auto y = enthalpies(s, random_state(node_count(s.lattice.nodes), 130, 330));
  const auto l = rates_of(cells, y);
  double inside = 0;
  for (int k = 0; k < 7; ++k)
    for (int j = 0; j < 8; ++j)
      for (int i = 0; i < 9; ++i) {
        const double x = l[node_of(s.lattice.nodes, i, j, k)];
        const bool in = i >= 1 && i < 8 && j >= 1 && j < 5 && k >= 2 && k < 6;
        inside += in ? std::abs(x) : 0;
        EXPECT_TRUE(in || x == 0) << i << ' ' << j << ' ' << k;
      }
  EXPECT_GT(inside, 0);
  cells.clip(ActiveRows(s.lattice.nodes));
  EXPECT_EQ(rates_of(cells, y), rates_of(whole, y)) << "grown again";
}

TEST(InterfaceCells, FixedFacesTakeTheHeatAndKeepTheirState) {
  GridSetup s = slanted_border();
  InterfaceCells<double> insulated(s);
  s.faces[2] = s.faces[5] = FaceKind::fixed;
  InterfaceCells<double> cells(s);
  const Conditions conditions;
  const auto volumes = make_grid_system<double>(box_setup({9, 8, 7}, 1e-3, two_laws()), conditions);
  const auto y = enthalpies(s, random_state(volumes->size(), 130, 330));
  const auto all = rates_of(insulated, y), free = rates_of(cells, y);
  cells.update(y.data());
  const double taken = cells.heat_of_fixed_nodes();
  double expected = 0;
  for (std::size_t n = 0; n < y.size(); ++n) {
    const bool on_face = n / 9 % 8 == 0 || n / 72 == 6;
    EXPECT_EQ(free[n], on_face ? 0 : all[n]);
    expected += on_face ? volumes->volume(n) * all[n] : 0;
  }
  EXPECT_GT(std::abs(expected), 1e-3);
  EXPECT_NEAR(taken, expected, 1e-12 * std::abs(expected));
}

// The sweep takes theta and sources of nodes of these cells from here.
TEST(InterfaceCells, GiveTheLawsOfTheirNodes) {
  const GridSetup s = slanted_border();
  InterfaceCells<double> cells(s);
  const auto y = enthalpies(s, random_state(node_count(s.lattice.nodes), 130, 330));
  cells.evaluate(y.data());
  EXPECT_GT(cells.nodes().size(), 100U);
  for (const std::size_t n : cells.nodes()) {
    const SegmentLaw& law = s.laws[s.node_law[n]];
    EXPECT_NEAR(cells.theta()[n], law.kirchhoff(y[n]), 1e-10) << n;
    EXPECT_NEAR(cells.source()[n], law.source(y[n]), 1e-8) << n;
  }
}

// k/C of what the cells are, and of what they become within a margin.
TEST(InterfaceCells, DiffusivityIsThatOfThePresentTemperatures) {
  const GridSetup s = slanted_border();
  InterfaceCells<double> cells(s);
  const auto at = [&](double t) {
    const auto y = enthalpies(s, std::vector<double>(node_count(s.lattice.nodes), t));
    cells.evaluate(y.data());
    return cells.max_diffusivity(20)[0];
  };
  double inverse_capacity = 0;
  for (const auto& law : s.laws)
    inverse_capacity = std::max(inverse_capacity, law.max_inverse_capacity());
  const auto k = [&](double t) {
    double largest = 0;
    for (const auto& law : s.laws) largest = std::max(largest, law.conductivity(law.enthalpy(t)));
    return largest;
  };
  EXPECT_NEAR(at(305).now, inverse_capacity * k(305), 1e-12) << "between there and rest";
  EXPECT_NEAR(at(305).soon, inverse_capacity * k(285), 1e-12);
  EXPECT_GT(at(281).soon, 1.5 * at(281).now) << "about to freeze";
  EXPECT_EQ(cells.max_diffusivity(20)[1].soon, 0) << "near nothing";
  cells.set_near(ActiveRows(s.lattice.nodes));
  EXPECT_EQ(cells.max_diffusivity(20)[1].soon, cells.max_diffusivity(20)[0].soon);
  NaiveGrid corner;  // far from the border
  corner.nodes = s.lattice.nodes;
  corner.keep_box({0, 0, 0}, {3, 2, 2});
  cells.set_near(ActiveRows(corner.nodes, corner.rows));
  EXPECT_EQ(cells.max_diffusivity(20)[1].soon, 0);
  EXPECT_NEAR(at(150).now, cells.max_diffusivity(), 1e-7 * cells.max_diffusivity());
}

// The chord gives way to k(T) where a cell is nearly uniform; the flux knows no step there.
TEST(InterfaceCells, FluxIsSmoothWhereACellIsNearlyUniform) {
  const Conditions conditions;
  const GridSetup s = slanted_border();
  const auto system = make_grid_system<double>(s, conditions);
  const auto shape = random_state(system->size(), 0, 1);
  for (const double middle : {200.0, 266.0, 268.5, 305.0}) {
    std::array<std::vector<double>, 2> l;
    for (std::size_t i = 0; i < 2; ++i) {
      std::vector<double> t;
      for (const double x : shape) t.push_back(middle + x * (i == 0 ? 0.5e-3 : 4e-3));
      l[i] = rate(*system, 0, enthalpies(s, t));
    }
    double miss = 0;
    for (std::size_t n = 0; n < shape.size(); ++n)
      miss = std::max(miss, std::abs(8 * l[0][n] - l[1][n]));
    EXPECT_LT(miss, 2e-3 * largest(l[1])) << middle;
  }
}

}  // namespace
}  // namespace thermodose
