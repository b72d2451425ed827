// Implements: tests of summary.json: its keys, units, and what becomes of odd values.
#include "output/summary.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <regex>

#include "base/version.h"
#include "scratch.h"

namespace thermodose {
namespace {

using Json = nlohmann::json;
using output_test::Scratch;

RunSummary sample() {
  RunSummary s;
  s.run_id = "20260101T000000.000Z-1";
  s.case_file = "cases/cryo_ref/case.yaml";
  s.wall_mesh = 0.1;
  s.wall_solve = 0.5;
  s.wall_output = 0.2;
  s.wall_total = 0.9;
  s.threads = 2;
  s.precision = "float";
  s.engine = "grid";
  s.integrator = "rkl2";
  s.cells = 512000;
  s.dofs = 531441;
  s.spacing = 1.25e-3;
  s.steps = 300;
  s.rejected_steps = 2;
  s.operator_applications = 4321;
  s.energy.stored = -12000;
  s.energy.supplied = {{"probes", -15000}, {"faces", 1000}, {"tissue_sources", 2000}};
  s.energy.relative_residual = 3e-6;
  IsothermSummary i;
  i.time = 600;
  i.temperature = 273.15 - 40;
  i.volume = 10.72e-6;
  i.volume_error = 0.12e-6;
  i.extent = {0.03, 0.02, 0.04};
  i.extent_along_axis = 0.041;
  s.isotherms = {i};
  s.probes = {{"left",
               "cryoprobe_1.5mm",
               {0.001, 0, -0.0175},
               {0, 0, 1},
               1.5e-3,
               0.035,
               0,
               133.15,
               {},
               -8000}};
  s.thermocouples = {{"wall", {0, 0.01, 0}, 250, 310.15, 280, 600}};
  s.warnings = {"careful"};
  return s;
}

TEST(Summary, HasTheDocumentedKeysWithTheirTypes) {
  const Json j = Json::parse(summary_json(sample()));
  for (const char* key : {"status", "message", "version", "git_hash", "build", "run_id", "started",
                          "command_line", "case", "title", "precision", "engine", "integrator"})
    EXPECT_TRUE(j.at(key).is_string()) << key;
  for (const char* key :
       {"threads", "cells", "dofs", "steps", "rejected_steps", "operator_applications"})
    EXPECT_TRUE(j.at(key).is_number_integer()) << key;
  for (const char* key : {"spacing_mm", "simulated_time_s", "accuracy"})
    EXPECT_TRUE(j.at(key).is_number()) << key;
  for (const char* key : {"isotherms", "probes", "thermocouples", "warnings", "caveats"})
    EXPECT_TRUE(j.at(key).is_array()) << key;
  for (const char* key : {"mesh", "solve", "output", "total"})
    EXPECT_TRUE(j.at("wall_s").at(key).is_number()) << key;
  EXPECT_EQ(j.at("version"), version());
  EXPECT_EQ(j.at("git_hash"), git_hash());
  EXPECT_EQ(j.at("libraries").size(), library_versions().size());
}

TEST(Summary, UnitsAreTheUsers) {
  const Json j = Json::parse(summary_json(sample()));
  EXPECT_DOUBLE_EQ(j["spacing_mm"], 1.25);
  const Json& i = j["isotherms"][0];
  EXPECT_EQ(i["time_s"], 600);
  EXPECT_NEAR(i["temperature_degC"], -40, 1e-12);
  EXPECT_EQ(i["side"], "below");
  EXPECT_NEAR(i["volume_mL"], 10.72, 1e-12);
  EXPECT_NEAR(i["discretisation_error_mL"], 0.12, 1e-12);
  EXPECT_NEAR(i["extent_mm"][2], 40, 1e-12);
  EXPECT_NEAR(i["extent_along_axis_mm"], 41, 1e-12);
  EXPECT_TRUE(i["extent_across_axis_mm"].is_null());
  EXPECT_EQ(i["clipped_by_domain"], false);
  const Json& p = j["probes"][0];
  EXPECT_NEAR(p["tip_mm"][2], -17.5, 1e-12);
  EXPECT_EQ(p["direction"], Json({0.0, 0.0, 1.0}));
  EXPECT_NEAR(p["min_surface_temperature_degC"], -140, 1e-12);
  EXPECT_TRUE(p["max_surface_temperature_degC"].is_null());
  EXPECT_NEAR(j["thermocouples"][0]["minimum_degC"], -23.15, 1e-12);
  EXPECT_EQ(j["energy_balance"]["supplied_J"]["faces"], 1000);
  EXPECT_EQ(j["energy_balance"]["relative_residual"], 3e-6);
}

TEST(Summary, OddValuesStillGiveValidJson) {
  RunSummary s = sample();
  s.status = RunSummary::Status::failed;
  s.message = "NaN at \"left\"\n";
  s.energy.relative_residual = std::numeric_limits<double>::quiet_NaN();
  s.isotherms[0].volume = std::numeric_limits<double>::infinity();
  s.case_file = "caf\xe9.yaml";  // Latin-1, not UTF-8
  const Json j = Json::parse(summary_json(s));
  EXPECT_EQ(j["status"], "failed");
  EXPECT_EQ(j["message"], "NaN at \"left\"\n");
  EXPECT_TRUE(j["energy_balance"]["relative_residual"].is_null());
  EXPECT_TRUE(j["isotherms"][0]["volume_mL"].is_null());
  s.status = RunSummary::Status::interrupted;
  EXPECT_EQ(Json::parse(summary_json(s))["status"], "interrupted");
}

TEST(Summary, IsWrittenWhole) {
  const Scratch dir;
  write_summary(dir.file("summary.json"), sample());
  EXPECT_EQ(dir.names(), std::vector<std::string>{"summary.json"});
  EXPECT_EQ(Json::parse(dir.read("summary.json"))["status"], "complete");
}

TEST(Summary, RunIdNamesTimeAndProcess) {
  EXPECT_TRUE(std::regex_match(make_run_id(), std::regex(R"(20\d{6}T\d{6}\.\d{3}Z-\d+)")))
      << make_run_id();
}

}  // namespace
}  // namespace thermodose
