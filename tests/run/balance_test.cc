// Implements: the energy balance of whole runs, for every way in which heat enters or leaves.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "output/h5_read.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

CaseText with_faces(const std::string& faces) {
  CaseText c;
  c.faces = faces;
  return c;
}

CaseText without_probes(const std::string& faces, const std::string& tissue = "soft") {
  CaseText c = with_faces(faces);
  c.tissue = tissue;
  c.probes = "{}";
  c.protocol = "[]";
  c.more = "duration: 2 min\n";
  return c;
}

CaseText with_protocol(const std::string& protocol) {
  CaseText c;
  c.protocol = protocol;
  return c;
}

CaseText with_engine(const std::string& numerics, const std::string& domain) {
  CaseText c;
  c.domain = domain;
  c.numerics = numerics;
  return c;
}

const char* kCube = "box: {center: 0 0 0 mm, size: 40 40 40 mm}";
const char* kBag =
    "all: {fixed: 37 degC}, z_max: {convection: 200 W/m2/K, ambient: "
    "[[0 min, 37 degC], [0.5 min, 43 degC], [2 min, 40 degC]]}";

CaseText metabolic() {
  CaseText c = without_probes("all: {insulated: true}", "warm");
  c.materials = plain_material("warm", "0.5 W/m/K", "    metabolic_heat: 40 kW/m3\n");
  return c;
}

CaseText painted() {
  CaseText c;
  c.regions = R"(
  - {name: fat, shape: {half_space: {point: 0 0 2 mm, normal: 0 0 -1}}, tissue: fat}
  - {name: bone, shape: {sphere: {center: 6 0 0 mm, radius: 5 mm}}, tissue: bone_cortical})";
  return c;
}

CaseText convective() {
  CaseText c;
  c.devices = R"(  gas:
    diameter: 2.4 mm
    active_length: 10 mm
    law:
      convective:
        {cryogen_temperature: -140 degC, coefficient: 3000 W/m2/K, thaw_coefficient: 500 W/m2/K,
         fall: exponential, fall_time: 10 s, off_temperature: 37 degC,
         profile: [[0, 1], [1, 0.3]]}
)";
  c.probes = "{p: {device: gas, tip: 0 0 -5 mm, direction: 0 0 1}}";
  c.protocol =
      "[{probes: [p], steps: [{freeze: 1 min}, {active_thaw: 1 min, temperature: 40 degC}]}]";
  return c;
}

std::map<std::string, CaseText> balanced_cases() {
  std::map<std::string, CaseText> all;
  all["freeze_and_rest"] = CaseText{};
  all["in_double"] =
      with_engine("{cell_size: 2.5 mm, error_estimate: false, precision: double}", kCube);
  all["insulated"] = with_faces("all: {insulated: true}");
  all["warm_water_bag"] = with_faces(kBag);
  all["warm_water_bag_alone"] = without_probes(kBag);
  all["skin_cooler_than_the_body"] = with_faces("all: {fixed: 37 degC}, z_max: {fixed: 30 degC}");
  all["cool_faces_alone"] = without_probes("all: {fixed: 25 degC}");
  all["metabolic_heat"] = metabolic();
  all["other_tissues"] = painted();
  all["convective_needle"] = convective();
  all["throttled_and_thawed"] = with_protocol(
      "[{probes: [p], steps: [{freeze: 40 s, power: 60 %}, {active_thaw: 40 s, temperature: 20 "
      "degC}, {freeze: 40 s}]}]");
  all["outlived_protocol"] = with_protocol("[{probes: [p], steps: [{freeze: 30 s}]}]");
  all["outlived_protocol"].more = "duration: 3 min\n";
  all["octree"] = with_engine("{engine: mesh, cell_size: 2 mm, error_estimate: false}", kCube);
  all["octree_with_a_bag"] = all["octree"];
  all["octree_with_a_bag"].faces = kBag;
  all["octree_bdf2"] = with_engine(
      "{engine: mesh, integrator: bdf2, cell_size: 2.5 mm, error_estimate: false}", kCube);
  all["axisymmetric"] = with_engine("{cell_size: 2 mm, error_estimate: false}",
                                    "cylinder: {radius: 20 mm, bottom: -20 mm, top: 20 mm}");
  all["axisymmetric_cool_top"] = all["axisymmetric"];
  all["axisymmetric_cool_top"].faces =
      "r_max: {fixed: 37 degC}, z_min: {insulated: true}, z_max: {fixed: 25 degC}";
  for (const char* numerics :
       {"{cell_size: 2.5 mm, error_estimate: false}",
        "{engine: mesh, cell_size: 2.5 mm, error_estimate: false}",
        "{engine: mesh, integrator: bdf2, cell_size: 2.5 mm, error_estimate: false}"}) {
    CaseText& c = all["perfusion_stops_" + std::to_string(all.size())];
    c = painted();
    c.numerics = numerics;
    c.faces = "all: {fixed: 37 degC}, z_max: {fixed: 60 degC}";
    c.dose = "[temperature_extremes, {arrhenius: {set: microvascular}}]";
    c.more = "perfusion_stops: {field: omega_microvascular, law: exponential}\n";
  }
  return all;
}

class Balance : public ::testing::TestWithParam<std::pair<const std::string, CaseText>> {};

TEST_P(Balance, CloseToRoundOff) {
  const RunSummary s = run(GetParam().second);
  EXPECT_EQ(s.status, RunSummary::Status::complete);
  double net = 0, gross = 0;
  for (const auto& [cause, joule] : s.energy.supplied) {
    net += joule;
    gross += std::abs(joule);
  }
  EXPECT_GT(gross, 1) << "heat did flow";
  EXPECT_LT(std::abs(s.energy.relative_residual), 1e-4);
  const double open = std::abs(s.energy.stored - net);
  EXPECT_LT(open, 1e-4 * gross) << "from the numbers of the summary";
  EXPECT_LE(std::abs(s.energy.relative_residual), open / gross * (1 + 1e-6) + 1e-15);
  EXPECT_EQ(s.energy.relative_residual == 0, open == 0);
}

INSTANTIATE_TEST_SUITE_P(All, Balance, ::testing::ValuesIn(balanced_cases()),
                         [](const auto& entry) { return entry.param.first; });

// The enthalpy of the temperatures in fields.h5 is what the summary says was stored.
TEST(Balance, StoredHeatIsThatOfTheFields) {
  const Scratch scratch;
  const CaseText text = with_faces("all: {fixed: 37 degC}, x_min: {fixed: 31 degC}");
  const CaseSpec spec = read(text);
  const RunSummary s = run_in(scratch, spec);
  const Model model = make_model(spec, 0.05);
  const output_test::H5Reader fields(scratch.file("out/fields.h5"));
  const auto stored = [&](const std::string& step) {
    const auto celsius = fields.values("step/" + step + "/temperature_degC");
    const std::size_t n = 17;
    EXPECT_EQ(celsius.size(), n * n * n);
    double sum = 0;
    for (std::size_t i = 0; i < celsius.size(); ++i) {
      double v = std::pow(2.5e-3, 3);
      for (const std::size_t p : {i % n, i / n % n, i / n / n}) v *= p == 0 || p == n - 1 ? 0.5 : 1;
      sum += v * model.laws[0].enthalpy(kelvin(celsius[i]));
    }
    return sum;
  };
  const double change = stored("2") - stored("0");
  EXPECT_EQ(fields.number("step/2", "time_s"), 120);
  EXPECT_LT(change, -500) << "the needle takes heat";
  EXPECT_NEAR(s.energy.stored, change, 2e-3 * std::abs(change));
}

}  // namespace
}  // namespace thermodose::run_test
