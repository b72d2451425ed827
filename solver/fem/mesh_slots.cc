// Implements: slots of theta (see mesh_slots.h).
#include "fem/mesh_slots.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>

namespace thermodose {

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

std::uint64_t key(int a, int b) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(a)) << 32U |
         static_cast<std::uint32_t>(b);
}

}  // namespace

SegmentLaw composed_law(const SegmentLaw& storage, const SegmentLaw& conduction) {
  if (std::abs(storage.reference_temperature - conduction.reference_temperature) > 1e-9)
    throw std::invalid_argument("tissue laws with different reference temperatures");
  constexpr double inf = std::numeric_limits<double>::infinity();
  std::vector<double> breaks;
  for (const Segment& s : storage.segments)
    if (std::isfinite(s.hi)) breaks.push_back(s.hi);
  for (const Segment& s : conduction.segments)
    if (std::isfinite(s.hi)) breaks.push_back(storage.enthalpy(conduction.temperature(s.hi)));
  std::sort(breaks.begin(), breaks.end());

  SegmentLaw out;
  out.material = storage.material;
  out.reference_temperature = storage.reference_temperature;
  out.min_temperature = storage.min_temperature;
  out.max_temperature = storage.max_temperature;
  const auto k = [&](double h) {
    return conduction.conductivity(conduction.enthalpy(storage.temperature(h)));
  };
  double lo = -inf;
  breaks.push_back(inf);
  for (const double hi : breaks) {
    // Pieces of round-off length belong to their neighbour.
    if (std::isfinite(lo) && hi - lo < 1e-9 * (std::abs(lo) + 1)) continue;
    Segment s{};
    s.lo = lo;
    s.hi = hi;
    s.pivot = std::min(std::max(0.0, lo), hi);
    const double inside = std::isfinite(lo) && std::isfinite(hi) ? lo + 0.25 * (hi - lo)
                          : std::isfinite(lo)                    ? lo + 1
                          : std::isfinite(hi)                    ? hi - 1
                                                                 : 0;
    s.t1 = 1 / storage.capacity(inside);
    // k is linear in T, and T in H, on the piece: two points determine it.
    double slope = 0;
    if (std::isfinite(lo) && std::isfinite(hi))
      slope = (k(lo + 0.75 * (hi - lo)) - k(inside)) / (0.5 * (hi - lo));
    s.th1 = s.t1 * (k(inside) + slope * (s.pivot - inside));
    s.th2 = s.t1 * slope / 2;
    out.segments.push_back(s);
    lo = hi;
  }
  return out;
}

MeshSlots::MeshSlots(const MeshArrays& mesh, const std::vector<SegmentLaw>& laws)
    : mesh_(mesh), laws_(laws), size_(mesh.nodes()), hangs_(mesh.nodes(), -1) {
  for (std::size_t h = 0; h < mesh.hanging.size(); ++h)
    hangs_[at(mesh.hanging[h].node)] = static_cast<int>(h);
  const auto n = at(mesh.nodes_per_cell());
  cells_.reserve(mesh.cells() * n);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (std::size_t i = 0; i < n; ++i) {
      // Cubes of fem/mesh_interfaces.h read temperatures, not theta.
      const bool apart = !mesh.interface.empty() && mesh.interface[c] != 0;
      cells_.push_back(apart ? mesh.cell(c)[i] : slot(mesh.cell(c)[i], mesh.cell_law[c]));
    }
  for (const HangingNode& h : mesh.hanging)
    if (mesh.interface.empty() || one_law(h)) tie(h.node, h, mesh.node_law[at(h.node)]);
}

// Of others only cubes of fem/mesh_interfaces.h know.
bool MeshSlots::one_law(const HangingNode& hanging) const {
  for (int k = 0; k < hanging.count; ++k)
    if (mesh_.node_law[at(hanging.masters[at(k)])] != mesh_.node_law[at(hanging.node)])
      return false;
  return true;
}

void MeshSlots::tie(int slot_of_hanging, const HangingNode& hanging, int law) {
  Mean m{slot_of_hanging, hanging.count, {}};
  for (int k = 0; k < hanging.count; ++k) m.masters[at(k)] = slot(hanging.masters[at(k)], law);
  means_.push_back(m);
}

int MeshSlots::slot(int node, int law) {
  const int own = mesh_.node_law[at(node)];
  if (own == law) return node;
  const auto found = known_.find(key(node, law));
  if (found != known_.end()) return found->second;
  const int fresh = new_slot();
  known_.emplace(key(node, law), fresh);
  if (hangs_[at(node)] >= 0) {
    tie(fresh, mesh_.hanging[at(hangs_[at(node)])], law);
    return fresh;
  }
  const auto [pair, first] =
      known_pairs_.emplace(key(own, law), static_cast<int>(pair_laws_.size()));
  if (first) pair_laws_.push_back(composed_law(laws_[at(own)], laws_[at(law)]));
  ghosts_.push_back({node, fresh, pair->second});
  return fresh;
}

}  // namespace thermodose
