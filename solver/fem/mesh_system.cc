// Implements: the heat system of the mesh engine (see mesh_system.h).
#include "fem/mesh_system.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace thermodose {

namespace {

// Power iterations for the spectral radius, and what it is multiplied with to be safe.
constexpr int kRadiusIterations = 30;
constexpr double kRadiusMargin = 1.08;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

template <class Real>
MeshSystem<Real>::MeshSystem(MeshSetup setup, const BoundaryConditions& conditions)
    : setup_(std::move(setup)),
      team_(setup_.team ? setup_.team : std::make_shared<ThreadTeam>(setup_.threads)),
      slots_(setup_.mesh, setup_.laws),
      boundary_(setup_.mesh, slots_, setup_.laws, setup_.probes, setup_.lattice, conditions),
      op_(setup_.mesh, slots_, setup_.laws, *team_),
      rates_(2 * boundary_.accounts(), 0.0),
      stage_ledger_(rates_.size()) {
  set_modes(0, 0);
}

template <class Real>
void MeshSystem<Real>::set_modes(double t, double dt) {
  begin_ = t;
  end_ = t + dt;
  const bool changed = boundary_.begin(t, dt) || counted_.empty();
  if (changed) {
    ++modes_;
    std::vector<int> nodes;
    counted_.assign(size(), Real(1));
    for (const auto& p : boundary_.prescribed()) nodes.push_back(p.node);
    for (const int node : nodes) counted_[at(node)] = 0;
    for (const HangingNode& h : setup_.mesh.hanging) counted_[at(h.node)] = 0;
    op_.hold(nodes);
  }
  if (changed || boundary_.convective()) bound_ = find_bound(t + 0.5 * dt);
}

// Without stations the bound of the operator is sharp. Stations act on smooth states, where
// conduction is slow: the sum of both bounds would cost half as many stages again (measured), so
// the radius of their sum is measured instead.
template <class Real>
double MeshSystem<Real>::find_bound(double t) {
  std::vector<double> per_slot(slots_.size(), 0.0), per_node(size(), 0.0);
  boundary_.conductances(t, per_slot, per_node);
  const double bound = op_.spectral_bound(per_slot, per_node);
  std::fill(per_slot.begin(), per_slot.end(), 0.0);
  const double alone = op_.spectral_bound(per_slot, per_node);
  if (bound < 1.05 * alone) return bound;
  auto known = radii_.find(boundary_.kinds());
  if (known == radii_.end()) known = radii_.emplace(boundary_.kinds(), measured_radius()).first;
  return std::min(bound, std::max(alone, kRadiusMargin * known->second));
}

// Temperatures of enthalpies v for the largest rates that cubes at borders can have.
template <class Real>
void MeshSystem<Real>::set_interfaces(const std::vector<double>& v) {
  MeshInterfaces<Real>& cubes = op_.interfaces();
  if (cubes.empty()) return;
  for (std::size_t i = 0; i < size(); ++i)
    cubes.excess()[i] = static_cast<Real>(op_.inverse_capacity(i) * v[i]);
  cubes.fill_hanging();
}

template <class Real>
double MeshSystem<Real>::measured_radius() {
  std::vector<Real> theta(slots_.size() + 1, Real(0));
  std::vector<double> v(size());
  unsigned seed = 12345;
  for (std::size_t i = 0; i < size(); ++i) {
    seed = seed * 1664525U + 1013904223U;
    v[i] = counted_[i] > 0 ? static_cast<double>(seed >> 8U) / 8388608.0 - 1.0 : 0.0;
  }
  double radius = 0;
  for (int it = 0; it < kRadiusIterations; ++it) {
    for (std::size_t i = 0; i < size(); ++i)
      theta[i] = static_cast<Real>(op_.diffusivity(i) * v[i]);
    for (const auto& g : slots_.ghosts())
      theta[at(g.slot)] = static_cast<Real>(op_.diffusivity(at(g.slot)) * v[at(g.node)]);
    op_.fill_means(theta.data());
    set_interfaces(v);
    op_.conduct(theta.data(), MeshOperator<Real>::Interfaces::largest);
    boundary_.station_exchange(theta.data(), op_.heat());
    op_.fold();
    double before = 0, after = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      before += v[i] * v[i];
      v[i] = counted_[i] > 0 ? static_cast<double>(op_.heat()[i]) / volume(i) : 0.0;
      after += v[i] * v[i];
    }
    radius = std::sqrt(after / before);
    for (double& x : v) x /= radius;
  }
  return radius;
}

template <class Real>
void MeshSystem<Real>::fill_hanging(Real* y) const {
  const MeshArrays& mesh = setup_.mesh;
  for (const HangingNode& h : mesh.hanging) {
    double sum = 0;
    bool rest = true;
    for (int k = 0; k < h.count; ++k) {
      const std::size_t master = at(h.masters[at(k)]);
      rest = rest && y[master] == Real(0);
      if (rest) continue;
      sum += setup_.laws[at(mesh.node_law[master])].excess(static_cast<double>(y[master]));
    }
    if (rest) {
      y[h.node] = 0;
      continue;
    }
    const SegmentLaw& law = setup_.laws[at(mesh.node_law[at(h.node)])];
    y[h.node] = static_cast<Real>(law.enthalpy(law.reference_temperature + sum / h.count));
  }
}

template <class Real>
void MeshSystem<Real>::begin_step(double t, double dt, Real* y) {
  set_modes(t, dt);
  boundary_.values(end_, held_end_);
  fill_hanging(y);
}

template <class Real>
void MeshSystem<Real>::evaluate(double t, const Real* y) {
  std::fill(rates_.begin(), rates_.end(), 0.0);
  boundary_.values(t, held_);
  rates_[kSourceAccount] = op_.evaluate(y, held_);
  op_.conduct();
  boundary_.exchange(t, y, op_.theta(), op_.heat(), rates_);
  op_.fold();
  for (const auto& p : boundary_.prescribed())
    rates_[boundary_.accounts() + p.account] +=
        static_cast<double>(op_.heat()[p.node]) +
        volume(at(p.node)) * static_cast<double>(op_.source()[p.node]);
}

template <class Real>
void MeshSystem<Real>::stage(const StageCoefficients& c, const Real* y_prev, Real* y_out,
                             const Real* y0, Real* l0) {
  evaluate(c.time, y_prev);
  op_.update(c, y_prev, y_out, y0, l0);
  // Prescribed nodes hold what they have at the end of the step; stages read held_ instead.
  for (std::size_t i = 0; i < boundary_.prescribed().size(); ++i) {
    const int node = boundary_.prescribed()[i].node;
    y_out[node] = static_cast<Real>(held_end_[i]);
    if (c.first) l0[node] = 0;
  }
  stage_ledger_.stage(c, rates_);
}

template <class Real>
void MeshSystem<Real>::prescribe(double t, Real* y) {
  set_modes(t, 0);
  boundary_.values(t, held_);
  for (std::size_t i = 0; i < boundary_.prescribed().size(); ++i)
    y[boundary_.prescribed()[i].node] = static_cast<Real>(held_[i]);
  fill_hanging(y);
}

template <class Real>
HeatLedger MeshSystem<Real>::ledger_of(const std::vector<double>& booked, const Real* y_begin,
                                       const Real* y_end) const {
  std::vector<double> cause(booked.begin(),
                            booked.begin() + static_cast<std::ptrdiff_t>(boundary_.accounts()));
  // What prescribed nodes gained beyond what reached them from inside came through the surface.
  for (const auto& p : boundary_.prescribed())
    cause[p.account] += volume(at(p.node)) *
                        (static_cast<double>(y_end[p.node]) - static_cast<double>(y_begin[p.node]));
  for (std::size_t a = 0; a < cause.size(); ++a) cause[a] -= booked[boundary_.accounts() + a];
  HeatLedger heat;
  heat.tissue_sources = cause[kSourceAccount];
  heat.faces = cause[kFaceAccount];
  heat.probes.assign(cause.begin() + kProbeAccount, cause.end());
  return heat;
}

template <class Real>
HeatLedger MeshSystem<Real>::end_step(double, double, const Real* y_begin, const Real* y_end) {
  std::vector<double> booked;
  for (std::size_t a = 0; a < rates_.size(); ++a) booked.push_back(stage_ledger_.heat(a));
  return ledger_of(booked, y_begin, y_end);
}

template <class Real>
StepCheck MeshSystem<Real>::check_step(double dt, const Real* y_old, const Real* y_new,
                                       const Real* l_old, const Real* l_new) const {
  StepCheck check;
  double squares = 0, moved = 0;
  const Real w = static_cast<Real>(0.4 * dt);
  for (const NodeRun& run : setup_.mesh.runs) {
    const SegmentLaw& law = setup_.laws[at(run.law)];
    const Real capacity = static_cast<Real>(law.capacity(0));
    Real sum = 0, count = 0, lowest = 0, highest = 0;
    for (std::size_t i = run.begin; i < run.end; ++i) {
      const Real e = Real(0.8) * (y_old[i] - y_new[i]) + w * (l_old[i] + l_new[i]);
      // More than about 1 K from rest.
      const Real far = std::abs(y_new[i]) > capacity ? counted_[i] : Real(0);
      const Real kelvin = far * e / capacity;
      sum += kelvin * kelvin;
      count += far;
      lowest = std::min(lowest, y_new[i]);
      highest = std::max(highest, y_new[i]);
    }
    squares += static_cast<double>(sum);
    moved += static_cast<double>(count);
    // A NaN fails the test of the sum.
    check.physical = check.physical && std::isfinite(static_cast<double>(sum)) &&
                     static_cast<double>(lowest) >= law.enthalpy(law.min_temperature) &&
                     static_cast<double>(highest) <= law.enthalpy(law.max_temperature);
  }
  check.error = moved > 0 ? std::sqrt(squares / moved) : 0;
  return check;
}

template <class Real>
double MeshSystem<Real>::sensed(std::size_t probe, const SurfaceCondition& condition,
                                const Real* y) const {
  return boundary_.sensed(probe, condition, y);
}

template <class Real>
double MeshSystem<Real>::stored(const Real* y) const {
  double sum = 0;
  for (std::size_t i = 0; i < size(); ++i) sum += volume(i) * static_cast<double>(y[i]);
  return sum;
}

template class MeshSystem<float>;
template class MeshSystem<double>;

}  // namespace thermodose
