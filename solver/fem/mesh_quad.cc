// Implements: elements of axisymmetric rectangles (see mesh_quad.h).
#include "fem/mesh_quad.h"

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {
constexpr double kPi = 3.14159265358979323846;
}

bool is_rectangle(const std::array<Vec3, 4>& c) {
  const double size = std::abs(c[3][0] - c[0][0]) + std::abs(c[3][2] - c[0][2]);
  const auto same = [size](double a, double b) { return std::abs(a - b) <= 1e-10 * size; };
  return same(c[0][0], c[2][0]) && same(c[1][0], c[3][0]) && same(c[0][2], c[1][2]) &&
         same(c[2][2], c[3][2]) && c[1][0] > c[0][0] && c[2][2] > c[0][2];
}

QuadElement rectangle_element(const std::array<Vec3, 4>& c) {
  const double r0 = c[0][0], r1 = c[1][0], hr = r1 - r0, hz = c[2][2] - c[0][2];
  const double across = kPi * (r0 + r1) / hr;  // 2 pi int (phi')^2 r dr
  const double m0 = kPi * hr * (2 * r0 + r1) / 3, m1 = kPi * hr * (r0 + 2 * r1) / 3;
  QuadElement e;
  e.coupling = {across * hz / 2, m0 / hz, 0, 0, m1 / hz, across * hz / 2};
  e.share = {m0 * hz / 2, m1 * hz / 2, m0 * hz / 2, m1 * hz / 2};
  return e;
}

namespace {

using Matrix4 = std::array<std::array<double, 4>, 4>;

// One Jacobi rotation that makes a[p][q] vanish.
void rotate(Matrix4& a, std::size_t p, std::size_t q) {
  if (a[p][q] == 0) return;
  const double tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const double t = std::copysign(1 / (std::abs(tau) + std::hypot(1, tau)), tau);
  const double c = 1 / std::hypot(1, t), s = t * c;
  for (std::size_t k = 0; k < 4; ++k) {
    const double x = a[k][p], y = a[k][q];
    a[k][p] = c * x - s * y;
    a[k][q] = s * x + c * y;
  }
  for (std::size_t k = 0; k < 4; ++k) {
    const double x = a[p][k], y = a[q][k];
    a[p][k] = c * x - s * y;
    a[q][k] = s * x + c * y;
  }
}

}  // namespace

double largest_eigenvalue(const QuadElement& element) {
  Matrix4 a{};
  for (std::size_t n = 0; n < kQuadPairs.size(); ++n) {
    const auto [i, j] = kQuadPairs[n];
    const double w = element.coupling[n];
    a[i][i] += w;
    a[j][j] += w;
    a[i][j] -= w;
    a[j][i] -= w;
  }
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) a[i][j] /= std::sqrt(element.share[i] * element.share[j]);
  // Quadratic convergence: five sweeps leave nothing off the diagonal of a 4 x 4 matrix.
  for (int sweep = 0; sweep < 5; ++sweep)
    for (const auto& [i, j] : kQuadPairs) rotate(a, i, j);
  return std::max({a[0][0], a[1][1], a[2][2], a[3][3]});
}

}  // namespace thermodose
