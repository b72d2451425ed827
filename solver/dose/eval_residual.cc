// Implements: residual() of eval_volume.h: the untreated parts of lines, joined where parts of
// neighbouring lines overlap (union-find).
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "dose/eval_volume.h"

namespace thermodose::evaluation {

namespace {

struct Part {
  int j, k;
  double begin, end;
};

class Groups {
 public:
  explicit Groups(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0); }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) { parent_[find(a)] = find(b); }

 private:
  std::vector<std::size_t> parent_;
};

/// Untreated parts in the order of lines, merged along each line.
std::vector<Part> untreated(const SampledStructure& structure, const Criterion& criterion) {
  const std::vector<float> values = structure.values(criterion.values);
  const std::vector<double>& x = structure.knots();
  std::vector<Part> parts;
  const auto add = [&](const LinePiece& piece, double begin, double end) {
    if (!(begin < end)) return;
    if (!parts.empty() && parts.back().j == piece.j && parts.back().k == piece.k &&
        parts.back().end == begin) {
      parts.back().end = end;
    } else {
      parts.push_back({piece.j, piece.k, begin, end});
    }
  };
  for (const LinePiece& piece : structure.pieces()) {
    for (std::size_t n = piece.begin; n + 1 < piece.end; ++n) {
      const double f0 = criterion.offset(double(values[n]));
      const double f1 = criterion.offset(double(values[n + 1]));
      if (std::isnan(f0) || std::isnan(f1)) continue;
      const LinePart treated = part_below(x[n], x[n + 1], f0, f1, 0);
      if (treated.begin == treated.end) {
        add(piece, x[n], x[n + 1]);
      } else {
        add(piece, x[n], treated.begin);
        add(piece, treated.end, x[n + 1]);
      }
    }
  }
  return parts;
}

/// First part of every line; lines in the order of k, then j.
class LineIndex {
 public:
  LineIndex(const std::vector<Part>& parts, int lines_y) : lines_y_(lines_y) {
    const std::size_t lines =
        parts.empty() ? 0 : std::size_t(parts.back().k + 1) * std::size_t(lines_y);
    first_.assign(lines + 1, 0);
    for (const Part& p : parts) ++first_[number(p.j, p.k) + 1];
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
  }
  std::size_t begin(int j, int k) const { return first_[number(j, k)]; }
  std::size_t end(int j, int k) const { return first_[number(j, k) + 1]; }

 private:
  std::size_t number(int j, int k) const {
    return std::size_t(k) * std::size_t(lines_y_) + std::size_t(j);
  }
  int lines_y_;
  std::vector<std::size_t> first_;
};

/// Joins the parts of a line with those of the neighbour (j, k) that they overlap.
void join_line(const std::vector<Part>& parts, const LineIndex& index, std::size_t part, int j,
               int k, Groups& groups) {
  for (std::size_t other = index.begin(j, k); other < index.end(j, k); ++other) {
    if (std::max(parts[part].begin, parts[other].begin) <
        std::min(parts[part].end, parts[other].end))
      groups.join(part, other);
  }
}

struct Sum {
  double volume = 0, length = 0;
  Vec3 moment{};
  Vec3 lower{}, upper{};
};

void accumulate(const SampledStructure& structure, const Part& part, Sum& sum) {
  const bool round = structure.sampler().axisymmetric();
  const double volume = structure.measure(part.j, part.k, part.begin, part.end);
  const LinePiece line{part.j, part.k, 0, 0};
  const Vec3 low = structure.point(line, part.begin);
  const Vec3 high = structure.point(line, part.end);
  Vec3 centre = 0.5 * (low + high);
  if (round) centre[0] = 0;
  const bool first = sum.volume == 0;
  for (std::size_t d = 0; d < 3; ++d) {
    const double half = d == 0 || (round && d == 1) ? 0 : 0.5 * structure.spacing()[d];
    sum.lower[d] = first ? low[d] - half : std::min(sum.lower[d], low[d] - half);
    sum.upper[d] = first ? high[d] + half : std::max(sum.upper[d], high[d] + half);
  }
  sum.volume += volume;
  sum.length += part.end - part.begin;
  sum.moment = sum.moment + volume * centre;
}

}  // namespace

Residual residual(const SampledStructure& structure, const Criterion& criterion) {
  const std::vector<Part> parts = untreated(structure, criterion);
  int lines_y = 1;
  for (const Part& p : parts) lines_y = std::max(lines_y, p.j + 1);
  const LineIndex index(parts, lines_y);
  Groups groups(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].j > 0) join_line(parts, index, i, parts[i].j - 1, parts[i].k, groups);
    if (parts[i].k > 0) join_line(parts, index, i, parts[i].j, parts[i].k - 1, groups);
  }
  std::vector<Sum> sums(parts.size());
  Residual r;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    accumulate(structure, parts[i], sums[groups.find(i)]);
    r.volume += structure.measure(parts[i].j, parts[i].k, parts[i].begin, parts[i].end);
  }
  for (const Sum& sum : sums) {
    if (sum.length >= structure.spacing()[0]) ++r.pieces;
    if (sum.volume <= r.largest) continue;
    r.largest = sum.volume;
    r.centroid = (1 / sum.volume) * sum.moment;
    r.lower = sum.lower;
    r.upper = sum.upper;
  }
  return r;
}

}  // namespace thermodose::evaluation
