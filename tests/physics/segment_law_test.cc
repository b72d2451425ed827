// Implements: tests of SegmentLaw on pieces written by hand.
#include "physics/segment_law.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace thermodose {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

/// Pieces (-inf, -30], [-30, -10], [-10, inf) with 0 inside the last. By hand:
/// u(-10) = -5, u(-30) = -7, u(-40) = -17; theta(-10) = -20, theta'(-10) = 2 and 1 below,
/// theta'(-30) = 3 on the middle piece.
SegmentLaw by_hand() {
  SegmentLaw law;
  law.reference_temperature = 310;
  law.source_at_reference = 7;
  law.segments = {
      {-kInf, -30, -30, 1.0, 4.0, 0, 0.0, 0},
      {-30, -10, -10, 0.1, 1.0, -0.05, -0.2, 0.01},
      {-10, kInf, 0, 0.5, 2.0, 0, -0.5, 0},
  };
  return law;
}

TEST(SegmentLaw, ExcessIsPiecewiseLinearAndZeroAtReference) {
  const SegmentLaw law = by_hand();
  EXPECT_DOUBLE_EQ(law.excess(0), 0);
  EXPECT_DOUBLE_EQ(law.excess(8), 4);
  EXPECT_DOUBLE_EQ(law.excess(-10), -5);
  EXPECT_DOUBLE_EQ(law.excess(-20), -6);
  EXPECT_DOUBLE_EQ(law.excess(-30), -7);
  EXPECT_DOUBLE_EQ(law.excess(-40), -17);
  EXPECT_DOUBLE_EQ(law.temperature(8), 314);
}

TEST(SegmentLaw, KirchhoffAndSourceAreQuadratic) {
  const SegmentLaw law = by_hand();
  EXPECT_DOUBLE_EQ(law.kirchhoff(3), 6);
  EXPECT_DOUBLE_EQ(law.kirchhoff(-10), -20);
  EXPECT_DOUBLE_EQ(law.kirchhoff(-20), -20 - 10 - 0.05 * 100);
  EXPECT_DOUBLE_EQ(law.kirchhoff(-30), -20 - 20 - 0.05 * 400);
  EXPECT_DOUBLE_EQ(law.kirchhoff(-31), -64);
  EXPECT_DOUBLE_EQ(law.source(0), 7);
  EXPECT_DOUBLE_EQ(law.source(-10), 12);
  EXPECT_DOUBLE_EQ(law.source(-20), 12 + 2 + 1);
  EXPECT_DOUBLE_EQ(law.source(-300), law.source(-30));
}

TEST(SegmentLaw, DerivativesBelongToThePieceAbove) {
  const SegmentLaw law = by_hand();
  EXPECT_DOUBLE_EQ(law.capacity(-10), 2);
  EXPECT_DOUBLE_EQ(law.capacity(-10.001), 10);
  EXPECT_DOUBLE_EQ(law.capacity(-30), 10);
  EXPECT_DOUBLE_EQ(law.conductivity(5), 4);
  EXPECT_DOUBLE_EQ(law.conductivity(-20), (1 + 2 * 0.05 * 10) / 0.1);
  EXPECT_DOUBLE_EQ(law.source_slope(-20), -0.2 - 2 * 0.01 * 10);
  EXPECT_DOUBLE_EQ(law.source_slope(100), -0.5);
}

TEST(SegmentLaw, EnthalpyInvertsTemperature) {
  const SegmentLaw law = by_hand();
  EXPECT_EQ(law.enthalpy(310), 0);
  for (const double h : {-1e6, -31.0, -30.0, -17.3, -10.0, -0.4, 0.0, 1e-7, 3.0, 1e7}) {
    const double t = law.temperature(h);
    EXPECT_NEAR(law.enthalpy(t), h, 1e-12 * (310 + std::abs(h))) << h;
  }
  EXPECT_DOUBLE_EQ(law.enthalpy(304), -20);
}

TEST(SegmentLaw, BoundsAreTheLargestSlopes) {
  const SegmentLaw law = by_hand();
  EXPECT_DOUBLE_EQ(law.max_diffusivity(), 4);
  EXPECT_DOUBLE_EQ(law.max_inverse_capacity(), 1);
  EXPECT_DOUBLE_EQ(law.max_conductivity(), 30);     // theta' = 3 over t1 = 0.1 at H = -30
  EXPECT_DOUBLE_EQ(law.max_diffusivity(-9, 9), 2);  // of the pieces that [low, high] meets
  EXPECT_DOUBLE_EQ(law.max_diffusivity(-20, -15), 2);
  EXPECT_DOUBLE_EQ(law.max_diffusivity(-28, -15), 2.8);
  EXPECT_DOUBLE_EQ(law.max_diffusivity(-40, 9), 4);
  EXPECT_DOUBLE_EQ(law.max_source_rate(), 0.6);  // 0.2 + 2 * 0.01 * 20 at H = -30
}

}  // namespace
}  // namespace thermodose
