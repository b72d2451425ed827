// Checks the numerical tools of the exact solutions.
// Implements: comparison with published values (Abramowitz and Stegun 1964, tables 5.1, 7.1, 9.8)
// and identities that do not use the code under test.
#include "verification/exact_math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace thermodose::exact {
namespace {

TEST(ExactMath, RootIsFoundToTheLastDigits) {
  EXPECT_DOUBLE_EQ(find_root([](double x) { return std::cos(x) - x; }, {0, 1}), 0.7390851332151607);
  // A function that is flat at the root and steep at one end.
  EXPECT_NEAR(find_root([](double x) { return std::expm1(20 * (x - 2)); }, {0, 12}), 2, 1e-14);
  EXPECT_THROW(find_root([](double x) { return x * x + 1; }, {-1, 1}), std::domain_error);
}

TEST(ExactMath, QuadratureHandlesPeaksAndSingularDerivatives) {
  EXPECT_NEAR(integrate([](double x) { return std::exp(-x * x); }, {0, 30}), std::sqrt(kPi) / 2,
              1e-14);
  EXPECT_NEAR(integrate([](double x) { return std::sqrt(x); }, {0, 1}), 2.0 / 3, 1e-12);
  // Lorentzian of width 1e-3: arctangent.
  EXPECT_NEAR(integrate([](double x) { return 1e-3 / (x * x + 1e-6); }, {-1, 2}),
              std::atan(1000) + std::atan(2000), 1e-11);
  EXPECT_THROW(integrate([](double x) { return 1 / x; }, {-1, 1.5}), std::runtime_error);
}

TEST(ExactMath, ExponentialIntegral) {
  EXPECT_NEAR(exponential_integral(0.01), 4.037929576538114, 1e-13);
  EXPECT_NEAR(exponential_integral(1), 0.21938393439552029, 1e-15);
  EXPECT_NEAR(exponential_integral(5) / 1.1482955912753257e-3, 1, 1e-13);
  // x exp(x) E1(x) at 10 and 100 (Abramowitz and Stegun, table 5.2: 0.915633339, 0.990194327).
  EXPECT_NEAR(10 * scaled_exponential_integral(10), 0.9156333394, 1e-10);
  EXPECT_NEAR(100 * scaled_exponential_integral(100), 0.9901942287, 1e-10);
  EXPECT_NEAR(scaled_exponential_integral(49.999999) / scaled_exponential_integral(50.000001), 1,
              1e-7);
}

TEST(ExactMath, ScaledErfcJoinsItsTwoBranches) {
  EXPECT_NEAR(scaled_erfc(1), 0.42758357615580700, 1e-15);
  EXPECT_NEAR(scaled_erfc(-1), 5.0089800807622835, 1e-14);
  EXPECT_NEAR(scaled_erfc(25) / (std::exp(625.0) * std::erfc(25.0)), 1, 2e-13);
  EXPECT_NEAR(scaled_erfc(1000) * 1000 * std::sqrt(kPi), 1 - 0.5e-6, 1e-11);
}

TEST(ExactMath, ScaledPointIntegralIsThePrimitive) {
  for (const double x : {0.05, 0.5, 2.0, 5.9, 6.1, 20.0}) {
    // G(x) = int_x^inf exp(-s^2)/s^2 ds
    const double integral =
        integrate([x](double s) { return std::exp((x - s) * (x + s)) / (s * s); },
                  {x, x + 20 / std::max(x, 1.0)});
    EXPECT_NEAR(scaled_point_integral(x) / integral, 1, 1e-11) << x;
  }
}

}  // namespace
}  // namespace thermodose::exact
