// Implements: tests of what is generated from the declared keys: reference, schema, describe, list.
// GCC 12 sees uninitialised members in its own <regex> when sanitizers are on.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <gtest/gtest.h>

#include "base/registry.h"
#include "case/key_table.h"
#include "json_schema.h"
#include "sample_case.h"

namespace thermodose::test {
namespace {

const std::string kSource = THERMODOSE_SOURCE_DIR;

JsonSchema schema() { return JsonSchema(Json::parse(schema_json())); }

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Documents, TheFilesInDocsAreFresh) {
  const std::string advice = "is stale: build and run the target thermodose_docs";
  EXPECT_TRUE(read_text(kSource + "/docs/reference.md") == reference_markdown())
      << "docs/reference.md " << advice;
  EXPECT_TRUE(read_text(kSource + "/docs/case.schema.json") == schema_json())
      << "docs/case.schema.json " << advice;
}

TEST(Documents, TheReferenceHoldsEveryKeyAndEveryEntry) {
  const std::string text = reference_markdown();
  for (const auto& row : case_rows()) EXPECT_TRUE(holds(text, "`" + row.path + "`")) << row.path;
  for (const auto& registry : described_registries()) {
    for (const RegistryEntry* entry : registry::entries(registry)) {
      EXPECT_TRUE(holds(text, "### " + registry + ": `" + entry->name + "`")) << entry->name;
      for (const auto& row : entry_rows(registry, entry->name)) {
        EXPECT_TRUE(holds(text, "`" + row.path + "`")) << row.path;
      }
    }
  }
}

TEST(Documents, RowsSayUnitRangeAndDefault) {
  const auto rows = case_rows();
  const auto row = [&](const std::string& path) {
    for (const auto& r : rows) {
      if (r.path == path) return r;
    }
    ADD_FAILURE() << "no row " << path;
    return KeyRow{};
  };
  EXPECT_EQ(row("accuracy").fallback, "2 %");
  EXPECT_EQ(row("accuracy").range, "0.1 .. 50 %");
  EXPECT_EQ(row("domain.initial_temperature").fallback, "required");
  EXPECT_EQ(row("domain.initial_temperature").unit, "degC");
  EXPECT_EQ(row("numerics.cell_size").fallback, "optional");
  EXPECT_EQ(row("numerics.engine").range, "one of auto, grid or mesh");
  EXPECT_EQ(row("output.isotherms").fallback, "0 degC, -20 degC, -40 degC");
  EXPECT_EQ(row("protocol[].steps[].power").unit, "%");
  EXPECT_EQ(row("domain.faces.x_min").help,
            "Face at the smallest x (box). Keys as in domain.faces.all.");
}

TEST(Documents, EveryKeyHasAMeaning) {
  std::vector<KeyRow> rows = case_rows();
  for (const auto& registry : described_registries()) {
    for (const RegistryEntry* entry : registry::entries(registry)) {
      const auto more = entry_rows(registry, entry->name);
      rows.insert(rows.end(), more.begin(), more.end());
    }
  }
  for (const auto& row : rows) {
    EXPECT_GT(row.help.size(), 5U) << row.path;
    EXPECT_EQ(row.help.back(), '.') << row.path << ": " << row.help;
  }
}

TEST(Schema, AcceptsGoodCases) {
  const JsonSchema s = schema();
  EXPECT_EQ(s.validate(to_json(YAML::Load(kSampleCase))), "");
  EXPECT_EQ(s.validate(to_json(YAML::Load(resolved_yaml(read_sample(kSampleCase), {})))), "");
  for (const auto& entry : std::filesystem::directory_iterator(kSource + "/cases")) {
    const std::string file = (entry.path() / "case.yaml").string();
    if (!std::filesystem::exists(file)) continue;
    EXPECT_EQ(s.validate(to_json(YAML::LoadFile(file))), "") << file;
  }
}

TEST(Schema, AcceptsEntriesThatChangeOthers) {
  const JsonSchema s = schema();
  const auto lump = [&](const std::string& text) {
    const std::string all = replaced(kSampleCase, "lump: {from: soft, conductivity: 0.6 W/m/K}",
                                     "lump: {from: soft, " + text + "}");
    EXPECT_EQ(problems_of(all), "") << text;
    return s.validate(to_json(YAML::Load(all)));
  };
  EXPECT_EQ(lump("freezing: {linear: {solidus: -6 degC}}"), "");
  EXPECT_EQ(lump("freezing: {linear: {latent_heat: ~, water_fraction: 0.7}}"), "");
  EXPECT_EQ(lump("freezing: none, frozen_conductivity: ~, frozen_heat_capacity: ~"), "");
}

TEST(Schema, RefusesWhatTheReaderRefuses) {
  const JsonSchema s = schema();
  const auto change = [&](const std::string& from, const std::string& to) {
    const std::string text = replaced(kSampleCase, from, to);
    EXPECT_NE(problems_of(text), "") << to;
    return s.validate(to_json(YAML::Load(text)));
  };
  EXPECT_EQ(change("accuracy:", "acuracy:"), "$: unknown acuracy");
  EXPECT_NE(change("accuracy: 3 %", "accuracy: 3"), "");
  EXPECT_NE(change("size: 100 80 60 mm", "size: 100 80 mm"), "");
  EXPECT_NE(change("size: 100 80 60 mm", "size: 100 80 60"), "");
  EXPECT_NE(change("sphere:", "spere:"), "");
  EXPECT_NE(change("radius: 15 mm", "radus: 15 mm"), "");
  EXPECT_NE(change("cycles: 2", "cycles: 2.5"), "");
  EXPECT_NE(change("cycles: 2", "cycles: 200"), "");
  EXPECT_NE(change("thermodose: 1", "thermodose: 2"), "");
  EXPECT_NE(change("engine: grid", "engine: gird"), "");
  EXPECT_NE(change("density: {value: 1050 kg/m3, spread: 2 %, source: made up}", "title: x"), "");
  EXPECT_NE(change("{from: soft, conductivity: 0.6 W/m/K}", "{conductivity: 0.6 W/m/K}"), "");
  EXPECT_NE(change("{linear: {solidus: -8 degC,", "{linear: {"), "");
  EXPECT_NE(change("{from: soft, conductivity", "{from: soft, freezing: {linear: {solid: 1}}, k"),
            "");
  EXPECT_NE(change("insulated: true", "insulated: sure"), "");
  EXPECT_NE(change("title: A sample\n", "title: [A, sample]\n"), "");
  EXPECT_NE(change("tissue: soft\n", ""), "");
  EXPECT_NE(change("ambient: [[0 min, 25 degC]", "ambient: [[0 min]"), "");
}

TEST(Describe, FindsKeysEntriesAndLibraryFiles) {
  EXPECT_TRUE(holds(describe("case", {}), "domain.initial_temperature   (quantity; unit degC"));
  const std::string domain = describe("domain", {});
  EXPECT_TRUE(holds(domain, "domain.box.size"));
  EXPECT_FALSE(holds(domain, "protocol"));
  EXPECT_TRUE(
      holds(describe("sphere", {}), "radius   (quantity; unit mm; more than 0 mm; required)"));
  EXPECT_EQ(describe("shape/sphere", {}), describe("sphere", {}));
  EXPECT_TRUE(holds(describe("shapes", {}), "shape: half_space"));
  const TemporaryDirectory home;
  home.write("jelly.yaml",
             "title: Jelly\ndensity: {value: 1 g/mL, spread: 2 %, source: kitchen}\n");
  const std::string jelly = describe("jelly", {home.path()});
  EXPECT_TRUE(holds(jelly, "density: 1 g/mL (spread 2 %)\n      [kitchen]")) << jelly;
}

TEST(Describe, UnknownTopicsHaveANearestOne) {
  const auto told = [](const std::string& topic) -> std::string {
    try {
      describe(topic, {});
    } catch (const InputError& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_TRUE(holds(told("spheer"), "unknown topic 'spheer'"));
  EXPECT_TRUE(holds(told("spheer"), "did you mean 'sphere'?"));
  EXPECT_TRUE(holds(told("domain.bix"), "did you mean 'domain.box'?"));
  EXPECT_NE(told("../../etc/passwd"), "");
  EXPECT_THROW(list("shaeps", {}), InputError);
}

/// The problem of a topic that `list` does not know; "" when it does.
std::string list_told(const std::string& topic) {
  try {
    list(topic, {}, {"templates"});
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(List, NamesWhatThereIs) {
  EXPECT_TRUE(holds(list("shapes", {}), "  sphere "));
  EXPECT_TRUE(holds(list("dose", {}), "  temperature_extremes "));
  EXPECT_TRUE(holds(list("keys", {}), "  domain.box.size "));
  const TemporaryDirectory home;
  home.write("jelly.yaml", "title: Jelly\n");
  home.write("probes/pin.yaml", "title: A pin\n");
  EXPECT_EQ(list("materials", {home.path()}), "  jelly                       Jelly\n");
  EXPECT_EQ(list("devices", {home.path()}), "  pin                         A pin\n");
}

TEST(List, WithoutTopicSaysWhatEachHolds) {
  const std::string text = list("", {});
  for (const char* line :
       {"  keys ", "  materials ", "  devices ",
        "  shape                       box, capsule, cylinder, difference, ellipsoid, half_space, "
        "intersection, sphere, surface and union\n",
        "  laws                        capacity, conductivity, freezing, frozen_conductivity, "
        "perfusion and shaft_law\n",
        "  shaft_law                   convective, surface_temperature and temperature_table\n"}) {
    EXPECT_TRUE(holds(text, line)) << line << "\nnot in\n" << text;
  }
}

TEST(List, TakesTheWordsOneWouldSay) {
  const TemporaryDirectory home;
  home.write("jelly.yaml", "title: Jelly\n");
  home.write("probes/pin.yaml", "title: A pin\n");
  const std::vector<std::vector<std::string>> same{
      {"materials", "material", "tissue", "tissues", "Tissues"},
      {"devices", "device", "probe", "probes"},
      {"shape", "shapes"},
      {"dose", "doses", "dose model", "dose models", "dose_models", "dose-models"},
      {"laws", "law", "tissue laws"},
      {"shaft_law", "shaft laws", "shaft law", "shaft_laws"},
      {"conductivity", "conductivities", "conductivity law", "conductivity laws"},
      {"capacity", "capacities", "capacity_laws"},
      {"perfusion", "perfusions", "perfusion_law"},
      {"keys", "key", "case"}};
  for (const auto& words : same) {
    for (const auto& word : words) {
      EXPECT_EQ(list(word, {home.path()}), list(words[0], {home.path()})) << word;
    }
  }
  const std::string laws = list("laws", {});
  for (const char* part : {"conductivity:\n  constant ", "shaft_law:\n  convective "}) {
    EXPECT_TRUE(holds(laws, part)) << part << "\nnot in\n" << laws;
  }
}

TEST(List, UnknownTopicsHaveANearestOne) {
  const std::string told = list_told("shaeps");
  EXPECT_EQ(told.rfind("unknown topic 'shaeps'; topics are keys, materials, devices, shape, ", 0),
            0U)
      << told;
  EXPECT_TRUE(holds(told,
                    " laws, capacity, conductivity, freezing, frozen_conductivity, perfusion, "
                    "shaft_law and templates; did you mean 'shapes'?"))
      << told;
  EXPECT_TRUE(holds(list_told("templats"), "did you mean 'templates'?"));
  EXPECT_TRUE(holds(list_told("dose modles"), "did you mean 'dose_models'?"));
  EXPECT_TRUE(holds(list_told("tisues"), "did you mean 'tissues'?"));
}

TEST(List, ShowsWholeSentences) {
  const std::string shapes = list("shapes", {});
  EXPECT_TRUE(holds(shapes, "All points behind a plane: (x - point) . normal <= 0.\n")) << shapes;
  // What follows a first sentence is left to `describe`.
  const TemporaryDirectory home;
  EXPECT_FALSE(holds(list("freezing", {}), "334 kJ/kg) is released in proportion. "));
}

TEST(Describe, KeyOfAnotherThingIsNoAnswer) {
  EXPECT_THROW(describe("domain.bx.size", {}), InputError) << "size is a key of shapes as well";
}

TEST(Describe, ListsOfLibraryFilesAreReadable) {
  const std::string text =
      describe("icerod_1.5mm_tip", {std::string(THERMODOSE_SOURCE_DIR) + "/materials"});
  EXPECT_NE(text.find("    - "), std::string::npos) << text;
  EXPECT_EQ(text.find("-:"), std::string::npos) << text;
}

TEST(Describe, FindsKeysOfLawsAndTissuesToo) {
  const std::string active = describe("active_length", {});
  EXPECT_TRUE(holds(active, "device cryoprobe:\n")) << active;
  EXPECT_TRUE(holds(active, "active_length   (quantity; unit mm; 1 .. 200 mm; required)"));
  const std::string temperature = describe("temperature", {});
  EXPECT_TRUE(holds(temperature, "dose time_below:\ntemperature ")) << temperature;
  EXPECT_TRUE(holds(describe("dose", {}), describe("dose models", {})));  // and the key dose
  EXPECT_EQ(describe("materials.liver.dead_tip", {}), describe("dead_tip", {}));
  EXPECT_TRUE(holds(describe("cell_size", {}), "numerics.cell_size "));
  EXPECT_TRUE(holds(describe("laws", {}), "shaft_law: convective\n"));
  // A topic of several meanings has all of them.
  const std::string tissue = describe("tissue", {});
  EXPECT_TRUE(holds(tissue, "tissue   (text; required)")) << tissue;
  EXPECT_TRUE(holds(tissue, "material: tissue\n")) << tissue;
}

}  // namespace
}  // namespace thermodose::test
