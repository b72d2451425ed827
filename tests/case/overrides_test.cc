// Implements: tests of --set.
#include <gtest/gtest.h>

#include "case/key_lookup.h"
#include "sample_case.h"

namespace thermodose::test {
namespace {

CaseSpec with(const std::string& key, const std::string& value) {
  return read_sample(kSampleCase, {{}, {{key, value}}});
}

std::string told(const std::string& key, const std::string& value) {
  return problems_of(kSampleCase, {{}, {{key, value}}});
}

TEST(Overrides, ReplaceValuesInMapsAndLists) {
  EXPECT_DOUBLE_EQ(with("accuracy", "5 %").accuracy, 0.05);
  EXPECT_NEAR(with("probes.left.tip", "-12 0 0 mm").probes[0].tip[0], -0.012, 1e-16);
  EXPECT_EQ(with("protocol.1.steps.0.freeze", "6 min").protocol[1].steps[0].duration, 360);
  EXPECT_EQ(with("protocol[1].steps[0].freeze", "6 min").protocol[1].steps[0].duration, 360);
  EXPECT_EQ(with("output.isotherms", "[0 degC]").output.isotherms.size(), 1U);
  EXPECT_EQ(with("dose", "[freeze_count]").dose_names, std::vector<std::string>{"freeze_count"});
}

TEST(Overrides, AddKeysThatTheFileDoesNotHave) {
  EXPECT_EQ(with("duration", "7 min").end_time, 420);
  EXPECT_EQ(with("numerics.max_step", "5 s").numerics.max_step, 5);
  EXPECT_EQ(with("materials.lump.density", "999 kg/m3").materials[1].name, "lump");
}

TEST(Overrides, ReachNamesWithDots) {
  const std::string text =
      replaced(replaced(kSampleCase, "left:", "left_1.5mm:"), "[left]", "[left_1.5mm]");
  const CaseSpec spec = read_sample(text, {{}, {{"probes.left_1.5mm.tip", "-12 0 0 mm"}}});
  EXPECT_NEAR(spec.probes[0].tip[0], -0.012, 1e-16);
}

TEST(Overrides, TakeTheLongestNameThatExists) {
  const std::string text =
      replaced(kSampleCase, "probes:\n  left:",
               "probes:\n  left.tip: {device: needle, tip: 0 20 0 mm, direction: 0 0 1}\n  left:");
  const ReadOptions set{{}, {{"probes.left.tip.tip", "0 25 0 mm"}}};
  const CaseSpec spec = read_sample(text, set);
  EXPECT_NEAR(spec.probes[0].tip[1], 0.025, 1e-16);
  EXPECT_NEAR(spec.probes[1].tip[0], -0.01, 1e-16);
}

const std::string kMaterials = std::string(THERMODOSE_SOURCE_DIR) + "/materials";

/// The sample with tissue and needle from the shipped library, and settings.
const std::string kLibraryCase = replaced(
    replaced(replaced(kSampleCase, "tissue: soft", "tissue: liver"), "tip: -10", "tip: -15"),
    "left: {device: needle", "left: {device: icesphere_1.5mm_effective");

using Settings = std::vector<std::pair<std::string, std::string>>;

std::string library_told(const Settings& settings) {
  return problems_of(kLibraryCase, {{kMaterials}, settings});
}

TEST(Overrides, VaryAnEntryOfTheLibrary) {
  const Settings none, set{{"materials.liver.density", "1000 kg/m3"},
                           {"materials.liver.perfusion", "600 mL/min/kg"}};
  const CaseSpec as_is = read_sample(kLibraryCase, {{kMaterials}, none});
  const CaseSpec varied = read_sample(kLibraryCase, {{kMaterials}, set});
  EXPECT_EQ(as_is.materials[0].origin, "library: liver.yaml");
  EXPECT_EQ(varied.materials[0].origin, "library: liver.yaml + --set");
  auto before = real_values(*as_is.materials[0].object);
  const auto after = real_values(*varied.materials[0].object);
  EXPECT_EQ(after.at("density"), 1000);
  EXPECT_EQ(after.at("perfusion"), 1e-5);
  before["density"] = 1000;
  before["perfusion"] = 1e-5;
  EXPECT_EQ(before, after) << "nothing else changes";
}

TEST(Overrides, VaryOneKeyOfALawOfTheLibrary) {
  const CaseSpec spec = read_sample(
      kLibraryCase,
      {{kMaterials},
       {{"devices.icesphere_1.5mm_effective.law.surface_temperature.end_temperature", "-78 degC"},
        {"materials.liver.freezing.linear.solidus", "-6 degC"}}});
  const std::string text = resolved_yaml(spec, {});
  for (const char* part : {"end_temperature: 195.15 K\n        fall: exponential\n        "
                           "fall_time: 15 s\n",
                           "solidus: 267.15 K\n        liquidus: 272.15 K\n        "
                           "water_fraction: 0.74\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nnot in\n" << text;
  }
}

TEST(Overrides, QuotedNamesHoldDots) {
  const auto device = [](const std::string& key) {
    const CaseSpec spec = read_sample(kLibraryCase, {{kMaterials}, {{key, "3 mm"}}});
    return real_values(*spec.devices[0].object).at("diameter");
  };
  EXPECT_EQ(device("devices.\"icesphere_1.5mm_effective\".diameter"), 0.003);
  EXPECT_EQ(device("devices.'icesphere_1.5mm_effective'.diameter"), 0.003);
  const CaseSpec spec = with("thermocouples.\"at_1.1mm\"", "0 0 1 mm");
  EXPECT_EQ(spec.thermocouple_names, (std::vector<std::string>{"behind", "at_1.1mm"}));
  EXPECT_EQ(told("thermocouples.\"at_1.1mm", "0 0 1 mm"),
            "--set thermocouples.\"at_1.1mm: thermocouples.\"at_1.1mm: a quote or a bracket is not "
            "closed");
}

TEST(Overrides, AKeyOfTheLibraryCanBeTakenAway) {
  EXPECT_EQ(library_told({{"materials.liver.freezing.linear.latent_heat", "250 kJ/kg"}}),
            "--set materials.liver.freezing.linear.latent_heat: "
            "materials.liver.freezing.linear.latent_heat: give either latent_heat or "
            "water_fraction ('from' took over solidus, liquidus and water_fraction; 'KEY: ~' "
            "takes one away)");
  EXPECT_EQ(library_told({{"materials.liver.freezing.linear.latent_heat", "250 kJ/kg"},
                          {"materials.liver.freezing.linear.water_fraction", "~"}}),
            "");
}

TEST(Overrides, AKeyOfTheCaseCanBeTakenAway) {
  EXPECT_EQ(with("numerics.cell_size", "~").numerics.cell_size, std::nullopt);
  EXPECT_TRUE(with("regions", "~").regions.empty());
  EXPECT_EQ(told("tissue", "~"),
            "sample.yaml:1: tissue: missing; expected: The background: a material of the library "
            "or of `materials`.");
  EXPECT_EQ(told("protocol.0.steps.0", "~"),
            "--set protocol.0.steps.0: protocol[0].steps[0]: found nothing, expected a map of "
            "keys");
  // Own keys of an entry with `from` go, too, and with them what `from` brought.
  EXPECT_EQ(told("materials.lump.conductivity", "~"),
            "sample.yaml:22: materials.lump.conductivity: missing; expected: Heat conductivity, "
            "unfrozen, at 37 degC.");
  EXPECT_EQ(problems_of(kSampleCase, {{},
                                      {{"materials.soft.freezing", "none"},
                                       {"materials.soft.frozen_conductivity", "~"},
                                       {"materials.soft.frozen_heat_capacity", "~"}}}),
            "");
}

TEST(Overrides, OfANewEntrySayWhatThereIs) {
  EXPECT_EQ(told("probes.lft.tip", "0 0 0 mm"),
            "--set probes.lft.tip: probes.lft.device: missing; expected: A device of the library "
            "or of `devices`. ('lft' is new, the case has left and right)");
  EXPECT_EQ(
      library_told({{"materials.liver", "{density: 1000 kg/m3}"}}).substr(0, 188),
      "--set materials.liver: materials.liver.heat_capacity: missing; expected: Specific heat "
      "capacity, unfrozen, at 37 degC. ('from: liver' takes over what the library has)\n--set "
      "materials.liver");
  for (const char* path : {"regions[0.tissue", "regions]0.tissue", "regions[0]]"}) {
    EXPECT_EQ(told(path, "soft"),
              "--set " + std::string(path) + ": " + path + ": a quote or a bracket is not closed");
  }
}

TEST(Overrides, OfEntriesThatAreNotUsedAreTold) {
  EXPECT_EQ(library_told({{"materials.brain_grey_matter.density", "1000 kg/m3"}}),
            "--set materials.brain_grey_matter.density: materials.brain_grey_matter: has no "
            "effect: the case uses liver and lump");
  EXPECT_EQ(library_told({{"materials.livr.density", "1000 kg/m3"}}),
            "--set materials.livr.density: materials.livr: there is no tissue 'livr', neither in "
            "'materials:' nor in the library; did you mean 'liver'?");
  EXPECT_EQ(library_told({{"materials.mine.from", "liver"},
                          {"materials.mine.density", "1000 kg/m3"},
                          {"tissue", "mine"}}),
            "");
  // Used through `from`.
  EXPECT_EQ(told("materials.soft.density", "1000 kg/m3"), "");
}

TEST(Overrides, NameTheKeyThatWasMeant) {
  EXPECT_EQ(told("accuracy.precision", "double"),
            "--set accuracy.precision: accuracy.precision: cannot set 'precision' inside '3 %'; "
            "there is 'numerics.precision'");
  EXPECT_EQ(
      told("cell_size", "1 mm"),
      "--set cell_size: cell_size: unknown key; allowed here: thermodose, title, domain, "
      "tissue, materials, anatomy, regions, devices, probes, protocol, duration, dose, "
      "perfusion_stops, thermocouples, targets, protect, accuracy, numerics and output; there "
      "is 'numerics.cell_size'");
  EXPECT_EQ(told("protocol.0.steps.0.cycles", "2"),
            "--set protocol.0.steps.0.cycles: protocol[0].steps[0].cycles: unknown key; allowed "
            "here: freeze, passive_thaw, active_thaw, power and temperature; there is "
            "'protocol[].cycles'");
}

TEST(Overrides, KnowKeysOfEntriesAndTheirLaws) {
  EXPECT_EQ(told("tissue.perfusion", "5 mL/min/kg"),
            "--set tissue.perfusion: tissue.perfusion: cannot set 'perfusion' inside 'soft'; there "
            "is 'materials.<name>.perfusion'");
  const auto ending = [](const std::string& key, const std::string& value) {
    const std::string text = told(key, value);
    return text.substr(text.rfind("; ") + 2);
  };
  EXPECT_EQ(ending("materials.soft.solidus", "-5 degC"),
            "there is 'materials.<name>.freezing.linear.solidus'");
  EXPECT_EQ(ending("probes.left.active_length", "5 mm"), "there is 'devices.<name>.active_length'");
  // A key that many have, and one of another kind, are no help.
  EXPECT_EQ(ending("devices.needle.density", "5 kg/m3").rfind("allowed here: kind", 0), 0U);
}

TEST(Overrides, OfAListThatIsNotThereSaySo) {
  const std::string text = replaced(kSampleCase, "output: {fields_every: 1 min, ", "output: {");
  EXPECT_EQ(problems_of(text, {{}, {{"regions", "~"}, {"regions.0.tissue", "soft"}}}),
            "--set regions.0.tissue: regions.0.tissue: there is no list 'regions' to take an entry "
            "of; set it as a whole");
  EXPECT_EQ(with("thermocouples.7", "0 0 1 mm").thermocouple_names.back(), "7");
}

TEST(Overrides, AreAppliedInOrder) {
  const CaseSpec spec = read_sample(kSampleCase, {{}, {{"accuracy", "5 %"}, {"accuracy", "7 %"}}});
  EXPECT_DOUBLE_EQ(spec.accuracy, 0.07);
}

TEST(Overrides, AreCheckedLikeTheFile) {
  EXPECT_EQ(told("probes.left.tp", "0 0 0 mm"),
            "--set probes.left.tp: probes.left.tp: unknown key; did you mean 'tip'?");
  EXPECT_EQ(told("acuracy", "5 %"),
            "--set acuracy: acuracy: unknown key; did you mean 'accuracy'?");
  EXPECT_EQ(told("accuracy", "5"),
            "--set accuracy: accuracy: found the bare number '5', expected a share such as '2 %': "
            "the unit is missing");
  EXPECT_EQ(told("accuracy", "500 %"),
            "--set accuracy: accuracy: found '500 %', allowed: 0.1 .. 50 %");
  EXPECT_EQ(told("regions.3.tissue", "soft"),
            "--set regions.3.tissue: regions.3.tissue: there is no entry '3' in a list of 1 (the "
            "first is 0)");
  EXPECT_EQ(told("regions.first.tissue", "soft"),
            "--set regions.first.tissue: regions.first.tissue: there is no entry 'first' in a list "
            "of 1 (the first is 0)");
  EXPECT_EQ(told("tissue.name", "soft"),
            "--set tissue.name: tissue.name: cannot set 'name' inside 'soft'; there is "
            "'regions[].name'");
  EXPECT_EQ(told("a..b", "1"), "--set a..b: a..b: expected a dotted key such as domain.box.size");
  EXPECT_EQ(told("title", "{a: b"),
            "--set title: title: found a list or map where a key is due; is a bracket not closed?");
  EXPECT_EQ(told("accuracy", ""),
            "--set accuracy: accuracy: found nothing; give a value or remove the key");
}

}  // namespace
}  // namespace thermodose::test
