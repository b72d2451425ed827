// Implements: the contract of registry "dose", over every entry: what a constant temperature gives,
// independence of how a step is split, never decreasing, only the given runs, disjoint threads.
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "dose/dose_fixture.h"

namespace thermodose::test {
namespace {

using Trace = std::vector<double>;

/// Field `index` at the nodes after `pieces` steps of equal length at constant temperature.
std::vector<float> held(const std::string& name, const Trace& celsius, double duration, int pieces,
                        std::size_t index) {
  Driver<double> d(dose_model(name, known_models().at(name)), {{0, celsius.size(), 0}}, celsius);
  for (int i = 0; i < pieces; ++i) d.step(duration / pieces, celsius);
  return d.values(index);
}

TEST(DoseContract, EveryRegisteredModelIsTested) {
  for (const auto* entry : registry::entries("dose")) {
    ASSERT_EQ(known_models().count(entry->name), 1U) << entry->name;
    EXPECT_FALSE(entry->summary.empty());
    const auto model = dose_model(entry->name, known_models().at(entry->name));
    ASSERT_FALSE(model->fields().empty());
    for (const auto& field : model->fields()) EXPECT_FALSE(field.help.empty()) << field.name;
  }
}

TEST(DoseContract, ClosedFormAtConstantTemperature) {
  const Trace held_at = {-60, -20.001, -19.999, 37, 60};
  for (std::size_t f : {0U, 1U}) {
    const auto extreme = held("temperature_extremes", held_at, 300, 3, f);
    for (std::size_t i = 0; i < held_at.size(); ++i) EXPECT_NEAR(extreme[i], held_at[i], 1e-4);
  }
  EXPECT_EQ(held("time_below", held_at, 300, 3, 0), (std::vector<float>{300, 300, 0, 0, 0}));
  EXPECT_EQ(held("freeze_count", held_at, 300, 3, 0), (std::vector<float>{0, 0, 0, 0, 0}));
  const auto survival = held("freeze_kill", {-24.7, -10, 0.001, 37}, 300, 3, 0);
  const std::vector<double> expected = {0.05, 0.5, 1, 1};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(survival[i], expected[i], 1e-6);
}

TEST(DoseContract, ALookIsTheValuesOfTheRuns) {
  for (const auto& [name, values] : known_models()) {
    Driver<double> d(dose_model(name, values), {{0, 4, 0}}, {37, 37, 10, 37});
    for (const double c : {60.0, -30.0, 50.0}) d.step(20, {c, 0.5 * c, -c, 37});
    for (std::size_t f = 0; f < dose_model(name, values)->fields().size(); ++f) {
      const std::vector<float> all = d.values(f);
      std::vector<float> seen(all.size(), -1.0F);
      d.look(f, {{0, 1, 0}, {2, 4, 0}}, seen);
      for (const std::size_t i : {0U, 2U, 3U}) EXPECT_EQ(seen[i], all[i]) << name << " " << f;
    }
  }
}

TEST(DoseContract, DoesNotDependOnHowAStepIsSplit) {
  const Trace held_at = {-60, -20.5, -10, -0.5, 37, 60};
  for (const auto& [name, values] : known_models()) {
    for (std::size_t f = 0; f < dose_model(name, values)->fields().size(); ++f) {
      const auto whole = held(name, held_at, 600, 1, f);
      for (const int pieces : {2, 7, 600}) {
        const auto split = held(name, held_at, 600, pieces, f);
        for (std::size_t i = 0; i < whole.size(); ++i) {
          EXPECT_NEAR(split[i], whole[i], 1e-5 * (1 + std::abs(whole[i]))) << name;
        }
      }
    }
  }
}

TEST(DoseContract, NeverDecreasesInDamage) {
  for (const auto& [name, values] : known_models()) {
    const auto fields = dose_model(name, values)->fields();
    Driver<double> d(dose_model(name, values), {{0, 3, 0}}, {37, 37, 10});
    std::vector<std::vector<float>> last(fields.size());
    for (std::size_t f = 0; f < fields.size(); ++f) last[f] = d.values(f);
    bool moved = false;
    for (int s = 1; s <= 200; ++s) {
      const double c = -10 + 47 * std::cos(0.11 * s);
      d.step(5, {c, 0.5 * c, 20 - c});
      for (std::size_t f = 0; f < fields.size(); ++f) {
        // Vulnerable cells recover.
        if (fields[f].name == "alive" || fields[f].name == "vulnerable") continue;
        const auto now = d.values(f);
        const bool falls = fields[f].name == "t_min_degC" || fields[f].name == "above_lethal_K" ||
                           fields[f].name.rfind("survival_", 0) == 0;
        for (std::size_t i = 0; i < 3; ++i) {
          const float growth = falls ? last[f][i] - now[i] : now[i] - last[f][i];
          EXPECT_GE(growth, 0) << name << " " << fields[f].name << " step " << s;
          moved = moved || growth > 0;
        }
        last[f] = now;
      }
    }
    EXPECT_TRUE(moved) << name;
  }
}

TEST(DoseContract, TouchesOnlyTheRunsGiven) {
  const std::vector<NodeRun> all = {{0, 40, 0}, {40, 80, 1}};
  const std::vector<NodeRun> part = {{3, 17, 0}, {41, 79, 1}};
  for (const auto& [name, values] : known_models()) {
    std::size_t changed = 0;
    for (const double celsius : {-80, 80}) {
      Driver<float> d(dose_model(name, values), all, Trace(80, 20));
      std::vector<std::vector<float>> before;
      const std::size_t count = dose_model(name, values)->fields().size();
      for (std::size_t f = 0; f < count; ++f) before.push_back(d.values(f));
      d.step(10, Trace(80, celsius), &part);
      for (std::size_t f = 0; f < count; ++f) {
        const auto now = d.values(f);
        for (const std::size_t i : {0U, 2U, 17U, 39U, 40U, 79U}) EXPECT_EQ(now[i], before[f][i]);
        EXPECT_EQ(now[3] != before[f][3], now[16] != before[f][16]) << name;
        if (now[3] != before[f][3] && now[78] != before[f][78]) ++changed;
      }
    }
    EXPECT_GE(changed, 1U) << name;
  }
}

TEST(DoseContract, DisjointRunsMayBeAdvancedAtOnce) {
  constexpr std::size_t kNodes = 20000;
  constexpr std::size_t kHalf = 10007;  // not on a boundary of blocks or cache lines
  const std::vector<SegmentLaw> laws = {kinked_law(3.6e6, 37)};
  const std::vector<NodeRun> all = {{0, kNodes, 0}};
  for (const auto& [name, values] : known_models()) {
    const auto alone = dose_model(name, values);
    const auto shared = dose_model(name, values);
    std::vector<float> now(kNodes, 0);
    for (const auto& model : {alone, shared}) {
      model->start(kNodes, laws, all, EnthalpyView{now.data(), nullptr}, 0);
    }
    for (int s = 0; s < 30; ++s) {
      std::vector<float> after(kNodes);
      for (std::size_t i = 0; i < kNodes; ++i) {
        after[i] = float(-1e8 + 2e8 * std::cos(0.3 * s + 0.001 * double(i)));
      }
      const EnthalpyView from{now.data(), nullptr};
      const EnthalpyView to{after.data(), nullptr};
      alone->advance({double(s), s + 1.0, from, to, &all});
      const std::vector<NodeRun> low = {{0, kHalf, 0}};
      const std::vector<NodeRun> high = {{kHalf, kNodes, 0}};
      std::thread other([&] { shared->advance({double(s), s + 1.0, from, to, &low}); });
      shared->advance({double(s), s + 1.0, from, to, &high});
      other.join();
      now = after;
    }
    for (std::size_t f = 0; f < alone->fields().size(); ++f) {
      EXPECT_EQ(alone->values(f, 30), shared->values(f, 30)) << name;
    }
  }
}

}  // namespace
}  // namespace thermodose::test
