// Implements: warm_walk.h.
#include "dose/warm_walk.h"

#include <algorithm>
#include <cmath>

#include "base/types.h"

namespace thermodose::dose {

namespace {
constexpr double kRounding = 2e-5;  // K
}  // namespace

void WarmWalk::start(const std::vector<SegmentLaw>& laws, const std::vector<NodeRun>& all,
                     EnthalpyView initial, double time, double counts_from, double ceiling) {
  const double floor = counts_from + kRounding;
  floor_ = static_cast<float>(floor - kZeroCelsius);
  start_ = time;
  all_ = all;
  laws_.clear();
  for (const SegmentLaw& law : laws) {
    const double low = law.enthalpy(floor);
    const double high = law.enthalpy(ceiling);
    Law warm{low, {}};
    for (const Segment& s : law.segments) {
      const Piece piece{std::max(s.lo, low), std::min(s.hi, high), s.t1};
      if (!(piece.lo < piece.hi)) continue;
      // Pieces differ in conductivity or source, too, which do not matter here.
      if (!warm.pieces.empty() && warm.pieces.back().t1 == piece.t1) {
        warm.pieces.back().hi = piece.hi;
      } else {
        warm.pieces.push_back(piece);
      }
    }
    laws_.push_back(std::move(warm));
  }
  resting_.clear();
  for (const NodeRun& run : all) {
    const SegmentLaw& law = laws[static_cast<std::size_t>(run.law)];
    const double limit = laws_[static_cast<std::size_t>(run.law)].floor;
    for (std::size_t i = run.begin; i < run.end; ++i) {
      const double h = initial.single != nullptr ? double(initial.single[i]) : initial.twice[i];
      if (!(h > limit)) continue;
      if (resting_.empty()) {
        std::size_t nodes = 0;
        for (const NodeRun& each : all) nodes = std::max(nodes, each.end);
        resting_.assign(nodes, floor_);
      }
      resting_[i] = static_cast<float>(std::min(law.temperature(h), ceiling) - kZeroCelsius);
    }
  }
}

bool WarmWalk::rest_tile(std::size_t at, std::size_t length, double time, WarmTile& tile) const {
  float hottest = floor_;
  for (std::size_t i = at; i < at + length; ++i) hottest = std::max(hottest, resting_[i]);
  if (!(hottest > floor_)) return false;
  tile.span = static_cast<float>(time - start_);
  for (std::size_t i = 0; i < kBlock; ++i) {
    const float celsius = i < length ? resting_[at + i] : floor_;
    tile.begin[i] = celsius;
    tile.end[i] = celsius;
    tile.seconds[i] = celsius > floor_ ? tile.span : 0;
  }
  return true;
}

}  // namespace thermodose::dose
