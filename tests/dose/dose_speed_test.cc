// What the models of heat, rates and safety cost per node and step, in fields of a million nodes
// as freezing and heating leave them: processor time against a limit some five times what it takes
// on one core of the development machine. Prints what it measured.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <ctime>

#include "dose/dose_fixture.h"

namespace thermodose::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kSlower = 20;
#else
constexpr double kSlower = 1;
#endif

constexpr std::size_t kRow = 100;
constexpr std::size_t kNodes = kRow * kRow * kRow;
constexpr int kSteps = 20;

/// Enthalpies around a probe of `celsius` in tissue of 37 degC, 4 % of the nodes far from 37 degC.
std::vector<float> around_a_probe(const SegmentLaw& law, double celsius) {
  std::vector<float> out(kNodes);
  for (std::size_t i = 0; i < kNodes; ++i) {
    const double x = double(i % kRow) - 50;
    const double y = double(i / kRow % kRow) - 50;
    const double z = double(i / (kRow * kRow)) - 50;
    const double t = 37 + (celsius - 37) * std::exp(-(x * x + y * y + z * z) / (15 * 15));
    out[i] = float(law.enthalpy(degc(t)));
  }
  return out;
}

/// Nanoseconds per node and step.
double cost(const std::string& name, double from, double to) {
  const std::vector<SegmentLaw> laws = {kinked_law(3.6e6, 37)};
  const std::vector<float> before = around_a_probe(laws[0], from);
  const std::vector<float> after = around_a_probe(laws[0], to);
  std::vector<NodeRun> rows;
  for (std::size_t at = 0; at < kNodes; at += kRow) rows.push_back({at, at + kRow, 0});
  const auto model = dose_model(name, known_models().at(name));
  const std::vector<float> rest(kNodes, 0);
  model->start(kNodes, laws, rows, EnthalpyView{rest.data(), nullptr}, 0);
  const std::clock_t begin = std::clock();
  for (int s = 0; s < kSteps; ++s) {
    const bool out = s % 2 == 0;
    model->advance({3.0 * s, 3.0 * (s + 1), EnthalpyView{(out ? before : after).data(), nullptr},
                    EnthalpyView{(out ? after : before).data(), nullptr}, &rows});
  }
  return 1e9 * double(std::clock() - begin) / CLOCKS_PER_SEC / kSteps / double(kNodes);
}

TEST(DoseSpeed, AFewNanosecondsPerNodeAndStep) {
  double freezing = 0;
  double heating = 0;
  for (const char* name : {"cem43", "arrhenius", "three_state", "rates", "safety_band"}) {
    const double cold = cost(name, -100, -105);
    const double hot = cost(name, 80, 85);
    std::printf("%-12s %5.2f ns when freezing, %5.2f ns when heating\n", name, cold, hot);
    freezing += cold;
    heating += hot;
  }
  std::printf("%-12s %5.2f ns when freezing, %5.2f ns when heating\n", "together", freezing,
              heating);
  EXPECT_LT(freezing, 15 * kSlower);
  // Scalar exponentials alone cost 150 more.
  EXPECT_LT(heating, 100 * kSlower);
}

}  // namespace
}  // namespace thermodose::test
