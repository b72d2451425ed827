// Implements: compose for cubes of an octree (see cube_composition.h).
#include "geometry/cube_composition.h"

#include <algorithm>
#include <utility>

#include "geometry/cell_samples.h"

namespace thermodose {

namespace {

using namespace composition;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

constexpr std::size_t kChunk = 512;  // cubes that a thread takes at a time

class CubeComposer {
 public:
  CubeComposer(const CompositionCubes& cubes, const MaterialsAt& materials_at,
               std::size_t materials, int threads)
      : c_(cubes),
        materials_at_(materials_at),
        materials_(materials),
        threads_(std::max(1, threads)),
        hangs_(cubes.nodes, nullptr) {
    for (const HangingNode& h : cubes.hanging) hangs_[at(h.node)] = &h;
  }

  Composition run() {
    find_cells();
    mark_nodes();
    find_nodes();
    return std::move(out_);
  }

 private:
  void find_cells() {
    const std::size_t cells = c_.edge.size(), chunks = (cells + kChunk - 1) / kChunk;
    out_.cell.resize(cells);
    std::vector<std::vector<SampledCell>> found(chunks);
    in_parallel(static_cast<int>(chunks), threads_, [&](int chunk) {
      const std::size_t first = at(chunk) * kChunk;
      for (std::size_t c = first; c < std::min(cells, first + kChunk); ++c)
        find_cell(c, found[at(chunk)]);
    });
    out_.volume.assign(materials_, 0.0);
    sampled_of_.assign(cells, -1);
    for (auto& chunk : found)
      for (SampledCell& cell : chunk) {
        sampled_of_[cell.cut.cell] = static_cast<std::ptrdiff_t>(samples_.size());
        if (cell.cut.shares.count > 1) out_.cuts.push_back(cell.cut);
        samples_.push_back(cell.samples);
      }
    for (std::size_t c = 0; c < cells; ++c)
      for (const auto& [material, share] : counts_of(c))
        out_.volume[material] += c_.edge[c] * c_.edge[c] * c_.edge[c] * share;
  }

  void find_cell(std::size_t c, std::vector<SampledCell>& found) {
    std::array<Vec3, 27> points{};
    std::array<MaterialIndex, 27> material{};
    for (std::size_t n = 0; n < points.size(); ++n) {
      const std::array<std::size_t, 3> half{n % 3, n / 3 % 3, n / 9};
      for (std::size_t d = 0; d < 3; ++d)
        points[n][d] =
            c_.lower[c][d] +
            c_.edge[c] * std::min(std::max(0.5 * static_cast<double>(half[d]), 1e-6), 1 - 1e-6);
    }
    materials_at_(points.data(), points.size(), material.data());
    out_.cell[c] = material[0];
    if (std::all_of(material.begin(), material.end(),
                    [&](MaterialIndex m) { return m == material[0]; }))
      return;
    found.push_back(sample_cell(c, c_.lower[c], c_.edge[c], materials_at_));
    out_.cell[c] = found.back().cut.shares.material[0];
  }

  // Materials of a cube as shares of its volume.
  Counts counts_of(std::size_t c) const {
    if (sampled_of_[c] < 0) return {{out_.cell[c], 1.0}};
    Counts counts = samples_[static_cast<std::size_t>(sampled_of_[c])].counts();
    for (auto& part : counts) part.second /= static_cast<double>(kPoints);
    return counts;
  }

  // The nodes that a corner's eighth belongs to.
  template <class Task>
  void for_owners(int node, const Task& task) const {
    const HangingNode* h = hangs_[at(node)];
    if (h == nullptr) return task(node, 1.0);
    for (int k = 0; k < h->count; ++k) task(h->masters[at(k)], 1.0 / h->count);
  }

  // Nodes around which not all is of one material.
  void mark_nodes() {
    constexpr int unknown = -1;
    std::vector<int> material(c_.nodes, unknown);
    place_.assign(c_.nodes, -1);
    int places = 0;
    for (std::size_t c = 0; c < c_.edge.size(); ++c)
      for (std::size_t a = 0; a < 8; ++a)
        for_owners(c_.corners[8 * c + a], [&](int node, double) {
          int& known = material[at(node)];
          if (known == unknown) known = out_.cell[c];
          if (place_[at(node)] < 0 && (sampled_of_[c] >= 0 || known != out_.cell[c]))
            place_[at(node)] = places++;
        });
    counts_.resize(at(places));
    for (const int m : material) out_.node.push_back(static_cast<MaterialIndex>(std::max(m, 0)));
  }

  void find_nodes() {
    for (std::size_t c = 0; c < c_.edge.size(); ++c)
      for (unsigned a = 0; a < 8; ++a)
        for_owners(c_.corners[8 * c + a], [&](int node, double weight) {
          if (place_[at(node)] >= 0) add_eighth(c, a, weight, counts_[at(place_[at(node)])]);
        });
    for (std::size_t n = 0; n < c_.nodes; ++n) {
      if (place_[n] < 0) continue;
      const Shares shares = shares_of(std::move(counts_[at(place_[n])]));
      out_.node[n] = shares.material[0];
      if (shares.count > 1) out_.mixed.push_back({n, shares});
    }
    for (const HangingNode& h : c_.hanging) out_.node[at(h.node)] = out_.node[at(h.masters[0])];
  }

  void add_eighth(std::size_t c, unsigned octant, double weight, Counts& counts) const {
    const double volume = weight * c_.edge[c] * c_.edge[c] * c_.edge[c];
    if (sampled_of_[c] < 0) return count(counts, out_.cell[c], volume / 8);
    Counts eighth;
    samples_[static_cast<std::size_t>(sampled_of_[c])].add_eighth(octant, eighth);
    for (const auto& [material, samples] : eighth)
      count(counts, material, volume * samples / static_cast<double>(kPoints));
  }

  const CompositionCubes& c_;
  const MaterialsAt& materials_at_;
  std::size_t materials_;
  int threads_;
  std::vector<const HangingNode*> hangs_;   // of a node, or null
  std::vector<std::ptrdiff_t> sampled_of_;  // cell -> its samples, or -1
  std::vector<Samples> samples_;
  std::vector<int> place_;      // node -> its counts, or -1
  std::vector<Counts> counts_;  // m3
  Composition out_;
};

}  // namespace

Composition compose(const CompositionCubes& cubes, const MaterialsAt& materials_at,
                    std::size_t materials, int threads) {
  return CubeComposer(cubes, materials_at, materials, threads).run();
}

}  // namespace thermodose
