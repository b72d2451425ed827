// What enters an unstructured mesh from outside: faces and probes.
// Implements: the modes of a step (which nodes are prescribed, which surfaces exchange heat),
// the enthalpy of prescribed nodes, convective exchange
//   faces    G_i (T_ambient - T_i),  G_i = h A_i
//   probes   fem/mesh_probe.h
// and its derivatives. Heat is booked to accounts, one per cause.
#pragma once

#include <optional>
#include <vector>

#include "fem/mesh_probe.h"

namespace thermodose {

/// Accounts of heat: causes in the order sources, faces, probe 0, probe 1, ...
enum MeshAccount : std::size_t { kSourceAccount = 0, kFaceAccount = 1, kProbeAccount = 2 };

class MeshBoundary {
 public:
  struct Prescribed {
    int node;
    int face;   ///< of MeshArrays::faces, or -1
    int probe;  ///< or -1
    std::size_t account;
  };
  /// d heat / d theta of an exchange: rank one for a station, a number for a node.
  struct NodeSlope {
    int node;
    double per_kelvin;  ///< W/K, <= 0: d heat / d T
  };
  struct StationSlope {
    std::size_t probe, station;
    double per_mean;  ///< m, <= 0: d heat / d theta_bar
  };

  /// `lattice` is the finest cubes of an octree; none for axisymmetric meshes. Everything given
  /// by reference outlives the object.
  MeshBoundary(const MeshArrays& mesh, MeshSlots& slots, const std::vector<SegmentLaw>& laws,
               const std::vector<ActiveSegment>& probes, const std::optional<Lattice>& lattice,
               const BoundaryConditions& conditions);

  std::size_t accounts() const { return kProbeAccount + probe_count_; }
  std::size_t probes() const { return probe_count_; }
  /// Sets the modes for a step from t of length dt. A step without length keeps the modes of the
  /// step that ends at t. Returns true when the prescribed nodes or active surfaces changed.
  bool begin(double t, double dt);
  const std::vector<Prescribed>& prescribed() const { return prescribed_; }
  /// True when some surface is convective: its coefficient may change within a mode.
  bool convective() const;
  /// Enthalpy of prescribed()[i] at time t, J/m3.
  void values(double t, std::vector<double>& enthalpy) const;
  /// Adds exchange at time t to `heat` (W per slot) and to `accounts` (W). y: enthalpy of nodes,
  /// theta: of slots.
  template <class Real>
  void exchange(double t, const Real* y, const Real* theta, Real* heat,
                std::vector<double>& accounts) const;
  /// Derivatives of exchange() at the same state.
  void slopes(double t, const double* theta, std::vector<NodeSlope>& nodes,
              std::vector<StationSlope>& stations) const;
  const ImmersedProbe& immersed(std::size_t probe) const { return immersed_[probe]; }
  /// Adds the exchange of immersed probes with surfaces at theta = 0 to `heat`.
  template <class Real>
  void station_exchange(const Real* theta, Real* heat) const;
  /// Kind of every face and probe, in one list.
  const std::vector<SurfaceCondition::Kind>& kinds() const { return kinds_; }
  /// Conductances of the present modes: adds g_s w to `per_slot` (m) and G_i to `per_node` (W/K).
  void conductances(double t, std::vector<double>& per_slot, std::vector<double>& per_node) const;
  /// Mean temperature of the nodes that touch a probe, K.
  template <class Real>
  double sensed(std::size_t probe, const SurfaceCondition& condition, const Real* y) const;

 private:
  SurfaceCondition probe_condition(std::size_t p, double t) const;
  SurfaceCondition face_condition(int face, double t) const;
  double temperature(int node, double enthalpy) const;
  void rebuild();
  int faces() const { return static_cast<int>(mesh_.faces.size()); }

  const MeshArrays& mesh_;
  const std::vector<SegmentLaw>& laws_;
  const BoundaryConditions& conditions_;
  std::size_t probe_count_ = 0;
  std::vector<FittedProbe> fitted_;
  std::vector<ImmersedProbe> immersed_;
  std::vector<SurfaceCondition::Kind> kinds_;  ///< faces, then probes
  std::vector<Prescribed> prescribed_;
  double inside_ = 0;  ///< s, an instant inside the step
  double end_ = -1;    ///< s, end of the last step
};

}  // namespace thermodose
