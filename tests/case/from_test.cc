// Implements: tests of `from`: what an entry takes over, down into a law, and what it replaces.
#include <gtest/gtest.h>

#include "sample_case.h"

namespace thermodose::test {
namespace {

const ReadOptions kLibrary{{std::string(THERMODOSE_SOURCE_DIR) + "/materials"}, {}};

/// The sample with a tissue `mine` that is liver but for `lines`.
std::string with_tissue(const std::string& lines) {
  return replaced(replaced(kSampleCase, "tissue: soft", "tissue: mine"),
                  "  lump:", "  mine:\n    from: liver\n" + lines + "  lump:");
}

/// The tissue `mine` in full.
std::string tissue(const std::string& lines) {
  const std::string text = resolved_yaml(read_sample(with_tissue(lines), kLibrary), {});
  const auto begin = text.find("  mine:\n"), end = text.find("\n  lump:");
  return text.substr(begin, end - begin);
}

void holds(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << part << "\nnot in\n" << text;
}

TEST(From, TakesOverTheOtherKeysOfALawOfTheSameName) {
  const std::string mine = tissue("    freezing: {linear: {solidus: -6 degC}}\n");
  holds(mine, "solidus: 267.15 K\n");
  holds(mine, "liquidus: 272.15 K\n");
  holds(mine, "water_fraction: 0.74\n");
}

TEST(From, ReplacesALawOfAnotherName) {
  holds(tissue("    freezing: none\n    frozen_heat_capacity: ~\n    frozen_conductivity: ~\n"),
        "freezing: none\n");
  const std::string mine = tissue(
      "    perfusion_law: {stops_below: {temperature: 0 degC, "
      "width: 2 K}}\n");
  holds(mine, "stops_below:\n");
  EXPECT_EQ(problems_of(with_tissue("    frozen_conductivity_law: {constant: {k: 1}}\n"), kLibrary),
            "sample.yaml:24: materials.mine.frozen_conductivity_law.constant.k: unknown key");
}

TEST(From, ReplacesAQuantityWithItsSpreadAndSource) {
  EXPECT_EQ(problems_of(with_tissue("    perfusion: {spread: 3 %}\n"), kLibrary),
            "sample.yaml:24: materials.mine.perfusion: the quantity has no value: write {value: "
            "..., source: ...}");
}

TEST(From, AMarkTakesAKeyAway) {
  const std::string latent =
      "    freezing: {linear: {latent_heat: 250 kJ/kg, water_fraction: ~}}\n";
  const std::string mine = tissue(latent);
  holds(mine, "latent_heat: 250000 J/kg\n");
  EXPECT_EQ(mine.find("water_fraction"), std::string::npos) << mine;
  EXPECT_EQ(tissue("    caveats: ~\n").find("caveats"), std::string::npos);
  EXPECT_EQ(problems_of(with_tissue("    density: ~\n"), kLibrary),
            "sample.yaml:23: materials.mine.density: missing; expected: Mass per volume, unfrozen, "
            "at 37 degC.");
  // Where there is nothing to take away, and where a value was forgotten, it is told as ever.
  EXPECT_EQ(problems_of(with_tissue("    mushy_conductivity: ~\n"), kLibrary),
            "sample.yaml:24: materials.mine.mushy_conductivity: found nothing; give a value or "
            "remove the key");
  EXPECT_EQ(problems_of(with_tissue("    density:\n"), kLibrary),
            "sample.yaml:24: materials.mine.density: found nothing; give a value or remove the "
            "key");
}

TEST(From, SaysWhatItTookOverWhenThatDoesNotFit) {
  EXPECT_EQ(
      problems_of(with_tissue("    freezing: {linear: {latent_heat: 250 kJ/kg}}\n"), kLibrary),
      "sample.yaml:24: materials.mine.freezing.linear.latent_heat: give either latent_heat "
      "or water_fraction ('from' took over solidus, liquidus and water_fraction; 'KEY: ~' "
      "takes one away)");
}

}  // namespace
}  // namespace thermodose::test
