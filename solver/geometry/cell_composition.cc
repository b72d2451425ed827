// Implements: compose (see cell_composition.h).
#include "geometry/cell_composition.h"

#include <Eigen/Dense>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <utility>

namespace thermodose {

namespace {

constexpr int kSamples = 6;  // even: every sample belongs to one eighth of the cell
constexpr std::size_t kPoints = static_cast<std::size_t>(kSamples) * kSamples * kSamples;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

using Counts = std::vector<std::pair<MaterialIndex, double>>;

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

/// Samples of one cell and what is made of them.
struct Samples {
  std::array<MaterialIndex, kPoints> value{};

  static std::size_t index(int i, int j, int k) { return at(i + kSamples * (j + kSamples * k)); }

  // Sheared, for shares: the samples of a line sit at other depths than those of the next line.
  // Not sheared and out to the faces, for normals: shear would look like a slope, and a thin
  // sliver lies between the last sample and the face.
  void take(const Vec3& lower, double edge, const MaterialAt& material_at, bool sheared) {
    constexpr double n = kSamples;
    const auto position = [&](int i, int a, int b) {
      if (!sheared) return edge * i / (n - 1);
      // Additive recurrence in two dimensions (Roberts' R2): even along oblique lines as well.
      const double shift = 0.7548776662466927 * a + 0.5698402909980532 * b + 0.25;
      return edge * (i + shift - std::floor(shift)) / n;
    };
    for (int k = 0; k < kSamples; ++k)
      for (int j = 0; j < kSamples; ++j)
        for (int i = 0; i < kSamples; ++i)
          value[index(i, j, k)] =
              material_at({lower[0] + position(i, j, k), lower[1] + position(j, k, i),
                           lower[2] + position(k, i, j)});
  }

  Counts counts() const {
    Counts out;
    for (const MaterialIndex m : value) count(out, m, 1);
    return out;
  }

  void add_eighth(unsigned octant, Counts& out) const {
    constexpr int half = kSamples / 2;
    const auto from = [&](unsigned axis) { return (octant >> axis & 1U) != 0 ? half : 0; };
    for (int k = from(2); k < from(2) + half; ++k)
      for (int j = from(1); j < from(1) + half; ++j)
        for (int i = from(0); i < from(0) + half; ++i) count(out, value[index(i, j, k)], 1);
  }

  std::array<float, 3> normal() const {
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
};

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

/// Runs task(first, last) on single planes of [0, n), each by the thread that is free: cut cells,
/// which take most of the time, are not spread evenly.
template <class Task>
void in_parallel(int n, int threads, const Task& task) {
  std::atomic<int> next{0};
  const auto work = [&] {
    for (int k = next++; k < n; k = next++) task(k, k + 1);
  };
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(work);
  work();
  for (auto& other : others) other.join();
}

class Composer {
 public:
  Composer(const CompositionGrid& grid, const MaterialAt& material_at, std::size_t materials,
           int threads)
      : g_(grid),
        material_at_(material_at),
        materials_(materials),
        threads_(std::max(1, threads)) {}

  Composition run() {
    sample_lattice();
    find_cells();
    find_nodes();
    return std::move(out_);
  }

 private:
  std::size_t cell_index(int i, int j, int k) const {
    return at(i) + at(g_.nodes[0] - 1) * (at(j) + at(g_.nodes[1] - 1) * at(k));
  }
  Vec3 corner(int i, int j, int k) const {
    return {g_.origin[0] + i * g_.spacing, g_.origin[1] + j * g_.spacing,
            g_.origin[2] + k * g_.spacing};
  }

  // Half-edge lattice, a little inside the outer faces: what lies beyond does not count.
  void sample_lattice() {
    for (std::size_t d = 0; d < 3; ++d) half_[d] = 2 * g_.nodes[d] - 1;
    lattice_.resize(at(half_[0]) * at(half_[1]) * at(half_[2]));
    const auto place = [&](int i, std::size_t d) {
      const double inset = i == 0 ? 1e-6 : i == half_[d] - 1 ? -1e-6 : 0;
      return g_.origin[d] + 0.5 * g_.spacing * (i + inset);
    };
    in_parallel(half_[2], threads_, [&](int first, int last) {
      for (int k = first; k < last; ++k)
        for (int j = 0; j < half_[1]; ++j) {
          MaterialIndex* row = &lattice_[at(half_[0]) * (at(j) + at(half_[1]) * at(k))];
          for (int i = 0; i < half_[0]; ++i)
            row[i] = material_at_({place(i, 0), place(j, 1), place(k, 2)});
        }
    });
  }

  // True when the 27 lattice points of a cell agree.
  bool uniform(int i, int j, int k) const {
    const MaterialIndex* base =
        &lattice_[at(2 * i) + at(half_[0]) * (at(2 * j) + at(half_[1]) * at(2 * k))];
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t b = 0; b < 3; ++b)
        for (std::size_t a = 0; a < 3; ++a)
          if (base[a + at(half_[0]) * (b + at(half_[1]) * c)] != base[0]) return false;
    return true;
  }

  void find_cells() {
    const std::array<int, 3> n{g_.nodes[0] - 1, g_.nodes[1] - 1, g_.nodes[2] - 1};
    out_.cell.resize(at(n[0]) * at(n[1]) * at(n[2]));
    cut_of_.assign(out_.cell.size(), -1);
    std::vector<std::vector<CutCell>> cuts(at(n[2]));
    samples_.resize(at(n[2]));
    in_parallel(n[2], threads_, [&](int first, int last) {
      for (int k = first; k < last; ++k)
        for (int j = 0; j < n[1]; ++j)
          for (int i = 0; i < n[0]; ++i) find_cell(i, j, k, cuts[at(k)]);
    });
    out_.volume.assign(materials_, 0.0);
    for (std::size_t k = 0; k < cuts.size(); ++k) {
      for (const CutCell& cut : cuts[k]) {
        cut_of_[cut.cell] = static_cast<std::ptrdiff_t>(out_.cuts.size());
        out_.cuts.push_back(cut);
      }
      flat_.insert(flat_.end(), samples_[k].begin(), samples_[k].end());
      samples_[k] = {};
    }
    const double volume = g_.spacing * g_.spacing * g_.spacing;
    for (std::size_t c = 0; c < out_.cell.size(); ++c)
      if (cut_of_[c] < 0) out_.volume[out_.cell[c]] += volume;
    for (const Samples& s : flat_)
      for (const auto& [material, samples] : s.counts())
        out_.volume[material] += volume * samples / static_cast<double>(kPoints);
  }

  void find_cell(int i, int j, int k, std::vector<CutCell>& cuts) {
    const std::size_t c = cell_index(i, j, k);
    out_.cell[c] =
        lattice_[at(2 * i + 1) + at(half_[0]) * (at(2 * j + 1) + at(half_[1]) * at(2 * k + 1))];
    if (uniform(i, j, k)) return;
    Samples samples;
    samples.take(corner(i, j, k), g_.spacing, material_at_, true);
    CutCell cut;
    cut.cell = c;
    cut.shares = shares_of(samples.counts());
    out_.cell[c] = cut.shares.material[0];
    if (cut.shares.count == 1) return;  // only its corners touch something else
    Samples even;
    even.take(corner(i, j, k), g_.spacing, material_at_, false);
    cut.normal = even.normal();
    for (std::size_t e = 0; e < kDiagonals.size(); ++e)
      set_shares(line(corner(i, j, k), e), cut.shares, cut.line[e]);
    cuts.push_back(cut);
    samples_[at(k)].push_back(samples);
  }

  // Lengths along a diagonal: samples, and bisection between two that differ.
  Counts line(const Vec3& lower, std::size_t diagonal) const {
    constexpr int pieces = 10, bisections = 6;
    const auto material = [&](double x) {
      Vec3 p = lower;
      for (std::size_t d = 0; d < 3; ++d) {
        const double from = kDiagonals[diagonal][0] >> d & 1U,
                     to = kDiagonals[diagonal][1] >> d & 1U;
        // A little inside the cell: an interface may lie in its face.
        p[d] += g_.spacing * std::min(std::max(from + x * (to - from), 1e-6), 1 - 1e-6);
      }
      return material_at_(p);
    };
    Counts out;
    MaterialIndex before = material(0);
    for (int i = 0; i < pieces; ++i) {
      double low = static_cast<double>(i) / pieces, high = static_cast<double>(i + 1) / pieces;
      const double begin = low, end = high;
      const MaterialIndex after = material(end);
      for (int b = 0; b < bisections && after != before; ++b) {
        const double middle = 0.5 * (low + high);
        (material(middle) == before ? low : high) = middle;
      }
      const double border = after == before ? end : 0.5 * (low + high);
      count(out, before, border - begin);
      count(out, after, end - border);
      before = after;
    }
    return out;
  }

  void find_nodes() {
    out_.node.resize(at(g_.nodes[0]) * at(g_.nodes[1]) * at(g_.nodes[2]));
    std::vector<std::vector<MixedNode>> mixed(at(g_.nodes[2]));
    in_parallel(g_.nodes[2], threads_, [&](int first, int last) {
      for (int k = first; k < last; ++k)
        for (int j = 0; j < g_.nodes[1]; ++j)
          for (int i = 0; i < g_.nodes[0]; ++i) find_node(i, j, k, mixed[at(k)]);
    });
    for (const auto& plane : mixed) out_.mixed.insert(out_.mixed.end(), plane.begin(), plane.end());
  }

  void find_node(int i, int j, int k, std::vector<MixedNode>& mixed) {
    const std::size_t node = at(i) + at(g_.nodes[0]) * (at(j) + at(g_.nodes[1]) * at(k));
    Counts counts;
    for (unsigned a = 0; a < 8; ++a) {
      const int x = i - static_cast<int>(a & 1U), y = j - static_cast<int>(a >> 1U & 1U),
                z = k - static_cast<int>(a >> 2U);
      if (x < 0 || y < 0 || z < 0 || x + 1 >= g_.nodes[0] || y + 1 >= g_.nodes[1] ||
          z + 1 >= g_.nodes[2])
        continue;
      const std::size_t c = cell_index(x, y, z);
      // The cell below the node along an axis shows it its upper half there.
      if (cut_of_[c] < 0)
        count(counts, out_.cell[c], static_cast<double>(kPoints) / 8);
      else
        flat_[static_cast<std::size_t>(cut_of_[c])].add_eighth(a, counts);
    }
    const Shares shares = shares_of(std::move(counts));
    out_.node[node] = shares.material[0];
    if (shares.count > 1) mixed.push_back({node, shares});
  }

  const CompositionGrid& g_;
  const MaterialAt& material_at_;
  std::size_t materials_;
  int threads_;
  std::array<int, 3> half_{};
  std::vector<MaterialIndex> lattice_;
  std::vector<std::ptrdiff_t> cut_of_;         // cell -> index of its cut, -1
  std::vector<std::vector<Samples>> samples_;  // of the cuts, by plane
  std::vector<Samples> flat_;                  // the same, by cut
  Composition out_;
};

}  // namespace

Composition compose(const CompositionGrid& grid, const MaterialAt& material_at,
                    std::size_t materials, int threads) {
  return Composer(grid, material_at, materials, threads).run();
}

}  // namespace thermodose
