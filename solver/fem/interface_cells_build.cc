// Implements: which cells an InterfaceCells corrects, and the arrays it works on.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <vector>

#include "fem/interface_blocks.h"
#include "fem/interface_cells.h"
#include "fem/kernel_law.h"
#include "fem/thread_team.h"

namespace thermodose {

namespace {

// Planes of cells of a slab: enough slabs for every thread, few cells between two of them.
constexpr std::size_t kSlabPlanes = 4;

}  // namespace

template <class Real>
struct InterfaceCells<Real>::Builder {
  Builder(InterfaceCells& out, const GridSetup& setup) : out_(out), s_(setup) {}

  void run() {
    if (s_.node_law.empty() || s_.cell_law.empty()) return;
    find_cells();
    number_nodes();
    for (const auto& slab : found_) {
      for (const auto& [tissues, cells] : slab) {
        make_blocks(tissues, cells);
        out_.cells_ += cells.size();
      }
      out_.slab_begin_.push_back(out_.blocks_.size());
    }
  }

 private:
  struct Found {
    std::size_t corner;  ///< lattice number of corner 0
    const CutCell* cut;
  };
  using Group = std::map<CellTissues, std::vector<Found>>;

  std::size_t nodes(std::size_t d) const { return static_cast<std::size_t>(s_.lattice.nodes[d]); }
  std::size_t node_of(std::size_t corner, std::size_t a) const {
    return corner + (a & 1U) + nodes(0) * ((a >> 1U & 1U) + nodes(1) * (a >> 2U));
  }

  void find_cells() {
    std::size_t c = 0;
    auto cut = s_.cuts.begin();
    found_.resize((nodes(2) - 2) / kSlabPlanes + 1);
    for (std::size_t k = 0; k + 1 < nodes(2); ++k)
      for (std::size_t j = 0; j + 1 < nodes(1); ++j)
        for (std::size_t i = 0; i + 1 < nodes(0); ++i, ++c) {
          while (cut != s_.cuts.end() && cut->cell < c) ++cut;
          const bool is_cut = cut != s_.cuts.end() && cut->cell == c;
          add_cell(i + nodes(0) * (j + nodes(1) * k), s_.cell_law[c], is_cut ? &*cut : nullptr,
                   found_[k / kSlabPlanes]);
        }
  }

  void add_cell(std::size_t corner, LawIndex law, const CutCell* cut, Group& group) {
    bool pure = cut == nullptr;
    for (std::size_t a = 0; a < 8; ++a) pure = pure && s_.node_law[node_of(corner, a)] == law;
    if (pure) return;
    const CellTissues tissues(law, cut);
    double conductivity = 0;
    for (int m = 0; m < tissues.count; ++m)
      conductivity = std::max(conductivity,
                              s_.laws[tissues.law[static_cast<std::size_t>(m)]].max_conductivity());
    out_.max_diffusivity_ =
        std::max(out_.max_diffusivity_, conductivity * inverse_capacity_of_cell(corner));
    group[tissues].push_back({corner, cut});
  }

  double inverse_capacity_of_cell(std::size_t corner) {
    double largest = 0;
    for (std::size_t a = 0; a < 8; ++a)
      largest = std::max(largest, inverse_capacity_of(s_.node_law[node_of(corner, a)]));
    return largest;
  }

  double inverse_capacity_of(LawIndex law) {
    if (inverse_capacity_.empty())
      for (const auto& l : s_.laws) inverse_capacity_.push_back(l.max_inverse_capacity());
    return inverse_capacity_[law];
  }

  // Nodes of a slab of one law together, so that their laws are evaluated in one go.
  void number_nodes() {
    auto& list = out_.nodes_;
    std::vector<std::uint8_t> in(nodes(0) * nodes(1) * nodes(2));
    for (const auto& slab : found_)
      for (const auto& group : slab)
        for (const Found& cell : group.second)
          for (std::size_t a = 0; a < 8; ++a) in[node_of(cell.corner, a)] = 1;
    place_.resize(in.size());
    const std::size_t slab = kSlabPlanes * nodes(0) * nodes(1);
    for (std::size_t first = 0; first < in.size(); first += slab) {
      const std::size_t begin = list.size();
      for (std::size_t n = first; n < std::min(first + slab, in.size()); ++n)
        if (in[n] != 0) list.push_back(n);
      std::stable_sort(
          list.begin() + static_cast<std::ptrdiff_t>(begin), list.end(),
          [&](std::size_t a, std::size_t b) { return s_.node_law[a] < s_.node_law[b]; });
      const std::vector<std::size_t> slab_nodes(list.begin() + static_cast<std::ptrdiff_t>(begin),
                                                list.end());
      list.resize(begin);
      for (const std::size_t n : slab_nodes) {
        const LawIndex law = s_.node_law[n];
        if (list.size() == begin || out_.runs_.back().law != law) start_run(law);
        place_[n] = static_cast<std::uint32_t>(list.size());
        add_node(n);
      }
    }
    if (!list.empty()) fill_run();
  }

  void start_run(LawIndex law) {
    if (!out_.runs_.empty()) fill_run();
    out_.runs_.push_back({out_.nodes_.size(), out_.nodes_.size(), law});
  }
  // Whole vectors: the last node again, of which no cell knows.
  void fill_run() {
    while (out_.nodes_.size() % kRowBlock != 0) add_node(out_.nodes_.back());
    out_.runs_.back().end = out_.nodes_.size();
  }

  void add_node(std::size_t node) {
    float factor = 1;
    bool fixed = false;
    std::size_t at = node;
    for (std::size_t d = 0; d < 3; ++d) {
      const std::size_t p = at % nodes(d);
      at /= nodes(d);
      const bool low = p == 0, high = p == nodes(d) - 1;
      if (low || high) factor *= 2;
      fixed = fixed || (low && s_.faces[2 * d] == FaceKind::fixed) ||
              (high && s_.faces[2 * d + 1] == FaceKind::fixed);
    }
    if (fixed) out_.fixed_.push_back(static_cast<std::uint32_t>(out_.nodes_.size()));
    out_.nodes_.push_back(node);
    out_.inverse_volume_.push_back(factor);
    out_.free_.push_back(fixed ? 0 : 1);
  }

  void make_blocks(const CellTissues& tissues, const std::vector<Found>& cells) {
    for (std::size_t first = 0; first < cells.size(); first += kCellLanes) {
      InterfaceBlock block;
      block.cut = tissues.cut;
      block.part = static_cast<std::uint32_t>(out_.parts_.size());
      block.parts = static_cast<std::uint32_t>(tissues.count);
      for (std::uint32_t m = 0; m < block.parts; ++m) {
        out_.parts_.emplace_back();
        out_.parts_.back().law = tissues.law[m];
      }
      double inverse_capacity = 0;
      for (std::size_t c = 0; c < kCellLanes; ++c) {
        // Beyond the last cell: that one again, so that its numbers are sound.
        const Found& cell = cells[std::min(first + c, cells.size() - 1)];
        block.real[c] = first + c < cells.size() ? 1 : 0;
        block.holds[c] = block.real[c];
        for (std::size_t a = 0; a < 8; ++a) block.node[a][c] = place_[node_of(cell.corner, a)];
        inverse_capacity = std::max(inverse_capacity, inverse_capacity_of_cell(cell.corner));
        if (cell.cut != nullptr) set_cut(block, &out_.parts_[block.part], tissues, c, *cell.cut);
      }
      out_.blocks_.push_back(block);
      out_.inverse_capacity_.push_back(static_cast<float>(inverse_capacity));
    }
  }

  InterfaceCells& out_;
  const GridSetup& s_;
  std::vector<Group> found_;  ///< by slab
  std::vector<double> inverse_capacity_;
  std::vector<std::uint32_t> place_;  ///< of lattice nodes among those of cells
};

template <class Real>
InterfaceCells<Real>::InterfaceCells(const GridSetup& setup)
    : team_(setup.team),
      lattice_(setup.lattice.nodes),
      inv12h2_(1 / (12 * setup.lattice.spacing * setup.lattice.spacing)),
      cell_volume_(std::pow(setup.lattice.spacing, 3)) {
  Builder(*this, setup).run();
  for (const auto& law : cells_ == 0 ? std::vector<SegmentLaw>{} : setup.laws) {
    of_enthalpy_.push_back(kernel_law<Real>(law));
    of_temperature_.push_back(law_of_temperature<Real>(law));
  }
  if (cells_ == 0) return;
  for (auto* v : {&enthalpy_, &excess_, &own_, &own_source_, &rate_[0], &rate_[1]})
    v->assign(nodes_.size(), Real(0));
  for (auto* v : {&theta_, &source_}) v->assign(setup.node_law.size(), Real(0));
  clip(ActiveRows(lattice_));
}

template class InterfaceCells<float>;
template class InterfaceCells<double>;

}  // namespace thermodose
