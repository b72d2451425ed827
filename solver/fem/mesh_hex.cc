// Implements: elements of hexahedra (see mesh_hex.h).
#include "fem/mesh_hex.h"

#include <cmath>

namespace thermodose {

namespace {

using Matrix8 = std::array<std::array<double, 8>, 8>;

Matrix8 square(const Matrix8& a) {
  Matrix8 out{};
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t k = 0; k < 8; ++k)
      for (std::size_t j = 0; j < 8; ++j) out[i][j] += a[i][k] * a[k][j];
  return out;
}

double trace(const Matrix8& a) {
  double sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += a[i][i];
  return sum;
}

}  // namespace

std::array<double, 8> HexElement::row_sums() const {
  std::array<double, 8> off{}, own{};
  for (std::size_t n = 0; n < kHexCouplings; ++n)
    for (const std::size_t i : kHexPairs[n]) {
      off[i] += std::abs(coupling[n]);
      own[i] += coupling[n];
    }
  for (std::size_t i = 0; i < 8; ++i) off[i] += std::abs(own[i]);
  return off;
}

// lambda^64 <= sum_i lambda_i^64 <= 8 lambda^64, as no eigenvalue is negative.
double largest_eigenvalue(const HexElement& element) {
  Matrix8 a{};
  for (std::size_t n = 0; n < kHexCouplings; ++n) {
    const auto [i, j] = kHexPairs[n];
    const double w = element.coupling[n];
    a[i][i] += w;
    a[j][j] += w;
    a[i][j] -= w;
    a[j][i] -= w;
  }
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t j = 0; j < 8; ++j) a[i][j] /= std::sqrt(element.share[i] * element.share[j]);
  double log_scale = 0, power = 1;
  for (int s = 0; s < 6; ++s, power *= 2) {
    const double size = trace(a);
    if (!(size > 0)) return 0;
    log_scale += std::log(size) / power;
    for (auto& row : a)
      for (double& x : row) x /= size;
    a = square(a);
  }
  return std::exp(log_scale + std::log(trace(a)) / power);
}

std::array<double, 4> face_shares(const std::array<Vec3, 4>& c) {
  constexpr double kPoint[3] = {0.11270166537925831148, 0.5, 0.88729833462074168852};
  constexpr double kWeight[3] = {5.0 / 18, 8.0 / 18, 5.0 / 18};
  std::array<double, 4> out{};
  for (std::size_t q = 0; q < 9; ++q) {
    const double u = kPoint[q % 3], v = kPoint[q / 3];
    const Vec3 a = (1 - v) * (c[1] - c[0]) + v * (c[3] - c[2]);
    const Vec3 b = (1 - u) * (c[2] - c[0]) + u * (c[3] - c[1]);
    const double area =
        norm(Vec3{a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]});
    const double w = kWeight[q % 3] * kWeight[q / 3] * area;
    const double phi[4] = {(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v};
    for (std::size_t i = 0; i < 4; ++i) out[i] += w * phi[i];
  }
  return out;
}

}  // namespace thermodose
