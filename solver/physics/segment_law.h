// Thermal law of one tissue in the form the kernels evaluate.
// Implements: temperature, Kirchhoff variable and source as functions of the volumetric enthalpy,
// piecewise on one shared set of enthalpy breakpoints:
//   u(H)     = T - T_ref                    piecewise linear      [K]
//   theta(H) = int_{T_ref}^{T} k dT         piecewise quadratic   [W/m]
//   S(H)     = p(T) [W (T_a - T) + Q_m]     piecewise quadratic   [W/m3]
// with H(T_ref) = 0, so quiescent tissue is exactly zero and float loses nothing to a large
// offset. Made from laws of T by physics/segment_builder.h; kernels see only the numbers.
#pragma once

#include <string>
#include <vector>

namespace thermodose {

/// One piece: d = clamp(H, lo, hi) - pivot; u += t1 d; theta += (th1 + th2 d) d; S += (s1 + s2 d)
/// d. pivot = clamp(0, lo, hi): the point of the piece nearest to H = 0, so that the sum over all
/// pieces vanishes at H = 0 and the piece that holds 0 needs no split. The pieces are contiguous;
/// the outermost reach to +-infinity and are linear there (th2 = s2 = 0).
struct Segment {
  double lo, hi, pivot;  ///< J/m3
  double t1;             ///< K m3/J  (= 1/C, the inverse volumetric heat capacity)
  double th1, th2;       ///< W m2/J, W m5/J2
  double s1, s2;         ///< 1/s, m3/(J s)
};

/// What a mixture holds of a material.
struct MaterialShare {
  std::string material;
  double share;  ///< of the volume
};

/// The law of one tissue. Pure numbers, SI.
struct SegmentLaw {
  std::string material;                ///< whose law it is, for messages
  double reference_temperature = 0;    ///< K, where H = u = theta = 0
  double source_at_reference = 0;      ///< S(0), W/m3
  double min_temperature = 0;          ///< K, below it the sources of the law do not hold
  double max_temperature = 0;          ///< K, above it the sources of the law do not hold
  double interpolation_error = 0;      ///< largest |u_segments - u_laws| met while building, K
  std::vector<Segment> segments;       ///< in order of increasing H
  std::vector<MaterialShare> made_of;  ///< of a mixture; empty: of `material` alone

  double excess(double enthalpy) const;     ///< u(H), K
  double kirchhoff(double enthalpy) const;  ///< theta(H), W/m
  double source(double enthalpy) const;     ///< S(H), W/m3
  double temperature(double enthalpy) const { return reference_temperature + excess(enthalpy); }
  /// dH/dT at H, J/m3/K (one-sided at a break: the segment above).
  double capacity(double enthalpy) const;
  /// k(T(H)) = theta'(H) / u'(H), W/m/K.
  double conductivity(double enthalpy) const;
  /// dS/dH, 1/s.
  double source_slope(double enthalpy) const;
  /// H(T), exact inverse of u.
  double enthalpy(double temperature) const;
  /// max over H of theta'(H) = k/C, m2/s: the diffusivity that limits an explicit step.
  double max_diffusivity() const;
  /// The same over H from `low` to `high`.
  double max_diffusivity(double low, double high) const;
  /// max over H of 1/C, K m3/J.
  double max_inverse_capacity() const;
  /// max over H of k, W/m/K.
  double max_conductivity() const;
  /// max over H of -dS/dH, 1/s.
  double max_source_rate() const;
};

}  // namespace thermodose
