// The interface between time integrators and the two spatial discretisations.
// Implements: the semi-discrete enthalpy bioheat equation
//   V_i dH_i/dt = - sum_cells (K theta(H))_i + V_i S(H_i) + sum_exchanges G (T_ext - T_i)
// with prescribed nodes (fixed faces, immersed probes). Fused stages, flat arrays; the precision
// is a template parameter because the kernels run twice as fast in float (a measured reason).
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "geometry/node_geometry.h"
#include "physics/segment_law.h"
#include "physics/surface_condition.h"

namespace thermodose {

/// Coefficients of one Runge-Kutta-Legendre stage:
///   y_out = mu y_prev + nu y_out + omega y0 + dt_l L(y_prev) + dt_l0 l0
/// (y_out holds stage j-2 on entry). The first stage computes l0 = L(y0), y_out = y0 + dt_l l0.
struct StageCoefficients {
  bool first = false;
  double mu = 0, nu = 0, omega = 0;
  double dt_l = 0, dt_l0 = 0;  ///< s
  double time = 0;             ///< s, time at which y_prev stands
};

/// What probes and outer faces do at an instant; the run wires devices and case to it.
class BoundaryConditions {
 public:
  virtual ~BoundaryConditions() = default;
  /// Condition at time t; `inside` is an instant inside the present step, which tells on which
  /// side of a switch a time t that falls on it belongs.
  virtual SurfaceCondition probe(std::size_t index, double t, double inside) const = 0;
  /// face: 0..5 = x_min, x_max, y_min, y_max, z_min, z_max (x is r when axisymmetric), or one of
  /// the faces of a mesh from a file.
  virtual SurfaceCondition face(int face, double t) const = 0;
};

/// A probe as the discretisations see it. Axis from `begin` to `end` of the active length.
struct ActiveSegment {
  Vec3 begin{}, end{};          ///< m
  double radius = 0;            ///< m
  std::vector<double> profile;  ///< relative h at equidistant points begin..end; empty = 1
};

/// Heat that entered the tissue, J, by cause. The sum equals the change of stored enthalpy.
struct HeatLedger {
  std::vector<double> probes;  ///< one entry per probe
  double faces = 0;
  double tissue_sources = 0;  ///< perfusion and metabolism
  double gross = 0;           ///< sum over steps of |each part|: the scale of the balance

  double net() const;
  void add(const HeatLedger& step);  ///< adds a step and its gross amount
};

/// What is looked at before a step is accepted.
struct StepCheck {
  double error = 0;      ///< K, RMS of the embedded defect
  bool physical = true;  ///< every value finite and inside its law's temperature limits
};

/// A node part of whose sources (perfusion and metabolism) has stopped.
struct SourceStop {
  std::size_t node;
  int law;      ///< as NodeRun::law
  float share;  ///< of S that is gone, 0..1
};

template <class Real>
class HeatSystem {
 public:
  virtual ~HeatSystem() = default;

  virtual std::size_t size() const = 0;  ///< stored values, constrained ones included
  virtual const NodeGeometry& geometry() const = 0;
  /// Tissue laws; NodeRun::law and material ids index them.
  virtual const std::vector<SegmentLaw>& laws() const = 0;
  virtual const std::vector<NodeRun>& all_runs() const = 0;
  /// Volume that node i represents, m3 (lumped).
  virtual double volume(std::size_t i) const = 0;

  /// From now on V_i (1 - share) S(H_i) at these nodes, V_i S(H_i) at all others. Nodes of a law
  /// come together. May be called when a step is accepted, after the first stage of the next one.
  virtual void stop_sources(const std::vector<SourceStop>& stops) = 0;
  /// How often stop_sources was called: a stage computed before the last call is out of date.
  virtual long source_changes() const = 0;

  /// Called before each step: the mode of every probe and face for [t, t + dt]; grows the active
  /// set. `y` is the state at t.
  virtual void begin_step(double t, double dt, Real* y) = 0;
  /// Runs that the present step changes.
  virtual const std::vector<NodeRun>& active_runs() const = 0;
  /// Upper bound of the spectral radius of -dL/dH for the present modes, 1/s.
  virtual double spectral_bound() const = 0;
  virtual void stage(const StageCoefficients& c, const Real* y_prev, Real* y_out, const Real* y0,
                     Real* l0) = 0;
  /// Sets prescribed values for time t.
  virtual void prescribe(double t, Real* y) = 0;
  /// Closes the step: heat that entered during it. y_end holds the new state.
  virtual HeatLedger end_step(double t, double dt, const Real* y_begin, const Real* y_end) = 0;
  /// RMS over moved, unprescribed active nodes (|T - T_ref| > 1 K) of
  ///   0.8 (y_old - y_new) + 0.4 dt (l_old + l_new)   divided by the capacity at rest, in K:
  /// the embedded third-order defect of RKL2; and whether the state is physical.
  virtual StepCheck check_step(double dt, const Real* y_old, const Real* y_new, const Real* l_old,
                               const Real* l_new) const = 0;
  /// Mean temperature of the active surface of a probe under a condition, K: the one prescribed; of
  /// a convective surface that at which its heat goes on into the tissue; without flux that of the
  /// tissue that touches it.
  virtual double sensed(std::size_t probe, const SurfaceCondition& condition,
                        const Real* y) const = 0;
  /// Sum of V_i H_i over unprescribed and prescribed nodes, J.
  virtual double stored(const Real* y) const = 0;
};

}  // namespace thermodose
