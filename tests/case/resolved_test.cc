// Implements: tests of resolved_yaml: complete, SI, and the same case when it is read again.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

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
        "perfusion: 6.66666666666667e-06 m3/kg/s", "isotherms: [273.15 K, 233.15 K]",
        "radius: 0.015 m", "# from case"}) {
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
    // A generated anatomy has its dimensions in a shipped file; tissues and devices are all there.
    ReadOptions options;
    if (spec.anatomy) options.library = {source + "/materials"};
    const CaseSpec again = read_case_text(once, "resolved.yaml", options);
    for (const auto& material : again.materials) EXPECT_EQ(material.origin, "case");
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
    ASSERT_EQ(again.targets.size(), spec.targets.size());
    for (std::size_t i = 0; i < spec.targets.size(); ++i) {
      EXPECT_EQ(again.targets[i].name, spec.targets[i].name);
      EXPECT_EQ(again.targets[i].margin, spec.targets[i].margin);
      ASSERT_EQ(again.targets[i].criteria.size(), spec.targets[i].criteria.size());
      for (std::size_t c = 0; c < spec.targets[i].criteria.size(); ++c)
        EXPECT_EQ(again.targets[i].criteria[c].below, spec.targets[i].criteria[c].below);
    }
    ASSERT_EQ(again.protect.size(), spec.protect.size());
    for (std::size_t i = 0; i < spec.protect.size(); ++i) {
      EXPECT_EQ(again.protect[i].keep, spec.protect[i].keep);
      EXPECT_EQ(again.protect[i].where.regions, spec.protect[i].where.regions);
    }
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(again.domain.lower[i], spec.domain.lower[i], 1e-16);
      EXPECT_NEAR(again.domain.upper[i], spec.domain.upper[i], 1e-16);
    }
  }
}

/// Digits of the longest number of a text, without leading zeros and exponent.
std::size_t longest_number(const std::string& text) {
  std::size_t longest = 0, digits = 0;
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      if (digits > 0 || c != '0') longest = std::max(longest, ++digits);
    } else if (c != '.') {
      digits = 0;
    }
  }
  return longest;
}

TEST(ResolvedCase, HasNoDigitsThatNobodyMeant) {
  // Sums and unit conversions in binary leave 253.14999999999998 K of -20 degC.
  const std::string source = THERMODOSE_SOURCE_DIR;
  for (const char* name : {"bone", "cryo_ref", "four_probe_lesion", "gel_axisymmetric"}) {
    const std::string text = resolved_yaml(
        read_case(source + "/cases/" + name + "/case.yaml", {{source + "/materials"}, {}}), {});
    EXPECT_LE(longest_number(text), 15U) << text;
    EXPECT_NE(text.find("253.15 K, 233.15 K]"), std::string::npos) << text;
    EXPECT_NE(text.find("min_temperature: 73.15 K"), std::string::npos) << text;
  }
  EXPECT_LE(longest_number(resolved_yaml(read_sample(kSampleCase), {})), 15U);
}

TEST(ResolvedCase, KeepsWhatWasMeantInEveryUnit) {
  const auto line = [](const std::string& from, const std::string& to) {
    return resolved_yaml(read_sample(replaced(kSampleCase, from, to)), {});
  };
  const auto holds = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part + "\n"), std::string::npos) << part << "\nnot in\n" << text;
  };
  holds(line("radius: 15 mm", "radius: 0.7 mm"), "radius: 0.0007 m");
  holds(line("initial_temperature: 37 degC", "initial_temperature: 98.6 degF"),
        "initial_temperature: 310.15 K");
  holds(line("initial_temperature: 37 degC", "initial_temperature: 36.65 degC"),
        "initial_temperature: 309.8 K");
  holds(line("perfusion: 40 mL/min/100g", "perfusion: 30 mL/min/kg"), "perfusion: 5e-07 m3/kg/s");
  holds(line("accuracy: 3 %", "accuracy: 7 %"), "accuracy: 7 %");
  // What is given in SI keeps every digit; a direction does, too.
  holds(line("radius: 15 mm", "radius: 0.012345678901234567 m"), "radius: 0.012345678901234567 m");
  holds(line("direction: 0 0 2", "direction: 1 1 1"),
        "direction: 0.5773502691896258 0.5773502691896258 0.5773502691896258");
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
