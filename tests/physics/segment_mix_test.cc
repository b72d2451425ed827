// Implements: tests of mixtures of laws against sums of their parts.
#include "physics/segment_mix.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "physics/segment_builder.h"
#include "physics/test_tissues.h"

namespace thermodose {
namespace {

constexpr double kReference = 310.15;

/// Constant capacity C, conductivity k and perfusion W above, other values below `breaks`.
SegmentLaw law_with(const std::vector<double>& breaks, double scale) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  SegmentLaw law;
  law.reference_temperature = kReference;
  law.min_temperature = 100 + scale;
  law.max_temperature = 400 - scale;
  law.source_at_reference = 50 * scale;
  double hi = inf, t = kReference;
  double lo_t = breaks.back();
  double h = 0;
  for (std::size_t i = breaks.size() + 1; i-- > 0;) {
    const double capacity = 1e6 * scale * (1.0 + static_cast<double>((i * 5) % 3));
    const double k = scale * (0.5 + 0.4 * static_cast<double>(i % 3));
    Segment s{};
    s.hi = hi;
    s.lo = i == 0 ? -inf : h - capacity * (t - lo_t);
    s.pivot = std::min(0.0, hi);
    s.t1 = 1 / capacity;
    s.th1 = k / capacity;
    s.th2 = i == 0 || i == breaks.size() ? 0 : 0.05 * k / capacity / (capacity * 10);
    s.s1 = -1e-3 * scale * static_cast<double>(i);
    law.segments.insert(law.segments.begin(), s);
    if (i == 0) break;
    h = s.lo;
    hi = h;
    t = lo_t;
    lo_t = i >= 2 ? breaks[i - 2] : 0;
  }
  return law;
}

TEST(MixLaws, IsTheSumOfItsPartsAtEveryTemperature) {
  const SegmentLaw a = law_with({265.15, 272.15}, 1), b = law_with({240, 268, 290}, 1.7);
  const SegmentLaw mix = mix_laws({{&a, 0.375}, {&b, 0.625}}, 32);
  for (double t = 90; t < 420; t += 0.37) {
    const double ha = a.enthalpy(t), hb = b.enthalpy(t);
    const double h = 0.375 * ha + 0.625 * hb;
    EXPECT_NEAR(mix.enthalpy(t), h, 1e-9 * (1e6 + std::abs(h))) << t;
    EXPECT_NEAR(mix.temperature(h), t, 1e-8) << t;
    const double theta = 0.375 * a.kirchhoff(ha) + 0.625 * b.kirchhoff(hb);
    EXPECT_NEAR(mix.kirchhoff(h), theta, 1e-9 * (1 + std::abs(theta))) << t;
    const double source = 0.375 * a.source(ha) + 0.625 * b.source(hb);
    EXPECT_NEAR(mix.source(h), source, 1e-8 * (1 + std::abs(source))) << t;
  }
  EXPECT_EQ(mix.enthalpy(kReference), 0);
  EXPECT_DOUBLE_EQ(mix.min_temperature, 101.7);
  EXPECT_DOUBLE_EQ(mix.max_temperature, 398.3);
  EXPECT_EQ(mix.segments.size(), 6U) << "five breaks";
}

TEST(MixLaws, OfOneLawIsThatLaw) {
  const SegmentLaw a = law_with({265.15, 272.15}, 1);
  const SegmentLaw mix = mix_laws({{&a, 1.0}}, 32);
  for (double h = -6e8; h < 3e8; h += 1.3e7) {
    EXPECT_NEAR(mix.temperature(h), a.temperature(h), 1e-9);
    EXPECT_NEAR(mix.kirchhoff(h), a.kirchhoff(h), 1e-9 * (1 + std::abs(a.kirchhoff(h))));
  }
}

// Real tissues have many breaks; a mixture that drops some stays close, and exact at its ends.
TEST(MixLaws, DropsTheBreaksThatMatterLeast) {
  const SegmentLaw a = law_with({200, 210, 220, 230, 240, 250, 260, 270, 280}, 1);
  const SegmentLaw b = law_with({205, 215, 225, 235, 245, 255, 265, 275, 285}, 1.3);
  const SegmentLaw mix = mix_laws({{&a, 0.5}, {&b, 0.5}}, 8);
  EXPECT_EQ(mix.segments.size(), 8U);
  for (const double t : {150.0, 200.0, 285.0, 300.0, 330.0}) {
    const double h = 0.5 * (a.enthalpy(t) + b.enthalpy(t));
    EXPECT_NEAR(mix.enthalpy(t), h, 1e-9 * (1e6 + std::abs(h))) << t;
  }
  for (double t = 200; t < 285; t += 0.5) {
    const double h = 0.5 * (a.enthalpy(t) + b.enthalpy(t));
    EXPECT_NEAR(mix.temperature(h), t, 6) << t;
  }
}

}  // namespace
}  // namespace thermodose
