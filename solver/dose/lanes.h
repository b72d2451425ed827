// Loops over nodes as the dose models write them.
// Implements: a walk over runs in blocks of fixed length, so that the compiler turns the
// branch-free body into vector code, and a block that nothing happens in is left without a store.
// Most nodes change nothing in most steps: the models are bound by memory traffic, and an untouched
// block costs reads only.
#pragma once

#include <cstddef>
#include <limits>
#include <type_traits>
#include <vector>

#include "dose/dose_model.h"

namespace thermodose::dose {

/// Nodes per block: long enough for full vectors, short enough to stay in the first cache.
inline constexpr std::size_t kBlock = 128;

template <class Real>
const Real* values_of(const EnthalpyView& view) {
  if constexpr (std::is_same_v<Real, float>) {
    return view.single;
  } else {
    return view.twice;
  }
}

/// Calls body(begin, length, law): full blocks with a compile-time length, then the rest.
template <class Body>
void for_blocks(const std::vector<NodeRun>& runs, const Body& body) {
  for (const auto& run : runs) {
    std::size_t i = run.begin;
    for (; i + kBlock <= run.end; i += kBlock) {
      body(i, std::integral_constant<std::size_t, kBlock>(), run.law);
    }
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
