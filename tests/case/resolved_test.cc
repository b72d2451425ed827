// Implements: tests of resolved_yaml: complete, SI, and the same case when it is read again.
#include <gtest/gtest.h>

#include "case/key_lookup.h"
#include "sample_case.h"

namespace thermodose::test {
namespace {

/// The resolved text without the comments that say where an entry came from.
std::string without_comments(const std::string& text) {
  std::string out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(' ') != line.find('#')) out += line + "\n";
  }
  return out;
}

TEST(ResolvedCase, OpensWithItsProvenance) {
  const std::string text = resolved_yaml(read_sample(kSampleCase), {"ThermoDose 1", "commit 2"});
  EXPECT_EQ(text.rfind("# ThermoDose 1\n# commit 2\nthermodose: 1\n", 0), 0U) << text;
}

TEST(ResolvedCase, IsInSi) {
  const std::string text = resolved_yaml(read_sample(kSampleCase), {});
  for (const char* line :
       {"initial_temperature: 310.15 K", "size: 0.1 0.08 0.06 m", "accuracy: 3 %",
        "latent_heat: 250000 J/kg", "direction: 0 0 1", "- freeze: 300 s", "power: 80 %",
        "duration: 900 s", "convection: 25 W/m2/K", "ambient: [[0 s, 298.15 K], [120 s, 313.15 K]]",
        "perfusion: 6.66666666666666", "radius: 0.015 m", "# from case"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
}

TEST(ResolvedCase, NeedsNoLibraryAndReadsBackAsTheSameCase) {
  const std::string source = THERMODOSE_SOURCE_DIR;
  std::vector<CaseSpec> cases{read_sample(kSampleCase)};
  for (const auto& entry : std::filesystem::directory_iterator(source + "/cases")) {
    const auto file = entry.path() / "case.yaml";
    if (std::filesystem::exists(file)) {
      cases.push_back(read_case(file.string(), {{source + "/materials"}, {}}));
    }
  }
  for (const auto& spec : cases) {
    const std::string once = resolved_yaml(spec, {});
    const CaseSpec again = read_case_text(once, "resolved.yaml", {});
    EXPECT_EQ(without_comments(resolved_yaml(again, {})), without_comments(once)) << spec.file;
    EXPECT_EQ(again.end_time, spec.end_time);
    ASSERT_EQ(again.materials.size(), spec.materials.size());
    for (std::size_t i = 0; i < spec.materials.size(); ++i) {
      EXPECT_EQ(real_values(*again.materials[i].object), real_values(*spec.materials[i].object));
    }
    ASSERT_EQ(again.probes.size(), spec.probes.size());
    for (std::size_t i = 0; i < spec.probes.size(); ++i) {
      EXPECT_EQ(again.probes[i].tip, spec.probes[i].tip);
      EXPECT_EQ(again.probes[i].direction, spec.probes[i].direction);
    }
    EXPECT_EQ(again.output.isotherms, spec.output.isotherms);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(again.domain.lower[i], spec.domain.lower[i], 1e-16);
      EXPECT_NEAR(again.domain.upper[i], spec.domain.upper[i], 1e-16);
    }
  }
}

TEST(ResolvedCase, QuotesWhatYamlWouldRead) {
  for (const char* title : {"a: b", "null", "12 # no comment", "\"quoted\" \\ back", "- dash",
                            "{brace", "tab\there", "\xc2\xb5m"}) {
    CaseSpec spec = read_sample(kSampleCase);
    spec.title = title;
    EXPECT_EQ(read_sample(resolved_yaml(spec, {})).title, title);
  }
}

}  // namespace
}  // namespace thermodose::test
