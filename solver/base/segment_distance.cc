// Implements: segment_distance.h.
#include "base/segment_distance.h"

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {
Vec3 from_to(const Vec3& a, const Vec3& b) { return {b[0] - a[0], b[1] - a[1], b[2] - a[2]}; }
double dot(const Vec3& a, const Vec3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
double unit(double x) { return std::clamp(x, 0.0, 1.0); }
}  // namespace

double segment_distance(const Vec3& p0, const Vec3& p1, const Vec3& q0, const Vec3& q1) {
  const Vec3 u = from_to(p0, p1), v = from_to(q0, q1), w = from_to(q0, p0);
  const double a = dot(u, u), e = dot(v, v), b = dot(u, v), c = dot(u, w), f = dot(v, w);
  double s = 0, t = 0;  // fractions of the two segments
  if (e > 0) {
    const double denominator = a * e - b * b;
    if (denominator > 1e-12 * a * e) s = unit((b * f - c * e) / denominator);
    t = (b * s + f) / e;
  }
  if (e <= 0 || t < 0 || t > 1) {
    t = unit(t);
    s = a > 0 ? unit((b * t - c) / a) : 0;
  }
  return std::hypot(w[0] + s * u[0] - t * v[0], w[1] + s * u[1] - t * v[1],
                    w[2] + s * u[2] - t * v[2]);
}

}  // namespace thermodose
