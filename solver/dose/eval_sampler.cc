// Implements: eval_sampler.h: cells of a mesh are found through buckets of equal size.
#include "dose/eval_sampler.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "geometry/vec.h"

namespace thermodose::evaluation {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
/// Reference coordinates may leave the cell by this much: no gap between neighbours.
constexpr double kSlack = 1e-6;

void grow(BoundingBox& box, const Vec3& p) {
  for (std::size_t d = 0; d < 3; ++d) {
    box.lower[d] = std::min(box.lower[d], p[d]);
    box.upper[d] = std::max(box.upper[d], p[d]);
  }
}

BoundingBox nothing() {
  return {{kInfinity, kInfinity, kInfinity}, {-kInfinity, -kInfinity, -kInfinity}};
}

bool overlap(const BoundingBox& a, const BoundingBox& b) {
  for (std::size_t d = 0; d < 3; ++d) {
    if (a.lower[d] > b.upper[d] || a.upper[d] < b.lower[d]) return false;
  }
  return true;
}

double smallest_edge(const BoundingBox& box, bool axisymmetric) {
  double edge = kInfinity;
  for (std::size_t d = 0; d < 3; ++d) {
    if (axisymmetric && d == 1) continue;
    edge = std::min(edge, box.upper[d] - box.lower[d]);
  }
  return edge;
}

/// Solves a 3 x 3 system with the given columns by Cramer's rule; false when singular.
bool solve(const std::array<Vec3, 3>& columns, const Vec3& right, Vec3& x) {
  const auto det = [](const Vec3& a, const Vec3& b, const Vec3& c) {
    return a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) +
           a[2] * (b[0] * c[1] - b[1] * c[0]);
  };
  const double whole = det(columns[0], columns[1], columns[2]);
  if (whole == 0) return false;
  x = {det(right, columns[1], columns[2]) / whole, det(columns[0], right, columns[2]) / whole,
       det(columns[0], columns[1], right) / whole};
  return true;
}

/// Weight of corner c of the reference cell at u, and its derivative along `by` (3: none).
double weight(std::size_t c, const Vec3& u, std::size_t dimensions, std::size_t by) {
  double w = 1;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const bool upper = (c >> d & 1U) != 0;
    if (d == by) {
      w *= upper ? 1 : -1;
    } else {
      w *= upper ? u[d] : 1 - u[d];
    }
  }
  return w;
}

}  // namespace

/// Cells by the boxes they overlap.
class FieldSampler::Buckets {
 public:
  Buckets(const NodeGeometry& geometry, const BoundingBox& domain);
  Stencil find(const Vec3& p, const Stencil& hint) const;
  const std::vector<BoundingBox>& boxes() const { return boxes_; }

 private:
  bool in_cell(std::size_t cell, const Vec3& p, Stencil& found) const;
  bool invert(std::size_t cell, const Vec3& p, Vec3& u) const;
  std::array<std::size_t, 3> bucket_of(const Vec3& p) const;
  template <class Visit>
  void for_buckets(const BoundingBox& box, const Visit& visit) const;

  const NodeGeometry& geometry_;
  std::size_t corners_, dimensions_;
  BoundingBox domain_;
  std::vector<BoundingBox> boxes_;
  std::vector<char> straight_;  ///< the cell is its box
  std::array<std::size_t, 3> count_{1, 1, 1};
  double edge_ = 1;
  std::vector<std::size_t> first_;
  std::vector<std::uint32_t> cells_;
};

FieldSampler::Buckets::Buckets(const NodeGeometry& geometry, const BoundingBox& domain)
    : geometry_(geometry),
      corners_(std::size_t(geometry.nodes_per_cell())),
      dimensions_(geometry.axisymmetric ? 2 : 3),
      domain_(domain) {
  const std::size_t cells = geometry.cells.size() / corners_;
  boxes_.assign(cells, nothing());
  straight_.assign(cells, 1);
  double measure = 0;
  for (std::size_t c = 0; c < cells; ++c) {
    const int* nodes = &geometry.cells[c * corners_];
    for (std::size_t i = 0; i < corners_; ++i) grow(boxes_[c], geometry.points[nodes[i]]);
    const double edge = smallest_edge(boxes_[c], geometry.axisymmetric);
    const double close = 1e-9 * edge;
    measure += dimensions_ == 2 ? edge * edge : edge * edge * edge;
    for (std::size_t i = 0; i < corners_; ++i) {
      for (std::size_t d = 0; d < dimensions_; ++d) {
        const std::size_t x = geometry.axisymmetric && d == 1 ? 2 : d;
        const double wall = (i >> d & 1U) != 0 ? boxes_[c].upper[x] : boxes_[c].lower[x];
        if (std::abs(geometry.points[nodes[i]][x] - wall) > close) straight_[c] = 0;
      }
    }
  }
  if (cells == 0) return;
  // The mean cell, but no more than a few buckets per cell: cells may be thin.
  double whole = 1;
  for (std::size_t d = 0; d < 3; ++d) {
    if (!(geometry.axisymmetric && d == 1)) whole *= domain.upper[d] - domain.lower[d];
  }
  edge_ = std::pow(std::max(measure, 0.25 * whole) / double(cells), 1.0 / double(dimensions_));
  for (std::size_t d = 0; d < 3; ++d)
    count_[d] = 1 + std::size_t((domain.upper[d] - domain.lower[d]) / edge_);
  first_.assign(count_[0] * count_[1] * count_[2] + 1, 0);
  for (const BoundingBox& box : boxes_) for_buckets(box, [&](std::size_t b) { ++first_[b + 1]; });
  for (std::size_t b = 1; b < first_.size(); ++b) first_[b] += first_[b - 1];
  cells_.resize(first_.back());
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t c = 0; c < cells; ++c)
    for_buckets(boxes_[c], [&](std::size_t b) { cells_[next[b]++] = std::uint32_t(c); });
}

std::array<std::size_t, 3> FieldSampler::Buckets::bucket_of(const Vec3& p) const {
  std::array<std::size_t, 3> at{};
  for (std::size_t d = 0; d < 3; ++d) {
    const double x = std::max(0.0, (p[d] - domain_.lower[d]) / edge_);
    at[d] = std::min(count_[d] - 1, std::size_t(x));
  }
  return at;
}

template <class Visit>
void FieldSampler::Buckets::for_buckets(const BoundingBox& box, const Visit& visit) const {
  const Vec3 slack{1e-3 * edge_, 1e-3 * edge_, 1e-3 * edge_};
  const auto low = bucket_of(box.lower - slack);
  const auto high = bucket_of(box.upper + slack);
  for (std::size_t k = low[2]; k <= high[2]; ++k) {
    for (std::size_t j = low[1]; j <= high[1]; ++j) {
      for (std::size_t i = low[0]; i <= high[0]; ++i) visit(i + count_[0] * (j + count_[1] * k));
    }
  }
}

Stencil FieldSampler::Buckets::find(const Vec3& p, const Stencil& hint) const {
  Stencil found;
  if (hint.cell >= 0 && in_cell(std::size_t(hint.cell), p, found)) return found;
  if (boxes_.empty()) return found;
  const auto at = bucket_of(p);
  const std::size_t b = at[0] + count_[0] * (at[1] + count_[1] * at[2]);
  for (std::size_t i = first_[b]; i < first_[b + 1]; ++i) {
    if (in_cell(cells_[i], p, found)) return found;
  }
  return found;
}

bool FieldSampler::Buckets::in_cell(std::size_t cell, const Vec3& p, Stencil& found) const {
  const BoundingBox& box = boxes_[cell];
  Vec3 u{};
  for (std::size_t d = 0; d < dimensions_; ++d) {
    const std::size_t x = dimensions_ == 2 && d == 1 ? 2 : d;
    u[d] = (p[x] - box.lower[x]) / (box.upper[x] - box.lower[x]);
    if (!(u[d] >= -kSlack && u[d] <= 1 + kSlack)) return false;
  }
  if (straight_[cell] == 0) {
    if (!invert(cell, p, u)) return false;
    for (std::size_t d = 0; d < dimensions_; ++d) {
      if (!(u[d] >= -kSlack && u[d] <= 1 + kSlack)) return false;
    }
  }
  found.cell = std::ptrdiff_t(cell);
  for (std::size_t d = 0; d < 3; ++d)
    found.at[d] = static_cast<float>(std::min(1.0, std::max(0.0, u[d])));
  return true;
}

bool FieldSampler::Buckets::invert(std::size_t cell, const Vec3& p, Vec3& u) const {
  const int* nodes = &geometry_.cells[cell * corners_];
  for (int step = 0; step < 20; ++step) {
    Vec3 off = p;
    std::array<Vec3, 3> slope{};
    for (std::size_t c = 0; c < corners_; ++c) {
      const Vec3& corner = geometry_.points[nodes[c]];
      off = off - weight(c, u, dimensions_, 3) * corner;
      for (std::size_t d = 0; d < dimensions_; ++d)
        slope[d] = slope[d] + weight(c, u, dimensions_, d) * corner;
    }
    if (dimensions_ == 2) {  // y does not exist: its equation becomes u[2] += 0
      off[1] = 0;
      slope[2] = {0, 1, 0};
    }
    Vec3 move{};
    if (!solve(slope, off, move)) return false;
    u = u + move;
    if (norm(move) < 1e-7) return true;
    if (norm(u) > 10) return false;
  }
  return false;
}

FieldSampler::FieldSampler(const NodeGeometry& geometry) : geometry_(geometry), domain_(nothing()) {
  if (geometry.uniform) {
    domain_.lower = domain_.upper = geometry.origin;
    for (std::size_t d = 0; d < 3; ++d)
      domain_.upper[d] += geometry.spacing * std::max(0, geometry.nodes[d] - 1);
    return;
  }
  for (const Vec3& p : geometry.points) grow(domain_, p);
  buckets_ = std::make_unique<Buckets>(geometry, domain_);
}

FieldSampler::~FieldSampler() = default;

double FieldSampler::cell_size(const BoundingBox& box) const {
  if (geometry_.uniform) return geometry_.spacing;
  double inside = kInfinity;
  double anywhere = kInfinity;
  for (const BoundingBox& cell : buckets_->boxes()) {
    const double edge = smallest_edge(cell, geometry_.axisymmetric);
    anywhere = std::min(anywhere, edge);
    if (overlap(cell, box)) inside = std::min(inside, edge);
  }
  return inside < kInfinity ? inside : anywhere;
}

Stencil FieldSampler::locate(const Vec3& point, const Stencil& hint) const {
  if (geometry_.uniform) return locate_uniform(point);
  if (!geometry_.axisymmetric) return buckets_->find(point, hint);
  return buckets_->find({std::hypot(point[0], point[1]), 0, point[2]}, hint);
}

Stencil FieldSampler::locate_uniform(const Vec3& point) const {
  Stencil s;
  std::ptrdiff_t node = 0;
  std::ptrdiff_t stride = 1;
  for (std::size_t d = 0; d < 3; ++d) {
    const double x = (point[d] - geometry_.origin[d]) / geometry_.spacing;
    const int cells = geometry_.nodes[d] - 1;
    if (!(x >= -kSlack && x <= cells + kSlack) || cells < 1) return {};
    const int i = std::min(cells - 1, std::max(0, static_cast<int>(x)));
    s.at[d] = static_cast<float>(std::min(1.0, std::max(0.0, x - i)));
    node += stride * i;
    stride *= geometry_.nodes[d];
  }
  s.cell = node;
  return s;
}

float FieldSampler::value(const float* values, const Stencil& stencil) const {
  if (stencil.cell < 0) return kNaN;
  // A constant stays itself.
  const auto mix = [](float a, float b, float s) { return a + s * (b - a); };
  const auto [u, v, w] = stencil.at;
  if (geometry_.uniform) {
    const std::ptrdiff_t y = geometry_.nodes[0];
    const std::ptrdiff_t z = y * geometry_.nodes[1];
    const float* f = values + stencil.cell;
    const float* g = f + z;
    return mix(mix(mix(f[0], f[1], u), mix(f[y], f[y + 1], u), v),
               mix(mix(g[0], g[1], u), mix(g[y], g[y + 1], u), v), w);
  }
  const int* n = &geometry_.cells[std::size_t(stencil.cell) * geometry_.nodes_per_cell()];
  const float low = mix(mix(values[n[0]], values[n[1]], u), mix(values[n[2]], values[n[3]], u), v);
  if (geometry_.axisymmetric) return low;
  return mix(low, mix(mix(values[n[4]], values[n[5]], u), mix(values[n[6]], values[n[7]], u), v),
             w);
}

void FieldSampler::add_nodes(const Stencil& stencil, std::vector<std::size_t>& nodes) const {
  if (stencil.cell < 0) return;
  if (!geometry_.uniform) {
    const auto n = std::size_t(geometry_.nodes_per_cell());
    const int* first = &geometry_.cells[std::size_t(stencil.cell) * n];
    nodes.insert(nodes.end(), first, first + n);
    return;
  }
  const auto y = std::size_t(geometry_.nodes[0]);
  const auto z = y * std::size_t(geometry_.nodes[1]);
  for (std::size_t n = 0; n < 8; ++n)
    nodes.push_back(std::size_t(stencil.cell) + (n & 1U) + y * (n >> 1U & 1U) + z * (n >> 2U));
}

}  // namespace thermodose::evaluation
