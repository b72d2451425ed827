// Steps of warm nodes for the dose models of heat.
// Implements: what models share that act above a temperature `floor` only. Per step and node: the
// time spent above it (the crossing is placed linearly on H, as everywhere), and the temperatures
// at both ends of that time, between which models take T linear. Temperatures are held within
// floor .. ceiling. Blocks that stay below the floor are left after one look at the enthalpies.
//
// Nodes that no step has touched yet rest at their initial temperature. When that is above the
// floor it is kept, and the rest is handed over as one long step when the node is met first, or
// by `rest` when values are asked for.
#pragma once

#include <cstddef>
#include <vector>

#include "dose/lanes.h"
#include "dose/wide.h"

namespace thermodose::dose {

/// One step of up to kBlock nodes; unused places are filled.
struct WarmTile {
  float begin[kBlock], end[kBlock];  ///< degC, within floor .. ceiling
  float seconds[kBlock];             ///< time above the floor, 0 .. span
  float span;                        ///< length of the step, s
};

class WarmWalk {
 public:
  /// Temperatures in K. `laws` need not outlive the walk. What is above `counts_from` by less than
  /// 1 mK is rounding of tissue that rests there, and does not count.
  void start(const std::vector<SegmentLaw>& laws, const std::vector<NodeRun>& all,
             EnthalpyView initial, double time, double counts_from, double ceiling);

  /// body(at, length, tile) for tiles with warm nodes, perhaps twice for a tile: rest, then step.
  template <class Body>
  void advance(const DoseStep& step, const Body& body) {
    if (step.after.single != nullptr) {
      advance_as<float>(step, body);
    } else {
      advance_as<double>(step, body);
    }
  }

  /// body(at, length, tile) for nodes that rested warm until `time`.
  template <class Body>
  void rest(double time, const Body& body) const {
    if (resting_.empty()) return;
    for_tiles(all_, [&](std::size_t at, auto length, int /*law*/) {
      WarmTile tile;
      if (rest_tile(at, length, time, tile)) body(at, length, tile);
    });
  }

 private:
  /// T(H) between floor and ceiling: T = floor + sum of t1 (clamp(H, lo, hi) - lo).
  struct Piece {
    double lo, hi, t1;
  };
  struct Law {
    double floor;  ///< J/m3
    std::vector<Piece> pieces;
  };

  bool rest_tile(std::size_t at, std::size_t length, double time, WarmTile& tile) const;

  template <class Real, class Length>
  static bool any_above(const Real* __restrict before, const Real* __restrict after, Real limit,
                        Length length) {
    Flag<Real> above = 0;
    for (std::size_t i = 0; i < length; ++i) {
      above |= Flag<Real>(before[i] > limit) | Flag<Real>(after[i] > limit);
    }
    return above != 0;
  }

  template <class Real>
  void celsius(const Law& law, const Real* __restrict h, float* __restrict out) const {
    Real u[kBlock] = {};
    for (const Piece& piece : law.pieces) {
      const auto lo = static_cast<Real>(piece.lo);
      const auto hi = static_cast<Real>(piece.hi);
      const auto t1 = static_cast<Real>(piece.t1);
      for (std::size_t i = 0; i < kBlock; ++i) {
        const Real up = h[i] < lo ? lo : h[i];
        const Real in = up > hi ? hi : up;
        u[i] += t1 * (in - lo);
      }
    }
    for (std::size_t i = 0; i < kBlock; ++i) out[i] = floor_ + static_cast<float>(u[i]);
  }

  /// seconds = span * share of the step with H above the limit.
  template <class Real>
  static void time_above(const Real* __restrict before, const Real* __restrict after, Real limit,
                         float span, float* __restrict seconds) {
    for (std::size_t i = 0; i < kBlock; ++i) {
      const Real change = after[i] - before[i];
      const Real from = before[i] > limit ? before[i] : limit;
      const Real to = after[i] > limit ? after[i] : limit;
      const Real divisor = change == 0 ? Real(1) : change;
      const Real still = before[i] > limit ? Real(1) : Real(0);
      const Real share = change == 0 ? still : (to - from) / divisor;
      seconds[i] = span * static_cast<float>(share);
    }
  }

  template <class Real, class Body>
  void advance_as(const DoseStep& step, const Body& body) {
    const Real* before = values_of<Real>(step.before);
    const Real* after = values_of<Real>(step.after);
    const auto span = static_cast<float>(step.end - step.begin);
    for_tiles(*step.runs, [&](std::size_t at, auto length, int law_index) {
      const Law& law = laws_[static_cast<std::size_t>(law_index)];
      const auto limit = static_cast<Real>(law.floor);
      WarmTile tile;
      if (!resting_.empty() && rest_tile(at, length, step.begin, tile)) {
        body(at, length, tile);
        for (std::size_t i = at; i < at + length; ++i) resting_[i] = floor_;
      }
      if (!any_above(before + at, after + at, limit, length)) return;
      Real h0[kBlock];
      Real h1[kBlock];
      for (std::size_t i = 0; i < kBlock; ++i) {
        const std::size_t from = at + (i < length ? i : 0);
        h0[i] = before[from];
        h1[i] = after[from];
      }
      tile.span = span;
      wide([&] {
        celsius(law, h0, tile.begin);
        celsius(law, h1, tile.end);
        time_above(h0, h1, limit, span, tile.seconds);
        body(at, length, tile);
      });
    });
  }

  float floor_ = 0;  ///< degC
  double start_ = 0;
  std::vector<Law> laws_;
  std::vector<NodeRun> all_;
  std::vector<float>
      resting_;  ///< degC; the floor for nodes without rest; empty when no node rests
};

}  // namespace thermodose::dose
