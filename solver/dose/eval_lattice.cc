// Implements: eval_lattice.h.
#include "dose/eval_lattice.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dose/eval_cell_cut.h"

namespace thermodose::evaluation {

namespace {

constexpr int kBisections = 16;
constexpr double kRounding = 1e-9;  // of an interval

/// Ends of equal intervals of [lower, upper], at most `spacing` long; sets it to their length.
std::vector<double> equal_ends(double lower, double upper, double& spacing) {
  const double side = upper - lower;
  const int n = std::max(1, static_cast<int>(std::ceil(side / spacing * (1 - kRounding))));
  spacing = side / n;
  std::vector<double> ends;
  for (int i = 0; i <= n; ++i) ends.push_back(lower + i * spacing);
  return ends;
}

/// The same with ends at all the planes, and equal intervals between two of them.
std::vector<double> plane_ends(double lower, double upper, double origin, double pitch,
                               double& spacing) {
  const double pieces = std::ceil(pitch / spacing * (1 - kRounding));
  spacing = pitch / pieces;
  std::vector<double> ends{lower};
  const double tiny = kRounding * pitch;
  for (double n = std::ceil((lower - origin) / spacing - kRounding);; ++n) {
    const double end = origin + n * spacing;
    if (end >= upper - tiny) break;
    if (end > lower + tiny) ends.push_back(end);
  }
  ends.push_back(upper);
  return ends;
}

}  // namespace

bool within(const BoundingBox& box, const Vec3& p) {
  for (std::size_t d = 0; d < 3; ++d) {
    if (!(p[d] >= box.lower[d] && p[d] <= box.upper[d])) return false;
  }
  return true;
}

BoundingBox common(const BoundingBox& a, const BoundingBox& b) {
  BoundingBox both;
  for (std::size_t d = 0; d < 3; ++d) {
    both.lower[d] = std::max(a.lower[d], b.lower[d]);
    both.upper[d] = std::min(a.upper[d], b.upper[d]);
  }
  return both;
}

bool is_empty(const BoundingBox& box) {
  for (std::size_t d = 0; d < 3; ++d) {
    if (!(box.lower[d] <= box.upper[d])) return true;
  }
  return false;
}

Lattice::Lattice(const Structure& structure, const BoundingBox& clip, Axes axes, bool axisymmetric)
    : structure_(structure), clip_(clip), axes_(std::move(axes)), axisymmetric_(axisymmetric) {
  marks_.assign(axes_[0].size() * axes_[1].size() * axes_[2].size(), 0);
  for (std::size_t k = 0; k < axes_[2].size(); ++k) {
    for (std::size_t j = 0; j < axes_[1].size(); ++j) {
      for (std::size_t i = 0; i < axes_[0].size(); ++i)
        marks_[number(i, j, k)] =
            static_cast<std::uint8_t>(contains({axes_[0][i], axes_[1][j], axes_[2][k]}));
    }
  }
}

bool Lattice::contains(const Vec3& p) const { return within(clip_, p) && structure_.inside(p); }

double Lattice::crossing(std::size_t axis, std::size_t i, std::size_t j, std::size_t k) const {
  const std::array<std::size_t, 3> at{i, j, k};
  Vec3 p{axes_[0][i], axes_[1][j], axes_[2][k]};
  double in = p[axis];
  double out = axes_[axis][at[axis] + 1];
  if (!inside(i, j, k)) std::swap(in, out);
  for (int step = 0; step < kBisections; ++step) {
    p[axis] = 0.5 * (in + out);
    (contains(p) ? in : out) = p[axis];
  }
  return in;
}

std::vector<LatticeRun> Lattice::runs() const {
  std::vector<LatticeRun> found;
  const std::size_t n = axes_[0].size();
  for (std::size_t k = 0; k < axes_[2].size(); ++k) {
    for (std::size_t j = 0; j < axes_[1].size(); ++j) {
      const std::uint8_t* line = &marks_[number(0, j, k)];
      for (std::size_t i = 0; i < n; ++i) {
        if (line[i] == 0) continue;
        const std::size_t first = i;
        while (i + 1 < n && line[i + 1] != 0) ++i;
        found.push_back({int(j), int(k), int(first), int(i),
                         first == 0 ? axes_[0][0] : crossing(0, first - 1, j, k),
                         i + 1 == n ? axes_[0][i] : crossing(0, i, j, k)});
      }
    }
  }
  return found;
}

std::size_t Lattice::count() const {
  std::size_t sum = 0;
  for (const std::uint8_t mark : marks_) sum += mark;
  return sum;
}

std::size_t Lattice::changes(std::size_t axis) const {
  std::array<std::size_t, 3> n{axes_[0].size(), axes_[1].size(), axes_[2].size()};
  const std::size_t stride = axis == 0 ? 1 : axis == 1 ? n[0] : n[0] * n[1];
  --n[axis];
  std::size_t count = 0;
  for (std::size_t k = 0; k < n[2]; ++k) {
    for (std::size_t j = 0; j < n[1]; ++j) {
      const std::uint8_t* line = &marks_[number(0, j, k)];
      for (std::size_t i = 0; i < n[0]; ++i) count += std::size_t(line[i] != line[i + stride]);
    }
  }
  return count;
}

Surface Lattice::surface() const {
  Surface out;
  out.axisymmetric = axisymmetric_;
  EdgePoints edges;
  const std::size_t ny = axisymmetric_ ? 1 : size(1) - 1;
  for (std::size_t k = 0; k + 1 < size(2); ++k) {
    for (std::size_t j = 0; j < ny; ++j) {
      for (std::size_t i = 0; i + 1 < size(0); ++i) cell(i, j, k, edges, out);
    }
  }
  return out;
}

void Lattice::cell(std::size_t i, std::size_t j, std::size_t k, EdgePoints& edges,
                   Surface& out) const {
  const unsigned corners = axisymmetric_ ? 4 : 8;
  std::array<std::size_t, 8> nodes{};
  std::array<std::array<std::size_t, 3>, 8> at{};
  unsigned pattern = 0;
  for (unsigned c = 0; c < corners; ++c) {
    const unsigned up = axisymmetric_ ? 0 : c >> 1U & 1U;
    const unsigned top = axisymmetric_ ? c >> 1U : c >> 2U;
    at[c] = {i + (c & 1U), j + up, k + top};
    nodes[c] = number(at[c][0], at[c][1], at[c][2]);
    pattern |= unsigned(marks_[nodes[c]]) << c;
  }
  if (pattern == 0 || pattern == (1U << corners) - 1) return;
  for (const auto& piece : axisymmetric_ ? quad_cut(pattern) : cube_cut(pattern)) {
    std::array<int, 3> face{};
    for (std::size_t v = 0; v < 3; ++v) {
      const auto [a, b] = kCellEdges[piece[v]];  // a has the lower number
      face[v] = edges.find(nodes[a], nodes[b], int(out.points.size()));
      if (std::size_t(face[v]) < out.points.size()) continue;
      std::size_t axis = 0;
      while (at[a][axis] == at[b][axis]) ++axis;
      Vec3 p{axes_[0][at[a][0]], axes_[1][at[a][1]], axes_[2][at[a][2]]};
      p[axis] = crossing(axis, at[a][0], at[a][1], at[a][2]);
      out.points.push_back(p);
    }
    out.faces.push_back(face);
  }
}

LatticeAxes lattice_axes(const BoundingBox& box, bool axisymmetric, Vec3& spacing,
                         const std::optional<PlaneGrid>& planes) {
  LatticeAxes axes;
  for (std::size_t d = 0; d < 3; ++d) {
    if (axisymmetric && d == 1) {
      axes.at[d] = {0};
      axes.width[d] = {0};
      continue;
    }
    const bool radius = axisymmetric && d == 0;
    const double lower = radius ? std::max(0.0, box.lower[d]) : box.lower[d];
    const bool stepped = planes && !axisymmetric && planes->pitch[d] >= spacing[d];
    const std::vector<double> ends =
        stepped ? plane_ends(lower, box.upper[d], planes->origin[d], planes->pitch[d], spacing[d])
                : equal_ends(lower, box.upper[d], spacing[d]);
    const double step = spacing[d];
    // The point before the first one is outside, except at the axis of rotation.
    axes.at[d].push_back(radius && lower == 0 ? 0 : lower - 0.5 * step);
    axes.width[d].push_back(step);
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
      axes.at[d].push_back(0.5 * (ends[i] + ends[i + 1]));
      axes.width[d].push_back(ends[i + 1] - ends[i]);
    }
    axes.at[d].push_back(ends.back() + 0.5 * step);
    axes.width[d].push_back(step);
  }
  return axes;
}

}  // namespace thermodose::evaluation
