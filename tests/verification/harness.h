// What every verification case on an engine needs.
// Implements: tissue laws from constant phases, boundary conditions by function, exact profiles of
// one coordinate pinned on nodes, initial states, fixed-step runs and error norms.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "fem/heat_system.h"
#include "fem/implicit_system.h"
#include "fem/time_integrator.h"
#include "physics/segment_law.h"
#include "physics/tissue.h"
#include "verification/engines.h"
#include "verification/exact_freezing.h"
#include "verification/pinned_system.h"

namespace thermodose::verification {

/// Temperature (K) against one coordinate (m) and time (s).
using Profile = std::function<double(double, double)>;
/// The coordinate of a profile: x, distance from an axis or from a point.
using Coordinate = std::function<double(const Vec3&)>;

Coordinate along(int axis);
/// Distance from the z axis.
double from_axis(const Vec3& p);
/// Distance from the origin.
double from_origin(const Vec3& p);

/// Law of piecewise constant k and rho c: the zones of exact::SimilarityFreezing, no sources.
/// Latent heat at the upper end of a zone must be zero (spread it over a zone).
SegmentLaw law_of_phases(const std::vector<exact::Zone>& zones, const exact::Phase& unfrozen,
                         double reference);

/// Tissue without freezing: constant properties, Pennes coefficient W (W/m3/K), uniform source.
struct PlainTissue {
  double k, rho_c, w, source, arterial;
};
/// Through physics/segment_builder.h, valid over a wide range of temperature.
SegmentLaw law_of_plain(const PlainTissue& data);

/// Tissue with linear freezing between solidus and liquidus; k and rho c go linearly from one value
/// to the other, perfusion with the unfrozen fraction.
struct FreezingTissue {
  exact::Phase frozen, unfrozen;
  double solidus, liquidus;  ///< K
  double latent;             ///< J/m3
  double w, arterial;        ///< W/m3/K, K
};
SegmentLaw law_of_freezing(const FreezingTissue& data, double reference);

/// Conditions of faces and probes as functions of time; insulated where none is given.
class CaseConditions final : public BoundaryConditions {
 public:
  using At = std::function<SurfaceCondition(double)>;
  std::array<At, 6> faces;
  At probe_at;

  SurfaceCondition probe(std::size_t, double t, double) const override {
    return probe_at ? probe_at(t) : SurfaceCondition{};
  }
  SurfaceCondition face(int face, double t) const override {
    const At& at = faces[static_cast<std::size_t>(face)];
    return at ? at(t) : SurfaceCondition{};
  }
};

/// A surface held at a temperature (K), constant or a function of time.
CaseConditions::At held(double temperature);
CaseConditions::At held(std::function<double(double)> temperature);

/// Position of node i.
Vec3 node(const NodeGeometry& geometry, std::size_t i);
/// Law of every node.
std::vector<int> node_laws(const HeatSystem<double>& system);

/// Nodes whose coordinate is at most `inner` or at least `outer` follow `profile`.
struct Pin {
  Coordinate coordinate;
  Profile profile;
  double inner, outer;  ///< m
};

/// Where a run starts from.
struct Start {
  std::function<double(const Vec3&)> temperature;  ///< K at a point
  double time = 0;                                 ///< s
  std::optional<Pin> pin{};
};

/// A run with steps of a fixed size.
class SteppedRun {
 public:
  /// `system` outlives the run; `dt` in s. BDF2 needs a mesh system and takes no pins.
  SteppedRun(Method method, HeatSystem<double>& system, const Start& start, double dt);
  /// Node temperatures (K) at time t, after the last one asked for.
  const std::vector<double>& at(double t);
  const TimeIntegrator<double>& integrator() const { return *integrator_; }

 private:
  std::vector<int> law_;
  PinnedSystem<double> system_;
  std::unique_ptr<ImplicitSystem> implicit_;
  std::unique_ptr<TimeIntegrator<double>> integrator_;
  std::vector<double> temperatures_;
  bool begun_ = false;
};

/// Errors of node temperatures against `exact`, over nodes whose coordinate lies in (inner, outer),
/// weighted by volume.
struct Errors {
  double mean_square;  ///< root mean square, K
  double largest;      ///< K
};
Errors errors(const HeatSystem<double>& system, const std::vector<double>& temperatures,
              const Coordinate& coordinate, const std::function<double(double)>& exact,
              double inner, double outer);

/// Where the temperature on the line of nodes along `axis` through the lower corner of the domain
/// first exceeds `level` (K), m. Between nodes the Kirchhoff variable of law 0 is linear: it has no
/// kink at a front, where the temperature has one.
double crossing(const HeatSystem<double>& system, const std::vector<double>& temperatures, int axis,
                double level);

}  // namespace thermodose::verification
