// Implements: isotherm measurement on uniform grids. Nodes become bytes (a bit per level), rows
// of cells are combined eight cells at a time in machine words, so that only cells an isotherm
// cuts cost anything.
#include <cstring>

#include "dose/isotherm_cell.h"
#include "dose/isotherm_pass.h"

namespace thermodose::isotherm {

namespace {

using Word = std::uint64_t;
constexpr std::size_t kWordBytes = 8;
constexpr Word kOnes = 0x0101010101010101ULL;

Word load(const std::uint8_t* p) {
  Word w;
  std::memcpy(&w, p, kWordBytes);
  return w;
}

/// Number of bytes of `w` (each 0 or 1).
std::size_t sum_bytes(Word w) { return std::size_t((w * kOnes) >> 56); }

class UniformPass {
 public:
  UniformPass(const NodeGeometry& geometry, const float* temperature, const NodeBox& box,
              const LevelSet& levels, std::vector<Region>& regions)
      : geometry_(geometry),
        temperature_(temperature),
        box_(box),
        levels_(levels),
        regions_(regions) {
    for (std::size_t d = 0; d < 3; ++d) {
      n_[d] = std::size_t(std::max(0, box.end[d] - box.begin[d]));
    }
  }

  void run() {
    if (n_[0] < 2 || n_[1] < 2 || n_[2] < 2) return;
    mark_nodes();
    for (std::size_t k = 0; k + 1 < n_[2]; ++k) {
      for (std::size_t j = 0; j + 1 < n_[1]; ++j) cell_row(j, k);
    }
    const double h = geometry_.spacing;
    for (std::size_t l = 0; l < levels_.count; ++l) {
      regions_[l].volume += h * h * h * (double(whole_[l]) + part_[l]);
    }
    boundary_nodes();
  }

 private:
  std::size_t row(std::size_t j, std::size_t k) const { return j + n_[1] * k; }
  const std::uint8_t* marks(std::size_t j, std::size_t k) const {
    return &marks_[stride_ * row(j, k)];
  }
  std::size_t node(std::size_t i, std::size_t j, std::size_t k) const {
    return (std::size_t(box_.begin[0]) + i) +
           std::size_t(geometry_.nodes[0]) *
               ((std::size_t(box_.begin[1]) + j) +
                std::size_t(geometry_.nodes[1]) * (std::size_t(box_.begin[2]) + k));
  }
  Vec3 position(double i, double j, double k) const {
    return {geometry_.origin[0] + geometry_.spacing * (box_.begin[0] + i),
            geometry_.origin[1] + geometry_.spacing * (box_.begin[1] + j),
            geometry_.origin[2] + geometry_.spacing * (box_.begin[2] + k)};
  }

  void mark_nodes();
  void cell_row(std::size_t j, std::size_t k);
  void cut_cell(std::size_t i, std::size_t j, std::size_t k, unsigned bits);
  void crossings(std::size_t l, const std::array<std::size_t, 3>& cell,
                 const std::array<float, 8>& g);
  void boundary_nodes();
  void boundary_node(std::size_t i, std::size_t j, std::size_t k);

  const NodeGeometry& geometry_;
  const float* temperature_;
  const NodeBox& box_;
  const LevelSet& levels_;
  std::vector<Region>& regions_;
  std::array<std::size_t, 3> n_{};
  std::size_t stride_ = 0;
  std::vector<std::uint8_t> marks_;
  std::vector<char> occupied_;                       ///< per row: some node is inside some region
  std::array<std::size_t, kLevelsPerPass> whole_{};  ///< cells wholly inside
  std::array<double, kLevelsPerPass> part_{};        ///< sum of fractions of cut cells
};

void UniformPass::mark_nodes() {
  // A spare word behind every row: loads may run past its end.
  stride_ = (n_[0] / kWordBytes + 2) * kWordBytes;
  marks_.assign(stride_ * n_[1] * n_[2], 0);
  occupied_.resize(n_[1] * n_[2]);
  for (std::size_t k = 0; k < n_[2]; ++k) {
    for (std::size_t j = 0; j < n_[1]; ++j) {
      std::uint8_t* m = &marks_[stride_ * row(j, k)];
      levels_.mask(temperature_ + node(0, j, k), n_[0], m);
      Word any = 0;  // the bytes behind the row are 0
      for (std::size_t i = 0; i < n_[0]; i += kWordBytes) any |= load(m + i);
      occupied_[row(j, k)] = any != 0;
    }
  }
}

void UniformPass::cell_row(std::size_t j, std::size_t k) {
  const std::size_t rows[4] = {row(j, k), row(j + 1, k), row(j, k + 1), row(j + 1, k + 1)};
  if (!(occupied_[rows[0]] || occupied_[rows[1]] || occupied_[rows[2]] || occupied_[rows[3]]))
    return;
  const std::uint8_t* m[4];
  for (int r = 0; r < 4; ++r) m[r] = &marks_[stride_ * rows[r]];
  const std::size_t cells = n_[0] - 1;
  for (std::size_t i = 0; i < cells; i += kWordBytes) {
    Word some = 0;
    Word every = ~Word(0);
    for (const std::uint8_t* p : m) {
      const Word left = load(p + i);
      const Word right = load(p + i + 1);
      some |= left | right;
      every &= left & right;
    }
    // Past the last cell there is nothing: `every` is 0 there, as the bytes behind the row are.
    if (cells - i < kWordBytes) some &= (Word(1) << (8 * (cells - i))) - 1;
    if (some == 0) continue;
    for (std::size_t l = 0; l < levels_.count; ++l) whole_[l] += sum_bytes((every >> l) & kOnes);
    Word cut = some & ~every;
    for (std::size_t c = i; cut != 0; ++c, cut >>= 8) {
      if ((cut & 0xff) != 0) cut_cell(c, j, k, unsigned(cut & 0xff));
    }
  }
}

void UniformPass::cut_cell(std::size_t i, std::size_t j, std::size_t k, unsigned bits) {
  std::array<float, 8> t;
  for (std::size_t c = 0; c < 8; ++c) {
    t[c] = temperature_[node(i + (c & 1), j + ((c >> 1) & 1), k + (c >> 2))];
  }
  std::array<float, 8> g;
  for (std::size_t l = 0; l < levels_.count; ++l) {
    if ((bits >> l & 1U) == 0) continue;
    for (std::size_t c = 0; c < 8; ++c) g[c] = levels_.g(l, t[c]);
    part_[l] += negative_fraction(g);
    crossings(l, {i, j, k}, g);
  }
}

/// Points where the cell's own edges cross the isotherm. An edge belongs to the cell at its
/// lower side, except at the upper faces of the box, which have no cell beyond.
void UniformPass::crossings(std::size_t l, const std::array<std::size_t, 3>& cell,
                            const std::array<float, 8>& g) {
  RegionExtent& extent = regions_[l].extent;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::size_t u = axis == 0 ? 1 : 0;
    const std::size_t v = axis == 2 ? 1 : 2;
    const std::size_t u_count = cell[u] + 2 == n_[u] ? 2 : 1;
    const std::size_t v_count = cell[v] + 2 == n_[v] ? 2 : 1;
    for (std::size_t b = 0; b < v_count; ++b) {
      for (std::size_t a = 0; a < u_count; ++a) {
        const std::size_t foot = (a << u) | (b << v);
        const float g0 = g[foot];
        const float g1 = g[foot | (std::size_t(1) << axis)];
        if ((g0 < 0) == (g1 < 0)) continue;
        Vec3 at{double(cell[0]), double(cell[1]), double(cell[2])};
        at[u] += double(a);
        at[v] += double(b);
        at[axis] += double(g0) / (double(g0) - double(g1));
        extent.add(position(at[0], at[1], at[2]));
      }
    }
  }
}

/// Where a region reaches the boundary of the box, its extent ends at the nodes there.
void UniformPass::boundary_nodes() {
  for (std::size_t k = 0; k < n_[2]; ++k) {
    const bool z_face = k == 0 || k + 1 == n_[2];
    for (std::size_t j = 0; j < n_[1]; ++j) {
      if (!occupied_[row(j, k)]) continue;
      if (z_face || j == 0 || j + 1 == n_[1]) {
        for (std::size_t i = 0; i < n_[0]; ++i) boundary_node(i, j, k);
      } else {
        boundary_node(0, j, k);
        boundary_node(n_[0] - 1, j, k);
      }
    }
  }
}

void UniformPass::boundary_node(std::size_t i, std::size_t j, std::size_t k) {
  const unsigned bits = marks(j, k)[i];
  if (bits == 0) return;
  const std::array<std::size_t, 3> at{i, j, k};
  unsigned faces = 0;
  for (unsigned d = 0; d < 3; ++d)
    faces |= (at[d] == 0 ? 1U << 2 * d : 0U) | (at[d] + 1 == n_[d] ? 2U << 2 * d : 0U);
  for (std::size_t l = 0; l < levels_.count; ++l) {
    if ((bits >> l & 1U) == 0) continue;
    regions_[l].clipped = true;
    regions_[l].touched |= faces;
    regions_[l].extent.add(position(double(i), double(j), double(k)));
  }
}

}  // namespace

void measure_uniform(const NodeGeometry& geometry, const float* temperature, const NodeBox& box,
                     const LevelSet& levels, std::vector<Region>& regions) {
  UniformPass(geometry, temperature, box, levels, regions).run();
}

}  // namespace thermodose::isotherm
