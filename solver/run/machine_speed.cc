#include "run/machine_speed.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "fem/grid_system.h"
#include "fem/stage_ledger.h"

namespace thermodose {

namespace {

constexpr int kEdge = 64, kStages = 4, kRepeats = 3;

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

class NoConditions final : public BoundaryConditions {
 public:
  SurfaceCondition probe(std::size_t, double, double) const override { return {}; }
  SurfaceCondition face(int, double) const override { return {}; }
};

// A tissue in three pieces, as one that freezes has.
SegmentLaw sample_law() {
  SegmentLaw law;
  law.reference_temperature = 310;
  law.min_temperature = 50;
  law.max_temperature = 400;
  const double inf = std::numeric_limits<double>::infinity();
  law.segments = {{-inf, -4e8, -4e8, 5e-7, 1e-6, 0, 0, 0},
                  {-4e8, -1.5e8, -1.5e8, 3e-8, 3e-8, -1e-17, -1e-6, 0},
                  {-1.5e8, inf, 0, 2.6e-7, 1.3e-7, 0, -5e-3, 0}};
  return law;
}

}  // namespace

double node_rate() {
  GridSetup setup;
  setup.lattice = {{0, 0, 0}, 1e-3, {kEdge, kEdge, kEdge}};
  setup.laws = {sample_law()};
  setup.faces.fill(FaceKind::insulated);
  const NoConditions conditions;
  const auto system = make_grid_system<float>(std::move(setup), conditions);
  std::vector<float> y(system->size()), out(y), l(y);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = -1e6F * static_cast<float>(i % 600);
  StageCoefficients c;
  c.first = true;
  double least = 1e300;
  for (int repeat = 0; repeat < kRepeats; ++repeat)
    least = std::min(least, seconds_of([&] {
                       for (int stage = 0; stage < kStages; ++stage)
                         system->stage(c, y.data(), out.data(), y.data(), l.data());
                     }));
  return kStages * static_cast<double>(y.size()) / least;
}

double seconds_per_point(const Model& model) {
  constexpr int kSide = 12;  // points along each edge
  const DomainSpec& domain = model.spec->domain;
  double least = 1e300;
  int found = 0;
  for (int repeat = 0; repeat < kRepeats; ++repeat)
    least = std::min(least, seconds_of([&] {
                       for (int n = 0; n < kSide * kSide * kSide; ++n) {
                         Vec3 p{};
                         int rest = n;
                         for (std::size_t d = 0; d < 3; ++d, rest /= kSide)
                           p[d] = domain.lower[d] + (domain.upper[d] - domain.lower[d]) *
                                                        (rest % kSide + 0.5) / kSide;
                         found += model.region_at(p);
                       }
                     }));
  // `found` is used, so that the questions are asked.
  return found == std::numeric_limits<int>::min() ? 0 : least / (kSide * kSide * kSide);
}

}  // namespace thermodose
