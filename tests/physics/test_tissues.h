// Implements: tissues that tests of several rooms need, built in C++.
#pragma once

#include "physics/map_keys.h"
#include "physics/tissue.h"

namespace thermodose::testing {

inline constexpr double kBody = 310.15;

inline double celsius(double t) { return t + kZeroCelsius; }

/// The reference case: constant properties, linear mushy range, perfusion that fades with it.
inline Tissue reference_tissue() {
  Tissue tissue;
  tissue.density = 1050;
  tissue.heat_capacity = 3600;
  tissue.conductivity_37 = 0.5;
  tissue.frozen_heat_capacity = 1900;
  tissue.frozen_conductivity = 2.0;
  tissue.freezing_law_name = "linear";
  tissue.freezing_law =
      make_law("freezing", "linear",
               {{"solidus", celsius(-8)}, {"liquidus", celsius(-1)}, {"latent_heat", 250e3}});
  tissue.perfusion = {20e3, "W/m3/K"};
  tissue.arterial_temperature = kBody;
  return tissue;
}

/// The same with everything that makes pieces necessary: metabolic heat, k(T) and c(T) above
/// 37 degC, ice-shaped k below, geometric mean between.
inline Tissue rich_tissue() {
  Tissue tissue = reference_tissue();
  tissue.metabolic_heat = {10, "W/kg"};
  tissue.conductivity_law = make_law("conductivity", "linear_limited", {{"slope", 0.0017}});
  tissue.capacity_law =
      make_law("capacity", "table", {},
               {{"points", {{celsius(37), 1.0}, {celsius(65), 1.0}, {celsius(83.5), 1.17}}}});
  tissue.frozen_conductivity_law = make_law("frozen_conductivity", "ice_shape");
  tissue.mushy_conductivity = "geometric";
  return tissue;
}

}  // namespace thermodose::testing
