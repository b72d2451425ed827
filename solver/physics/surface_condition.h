// Thermal condition of a surface that exchanges heat with tissue.
// Implements: the three kinds that probes and outer faces share.
#pragma once

namespace thermodose {

/// zero_flux: q = 0. temperature: T = temperature. convective: q = coefficient (temperature - T).
struct SurfaceCondition {
  enum class Kind { zero_flux, temperature, convective } kind = Kind::zero_flux;
  double temperature = 0;  ///< K: of the surface, or of the cryogen / ambient (convective)
  double coefficient = 0;  ///< W/m2/K (convective)
};

}  // namespace thermodose
