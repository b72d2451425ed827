// Implements: which cells an InterfaceCells corrects, and the arrays it works on.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "fem/interface_cells.h"
#include "fem/thread_team.h"

namespace thermodose {

namespace {

// H -> T - T_ref as "theta" and theta as "source", so that one pass gives both.
template <class Real>
KernelLaw<Real> law_of_enthalpy(const SegmentLaw& law) {
  KernelLaw<Real> out{};
  out.segments = static_cast<int>(law.segments.size());
  for (std::size_t m = 0; m < law.segments.size(); ++m) {
    const Segment& s = law.segments[m];
    out.lo[m] = static_cast<Real>(s.lo);
    out.hi[m] = static_cast<Real>(s.hi);
    out.pivot[m] = static_cast<Real>(s.pivot);
    out.th1[m] = static_cast<Real>(s.t1);
    out.th2[m] = 0;
    out.s1[m] = static_cast<Real>(s.th1);
    out.s2[m] = static_cast<Real>(s.th2);
  }
  return out;
}

// theta(T - T_ref): T is linear in H on every piece.
template <class Real>
KernelLaw<Real> law_of_temperature(const SegmentLaw& law) {
  KernelLaw<Real> out{};
  out.segments = static_cast<int>(law.segments.size());
  const auto excess = [&](double h) {
    return static_cast<Real>(std::isfinite(h) ? law.excess(h) : h);
  };
  for (std::size_t m = 0; m < law.segments.size(); ++m) {
    const Segment& s = law.segments[m];
    out.lo[m] = excess(s.lo);
    out.hi[m] = excess(s.hi);
    out.pivot[m] = excess(s.pivot);
    out.th1[m] = static_cast<Real>(s.th1 / s.t1);
    out.th2[m] = static_cast<Real>(s.th2 / (s.t1 * s.t1));
  }
  return out;
}

}  // namespace

template <class Real>
struct InterfaceCells<Real>::Builder {
  Builder(InterfaceCells& out, const GridSetup& setup) : out_(out), s_(setup) {}

  void run() {
    if (s_.node_law.empty() || s_.cell_law.empty()) return;
    find_cells();
    number_nodes();
    for (const auto& [tissues, cells] : found_) make_blocks(tissues, cells);
    out_.cells_ = 0;
    for (const auto& group : found_) out_.cells_ += group.second.size();
    list_corners();
  }

 private:
  // Tissues of a cell in rising order; a cell of one tissue is not cut.
  struct Tissues {
    std::array<LawIndex, Shares::kMost> law{};
    int count = 0;
    bool cut = false;
    bool operator<(const Tissues& o) const {
      return std::tie(cut, count, law) < std::tie(o.cut, o.count, o.law);
    }
  };
  struct Found {
    std::size_t corner;  ///< lattice number of corner 0
    const CutCell* cut;
  };

  std::size_t nodes(std::size_t d) const { return static_cast<std::size_t>(s_.lattice.nodes[d]); }
  std::size_t node_of(std::size_t corner, std::size_t a) const {
    return corner + (a & 1U) + nodes(0) * ((a >> 1U & 1U) + nodes(1) * (a >> 2U));
  }

  void find_cells() {
    std::size_t c = 0;
    auto cut = s_.cuts.begin();
    for (std::size_t k = 0; k + 1 < nodes(2); ++k)
      for (std::size_t j = 0; j + 1 < nodes(1); ++j)
        for (std::size_t i = 0; i + 1 < nodes(0); ++i, ++c) {
          while (cut != s_.cuts.end() && cut->cell < c) ++cut;
          const bool is_cut = cut != s_.cuts.end() && cut->cell == c;
          add_cell(i + nodes(0) * (j + nodes(1) * k), s_.cell_law[c], is_cut ? &*cut : nullptr);
        }
  }

  void add_cell(std::size_t corner, LawIndex law, const CutCell* cut) {
    bool pure = cut == nullptr;
    double inverse_capacity = 0;
    for (std::size_t a = 0; a < 8; ++a) pure = pure && s_.node_law[node_of(corner, a)] == law;
    if (pure) return;
    for (std::size_t a = 0; a < 8; ++a)
      inverse_capacity =
          std::max(inverse_capacity, inverse_capacity_of(s_.node_law[node_of(corner, a)]));
    Tissues tissues;
    tissues.cut = cut != nullptr;
    tissues.count = cut != nullptr ? cut->shares.count : 1;
    tissues.law[0] = law;
    if (cut != nullptr) {
      auto* end = tissues.law.begin();
      for (int m = 0; m < tissues.count; ++m, ++end) {
        const LawIndex next = cut->shares.material[static_cast<std::size_t>(m)];
        auto* at = std::upper_bound(tissues.law.begin(), end, next);
        std::copy_backward(at, end, end + 1);
        *at = next;
      }
    }
    double conductivity = 0;
    for (int m = 0; m < tissues.count; ++m)
      conductivity = std::max(conductivity,
                              s_.laws[tissues.law[static_cast<std::size_t>(m)]].max_conductivity());
    out_.max_diffusivity_ = std::max(out_.max_diffusivity_, conductivity * inverse_capacity);
    found_[tissues].push_back({corner, cut});
  }

  double inverse_capacity_of(LawIndex law) {
    if (inverse_capacity_.empty())
      for (const auto& l : s_.laws) inverse_capacity_.push_back(l.max_inverse_capacity());
    return inverse_capacity_[law];
  }

  // Nodes of one law together, so that their laws are evaluated in one go.
  void number_nodes() {
    auto& list = out_.nodes_;
    for (const auto& group : found_)
      for (const Found& cell : group.second)
        for (std::size_t a = 0; a < 8; ++a) list.push_back(node_of(cell.corner, a));
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    std::stable_sort(list.begin(), list.end(),
                     [&](std::size_t a, std::size_t b) { return s_.node_law[a] < s_.node_law[b]; });
    for (std::size_t n = 0; n < list.size(); ++n) {
      place_.emplace(list[n], static_cast<std::uint32_t>(n));
      add_node(n, list[n]);
      const LawIndex law = s_.node_law[list[n]];
      if (out_.runs_.empty() || out_.runs_.back().law != law) out_.runs_.push_back({n, n, law});
      out_.runs_.back().end = n + 1;
    }
  }

  void add_node(std::size_t n, std::size_t at) {
    float factor = 1;
    bool fixed = false;
    for (std::size_t d = 0; d < 3; ++d) {
      const std::size_t p = at % nodes(d);
      at /= nodes(d);
      const bool low = p == 0, high = p == nodes(d) - 1;
      if (low || high) factor *= 2;
      fixed = fixed || (low && s_.faces[2 * d] == FaceKind::fixed) ||
              (high && s_.faces[2 * d + 1] == FaceKind::fixed);
    }
    out_.inverse_volume_.push_back(factor);
    out_.free_.push_back(fixed ? 0 : 1);
    if (fixed) out_.fixed_.push_back(static_cast<std::uint32_t>(n));
  }

  void make_blocks(const Tissues& tissues, const std::vector<Found>& cells) {
    for (std::size_t first = 0; first < cells.size(); first += kCellLanes) {
      InterfaceBlock block;
      block.cut = tissues.cut;
      block.part = static_cast<std::uint32_t>(out_.parts_.size());
      block.parts = static_cast<std::uint32_t>(tissues.count);
      for (std::uint32_t m = 0; m < block.parts; ++m) {
        out_.parts_.emplace_back();
        out_.parts_.back().law = tissues.law[m];
      }
      for (std::size_t c = 0; c < kCellLanes; ++c) {
        // Beyond the last cell: that one again, so that its numbers are sound.
        const Found& cell = cells[std::min(first + c, cells.size() - 1)];
        block.real[c] = first + c < cells.size() ? 1 : 0;
        block.holds[c] = block.real[c];
        for (std::size_t a = 0; a < 8; ++a) block.node[a][c] = place_.at(node_of(cell.corner, a));
        if (cell.cut != nullptr) set_cut(block, c, *cell.cut);
      }
      out_.blocks_.push_back(block);
    }
  }

  void set_cut(InterfaceBlock& block, std::size_t c, const CutCell& cut) {
    for (std::size_t d = 0; d < 3; ++d) block.normal[d][c] = cut.normal[d];
    for (std::size_t q = 0; q < block.parts; ++q)
      for (std::uint32_t m = 0; m < block.parts; ++m) {
        InterfacePart& part = out_.parts_[block.part + m];
        if (part.law != cut.shares.material[q]) continue;
        part.share[c] = cut.shares.share[q];
        for (std::size_t e = 0; e < 16; ++e) part.line[e][c] = cut.line[e][q];
      }
  }

  void list_corners() {
    auto& begin = out_.corner_begin_;
    begin.assign(out_.nodes_.size() + 1, 0);
    for_corners([&](std::uint32_t node, std::size_t) { ++begin[node + 1]; });
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    auto next = begin;
    out_.corners_.resize(begin.back());
    for_corners([&](std::uint32_t node, std::size_t at) {
      out_.corners_[next[node]++] = static_cast<std::uint32_t>(at);
    });
  }
  template <class Each>
  void for_corners(const Each& each) const {
    for (std::size_t b = 0; b < out_.blocks_.size(); ++b)
      for (std::size_t a = 0; a < 8; ++a)
        for (std::size_t c = 0; c < kCellLanes; ++c)
          if (out_.blocks_[b].real[c] != 0)
            each(out_.blocks_[b].node[a][c], (8 * b + a) * kCellLanes + c);
  }

  InterfaceCells& out_;
  const GridSetup& s_;
  std::map<Tissues, std::vector<Found>> found_;
  std::vector<double> inverse_capacity_;
  std::unordered_map<std::size_t, std::uint32_t> place_;
};

template <class Real>
InterfaceCells<Real>::InterfaceCells(const GridSetup& setup)
    : team_(setup.team),
      lattice_(setup.lattice.nodes),
      inv12h2_(1 / (12 * setup.lattice.spacing * setup.lattice.spacing)),
      cell_volume_(std::pow(setup.lattice.spacing, 3)) {
  Builder(*this, setup).run();
  for (const auto& law : cells_ == 0 ? std::vector<SegmentLaw>{} : setup.laws) {
    of_enthalpy_.push_back(law_of_enthalpy<Real>(law));
    of_temperature_.push_back(law_of_temperature<Real>(law));
  }
  for (auto* v : {&enthalpy_, &excess_, &own_, &rate_}) v->assign(nodes_.size(), Real(0));
  heat_.assign(8 * kCellLanes * blocks_.size(), Real(0));
  if (cells_ != 0) clip(ActiveRows(lattice_));
}

template class InterfaceCells<float>;
template class InterfaceCells<double>;

}  // namespace thermodose
