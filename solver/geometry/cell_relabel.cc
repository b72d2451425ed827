// Implements: relabel (see cell_composition.h).
#include <algorithm>
#include <utility>

#include "geometry/cell_composition.h"

namespace thermodose {

namespace {

/// Where the entries of old shares go in the new ones.
using Places = std::array<std::size_t, Shares::kMost>;

/// `to` gives the new material of an old one.
template <class To>
Shares merged(const Shares& old, const To& to, Places& place) {
  std::vector<std::pair<float, MaterialIndex>> sum;
  const auto n = static_cast<std::size_t>(old.count);
  for (std::size_t i = 0; i < n; ++i) {
    const MaterialIndex material = to(old.material[i]);
    const auto known =
        std::find_if(sum.begin(), sum.end(), [&](const auto& s) { return s.second == material; });
    if (known != sum.end())
      known->first += old.share[i];
    else
      sum.emplace_back(old.share[i], material);
  }
  std::sort(sum.begin(), sum.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  Shares out;
  out.count = static_cast<int>(sum.size());
  for (std::size_t m = 0; m < sum.size(); ++m) {
    out.share[m] = sum[m].first;
    out.material[m] = sum[m].second;
    for (std::size_t i = 0; i < n; ++i)
      if (to(old.material[i]) == sum[m].second) place[i] = m;
  }
  return out;
}

/// in_cell(material, cell) and at_node(material, node) give the new materials.
template <class InCell, class AtNode>
Composition renamed(const Composition& composition, const InCell& in_cell, const AtNode& at_node) {
  Composition out;
  const auto all = [](const std::vector<MaterialIndex>& old, const auto& to) {
    std::vector<MaterialIndex> now(old.size());
    for (std::size_t n = 0; n < old.size(); ++n) now[n] = to(old[n], n);
    return now;
  };
  out.cell = all(composition.cell, in_cell);
  out.node = all(composition.node, at_node);
  Places place{};
  for (const CutCell& old : composition.cuts) {
    CutCell cut = old;
    cut.shares = merged(
        old.shares, [&](MaterialIndex m) { return in_cell(m, old.cell); }, place);
    out.cell[cut.cell] = cut.shares.material[0];
    if (cut.shares.count == 1) continue;
    for (std::size_t e = 0; e < cut.line.size(); ++e) {
      cut.line[e] = {};
      for (std::size_t i = 0; i < static_cast<std::size_t>(old.shares.count); ++i) {
        auto& share = cut.line[e][place[i]];
        share = static_cast<std::uint8_t>(share + old.line[e][i]);
      }
    }
    out.cuts.push_back(cut);
  }
  for (const MixedNode& old : composition.mixed) {
    const Shares shares = merged(
        old.shares, [&](MaterialIndex m) { return at_node(m, old.node); }, place);
    out.node[old.node] = shares.material[0];
    if (shares.count > 1) out.mixed.push_back({old.node, shares});
  }
  return out;
}

}  // namespace

Composition relabel(const Composition& composition, const std::vector<MaterialIndex>& to,
                    std::size_t materials) {
  const auto anywhere = [&](MaterialIndex m, std::size_t) { return to[m]; };
  Composition out = renamed(composition, anywhere, anywhere);
  out.volume.assign(materials, 0.0);
  for (std::size_t m = 0; m < composition.volume.size(); ++m)
    out.volume[to[m]] += composition.volume[m];
  return out;
}

Composition relabel(const Composition& composition, const LocalMaterial& in_cell,
                    const LocalMaterial& at_node) {
  return renamed(composition, in_cell, at_node);
}

}  // namespace thermodose
