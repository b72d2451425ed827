// Implements: elements of axisymmetric rectangles (see mesh_quad.h).
#include "fem/mesh_quad.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

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

double largest_eigenvalue(const QuadElement& element) {
  Eigen::Matrix4d a = Eigen::Matrix4d::Zero();
  for (std::size_t p = 0; p < 6; ++p) {
    const int i = kQuadPairs[p][0], j = kQuadPairs[p][1];
    const double w = element.coupling[p];
    a(i, i) += w;
    a(j, j) += w;
    a(i, j) -= w;
    a(j, i) -= w;
  }
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      a(i, j) /= std::sqrt(element.share[static_cast<std::size_t>(i)] *
                           element.share[static_cast<std::size_t>(j)]);
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix4d> solver(a, Eigen::EigenvaluesOnly);
  return solver.eigenvalues()[3];
}

}  // namespace thermodose
