// Implements: compose (see cell_composition.h).
#include "geometry/cell_composition.h"

#include <algorithm>
#include <utility>

#include "geometry/cell_samples.h"

namespace thermodose {

namespace {

using namespace composition;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

class Composer {
 public:
  Composer(const CompositionGrid& grid, const MaterialsAt& materials_at, std::size_t materials,
           int threads)
      : g_(grid),
        materials_at_(materials_at),
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
    in_parallel(half_[2], threads_, [&](int k) {
      std::vector<Vec3> row(at(half_[0]));
      for (int j = 0; j < half_[1]; ++j) {
        for (int i = 0; i < half_[0]; ++i) row[at(i)] = {place(i, 0), place(j, 1), place(k, 2)};
        materials_at_(row.data(), row.size(),
                      &lattice_[at(half_[0]) * (at(j) + at(half_[1]) * at(k))]);
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
    in_parallel(n[2], threads_, [&](int k) {
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
    const SampledCell cell = sample_cell(c, corner(i, j, k), g_.spacing, materials_at_);
    out_.cell[c] = cell.cut.shares.material[0];
    if (cell.cut.shares.count == 1) return;
    cuts.push_back(cell.cut);
    samples_[at(k)].push_back(cell.samples);
  }

  void find_nodes() {
    out_.node.resize(at(g_.nodes[0]) * at(g_.nodes[1]) * at(g_.nodes[2]));
    std::vector<std::vector<MixedNode>> mixed(at(g_.nodes[2]));
    in_parallel(g_.nodes[2], threads_, [&](int k) {
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
  const MaterialsAt& materials_at_;
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

MaterialsAt one_by_one(MaterialAt material_at) {
  return [material_at = std::move(material_at)](const Vec3* points, std::size_t n,
                                                MaterialIndex* out) {
    for (std::size_t i = 0; i < n; ++i) out[i] = material_at(points[i]);
  };
}

Composition compose(const CompositionGrid& grid, const MaterialsAt& materials_at,
                    std::size_t materials, int threads) {
  return Composer(grid, materials_at, materials, threads).run();
}

Composition compose(const CompositionGrid& grid, const MaterialAt& material_at,
                    std::size_t materials, int threads) {
  return compose(grid, one_by_one(material_at), materials, threads);
}

}  // namespace thermodose
