// Throughput of the grid engine's fused stage beside the memory bandwidth of the machine.
// Implements: thermodose_bench [threads...]; prints node updates per second (one node, one stage)
// in float and double on grids that fit the last-level cache and that do not, and the triad
// bandwidth measured in the same run. Not a test: numbers depend on the machine.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <limits>
#include <memory>
#include <vector>

#include "fem/grid_kernel.h"
#include "fem/grid_system.h"
#include "fem/thread_team.h"
#include "fem/time_integrator.h"

namespace {

using namespace thermodose;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Three pieces, as soft tissue with a mushy range has.
SegmentLaw tissue() {
  constexpr double inf = std::numeric_limits<double>::infinity();
  SegmentLaw law;
  law.reference_temperature = 310.15;
  law.min_temperature = 50;
  law.max_temperature = 400;
  law.segments = {{-inf, -4.2e8, -4.2e8, 5e-7, 1e-6, 0, 0, 0},
                  {-4.2e8, -1.4e8, -1.4e8, 2.5e-8, 1.2e-8, -1e-17, -1e-3, 0},
                  {-1.4e8, inf, 0, 2.6e-7, 1.3e-7, 0, -5e-3, 0}};
  return law;
}

class Still final : public BoundaryConditions {
 public:
  SurfaceCondition probe(std::size_t, double, double) const override { return {}; }
  SurfaceCondition face(int, double) const override {
    return {SurfaceCondition::Kind::temperature, 310.15, 0};
  }
};

template <class Real>
double updates_per_second(int nodes, int threads) {
  GridSetup setup;
  setup.lattice = {{0, 0, 0}, 1e-3, {nodes, nodes, nodes}};
  setup.laws = {tissue()};
  setup.team = std::make_shared<ThreadTeam>(threads);
  setup.active_box = false;
  const Still conditions;
  const auto system = make_grid_system<Real>(std::move(setup), conditions);
  std::vector<Real> a(system->size(), Real(-1e6)), b = a, y0 = a, l0(system->size());
  system->begin_step(0, 1, y0.data());
  StageCoefficients c;
  c.mu = 1.5;
  c.nu = -0.5;
  c.dt_l = c.dt_l0 = 1e-6;
  double best = 0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    const int stages = std::max(4, static_cast<int>(6e7 / static_cast<double>(system->size())));
    const double begin = seconds();
    for (int s = 0; s < stages; ++s) {
      system->stage(c, a.data(), b.data(), y0.data(), l0.data());
      std::swap(a, b);
    }
    best = std::max(best, stages * static_cast<double>(system->size()) / (seconds() - begin));
  }
  return best;
}

// a = b + s c over arrays far larger than any cache; bytes moved per second.
double triad(int threads) {
  constexpr std::size_t n = 1U << 25U;
  std::vector<double> a(n), b(n, 1), c(n, 2);
  ThreadTeam team(threads);
  double best = 0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    const double begin = seconds();
    team.run([&](int member, int members) {
      const std::size_t m = static_cast<std::size_t>(member),
                        all = static_cast<std::size_t>(members);
      for (std::size_t i = n * m / all; i < n * (m + 1) / all; ++i) a[i] = b[i] + 3 * c[i];
    });
    best = std::max(best, 3 * sizeof(double) * static_cast<double>(n) / (seconds() - begin));
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<int> threads;
  for (int i = 1; i < argc; ++i) threads.push_back(std::max(1, std::atoi(argv[i])));
  if (threads.empty()) threads = {1, 2};
  fmt::print("instruction set {}; million node updates per second, best of 5\n", sweep_isa());
  fmt::print("{:>8} {:>12} {:>12} {:>12} {:>12} {:>12}\n", "threads", "float 81^3", "double 81^3",
             "float 201^3", "double 201^3", "triad GB/s");
  for (const int t : threads)
    fmt::print("{:>8} {:>12.0f} {:>12.0f} {:>12.0f} {:>12.0f} {:>12.1f}\n", t,
               1e-6 * updates_per_second<float>(81, t), 1e-6 * updates_per_second<double>(81, t),
               1e-6 * updates_per_second<float>(201, t), 1e-6 * updates_per_second<double>(201, t),
               1e-9 * triad(t));
  return 0;
}
