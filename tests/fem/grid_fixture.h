// What the tests of the grid engine share.
// Implements: laws, states and boxes, the right-hand side of a system, and the assembly of it cell
// by cell in double: the integrals of grad N_a . grad N_b by Gauss points, fluxes of one cell at a
// time, volumes as eighths of cells. It shares nothing with the kernels but the equations.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "fem/grid_kernel.h"
#include "fem/grid_system.h"
#include "mesh_fixture.h"

namespace thermodose::testing_grid {

using testing_mesh::Conditions;
using testing_mesh::convective;
using testing_mesh::fixed;
using testing_mesh::freezing_tissue;
using testing_mesh::LawData;
using testing_mesh::make_law;
using testing_mesh::random_state;
using testing_mesh::rate;

inline constexpr double kBody = 310.15;  // K

inline std::size_t at(int i) { return static_cast<std::size_t>(i); }
inline std::size_t node_of(const std::array<int, 3>& n, int i, int j, int k) {
  return (at(k) * at(n[1]) + at(j)) * at(n[0]) + at(i);
}
inline std::size_t node_count(const std::array<int, 3>& n) {
  return at(n[0]) * at(n[1]) * at(n[2]);
}

/// Another freezing tissue: other k(T), C(T) and perfusion.
inline LawData other_tissue() {
  LawData d;
  d.breaks = {262.0, 270.5};
  d.k = {1.2, 0.25};
  d.capacity = {1.5e6, 30e6, 2.5e6};
  d.perfusion = 5e3;
  d.factor = {0, 1};
  return d;
}

/// A law of `segments` pieces, each with k, C and source of its own.
inline SegmentLaw law_of(int segments) {
  LawData d;
  d.perfusion = 15e3;
  d.arterial = kBody + 0.5;  // a source at rest as well
  d.capacity.clear();
  for (int s = 0; s < segments; ++s) d.capacity.push_back(2e6 + 1e6 * ((3 * s) % 5));
  d.k = {0.7};
  for (int s = 1; s < segments; ++s) d.breaks.push_back(180 + 130.0 * s / segments);
  if (segments > 1) {
    d.k.clear();
    d.factor.clear();
    for (int s = 1; s < segments; ++s) {
      d.k.push_back(2.2 - 1.5 * s / segments);
      d.factor.push_back(double(s) / segments);
    }
  }
  return make_law(d);
}

/// Integral of grad N_a . grad N_b over a unit cube; corner a at (a & 1, a >> 1 & 1, a >> 2).
inline std::array<std::array<double, 8>, 8> cube_stiffness() {
  std::array<std::array<double, 8>, 8> out{};
  const double g = 0.5 / std::sqrt(3.0);
  for (unsigned q = 0; q < 8; ++q) {
    std::array<std::array<double, 3>, 8> gradient{};
    for (unsigned a = 0; a < 8; ++a)
      for (unsigned d = 0; d < 3; ++d) {
        gradient[a][d] = 1;
        for (unsigned e = 0; e < 3; ++e) {
          const double x = 0.5 + ((q >> e & 1U) != 0 ? g : -g);
          const bool high = (a >> e & 1U) != 0;
          gradient[a][d] *= e == d ? (high ? 1 : -1) : (high ? x : 1 - x);
        }
      }
    for (unsigned a = 0; a < 8; ++a)
      for (unsigned b = 0; b < 8; ++b)
        for (unsigned d = 0; d < 3; ++d) out[a][b] += gradient[a][d] * gradient[b][d] / 8;
  }
  return out;
}

/// A grid, of which some nodes may be active. `cell_law` asks that all are.
struct NaiveGrid {
  std::array<int, 3> nodes{};
  std::array<Edge, 6> edge{};
  double spacing = 1e-3;
  std::vector<SegmentLaw> laws;
  std::vector<LawIndex> node_law, cell_law;  ///< empty: 0
  std::vector<std::array<int, 2>> rows;      ///< active nodes of each row; empty: all

  const SegmentLaw& law(std::size_t node) const {
    return laws[node_law.empty() ? 0 : node_law[node]];
  }
  bool active(std::size_t node) const {
    const std::size_t row = node / at(nodes[0]);
    const int i = static_cast<int>(node % at(nodes[0]));
    return rows.empty() || (i >= rows[row][0] && i < rows[row][1]);
  }
  /// Active is [lo, hi).
  void keep_box(const std::array<int, 3>& lo, const std::array<int, 3>& hi) {
    rows.clear();
    for (int k = 0; k < nodes[2]; ++k)
      for (int j = 0; j < nodes[1]; ++j)
        if (j >= lo[1] && j < hi[1] && k >= lo[2] && k < hi[2])
          rows.push_back({lo[0], hi[0]});
        else
          rows.push_back({0, 0});
  }
};

/// L in J/m3/s and V in m3 of the active nodes, prescribed ones included; zero elsewhere.
struct NaiveRates {
  std::vector<double> rate, volume;
};

/// What a cell conducts with: theta of its nodes, or k T where their laws are not the cell's.
inline std::array<double, 8> conducted(const NaiveGrid& box, const std::array<std::size_t, 8>& node,
                                       int law, const std::vector<double>& y) {
  std::array<double, 8> theta{}, t{};
  bool pure = true;
  for (std::size_t a = 0; a < 8; ++a) {
    theta[a] = box.law(node[a]).kirchhoff(y[node[a]]);
    t[a] = box.law(node[a]).temperature(y[node[a]]);
    pure = pure && (law < 0 || &box.law(node[a]) == &box.laws[at(law)]);
  }
  if (pure) return theta;
  const SegmentLaw& own = box.laws[at(law)];
  const auto [low, high] = std::minmax_element(t.begin(), t.end());
  const double rise = own.kirchhoff(own.enthalpy(*high)) - own.kirchhoff(own.enthalpy(*low));
  const double k = rise / (*high - *low);
  for (double& x : t) x *= k;
  return t;
}

/// Cell by cell, pair by pair: heat moves between active nodes.
inline NaiveRates naive_rates(const NaiveGrid& box, const std::vector<double>& y) {
  static const auto stiffness = cube_stiffness();
  const double h = box.spacing;
  NaiveRates out{std::vector<double>(y.size()), std::vector<double>(y.size())};
  const std::array<int, 3> cells{box.nodes[0] - 1, box.nodes[1] - 1, box.nodes[2] - 1};
  for (int k = 0; k < cells[2]; ++k)
    for (int j = 0; j < cells[1]; ++j)
      for (int i = 0; i < cells[0]; ++i) {
        std::array<std::size_t, 8> node{};
        for (unsigned a = 0; a < 8; ++a)
          node[a] = node_of(box.nodes, i + int(a & 1U), j + int(a >> 1U & 1U), k + int(a >> 2U));
        const int law = box.cell_law.empty() ? -1 : box.cell_law[node_of(cells, i, j, k)];
        const auto u = conducted(box, node, law, y);
        for (std::size_t a = 0; a < 8; ++a) {
          if (!box.active(node[a])) continue;
          out.volume[node[a]] += h * h * h / 8;
          for (std::size_t b = 0; b < 8; ++b)
            if (box.active(node[b])) out.rate[node[a]] -= h * stiffness[a][b] * (u[b] - u[a]);
        }
      }
  for (std::size_t n = 0; n < y.size(); ++n)
    if (out.volume[n] > 0) out.rate[n] = out.rate[n] / out.volume[n] + box.law(n).source(y[n]);
  return out;
}

/// A box of `nodes` cubes' corners around the origin, insulated.
inline GridSetup box_setup(const std::array<int, 3>& nodes, double spacing,
                           std::vector<SegmentLaw> laws) {
  GridSetup s;
  s.lattice.spacing = spacing;
  s.lattice.nodes = nodes;
  for (std::size_t d = 0; d < 3; ++d) s.lattice.origin[d] = -0.5 * spacing * (nodes[d] - 1);
  s.faces.fill(FaceKind::insulated);
  s.laws = std::move(laws);
  return s;
}

/// Laws of nodes and cells from a function of position, as the run finds them.
template <class LawAt>
void paint(GridSetup& s, const LawAt& law_at) {
  const auto& n = s.lattice.nodes;
  const double h = s.lattice.spacing;
  const auto point = [&](double i, double j, double k) {
    const Vec3& o = s.lattice.origin;
    return Vec3{o[0] + h * i, o[1] + h * j, o[2] + h * k};
  };
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) {
        s.node_law.push_back(static_cast<LawIndex>(law_at(point(i, j, k))));
        if (i + 1 < n[0] && j + 1 < n[1] && k + 1 < n[2])
          s.cell_law.push_back(static_cast<LawIndex>(law_at(point(i + 0.5, j + 0.5, k + 0.5))));
      }
}

inline ActiveSegment needle(const Vec3& begin, const Vec3& end, double radius = 0.75e-3) {
  ActiveSegment s;
  s.begin = begin;
  s.end = end;
  s.radius = radius;
  return s;
}

template <class Real>
double largest(const std::vector<Real>& v) {
  double m = 0;
  for (const Real x : v) m = std::max(m, std::abs(static_cast<double>(x)));
  return m;
}

}  // namespace thermodose::testing_grid
