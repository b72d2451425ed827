// Exact freezing with fronts that move as the square root of time.
// Implements: rho c dT/dt = r^(1-d) d/dr (r^(d-1) k dT/dr) in a half-space (d = 1, wall held at a
// temperature), around a line sink (d = 2, constant W/m) and around a point sink (d = 3, power
// growing as sqrt(t)), for any number of zones with constant k and rho c between given
// temperatures. Latent heat sits either in rho c of a zone (release over a range) or at its upper
// end (a sharp front).
//   zone j: k dT/d(eta) = F_j eta^(1-d) exp(-eta^2/4 a_j), eta = r/sqrt(t), a = k/rho c
//   front:  k_in dT/d(eta)_in = k_out dT/d(eta)_out + latent eta/2
// Special cases: Neumann's solution (Carslaw and Jaeger 1959, Conduction of Heat in Solids, 11.2),
// Paterson's line and point sinks (Paterson 1952, Proc. Glasgow Math. Assoc. 1:42-47), freezing
// over a range in a slab and in a cylinder (Ozisik and Uzzell 1979, J. Heat Transfer 101:331-334).
#pragma once

#include <cstddef>
#include <vector>

namespace thermodose::exact {

enum class Symmetry { slab = 1, cylinder = 2, sphere = 3 };

/// Constant properties.
struct Phase {
  double k;      ///< W/m/K
  double rho_c;  ///< J/m3/K

  double diffusivity() const { return k / rho_c; }  ///< m2/s
};

/// A zone that ends where the temperature reaches `upper`.
struct Zone {
  Phase phase;
  double upper;   ///< K
  double latent;  ///< J/m3 absorbed or released at the upper end, at constant temperature
};

/// What drives the freezing and what it starts from.
struct Drive {
  Symmetry symmetry;
  double strength;  ///< slab: wall temperature, K; cylinder: heat removal, W/m; sphere: W/sqrt(s)
  double initial;   ///< K, far away and at t = 0
};

class SimilarityFreezing {
 public:
  /// Zones from the coldest on, the last one unbounded (`unfrozen`).
  /// Throws std::domain_error when no such solution exists.
  SimilarityFreezing(const Drive& drive, std::vector<Zone> zones, const Phase& unfrozen);

  /// Position of the end of zone j at time t, m.
  double front(std::size_t j, double t) const;
  /// Position of the outermost front (the liquidus), m.
  double outer_front(double t) const { return front(zones_.size() - 1, t); }
  /// front / (2 sqrt(a t)) with the diffusivity of the first zone.
  double lambda(std::size_t j) const;
  /// Temperature at distance r > 0 from the wall, axis or centre, K.
  double temperature(double r, double t) const;
  /// Where the temperature is T at time t, m.
  double position(double temperature, double t) const;
  /// Heat flux density towards the sink k dT/dr at distance r, W/m2.
  double flux(double r, double t) const;

 private:
  /// Start of a zone: eta, temperature and dT/d(eta) there (on its own side).
  struct Start {
    double eta, temperature, slope;
  };
  const Phase& phase(std::size_t j) const {
    return j < zones_.size() ? zones_[j].phase : unfrozen_;
  }
  /// Zone that contains eta.
  std::size_t zone(double eta) const;
  /// Temperature gained in zone j from its start to eta (first zone: from the end back to eta).
  double rise(std::size_t j, const Start& start, double eta) const;
  double slope(std::size_t j, const Start& start, double eta) const;
  /// Marches outwards from the end of the first zone at eta; far temperature minus the initial one.
  double march(double eta);

  Drive drive_;
  std::vector<Zone> zones_;
  Phase unfrozen_;
  std::vector<Start> starts_;  ///< starts_[0] is the END of the first zone, on its side
};

}  // namespace thermodose::exact
