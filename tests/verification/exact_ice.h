// Steady frozen region in perfused tissue.
// Implements: around a probe of radius a held at T_p, an unperfused frozen zone (k_f) up to the
// front R(T_m), perfused tissue (k_u, W) at T_b outside, L = sqrt(k_u/W):
//   sphere:   k_f (T_m - T_p)/(1/a - 1/R) = k_u R (T_b - T_m)(1 + R/L)
//   cylinder: k_f (T_m - T_p)/ln(R/a) = k_u (R/L)(T_b - T_m) K1(R/L)/K0(R/L)
// and the same with freezing spread over [T_m - range, T_m], where k and the perfusion go linearly
// from one value to the other: F = r^(d-1) k dT/dr is integrated with dr/dT = k r^(d-1)/F, dF/dT =
// -r^(d-1) p W (T_b - T) dr/dT by the classical Runge-Kutta method. (Cooper and Trezek 1971 give
// the sharp sphere: J. Eng. Ind. 93; derivation in docs/verification.md.)
#pragma once

#include <vector>

#include "verification/exact_freezing.h"

namespace thermodose::exact {

struct IceSetup {
  Symmetry shape;       ///< cylinder or sphere
  double probe_radius;  ///< a, m
  double probe;         ///< T_p, K
  double melting;       ///< T_m, K, the liquidus
  double body;          ///< T_b, K
  double k_frozen;      ///< W/m/K
  double k_unfrozen;    ///< W/m/K
  double w;             ///< W/m3/K
  double range;         ///< liquidus - solidus, K; 0 is the sharp front
};

class SteadyIce {
 public:
  /// Throws std::domain_error when the probe does not freeze tissue.
  explicit SteadyIce(const IceSetup& setup);

  /// sqrt(k_unfrozen/W), m.
  double length() const;
  /// Radius of the liquidus, m.
  double front() const { return path_.front().r; }
  /// Temperature at radius r >= probe_radius, K.
  double temperature(double r) const;
  /// Heat taken by the probe, W (sphere) or W/m (cylinder).
  double power() const;

 private:
  struct Point {
    double temperature, r, flow;  ///< flow = r^(d-1) k dT/dr
  };
  /// Integrates from the liquidus at `radius` to the solidus.
  std::vector<Point> through_range(double radius) const;
  /// Probe temperature that goes with the solidus point.
  double probe_for(const Point& solidus) const;
  /// int_a^r s^(1-d) ds
  double span(double r) const;
  double outer_flow(double radius) const;

  IceSetup setup_;
  std::vector<Point> path_;  ///< liquidus ... solidus (one point when sharp)
};

}  // namespace thermodose::exact
