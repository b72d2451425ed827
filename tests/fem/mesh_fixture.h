// What the tests of the mesh engine share.
// Implements: laws from constants, conditions from functions, box octrees, a random state.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "fem/mesh_build.h"
#include "fem/mesh_setup.h"

namespace thermodose::testing_mesh {

/// Constant capacity between breaks, k and perfusion factor linear between their values at the
/// breaks and constant outside. K, J/m3/K, W/m/K, W/m3/K.
struct LawData {
  double reference = 310.15;
  std::vector<double> breaks;           ///< K
  std::vector<double> capacity{3.6e6};  ///< one more than breaks
  std::vector<double> k{0.5};           ///< at breaks (one value without breaks)
  double perfusion = 0;                 ///< W/m3/K
  std::vector<double> factor{1};        ///< at breaks
  double arterial = 310.15;             ///< K
};

inline SegmentLaw make_law(const LawData& d) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const std::size_t pieces = d.breaks.size() + 1;
  const auto value = [&](const std::vector<double>& v, double t) {
    if (d.breaks.empty() || v.size() == 1 || t <= d.breaks.front()) return v.front();
    for (std::size_t i = 1; i < d.breaks.size(); ++i)
      if (t <= d.breaks[i])
        return v[i - 1] +
               (v[i] - v[i - 1]) * (t - d.breaks[i - 1]) / (d.breaks[i] - d.breaks[i - 1]);
    return v.back();
  };
  SegmentLaw law;
  law.reference_temperature = d.reference;
  law.min_temperature = 73;
  law.max_temperature = 473;
  law.source_at_reference = d.perfusion * value(d.factor, d.reference) * (d.arterial - d.reference);
  // Enthalpy at the breaks, relative to the reference.
  const auto enthalpy = [&](double t) {
    double h = 0;
    const double sign = t >= d.reference ? 1 : -1;
    const double a = std::min(t, d.reference), b = std::max(t, d.reference);
    for (std::size_t p = 0; p < pieces; ++p) {
      const double lo = p == 0 ? -inf : d.breaks[p - 1], hi = p == pieces - 1 ? inf : d.breaks[p];
      h += d.capacity[p] * std::max(0.0, std::min(b, hi) - std::max(a, lo));
    }
    return sign * h;
  };
  for (std::size_t p = 0; p < pieces; ++p) {
    const double lo = p == 0 ? -inf : d.breaks[p - 1], hi = p == pieces - 1 ? inf : d.breaks[p];
    const double pivot_t = std::min(std::max(d.reference, lo), hi);
    const bool inner = p > 0 && p < pieces - 1;
    const double dk = inner ? (value(d.k, hi) - value(d.k, lo)) / (hi - lo) : 0;
    const double df = inner ? (value(d.factor, hi) - value(d.factor, lo)) / (hi - lo) : 0;
    Segment s{};
    s.lo = p == 0 ? -inf : enthalpy(lo);
    s.hi = p == pieces - 1 ? inf : enthalpy(hi);
    s.pivot = std::min(std::max(0.0, s.lo), s.hi);
    s.t1 = 1 / d.capacity[p];
    s.th1 = value(d.k, pivot_t) * s.t1;
    s.th2 = 0.5 * dk * s.t1 * s.t1;
    s.s1 = d.perfusion * s.t1 * (-value(d.factor, pivot_t) + df * (d.arterial - pivot_t));
    s.s2 = -d.perfusion * df * s.t1 * s.t1;
    law.segments.push_back(s);
  }
  return law;
}

/// The tissue of the reference freeze-thaw case: latent heat from -1 to -8 degC, 310.15 K at rest.
inline LawData freezing_tissue(double perfusion = 20e3) {
  LawData d;
  const double rho = 1050;
  d.breaks = {265.15, 272.15};
  d.capacity = {rho * 1900, rho * (250e3 / 7 + 0.5 * (1900 + 3600)), rho * 3600};
  d.k = {2.0, 0.5};
  d.perfusion = perfusion;
  d.factor = {0, 1};
  return d;
}

inline SurfaceCondition fixed(double temperature) {
  return {SurfaceCondition::Kind::temperature, temperature, 0};
}
inline SurfaceCondition convective(double temperature, double coefficient) {
  return {SurfaceCondition::Kind::convective, temperature, coefficient};
}

/// Conditions from functions of time; insulated and released where none is given.
class Conditions final : public BoundaryConditions {
 public:
  std::array<std::function<SurfaceCondition(double)>, 6> faces;
  std::vector<std::function<SurfaceCondition(double t, double inside)>> probes;

  SurfaceCondition probe(std::size_t index, double t, double inside) const override {
    return index < probes.size() && probes[index] ? probes[index](t, inside) : SurfaceCondition{};
  }
  SurfaceCondition face(int face, double t) const override {
    const auto& f = faces[static_cast<std::size_t>(face)];
    return f ? f(t) : SurfaceCondition{};
  }
};

/// Octree of a box, finest within `core` of the axes.
struct OctreeCase {
  OctreeRequest request;
  OctreeLattice lattice;
  MeshArrays mesh;
  Lattice finest() const { return {lattice.lower, lattice.finest, lattice.fine_nodes()}; }
};

inline OctreeCase octree_case(
    OctreeRequest request, const TissueAt& tissue = [](const Vec3&) { return 0; }) {
  OctreeCase out;
  out.request = std::move(request);
  out.lattice = choose_octree_lattice(out.request);
  out.mesh = arrange_mesh(build_octree(out.request, out.lattice), tissue);
  return out;
}

/// A box of 32 mm with an axis through the middle: four sizes of cells from 0.5 to 4 mm.
inline OctreeRequest small_box() {
  OctreeRequest r;
  r.lower = {-0.016, -0.016, -0.016};
  r.upper = {0.016, 0.016, 0.016};
  r.finest = 1e-3;
  r.coarsest = 4e-3;
  r.core = 3e-3;
  r.growth = 0.5;
  r.axes = {{{0.0003, -0.0002, -0.005}, {0.0003, -0.0002, 0.005}}};
  return r;
}

inline ActiveSegment small_probe() {
  ActiveSegment s;
  s.begin = small_box().axes[0].first;
  s.end = small_box().axes[0].second;
  s.radius = 0.75e-3;
  return s;
}

/// An octree without a probe until one is added: the cubes are fine where it will be.
inline MeshSetup cubes_setup(
    std::vector<SegmentLaw> laws, const TissueAt& tissue = [](const Vec3&) { return 0; },
    const OctreeRequest& box = small_box()) {
  MeshSetup s = octree_setup(box, tissue, std::move(laws), {small_probe()}, 1);
  s.probes.clear();
  return s;
}

inline std::vector<double> random_state(std::size_t n, double low, double high, unsigned seed = 7) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> value(low, high);
  std::vector<double> y(n);
  for (double& x : y) x = value(random);
  return y;
}

/// Largest absolute value.
template <class Real>
double largest(const std::vector<Real>& v) {
  double m = 0;
  for (const Real x : v) m = std::max(m, std::abs(static_cast<double>(x)));
  return m;
}

/// Right-hand side L(y) in J/m3/s at time t.
template <class Real>
std::vector<Real> rate(HeatSystem<Real>& system, double t, std::vector<Real> y) {
  std::vector<Real> out(y.size()), l(y.size(), Real(0));
  system.begin_step(t, 0, y.data());
  StageCoefficients c;
  c.first = true;
  c.time = t;
  system.stage(c, y.data(), out.data(), y.data(), l.data());
  return l;
}

}  // namespace thermodose::testing_mesh
