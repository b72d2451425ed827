// Steady ice around a cylinder and a sphere in perfused tissue, on every engine.
// Implements: the balance of the heat that perfusion brings and the probe takes, with the tissue
// laws the program builds from user's data: k and perfusion go linearly over the freezing range
// -8..-1 degC. The exact solution has the same range; what the range does is reported beside the
// sharp front. The run starts from tissue at rest.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "verification/exact_ice.h"
#include "verification/order_table.h"
#include "verification/radial.h"
#include "verification/schemes.h"
#include "verification/tissues.h"

namespace thermodose::verification {
namespace {

using exact::Symmetry;

constexpr double kRange = 7;  ///< K

exact::IceSetup setup(Symmetry shape, double probe, double range) {
  const double perfusion = 1.67e-2 * 1060 * 3600;
  return {shape, 1.2 * kMm, probe, celsius(-1), kBody, 2, 0.5, perfusion, range};
}

/// The same as tissue. The steady state does not depend on rho c and latent heat: small ones get
/// there soon.
SegmentLaw law(const exact::IceSetup& ice) {
  const FreezingTissue tissue{{ice.k_frozen, 1e5},
                              {ice.k_unfrozen, 1e5},
                              ice.melting - ice.range,
                              ice.melting,
                              1e5,
                              ice.w,
                              ice.body};
  return law_of_freezing(tissue, ice.body);
}

/// Where in a cell the perfusion stops decides the error: means over fronts in seven places.
const std::vector<double> kProbes = {-100, -110, -120, -130, -140, -150, -160};

void converge(const Scheme& scheme, Symmetry shape, double core, double size,
              const std::vector<double>& spacings) {
  const std::string what =
      shape == Symmetry::sphere ? "Steady ice, sphere" : "Steady ice, cylinder";
  OrderTable table(what + ", " + name(scheme), {"rms K", "front mm"});
  for (const double h : spacings) {
    double profile = 0, front = 0;
    for (const double probe : kProbes) {
      const exact::IceSetup ice = setup(shape, celsius(probe), kRange);
      const exact::SteadyIce exact(ice);
      RadialCase field{
          shape, core, size, law(ice), [&](double r, double) { return exact.temperature(r); }, 0};
      field.rest = kBody;
      RadialRun run(scheme, field, h * kMm, 3);
      profile += std::pow(run.errors_at(45).mean_square, 2) / static_cast<double>(kProbes.size());
      const double ours = run.front(ice.melting);
      front += std::pow(ours - exact.front(), 2) / static_cast<double>(kProbes.size());
      if (h == 1 && probe == -140) {
        report_value(what + ", front, 1 mm cells, mm", name(scheme),
                     {1e3 * ours, 1e3 * exact.front()});
      }
    }
    table.add(h * kMm, {std::sqrt(profile), 1e3 * std::sqrt(front)});
  }
  table.report();
  EXPECT_GT(table.order(0), 1.7);
  EXPECT_GT(table.order(1), 1.4);
  EXPECT_LT(table.error(1, 1), 0.15);  // mm, at 1 mm
}

class SteadyIceCylinder : public ::testing::TestWithParam<Scheme> {};
class SteadyIceSphere : public ::testing::TestWithParam<Scheme> {};

TEST_P(SteadyIceCylinder, Converges) {
  converge(GetParam(), Symmetry::cylinder, 4 * kMm, 24 * kMm, {1.5, 1, 0.75, 0.5});
}

TEST_P(SteadyIceSphere, Converges) {
  converge(GetParam(), Symmetry::sphere, 3 * kMm, 15 * kMm, {1.5, 1, 0.75, 0.5});
}

TEST(SteadyIce, RangeMovesTheFront) {
  for (const Symmetry shape : {Symmetry::cylinder, Symmetry::sphere}) {
    const double with = exact::SteadyIce(setup(shape, celsius(-140), kRange)).front();
    const double sharp = exact::SteadyIce(setup(shape, celsius(-140), 0)).front();
    report_value(std::string("Steady ice, ") + (shape == Symmetry::sphere ? "sphere" : "cylinder") +
                     ", front with a range of 7 K beside sharp, mm",
                 "exact", {1e3 * with, 1e3 * sharp});
    EXPECT_LT(with, sharp);
  }
}

INSTANTIATE_TEST_SUITE_P(On, SteadyIceCylinder, cylinder_schemes(), scheme_name);
INSTANTIATE_TEST_SUITE_P(On, SteadyIceSphere, sphere_schemes(), scheme_name);

}  // namespace
}  // namespace thermodose::verification
