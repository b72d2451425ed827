// Heat conduction and tissue sources on an unstructured mesh.
// Implements, for enthalpies y of the nodes, W per slot (fem/mesh_slots.h):
//   heat = - sum_cells K theta(y),   source = S(y) per volume,
// on batches of cells with one private sum per thread, with what cubes at borders of tissues
// conduct (fem/mesh_interfaces.h), and the bound of its spectral radius.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "fem/grid_kernel.h"
#include "fem/heat_system.h"
#include "fem/mesh_arrays.h"
#include "fem/mesh_interfaces.h"
#include "fem/mesh_kernel.h"
#include "fem/mesh_slots.h"
#include "fem/thread_team.h"

namespace thermodose {

template <class Real>
class MeshOperator {
 public:
  /// Everything given by reference outlives the operator; `slots` is complete.
  MeshOperator(const MeshArrays& mesh, const MeshSlots& slots, const std::vector<SegmentLaw>& laws,
               ThreadTeam& team);

  /// Nodes whose value is given to evaluate() instead of y.
  void hold(const std::vector<int>& nodes);
  /// Sources at these nodes are (1 - share) S from now on.
  void stop_sources(std::vector<SourceStop> stops) { stops_ = std::move(stops); }
  /// theta of all slots and sources for y; returns the sum of V S, W.
  double evaluate(const Real* y, const std::vector<double>& held);
  /// heat() = what conduction brings to every slot for the temperatures last evaluated.
  void conduct() { conduct(theta_.data(), Interfaces::as_evaluated); }
  enum class Interfaces { none, as_evaluated, largest };
  /// The same for any `theta` of slots; cubes at borders add nothing, their heat for the
  /// temperatures in interfaces(), or that with their largest conductivities.
  void conduct(const Real* theta, Interfaces interfaces);
  MeshInterfaces<Real>& interfaces() { return interfaces_; }
  const MeshInterfaces<Real>& interfaces() const { return interfaces_; }
  /// Moves the heat of hanging nodes and ghosts to the nodes that stand for them.
  void fold();
  /// One stage of all nodes with source() and heat().
  void update(const StageCoefficients& c, const Real* y_prev, Real* y_out, const Real* y0,
              Real* l0);

  Real* theta() { return theta_.data(); }
  const Real* source() const { return source_.data(); }
  Real* heat() { return heat_.front().data(); }
  const Real* inverse_volume() const { return inverse_volume_.data(); }
  /// Values of means from their masters, for any field of slots.
  void fill_means(Real* values) const;

  /// Bound of the spectral radius of -dL/dH over nodes that are not held, 1/s; `per_slot` (m) and
  /// `per_node` (W/K) are conductances to surfaces outside.
  double spectral_bound(const std::vector<double>& per_slot,
                        const std::vector<double>& per_node) const;
  /// Largest d theta/dH of a slot's law, m2/s.
  double diffusivity(std::size_t slot) const { return diffusivity_[slot]; }
  /// Largest dT/dH of a node's law, K m3/J.
  double inverse_capacity(std::size_t node) const {
    return node_inverse_capacity_[static_cast<std::size_t>(mesh_.node_law[node])];
  }
  bool held(std::size_t node) const { return held_index_[node] >= 0; }
  /// Derivatives of the laws of all nodes at y.
  void slopes(const Real* y, const LawSlopes<Real>& out);
  /// Diagonal of the conduction matrix K over slots, m.
  std::vector<double> slot_diagonal() const;

 private:
  void run(const std::function<void(int, int)>& task);
  void make_batches();
  void make_limits();
  double evaluate_nodes(const Real* y, std::size_t begin, std::size_t end);
  void evaluate_block(std::size_t run, const Real* y, std::size_t begin, std::size_t n);
  void evaluate_held(const std::vector<double>& held, double& sum);
  bool in_batches(std::size_t cell) const {
    return mesh_.interface.empty() || mesh_.interface[cell] == 0;
  }

  const MeshArrays& mesh_;
  const MeshSlots& slots_;
  const std::vector<SegmentLaw>& laws_;
  ThreadTeam& team_;
  MeshInterfaces<Real> interfaces_;
  std::vector<KernelLaw<Real>> kernel_laws_;
  std::size_t batches_ = 0;
  std::vector<std::int32_t> batch_slot_;
  std::vector<Real> batch_factor_;  ///< factor or coupling of the batches
  std::vector<Real> theta_, source_, volume_, inverse_volume_;
  std::vector<std::vector<Real>> heat_;  ///< one per thread
  std::vector<SourceStop> stops_;
  std::vector<int> held_nodes_, held_index_;
  /// Sum over the cells of a slot of lambda_cell times its volume there, m: K <= diag(limit).
  std::vector<double> limit_;
  std::vector<double> diffusivity_;                               ///< m2/s, largest of each slot
  std::vector<double> node_source_rate_, node_inverse_capacity_;  ///< by law
};

}  // namespace thermodose
