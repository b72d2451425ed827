// Implements: mixtures of nodes (see node_mixtures.h).
#include "fem/node_mixtures.h"

#include <algorithm>
#include <limits>
#include <map>
#include <stdexcept>

#include "fem/grid_kernel.h"
#include "physics/segment_mix.h"

namespace thermodose {

namespace {

constexpr int kSteps = 8;  // of the volume of a node

// Shares in eighths, by law. Zero eighths are left out.
std::map<LawIndex, int> eighths(const Shares& shares) {
  struct Part {
    LawIndex law;
    int whole;
    double rest;
  };
  std::vector<Part> parts;
  int given = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(shares.count); ++i) {
    const double wish = kSteps * static_cast<double>(shares.share[i]);
    const int whole = static_cast<int>(wish);
    parts.push_back({shares.material[i], whole, wish - whole});
    given += whole;
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const Part& a, const Part& b) { return a.rest > b.rest; });
  for (std::size_t i = 0; given < kSteps; ++i, ++given) ++parts[i % parts.size()].whole;
  std::map<LawIndex, int> out;
  for (const Part& p : parts)
    if (p.whole > 0) out[p.law] = p.whole;
  return out;
}

LawShares law_shares(const std::map<LawIndex, int>& mixture) {
  LawShares out;
  for (const auto& [law, n] : mixture) out.emplace_back(law, static_cast<double>(n) / kSteps);
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return out;
}

}  // namespace

std::vector<LawShares> mix_nodes(const std::vector<MixedNode>& mixed,
                                 std::vector<LawIndex>& node_law, std::vector<SegmentLaw>& laws) {
  const std::vector<SegmentLaw> pure = laws;
  std::vector<LawShares> out;
  for (std::size_t l = 0; l < pure.size(); ++l) out.push_back({{static_cast<LawIndex>(l), 1.0}});
  std::map<std::map<LawIndex, int>, LawIndex> known;
  for (const MixedNode& node : mixed) {
    const auto mixture = eighths(node.shares);
    if (mixture.size() == 1) {
      node_law[node.node] = mixture.begin()->first;
      continue;
    }
    const auto [found, fresh] = known.emplace(mixture, LawIndex{0});
    if (fresh) {
      if (laws.size() > std::numeric_limits<LawIndex>::max())
        throw std::invalid_argument("too many different mixtures of tissues");
      std::vector<LawPart> parts;
      for (const auto& [law, share] : law_shares(mixture)) parts.push_back({&pure[law], share});
      found->second = static_cast<LawIndex>(laws.size());
      laws.push_back(mix_laws(parts, KernelLaw<double>::kMaxSegments));
      out.push_back(law_shares(mixture));
    }
    node_law[node.node] = found->second;
  }
  return out;
}

}  // namespace thermodose
