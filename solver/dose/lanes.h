// Loops over nodes as the dose models write them.
// Implements: a walk over runs in blocks of fixed length, so that the compiler turns the
// branch-free body into vector code, and a block that nothing happens in is left without a store.
// Most nodes change nothing in most steps: the models are bound by memory traffic, and an untouched
// block costs reads only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "dose/dose_model.h"

namespace thermodose::dose {

/// Nodes per block: some vectors long, and shorter than the rows of nodes that a grid hands over.
inline constexpr std::size_t kBlock = 32;

/// An integer as wide as Real: comparisons of Real collect into it without a change of width.
template <class Real>
using Flag = std::conditional_t<sizeof(Real) == 4, std::int32_t, std::int64_t>;

template <class Real>
const Real* values_of(const EnthalpyView& view) {
  if constexpr (std::is_same_v<Real, float>) {
    return view.single;
  } else {
    return view.twice;
  }
}

/// Calls body(begin, length, law) for blocks that cover each run; the length is a compile-time
/// constant except for runs shorter than a block. The last block of a run overlaps the one before
/// it, so a body must be idempotent: a second call with the same step changes nothing.
template <class Body>
void for_blocks(const std::vector<NodeRun>& runs, const Body& body) {
  constexpr auto full = std::integral_constant<std::size_t, kBlock>();
  for (const auto& run : runs) {
    std::size_t i = run.begin;
    for (; i + kBlock <= run.end; i += kBlock) body(i, full, run.law);
    if (i == run.end) continue;
    if (run.end - run.begin >= kBlock) {
      body(run.end - kBlock, full, run.law);
    } else {
      body(i, run.end - i, run.law);
    }
  }
}

/// As for_blocks, but no node is met twice: for bodies that add to what is there.
template <class Body>
void for_tiles(const std::vector<NodeRun>& runs, const Body& body) {
  constexpr auto full = std::integral_constant<std::size_t, kBlock>();
  for (const auto& run : runs) {
    std::size_t i = run.begin;
    for (; i + kBlock <= run.end; i += kBlock) body(i, full, run.law);
    if (i < run.end) body(i, run.end - i, run.law);
  }
}

/// H*(T) of each law in the precision of the run.
template <class Real>
std::vector<Real> thresholds(const std::vector<SegmentLaw>& laws, double temperature) {
  std::vector<Real> out;
  out.reserve(laws.size());
  for (const auto& law : laws) out.push_back(static_cast<Real>(law.enthalpy(temperature)));
  return out;
}

}  // namespace thermodose::dose
