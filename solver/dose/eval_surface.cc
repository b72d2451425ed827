// Implements: eval_surface.h.
#include "dose/eval_surface.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "dose/eval_cell_cut.h"

namespace thermodose::evaluation {

namespace {

constexpr double kPi = 3.14159265358979323846;
using Word = std::uint64_t;
constexpr std::size_t kWordBytes = sizeof(Word);

Word load(const std::uint8_t* p) {
  Word w;
  std::memcpy(&w, p, kWordBytes);
  return w;
}

/// What both kinds of discretisation need: sign bytes, vertices on edges, the growing surface.
class Extraction {
 public:
  Extraction(const NodeGeometry& geometry, const Criterion& criterion)
      : geometry_(geometry), criterion_(criterion) {
    surface_.axisymmetric = geometry.axisymmetric;
    inside_.assign(geometry.size() + 2 * kWordBytes, 0);  // loads of words may run past the end
    const std::size_t n = geometry.size();
    const auto level = static_cast<float>(criterion.level);
    const float sign = criterion.side == Side::below ? 1.0F : -1.0F;
    for (std::size_t i = 0; i < n; ++i)
      inside_[i] = static_cast<std::uint8_t>(sign * (criterion.values[i] - level) < 0);
  }

  Surface run() {
    if (geometry_.uniform) {
      uniform_cells();
      uniform_boundary();
    } else {
      mesh_cells();
      mesh_boundary();
    }
    return std::move(surface_);
  }

 private:
  std::size_t node(std::size_t i, std::size_t j, std::size_t k) const {
    return i + std::size_t(geometry_.nodes[0]) * (j + std::size_t(geometry_.nodes[1]) * k);
  }
  Vec3 position(std::size_t n) const { return node_position(geometry_, n); }
  void uniform_cells();
  void uniform_row(std::size_t j, std::size_t k);
  void uniform_boundary();
  void mesh_cells();
  void mesh_boundary();
  void cut(const std::size_t* nodes, unsigned pattern);
  int vertex(std::size_t a, std::size_t b);

  const NodeGeometry& geometry_;
  const Criterion& criterion_;
  std::vector<std::uint8_t> inside_;
  EdgePoints edges_;
  Surface surface_;
};

int Extraction::vertex(std::size_t a, std::size_t b) {
  if (a > b) std::swap(a, b);
  const int number = edges_.find(a, b, int(surface_.points.size()));
  if (std::size_t(number) == surface_.points.size()) {
    const double f = criterion_.offset(double(criterion_.values[a]));
    const double g = criterion_.offset(double(criterion_.values[b]));
    // A node without a finite value leaves nothing to interpolate: the surface passes half-way.
    const double s = std::isfinite(f) && std::isfinite(g) ? f / (f - g) : 0.5;
    const Vec3 p = position(a);
    surface_.points.push_back(p + s * (position(b) - p));
  }
  return number;
}

void Extraction::cut(const std::size_t* nodes, unsigned pattern) {
  const auto& pieces = geometry_.axisymmetric ? quad_cut(pattern) : cube_cut(pattern);
  for (const auto& piece : pieces) {
    std::array<int, 3> face{};
    for (std::size_t v = 0; v < 3; ++v) {
      const auto [a, b] = kCellEdges[piece[v]];
      face[v] = vertex(nodes[a], nodes[b]);
    }
    surface_.faces.push_back(face);
  }
}

void Extraction::uniform_cells() {
  const auto [nx, ny, nz] = geometry_.nodes;
  if (nx < 2 || ny < 2 || nz < 2) return;
  for (std::size_t k = 0; k + 1 < std::size_t(nz); ++k) {
    for (std::size_t j = 0; j + 1 < std::size_t(ny); ++j) uniform_row(j, k);
  }
}

/// Eight cells at a time: most words are all inside or all outside.
void Extraction::uniform_row(std::size_t j, std::size_t k) {
  const std::size_t rows[4] = {node(0, j, k), node(0, j + 1, k), node(0, j, k + 1),
                               node(0, j + 1, k + 1)};
  const std::size_t cells = std::size_t(geometry_.nodes[0]) - 1;
  for (std::size_t i = 0; i < cells; i += kWordBytes) {
    Word some = 0;
    Word every = ~Word(0);
    for (const std::size_t row : rows) {
      const Word left = load(&inside_[row + i]);
      const Word right = load(&inside_[row + i + 1]);
      some |= left | right;
      every &= left & right;
    }
    Word mixed = some & ~every;
    if (cells - i < kWordBytes) mixed &= (Word(1) << (8 * (cells - i))) - 1;
    for (std::size_t c = i; mixed != 0; ++c, mixed >>= 8U) {
      if ((mixed & 1U) == 0) continue;
      std::size_t nodes[8];
      unsigned pattern = 0;
      for (std::size_t v = 0; v < 8; ++v) {
        nodes[v] = rows[v >> 1U] + c + (v & 1U);
        pattern |= unsigned(inside_[nodes[v]]) << v;
      }
      cut(nodes, pattern);
    }
  }
}

void Extraction::uniform_boundary() {
  const auto [nx, ny, nz] = geometry_.nodes;
  const std::array<std::size_t, 3> last{std::size_t(nx) - 1, std::size_t(ny) - 1,
                                        std::size_t(nz) - 1};
  for (std::size_t k = 0; k <= last[2]; ++k) {
    for (std::size_t j = 0; j <= last[1]; ++j) {
      const bool wall = k == 0 || k == last[2] || j == 0 || j == last[1];
      const std::size_t stride = wall ? 1 : std::max<std::size_t>(1, last[0]);
      for (std::size_t i = 0; i <= last[0]; i += stride) {
        const std::size_t n = node(i, j, k);
        if (inside_[n] == 0) continue;
        const std::array<std::size_t, 3> at{i, j, k};
        for (unsigned d = 0; d < 3; ++d) {
          if (at[d] == 0) surface_.touched |= 1U << (2 * d);
          if (at[d] == last[d]) surface_.touched |= 2U << (2 * d);
        }
        surface_.cut.push_back(position(n));
      }
    }
  }
}

void Extraction::mesh_cells() {
  const std::size_t corners = std::size_t(geometry_.nodes_per_cell());
  const unsigned full = (1U << corners) - 1;
  for (std::size_t c = 0; c + corners <= geometry_.cells.size(); c += corners) {
    std::size_t nodes[8];
    unsigned pattern = 0;
    for (std::size_t v = 0; v < corners; ++v) {
      nodes[v] = std::size_t(geometry_.cells[c + v]);
      pattern |= unsigned(inside_[nodes[v]]) << v;
    }
    if (pattern != 0 && pattern != full) cut(nodes, pattern);
  }
}

void Extraction::mesh_boundary() {
  constexpr double inf = std::numeric_limits<double>::infinity();
  Vec3 lower{inf, inf, inf};
  Vec3 upper{-inf, -inf, -inf};
  for (const Vec3& p : geometry_.points) {
    for (std::size_t d = 0; d < 3; ++d) {
      lower[d] = std::min(lower[d], p[d]);
      upper[d] = std::max(upper[d], p[d]);
    }
  }
  const double close = 1e-9 * norm(upper - lower);
  for (std::size_t n = 0; n < geometry_.points.size(); ++n) {
    if (inside_[n] == 0) continue;
    const Vec3& p = geometry_.points[n];
    unsigned walls = 0;
    for (unsigned d = 0; d < 3; ++d) {
      if (geometry_.axisymmetric && d == 1) continue;
      const bool axis = geometry_.axisymmetric && d == 0;
      if (!axis && p[d] < lower[d] + close) walls |= 1U << (2 * d);
      if (p[d] > upper[d] - close) walls |= 2U << (2 * d);
    }
    if (walls == 0) continue;
    surface_.touched |= walls;
    surface_.cut.push_back(p);
  }
}

}  // namespace

Vec3 node_position(const NodeGeometry& geometry, std::size_t node) {
  if (!geometry.uniform) return geometry.points[node];
  const std::size_t nx = std::size_t(geometry.nodes[0]);
  const std::size_t row = node / nx;
  const std::size_t ny = std::size_t(geometry.nodes[1]);
  const std::size_t layer = row / ny;
  const Vec3 index{double(node % nx), double(row % ny), double(layer)};
  return geometry.origin + geometry.spacing * index;
}

double Surface::face_area(std::size_t face) const {
  const auto [a, b, c] = faces[face];
  if (axisymmetric) return kPi * (points[a][0] + points[b][0]) * norm(points[b] - points[a]);
  return 0.5 * norm(cross(points[b] - points[a], points[c] - points[a]));
}

double Surface::area() const {
  double sum = 0;
  for (std::size_t f = 0; f < faces.size(); ++f) sum += face_area(f);
  return sum;
}

std::vector<double> Surface::point_areas() const {
  std::vector<double> share(points.size(), 0.0);
  const std::size_t corners = axisymmetric ? 2 : 3;
  for (std::size_t f = 0; f < faces.size(); ++f) {
    const double part = face_area(f) / double(corners);
    for (std::size_t v = 0; v < corners; ++v) share[faces[f][v]] += part;
  }
  return share;
}

int EdgePoints::find(std::uint64_t a, std::uint64_t b, int next) {
  const std::uint64_t key = (a << 32U) | b;
  std::size_t at = start(key);
  while (slots_[at].number >= 0) {
    if (slots_[at].key == key) return slots_[at].number;
    at = (at + 1) & (slots_.size() - 1);
  }
  slots_[at] = {key, next};
  if (2 * ++used_ > slots_.size()) grow();
  return next;
}

void EdgePoints::grow() {
  std::vector<Slot> old(2 * slots_.size());
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.number < 0) continue;
    std::size_t at = start(slot.key);
    while (slots_[at].number >= 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

Surface iso_surface(const NodeGeometry& geometry, const Criterion& criterion) {
  return Extraction(geometry, criterion).run();
}

}  // namespace thermodose::evaluation
