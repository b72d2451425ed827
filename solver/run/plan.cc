#include "run/plan.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "devices/cryoprobe.h"
#include "geometry/gmsh_domain.h"

namespace thermodose {

namespace {

// The reference case at 1.05 mm and these steps: volumes 0.5 .. 1.5 % below the converged ones, 0.3
// .. 1.1 % below the limit of this program's own cells (docs/convergence.md).
constexpr double kReferenceAccuracy = 0.02;
constexpr double kReferenceCell = 1.06e-3;   // m
constexpr double kReferenceTolerance = 1.5;  // K per step
constexpr double kReferenceMaxStep = 20;     // s
// 0.15, 0.5 and 1 K change the volumes of the reference case by less than 0.02 %.
constexpr double kReferenceThreshold = 0.5;  // K
// A needle of 35 mm or more needs no finer cells for its length; shorter ones scale.
constexpr double kReferenceLength = 35e-3;  // m
// Memory of a run: arrays of the state, and fields and dose in single precision.
constexpr double kStateArrays = 6, kFieldBytes = 32;
// Most that a mesh takes while it is made: 900 bytes per node measured of an octree, 1260 of
// hexahedra from a file, with a margin;
// rings, with half the corners and pairs, are taken to need half of it.
constexpr double kOctreeBytes = 1200, kRingBytes = 600, kHexBytes = 1800;
constexpr double kUsableMemory = 0.8;
constexpr double kFinestCell = 0.2e-3, kCoarsestCell = 4e-3;

double shortest_needle(const CaseSpec& spec) {
  double length = kReferenceLength;
  for (const auto& device : spec.devices)
    if (const auto* probe = dynamic_cast<const Cryoprobe*>(device.object.get()))
      length = std::min(length, probe->active_length);
  return length;
}

double physical_memory() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double edge(const CaseSpec& spec, std::size_t axis) {
  return spec.domain.upper[axis] - spec.domain.lower[axis];
}

/// The mesh of a file, null without one.
const FileMesh* file_mesh(const CaseSpec& spec) {
  const auto* domain = dynamic_cast<const GmshDomain*>(spec.domain.mesh.get());
  return domain == nullptr ? nullptr : &domain->mesh();
}

/// Domains that only the mesh engine solves.
bool own_cells(const CaseSpec& spec) { return spec.domain.axisymmetric || spec.domain.mesh; }

// The cell size at most 15 % below `wish` that fits the edges of the domain best.
double fitted_cell(const CaseSpec& spec, double wish, double& misfit) {
  double best = wish, least = 1e300;
  const double longest = std::max({edge(spec, 0), edge(spec, 1), edge(spec, 2)});
  const int first = static_cast<int>(std::ceil(longest / wish - 1e-9));
  for (int n = first; n <= static_cast<int>(std::ceil(first * 1.15)); ++n) {
    const double h = longest / n;
    double worst = 0;
    for (std::size_t d = 0; d < 3; ++d)
      worst = std::max(worst, std::abs(std::round(edge(spec, d) / h) * h - edge(spec, d)));
    if (worst < least - 1e-9 * longest) {
      least = worst;
      best = h;
    }
    if (worst <= 1e-9 * longest) break;
  }
  misfit = least;
  return best;
}

void set_steps(const CaseSpec& spec, Plan& plan) {
  const double loose = spec.accuracy / kReferenceAccuracy;
  plan.control.tolerance = std::clamp(kReferenceTolerance * loose, 0.02, 4.0);
  plan.control.max_step = std::clamp(kReferenceMaxStep * std::sqrt(loose), 1.0, 30.0);
  plan.control.first_step = std::clamp(std::sqrt(loose), 0.05, 1.0);
  if (spec.numerics.step_tolerance) plan.control.tolerance = *spec.numerics.step_tolerance;
  if (spec.numerics.max_step) plan.control.max_step = *spec.numerics.max_step;
  plan.control.first_step = std::min(plan.control.first_step, plan.control.max_step);
}

}  // namespace

Plan make_plan(const CaseSpec& spec) {
  Plan plan;
  const auto& n = spec.numerics;
  plan.engine = n.engine != "auto" ? n.engine : own_cells(spec) ? "mesh" : "grid";
  plan.integrator = n.integrator != "auto" ? n.integrator : "rkl2";
  plan.single = n.precision == "float" && plan.engine == "grid";
  std::vector<Problem> problems;
  if (plan.engine == "grid" && own_cells(spec))
    problems.push_back({spec.file, 0, "numerics.engine",
                        std::string("found grid, but ") +
                            (spec.domain.mesh ? "a mesh from a file" : "an axisymmetric domain") +
                            " needs the engine mesh"});
  if (plan.engine == "grid" && plan.integrator == "bdf2")
    problems.push_back({spec.file, 0, "numerics.integrator",
                        "found bdf2, but the engine grid integrates with rkl2; bdf2 needs mesh"});
  if (!problems.empty()) throw InputError(problems);
  set_steps(spec, plan);
  plan.active_threshold =
      std::clamp(kReferenceThreshold * spec.accuracy / kReferenceAccuracy, 0.02, 1.0);
  // A file holds one mesh and no coarser one.
  plan.companion = n.error_estimate && file_mesh(spec) == nullptr;
  if (const FileMesh* mesh = file_mesh(spec)) {
    plan.fixed_cells = true;
    return with_cells(spec, plan, mesh->mean_edge());
  }
  if (n.cell_size) {
    plan.fixed_cells = true;
    return with_cells(spec, plan, *n.cell_size);
  }
  // Second order in space: the error goes with the square of the cell.
  const double wish = kReferenceCell * std::sqrt(spec.accuracy / kReferenceAccuracy) *
                      shortest_needle(spec) / kReferenceLength;
  return with_cells(spec, plan, std::clamp(wish, kFinestCell, kCoarsestCell));
}

Plan with_cells(const CaseSpec& spec, const Plan& plan, double cell_size) {
  Plan out = plan;
  out.misfit = 0;
  out.cell_size = cell_size;
  if (const FileMesh* mesh = file_mesh(spec)) out.cell_size = mesh->mean_edge();
  if (own_cells(spec)) return out;
  // Two cells along the shortest edge at least, so that a thin block keeps its thickness.
  const double shortest = std::min({edge(spec, 0), edge(spec, 1), edge(spec, 2)});
  out.cell_size = fitted_cell(spec, std::min(cell_size, 0.5 * shortest), out.misfit);
  return out;
}

Lattice make_lattice(const CaseSpec& spec, const Plan& plan) {
  Lattice lattice;
  lattice.spacing = plan.cell_size;
  for (std::size_t d = 0; d < 3; ++d) {
    const int cells = std::max(2, static_cast<int>(std::lround(edge(spec, d) / plan.cell_size)));
    lattice.nodes[d] = cells + 1;
    // What does not fit is shared by the two sides.
    lattice.origin[d] = spec.domain.lower[d] + 0.5 * (edge(spec, d) - cells * plan.cell_size);
  }
  return lattice;
}

std::size_t node_count(const CaseSpec& spec, const Plan& plan) {
  if (const FileMesh* mesh = file_mesh(spec)) return mesh->points.size();
  if (spec.domain.axisymmetric)
    return static_cast<std::size_t>(edge(spec, 0) / plan.cell_size + 1) *
           static_cast<std::size_t>(edge(spec, 2) / plan.cell_size + 1);
  std::size_t n = 1;
  for (const int nodes : make_lattice(spec, plan).nodes) n *= static_cast<std::size_t>(nodes);
  return n;
}

double uniform_nodes(const CaseSpec& spec, const Plan& plan) {
  if (const FileMesh* mesh = file_mesh(spec)) return static_cast<double>(mesh->points.size());
  double nodes = 1;
  for (const std::size_t d : {0U, 1U, 2U})
    if (d != 1 || !spec.domain.axisymmetric) nodes *= edge(spec, d) / plan.cell_size + 1;
  return nodes;
}

double most_nodes(const CaseSpec& spec, const Plan& plan) {
  const double bytes = spec.domain.axisymmetric ? kRingBytes
                       : spec.domain.mesh       ? kHexBytes
                       : plan.engine != "grid"
                           ? kOctreeBytes
                           : (plan.single ? 4.0 : 8.0) * kStateArrays + kFieldBytes;
  return kUsableMemory * physical_memory() / bytes;
}

void require_memory(const CaseSpec& spec, const Plan& plan, double nodes) {
  const double most = most_nodes(spec, plan);
  if (nodes <= most) return;
  const std::string size =
      spec.domain.axisymmetric
          ? fmt::format("{:.3g} (radius) x {:.3g}", 1e3 * edge(spec, 0), 1e3 * edge(spec, 2))
          : fmt::format("{:.3g} x {:.3g} x {:.3g}", 1e3 * edge(spec, 0), 1e3 * edge(spec, 1),
                        1e3 * edge(spec, 2));
  const double gigabytes = 1e-9 * kUsableMemory * physical_memory();
  throw InputError(Problem{
      spec.file, 0,
      spec.domain.mesh   ? "domain.mesh"
      : plan.fixed_cells ? "numerics.cell_size"
                         : "domain",
      fmt::format(
          "found a domain of {} mm in cells of {:.3g} mm, which make "
          "{}{:.3g} nodes and need about {:.3g} GB; this machine has {:.3g} GB for it: take "
          "a smaller domain{}",
          size, 1e3 * plan.cell_size, nodes < 2 * most && plan.engine != "grid" ? "over " : "",
          nodes, gigabytes * nodes / most, gigabytes,
          plan.fixed_cells ? " or larger cells"
                           : ", or larger cells by a looser `accuracy` (5 % instead of 2 %)")});
}

}  // namespace thermodose
