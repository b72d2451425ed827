// Implements: from a raw mesh to the arrays of the heat system (see mesh_arrays.h).
#include "fem/mesh_arrays.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <stdexcept>

#include "fem/mesh_build.h"
#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr double kPi = 3.14159265358979323846;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

Vec3 centre_of(const RawMesh& m, std::size_t cell, std::size_t n) {
  Vec3 sum{};
  for (std::size_t i = 0; i < n; ++i) sum = sum + m.points[at(m.cells[cell * n + i])];
  return (1.0 / static_cast<double>(n)) * sum;
}

// Interleaved bits of a position on a lattice of 2^20 points per side: neighbours in space are
// neighbours in memory.
std::uint64_t place_key(const Vec3& p, const Vec3& lower, double extent) {
  std::uint64_t key = 0;
  for (std::size_t d = 0; d < 3; ++d) {
    const double x = std::clamp((p[d] - lower[d]) / extent, 0.0, 1.0);
    auto q = static_cast<std::uint64_t>(x * 1048575.0);
    for (std::size_t b = 0; b < 20; ++b, q >>= 1U) key |= (q & 1U) << (3 * b + d);
  }
  return key;
}

// Cells in the order of their place.
std::vector<std::size_t> cell_order(const RawMesh& m, std::size_t n) {
  const std::size_t cells = m.cells.size() / n;
  Vec3 lower = m.points.front(), upper = lower;
  for (const Vec3& p : m.points)
    for (std::size_t d = 0; d < 3; ++d) {
      lower[d] = std::min(lower[d], p[d]);
      upper[d] = std::max(upper[d], p[d]);
    }
  const double extent = std::max({upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]});
  std::vector<std::uint64_t> key(cells);
  for (std::size_t c = 0; c < cells; ++c) key[c] = place_key(centre_of(m, c, n), lower, extent);
  std::vector<std::size_t> order(cells);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return key[a] < key[b]; });
  return order;
}

double cube_edge(const RawMesh& m, const int* cell) {
  const Vec3& a = m.points[at(cell[0])];
  const double edge = m.points[at(cell[1])][0] - a[0];
  for (unsigned n = 0; n < 8; ++n) {
    const Vec3& p = m.points[at(cell[n])];
    for (unsigned d = 0; d < 3; ++d) {
      const double expected = a[d] + ((n >> d & 1U) != 0 ? edge : 0.0);
      if (!(edge > 0) || std::abs(p[d] - expected) > 1e-6 * edge)
        throw std::invalid_argument("a cell of the mesh is not a cube along the axes");
    }
  }
  return edge;
}

void make_hexes(const RawMesh& m, MeshArrays& out) {
  std::vector<Vec3> corners;
  corners.reserve(m.cells.size());
  for (const int n : m.cells) corners.push_back(m.points[at(n)]);
  out.hexes = hex_elements(corners);
  for (const HexElement& e : out.hexes)
    for (const double v : e.share)
      if (!(v > 0)) throw std::invalid_argument("a cell of the mesh is inverted");
}

void make_elements(const RawMesh& m, MeshArrays& out) {
  if (!m.axisymmetric && m.own_faces) return make_hexes(m, out);
  const std::size_t n = m.axisymmetric ? 4 : 8, cells = m.cells.size() / n;
  std::vector<std::size_t> general;
  std::vector<Vec3> corners;
  for (std::size_t c = 0; c < cells; ++c) {
    const int* cell = &m.cells[c * n];
    if (!m.axisymmetric) {
      out.edge.push_back(cube_edge(m, cell));
      continue;
    }
    std::array<Vec3, 4> p{};
    for (std::size_t i = 0; i < 4; ++i) p[i] = m.points[at(cell[i])];
    out.quads.push_back(is_rectangle(p) ? rectangle_element(p) : QuadElement{});
    if (is_rectangle(p)) continue;
    general.push_back(c);
    corners.insert(corners.end(), p.begin(), p.end());
  }
  if (general.empty()) return;
  const std::vector<QuadElement> elements = general_quad_elements(corners);
  for (std::size_t g = 0; g < general.size(); ++g) {
    for (const double v : elements[g].share)
      if (!(v > 0)) throw std::invalid_argument("a cell of the mesh is inverted");
    out.quads[general[g]] = elements[g];
  }
}

// The law with the largest volume around each node.
std::vector<int> node_laws(const MeshArrays& a, std::size_t nodes) {
  const auto n = static_cast<std::size_t>(a.nodes_per_cell());
  const int laws =
      a.cell_law.empty() ? 1 : 1 + *std::max_element(a.cell_law.begin(), a.cell_law.end());
  if (laws == 1) return std::vector<int>(nodes, 0);
  std::vector<double> share(nodes * at(laws), 0.0);
  for (std::size_t c = 0; c < a.cell_law.size(); ++c)
    for (std::size_t i = 0; i < n; ++i)
      share[at(a.cell(c)[i]) * at(laws) + at(a.cell_law[c])] += a.share(c, i);
  std::vector<int> law(nodes, 0);
  for (std::size_t i = 0; i < nodes; ++i) {
    const auto first = share.begin() + static_cast<std::ptrdiff_t>(i * at(laws));
    // Equal shares go to the later law: in painter's order it lies on top. Round-off is no share.
    int best = 0;
    for (int l = 1; l < laws; ++l)
      if (first[l] >= first[best] * (1 - 1e-9)) best = l;
    law[i] = best;
  }
  return law;
}

// Cells that are cut, or that see a node of another law than their own.
void mark_interfaces(const RawMesh& m, MeshArrays& out) {
  std::vector<char> other(out.cell_law.size(), 0);
  std::vector<const HangingNode*> hangs(m.points.size(), nullptr);
  for (const HangingNode& h : m.hanging) hangs[at(h.node)] = &h;
  for (std::size_t c = 0; c < other.size(); ++c)
    for (std::size_t i = 0; i < 8; ++i) {
      const int node = m.cells[8 * c + i];
      const HangingNode* h = hangs[at(node)];
      const bool same =
          h == nullptr ? out.node_law[at(node)] == out.cell_law[c]
                       : std::all_of(&h->masters[0], &h->masters[at(h->count)], [&](int master) {
                           return out.node_law[at(master)] == out.cell_law[c];
                         });
      if (!same) other[c] = 1;
    }
  for (const CutCell& cut : out.cuts) other[cut.cell] = 1;
  if (std::any_of(other.begin(), other.end(), [](char x) { return x != 0; })) out.interface = other;
}

// New number of each node: by law, nodes that interface cells see first, then by first appearance
// in the cells.
std::vector<int> node_order(const RawMesh& m, const MeshArrays& a) {
  const std::size_t nodes = a.node_law.size(), n = m.axisymmetric ? 4 : 8;
  std::vector<int> order, key(nodes, -1);
  for (const int node : m.cells) {
    if (key[at(node)] >= 0) continue;
    key[at(node)] = 2 * a.node_law[at(node)] + 1;
    order.push_back(node);
  }
  if (order.size() != nodes) throw std::invalid_argument("the mesh has nodes without cells");
  const auto see = [&](int node) { key[at(node)] = 2 * a.node_law[at(node)]; };
  for (std::size_t c = 0; c < a.interface.size(); ++c)
    if (a.interface[c] != 0)
      for (std::size_t i = 0; i < n; ++i) see(m.cells[c * n + i]);
  for (const HangingNode& h : m.hanging)
    if (key[at(h.node)] % 2 == 0) std::for_each(&h.masters[0], &h.masters[at(h.count)], see);
  std::stable_sort(order.begin(), order.end(),
                   [&](int i, int j) { return key[at(i)] < key[at(j)]; });
  std::vector<int> number(nodes);
  for (std::size_t i = 0; i < nodes; ++i) number[at(order[i])] = static_cast<int>(i);
  return number;
}

void renumber(RawMesh& m, MeshArrays& out) {
  const std::vector<int> number = node_order(m, out);
  std::vector<Vec3> points(m.points.size());
  std::vector<int> law(points.size());
  out.raw_node.resize(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    out.raw_node[at(number[i])] = static_cast<int>(i);
    points[at(number[i])] = m.points[i];
    law[at(number[i])] = out.node_law[i];
  }
  m.points = std::move(points);
  out.node_law = std::move(law);
  for (int& node : m.cells) node = number[at(node)];
  for (HangingNode& h : m.hanging) {
    h.node = number[at(h.node)];
    for (int k = 0; k < h.count; ++k) h.masters[at(k)] = number[at(h.masters[at(k)])];
  }
  for (BoundaryFace& f : m.boundary)
    for (int& node : f.nodes) node = number[at(node)];
  for (std::size_t i = 0; i < out.node_law.size(); ++i) {
    if (out.runs.empty() || out.runs.back().law != out.node_law[i])
      out.runs.push_back({i, i, out.node_law[i]});
    out.runs.back().end = i + 1;
  }
}

// Masters of hanging nodes must be free themselves (2:1 balance over corners grants it).
void check_hanging(const RawMesh& m) {
  std::vector<char> hangs(m.points.size(), 0);
  for (const HangingNode& h : m.hanging) hangs[at(h.node)] = 1;
  for (const HangingNode& h : m.hanging)
    for (int k = 0; k < h.count; ++k)
      if (hangs[at(h.masters[at(k)])] != 0)
        throw std::invalid_argument("a hanging node depends on another one");
}

template <class Values>
void fold_to_masters(const std::vector<HangingNode>& hanging, Values& values) {
  for (const HangingNode& h : hanging) {
    for (int k = 0; k < h.count; ++k) values[at(h.masters[at(k)])] += values[at(h.node)] / h.count;
    values[at(h.node)] = 0;
  }
}

void add_volumes(MeshArrays& out) {
  const auto n = static_cast<std::size_t>(out.nodes_per_cell());
  out.volume.assign(out.nodes(), 0.0);
  for (std::size_t c = 0; c < out.cells(); ++c)
    for (std::size_t i = 0; i < n; ++i) out.volume[at(out.cell(c)[i])] += out.share(c, i);
  fold_to_masters(out.hanging, out.volume);
}

// A node is on every face that it has a share of.
void mark_outer(MeshArrays& out) {
  out.geometry.outer.assign(out.nodes(), 0);
  for (std::size_t f = 0; f < out.faces.size(); ++f)
    for (const FaceNode& n : out.faces[f]) out.geometry.outer[at(n.node)] |= 1U << f;
}

void add_faces(const RawMesh& m, MeshArrays& out) {
  int sides = 6;
  for (const BoundaryFace& f : m.boundary) sides = std::max(sides, f.side + 1);
  out.faces.resize(at(sides));
  for (int side = 0; side < sides; ++side) {
    std::vector<double> area(m.points.size(), 0.0);
    for (const BoundaryFace& f : m.boundary) {
      if (f.side != side) continue;
      const Vec3 &p = m.points[at(f.nodes[0])], &q = m.points[at(f.nodes[1])];
      if (m.axisymmetric) {
        // 2 pi int phi r ds over the straight edge.
        const double s = kPi / 3 * norm(q - p);
        area[at(f.nodes[0])] += s * (2 * p[0] + q[0]);
        area[at(f.nodes[1])] += s * (p[0] + 2 * q[0]);
      } else if (m.own_faces) {
        std::array<Vec3, 4> c{};
        for (std::size_t i = 0; i < 4; ++i) c[i] = m.points[at(f.nodes[i])];
        const auto shares = face_shares(c);
        for (std::size_t i = 0; i < 4; ++i) area[at(f.nodes[i])] += shares[i];
      } else {
        const double edge = norm(q - p);
        for (const int node : f.nodes) area[at(node)] += edge * edge / 4;
      }
    }
    fold_to_masters(m.hanging, area);
    for (std::size_t i = 0; i < area.size(); ++i)
      if (area[i] > 0) out.faces[at(side)].push_back({static_cast<int>(i), area[i]});
  }
}

// Cells into the order of their place; returns where each one was.
std::vector<std::size_t> sort_cells(RawMesh& raw) {
  const std::size_t n = raw.axisymmetric ? 4 : 8;
  if (raw.cells.empty()) throw std::invalid_argument("the mesh has no cells");
  std::vector<std::size_t> order = cell_order(raw, n);
  std::vector<int> cells;
  cells.reserve(raw.cells.size());
  for (const std::size_t c : order)
    cells.insert(cells.end(), raw.cells.begin() + static_cast<std::ptrdiff_t>(c * n),
                 raw.cells.begin() + static_cast<std::ptrdiff_t>((c + 1) * n));
  raw.cells = std::move(cells);
  return order;
}

MeshArrays begin_arrays(const RawMesh& raw) {
  MeshArrays out;
  out.geometry.uniform = false;
  out.geometry.axisymmetric = raw.axisymmetric;
  out.geometry.cells = raw.cells;  // in the old numbers
  make_elements(raw, out);
  return out;
}

// With laws in place: numbers of nodes, volumes, faces.
MeshArrays finish_arrays(RawMesh raw, MeshArrays out) {
  renumber(raw, out);
  out.geometry.cells = raw.cells;
  out.geometry.points = raw.points;
  out.hanging = raw.hanging;
  std::sort(out.hanging.begin(), out.hanging.end(),
            [](const HangingNode& a, const HangingNode& b) { return a.node < b.node; });
  add_volumes(out);
  add_faces(raw, out);
  if (raw.own_faces) mark_outer(out);
  return out;
}

}  // namespace

MeshArrays arrange_mesh(RawMesh raw, const TissueAt& tissue) {
  check_hanging(raw);
  sort_cells(raw);
  MeshArrays out = begin_arrays(raw);
  const std::size_t n = raw.axisymmetric ? 4 : 8;
  for (std::size_t c = 0; c < raw.cells.size() / n; ++c)
    out.cell_law.push_back(tissue(centre_of(raw, c, n)));
  out.node_law = node_laws(out, raw.points.size());
  return finish_arrays(std::move(raw), std::move(out));
}

MeshArrays arrange_mesh(RawMesh raw, const MeshTissues& tissues) {
  check_hanging(raw);
  const std::vector<std::size_t> order = sort_cells(raw);
  MeshArrays out = begin_arrays(raw);
  std::vector<std::size_t> place(order.size());
  for (std::size_t c = 0; c < order.size(); ++c) {
    place[order[c]] = c;
    out.cell_law.push_back(tissues.cell_law[order[c]]);
  }
  for (CutCell cut : tissues.cuts) {
    cut.cell = place[cut.cell];
    out.cuts.push_back(cut);
  }
  std::sort(out.cuts.begin(), out.cuts.end(),
            [](const CutCell& a, const CutCell& b) { return a.cell < b.cell; });
  out.node_law.assign(tissues.node_law.begin(), tissues.node_law.end());
  // What a hanging node stores belongs to its masters; its own law only turns T into H.
  for (const HangingNode& h : raw.hanging)
    out.node_law[at(h.node)] = out.node_law[at(h.masters[0])];
  mark_interfaces(raw, out);
  return finish_arrays(std::move(raw), std::move(out));
}

}  // namespace thermodose
