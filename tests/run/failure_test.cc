// Implements: tests of runs that do not reach their end: what the solver cannot do, and
// interruption. The error passes through, the last good state and a summary stay.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>

#include "base/error.h"
#include "output/h5_read.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

/// Tissue whose data end at -60 degC under a needle of -140 degC.
CaseText too_cold() {
  CaseText c;
  c.tissue = "delicate";
  c.materials =
      std::string(CaseText::kSoft).replace(2, 4, "delicate") + "    min_temperature: -60 degC\n";
  c.output = "{isotherms: [0 degC, -20 degC], isotherms_every: 10 s, fields_every: 10 s}";
  return c;
}

/// Times of fields.xdmf, in the order of the file.
std::vector<double> field_times(const Scratch& scratch) {
  const std::string text = scratch.read("out/fields.xdmf");
  const std::regex time("<Time Value=\"([^\"]+)\"");
  std::vector<double> out;
  for (std::sregex_iterator it(text.begin(), text.end(), time), end; it != end; ++it)
    out.push_back(std::stod((*it)[1]));
  return out;
}

/// What every run that stopped early leaves behind, up to the time it reached.
void expect_kept(const Scratch& scratch, const std::string& status) {
  const auto summary = summary_of(scratch);
  EXPECT_EQ(summary["status"], status);
  EXPECT_NE(summary["message"], "");
  const double reached = summary["simulated_time_s"];
  const auto times = field_times(scratch);
  ASSERT_FALSE(times.empty());
  EXPECT_EQ(times.back(), reached) << "the last good state is written";
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GT(times[i], times[i - 1]);
  const output_test::H5Reader fields(scratch.file("out/fields.h5"));
  const std::string last = "step/" + std::to_string(times.size() - 1);
  EXPECT_EQ(fields.number(last, "time_s"), reached);
  for (const char* name : {"temperature_degC", "ice_fraction", "t_min_degC"})
    EXPECT_TRUE(fields.has(last + "/" + name)) << name;
  const auto& isotherms = summary["isotherms"];
  ASSERT_GE(isotherms.size(), 2U);
  EXPECT_EQ(isotherms.back()["time_s"], reached);
  for (std::size_t i = 2; i < isotherms.size(); ++i)
    EXPECT_GT(double(isotherms[i]["time_s"]), double(isotherms[i - 2]["time_s"]));
  const output_test::H5Reader results(scratch.file("out/results.h5"));
  EXPECT_EQ(results.values("isotherms/time_s").size(), isotherms.size());
  EXPECT_LE(results.values("traces/time_s").back(), reached);
  EXPECT_LT(std::abs(double(summary["energy_balance"]["relative_residual"])), 1e-4);
  for (const auto& entry : std::filesystem::directory_iterator(scratch.file("out")))
    EXPECT_NE(entry.path().extension(), ".part") << entry.path();
}

TEST(FailedRun, TemperatureOutsideTheDataOfTheTissue) {
  const Scratch scratch;
  try {
    run_in(scratch, read(too_cold()));
    FAIL() << "-140 degC in tissue known to -60 degC";
  } catch (const SolverError& e) {
    const std::string text = e.what();
    EXPECT_NE(text.find("t = "), std::string::npos) << text;
    EXPECT_NE(text.find("delicate at -6"), std::string::npos) << text;
    EXPECT_NE(text.find("mm, allowed from -60.0 degC"), std::string::npos) << text;
    EXPECT_EQ(summary_of(scratch)["message"], text);
  }
  expect_kept(scratch, "failed");
  const double reached = summary_of(scratch)["simulated_time_s"];
  EXPECT_GT(reached, 10);
  EXPECT_LT(reached, 60);
  const output_test::H5Reader fields(scratch.file("out/fields.h5"));
  const auto cold = fields.values("step/" + std::to_string(field_times(scratch).size() - 1) +
                                  "/temperature_degC");
  EXPECT_GE(*std::min_element(cold.begin(), cold.end()), -60.01);
  EXPECT_LT(*std::min_element(cold.begin(), cold.end()), -50) << "the last good state is close";
}

// The very first step fails: what was written at the instant before is not written twice.
TEST(FailedRun, AtTheInstantThatWasJustShown) {
  CaseText c = too_cold();
  c.initial = "-10 degC";
  c.faces = "all: {fixed: -10 degC}";
  c.materials = std::string(CaseText::kSoft).replace(2, 4, "delicate") +
                "    min_temperature: -10.0001 degC\n";
  const Scratch scratch;
  EXPECT_THROW(run_in(scratch, read(c)), SolverError);
  expect_kept(scratch, "failed");
  EXPECT_LT(double(summary_of(scratch)["simulated_time_s"]), 1);
}

// A companion that fails costs the error estimate; the run itself is what is asked for. On cells
// of 1.25 mm the space of the needle gets a few kelvin colder than its surface, on 0.8 mm hardly.
TEST(FailedRun, CoarseCompanionAlone) {
  CaseText c = too_cold();
  c.materials.replace(c.materials.find("-60 degC"), 8, "-143 degC");
  c.numerics = "{cell_size: 0.8 mm, max_step: 1 s}";
  const Scratch scratch;
  bool too_early = false;
  const auto progress = [&](const Progress& p) {
    if (p.phase.find("companion") == std::string::npos)
      too_early = too_early || std::filesystem::exists(scratch.file("out/summary.json"));
  };
  const RunSummary s = run_in(scratch, read(c), 2, progress);
  EXPECT_EQ(s.status, RunSummary::Status::complete);
  EXPECT_FALSE(too_early) << "summary.json is the mark of a finished run";
  EXPECT_NE(summary_of(scratch)["warnings"].dump().find("no discretisation error"),
            std::string::npos);
}

TEST(FailedRun, CoarseCompanionAndRun) {
  CaseText c = too_cold();
  c.numerics = "{cell_size: 2.5 mm}";
  const Scratch scratch;
  EXPECT_THROW(run_in(scratch, read(c)), SolverError) << "here both fail";
  expect_kept(scratch, "failed");
  const std::string warnings = summary_of(scratch)["warnings"].dump();
  EXPECT_NE(warnings.find("no discretisation error"), std::string::npos) << warnings;
}

TEST(InterruptedRun, KeepsWhatThereIs) {
  CaseText c;
  c.output = "{isotherms: [0 degC, -20 degC], isotherms_every: 10 s, fields_every: 10 s}";
  const Scratch scratch;
  std::atomic<bool> stop{false};
  const auto progress = [&](const Progress& p) {
    EXPECT_EQ(p.end_time, 120);
    stop = stop || p.time > 33;
  };
  EXPECT_THROW(run_in(scratch, read(c), 1, progress, &stop), Interrupted);
  expect_kept(scratch, "interrupted");
  const double reached = summary_of(scratch)["simulated_time_s"];
  EXPECT_GT(reached, 33);
  EXPECT_LT(reached, 60);
  EXPECT_EQ(field_times(scratch).size(), 5U) << "0, 10, 20, 30 s and the end";
}

TEST(InterruptedRun, InTheCoarseCompanion) {
  CaseText c;
  c.numerics = "{cell_size: 2.5 mm}";
  const Scratch scratch;
  std::atomic<bool> stop{false};
  std::string phase;
  const auto progress = [&](const Progress& p) {
    phase = p.phase;
    stop = true;
  };
  EXPECT_THROW(run_in(scratch, read(c), 1, progress, &stop), Interrupted);
  EXPECT_NE(phase.find("companion"), std::string::npos);
  ASSERT_TRUE(std::filesystem::exists(scratch.file("out/summary.json")));
  const auto summary = summary_of(scratch);
  EXPECT_EQ(summary["status"], "interrupted");
  EXPECT_TRUE(summary["isotherms"].empty()) << "those of the companion would be taken for results";
  EXPECT_EQ(double(summary["simulated_time_s"]), 0);
  EXPECT_NE(std::string(summary["message"]).find("coarse companion"), std::string::npos);
  EXPECT_NE(scratch.read("out/run.log").find("interrupted at t = "), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(scratch.file("out/fields.xdmf")));
}

TEST(RefusedRun, ProbeTooNearTheEdgeIsNamed) {
  CaseText c;
  c.probes =
      "{good: {device: needle, tip: 0 0 -5 mm, direction: 0 0 1}, "
      "grazing: {device: needle, tip: 19.6 0 -5 mm, direction: 0 0 1}}";
  c.protocol = "[{probes: [all], steps: [{freeze: 1 min}]}]";
  for (const char* engine : {"grid", "mesh"}) {
    c.numerics = "{engine: " + std::string(engine) + ", cell_size: 2.5 mm, error_estimate: false}";
    const Scratch scratch;
    try {
      run_in(scratch, read(c));
      FAIL() << "0.4 mm from the face, with cells of 2.5 mm: " << engine;
    } catch (const InputError& e) {
      ASSERT_EQ(e.problems().size(), 1U) << e.what();
      EXPECT_EQ(e.problems()[0].key, "probes.grazing");
      EXPECT_EQ(e.problems()[0].file, "small.yaml");
    }
  }
}

// Larger cells want a probe farther from the edge: that is the companion's trouble alone.
TEST(RefusedRun, ProbeTooNearTheEdgeForTheCompanionOnly) {
  CaseText c;
  c.probes = "{p: {device: needle, tip: 17.6 0 -5 mm, direction: 0 0 1}}";
  c.numerics = "{cell_size: 2.5 mm}";
  const Scratch scratch;
  run_in(scratch, read(c));
  const auto summary = summary_of(scratch);
  EXPECT_EQ(summary["status"], "complete");
  EXPECT_NE(summary["warnings"].dump().find("no discretisation error"), std::string::npos);
  EXPECT_TRUE(summary["isotherms"].back()["discretisation_error_mL"].is_null());
}

TEST(RefusedRun, ProtocolThatNoDeviceFollows) {
  CaseText c;
  c.protocol =
      "[{probes: [p], steps: [{freeze: 1 min}, {active_thaw: 1 min, temperature: 20 degC}]}]";
  CaseSpec spec = read(c);
  spec.protocol[0].steps[1].temperature = kelvin(60);
  const Scratch scratch;
  try {
    run_in(scratch, spec);
    FAIL() << "no probe thaws at 60 degC";
  } catch (const InputError& e) {
    ASSERT_EQ(e.problems().size(), 1U) << e.what();
    EXPECT_EQ(e.problems()[0].key, "protocol[0].steps[1].temperature");
    EXPECT_EQ(e.problems()[0].file, "small.yaml");
  }
  EXPECT_THROW(check_case(spec), InputError);
  EXPECT_FALSE(std::filesystem::exists(scratch.file("out"))) << "found before anything is made";
}

// Bad input leaves nothing behind that looks like a run.
TEST(RefusedRun, LeavesNoSummary) {
  CaseText c;
  c.probes = "{grazing: {device: needle, tip: 19.6 0 -5 mm, direction: 0 0 1}}";
  c.protocol = "[{probes: [all], steps: [{freeze: 1 min}]}]";
  const Scratch scratch;
  EXPECT_THROW(run_in(scratch, read(c)), InputError);
  EXPECT_FALSE(std::filesystem::exists(scratch.file("out/summary.json")));
  EXPECT_FALSE(std::filesystem::exists(scratch.file("out/fields.xdmf")));
}

}  // namespace
}  // namespace thermodose::run_test
