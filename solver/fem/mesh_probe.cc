// Implements: probes in a mesh (see mesh_probe.h).
#include "fem/mesh_probe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <stdexcept>

#include "base/error.h"
#include "fem/surface_balance.h"

namespace thermodose {

namespace {

constexpr double kPi = 3.14159265358979323846;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

FittedProbe fit_probe(const MeshArrays& mesh, const ActiveSegment& segment) {
  const double low = std::min(segment.begin[2], segment.end[2]);
  const double high = std::max(segment.begin[2], segment.end[2]);
  const double close = 1e-6 * (segment.radius + high - low), length = high - low;
  FittedProbe probe;
  std::map<double, int> surface;  // by z
  for (std::size_t i = 0; i < mesh.nodes(); ++i) {
    const Vec3& p = mesh.geometry.points[i];
    if (p[0] > segment.radius + close || p[2] < low - close || p[2] > high + close) continue;
    probe.inside.push_back(static_cast<int>(i));
    if (p[0] > segment.radius - close) surface.emplace(p[2], static_cast<int>(i));
  }
  const auto position = [&](double z) {
    return (segment.begin[2] <= segment.end[2] ? z - low : high - z) / length;
  };
  for (auto s = surface.begin(); s != surface.end(); ++s) {
    double height = 0;
    if (s != surface.begin()) height += 0.5 * (s->first - std::prev(s)->first);
    if (std::next(s) != surface.end()) height += 0.5 * (std::next(s)->first - s->first);
    probe.surface.push_back({s->second, 2 * kPi * segment.radius * height,
                             profile_at(segment.profile, position(s->first))});
  }
  return probe;
}

namespace {

// Mesh nodes at points of the finest lattice around the probe, with finest cells all around.
std::map<std::array<int, 3>, int> lattice_nodes(const MeshArrays& mesh, const Lattice& lattice,
                                                const ProbeCoupling& coupling) {
  std::array<int, 3> low = coupling.nodes.front(), high = low;
  for (const auto& n : coupling.nodes)
    for (std::size_t d = 0; d < 3; ++d) {
      low[d] = std::min(low[d], n[d]);
      high[d] = std::max(high[d], n[d]);
    }
  std::vector<char> coarse(mesh.nodes(), 0);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    if (mesh.edge[c] > 1.01 * lattice.spacing)
      for (std::size_t i = 0; i < 8; ++i) coarse[at(mesh.cell(c)[i])] = 1;
  std::map<std::array<int, 3>, int> found;
  for (std::size_t i = 0; i < mesh.nodes(); ++i) {
    std::array<int, 3> n{};
    bool on = coarse[i] == 0;
    for (std::size_t d = 0; d < 3; ++d) {
      const double x = (mesh.geometry.points[i][d] - lattice.origin[d]) / lattice.spacing;
      n[d] = static_cast<int>(std::lround(x));
      on = on && n[d] >= low[d] && n[d] <= high[d] && std::abs(x - n[d]) < 1e-4;
    }
    if (on) found.emplace(n, static_cast<int>(i));
  }
  return found;
}

ProbeCoupling checked_coupling(const Lattice& lattice, const ActiveSegment& segment) {
  try {
    return couple_probe(lattice, segment);
  } catch (const std::invalid_argument& e) {
    throw InputError(Problem{"", 0, "probes", e.what()});
  }
}

}  // namespace

ImmersedProbe immerse_probe(const MeshArrays& mesh, MeshSlots& slots, const Lattice& lattice,
                            const ActiveSegment& segment) {
  ProbeCoupling coupling = checked_coupling(lattice, segment);
  const auto nodes = lattice_nodes(mesh, lattice, coupling);
  std::vector<int> node_of;
  for (const auto& n : coupling.nodes) {
    const auto found = nodes.find(n);
    if (found == nodes.end())
      throw InputError(Problem{"", 0, "probes",
                               "the mesh is not finest everywhere around a probe: widen the core "
                               "of the octree"});
    node_of.push_back(found->second);
  }
  std::vector<int> node_law;
  node_law.reserve(node_of.size());
  for (const int node : node_of) node_law.push_back(mesh.node_law[at(node)]);
  coupling = split_by_tissue(coupling, node_law);
  ImmersedProbe out;
  out.weight = coupling.weight;
  for (const auto& s : coupling.stations) {
    const int law = node_law[at(coupling.index[s.begin])];
    out.stations.push_back(
        {s.begin, s.end, law, coupling.shape_factor() * s.length,
         2 * kPi * segment.radius * s.length * profile_at(segment.profile, s.position)});
    for (std::size_t e = s.begin; e < s.end; ++e) {
      const int node = node_of[at(coupling.index[e])];
      out.node.push_back(node);
      out.slot.push_back(slots.slot(node, law));
    }
  }
  return out;
}

}  // namespace thermodose
