// Implements: the steady ice of exact_ice.h.
#include "verification/exact_ice.h"

#include <algorithm>
#include <cmath>

#include "verification/exact_math.h"

namespace thermodose::exact {
namespace {

constexpr int kSteps = 400;  // fourth order: the defect of the path is below 1e-12

}  // namespace

SteadyIce::SteadyIce(const IceSetup& setup) : setup_(setup) {
  const double far = 1e4 * (setup_.probe_radius + length());
  const auto defect = [this](double s) {
    return probe_for(through_range(std::exp(s)).back()) - setup_.probe;
  };
  const double log_radius = find_root(defect, {std::log(setup_.probe_radius * (1 + 1e-9)),
                                               std::log(std::min(far, 500 * length()))});
  path_ = through_range(std::exp(log_radius));
}

double SteadyIce::length() const { return std::sqrt(setup_.k_unfrozen / setup_.w); }

double SteadyIce::span(double r) const {
  if (setup_.shape == Symmetry::sphere) return 1 / setup_.probe_radius - 1 / r;
  return std::log(r / setup_.probe_radius);
}

double SteadyIce::outer_flow(double radius) const {
  const double x = radius / length();
  const double step = setup_.k_unfrozen * (setup_.body - setup_.melting);
  if (setup_.shape == Symmetry::sphere) return step * radius * (1 + x);
  return step * x * std::cyl_bessel_k(1.0, x) / std::cyl_bessel_k(0.0, x);
}

std::vector<SteadyIce::Point> SteadyIce::through_range(double radius) const {
  std::vector<Point> path{{setup_.melting, radius, outer_flow(radius)}};
  if (setup_.range == 0) return path;
  const int dimension = static_cast<int>(setup_.shape);
  const auto slope = [&](const Point& p) {
    const double liquid = 1 - (setup_.melting - p.temperature) / setup_.range;
    const double k = setup_.k_frozen + (setup_.k_unfrozen - setup_.k_frozen) * liquid;
    const double area = std::pow(p.r, dimension - 1);
    const double dr = k * area / p.flow;
    return Point{1, dr, -area * liquid * setup_.w * (setup_.body - p.temperature) * dr};
  };
  const auto moved = [](const Point& p, const Point& d, double h) {
    return Point{p.temperature + h * d.temperature, p.r + h * d.r, p.flow + h * d.flow};
  };
  const double h = -setup_.range / kSteps;
  for (int i = 0; i < kSteps; ++i) {
    const Point& p = path.back();
    const Point k1 = slope(p), k2 = slope(moved(p, k1, h / 2)), k3 = slope(moved(p, k2, h / 2));
    const Point k4 = slope(moved(p, k3, h));
    path.push_back({setup_.melting - setup_.range * (i + 1) / kSteps,
                    p.r + h / 6 * (k1.r + 2 * k2.r + 2 * k3.r + k4.r),
                    p.flow + h / 6 * (k1.flow + 2 * k2.flow + 2 * k3.flow + k4.flow)});
  }
  return path;
}

double SteadyIce::probe_for(const Point& solidus) const {
  return solidus.temperature - solidus.flow * span(solidus.r) / setup_.k_frozen;
}

double SteadyIce::power() const {
  const double solid_angle = setup_.shape == Symmetry::sphere ? 4 * kPi : 2 * kPi;
  return solid_angle * path_.back().flow;
}

double SteadyIce::temperature(double r) const {
  const Point& solidus = path_.back();
  if (r <= solidus.r) return setup_.probe + solidus.flow * span(r) / setup_.k_frozen;
  if (r >= front()) {
    const double excess = setup_.melting - setup_.body, l = length();
    const double fall = setup_.shape == Symmetry::sphere
                            ? front() / r * std::exp(-(r - front()) / l)
                            : std::cyl_bessel_k(0.0, r / l) / std::cyl_bessel_k(0.0, front() / l);
    return setup_.body + excess * fall;
  }
  // Inside the range: the stored points are dense enough for a straight line (error ~
  // range/kSteps^2).
  const auto above =
      std::find_if(path_.begin() + 1, path_.end(), [r](const Point& p) { return p.r <= r; });
  const Point &a = *(above - 1), &b = *above;
  return b.temperature + (a.temperature - b.temperature) * (r - b.r) / (a.r - b.r);
}

}  // namespace thermodose::exact
