// The `mesh` engine: Q1 elements on cubes of an octree, on axisymmetric quadrilaterals, or on
// hexahedra of a file.
// Implements: HeatSystem on the flat arrays of fem/mesh_arrays.h with lumped mass, several tissues
// (fem/mesh_slots.h, fem/mesh_interfaces.h), hanging nodes, fixed, insulated and convective faces,
// and probes (fem/mesh_probe.h). Prescribed nodes take the enthalpy of their surface at the time of
// the stage; the heat they pass on is what they gained beyond what reached them by conduction,
// summed with the weights of the stages, so that the balance closes to round-off.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "fem/implicit_system.h"
#include "fem/mesh_arrays.h"
#include "fem/mesh_boundary.h"
#include "fem/mesh_operator.h"
#include "fem/stage_ledger.h"
#include "fem/thread_team.h"

namespace thermodose {

/// What a mesh system is made of.
struct MeshSetup {
  MeshArrays mesh;
  std::vector<SegmentLaw> laws;  ///< indexed by MeshArrays::node_law and cell_law
  std::vector<ActiveSegment> probes;
  std::optional<Lattice> lattice;    ///< finest cubes of an octree; none when axisymmetric
  int threads = 1;                   ///< of a team of its own, when none is given
  std::shared_ptr<ThreadTeam> team;  ///< shared with other systems; may be null
};

template <class Real>
class MeshSystem final : public HeatSystem<Real> {
 public:
  /// `conditions` outlives the system.
  MeshSystem(MeshSetup setup, const BoundaryConditions& conditions);

  std::size_t size() const override { return setup_.mesh.nodes(); }
  const NodeGeometry& geometry() const override { return setup_.mesh.geometry; }
  const std::vector<SegmentLaw>& laws() const override { return setup_.laws; }
  const std::vector<NodeRun>& all_runs() const override { return setup_.mesh.runs; }
  const std::vector<NodeRun>& active_runs() const override { return setup_.mesh.runs; }
  double volume(std::size_t i) const override { return setup_.mesh.volume[i]; }

  void stop_sources(const std::vector<SourceStop>& stops) override {
    op_.stop_sources(stops);
    ++source_changes_;
  }
  long source_changes() const override { return source_changes_; }

  void begin_step(double t, double dt, Real* y) override;
  double spectral_bound() const override { return bound_; }
  void stage(const StageCoefficients& c, const Real* y_prev, Real* y_out, const Real* y0,
             Real* l0) override;
  void prescribe(double t, Real* y) override;
  HeatLedger end_step(double t, double dt, const Real* y_begin, const Real* y_end) override;
  StepCheck check_step(double dt, const Real* y_old, const Real* y_new, const Real* l_old,
                       const Real* l_new) const override;
  double sensed(std::size_t probe, const SurfaceCondition& condition, const Real* y) const override;
  double stored(const Real* y) const override;

 private:
  friend class MeshTangent;

  /// Heat into every node for y at time t, W in op_.heat() without sources; fills rates_.
  void evaluate(double t, const Real* y);
  void set_modes(double t, double dt);
  /// Bound of the spectral radius for the modes of a step with middle t.
  double find_bound(double t);
  /// The spectral radius of conduction and station exchange, from below, 1/s.
  double measured_radius();
  void set_interfaces(const std::vector<double>& v);
  /// Enthalpy of hanging nodes from the mean temperature of their masters.
  void fill_hanging(Real* y) const;
  HeatLedger ledger_of(const std::vector<double>& booked, const Real* y_begin,
                       const Real* y_end) const;

  MeshSetup setup_;
  std::shared_ptr<ThreadTeam> team_;
  MeshSlots slots_;
  MeshBoundary boundary_;
  MeshOperator<Real> op_;
  std::vector<Real> counted_;            ///< 1 at nodes that are neither prescribed nor hanging
  std::vector<double> held_, held_end_;  ///< enthalpy of prescribed nodes now, at the step's end
  /// W: exchange by account, then conduction and sources into prescribed nodes by account.
  std::vector<double> rates_;
  StageLedger stage_ledger_;
  double bound_ = 0;
  long source_changes_ = 0;
  std::map<std::vector<SurfaceCondition::Kind>, double> radii_;  ///< measured, by mode
  long modes_ = 0;                                               ///< changes of mode so far
  double begin_ = 0, end_ = 0;                                   ///< s, of the present step
};

/// Implicit view of a system in double precision (fem/implicit_system.h).
std::unique_ptr<ImplicitSystem> make_mesh_tangent(MeshSystem<double>& system);

}  // namespace thermodose
