// Implements: tests of read_case: what a good case becomes.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/bounded.h"
#include "base/log.h"
#include "case/key_lookup.h"
#include "sample_case.h"

namespace thermodose::test {
namespace {

TEST(CaseReader, ReadsTheDomain) {
  const CaseSpec spec = read_sample(kSampleCase);
  EXPECT_EQ(spec.file, "sample.yaml");
  EXPECT_EQ(spec.title, "A sample");
  EXPECT_FALSE(spec.domain.axisymmetric);
  EXPECT_NEAR(spec.domain.lower[0], -0.05, 1e-15);
  EXPECT_NEAR(spec.domain.upper[1], 0.04, 1e-15);
  EXPECT_NEAR(spec.domain.lower[2], -0.02, 1e-15);
  EXPECT_NEAR(spec.domain.upper[2], 0.04, 1e-15);
  EXPECT_DOUBLE_EQ(spec.domain.initial_temperature, 310.15);
  for (const std::size_t face : {0U, 1U, 2U, 3U}) {
    EXPECT_EQ(spec.domain.faces[face].kind, "fixed");
    EXPECT_DOUBLE_EQ(spec.domain.faces[face].temperature, 310.15);
  }
  EXPECT_EQ(spec.domain.faces[4].kind, "insulated");
  const FaceSpec& top = spec.domain.faces[5];
  EXPECT_EQ(top.kind, "convective");
  EXPECT_EQ(top.coefficient, 25);
  ASSERT_EQ(top.ambient.size(), 2U);
  EXPECT_EQ(top.ambient[1].first, 120);
  EXPECT_DOUBLE_EQ(top.ambient[1].second, 313.15);
}

TEST(CaseReader, ReadsAnAxisymmetricDomain) {
  std::string text = replaced(kSampleCase, "box: {center: 0 0 10 mm, size: 100 80 60 mm}",
                              "cylinder: {radius: 50 mm, bottom: -60 mm, top: 60 mm}");
  text = replaced(text, "left: {device: needle, tip: -10 0 0 mm, direction: 0 0 2}",
                  "left: {device: needle, tip: 0 0 0 mm, direction: 0 0 -2}");
  text = replaced(text, "  right: {device: needle, tip: 10 0 0 mm, entry: 10 0 30 mm}\n", "");
  text = replaced(text, "probes: [right]\n    start: 1 min", "probes: left\n    start: 13 min");
  text = replaced(text, "engine: grid", "engine: mesh");
  text = replaced(text, "    z_min: {insulated: true}", "    r_max: {insulated: true}");
  const CaseSpec spec = read_sample(text);
  EXPECT_TRUE(spec.domain.axisymmetric);
  EXPECT_NEAR(spec.domain.upper[0], 0.05, 1e-15);
  EXPECT_EQ(spec.domain.lower[0], 0);
  EXPECT_NEAR(spec.domain.lower[2], -0.06, 1e-15);
  EXPECT_EQ(spec.domain.faces[0].kind, "insulated");    // the axis
  EXPECT_EQ(spec.domain.faces[1].kind, "insulated");    // r_max
  EXPECT_EQ(spec.domain.faces[4].kind, "fixed");        // all
  EXPECT_EQ(spec.domain.faces[5].kind, "convective");   // z_max
  EXPECT_NEAR(spec.thermocouples[0][0], 0.003, 1e-15);  // the distance to the axis
  EXPECT_EQ(spec.thermocouples[0][1], 0);
}

TEST(CaseReader, ReadsProbesAndProtocol) {
  const CaseSpec spec = read_sample(kSampleCase);
  ASSERT_EQ(spec.probes.size(), 2U);
  EXPECT_EQ(spec.probes[0].name, "left");
  EXPECT_NEAR(spec.probes[0].tip[0], -0.01, 1e-16);
  for (const auto& probe : spec.probes) EXPECT_EQ(probe.direction, (Vec3{0, 0, 1}));
  ASSERT_EQ(spec.protocol.size(), 2U);
  const ProtocolGroupSpec& right = spec.protocol[1];
  EXPECT_EQ(right.probes, std::vector<std::string>{"right"});
  EXPECT_EQ(right.start, 60);
  EXPECT_EQ(right.cycles, 2);
  ASSERT_EQ(right.steps.size(), 2U);
  EXPECT_EQ(right.steps[0].kind, "freeze");
  EXPECT_EQ(right.steps[0].duration, 300);
  EXPECT_DOUBLE_EQ(right.steps[0].power, 0.8);
  EXPECT_EQ(right.steps[1].kind, "active_thaw");
  EXPECT_DOUBLE_EQ(*right.steps[1].temperature, 293.15);
  EXPECT_EQ(spec.protocol[0].steps[0].power, 1);
  EXPECT_FALSE(spec.protocol[0].steps[1].temperature);
  EXPECT_EQ(spec.end_time, 60 + 2 * 420);
}

TEST(CaseReader, ReadsRegionsDoseAndSettings) {
  const CaseSpec spec = read_sample(kSampleCase);
  ASSERT_EQ(spec.regions.size(), 1U);
  EXPECT_EQ(spec.regions[0].shape_name, "sphere");
  const auto* sphere = dynamic_cast<const Bounded*>(spec.regions[0].shape.get());
  ASSERT_NE(sphere, nullptr);
  EXPECT_NEAR(sphere->bounds().upper[0], 0.015, 1e-15);
  EXPECT_EQ(spec.dose_names, (std::vector<std::string>{"temperature_extremes", "time_below"}));
  EXPECT_DOUBLE_EQ(real_values(*spec.dose[1]).at("temperature"), 253.15);
  EXPECT_DOUBLE_EQ(spec.accuracy, 0.03);
  EXPECT_EQ(spec.numerics.engine, "grid");
  EXPECT_EQ(spec.numerics.precision, "double");
  EXPECT_DOUBLE_EQ(*spec.numerics.cell_size, 1.25e-3);
  EXPECT_FALSE(spec.numerics.max_step);
  EXPECT_EQ(spec.output.fields_every, 60);
  ASSERT_EQ(spec.output.isotherms.size(), 2U);
  EXPECT_DOUBLE_EQ(spec.output.isotherms[1], 233.15);
}

TEST(CaseReader, OptionalSectionsHaveTheirDefaults) {
  std::string text = kSampleCase;
  text = text.substr(0, text.find("\ndose:") + 1);
  const CaseSpec spec = read_sample(text);
  EXPECT_EQ(spec.dose_names, (std::vector<std::string>{"temperature_extremes", "time_below"}));
  EXPECT_DOUBLE_EQ(real_values(*spec.dose[1]).at("temperature"), 233.15);
  EXPECT_TRUE(spec.thermocouples.empty());
  EXPECT_DOUBLE_EQ(spec.accuracy, 0.02);
  EXPECT_EQ(spec.numerics.engine, "auto");
  EXPECT_TRUE(spec.numerics.error_estimate);
  EXPECT_EQ(spec.output.traces_every, 1);
  EXPECT_EQ(spec.output.isotherms.size(), 3U);
  EXPECT_TRUE(read_sample(text + "dose: []\n").dose.empty());
}

TEST(CaseReader, DurationLengthensOrCutsTheRun) {
  const std::string text = kSampleCase;
  EXPECT_EQ(read_sample(text + "duration: 30 min\n").end_time, 1800);
  EXPECT_EQ(read_sample(text + "duration: 90 s\n").end_time, 90);
}

TEST(CaseReader, MaterialsStartFromOthersAndReplaceWholeKeys) {
  const CaseSpec spec = read_sample(kSampleCase);
  ASSERT_EQ(spec.materials.size(), 2U);
  EXPECT_EQ(spec.materials[0].name, "soft");
  EXPECT_EQ(spec.materials[0].origin, "case");
  EXPECT_EQ(spec.materials[0].kind, "tissue");
  EXPECT_EQ(spec.materials[1].name, "lump");
  auto values = real_values(*spec.materials[1].object);
  EXPECT_DOUBLE_EQ(values.at("conductivity"), 0.6);
  EXPECT_DOUBLE_EQ(values.at("density"), 1050);
  EXPECT_DOUBLE_EQ(values.at("perfusion"), 400e-6 / 60);
}

TEST(CaseReader, LibrariesAreSearchedInOrder) {
  const TemporaryDirectory home;
  const std::string sample = kSampleCase;
  const auto begin = sample.find("    density:"), end = sample.find("  lump:");
  std::string soft = sample.substr(begin, end - begin);
  for (std::size_t at = 0; (at = soft.find("    ", at)) != std::string::npos; ++at) {
    soft.erase(at, 4);
  }
  home.write("library/soft.yaml", soft);
  home.write("library/firm.yaml", "from: soft\ndensity: 1100 kg/m3\n");
  home.write("case/materials/soft.yaml", replaced(soft, "1050", "1000"));
  std::string text = sample.substr(0, begin) + sample.substr(end);
  text = replaced(text, "  soft:\n", "");
  const ReadOptions options{{home.path() + "/library"}, {}};
  const auto density = [&](const CaseSpec& spec, std::size_t i) {
    return real_values(*spec.materials.at(i).object).at("density");
  };

  // The folder of the case comes first; `from` finds the library.
  CaseSpec spec = read_case(home.write("case/case.yaml", text), options);
  EXPECT_EQ(density(spec, 0), 1000);
  EXPECT_EQ(density(spec, 1), 1000);
  EXPECT_EQ(spec.materials[0].origin, "library: soft.yaml");
  EXPECT_EQ(spec.materials[1].origin, "library: soft.yaml + case");

  spec = read_case(home.write("other/case.yaml", text), options);
  EXPECT_EQ(density(spec, 0), 1050);

  // Library entries may start from one another; a section entry may start from its namesake.
  const std::string firm = replaced(text, "tissue: soft", "tissue: firm");
  EXPECT_EQ(density(read_case(home.write("other/case.yaml", firm), options), 0), 1100);
  const std::string own =
      replaced(text, "materials:\n", "materials:\n  soft: {from: soft, density: 1 g/mL}\n");
  spec = read_case(home.write("other/case.yaml", own), options);
  EXPECT_NEAR(density(spec, 0), 1000, 1e-9);
  EXPECT_NEAR(density(spec, 1), 1000,
              1e-9);  // lump starts from the entry of the case, not the library
}

TEST(CaseReader, ProblemsOfLibraryFilesAreToldWithThoseOfTheCase) {
  const TemporaryDirectory home;
  home.write("materials/bad.yaml", "density: 1050\nconductivty: 0.5 W/m/K\n");
  home.write("materials/worse.yaml", "density: [\n");
  std::string text = replaced(kSampleCase, "tissue: soft", "tissue: bad");
  text = replaced(text, "tissue: lump", "tissue: worse");
  text = replaced(text, "accuracy: 3 %", "accuracy: 3");
  const std::string found = problems_of(text, {{home.path() + "/materials"}, {}});
  EXPECT_NE(found.find("sample.yaml:51: accuracy: found the bare number '3'"), std::string::npos)
      << found;
  EXPECT_NE(found.find("bad.yaml:1: materials.bad.density: found the bare number '1050'"),
            std::string::npos)
      << found;
  EXPECT_NE(found.find("bad.yaml:2: materials.bad.conductivty: unknown key; did you mean "
                       "'conductivity'?"),
            std::string::npos)
      << found;
  EXPECT_NE(found.find("bad.yaml:1: materials.bad.heat_capacity: missing"), std::string::npos)
      << found;
  EXPECT_NE(found.find("worse.yaml:1: this is not YAML: the bracket"), std::string::npos) << found;
}

TEST(CaseReader, AFileThatIsWrongEverywhereIsReadNoFurther) {
  std::string text = kSampleCase;
  for (int i = 0; i < 1000; ++i) text += "key_" + std::to_string(i) + ": 1\n";
  const std::string found = problems_of(text);
  EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 200);
  EXPECT_NE(found.find("reading stopped here: there are 200 problems or more"), std::string::npos);
}

TEST(CaseReader, ManyEntriesAreRefusedQuickly) {
  // Each of these once took minutes: all pairs of probes, names searched for in lists.
  const std::string text = kSampleCase;
  std::string probes = "probes:\n", names = "probes: [left";
  for (int i = 0; i < 9000; ++i) {
    probes += "  p" + std::to_string(i) + ": {device: needle, tip: 0 0 0 mm, direction: 0 0 1}\n";
    names += ", all";
  }
  EXPECT_NE(problems_of(replaced(text, "probes:\n", probes))
                .find("probes: found 9002, allowed: at "
                      "most 1000"),
            std::string::npos);
  EXPECT_NE(problems_of(replaced(text, "probes: [left", names)).find("all stands alone"),
            std::string::npos);
  std::string isotherms = "isotherms: [";
  for (int i = 0; i < 9000; ++i) isotherms += std::to_string(i) + "e-3 degC, ";
  EXPECT_NE(problems_of(replaced(text, "isotherms: [", isotherms)).find("allowed: at most 100"),
            std::string::npos);
}

TEST(CaseReader, WarnsOfWhatIsSeldomMeant) {
  std::vector<std::string> warnings;
  log::to_console(log::Level::warning,
                  [&](log::Level, const std::string& text) { warnings.push_back(text); });
  const std::string text = replaced(kSampleCase, "probes: [right]", "probes: [left]");
  read_sample(replaced(text, "start: 1 min", "start: 20 min") + "duration: 5 min\n");
  log::to_console(log::Level::warning, {});
  EXPECT_EQ(warnings,
            (std::vector<std::string>{"probe 'right' is in no group of the protocol: it stays off",
                                      "duration cuts the protocol: 300 of 2040 s"}));
}

TEST(CaseReader, FilesThatCannotBeReadAreIoErrors) {
  const TemporaryDirectory home;
  EXPECT_THROW(read_case(home.path() + "/none.yaml", {}), IoError);
  EXPECT_THROW(read_case(home.path(), {}), IoError);
  EXPECT_THROW(read_case(home.write("big.yaml", std::string(2U << 20U, ' ')), {}), InputError);
}

TEST(CaseReader, ShippedCasesReadWell) {
  int count = 0;
  const std::string source = THERMODOSE_SOURCE_DIR;
  for (const auto& entry : std::filesystem::directory_iterator(source + "/cases")) {
    const auto file = entry.path() / "case.yaml";
    if (!std::filesystem::exists(file)) continue;
    ++count;
    try {
      const CaseSpec spec = read_case(file.string(), {{source + "/materials"}, {}});
      EXPECT_GT(spec.end_time, 0) << file;
    } catch (const InputError& e) {
      ADD_FAILURE() << e.what();
    }
  }
  EXPECT_GE(count, 2);
}

TEST(CaseReader, ShippedLibraryFilesReadWell) {
  const std::string source = THERMODOSE_SOURCE_DIR;
  const ReadOptions options{{source + "/materials"}, {}};
  int count = 0;
  const auto each = [&](const std::string& folder, const std::string& from, const auto& change) {
    for (const auto& entry : std::filesystem::directory_iterator(source + folder)) {
      if (entry.path().extension() != ".yaml") continue;
      ++count;
      const std::string name = entry.path().stem().string();
      EXPECT_EQ(problems_of(replaced(kSampleCase, from, change(name)), options), "") << name;
    }
  };
  // As an unused entry of the section: no check of the case against it, only its own.
  each("/materials",
       "  lump:", [](const std::string& name) { return "  copy: {from: " + name + "}\n  lump:"; });
  each("/materials/probes", "devices:\n",
       [](const std::string& name) { return "devices:\n  copy: {from: " + name + "}\n"; });
  EXPECT_GE(count, 9);
}

TEST(LateProblems, GetTheLineOfTheirKeyOrItsParent) {
  const CaseSpec spec = read_sample(kSampleCase, {{}, {{"accuracy", "5 %"}}});
  const InputError late({{"sample.yaml", 0, "probes.left", "too near the edge"},
                         {"sample.yaml", 0, "protocol[1].steps[0].power", "too low"},
                         {"sample.yaml", 0, "accuracy", "too fine"},
                         {"sample.yaml", 0, "numerics.max_step", "not given"},
                         {"other.yaml", 3, "probes.left", "known"},
                         {"", 0, "", "no key"}});
  EXPECT_EQ(std::string(located(late, spec).what()),
            "sample.yaml:36: probes.left: too near the edge\n"
            "sample.yaml:47: protocol[1].steps[0].power: too low\n"
            "--set accuracy: accuracy: too fine\n"
            "sample.yaml:52: numerics.max_step: not given\n"
            "other.yaml:3: probes.left: known\n"
            "no key");
}

}  // namespace
}  // namespace thermodose::test
