// Implements: samples of cubes (see cell_samples.h).
#include "geometry/cell_samples.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace thermodose::composition {

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Shares of the materials of a cell in 1/255; materials beyond those of the cell do not count.
void set_shares(const Counts& counts, const Shares& cell,
                std::array<std::uint8_t, Shares::kMost>& out) {
  double sum = 0;
  std::array<double, Shares::kMost> share{};
  for (const auto& [material, weight] : counts)
    for (std::size_t m = 0; m < at(cell.count); ++m)
      if (cell.material[m] == material) sum += share[m] = weight;
  int left = 255;
  std::size_t largest = 0;
  for (std::size_t m = 0; m < at(cell.count); ++m) {
    out[m] = static_cast<std::uint8_t>(sum > 0 ? 255 * share[m] / sum : 255 * cell.share[m]);
    left -= out[m];
    if (out[m] > out[largest]) largest = m;
  }
  out[largest] = static_cast<std::uint8_t>(out[largest] + left);
}

/// Lengths along the diagonals of a cube: samples, and bisection between two that differ.
class Lines {
 public:
  Lines(const Vec3& lower, double edge, const MaterialsAt& materials_at)
      : lower_(lower), edge_(edge), materials_at_(materials_at) {
    std::array<Vec3, kDiagonals.size() * kEnds> points{};
    for (std::size_t e = 0; e < kDiagonals.size(); ++e)
      for (std::size_t i = 0; i < kEnds; ++i) points[kEnds * e + i] = point(e, at_end(i));
    materials_at(points.data(), points.size(), material_.data());
    for (std::size_t e = 0; e < kDiagonals.size(); ++e)
      for (std::size_t i = 0; i + 1 < kEnds; ++i)
        if (material(e, i) != material(e, i + 1))
          borders_.push_back({e, i, at_end(i), at_end(i + 1)});
    bisect();
  }

  Counts counts(std::size_t diagonal) {
    Counts out;
    for (std::size_t i = 0; i + 1 < kEnds; ++i) {
      double border = at_end(i + 1);
      if (next_ < borders_.size() && borders_[next_].diagonal == diagonal &&
          borders_[next_].piece == i) {
        border = 0.5 * (borders_[next_].low + borders_[next_].high);
        ++next_;
      }
      count(out, material(diagonal, i), border - at_end(i));
      count(out, material(diagonal, i + 1), at_end(i + 1) - border);
    }
    return out;
  }

 private:
  static constexpr std::size_t kEnds = 11;  // of ten pieces
  static constexpr int kBisections = 6;
  struct Border {
    std::size_t diagonal, piece;
    double low, high;
  };

  static double at_end(std::size_t i) { return static_cast<double>(i) / (kEnds - 1); }
  MaterialIndex material(std::size_t e, std::size_t i) const { return material_[kEnds * e + i]; }

  Vec3 point(std::size_t diagonal, double x) const {
    Vec3 p = lower_;
    for (std::size_t d = 0; d < 3; ++d) {
      const double from = kDiagonals[diagonal][0] >> d & 1U, to = kDiagonals[diagonal][1] >> d & 1U;
      // A little inside the cell: an interface may lie in its face.
      p[d] += edge_ * std::min(std::max(from + x * (to - from), 1e-6), 1 - 1e-6);
    }
    return p;
  }

  // All borders at once.
  void bisect() {
    std::vector<Vec3> middle(borders_.size());
    std::vector<MaterialIndex> found(borders_.size());
    for (int step = 0; step < kBisections && !borders_.empty(); ++step) {
      for (std::size_t b = 0; b < borders_.size(); ++b)
        middle[b] = point(borders_[b].diagonal, 0.5 * (borders_[b].low + borders_[b].high));
      materials_at_(middle.data(), middle.size(), found.data());
      for (std::size_t b = 0; b < borders_.size(); ++b) {
        Border& border = borders_[b];
        const bool before = found[b] == material(border.diagonal, border.piece);
        (before ? border.low : border.high) = 0.5 * (border.low + border.high);
      }
    }
  }

  Vec3 lower_;
  double edge_;
  const MaterialsAt& materials_at_;
  std::array<MaterialIndex, kDiagonals.size() * kEnds> material_{};
  std::vector<Border> borders_;
  std::size_t next_ = 0;
};

}  // namespace

void count(Counts& counts, MaterialIndex material, double weight) {
  for (auto& [known, sum] : counts)
    if (known == material) {
      sum += weight;
      return;
    }
  counts.emplace_back(material, weight);
}

Shares shares_of(Counts counts) {
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  counts.resize(std::min(counts.size(), Shares::kMost));
  double sum = 0;
  for (const auto& c : counts) sum += c.second;
  Shares out;
  for (const auto& [material, weight] : counts) {
    out.material[at(out.count)] = material;
    out.share[at(out.count)] = static_cast<float>(weight / sum);
    ++out.count;
  }
  return out;
}

void Samples::take(const Vec3& lower, double edge, const MaterialsAt& materials_at, bool sheared) {
  constexpr double n = kSamples;
  const auto position = [&](int i, int a, int b) {
    if (!sheared) return edge * i / (n - 1);
    // Additive recurrence in two dimensions (Roberts' R2): even along oblique lines as well.
    const double shift = 0.7548776662466927 * a + 0.5698402909980532 * b + 0.25;
    return edge * (i + shift - std::floor(shift)) / n;
  };
  std::array<Vec3, kPoints> points{};
  for (int k = 0; k < kSamples; ++k)
    for (int j = 0; j < kSamples; ++j)
      for (int i = 0; i < kSamples; ++i)
        points[index(i, j, k)] = {lower[0] + position(i, j, k), lower[1] + position(j, k, i),
                                  lower[2] + position(k, i, j)};
  materials_at(points.data(), points.size(), value.data());
}

Counts Samples::counts() const {
  Counts out;
  for (const MaterialIndex m : value) count(out, m, 1);
  return out;
}

void Samples::add_eighth(unsigned octant, Counts& out) const {
  constexpr int half = kSamples / 2;
  const auto from = [&](unsigned axis) { return (octant >> axis & 1U) != 0 ? half : 0; };
  for (int k = from(2); k < from(2) + half; ++k)
    for (int j = from(1); j < from(1) + half; ++j)
      for (int i = from(0); i < from(0) + half; ++i) count(out, value[index(i, j, k)], 1);
}

std::array<float, 3> Samples::normal() const {
  Eigen::Matrix3d tensor = Eigen::Matrix3d::Zero();
  const auto differ = [&](std::size_t a, std::size_t b) { return value[a] != value[b] ? 1 : 0; };
  // A jump carries a sign, so that opposite slopes do not look alike: materials in order.
  const auto jump = [&](std::size_t a, std::size_t b) {
    return differ(a, b) * (value[b] > value[a] ? 1.0 : -1.0);
  };
  for (int k = 0; k + 1 < kSamples; ++k)
    for (int j = 0; j + 1 < kSamples; ++j)
      for (int i = 0; i + 1 < kSamples; ++i) {
        Eigen::Vector3d g = Eigen::Vector3d::Zero();
        for (int a = 0; a < 2; ++a)
          for (int b = 0; b < 2; ++b) {
            g[0] += jump(index(i, j + a, k + b), index(i + 1, j + a, k + b));
            g[1] += jump(index(i + a, j, k + b), index(i + a, j + 1, k + b));
            g[2] += jump(index(i + a, j + b, k), index(i + a, j + b, k + 1));
          }
        tensor += g * g.transpose();
      }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(tensor);
  const Eigen::Vector3d n = solver.eigenvectors().col(2);
  return {static_cast<float>(n[0]), static_cast<float>(n[1]), static_cast<float>(n[2])};
}

SampledCell sample_cell(std::size_t cell, const Vec3& lower, double edge,
                        const MaterialsAt& materials_at) {
  SampledCell out;
  out.samples.take(lower, edge, materials_at, true);
  out.cut.cell = cell;
  out.cut.shares = shares_of(out.samples.counts());
  if (out.cut.shares.count == 1) return out;
  Samples even;
  even.take(lower, edge, materials_at, false);
  out.cut.normal = even.normal();
  Lines lines(lower, edge, materials_at);
  for (std::size_t e = 0; e < kDiagonals.size(); ++e)
    set_shares(lines.counts(e), out.cut.shares, out.cut.line[e]);
  return out;
}

}  // namespace thermodose::composition
