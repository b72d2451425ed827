// Implements: elements of hexahedra (see mesh_hex.h).
#include "fem/mesh_hex.h"

#include <algorithm>
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

Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// Mean gradient of each shape function, 1/m: int grad phi_i dV / volume, exact.
std::array<Vec3, 8> mean_gradients(const Corners& corners) {
  constexpr double kGauss[2] = {0.21132486540518711775, 0.78867513459481288225};
  std::array<Vec3, 8> out{};
  double volume = 0;
  for (std::size_t q = 0; q < 8; ++q) {
    const Vec3 u{kGauss[q & 1U], kGauss[q >> 1U & 1U], kGauss[q >> 2U]};
    const auto s = hex_slopes(corners, u);
    const Vec3 across[3] = {cross(s[1], s[2]), cross(s[2], s[0]), cross(s[0], s[1])};
    volume += dot(s[0], across[0]);
    for (std::size_t i = 0; i < 8; ++i)
      for (std::size_t d = 0; d < 3; ++d) {
        double slope = (i >> d & 1U) != 0 ? 1 : -1;
        for (std::size_t e = 0; e < 3; ++e)
          if (e != d) slope *= (i >> e & 1U) != 0 ? u[e] : 1 - u[e];
        out[i] = out[i] + slope * across[d];
      }
  }
  for (Vec3& g : out) g = (1 / volume) * g;
  return out;
}

/// sum_a G_a K_a (x) (M(s) (x) M(s) - M (x) M) on the unit cube.
Matrix8 lumping(const Vec3& conductance) {
  const double sum = conductance[0] + conductance[1] + conductance[2];
  const double s = 1 - 3 * std::min({conductance[0], conductance[1], conductance[2]}) / sum;
  const double consistent[2] = {1.0 / 3, 1.0 / 6};  // of a node with itself, with the other one
  const double mixed[2] = {1.0 / 3 + s / 6, (1 - s) / 6};
  Matrix8 out{};
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t j = 0; j < 8; ++j)
      for (std::size_t a = 0; a < 3; ++a) {
        const std::size_t apart = i ^ j, b = (a + 1) % 3, c = (a + 2) % 3;
        const std::size_t in_b = apart >> b & 1U, in_c = apart >> c & 1U;
        out[i][j] += conductance[a] * ((apart >> a & 1U) != 0 ? -1 : 1) *
                     (mixed[in_b] * mixed[in_c] - consistent[in_b] * consistent[in_c]);
      }
  return out;
}

}  // namespace

// With P u = u - x . (mean gradient of u), the remainder beyond a linear field: K += P^T D P.
void lump_across(const Corners& corners, HexElement& element) {
  const auto s = hex_slopes(corners, {0.5, 0.5, 0.5});
  const double volume = dot(s[0], cross(s[1], s[2]));
  Vec3 conductance{};
  for (std::size_t a = 0; a < 3; ++a) {
    const Vec3 across = cross(s[(a + 1) % 3], s[(a + 2) % 3]);
    conductance[a] = dot(across, across) / volume;
  }
  const Matrix8 d = lumping(conductance);
  const auto gradient = mean_gradients(corners);
  Matrix8 p{}, dp{};
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t j = 0; j < 8; ++j)
      p[i][j] = (i == j ? 1 : 0) - dot(corners[i] - corners[0], gradient[j]);
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t k = 0; k < 8; ++k)
      for (std::size_t j = 0; j < 8; ++j) dp[i][j] += d[i][k] * p[k][j];
  for (std::size_t n = 0; n < kHexCouplings; ++n) {
    const auto [i, j] = kHexPairs[n];
    for (std::size_t k = 0; k < 8; ++k) element.coupling[n] -= p[k][i] * dp[k][j];
  }
}

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
    const double area = norm(cross(a, b));
    const double w = kWeight[q % 3] * kWeight[q / 3] * area;
    const double phi[4] = {(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v};
    for (std::size_t i = 0; i < 4; ++i) out[i] += w * phi[i];
  }
  return out;
}

}  // namespace thermodose
