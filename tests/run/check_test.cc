// Implements: tests of check_case: what it tells and how near it comes.
#include <gtest/gtest.h>

#include <cmath>
#include <regex>

#include "base/error.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

/// The number before `unit` in the text of a check.
double told(const std::string& text, const std::string& unit) {
  const std::regex pattern("([0-9.e+-]+) " + unit);
  std::smatch match;
  if (!std::regex_search(text, match, pattern))
    throw std::runtime_error("no " + unit + ": " + text);
  return std::stod(match[1]);
}

CaseText finer() {
  CaseText c;
  c.numerics = "{cell_size: 0.8 mm, error_estimate: false}";
  c.protocol = "[{probes: [p], steps: [{freeze: 4 min}, {passive_thaw: 1 min}]}]";
  return c;
}

TEST(Check, TellsCellsMemoryAndTime) {
  const std::string text = check_case(read(finer())).text;
  for (const char* word : {"grid", "rkl2", "float", "cells", "nodes", "steps", "memory", "core"})
    EXPECT_NE(text.find(word), std::string::npos) << word << " in: " << text;
  EXPECT_NEAR(told(text, "mm"), 0.8, 1e-9);
  EXPECT_GT(told(text, "MB"), 1);
  EXPECT_GT(told(text, "s on"), 0);
}

TEST(Check, CaveatsOfWhatIsUsed) {
  CaseText c;
  EXPECT_EQ(check_case(read(c)).text.find("caveat"), std::string::npos);
  c.probes = "{p: {device: iceseed_1.5mm_tip, tip: 0 0 -8 mm, direction: 0 0 1}}";
  const std::string text = check_case(read(c)).text;
  EXPECT_NE(text.find("caveat: iceseed_1.5mm_tip: "), std::string::npos) << text;
}

TEST(Check, NodesAreThoseOfTheRun) {
  CaseText c;
  for (const char* size : {"40 40 40 mm", "41.3 37.9 29.1 mm"}) {
    c.domain = "box: {center: 0 0 0 mm, size: " + std::string(size) + "}";
    c.thermocouples = "{}";
    const CaseSpec spec = read(c);
    const Scratch scratch;
    const RunSummary s = run_in(scratch, spec);
    EXPECT_EQ(node_count(spec, make_plan(spec)), s.dofs);
  }
  const CaseSpec spec = read(finer());
  EXPECT_NEAR(told(check_case(spec).text, "million nodes"), std::pow(51, 3) * 1e-6, 0.005);
}

TEST(Check, NodesOfMeshes) {
  CaseText octree, axisymmetric;
  octree.domain = "box: {center: 0 0 0 mm, size: 100 100 100 mm}";
  octree.numerics = "{engine: mesh, cell_size: 2 mm, error_estimate: false}";
  octree.protocol = axisymmetric.protocol = "[{probes: [p], steps: [{freeze: 5 s}]}]";
  axisymmetric.domain = "cylinder: {radius: 30 mm, bottom: -30 mm, top: 30 mm}";
  for (const auto& [text, tolerance] :
       std::vector<std::pair<CaseText, double>>{{octree, 0.2}, {axisymmetric, 0}}) {
    const CaseSpec spec = read(text);
    const Scratch scratch;
    const double run = double(run_in(scratch, spec).dofs);
    const EngineSize size = engine_size(make_model(spec, 0.05), make_plan(spec));
    EXPECT_NEAR(size.nodes, run, tolerance * run);
    EXPECT_LE(size.finest, make_plan(spec).cell_size);
  }
}

TEST(Check, RefusesAProbeTooNearTheEdge) {
  CaseText c;
  c.probes = "{grazing: {device: needle, tip: 19.6 0 -5 mm, direction: 0 0 1}}";
  c.protocol = "[{probes: [all], steps: [{freeze: 1 min}]}]";
  try {
    check_case(read(c));
    FAIL() << "the run would refuse it";
  } catch (const InputError& e) {
    EXPECT_EQ(e.problems()[0].key, "probes.grazing");
  }
}

// The machine may be busy: only the order of magnitude is held to.
TEST(Check, TimeIsRightByOrderOfMagnitude) {
  const CaseSpec spec = read(finer());
  const double estimate = told(check_case(spec).text, "s on");
  const Scratch scratch;
  const RunSummary s = run_in(scratch, spec, 2);
  RecordProperty("estimated_s", std::to_string(estimate));
  RecordProperty("measured_s", std::to_string(s.wall_solve));
  EXPECT_LT(estimate, 5 * s.wall_solve);
  EXPECT_GT(estimate, s.wall_solve / 100);
}

TEST(Check, CompanionAndPrecisionCost) {
  CaseText c = finer();
  const std::string single = check_case(read(c)).text;
  c.numerics = "{cell_size: 0.8 mm, error_estimate: false, precision: double}";
  const std::string twice = check_case(read(c)).text;
  c.numerics = "{cell_size: 0.8 mm}";
  const std::string with = check_case(read(c)).text;
  EXPECT_GT(told(twice, "MB"), 1.2 * told(single, "MB"));
  EXPECT_GT(told(twice, "s on"), 1.2 * told(single, "s on"));
  EXPECT_GT(told(with, "s on"), 1.05 * told(single, "s on"));
}

}  // namespace
}  // namespace thermodose::run_test
