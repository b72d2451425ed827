// Cylindrical and spherical fields with perfusion, on every engine.
// Implements: a held sphere, a point source and a line source in perfused tissue, transient from
// the exact state at 20 s to 60 s, so that only the discretisation is measured.
#include <gtest/gtest.h>

#include <vector>

#include "verification/exact_pennes.h"
#include "verification/order_table.h"
#include "verification/radial.h"
#include "verification/schemes.h"
#include "verification/tissues.h"

namespace thermodose::verification {
namespace {

using exact::Symmetry;

const exact::Tissue kHeated{0.5, 1050.0 * 3600, 1908};

OrderTable converge(const Scheme& scheme, Symmetry symmetry, const Profile& excess,
                    const std::vector<double>& spacings, const std::string& what) {
  const Profile profile = [&](double r, double t) { return kBody + excess(r, t); };
  const SegmentLaw law = law_of_plain({kHeated.k, kHeated.rho_c, kHeated.w, 0, kBody});
  const RadialCase data{symmetry, 4 * kMm, 24 * kMm, law, profile, 20};
  OrderTable table(what + ", 20-60 s, " + name(scheme), {"rms K", "max K"});
  for (const double h : spacings) {
    const Errors e = RadialRun(scheme, data, h * kMm, 2 * h).errors_at(60);
    table.add(h * kMm, {e.mean_square, e.largest});
  }
  table.report();
  return table;
}

std::vector<double> spacings(const Scheme& scheme) {
  if (scheme.engine == Engine::axisymmetric) return {2, 1, 0.5, 0.25};
  return {2, 1, 0.5};
}

class PennesSphere : public ::testing::TestWithParam<Scheme> {};

TEST_P(PennesSphere, Held) {
  const exact::HeldSphere sphere{kHeated, 2 * kMm, 53};
  const auto excess = [&](double r, double t) { return sphere.at(r, t); };
  const OrderTable table =
      converge(GetParam(), Symmetry::sphere, excess, spacings(GetParam()), "Held sphere");
  EXPECT_GT(table.order(0), 1.9);
  EXPECT_GT(table.last_order(1), 1.6);
  EXPECT_LT(table.error(1, 0), 5e-4 * sphere.surface_excess);
}

TEST_P(PennesSphere, PointSource) {
  const exact::PointSource point{kHeated, 0.5};
  const auto excess = [&](double r, double t) { return point.at(r, t); };
  const OrderTable table =
      converge(GetParam(), Symmetry::sphere, excess, spacings(GetParam()), "Point source");
  EXPECT_GT(table.order(0), 1.9);
  EXPECT_GT(table.last_order(1), 1.6);
}

class PennesCylinder : public ::testing::TestWithParam<Scheme> {};

TEST_P(PennesCylinder, LineSource) {
  const exact::LineSource line{kHeated, 200};
  const auto excess = [&](double r, double t) { return line.at(r, t); };
  const OrderTable table =
      converge(GetParam(), Symmetry::cylinder, excess, spacings(GetParam()), "Line source");
  EXPECT_GT(table.order(0), 1.9);
  EXPECT_GT(table.order(1), 1.8);
}

INSTANTIATE_TEST_SUITE_P(On, PennesSphere, sphere_schemes(), scheme_name);
INSTANTIATE_TEST_SUITE_P(On, PennesCylinder, cylinder_schemes(), scheme_name);

}  // namespace
}  // namespace thermodose::verification
