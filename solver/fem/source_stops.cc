// Implements: fem/source_stops.h.
#include "fem/source_stops.h"

#include "fem/thread_team.h"

namespace thermodose {

namespace {

constexpr std::size_t kBlock = 256;

}  // namespace

template <class Real>
typename SourceStops<Real>::Place SourceStops<Real>::place(std::size_t node,
                                                           const GridSetup& grid) {
  Place out{1, false};
  for (std::size_t d = 0; d < 3; ++d) {
    const auto n = static_cast<std::size_t>(grid.lattice.nodes[d]);
    const std::size_t p = node % n;
    node /= n;
    if (p != 0 && p != n - 1) continue;
    out.weight /= 2;
    out.fixed = out.fixed || grid.faces[2 * d + (p == 0 ? 0 : 1)] == FaceKind::fixed;
  }
  return out;
}

template <class Real>
void SourceStops<Real>::set(const std::vector<SourceStop>& stops, const GridSetup& grid) {
  ++changes_;
  nodes_.clear();
  share_.clear();
  place_.clear();
  blocks_.clear();
  for (std::size_t i = 0; i < stops.size(); ++i) {
    const SourceStop& stop = stops[i];
    if (blocks_.empty() || blocks_.back().law != stop.law || i - blocks_.back().begin == kBlock)
      blocks_.push_back({i, i, stop.law});
    blocks_.back().end = i + 1;
    nodes_.push_back(stop.node);
    share_.push_back(static_cast<Real>(stop.share));
    place_.push_back(place(stop.node, grid));
  }
}

template <class Real>
SweepSums SourceStops<Real>::apply(const Block& block, const KernelLaw<Real>& law,
                                   const Real* y_prev, Real* y_out, Real* l0, Real dt_l) const {
  Real h[kBlock], theta[kBlock], source[kBlock];
  const std::size_t n = block.end - block.begin;
  for (std::size_t k = 0; k < n; ++k) h[k] = y_prev[nodes_[block.begin + k]];
  law_function<Real>()(law, h, theta, source, static_cast<int>(n));
  SweepSums sums;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t i = block.begin + k, node = nodes_[i];
    const Real change = -share_[i] * source[k];
    const double heat = place_[i].weight * static_cast<double>(change);
    sums.source += heat;
    // A prescribed node keeps its value; the face takes what the tissue gave.
    if (place_[i].fixed) {
      sums.fixed_faces += heat;
      continue;
    }
    y_out[node] += dt_l * change;
    if (l0 != nullptr) l0[node] += change;
  }
  return sums;
}

template <class Real>
SweepSums SourceStops<Real>::apply(ThreadTeam& team, const std::vector<KernelLaw<Real>>& laws,
                                   const Real* y_prev, Real* y_out, Real* l0, double dt_l) const {
  std::vector<SweepSums> parts(static_cast<std::size_t>(team.size()));
  const auto part = [&](int member, int members) {
    const auto share = [&](int m) {
      return blocks_.size() * static_cast<std::size_t>(m) / static_cast<std::size_t>(members);
    };
    SweepSums& sums = parts[static_cast<std::size_t>(member)];
    for (std::size_t b = share(member); b < share(member + 1); ++b) {
      const SweepSums more = apply(blocks_[b], laws[static_cast<std::size_t>(blocks_[b].law)],
                                   y_prev, y_out, l0, static_cast<Real>(dt_l));
      sums.source += more.source;
      sums.fixed_faces += more.fixed_faces;
    }
  };
  if (blocks_.size() < 4)
    part(0, 1);
  else
    team.run(part);
  for (std::size_t m = 1; m < parts.size(); ++m) {
    parts[0].source += parts[m].source;
    parts[0].fixed_faces += parts[m].fixed_faces;
  }
  return parts[0];
}

template class SourceStops<float>;
template class SourceStops<double>;

}  // namespace thermodose
