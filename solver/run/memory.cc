// Implements: run/memory.h.
#include "run/memory.h"

#include <sys/resource.h>

#include <algorithm>

namespace thermodose {

namespace {

constexpr double kFieldBytes = 4;
constexpr double kStages = 6;  // states of an integrator
constexpr double kFields = 6;  // as they are written
constexpr double kPerDose = 2;

// Differences of peak memory between runs of the shipped cases, a CT label map and .msh files on
// cells of several sizes, bytes.
constexpr double kProgram = 26e6;
constexpr double kMeshModule = 130e6;    // deal.II, where there are 3-D cells of a mesh
constexpr double kPerBorderCell = 1700;  // of a grid: couplings and mixtures where tissues meet
constexpr double kPerRingNode = 300, kPerOctreeNode = 450, kPerHexNode = 800;

/// What the process has taken at most so far.
double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024.0 * double(usage.ru_maxrss);
}

}  // namespace

double memory_bytes(const Model& model, const Plan& plan, const Forecast& forecast) {
  const double fields =
      kFieldBytes * (kFields + kPerDose * static_cast<double>(model.spec->dose.size()));
  const double states = kStages * (plan.single ? 4.0 : 8.0);
  const double read = std::max(kProgram, peak_bytes());
  const double common = read + forecast.nodes * (fields + states);
  if (plan.engine == "grid") return common + kPerBorderCell * forecast.border_cells;
  if (model.spec->domain.axisymmetric) return common + kPerRingNode * forecast.nodes;
  return common + kMeshModule +
         (model.mesh != nullptr ? kPerHexNode : kPerOctreeNode) * forecast.nodes;
}

}  // namespace thermodose
