// Data that several verification cases share.
// Implements: the freezing tissue of the similarity cases, and conversions.
#pragma once

#include <vector>

#include "base/types.h"
#include "verification/exact_freezing.h"

namespace thermodose::verification {

inline constexpr double kMm = 1e-3;  ///< m
inline constexpr double kBody = 310.15;

inline double celsius(double t) { return t + kZeroCelsius; }

/// Tissue that freezes from 37 degC: k 2 / 0.5, rho c 1.8 / 3.6 MJ/m3/K, latent heat 250 MJ/m3 at
/// -1 degC or spread over [solidus, -1 degC] with mean k and c there.
struct FreezingCase {
  double initial = celsius(37);
  exact::Phase frozen{2, 1.8e6}, unfrozen{0.5, 3.6e6};
  double latent = 250e6, solidus = celsius(-8), liquidus = celsius(-1);

  /// Latent heat over the range.
  std::vector<exact::Zone> zones() const {
    const exact::Phase middle{(frozen.k + unfrozen.k) / 2,
                              (frozen.rho_c + unfrozen.rho_c) / 2 + latent / (liquidus - solidus)};
    return {{frozen, solidus, 0}, {middle, liquidus, 0}};
  }
  /// Latent heat at the liquidus.
  std::vector<exact::Zone> sharp() const { return {{frozen, liquidus, latent}}; }
};

}  // namespace thermodose::verification
