// Implements: tests of the probe library and the shipped cases through the real reader: every
// entry reads, its law holds, every number has a source, what is unverified is told by a caveat,
// and a maker's tip temperature is never the entry that was fitted to thermocouples.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "case/case_reader.h"
#include "devices/schedule.h"

namespace thermodose {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = THERMODOSE_SOURCE_DIR;
const fs::path kProbes = kRoot / "materials" / "probes";

std::vector<std::string> probe_entries() {
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(kProbes)) {
    if (file.path().extension() == ".yaml") names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

ReadOptions library() {
  ReadOptions options;
  options.library = {(kRoot / "materials").string()};
  return options;
}

/// The device as a case that uses it would get it.
std::shared_ptr<Cryoprobe> read(const std::string& name) {
  const std::string text =
      "thermodose: 1\ntitle: probe\n"
      "domain:\n  box: {center: 0 0 0 mm, size: 200 200 200 mm}\n"
      "  initial_temperature: 37 degC\n  faces: {all: {fixed: 37 degC}}\n"
      "tissue: water\nprobes:\n  p: {device: " +
      name +
      ", tip: 0 0 0 mm, direction: 0 0 1}\n"
      "protocol: [{probes: [p], steps: [{freeze: 10 min}]}]\naccuracy: 5 %\n";
  const fs::path file = kRoot / "no_such_folder" / "case.yaml";
  const CaseSpec spec = read_case_text(text, file.string(), library());
  return std::dynamic_pointer_cast<Cryoprobe>(spec.devices.front().object);
}

class ProbeLibrary : public ::testing::TestWithParam<std::string> {};

TEST_P(ProbeLibrary, ReadsAndFreezes) {
  std::shared_ptr<Cryoprobe> probe;
  try {
    probe = read(GetParam());
  } catch (const InputError& e) {
    FAIL() << e.what();
  }
  ASSERT_TRUE(probe);
  EXPECT_TRUE(probe->check().empty());
  const Schedule schedule({{"p", &probe->law()}}, {{{0}, 0, 1, {{"freeze", 600, 1, {}}}}},
                          kZeroCelsius + 37);
  EXPECT_LT(schedule.condition(0, 0, 600).temperature, kZeroCelsius - 75);
  // The name of an entry states its diameter.
  const double named = std::stod(GetParam().substr(GetParam().find_first_of("0123456789")));
  EXPECT_NEAR(probe->diameter * 1e3, named, 0.051) << GetParam();
}

/// Adds the path of every number below `node` that is no map with a source; collects sources.
void collect(const YAML::Node& node, const std::string& path, std::vector<std::string>& bare,
             std::vector<std::string>& sources) {
  if (node.IsMap() && node["value"]) {
    const auto source = node["source"] ? node["source"].as<std::string>() : "";
    if (source.empty()) bare.push_back(path);
    sources.push_back(source);
  } else if (node.IsMap()) {
    for (const auto& entry : node) {
      const auto name = entry.first.as<std::string>();
      if (name == "title" || name == "kind" || name == "caveats" || name == "fall") continue;
      std::string below = path;
      below += "." + name;
      collect(entry.second, below, bare, sources);
    }
  } else {
    bare.push_back(path);
  }
}

TEST_P(ProbeLibrary, EveryNumberHasASourceAndDoubtsAreTold) {
  const YAML::Node file = YAML::LoadFile((kProbes / (GetParam() + ".yaml")).string());
  std::vector<std::string> bare;
  std::vector<std::string> sources;
  collect(file, "", bare, sources);
  EXPECT_TRUE(bare.empty()) << "without a source: " << bare.front();
  EXPECT_GE(sources.size(), 4U);
  const auto doubtful = [](const std::string& s) {
    // That throttling is a convention is told by the runs that throttle (run/model.cc).
    return s.find("unverified") != std::string::npos ||
           (s.find("not a measurement") != std::string::npos &&
            s.find("throttling law") == std::string::npos);
  };
  const auto doubts = std::size_t(std::count_if(sources.begin(), sources.end(), doubtful));
  const auto probe = read(GetParam());
  EXPECT_GE(probe->caveats.size(), doubts) << "an unverified number without a caveat";
  if (GetParam().find("_tip") != std::string::npos) {
    const auto warns = [](const std::string& c) {
      return c.find("over-predicts") != std::string::npos;
    };
    EXPECT_TRUE(std::any_of(probe->caveats.begin(), probe->caveats.end(), warns));
  }
}

INSTANTIATE_TEST_SUITE_P(All, ProbeLibrary, ::testing::ValuesIn(probe_entries()),
                         [](const auto& entry) {
                           std::string name = entry.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

TEST(ProbeLibrary, HoldsEveryClassAndBothKindsOfIceSphere) {
  const auto names = probe_entries();
  for (const char* name :
       {"cryoprobe_1.47mm", "cryoprobe_1.7mm", "cryoprobe_2.4mm", "cryoprobe_3mm",
        "cryoprobe_3.8mm", "icesphere_1.5mm_tip", "icesphere_1.5mm_effective"}) {
    EXPECT_TRUE(std::binary_search(names.begin(), names.end(), name)) << name;
  }
  const auto coldest = [](const char* name) { return read(name)->law().temperature_range().first; };
  EXPECT_NEAR(coldest("icesphere_1.5mm_tip"), kZeroCelsius - 140, 1e-9);
  EXPECT_NEAR(coldest("icesphere_1.5mm_effective"), kZeroCelsius - 93, 1e-9);
}

TEST(ShippedCases, Read) {
  int count = 0;
  for (const auto& folder : fs::directory_iterator(kRoot / "cases")) {
    const fs::path file = folder.path() / "case.yaml";
    if (!fs::exists(file)) continue;
    ++count;
    try {
      const CaseSpec spec = read_case(file.string(), library());
      EXPECT_GT(spec.end_time, 0) << file;
      EXPECT_FALSE(spec.title.empty()) << file;
      EXPECT_FALSE(spec.thermocouples.empty()) << file;
    } catch (const InputError& e) {
      ADD_FAILURE() << e.what();
    }
  }
  EXPECT_GE(count, 4);
}

TEST(ShippedCases, ReferenceCaseIsTheStatedOne) {
  const CaseSpec spec = read_case((kRoot / "cases" / "cryo_ref" / "case.yaml").string(), library());
  EXPECT_DOUBLE_EQ(spec.end_time, 1500);
  EXPECT_DOUBLE_EQ(spec.accuracy, 0.02);
  ASSERT_EQ(spec.probes.size(), 2U);
  EXPECT_NEAR(spec.probes[1].tip[0] - spec.probes[0].tip[0], 15e-3, 1e-12);
  const auto probe = std::dynamic_pointer_cast<Cryoprobe>(spec.devices.front().object);
  EXPECT_NEAR(probe->diameter, 1.5e-3, 1e-12);
  EXPECT_NEAR(probe->active_length, 35e-3, 1e-12);
  EXPECT_NEAR(spec.probes[0].tip[2] + probe->active_length / 2, 0, 1e-12);
  ScheduleGroup group{{0}, spec.protocol[0].start, spec.protocol[0].cycles, {}};
  for (const auto& s : spec.protocol[0].steps) {
    group.steps.push_back({s.kind, s.duration, s.power, s.temperature});
  }
  Schedule schedule({{"p", &probe->law()}}, {group}, spec.domain.initial_temperature);
  EXPECT_EQ(schedule.switch_times(), (std::vector<double>{0, 60, 600, 780, 900, 960, 1500}));
  schedule.set_surface_at_begin(0, 2, kZeroCelsius);
  const std::vector<std::pair<double, double>> surface = {
      {0, 37}, {30, -51.5}, {60, -140}, {599, -140}, {780, 20}, {899, 20}, {930, -60}, {960, -140}};
  for (const auto& [t, celsius] : surface) {
    const auto condition = schedule.condition(0, schedule.interval_at(0, t), t);
    EXPECT_NEAR(condition.temperature, kZeroCelsius + celsius, 1e-9) << t;
  }
  EXPECT_EQ(schedule.mode(0, 700), ProbeMode::passive_thaw);
}

}  // namespace
}  // namespace thermodose
