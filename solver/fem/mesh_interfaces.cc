// Implements: cubes where tissues meet (see mesh_interfaces.h).
#include "fem/mesh_interfaces.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "fem/kernel_law.h"

namespace thermodose {

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

template <class Real>
MeshInterfaces<Real>::MeshInterfaces(const MeshArrays& mesh, const std::vector<SegmentLaw>& laws)
    : mesh_(mesh), material_laws_(laws), seen_end_(mesh.runs.size(), 0) {
  if (mesh.interface.empty()) return;
  excess_.assign(mesh.nodes(), Real(0));
  zero_.assign(mesh.nodes(), Real(0));
  conductance_.assign(mesh.nodes(), 0.0);
  std::map<Key, std::vector<std::size_t>> groups;
  auto cut = mesh.cuts.begin();
  for (std::size_t c = 0; c < mesh.cells(); ++c) {
    while (cut != mesh.cuts.end() && cut->cell < c) ++cut;
    if (mesh.interface[c] == 0) continue;
    const bool is_cut = cut != mesh.cuts.end() && cut->cell == c;
    auto size = std::find_if(sizes_.begin(), sizes_.end(),
                             [&](double s) { return std::abs(s - mesh.edge[c]) < 1e-6 * s; });
    if (size == sizes_.end()) size = sizes_.insert(size, mesh.edge[c]);
    const CellTissues tissues(static_cast<LawIndex>(mesh.cell_law[c]), is_cut ? &*cut : nullptr);
    groups[{static_cast<int>(size - sizes_.begin()), tissues}].push_back(c);
  }
  for (const auto& [key, cells] : groups) make_blocks(key, cells);
  active_.resize(blocks_.size());
  std::iota(active_.begin(), active_.end(), 0U);
  find_nodes();
}

template <class Real>
std::uint32_t MeshInterfaces<Real>::scaled_law(int size, LawIndex law) {
  const auto [found, fresh] =
      known_.emplace(std::pair(size, law), static_cast<std::uint32_t>(laws_.size()));
  if (!fresh) return found->second;
  const Real scale = static_cast<Real>(sizes_[at(size)] / 12);
  KernelLaw<Real> scaled = law_of_temperature<Real>(material_laws_[law]);
  for (int m = 0; m < scaled.segments; ++m) {
    scaled.th1[m] *= scale;
    scaled.th2[m] *= scale;
  }
  laws_.push_back(scaled);
  KernelLaw<Real> largest = identity_law<Real>();
  largest.th1[0] = scale * static_cast<Real>(material_laws_[law].max_conductivity());
  largest_.push_back(largest);
  return found->second;
}

template <class Real>
void MeshInterfaces<Real>::make_blocks(const Key& key, const std::vector<std::size_t>& cells) {
  const CellTissues& tissues = key.second;
  double largest = 0;
  for (std::size_t m = 0; m < at(tissues.count); ++m)
    largest = std::max(largest, material_laws_[tissues.law[m]].max_conductivity());
  for (std::size_t first = 0; first < cells.size(); first += kCellLanes) {
    InterfaceBlock block;
    block.cut = tissues.cut;
    block.part = static_cast<std::uint32_t>(parts_.size());
    block.parts = static_cast<std::uint32_t>(tissues.count);
    for (std::uint32_t m = 0; m < block.parts; ++m) {
      parts_.emplace_back();
      parts_.back().law = scaled_law(key.first, tissues.law[m]);
    }
    for (std::size_t lane = 0; lane < kCellLanes; ++lane) {
      // Beyond the last cell: that one again, so that its numbers are sound.
      const std::size_t c = cells[std::min(first + lane, cells.size() - 1)];
      block.real[lane] = first + lane < cells.size() ? 1 : 0;
      block.holds[lane] = block.real[lane];
      for (std::size_t a = 0; a < 8; ++a) {
        block.node[a][lane] = static_cast<std::uint32_t>(mesh_.cell(c)[a]);
        // The largest eigenvalue of a cube's stiffness is h / 2.
        if (block.real[lane] != 0) conductance_[block.node[a][lane]] += largest * mesh_.edge[c] / 2;
      }
      if (!tissues.cut) continue;
      const auto cut = std::lower_bound(mesh_.cuts.begin(), mesh_.cuts.end(), c,
                                        [](const CutCell& x, std::size_t n) { return x.cell < n; });
      set_cut(block, &parts_[block.part], tissues, lane, *cut);
    }
    blocks_.push_back(block);
  }
}

template <class Real>
void MeshInterfaces<Real>::find_nodes() {
  std::vector<char> seen(mesh_.nodes(), 0);
  for (const InterfaceBlock& block : blocks_)
    for (const auto& corner : block.node)
      for (const auto node : corner) seen[node] = 1;
  for (const HangingNode& h : mesh_.hanging) {
    if (seen[at(h.node)] == 0) continue;
    hanging_.push_back(h);
    bool same = true;
    for (int k = 0; k < h.count; ++k) {
      const std::size_t master = at(h.masters[at(k)]);
      seen[master] = 1;
      same = same && mesh_.node_law[master] == mesh_.node_law[at(h.node)];
      conductance_[master] += conductance_[at(h.node)] / h.count;
    }
    conductance_[at(h.node)] = 0;
    if (!same) loose_.push_back(h);
  }
  for (std::size_t r = 0; r < mesh_.runs.size(); ++r) {
    seen_end_[r] = mesh_.runs[r].begin;
    for (std::size_t i = mesh_.runs[r].begin; i < mesh_.runs[r].end; ++i)
      if (seen[i] != 0) seen_end_[r] = i + 1;
  }
}

template <class Real>
void MeshInterfaces<Real>::fill_hanging() {
  for (const HangingNode& h : hanging_) {
    Real sum = 0;
    for (int k = 0; k < h.count; ++k) sum += excess_[at(h.masters[at(k)])];
    excess_[at(h.node)] = sum / static_cast<Real>(h.count);
  }
}

template <class Real>
InterfaceInput<Real> MeshInterfaces<Real>::input(const std::vector<KernelLaw<Real>>& laws,
                                                 Real* heat) const {
  // Nothing has been conducted yet: theta of the corners' own laws is left out.
  return {blocks_.data(), parts_.data(), laws.data(), excess_.data(), zero_.data(), heat};
}

template <class Real>
void MeshInterfaces<Real>::add(std::size_t first, std::size_t last, Real* heat) const {
  interface_function<Real>()(input(laws_, heat), active_.data() + first, last - first);
}

template <class Real>
void MeshInterfaces<Real>::add_largest(std::size_t first, std::size_t last, Real* heat) const {
  interface_function<Real>()(input(largest_, heat), active_.data() + first, last - first);
}

template <class Real>
void MeshInterfaces<Real>::fold(Real* heat) const {
  for (const HangingNode& h : loose_) {
    const Real part = heat[h.node] / static_cast<Real>(h.count);
    for (int k = 0; k < h.count; ++k) heat[h.masters[at(k)]] += part;
    heat[h.node] = 0;
  }
}

template class MeshInterfaces<float>;
template class MeshInterfaces<double>;

}  // namespace thermodose
