// Implements: the tools declared in exact_math.h.
#include "verification/exact_math.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace thermodose::exact {
namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

// Abscissae and weights of the Gauss-Kronrod pair (7, 15), QUADPACK (Piessens et al. 1983).
constexpr std::array<double, 8> kNodes = {
    0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
    0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
    0.586087235467691130294144691693013, 0.405845151377397166906606412076961,
    0.207784955007898467600689403773245, 0.0};
constexpr std::array<double, 8> kKronrod = {
    0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
    0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
    0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
    0.204432940075298892414161999234649, 0.209482141084727828012999174891714};
constexpr std::array<double, 4> kGauss = {
    0.129484966168869693270611432679082, 0.279705391489276667901467771423780,
    0.381830050505118944950369775488975, 0.417959183673469387755102040816327};

struct Estimate {
  double value, error;
};

Estimate gauss_kronrod(const Function& f, Interval range) {
  const double middle = 0.5 * (range.lo + range.hi);
  const double half = 0.5 * (range.hi - range.lo);
  const double centre = f(middle);
  double kronrod = kKronrod[7] * centre;
  double gauss = kGauss[3] * centre;
  for (std::size_t i = 0; i < 7; ++i) {
    const double pair = f(middle - half * kNodes[i]) + f(middle + half * kNodes[i]);
    kronrod += kKronrod[i] * pair;
    if (i % 2 == 1) gauss += kGauss[i / 2] * pair;
  }
  return {half * kronrod, std::abs(half * (kronrod - gauss))};
}

/// Bisects until the pair agrees to `tolerance` (absolute); `budget` counts the intervals left.
double refine(const Function& f, Interval range, double tolerance, int& budget) {
  const Estimate whole = gauss_kronrod(f, range);
  // The difference of the pair over-states the error of the 15-point rule by orders of magnitude.
  if (whole.error <= std::max(tolerance, 50 * kEpsilon * std::abs(whole.value))) {
    return whole.value;
  }
  if (--budget < 0) throw std::runtime_error("integrate: no convergence");
  const double middle = 0.5 * (range.lo + range.hi);
  return refine(f, {range.lo, middle}, tolerance, budget) +
         refine(f, {middle, range.hi}, tolerance, budget);
}

}  // namespace

double find_root(const Function& f, Interval bracket) {
  double lo = bracket.lo, hi = bracket.hi;
  double f_lo = f(lo), f_hi = f(hi);
  if (f_lo == 0) return lo;
  if (f_hi == 0) return hi;
  if (!(f_lo * f_hi < 0)) throw std::domain_error("find_root: no change of sign");
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (lo + hi);
    const double f_middle = f(middle);
    if (f_middle == 0 || std::abs(hi - lo) <= 2 * kEpsilon * std::abs(middle)) return middle;
    // A scale keeps the square of large values finite.
    const double scale = std::max({std::abs(f_lo), std::abs(f_hi), std::abs(f_middle)});
    const double a = f_lo / scale, b = f_hi / scale, m = f_middle / scale;
    const double s = std::sqrt(m * m - a * b);
    double next = s > 0 ? middle + (middle - lo) * (a > b ? m : -m) / s : middle;
    if (!(next > std::min(lo, hi) && next < std::max(lo, hi))) next = middle;
    const double f_next = f(next);
    if (f_next == 0) return next;
    const bool split = f_middle * f_next < 0;
    if (split) {
      lo = middle, f_lo = f_middle;
      hi = next, f_hi = f_next;
    } else if (f_lo * f_next < 0) {
      hi = next, f_hi = f_next;
    } else {
      lo = next, f_lo = f_next;
    }
  }
  return 0.5 * (lo + hi);
}

double integrate(const Function& f, Interval range) {
  const double rough = std::abs(gauss_kronrod(f, range).value);
  int budget = 2000;
  return refine(f, range, 1e-13 * rough, budget);
}

double scaled_erfc(double x) {
  if (x < 25) return std::exp(x * x) * std::erfc(x);
  // Asymptotic series; at x = 25 the first omitted term is 3e-15.
  const double u = 1 / (2 * x * x);
  return (1 - u * (1 - 3 * u * (1 - 5 * u * (1 - 7 * u * (1 - 9 * u))))) / (x * std::sqrt(kPi));
}

double exponential_integral(double x) { return -std::expint(-x); }

double scaled_exponential_integral(double x) {
  if (x < 50) return std::exp(x) * exponential_integral(x);
  // Continued fraction 1/(x+1-1/(x+3-4/(x+5-...))), Abramowitz and Stegun 5.1.22 contracted.
  double tail = 0;
  for (int n = 20; n >= 1; --n) tail = n * n / (x + 2 * n + 1 - tail);
  return 1 / (x + 1 - tail);
}

double scaled_point_integral(double x) {
  if (x < 6) return 1 / x - std::sqrt(kPi) * scaled_erfc(x);
  // 1/x - sqrt(pi) exp(x^2) erfc(x) cancels: use the tail of the asymptotic series.
  const double u = 1 / (2 * x * x);
  double term = u / x, sum = 0;
  for (int n = 1; n < 36; ++n) {
    sum += term;
    term *= -(2 * n + 1) * u;
    if (std::abs(term) < kEpsilon * std::abs(sum)) break;
  }
  return sum;
}

}  // namespace thermodose::exact
