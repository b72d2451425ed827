// What the accuracy of a case decides.
// Implements: engine, cell size and step control from `accuracy` and the expert settings.
#pragma once

#include <cstddef>
#include <string>

#include "case/case_spec.h"
#include "fem/immersed_probe.h"
#include "fem/time_integrator.h"

namespace thermodose {

struct Plan {
  std::string engine;      ///< "grid", "mesh"
  std::string integrator;  ///< "rkl2", "bdf2"
  bool single = true;      ///< float or double
  double cell_size = 0;    ///< m
  StepControl control;
  double active_threshold = 0.5;  ///< K, see fem/grid_system.h
  /// The user fixed the cells, or a file did: they are not refined when the error estimate is too
  /// large.
  bool fixed_cells = false;
  /// Largest misfit between the domain asked for and the cells, m.
  double misfit = 0;
  /// A companion on larger cells states the discretisation error.
  bool companion = true;
};

/// Coarsening of the companion run that estimates the discretisation error.
inline constexpr double kCompanionRatio = 1.6;
/// Grids beyond this many nodes are not made to reach an accuracy; a warning says so.
inline constexpr std::size_t kMaxNodes = 40'000'000;

/// The first plan of a case. Throws InputError for settings that contradict each other.
Plan make_plan(const CaseSpec& spec);
/// The same plan with cells of about `cell_size` and steps in proportion.
Plan with_cells(const CaseSpec& spec, const Plan& plan, double cell_size);
/// Nodes of the present plan that fit into this machine's memory.
double most_nodes(const CaseSpec& spec, const Plan& plan);
/// Throws InputError when `nodes` of a plan are more than most_nodes().
void require_memory(const CaseSpec& spec, const Plan& plan, double nodes);
/// Nodes of the cells of a plan where they are all alike: in floating point, because the product
/// may exceed any integer.
double uniform_nodes(const CaseSpec& spec, const Plan& plan);
/// Lattice of a plan in the domain of a case (3-D).
Lattice make_lattice(const CaseSpec& spec, const Plan& plan);
/// Nodes of the lattice (3-D) or an estimate for the axisymmetric mesh.
std::size_t node_count(const CaseSpec& spec, const Plan& plan);

}  // namespace thermodose
