// Numerical tools of the exact solutions.
// Implements: bracketed root search, adaptive quadrature, and the scaled special functions that
// keep products such as exp(x^2) erfc(x) finite. Checked in exact_math_test.cc against published
// values.
#pragma once

#include <functional>

namespace thermodose::exact {

inline constexpr double kPi = 3.14159265358979323846;

using Function = std::function<double(double)>;

/// A closed interval.
struct Interval {
  double lo, hi;
};

/// Root of f in `bracket` (Ridders' method), to the last digits of a double.
/// Throws std::domain_error when f does not change sign over the bracket.
double find_root(const Function& f, Interval bracket);

/// Integral of f over `range` by adaptive Gauss-Kronrod (7, 15), relative tolerance 1e-13.
/// Throws std::runtime_error when 2000 bisections do not reach it.
double integrate(const Function& f, Interval range);

/// exp(x^2) erfc(x). Overflows for x < -26 only.
double scaled_erfc(double x);

/// E1(x) = int_x^inf exp(-t)/t dt, x > 0.
double exponential_integral(double x);

/// exp(x) E1(x), x > 0.
double scaled_exponential_integral(double x);

/// exp(x^2) G(x), with G(x) = exp(-x^2)/x - sqrt(pi) erfc(x), x > 0 (G' = -exp(-x^2)/x^2).
double scaled_point_integral(double x);

}  // namespace thermodose::exact
