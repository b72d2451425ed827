// One needle in 3-D beside exact and axisymmetric solutions.
// Implements: a long immersed probe at several places and angles, whose middle must show the steady
// ice of an infinite cylinder; and a freeze with a needle of 1.5 x 35 mm on the grid and the graded
// octree beside the body-fitted axisymmetric mesh.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "dose/isotherm.h"
#include "verification/exact_ice.h"
#include "verification/harness.h"
#include "verification/order_table.h"
#include "verification/schemes.h"
#include "verification/tissues.h"

namespace thermodose::verification {
namespace {

/// Trilinear value at a point of a uniform grid.
double value_at(const NodeGeometry& g, const std::vector<double>& values, const Vec3& p) {
  std::array<std::size_t, 3> low{};
  std::array<double, 3> part{};
  for (std::size_t d = 0; d < 3; ++d) {
    const double s = (p[d] - g.origin[d]) / g.spacing;
    low[d] = static_cast<std::size_t>(s);
    part[d] = s - std::floor(s);
  }
  const auto nx = static_cast<std::size_t>(g.nodes[0]), ny = static_cast<std::size_t>(g.nodes[1]);
  double sum = 0;
  for (std::size_t corner = 0; corner < 8; ++corner) {
    double weight = 1;
    std::array<std::size_t, 3> at{};
    for (std::size_t d = 0; d < 3; ++d) {
      const std::size_t up = (corner >> d) & 1U;
      at[d] = low[d] + up;
      weight *= up == 1 ? part[d] : 1 - part[d];
    }
    sum += weight * values[at[0] + nx * (at[1] + ny * at[2])];
  }
  return sum;
}

struct Pose {
  std::string name;
  double tilt, turn;  ///< rad, about y, then about z
  Vec3 shift;         ///< m
};

/// Unit vectors: the axis, and two across it.
std::array<Vec3, 3> frame(const Pose& pose) {
  const double st = std::sin(pose.tilt), ct = std::cos(pose.tilt);
  const double sp = std::sin(pose.turn), cp = std::cos(pose.turn);
  return {{{st * cp, st * sp, ct}, {ct * cp, ct * sp, -st}, {-sp, cp, 0}}};
}

Vec3 moved(const Vec3& p, const Vec3& along, double distance) {
  return {p[0] + distance * along[0], p[1] + distance * along[1], p[2] + distance * along[2]};
}

/// Mean radius of the ice across the middle of the needle, over 12 directions.
double ice_radius(const NodeGeometry& g, const std::vector<double>& t, const Vec3& middle,
                  const std::array<Vec3, 3>& axes, double level) {
  double sum = 0;
  for (int i = 0; i < 12; ++i) {
    const double angle = 2 * 3.14159265358979 * i / 12;
    Vec3 out{};
    for (std::size_t d = 0; d < 3; ++d)
      out[d] = std::cos(angle) * axes[1][d] + std::sin(angle) * axes[2][d];
    double lo = 0, hi = 20 * kMm;
    for (int k = 0; k < 50; ++k) {
      const double r = 0.5 * (lo + hi);
      (value_at(g, t, moved(middle, out, r)) < level ? lo : hi) = r;
    }
    sum += lo / 12;
  }
  return sum;
}

/// Ice of a long needle in strongly perfused tissue. Steady: rho c and latent heat do not matter.
struct LongNeedle {
  exact::IceSetup ice{
      exact::Symmetry::cylinder, 0.75 * kMm, celsius(-100), celsius(-1), kBody, 2, 0.5,
      1.67e-2 * 1060 * 3600,     7};
  SegmentLaw law = law_of_freezing(
      {{2, 1e5}, {0.5, 1e5}, ice.melting - ice.range, ice.melting, 1e5, ice.w, kBody}, kBody);

  struct Radii {
    double by_temperature, by_kirchhoff;  ///< m, from linear interpolation of either
  };
  Radii run(const Pose& pose, double spacing) const {
    CaseConditions conditions;
    conditions.probe_at = held(ice.probe);
    const std::array<Vec3, 3> axes = frame(pose);
    const Vec3 middle = {28 * kMm + pose.shift[0], 20 * kMm + pose.shift[1],
                         36 * kMm + pose.shift[2]};
    const double half = 28 * kMm;
    Domain domain;
    domain.size = {56 * kMm, 40 * kMm, 72 * kMm};
    domain.spacing = spacing;
    domain.laws = {law};
    domain.probes = {
        {moved(middle, axes[0], -half), moved(middle, axes[0], half), ice.probe_radius, {}}};
    const auto system = make(Engine::grid, domain, conditions);
    SteppedRun stepped(Method::rkl2, *system, {[](const Vec3&) { return kBody; }}, 1);
    std::vector<double> values = stepped.at(24);
    const NodeGeometry& g = system->geometry();
    const double direct = ice_radius(g, values, middle, axes, ice.melting);
    const auto theta = [this](double t) { return law.kirchhoff(law.enthalpy(t)); };
    for (double& t : values) t = theta(t);
    return {direct, ice_radius(g, values, middle, axes, theta(ice.melting))};
  }
};

TEST(Needle, LongImmersedProbeMakesTheIceOfACylinder) {
  const LongNeedle needle;
  const double exact = exact::SteadyIce(needle.ice).front();
  const std::vector<Pose> poses = {{"aligned", 0, 0, {0.41 * kMm, 0.27 * kMm, 0.6 * kMm}},
                                   {"tilted", 0.61, 0.35, {0.41 * kMm, 0.27 * kMm, 0.6 * kMm}}};
  for (const Pose& pose : poses) {
    const std::string what = "Steady ice across an immersed needle, " + pose.name;
    OrderTable table(what + ", grid", {"radius by T, mm", "radius by Kirchhoff, mm"});
    for (const double h : {2.0, 1.25, 0.8}) {
      const LongNeedle::Radii ours = needle.run(pose, h * kMm);
      table.add(h * kMm, {1e3 * std::abs(ours.by_temperature - exact),
                          1e3 * std::abs(ours.by_kirchhoff - exact)});
      if (h == 1.25) {
        report_value(what + ", by T, 1.25 mm cells, mm", "grid",
                     {1e3 * ours.by_temperature, 1e3 * exact});
        report_value(what + ", by Kirchhoff, 1.25 mm cells, mm", "grid",
                     {1e3 * ours.by_kirchhoff, 1e3 * exact});
        EXPECT_NEAR(ours.by_temperature / exact, 1, 0.03);
        EXPECT_NEAR(ours.by_kirchhoff / exact, 1, 0.015);
      }
    }
    table.report();
    EXPECT_GT(table.order(0), 0.7);
  }
}

const std::vector<double> kLevels = {celsius(0), celsius(-20), celsius(-40)};
const std::vector<std::string> kLevelNames = {"0", "-20", "-40"};

/// Volumes (mL) below kLevels, from linear interpolation of the temperature (what the program
/// reports) and of the Kirchhoff variable; extents of the ice along and across the needle (mm).
struct Lesion {
  std::vector<double> by_temperature, by_kirchhoff;
  double along, across;
};

struct Resolution {
  Engine engine;
  double spacing;                   ///< m
  double growth = 1, coarsest = 0;  ///< axisymmetric
};

std::vector<IsothermMeasure> measure(const HeatSystem<double>& system,
                                     const std::vector<double>& values,
                                     const std::vector<double>& levels, const Vec3& axis) {
  std::vector<IsothermLevel> wanted;
  for (const double level : levels) wanted.push_back({level, IsothermLevel::Side::below});
  IsothermOptions options;
  options.axes = {axis};
  const std::vector<float> single(values.begin(), values.end());
  return measure_isotherms(system.geometry(), single.data(), wanted, options);
}

/// 300 s of a needle of 1.5 x 35 mm at -140 degC in perfused tissue.
Lesion freeze(const Resolution& resolution, const Pose& pose) {
  const double rho = 1050;
  const SegmentLaw law = law_of_freezing(
      {{2, 1900 * rho}, {0.5, 3600 * rho}, celsius(-8), celsius(-1), 250e3 * rho, 20e3, kBody},
      kBody);
  CaseConditions conditions;
  conditions.probe_at = held(celsius(-140));
  const bool flat = resolution.engine == Engine::axisymmetric;
  const Vec3 axis = flat ? Vec3{0, 0, 1} : frame(pose)[0];
  Vec3 middle{};
  if (!flat) middle = {26 * kMm + pose.shift[0], 26 * kMm + pose.shift[1], pose.shift[2]};
  Domain domain;
  domain.size = {(flat ? 26 : 52) * kMm, 52 * kMm, 72 * kMm};
  domain.lower_z = -36 * kMm;
  domain.spacing = resolution.spacing;
  domain.coarsest = resolution.coarsest;
  domain.growth = resolution.growth;
  domain.laws = {law};
  const double half = 17.5 * kMm;
  domain.probes = {{moved(middle, axis, -half), moved(middle, axis, half), 0.75 * kMm, {}}};
  const auto system = make(resolution.engine, domain, conditions);
  SteppedRun run(Method::rkl2, *system, {[](const Vec3&) { return kBody; }}, 2);
  std::vector<double> values = run.at(300);
  const auto direct = measure(*system, values, kLevels, axis);
  // A multiple of theta of the size of temperatures.
  const auto theta = [&law](double t) { return law.kirchhoff(law.enthalpy(t)) / 2; };
  for (double& t : values) t = theta(t);
  std::vector<double> levels;
  for (const double level : kLevels) levels.push_back(theta(level));
  const auto smooth = measure(*system, values, levels, axis);
  Lesion lesion{{}, {}, 1e3 * direct[0].along[0], 1e3 * direct[0].across[0]};
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    lesion.by_temperature.push_back(1e6 * direct[i].volume);
    lesion.by_kirchhoff.push_back(1e6 * smooth[i].volume);
  }
  return lesion;
}

const Pose kAligned{"aligned", 0, 0, {0.41 * kMm, 0.27 * kMm, 0.6 * kMm}};
const Pose kTilted{"tilted", 0.61, 0.35, {0.41 * kMm, 0.27 * kMm, 0.6 * kMm}};

/// The fine axisymmetric solution, made once.
const Lesion& reference() {
  static const Lesion fine = freeze({Engine::axisymmetric, 0.125 * kMm, 1.05, 0.5 * kMm}, {});
  return fine;
}

double largest_deviation(const std::vector<double>& ours, const std::vector<double>& exact) {
  double largest = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    largest = std::max(largest, std::abs(ours[i] / exact[i] - 1));
  }
  return largest;
}

void report(const std::string& what, const std::string& engine, const Lesion& ours) {
  const Lesion& fine = reference();
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    const std::string volume = what + ", V(" + kLevelNames[i] + " degC) mL by ";
    report_value(volume + "T", engine, {ours.by_temperature[i], fine.by_kirchhoff[i]});
    report_value(volume + "Kirchhoff", engine, {ours.by_kirchhoff[i], fine.by_kirchhoff[i]});
  }
  report_value(what + ", ice along mm", engine, {ours.along, fine.along});
  report_value(what + ", ice across mm", engine, {ours.across, fine.across});
}

TEST(Needle, AxisymmetricReferenceIsConverged) {
  const Lesion rough = freeze({Engine::axisymmetric, 0.25 * kMm, 1.1, kMm}, {});
  report("Needle, 0.25 mm beside 0.125 mm", "axisymmetric", rough);
  EXPECT_LT(largest_deviation(rough.by_kirchhoff, reference().by_kirchhoff), 0.01);
}

class NeedleOn : public ::testing::TestWithParam<Scheme> {};

TEST_P(NeedleOn, AgreesWithAxisymmetric) {
  const Lesion& fine = reference();
  for (const Pose& pose : {kAligned, kTilted}) {
    const Lesion coarse = freeze({GetParam().engine, 2 * kMm}, pose);
    const Lesion ours = freeze({GetParam().engine, 1 * kMm}, pose);
    const std::string what = "Needle, " + pose.name;
    report(what + ", 2 mm", name(GetParam()), coarse);
    report(what + ", 1 mm", name(GetParam()), ours);
    EXPECT_LT(largest_deviation(coarse.by_kirchhoff, fine.by_kirchhoff), 0.03);
    EXPECT_LT(largest_deviation(ours.by_kirchhoff, fine.by_kirchhoff), 0.015);
    EXPECT_LT(largest_deviation(ours.by_temperature, fine.by_kirchhoff), 0.03);
    EXPECT_LT(largest_deviation(ours.by_temperature, fine.by_kirchhoff),
              0.6 * largest_deviation(coarse.by_temperature, fine.by_kirchhoff));
    EXPECT_NEAR(ours.along, fine.along, 0.4);
    EXPECT_NEAR(ours.across, fine.across, 0.4);
  }
}

INSTANTIATE_TEST_SUITE_P(On, NeedleOn,
                         ::testing::Values(Scheme{Engine::grid}, Scheme{Engine::octree}),
                         scheme_name);

}  // namespace
}  // namespace thermodose::verification
