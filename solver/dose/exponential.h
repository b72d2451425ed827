// Exponentials for loops over nodes.
// Implements: exp in single precision without branches, so that loops over blocks become vector
// code, and the mean of exp(g(s)) over s in [0, 1] for a linear g: (e^g1 - e^g0) / (g1 - g0).
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace thermodose::dose {

/// e^x, relative error below 2e-7; x is held within -87 .. 87, beyond which a float ends.
inline float fast_exp(float x) {
  constexpr float kLimit = 87;
  constexpr float kRound = 12582912;  // 1.5 * 2^23: adding it rounds to a whole number
  x = x < -kLimit ? -kLimit : x;
  x = x > kLimit ? kLimit : x;
  const float n = (x * 1.44269504F + kRound) - kRound;
  // ln 2 in two parts, the first exact when multiplied by n.
  const float r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
  // Polynomial of the Cephes library (S. Moshier) for |r| <= ln 2 / 2.
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * (r * r) + r + 1.0F;
  const std::int32_t bits = (static_cast<std::int32_t>(n) + 127) * (1 << 23);
  float power = 0;
  std::memcpy(&power, &bits, sizeof power);
  return p * power;
}

/// (1 - e^-x) / x for x >= 0, relative error below 5e-7.
inline float mean_decay(float x) {
  float series = 1.0F / 5040;
  series = series * -x + 1.0F / 720;
  series = series * -x + 1.0F / 120;
  series = series * -x + 1.0F / 24;
  series = series * -x + 1.0F / 6;
  series = series * -x + 0.5F;
  series = series * -x + 1.0F;
  const bool small = x < 0.5F;
  const float divisor = small ? 1.0F : x;
  const float direct = (1.0F - fast_exp(-x)) / divisor;
  return small ? series : direct;
}

/// Mean of e^g over a step in which g goes linearly from g0 to g1, times e^bend.
inline float mean_exp(float g0, float g1, float bend = 0) {
  const float larger = g0 > g1 ? g0 : g1;
  return fast_exp(larger + bend) * mean_decay(std::fabs(g1 - g0));
}

}  // namespace thermodose::dose
