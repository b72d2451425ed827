// Implements: which cells an InterfaceCells corrects, and the arrays it works on.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "fem/interface_cells.h"
#include "fem/thread_team.h"

namespace thermodose {

namespace {

// H -> T - T_ref as "theta" and theta as "source", so that one pass gives both.
KernelLaw<double> law_of_enthalpy(const SegmentLaw& law) {
  KernelLaw<double> out{};
  out.segments = static_cast<int>(law.segments.size());
  for (std::size_t m = 0; m < law.segments.size(); ++m) {
    const Segment& s = law.segments[m];
    out.lo[m] = s.lo;
    out.hi[m] = s.hi;
    out.pivot[m] = s.pivot;
    out.th1[m] = s.t1;
    out.th2[m] = 0;
    out.s1[m] = s.th1;
    out.s2[m] = s.th2;
  }
  return out;
}

// theta(T - T_ref): T is linear in H on every piece.
KernelLaw<double> law_of_temperature(const SegmentLaw& law) {
  KernelLaw<double> out{};
  out.segments = static_cast<int>(law.segments.size());
  const auto excess = [&](double h) { return std::isfinite(h) ? law.excess(h) : h; };
  for (std::size_t m = 0; m < law.segments.size(); ++m) {
    const Segment& s = law.segments[m];
    out.lo[m] = excess(s.lo);
    out.hi[m] = excess(s.hi);
    out.pivot[m] = excess(s.pivot);
    out.th1[m] = s.th1 / s.t1;
    out.th2[m] = s.th2 / (s.t1 * s.t1);
  }
  return out;
}

}  // namespace

struct InterfaceCells::Builder {
  Builder(InterfaceCells& out, const GridSetup& setup) : out_(out), s_(setup) {}

  void run() {
    if (s_.node_law.empty() || s_.cell_law.empty()) return;
    find_cells();
    sort_nodes();
    make_parts();
  }

 private:
  std::size_t node_at(const std::array<int, 3>& p) const {
    const auto& n = s_.lattice.nodes;
    return (static_cast<std::size_t>(p[2]) * static_cast<std::size_t>(n[1]) +
            static_cast<std::size_t>(p[1])) *
               static_cast<std::size_t>(n[0]) +
           static_cast<std::size_t>(p[0]);
  }

  void find_cells() {
    const auto& n = s_.lattice.nodes;
    std::size_t c = 0;
    auto cut = s_.cuts.begin();
    for (int k = 0; k + 1 < n[2]; ++k)
      for (int j = 0; j + 1 < n[1]; ++j)
        for (int i = 0; i + 1 < n[0]; ++i, ++c) {
          while (cut != s_.cuts.end() && cut->cell < c) ++cut;
          const bool is_cut = cut != s_.cuts.end() && cut->cell == c;
          add_cell({i, j, k}, s_.cell_law[c], is_cut ? &*cut : nullptr);
        }
  }

  void add_cell(const std::array<int, 3>& index, LawIndex law, const CutCell* cut) {
    std::array<std::size_t, 8> at{};
    std::array<std::array<int, 3>, 8> corner{};
    bool pure = cut == nullptr;
    for (unsigned a = 0; a < 8; ++a) {
      corner[a] = {index[0] + static_cast<int>(a & 1U), index[1] + static_cast<int>(a >> 1U & 1U),
                   index[2] + static_cast<int>(a >> 2U)};
      at[a] = node_at(corner[a]);
      pure = pure && s_.node_law[at[a]] == law;
    }
    if (pure) return;
    Cell cell{};
    cell.index = index;
    double inverse_capacity = 0;
    for (unsigned a = 0; a < 8; ++a) {
      const auto [known, fresh] =
          known_.emplace(at[a], static_cast<std::uint32_t>(out_.nodes_.size()));
      if (fresh) add_node(corner[a], at[a]);
      cell.node[a] = known->second;
      inverse_capacity =
          std::max(inverse_capacity, s_.laws[s_.node_law[at[a]]].max_inverse_capacity());
    }
    cell.part = static_cast<std::uint32_t>(out_.parts_.size());
    cell.parts = static_cast<std::uint8_t>(cut != nullptr ? cut->shares.count : 1);
    cell.cut = cut != nullptr;
    if (cell.cut) set_directions(cut->normal, cell);
    double conductivity = 0;
    for (std::size_t m = 0; m < cell.parts; ++m) {
      Part part{};
      part.law = cut != nullptr ? cut->shares.material[m] : law;
      part.share = cut != nullptr ? cut->shares.share[m] : 1;
      for (std::size_t e = 0; e < 16 && cell.cut; ++e)
        part.line[e] = static_cast<float>(cut->line[e][m]) / 255;
      conductivity = std::max(conductivity, s_.laws[part.law].max_conductivity());
      out_.parts_.push_back(part);
    }
    out_.max_diffusivity_ = std::max(out_.max_diffusivity_, conductivity * inverse_capacity);
    out_.cells_.push_back(cell);
  }

  // Weights of the diagonals in the conduction along the layers.
  static void set_directions(const std::array<float, 3>& normal, Cell& cell) {
    cell.normal = normal;
    float sum = 0;
    for (std::size_t e = 0; e < 16; ++e) {
      float square = 0, across = 0;
      for (unsigned d = 0; d < 3; ++d) {
        const auto x = static_cast<float>((kDiagonals[e][1] >> d & 1U)) -
                       static_cast<float>((kDiagonals[e][0] >> d & 1U));
        square += x * x;
        across += x * normal[d];
      }
      sum += cell.along[e] = square - across * across;
    }
    for (auto& w : cell.along) w /= sum;
  }

  void add_node(const std::array<int, 3>& p, std::size_t at) {
    double factor = 1;
    bool fixed = false;
    for (std::size_t d = 0; d < 3; ++d) {
      const bool low = p[d] == 0, high = p[d] == s_.lattice.nodes[d] - 1;
      if (low || high) factor *= 2;
      fixed = fixed || (low && s_.faces[2 * d] == FaceKind::fixed) ||
              (high && s_.faces[2 * d + 1] == FaceKind::fixed);
    }
    out_.nodes_.push_back(at);
    out_.inverse_volume_.push_back(factor);
    out_.fixed_.push_back(fixed ? 1 : 0);
  }

  // Nodes of one law together, so that their laws are evaluated in one go.
  void sort_nodes() {
    const std::size_t n = out_.nodes_.size();
    std::vector<std::uint32_t> order(n), place(n);
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
      return s_.node_law[out_.nodes_[a]] < s_.node_law[out_.nodes_[b]];
    });
    const auto nodes = out_.nodes_;
    const auto volume = out_.inverse_volume_;
    const auto fixed = out_.fixed_;
    for (std::size_t i = 0; i < n; ++i) {
      place[order[i]] = static_cast<std::uint32_t>(i);
      out_.nodes_[i] = nodes[order[i]];
      out_.inverse_volume_[i] = volume[order[i]];
      out_.fixed_[i] = fixed[order[i]];
      extend(out_.node_runs_, i, s_.node_law[out_.nodes_[i]]);
    }
    for (auto& cell : out_.cells_)
      for (auto& node : cell.node) node = place[node];
  }

  static void extend(std::vector<Run>& runs, std::size_t at, LawIndex law) {
    if (runs.empty() || runs.back().law != law) runs.push_back({at, at, law});
    runs.back().end = at + 1;
  }

  // One theta for every (law, node) that a cell asks for.
  void make_parts() {
    const auto key = [](LawIndex law, std::uint32_t node) {
      return static_cast<std::uint64_t>(law) << 32U | node;
    };
    std::vector<std::uint64_t> wanted;
    for (const auto& cell : out_.cells_)
      for (std::size_t m = 0; m < cell.parts; ++m)
        for (const auto node : cell.node)
          wanted.push_back(key(out_.parts_[cell.part + m].law, node));
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      out_.theta_node_.push_back(static_cast<std::uint32_t>(wanted[i] & 0xffffffffU));
      extend(out_.theta_runs_, i, static_cast<LawIndex>(wanted[i] >> 32U));
    }
    for (const auto& cell : out_.cells_)
      for (std::size_t m = 0; m < cell.parts; ++m) {
        Part& part = out_.parts_[cell.part + m];
        for (std::size_t a = 0; a < 8; ++a) {
          const auto found =
              std::lower_bound(wanted.begin(), wanted.end(), key(part.law, cell.node[a]));
          part.value[a] = static_cast<std::uint32_t>(found - wanted.begin());
        }
      }
  }

  InterfaceCells& out_;
  const GridSetup& s_;
  std::unordered_map<std::size_t, std::uint32_t> known_;
};

InterfaceCells::InterfaceCells(const GridSetup& setup)
    : laws_(setup.laws),
      team_(setup.team),
      inv12h2_(1 / (12 * setup.lattice.spacing * setup.lattice.spacing)),
      cell_volume_(std::pow(setup.lattice.spacing, 3)) {
  Builder(*this, setup).run();
  for (const auto& law : cells_.empty() ? std::vector<SegmentLaw>{} : laws_) {
    of_enthalpy_.push_back(law_of_enthalpy(law));
    of_temperature_.push_back(law_of_temperature(law));
  }
  active_.resize(cells_.size());
  std::iota(active_.begin(), active_.end(), 0U);
  for (auto* v : {&enthalpy_, &excess_, &own_, &rate_}) v->assign(nodes_.size(), 0.0);
  for (auto* v : {&theta_input_, &thetas_, &unused_}) v->assign(theta_node_.size(), 0.0);
  corner_rate_.assign(8 * cells_.size(), 0.0);
  corner_begin_.assign(nodes_.size() + 1, 0);
  for (const auto& cell : cells_)
    for (const auto node : cell.node) ++corner_begin_[node + 1];
  std::partial_sum(corner_begin_.begin(), corner_begin_.end(), corner_begin_.begin());
  auto next = corner_begin_;
  corners_.resize(8 * cells_.size());
  for (std::size_t c = 0; c < corners_.size(); ++c)
    corners_[next[cells_[c / 8].node[c % 8]]++] = static_cast<std::uint32_t>(c);
}

}  // namespace thermodose
