// Implements: tests of what a run leaves behind: the files, their numbers, and that they agree.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "base/log.h"
#include "output/h5_read.h"
#include "physics/tissue.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

using output_test::H5Reader;

CaseText full_case() {
  CaseText c;
  c.regions = "[{name: fat, shape: {half_space: {point: 0 0 7 mm, normal: 0 0 -1}}, tissue: fat}]";
  c.dose =
      "[temperature_extremes, {time_below: {temperature: -20 degC}}, "
      "{time_below: {temperature: 50 degC}}, freeze_count]";
  c.numerics = "{cell_size: 2.5 mm}";
  c.output =
      "{isotherms: [0 degC, -20 degC, 38 degC], isotherms_every: 20 s, fields_every: 40 s, "
      "traces_every: 2 s}";
  return c;
}

/// One run for all tests of this file.
struct Done {
  Done() : spec(read(full_case())), result(run_in(scratch, spec, 2)), json(summary_of(scratch)) {}
  Scratch scratch;
  CaseSpec spec;
  RunSummary result;
  nlohmann::json json;
};
const Done& done() {
  static const Done run;
  return run;
}

TEST(RunDirectory, HoldsAllFilesWhole) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(done().scratch.file("out")))
    names.insert(entry.path().filename().string());
  EXPECT_EQ(names, (std::set<std::string>{"fields.h5", "fields.xdmf", "results.h5", "traces.csv",
                                          "summary.json", "case.resolved.yaml", "run.log"}));
}

TEST(RunDirectory, SummaryHasItsKeys) {
  const auto& j = done().json;
  for (const char* key : {"status",         "message",        "version",
                          "git_hash",       "run_id",         "started",
                          "case",           "title",          "wall_s",
                          "threads",        "precision",      "engine",
                          "integrator",     "accuracy",       "cells",
                          "dofs",           "spacing_mm",     "simulated_time_s",
                          "steps",          "rejected_steps", "operator_applications",
                          "energy_balance", "isotherms",      "probes",
                          "thermocouples",  "warnings",       "caveats",
                          "regions"})
    EXPECT_TRUE(j.contains(key)) << key;
  EXPECT_EQ(j["status"], "complete");
  EXPECT_EQ(j["case"], "small.yaml");
  EXPECT_EQ(j["title"], "small");
  EXPECT_EQ(j["threads"], 2);
  EXPECT_EQ(j["cells"], 16 * 16 * 16);
  EXPECT_EQ(j["dofs"], 17 * 17 * 17);
  EXPECT_NEAR(double(j["spacing_mm"]), 2.5, 1e-9);
  EXPECT_EQ(j["simulated_time_s"], 120);
  EXPECT_GT(int(j["steps"]), 20);
  EXPECT_GE(int(j["operator_applications"]), 3 * int(j["steps"])) << "three stages at least";
  EXPECT_LT(std::abs(double(j["energy_balance"]["relative_residual"])), 1e-4);
  const auto& wall = j["wall_s"];
  for (const char* part : {"mesh", "solve", "output"}) EXPECT_GT(double(wall[part]), 0) << part;
  EXPECT_LE(double(wall["mesh"]) + double(wall["solve"]) + double(wall["output"]),
            1.001 * double(wall["total"]));
}

TEST(RunDirectory, SummaryListsEveryLevelAtEveryInstant) {
  const auto& list = done().json["isotherms"];
  ASSERT_EQ(list.size(), 21U) << "0, 20 ... 120 s, three levels";
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& r = list[i];
    const std::size_t instant = i / 3;
    EXPECT_EQ(double(r["time_s"]), 20.0 * double(instant));
    const double level = r["temperature_degC"];
    EXPECT_NEAR(level, (std::vector<double>{0, -20, 38})[i % 3], 1e-9);
    EXPECT_EQ(r["side"], level < 37 ? "below" : "above");
    EXPECT_TRUE(r["discretisation_error_mL"].is_number());
    EXPECT_FALSE(r["clipped_by_domain"]);
    if (i < 3 || level > 37) {
      EXPECT_EQ(double(r["volume_mL"]), 0) << i;
      continue;
    }
    EXPECT_EQ(r["extent_mm"].size(), 3U);
    if (r["time_s"] != 60) continue;
    // About an ellipsoid: the box around it is 6 / pi times as large.
    const double x = r["extent_mm"][0], y = r["extent_mm"][1], z = r["extent_mm"][2];
    EXPECT_NEAR(x, y, 0.2);
    EXPECT_GT(z, x);
    EXPECT_NEAR(double(r["extent_along_axis_mm"]), z, 0.2);
    EXPECT_NEAR(double(r["extent_across_axis_mm"]), x, 1.2);
    EXPECT_NEAR(double(r["volume_mL"]), M_PI / 6 * x * y * z * 1e-3, 0.3 * double(r["volume_mL"]));
  }
}

TEST(RunDirectory, SummaryOfProbesAndThermocouples) {
  const auto& p = done().json["probes"];
  ASSERT_EQ(p.size(), 1U);
  EXPECT_EQ(p[0]["name"], "p");
  EXPECT_EQ(p[0]["device"], "needle");
  EXPECT_EQ(p[0]["diameter_mm"], 1.5);
  EXPECT_EQ(p[0]["active_length_mm"], 10);
  EXPECT_NEAR(double(p[0]["min_surface_temperature_degC"]), -140, 1e-3);
  EXPECT_LT(double(p[0]["energy_J"]), -500);
  const auto& t = done().json["thermocouples"];
  ASSERT_EQ(t.size(), 1U);
  EXPECT_EQ(t[0]["name"], "near");
  EXPECT_LT(double(t[0]["minimum_degC"]), 5);
  EXPECT_NEAR(double(t[0]["maximum_degC"]), 37, 1e-3);
  EXPECT_GT(double(t[0]["time_of_minimum_s"]), 55);
}

TEST(RunDirectory, TracesAreTheSameInBothFiles) {
  std::istringstream csv(done().scratch.read("out/traces.csv"));
  std::string line;
  std::getline(csv, line);
  EXPECT_EQ(line, "time_s,near_degC,p_surface_degC");
  const H5Reader results(done().scratch.file("out/results.h5"));
  const auto time = results.values("traces/time_s"), near = results.values("traces/near_degC");
  const auto surface = results.values("traces/p_surface_degC");
  std::size_t rows = 0;
  for (; std::getline(csv, line); ++rows) {
    double t = 0, a = 0, b = 0;
    ASSERT_EQ(std::sscanf(line.c_str(), "%lf,%lf,%lf", &t, &a, &b), 3) << line;
    ASSERT_LT(rows, time.size());
    EXPECT_NEAR(t, time[rows], 1e-6);
    EXPECT_NEAR(a, near[rows], 1e-5);
    EXPECT_NEAR(b, surface[rows], 1e-5);
  }
  EXPECT_EQ(rows, time.size());
  EXPECT_EQ(rows, 61U);
  EXPECT_EQ(results.text("traces/near_degC", "unit"), "degC");
}

TEST(RunDirectory, IsothermTableIsThatOfTheSummary) {
  const H5Reader results(done().scratch.file("out/results.h5"));
  const auto& list = done().json["isotherms"];
  const auto column = [&](const std::string& name) { return results.values("isotherms/" + name); };
  const auto time = column("time_s"), level = column("temperature_degC");
  const auto volume = column("volume_mL"), error = column("discretisation_error_mL");
  const auto z = column("extent_z_mm");
  ASSERT_EQ(time.size(), list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    EXPECT_EQ(time[i], double(list[i]["time_s"]));
    EXPECT_EQ(level[i], double(list[i]["temperature_degC"]));
    EXPECT_NEAR(volume[i], double(list[i]["volume_mL"]), 1e-9);
    EXPECT_NEAR(error[i], double(list[i]["discretisation_error_mL"]), 1e-9);
    EXPECT_NEAR(z[i], double(list[i]["extent_mm"][2]), 1e-9);
  }
}

TEST(RunDirectory, FieldsAtTheirInstants) {
  const H5Reader f(done().scratch.file("out/fields.h5"));
  const std::vector<double> times{0, 40, 60, 80, 120};  // the freeze ends at 60 s
  EXPECT_FALSE(f.has("step/5"));
  for (std::size_t n = 0; n < times.size(); ++n) {
    const std::string step = "step/" + std::to_string(n);
    EXPECT_EQ(f.number(step, "time_s"), times[n]);
    EXPECT_EQ(f.shape(step + "/temperature_degC"), (std::vector<hsize_t>{17, 17, 17}));
    EXPECT_TRUE(f.has(step + "/ice_fraction"));
    for (const char* dose : {"t_min_degC", "t_max_degC", "time_below_m20_s"})
      EXPECT_EQ(f.has(step + "/" + dose), n == 4) << dose;
  }
  EXPECT_EQ(f.text("mesh/0/region_id", "names"), "background|fat");
  EXPECT_EQ(f.text("mesh/0/material_id", "names"), "soft|fat");
  const auto region = f.values("mesh/0/region_id"), material = f.values("mesh/0/material_id");
  for (std::size_t i = 0; i < region.size(); ++i) {
    const std::size_t plane = i / 289;
    const double z = -20 + 2.5 * double(plane);
    EXPECT_EQ(region[i], z >= 7 ? 1 : 0) << z;
    EXPECT_EQ(material[i], region[i]);
  }
}

TEST(RunDirectory, RegionsOfMeshes) {
  CaseText octree = full_case(), axisymmetric = full_case();
  octree.numerics = "{engine: mesh, cell_size: 2.5 mm, error_estimate: false}";
  axisymmetric.domain = "cylinder: {radius: 20 mm, bottom: -20 mm, top: 20 mm}";
  axisymmetric.numerics = "{cell_size: 2.5 mm, error_estimate: false}";
  for (CaseText c : {octree, axisymmetric}) {
    c.more = "duration: 2 s\n";
    const Scratch scratch;
    run_in(scratch, read(c));
    const H5Reader f(scratch.file("out/fields.h5"));
    const auto points = f.values("mesh/0/points_mm"), region = f.values("mesh/0/region_id");
    const auto material = f.values("mesh/0/material_id");
    ASSERT_EQ(points.size(), 3 * region.size());
    for (std::size_t i = 0; i < region.size(); ++i) {
      const double z = points[3 * i + 2];
      EXPECT_EQ(region[i], z >= 7 ? 1 : 0) << z;
      const bool cut = std::abs(z - 7) < 2.5;  // a node next to the border has the law of a cell
      EXPECT_TRUE(cut || material[i] == region[i]) << z;
    }
  }
}

TEST(RunDirectory, IceFractionFollowsTheTissueOfTheNode) {
  const H5Reader f(done().scratch.file("out/fields.h5"));
  const Model model = make_model(done().spec, 0.05);
  const auto material = f.values("mesh/0/material_id");
  int mushy = 0, frozen = 0, mixed = 0, all = 0;
  for (const char* step : {"step/1/", "step/2/"}) {
    const auto t = f.values(std::string(step) + "temperature_degC");
    const auto ice = f.values(std::string(step) + "ice_fraction");
    for (std::size_t i = 0; i < t.size(); ++i) {
      // A node at the border freezes as the tissues of its volume do, each with its share.
      const auto ice_of = [&](const Tissue& tissue) {
        return 1 - tissue.unfrozen_fraction(kelvin(t[i]));
      };
      double low = 1, high = 0;
      for (const auto* tissue : model.tissues) {
        low = std::min(low, ice_of(*tissue));
        high = std::max(high, ice_of(*tissue));
      }
      EXPECT_GE(ice[i], low - 5e-3) << t[i];
      EXPECT_LE(ice[i], high + 5e-3) << t[i];
      mixed += std::abs(ice[i] - ice_of(*model.tissues[std::size_t(material[i])])) > 5e-3 ? 1 : 0;
      ++all;
      mushy += ice[i] > 0.02 && ice[i] < 0.98 ? 1 : 0;
      frozen += ice[i] >= 0.98 ? 1 : 0;
    }
  }
  EXPECT_LT(mixed, all / 50) << "most nodes lie in one tissue";
  EXPECT_GT(mushy, 3);
  EXPECT_GT(frozen, 10);
}

TEST(RunDirectory, DoseFieldsAreThoseOfTheRun) {
  const H5Reader f(done().scratch.file("out/fields.h5"));
  const auto coldest = f.values("step/4/t_min_degC"), below = f.values("step/4/time_below_m20_s");
  const auto now = f.values("step/4/temperature_degC");
  std::size_t cold = 0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    EXPECT_LE(coldest[i], now[i] + 1e-3);
    EXPECT_EQ(below[i] > 0, coldest[i] < -20) << coldest[i];
    EXPECT_LT(below[i], 120);
    cold += below[i] > 0 ? 1 : 0;
  }
  EXPECT_GT(cold, 5U);
  // Everything is below 50 degC all the time, also what no step has reached.
  for (const double t : f.values("step/4/time_below_p50_s")) EXPECT_NEAR(t, 120, 1e-3);
}

TEST(RunDirectory, OneIdentifierAndProvenanceEverywhere) {
  const std::string id = done().json["run_id"];
  EXPECT_FALSE(id.empty());
  EXPECT_EQ(H5Reader(done().scratch.file("out/fields.h5")).text("/", "run_id"), id);
  EXPECT_EQ(H5Reader(done().scratch.file("out/results.h5")).text("/", "run_id"), id);
  const std::string resolved = done().scratch.read("out/case.resolved.yaml");
  EXPECT_NE(resolved.find(id), std::string::npos);
  EXPECT_NE(resolved.find(std::string(done().json["version"])), std::string::npos);
  EXPECT_NE(resolved.find("yaml-cpp"), std::string::npos) << "library versions";
}

TEST(RunDirectory, LogAndWarningsTellTheSame) {
  const Scratch scratch;
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 25 40 40 mm}";
  c.probes = "{p: {device: iceseed_1.5mm_tip, tip: 0 0 -10 mm, direction: 0 0 1}}";
  c.protocol = "[{probes: [p], steps: [{freeze: 8 min}]}]";
  c.faces = "all: {insulated: true}";
  c.output = "{isotherms: [0 degC], isotherms_every: 30 s}";
  std::vector<std::string> shown;
  log::to_console(log::Level::warning,
                  [&](log::Level, const std::string& text) { shown.push_back(text); });
  const CaseSpec spec = read(c);
  shown.clear();
  run_in(scratch, spec);
  log::to_console(log::Level::warning, {});
  const auto j = summary_of(scratch);
  EXPECT_EQ(shown, j["warnings"].get<std::vector<std::string>>()) << "the console shows each once";
  const std::string log = scratch.read("out/run.log");
  EXPECT_FALSE(log.empty());
  ASSERT_FALSE(j["warnings"].empty());
  std::set<std::string> once;
  for (const std::string warning : j["warnings"]) {
    EXPECT_NE(log.find(warning), std::string::npos) << warning;
    EXPECT_TRUE(once.insert(warning).second) << warning;
  }
  EXPECT_EQ(std::count_if(once.begin(), once.end(),
                          [](const auto& w) { return w.find("the 0 degC isotherm reaches") == 0; }),
            1)
      << "the ice reaches the faces, said once";
  EXPECT_TRUE(j["isotherms"].back()["clipped_by_domain"]);
  ASSERT_FALSE(j["caveats"].empty()) << "doubts about the needle";
  for (const std::string caveat : j["caveats"])
    EXPECT_NE(log.find("caveat: " + caveat), std::string::npos) << caveat;
}

// The body ends at a convective face: what reaches it is whole there.
TEST(RunDirectory, OnlyFacesWithTissueBeyondAreToBeMoved) {
  const Scratch scratch;
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 25 40 40 mm}";
  c.probes = "{p: {device: iceseed_1.5mm_tip, tip: 0 0 -10 mm, direction: 0 0 1}}";
  c.protocol = "[{probes: [p], steps: [{freeze: 8 min}]}]";
  c.faces = "all: {insulated: true}, x_min: {convection: 10 W/m2/K, ambient: 37 degC}";
  c.output = "{isotherms: [0 degC]}";
  run_in(scratch, read(c));
  const auto j = summary_of(scratch);
  const auto& last = j["isotherms"].back();
  ASSERT_EQ(last["touches"], (std::vector<std::string>{"x_min", "x_max"}));
  EXPECT_TRUE(last["clipped_by_domain"]);
  EXPECT_NE(j["warnings"].dump().find("the 0 degC isotherm reaches x_max: "), std::string::npos)
      << j["warnings"];
}

// Where nothing happens, tissue that was frozen at the start is still ice.
TEST(RunDirectory, TissueFrozenAtTheStartIsIceThroughout) {
  const Scratch scratch;
  CaseText c;
  c.initial = "-20 degC";
  c.faces = "all: {fixed: -20 degC}";
  c.protocol = "[{probes: [p], steps: [{active_thaw: 20 s, temperature: 20 degC}]}]";
  run_in(scratch, read(c));
  const H5Reader f(scratch.file("out/fields.h5"));
  for (const char* step : {"step/0/", "step/1/"}) {
    const auto t = f.values(std::string(step) + "temperature_degC");
    const auto ice = f.values(std::string(step) + "ice_fraction");
    for (const std::size_t corner : {std::size_t(0), t.size() - 1}) {
      EXPECT_NEAR(t[corner], -20, 1e-4);
      EXPECT_NEAR(ice[corner], 1, 1e-6) << step;
    }
  }
}

}  // namespace
}  // namespace thermodose::run_test
