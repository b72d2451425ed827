// Implements: geometry/hexahedron.h.
#include "geometry/hexahedron.h"

namespace thermodose {

namespace {

/// Points of the two-point Gauss rule on [0, 1]; both weights are 1/2.
constexpr double kGauss[2] = {0.21132486540518711775, 0.78867513459481288225};

Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// The factor of corner c along axis d.
double factor(std::size_t c, std::size_t d, double u) { return (c >> d & 1U) != 0 ? u : 1 - u; }

}  // namespace

std::array<double, 8> hex_weights(const Vec3& u) {
  std::array<double, 8> w{};
  for (std::size_t c = 0; c < 8; ++c)
    w[c] = factor(c, 0, u[0]) * factor(c, 1, u[1]) * factor(c, 2, u[2]);
  return w;
}

std::array<Vec3, 3> hex_slopes(const Corners& corners, const Vec3& u) {
  std::array<Vec3, 3> out{};
  for (std::size_t c = 0; c < 8; ++c)
    for (std::size_t d = 0; d < 3; ++d) {
      double w = (c >> d & 1U) != 0 ? 1 : -1;
      for (std::size_t e = 0; e < 3; ++e)
        if (e != d) w *= factor(c, e, u[e]);
      out[d] = out[d] + w * corners[c];
    }
  return out;
}

double hex_jacobian(const Corners& corners, const Vec3& u) {
  const auto s = hex_slopes(corners, u);
  return dot(s[0], cross(s[1], s[2]));
}

double hex_volume(const Corners& corners) {
  double sum = 0;  // the Jacobian is quadratic along each axis: exact
  for (std::size_t q = 0; q < 8; ++q)
    sum += hex_jacobian(corners, {kGauss[q & 1U], kGauss[q >> 1U & 1U], kGauss[q >> 2U]}) / 8;
  return sum;
}

bool hex_inverse(const Corners& corners, const Vec3& point, Vec3& u) {
  constexpr int kSteps = 30;
  u = {0.5, 0.5, 0.5};
  for (int step = 0; step < kSteps; ++step) {
    Vec3 off = point;
    const auto w = hex_weights(u);
    for (std::size_t c = 0; c < 8; ++c) off = off - w[c] * corners[c];
    const auto s = hex_slopes(corners, u);
    const double det = dot(s[0], cross(s[1], s[2]));
    const Vec3 move{dot(off, cross(s[1], s[2])) / det, dot(off, cross(s[2], s[0])) / det,
                    dot(off, cross(s[0], s[1])) / det};
    u = u + move;
    if (!(norm(u) < 10)) return false;   // not a number too
    if (norm(move) < 1e-9) return true;  // of second order: what is left is rounding
  }
  return false;
}

}  // namespace thermodose
