// Implements: isotherm_cell.h.
#include "dose/isotherm_cell.h"

#include <algorithm>
#include <cmath>

namespace thermodose::isotherm {

namespace {

constexpr double kPi = 3.14159265358979323846;
/// Points of the two-point Gauss rule on [0, 1]; both weights are 1/2.
constexpr double kGauss[2] = {0.21132486540518711775, 0.78867513459481288225};

/// Corners of a column's foot and head when columns run along an axis: foot[c] and head[c] are
/// the ends of the edge of the cell at transverse corner c (first transverse axis fastest).
struct ColumnCorners {
  int foot[4], head[4];
};
constexpr ColumnCorners kColumns[3] = {
    {{0, 2, 4, 6}, {1, 3, 5, 7}}, {{0, 1, 4, 5}, {2, 3, 6, 7}}, {{0, 1, 2, 3}, {4, 5, 6, 7}}};

/// kWeights[q][c]: weight of transverse corner c at Gauss point q.
struct Weights {
  float value[4][4];
};
constexpr Weights make_weights() {
  Weights w{};
  for (int q = 0; q < 4; ++q) {
    const double a = kGauss[q % 2];
    const double b = kGauss[q / 2];
    w.value[q][0] = static_cast<float>((1 - a) * (1 - b));
    w.value[q][1] = static_cast<float>(a * (1 - b));
    w.value[q][2] = static_cast<float>((1 - a) * b);
    w.value[q][3] = static_cast<float>(a * b);
  }
  return w;
}
constexpr Weights kWeights = make_weights();

/// Axis along which the mean slope of the corner values is largest.
int steepest_axis(const std::array<float, 8>& g) {
  const float x = std::abs((g[1] - g[0]) + (g[3] - g[2]) + (g[5] - g[4]) + (g[7] - g[6]));
  const float y = std::abs((g[2] - g[0]) + (g[3] - g[1]) + (g[6] - g[4]) + (g[7] - g[5]));
  const float z = std::abs((g[4] - g[0]) + (g[5] - g[1]) + (g[6] - g[2]) + (g[7] - g[3]));
  if (x >= y && x >= z) return 0;
  return y >= z ? 1 : 2;
}

/// Value at Gauss point q of the bilinear function with the corner values g[corner[0..3]].
float at_gauss(const std::array<float, 8>& g, const int (&corner)[4], int q) {
  const float(&w)[4] = kWeights.value[q];
  return w[0] * g[corner[0]] + w[1] * g[corner[1]] + w[2] * g[corner[2]] + w[3] * g[corner[3]];
}

/// Length of the part of [0, 1] where the line from a to b is negative.
float negative_length(float a, float b) {
  // One formula for all signs; the tiny number decides 0/0: not negative.
  const float below = std::min(a, 0.0F) + std::min(b, 0.0F);
  return -below / (std::abs(a) + std::abs(b) + 1e-30F);
}

Vec3 along(const std::array<Vec3, 8>& p, const double (&s)[3], int axis) {
  // derivative of the trilinear map with respect to reference coordinate `axis`
  const int u = axis == 0 ? 1 : 0;
  const int v = axis == 2 ? 1 : 2;
  const ColumnCorners& c = kColumns[axis];
  const double w[4] = {(1 - s[u]) * (1 - s[v]), s[u] * (1 - s[v]), (1 - s[u]) * s[v], s[u] * s[v]};
  Vec3 d{};
  for (int i = 0; i < 4; ++i) {
    for (int k = 0; k < 3; ++k) d[k] += w[i] * (p[c.head[i]][k] - p[c.foot[i]][k]);
  }
  return d;
}

double triple(const Vec3& a, const Vec3& b, const Vec3& c) {
  return a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) +
         a[2] * (b[0] * c[1] - b[1] * c[0]);
}

double jacobian(const std::array<Vec3, 8>& p, const double (&s)[3]) {
  return triple(along(p, s, 0), along(p, s, 1), along(p, s, 2));
}

/// The Jacobian of a parallelepiped, or 0 when the hexahedron is none.
double constant_jacobian(const std::array<Vec3, 8>& p) {
  Vec3 edge[3];
  double size = 0;
  for (int k = 0; k < 3; ++k) {
    edge[0][k] = p[1][k] - p[0][k];
    edge[1][k] = p[2][k] - p[0][k];
    edge[2][k] = p[4][k] - p[0][k];
    size += std::abs(edge[0][k]) + std::abs(edge[1][k]) + std::abs(edge[2][k]);
  }
  double off = 0;
  for (int i = 3; i < 8; ++i) {
    for (int k = 0; k < 3; ++k) {
      const double flat = p[0][k] + (i & 1) * edge[0][k] + ((i >> 1) & 1) * edge[1][k] +
                          ((i >> 2) & 1) * edge[2][k];
      off = std::max(off, std::abs(p[i][k] - flat));
    }
  }
  return off <= 1e-9 * size ? triple(edge[0], edge[1], edge[2]) : 0;
}

struct CornerRZ {
  double r, z, g;
};

CornerRZ between(const CornerRZ& in, const CornerRZ& out) {
  const double s = in.g / (in.g - out.g);
  return {in.r + s * (out.r - in.r), in.z + s * (out.z - in.z), 0};
}

/// 2 pi times the integral of r over a triangle.
double sweep(const CornerRZ& a, const CornerRZ& b, const CornerRZ& c) {
  const double twice = (b.r - a.r) * (c.z - a.z) - (c.r - a.r) * (b.z - a.z);
  return kPi * std::abs(twice) * (a.r + b.r + c.r) / 3;
}

/// The same over the part of a triangle where the linear function is negative.
double negative_sweep(const CornerRZ& a, const CornerRZ& b, const CornerRZ& c) {
  const int inside = int(a.g < 0) + int(b.g < 0) + int(c.g < 0);
  if (inside == 0) return 0;
  if (inside == 3) return sweep(a, b, c);
  // Turn the triangle so that `p` is the corner that is alone on its side.
  const bool alone_is_inside = inside == 1;
  const CornerRZ *p = &a, *q = &b, *s = &c;
  if ((b.g < 0) == alone_is_inside) p = &b, q = &c, s = &a;
  if ((c.g < 0) == alone_is_inside) p = &c, q = &a, s = &b;
  if (alone_is_inside) return sweep(*p, between(*p, *q), between(*p, *s));
  const CornerRZ u = between(*q, *p);
  const CornerRZ v = between(*s, *p);
  return sweep(*q, *s, u) + sweep(*s, v, u);
}

}  // namespace

double negative_fraction(const std::array<float, 8>& g) {
  const ColumnCorners& c = kColumns[steepest_axis(g)];
  float sum = 0;
  for (int q = 0; q < 4; ++q)
    sum += negative_length(at_gauss(g, c.foot, q), at_gauss(g, c.head, q));
  return 0.25 * double(sum);
}

double negative_volume(const std::array<Vec3, 8>& corners, const std::array<float, 8>& g) {
  const double constant = constant_jacobian(corners);
  if (constant != 0) return std::abs(constant) * negative_fraction(g);
  const int axis = steepest_axis(g);
  const int u = axis == 0 ? 1 : 0;
  const int v = axis == 2 ? 1 : 2;
  double sum = 0;
  for (int q = 0; q < 4; ++q) {
    const float foot = at_gauss(g, kColumns[axis].foot, q);
    const float head = at_gauss(g, kColumns[axis].head, q);
    const double length = double(negative_length(foot, head));
    const double begin = foot < 0 ? 0 : 1 - length;
    for (const double point : kGauss) {  // the Jacobian is quadratic along a column: exact
      double s[3];
      s[u] = kGauss[q % 2];
      s[v] = kGauss[q / 2];
      s[axis] = begin + length * point;
      sum += 0.125 * length * jacobian(corners, s);
    }
  }
  return std::abs(sum);
}

double hexahedron_volume(const std::array<Vec3, 8>& corners) {
  const double constant = constant_jacobian(corners);
  if (constant != 0) return std::abs(constant);
  double sum = 0;
  for (int q = 0; q < 8; ++q) {
    const double s[3] = {kGauss[q & 1], kGauss[(q >> 1) & 1], kGauss[q >> 2]};
    sum += 0.125 * jacobian(corners, s);
  }
  return std::abs(sum);
}

double negative_revolution(const std::array<Vec3, 4>& corners, const std::array<float, 4>& g) {
  CornerRZ p[4];
  CornerRZ centre{0, 0, 0};
  for (std::size_t i = 0; i < 4; ++i) {
    p[i] = {corners[i][0], corners[i][2], double(g[i])};
    centre.r += 0.25 * p[i].r;
    centre.z += 0.25 * p[i].z;
    centre.g += 0.25 * p[i].g;
  }
  return negative_sweep(p[0], p[1], centre) + negative_sweep(p[1], p[3], centre) +
         negative_sweep(p[3], p[2], centre) + negative_sweep(p[2], p[0], centre);
}

}  // namespace thermodose::isotherm
