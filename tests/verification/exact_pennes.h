// Exact solutions of the Pennes equation with constant properties.
// Implements: rho c dT/dt = k lap(T) + W (T_b - T) + Q in a slab, around a held sphere, around a
// point and around a line source (Pennes 1948, doi 10.1152/jappl.1948.1.2.93; Carslaw and Jaeger
// 1959, Conduction of Heat in Solids, chapters III, IX and X; the line source is the leaky-aquifer
// integral of Hantush and Jacob 1955). All results are excess temperatures T - T_b, K.
#pragma once

namespace thermodose::exact {

/// Perfused tissue, constant properties.
struct Tissue {
  double k;      ///< W/m/K
  double rho_c;  ///< J/m3/K
  double w;      ///< perfusion coefficient W, W/m3/K

  double diffusivity() const { return k / rho_c; }  ///< m2/s
  double rate() const { return w / rho_c; }         ///< 1/s
  double length() const;                            ///< sqrt(k/W), m
};

/// Slab 0 <= y <= thickness, excess 0 at y = 0, `end_excess` at y = thickness and 0 everywhere at
/// t = 0; uniform source.
struct PennesSlab {
  Tissue tissue;
  double thickness;   ///< m
  double end_excess;  ///< K
  double source;      ///< W/m3

  /// (Q/W)(1 - cosh m y) + [end + (Q/W)(cosh m H - 1)] sinh m y / sinh m H, m = sqrt(W/k). Needs W
  /// > 0.
  double steady(double y) const;
  /// Steady part plus sum c_n sin(n pi y/H) exp[-(alpha (n pi/H)^2 + W/rho c) t]. Needs t > 0.
  double at(double y, double t) const;
};

/// Sphere of radius `radius` held at excess `surface_excess` from t = 0 on, in infinite tissue.
struct HeldSphere {
  Tissue tissue;
  double radius;          ///< m
  double surface_excess;  ///< K

  double at(double r, double t) const;
  double steady(double r) const;
  double steady_power() const;  ///< W
};

/// Continuous point source of `power` watts from t = 0 on.
struct PointSource {
  Tissue tissue;
  double power;  ///< W

  double at(double r, double t) const;
  double steady(double r) const;
};

/// Continuous line source of `power` watts per metre from t = 0 on.
struct LineSource {
  Tissue tissue;
  double power;  ///< W/m

  double at(double r, double t) const;
  double steady(double r) const;
};

}  // namespace thermodose::exact
