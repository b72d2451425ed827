// Implements: modes, prescribed values and exchange of a mesh (see mesh_boundary.h).
#include "fem/mesh_boundary.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"

namespace thermodose {

namespace {

using Kind = SurfaceCondition::Kind;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

MeshBoundary::MeshBoundary(const MeshArrays& mesh, MeshSlots& slots,
                           const std::vector<SegmentLaw>& laws,
                           const std::vector<ActiveSegment>& probes,
                           const std::optional<Lattice>& lattice,
                           const BoundaryConditions& conditions)
    : mesh_(mesh), laws_(laws), conditions_(conditions), probe_count_(probes.size()) {
  for (const ActiveSegment& segment : probes) {
    if (!mesh.hexes.empty())
      throw InputError(Problem{"", 0, "probes", "a mesh of hexahedra from a file takes no probes"});
    if (lattice)
      immersed_.push_back(immerse_probe(mesh, slots, *lattice, segment));
    else
      fitted_.push_back(fit_probe(mesh, segment));
  }
  kinds_.assign(mesh.faces.size() + probes.size(), Kind::zero_flux);
}

SurfaceCondition MeshBoundary::probe_condition(std::size_t p, double t) const {
  return conditions_.probe(p, t, inside_);
}

SurfaceCondition MeshBoundary::face_condition(int face, double t) const {
  if (mesh_.faces[at(face)].empty()) return {};
  return conditions_.face(face, t);
}

double MeshBoundary::temperature(int node, double enthalpy) const {
  return laws_[at(mesh_.node_law[at(node)])].temperature(enthalpy);
}

bool MeshBoundary::begin(double t, double dt) {
  if (dt > 0) {
    inside_ = t + 0.5 * dt;
    end_ = t + dt;
  } else if (std::abs(t - end_) > 1e-9 * (1 + std::abs(t))) {
    inside_ = end_ = t;
  }
  std::vector<Kind> kinds;
  kinds.reserve(kinds_.size());
  for (int f = 0; f < faces(); ++f) kinds.push_back(face_condition(f, inside_).kind);
  for (std::size_t p = 0; p < probe_count_; ++p) kinds.push_back(probe_condition(p, inside_).kind);
  if (kinds == kinds_) return false;
  kinds_ = std::move(kinds);
  rebuild();
  return true;
}

bool MeshBoundary::convective() const {
  return std::find(kinds_.begin(), kinds_.end(), Kind::convective) != kinds_.end();
}

// A node of several owners belongs to the first: probes before faces.
void MeshBoundary::rebuild() {
  prescribed_.clear();
  std::vector<char> taken(mesh_.nodes(), 0);
  const auto take = [&](int node, int face, int probe, std::size_t account) {
    if (taken[at(node)] != 0) return;
    taken[at(node)] = 1;
    prescribed_.push_back({node, face, probe, account});
  };
  for (std::size_t p = 0; p < fitted_.size(); ++p)
    if (kinds_[mesh_.faces.size() + p] == Kind::temperature)
      for (const int node : fitted_[p].inside)
        take(node, -1, static_cast<int>(p), kProbeAccount + p);
  for (int f = 0; f < faces(); ++f)
    if (kinds_[at(f)] == Kind::temperature)
      for (const FaceNode& n : mesh_.faces[at(f)]) take(n.node, f, -1, kFaceAccount);
}

void MeshBoundary::values(double t, std::vector<double>& enthalpy) const {
  enthalpy.resize(prescribed_.size());
  // Neighbours in the list share owner and law nearly always: one inversion serves them all.
  const Prescribed* last = nullptr;
  double value = 0;
  for (std::size_t i = 0; i < prescribed_.size(); ++i) {
    const Prescribed& p = prescribed_[i];
    const int law = mesh_.node_law[at(p.node)];
    if (last == nullptr || last->face != p.face || last->probe != p.probe ||
        mesh_.node_law[at(last->node)] != law) {
      const SurfaceCondition c =
          p.probe >= 0 ? probe_condition(at(p.probe), t) : face_condition(p.face, t);
      value = laws_[at(law)].enthalpy(c.temperature);
    }
    enthalpy[i] = value;
    last = &p;
  }
}

template <class Real>
void MeshBoundary::exchange(double t, const Real* y, const Real* theta, Real* heat,
                            std::vector<double>& accounts) const {
  const auto give = [&](int slot, double q, std::size_t account) {
    heat[slot] += static_cast<Real>(q);
    accounts[account] += q;
  };
  for (int f = 0; f < faces(); ++f) {
    if (kinds_[at(f)] != Kind::convective) continue;
    const SurfaceCondition c = face_condition(f, t);
    for (const FaceNode& n : mesh_.faces[at(f)])
      give(n.node,
           c.coefficient * n.area *
               (c.temperature - temperature(n.node, static_cast<double>(y[n.node]))),
           kFaceAccount);
  }
  for (std::size_t p = 0; p < fitted_.size(); ++p) {
    if (kinds_[mesh_.faces.size() + p] != Kind::convective) continue;
    const SurfaceCondition c = probe_condition(p, t);
    for (const FittedProbe::Node& n : fitted_[p].surface)
      give(n.node,
           c.coefficient * n.profile * n.area *
               (c.temperature - temperature(n.node, static_cast<double>(y[n.node]))),
           kProbeAccount + p);
  }
  for (std::size_t p = 0; p < immersed_.size(); ++p) {
    if (kinds_[mesh_.faces.size() + p] == Kind::zero_flux) continue;
    const SurfaceCondition c = probe_condition(p, t);
    const ImmersedProbe& probe = immersed_[p];
    for (const auto& s : probe.stations) {
      const double q = station_heat(laws_[at(s.law)], c, s.conductance, c.coefficient * s.area,
                                    probe.mean(s, theta))
                           .heat;
      for (std::size_t e = s.begin; e < s.end; ++e)
        give(probe.slot[e], probe.weight[e] * q, kProbeAccount + p);
    }
  }
}

void MeshBoundary::slopes(double t, const double* theta, std::vector<NodeSlope>& nodes,
                          std::vector<StationSlope>& stations) const {
  nodes.clear();
  stations.clear();
  for (int f = 0; f < faces(); ++f) {
    if (kinds_[at(f)] != Kind::convective) continue;
    const double h = face_condition(f, t).coefficient;
    for (const FaceNode& n : mesh_.faces[at(f)]) nodes.push_back({n.node, -h * n.area});
  }
  for (std::size_t p = 0; p < fitted_.size(); ++p) {
    if (kinds_[mesh_.faces.size() + p] != Kind::convective) continue;
    const double h = probe_condition(p, t).coefficient;
    for (const FittedProbe::Node& n : fitted_[p].surface)
      nodes.push_back({n.node, -h * n.profile * n.area});
  }
  for (std::size_t p = 0; p < immersed_.size(); ++p) {
    if (kinds_[mesh_.faces.size() + p] == Kind::zero_flux) continue;
    const SurfaceCondition c = probe_condition(p, t);
    for (std::size_t s = 0; s < immersed_[p].stations.size(); ++s) {
      const auto& station = immersed_[p].stations[s];
      stations.push_back(
          {p, s,
           station_heat(laws_[at(station.law)], c, station.conductance,
                        c.coefficient * station.area, immersed_[p].mean(station, theta))
               .slope});
    }
  }
}

template <class Real>
void MeshBoundary::station_exchange(const Real* theta, Real* heat) const {
  for (std::size_t p = 0; p < immersed_.size(); ++p) {
    if (kinds_[mesh_.faces.size() + p] == Kind::zero_flux) continue;
    const ImmersedProbe& probe = immersed_[p];
    for (const auto& s : probe.stations) {
      const double q = -s.conductance * probe.mean(s, theta);
      for (std::size_t e = s.begin; e < s.end; ++e)
        heat[probe.slot[e]] += static_cast<Real>(probe.weight[e] * q);
    }
  }
}

void MeshBoundary::conductances(double t, std::vector<double>& per_slot,
                                std::vector<double>& per_node) const {
  for (std::size_t p = 0; p < immersed_.size(); ++p) {
    if (kinds_[mesh_.faces.size() + p] == Kind::zero_flux) continue;
    for (const auto& s : immersed_[p].stations)
      for (std::size_t e = s.begin; e < s.end; ++e)
        per_slot[at(immersed_[p].slot[e])] += s.conductance * immersed_[p].weight[e];
  }
  for (int f = 0; f < faces(); ++f) {
    if (kinds_[at(f)] != Kind::convective) continue;
    const double h = face_condition(f, t).coefficient;
    for (const FaceNode& n : mesh_.faces[at(f)]) per_node[at(n.node)] += h * n.area;
  }
  for (std::size_t p = 0; p < fitted_.size(); ++p) {
    if (kinds_[mesh_.faces.size() + p] != Kind::convective) continue;
    const double h = probe_condition(p, t).coefficient;
    for (const FittedProbe::Node& n : fitted_[p].surface)
      per_node[at(n.node)] += h * n.profile * n.area;
  }
}

template <class Real>
double MeshBoundary::sensed(std::size_t probe, const SurfaceCondition& condition,
                            const Real* y) const {
  if (condition.kind == SurfaceCondition::Kind::temperature) return condition.temperature;
  const auto enthalpy = [&](int node) { return static_cast<double>(y[node]); };
  double sum = 0, weight = 0;
  if (probe < fitted_.size()) {  // its nodes are on the surface
    for (const FittedProbe::Node& n : fitted_[probe].surface) {
      sum += n.area * temperature(n.node, enthalpy(n.node));
      weight += n.area;
    }
    return sum / weight;
  }
  const ImmersedProbe& p = immersed_[probe];
  for (const auto& s : p.stations) {
    const SegmentLaw& law = laws_[at(s.law)];
    double touched = 0, theta = 0;
    for (std::size_t e = s.begin; e < s.end; ++e) {
      touched += p.weight[e] * temperature(p.node[e], enthalpy(p.node[e]));
      // As the operator has it: slots of other tissues follow the temperature.
      theta +=
          p.weight[e] * law.kirchhoff(law.enthalpy(temperature(p.node[e], enthalpy(p.node[e]))));
    }
    sum += s.conductance * station_temperature(law, condition, s.conductance,
                                               condition.coefficient * s.area, theta, touched);
    weight += s.conductance;
  }
  return sum / weight;
}

template void MeshBoundary::exchange<float>(double, const float*, const float*, float*,
                                            std::vector<double>&) const;
template void MeshBoundary::exchange<double>(double, const double*, const double*, double*,
                                             std::vector<double>&) const;
template void MeshBoundary::station_exchange<float>(const float*, float*) const;
template void MeshBoundary::station_exchange<double>(const double*, double*) const;
template double MeshBoundary::sensed<float>(std::size_t, const SurfaceCondition&,
                                            const float*) const;
template double MeshBoundary::sensed<double>(std::size_t, const SurfaceCondition&,
                                             const double*) const;

}  // namespace thermodose
