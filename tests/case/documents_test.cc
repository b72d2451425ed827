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

TEST(List, NamesWhatThereIs) {
  EXPECT_TRUE(holds(list("shapes", {}), "  sphere "));
  EXPECT_TRUE(holds(list("dose", {}), "  temperature_extremes "));
  EXPECT_TRUE(holds(list("keys", {}), "  domain.box.size "));
  EXPECT_TRUE(holds(list("", {}), "materials"));
  const TemporaryDirectory home;
  home.write("jelly.yaml", "title: Jelly\n");
  home.write("probes/pin.yaml", "title: A pin\n");
  EXPECT_EQ(list("materials", {home.path()}), "  jelly                       Jelly\n");
  EXPECT_EQ(list("devices", {home.path()}), "  pin                         A pin\n");
}

}  // namespace
}  // namespace thermodose::test
