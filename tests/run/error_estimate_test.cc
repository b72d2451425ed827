// Implements: tests of run/error_estimate.h on volumes of known order.
#include "run/error_estimate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace thermodose {
namespace {

IsothermRecord record(double time, double temperature, double volume) {
  IsothermRecord r;
  r.time = time;
  r.temperature = temperature;
  r.measure.volume = volume;
  return r;
}

// V(h) = V_0 + c h: a sharp front.
TEST(ErrorEstimate, ExactForAMethodOfFirstOrder) {
  const double ratio = 1.6, h = 1.1, exact = 40, c = -0.4;
  const auto errors = volume_errors({record(60, 273.15, exact + c * h)},
                                    {record(60, 273.15, exact + c * ratio * h)}, ratio, 1, 1e-3);
  EXPECT_NEAR(errors[0].value_or(9), 1.25 * std::abs(c * h) + 0.005 * (exact + c * h), 1e-12);
  EXPECT_NEAR(order_of_volumes(1), 1, 1e-12);
  EXPECT_NEAR(order_of_volumes(0.33), 1, 1e-12);
  EXPECT_NEAR(order_of_volumes(0), 2, 1e-12);
  EXPECT_NEAR(order_of_volumes(0.05), 2, 1e-12);
  // Half way the gain is the mean of 1 / 0.6 and 1 / 1.56.
  EXPECT_NEAR(1 / (std::pow(1.6, order_of_volumes(0.19)) - 1), 0.5 * (1 / 0.6 + 1 / 1.56), 1e-9);
}

// Two runs whose curves cross at 60 s do not agree there because of it.
TEST(ErrorEstimate, LooksAtTheNeighboursInTime) {
  const std::vector<IsothermRecord> fine = {record(30, 273, 2), record(30, 253, 7),
                                            record(60, 273, 4), record(90, 273, 8)};
  const std::vector<IsothermRecord> coarse = {record(30, 273, 2.2), record(30, 253, 1),
                                              record(60, 273, 4), record(90, 273, 7.4)};
  const auto errors = volume_errors(fine, coarse, 2, 2, 1e-3);
  // 0.2 of 2 at 30 s counts as 0.2, 0.6 of 8 at 90 s as 0.3 of 4; 253 K is another matter.
  EXPECT_NEAR(errors[2].value_or(9), 1.25 * 0.3 / 3 + 0.005 * 4, 1e-12);
  EXPECT_NEAR(errors[3].value_or(9), 1.25 * 0.6 / 3 + 0.005 * 8, 1e-12);
}

// V(h) = V_0 + c h^2: the estimate is the true error, times its safety, plus the floor.
TEST(ErrorEstimate, ExactForASecondOrderMethod) {
  for (const double ratio : {1.5, 2.0, 1.36})
    for (const double c : {0.7, -0.7}) {
      const double h = 1.1, exact = 40;
      const auto volume = [&](double cell) { return exact + c * cell * cell; };
      const auto errors = volume_errors({record(60, 273.15, volume(h))},
                                        {record(60, 273.15, volume(ratio * h))}, ratio, 2, 1e-3);
      ASSERT_EQ(errors.size(), 1U);
      ASSERT_TRUE(errors[0].has_value());
      const double truth = std::abs(volume(h) - exact);
      EXPECT_NEAR(*errors[0], 1.25 * truth + 0.005 * volume(h), 1e-12) << ratio;
    }
}

TEST(ErrorEstimate, OneErrorPerRecordAndNoneWithoutAPartner) {
  const std::vector<IsothermRecord> fine = {record(0, 273, 0), record(60, 273, 4),
                                            record(60, 253, 1), record(90, 273, 5)};
  const std::vector<IsothermRecord> coarse = {record(60, 253, 1.2), record(0, 273, 0),
                                              record(60, 273, 5)};
  const auto errors = volume_errors(fine, coarse, 2, 2, 1e-3);
  ASSERT_EQ(errors.size(), 4U);
  EXPECT_NEAR(errors[0].value_or(9), 0, 1e-15);
  EXPECT_NEAR(errors[1].value_or(9), 1.25 / 3 + 0.02, 1e-12);
  EXPECT_NEAR(errors[2].value_or(9), 1.25 * 0.2 / 3 + 0.005, 1e-12);
  EXPECT_FALSE(errors[3].has_value()) << "the coarse run has no such time";
  EXPECT_FALSE(volume_errors({record(60, 263, 1)}, coarse, 2, 2, 1e-3)[0].has_value());
}

// Two runs may agree on a layer that neither resolves.
TEST(ErrorEstimate, WhatIsThinnerThanAFewCellsIsUncertain) {
  IsothermRecord layer = record(60, 315, 2), ball = record(60, 273, 2);
  layer.measure.extent = {40e-3, 40e-3, 1e-3};
  ball.measure.extent = {10e-3, 10e-3, 10e-3};
  const std::vector<IsothermRecord> both = {layer, ball};
  const auto errors = volume_errors(both, both, 1.6, 2, 1e-3);
  EXPECT_NEAR(errors[0].value_or(9), (0.005 + 0.03) * 2, 1e-12);
  EXPECT_NEAR(errors[1].value_or(9), (0.005 + 0.0003) * 2, 1e-12);
}

// A companion on the same cells tells nothing: better no number than one that is not finite.
TEST(ErrorEstimate, NothingFromEqualCells) {
  const std::vector<IsothermRecord> same = {record(60, 273, 4)};
  EXPECT_FALSE(volume_errors(same, same, 1, 2, 1e-3)[0].has_value());
}

TEST(ErrorEstimate, LargestErrorIsRelativeToTheLargestVolumeOfItsLevel) {
  const std::vector<IsothermRecord> records = {record(1, 273, 0.1), record(2, 273, 10),
                                               record(1, 253, 0), record(2, 253, 2)};
  EXPECT_DOUBLE_EQ(largest_relative_error(records, {0.1, 0.2, 0.0, 0.03}), 0.02);
  EXPECT_DOUBLE_EQ(largest_relative_error(records, {0.1, 0.2, 0.1, 0.01}), 0.05)
      << "an error where the region is empty counts against its largest volume";
  EXPECT_DOUBLE_EQ(
      largest_relative_error(records, {std::nullopt, std::nullopt, std::nullopt, 0.01}), 0.005);
}

TEST(ErrorEstimate, NoErrorWithoutVolumesOrEstimates) {
  EXPECT_EQ(largest_relative_error({}, {}), 0);
  EXPECT_EQ(largest_relative_error({record(1, 273, 0)}, {0.0}), 0);
  EXPECT_EQ(largest_relative_error({record(1, 273, 5)}, {std::nullopt}), 0);
}

// 10 of 30 mL are off by 1.8: with certainty more than 5 % of what the coarse run says, 30 mL, and
// 18 % of what there is so far.
TEST(ErrorEstimate, TellsEarlyThatARunWillMissTheAccuracy) {
  const std::vector<IsothermRecord> coarse = {record(60, 273, 8), record(90, 273, 30)};
  const std::vector<IsothermRecord> so_far = {record(60, 273, 10)};
  EXPECT_NEAR(excessive_error(so_far, {1.8}, coarse, 0.05).value_or(9), 0.18, 1e-12);
  const double limit = 0.05 * kLargerVolume * 30;
  EXPECT_FALSE(excessive_error(so_far, {0.999 * limit}, coarse, 0.05).has_value())
      << "the volume may still become that large";
  EXPECT_TRUE(excessive_error(so_far, {1.001 * limit}, coarse, 0.05).has_value());
  const std::vector<IsothermRecord> larger = {record(60, 273, 50)};
  EXPECT_FALSE(excessive_error(larger, {0.999 * 0.05 * 50}, coarse, 0.05).has_value());
  EXPECT_FALSE(excessive_error(so_far, {std::nullopt}, coarse, 0.05).has_value());
  EXPECT_FALSE(excessive_error({record(60, 253, 10)}, {1.8}, coarse, 0.05).has_value())
      << "the coarse run knows no such level";
  EXPECT_FALSE(excessive_error({record(0, 273, 0)}, {0.0}, coarse, 0.05).has_value());
}

}  // namespace
}  // namespace thermodose
