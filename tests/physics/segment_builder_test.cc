// Implements: tests of build_segment_law against the laws it was made from.
#include "physics/segment_builder.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "physics/test_tissues.h"

namespace thermodose {
namespace {

using testing::celsius;
using testing::kBody;
using testing::make_law;

TEST(SegmentBuilder, ReferenceTissueHasThreePieces) {
  const SegmentLaw law = build_segment_law(testing::reference_tissue(), kBody, 0.05, 32);
  ASSERT_EQ(law.segments.size(), 3U);
  EXPECT_EQ(law.segments[2].pivot, 0);
  EXPECT_LT(law.segments[2].lo, 0);
  EXPECT_EQ(law.segments[0].pivot, law.segments[0].hi);
  EXPECT_EQ(law.excess(0), 0);
  EXPECT_EQ(law.kirchhoff(0), 0);
  EXPECT_EQ(law.source_at_reference, 0);
  // H is quadratic in T on the mushy piece: the miss is (dT)^2/8 (C_u - C_f)/dT / C.
  const double c_mean = 1050 * (0.5 * (1900 + 3600) + 250e3 / 7);
  EXPECT_NEAR(law.interpolation_error, 7 * 1050 * 1700 / (8 * c_mean), 1e-3);
  EXPECT_GT(law.interpolation_error, 0.01);
}

TEST(SegmentBuilder, ReferenceTissueFollowsTheClosedForm) {
  const SegmentLaw law = build_segment_law(testing::reference_tissue(), kBody, 0.05, 32);
  const double unfrozen = 1050 * 3600 * 38, mushy = 1050 * (250e3 + 7 * (1900 + 3600) / 2.0);
  const double frozen = 1050 * 1900 * 142;
  EXPECT_NEAR(law.enthalpy(celsius(-1)), -unfrozen, 1e-9 * unfrozen);
  EXPECT_NEAR(law.enthalpy(celsius(-8)), -unfrozen - mushy, 1e-9 * unfrozen);
  const double total = unfrozen + mushy + frozen;
  EXPECT_NEAR(law.enthalpy(celsius(-150)), -total, 1e-9 * total);
  // theta between 37 and -150 degC: unfrozen, mean over the mushy range, frozen.
  const double theta = 0.5 * 38 + 1.25 * 7 + 2.0 * 142;
  EXPECT_NEAR(law.kirchhoff(law.enthalpy(celsius(-150))), -theta, 1e-9 * theta);
  EXPECT_NEAR(law.conductivity(law.enthalpy(celsius(-40))), 2.0, 1e-9);
  EXPECT_NEAR(law.conductivity(law.enthalpy(celsius(20))), 0.5, 1e-9);
  EXPECT_NEAR(law.conductivity(law.enthalpy(celsius(-4.5))), 1.25, 1e-9);
  EXPECT_NEAR(law.source(law.enthalpy(celsius(10))), 20e3 * 27, 1e-3);
  EXPECT_NEAR(law.source(law.enthalpy(celsius(-4.5))), 0.5 * 20e3 * 41.5, 1e-3);
  EXPECT_NEAR(law.source(law.enthalpy(celsius(-60))), 0, 1e-3);
  EXPECT_NEAR(law.max_diffusivity(), 2.0 / (1050 * 1900), 1e-12);
  EXPECT_NEAR(law.max_source_rate(), 20e3 / (1050 * 3600), 1e-9);
}

/// |T_pieces - T_laws|, |k_pieces - k_laws|/k at equal T, and theta at equal T, over the range.
void expect_follows(const Tissue& tissue, const SegmentLaw& law, double tolerance) {
  double theta = 0, previous = tissue.min_temperature;
  double worst = 0;
  const double theta_at_min = law.kirchhoff(law.enthalpy(previous));
  const int n = 3000;
  for (int i = 0; i <= n; ++i) {
    const double t =
        tissue.min_temperature + (tissue.max_temperature - tissue.min_temperature) * i / n;
    const double h = tissue.enthalpy(t, law.reference_temperature);
    worst = std::max(worst, std::abs(law.temperature(h) - t));
    const double same_t = law.enthalpy(t);
    ASSERT_NEAR(law.conductivity(same_t) / tissue.conductivity(t), 1, 1.2 * kConductivityTolerance)
        << t;
    theta += tissue.conductivity_integral(previous, t);
    previous = t;
    ASSERT_NEAR(law.kirchhoff(same_t) - theta_at_min, theta, 2e-3 * theta + 1e-6) << t;
    const double scale = tissue.perfusion_coefficient() * 63 + tissue.metabolic_power();
    ASSERT_NEAR(law.source(same_t), tissue.source(t), kSourceTolerance * scale) << t;
  }
  EXPECT_LE(worst, 1.05 * tolerance);
  EXPECT_LE(law.interpolation_error, tolerance);
  EXPECT_GE(law.interpolation_error, 0.8 * worst);
}

TEST(SegmentBuilder, RichTissueStaysWithinTolerance) {
  const Tissue tissue = testing::rich_tissue();
  ASSERT_TRUE(tissue.check().empty());
  for (const double tolerance : {0.2, 0.05, 0.01}) {
    const SegmentLaw law = build_segment_law(tissue, kBody, tolerance, 32);
    EXPECT_LE(law.segments.size(), 32U);
    expect_follows(tissue, law, tolerance);
  }
}

TEST(SegmentBuilder, EveryPerfusionLawAndMeanStaysWithinTolerance) {
  for (const RegistryEntry* entry : registry::entries("perfusion")) {
    for (const char* mean : {"linear", "geometric"}) {
      Tissue tissue = testing::reference_tissue();
      tissue.perfusion_law = entry->make();
      if (entry->name == "stops_below")
        tissue.perfusion_law =
            make_law("perfusion", "stops_below", {{"temperature", celsius(-1)}, {"width", 1.5}});
      tissue.mushy_conductivity = mean;
      expect_follows(tissue, build_segment_law(tissue, kBody, 0.05, 32), 0.05);
    }
  }
}

TEST(SegmentBuilder, PiecesAreContiguousMonotoneAndInvertible) {
  for (const double reference :
       {celsius(37), celsius(20), celsius(-1), celsius(-3), celsius(-40)}) {
    const Tissue tissue = testing::rich_tissue();
    const SegmentLaw law = build_segment_law(tissue, reference, 0.05, 32);
    EXPECT_TRUE(std::isinf(law.segments.front().lo));
    EXPECT_TRUE(std::isinf(law.segments.back().hi));
    EXPECT_EQ(law.segments.front().th2, 0);
    EXPECT_EQ(law.segments.back().s2, 0);
    for (std::size_t i = 0; i < law.segments.size(); ++i) {
      const Segment& s = law.segments[i];
      EXPECT_LT(s.lo, s.hi);
      EXPECT_GT(s.t1, 0);
      EXPECT_GT(s.th1, 0);
      EXPECT_EQ(s.pivot, std::min(std::max(0.0, s.lo), s.hi));
      if (i > 0) {
        EXPECT_EQ(s.lo, law.segments[i - 1].hi);
      }
    }
    EXPECT_EQ(law.excess(0), 0);
    EXPECT_EQ(law.enthalpy(reference), 0);
    EXPECT_NEAR(law.source(0), tissue.source(reference), 1e-9 * 1e6);
    for (const double knot : tissue.knots()) {
      const double exact = tissue.enthalpy(knot, reference);
      EXPECT_NEAR(law.enthalpy(knot), exact, 1e-9 * 1e9) << reference << " at " << knot;
    }
    for (double t = celsius(-260); t < celsius(180); t += 0.731)
      EXPECT_NEAR(law.temperature(law.enthalpy(t)), t, 1e-9 * t);
  }
}

TEST(SegmentBuilder, BreaksLieAtTheKinksOfThePerfusionLaw) {
  Tissue tissue = testing::reference_tissue();
  tissue.perfusion_law =
      make_law("perfusion", "stops_below", {{"temperature", celsius(5)}, {"width", 2.0}});
  const SegmentLaw law = build_segment_law(tissue, kBody, 0.05, 32);
  ASSERT_EQ(law.segments.size(), 5U);  // frozen, mushy, no perfusion, ramp, full perfusion
  EXPECT_NEAR(law.temperature(law.segments[3].lo), celsius(3), 1e-9);
  EXPECT_NEAR(law.temperature(law.segments[3].hi), celsius(5), 1e-9);
}

/// A perfusion law that is nowhere linear and has no kink.
class SmoothFade final : public PerfusionLaw {
 public:
  void keys(Keys&) override {}
  void knots(std::vector<double>&) const override {}
  double factor(double temperature, double) const override {
    return 1 / (1 + std::exp(-(temperature - celsius(10)) / 1.5));
  }
};

TEST(SegmentBuilder, SmoothPerfusionLawIsFollowed) {
  Tissue tissue = testing::reference_tissue();
  tissue.perfusion_law = std::make_shared<SmoothFade>();
  const SegmentLaw law = build_segment_law(tissue, kBody, 0.05, 32);
  EXPECT_GT(law.segments.size(), 5U);
  expect_follows(tissue, law, 0.05);
}

TEST(SegmentBuilder, FewPiecesWidenTheToleranceAndSaySo) {
  const Tissue tissue = testing::rich_tissue();
  const SegmentLaw fine = build_segment_law(tissue, kBody, 0.005, 32);
  const SegmentLaw coarse = build_segment_law(tissue, kBody, 0.005, 12);
  EXPECT_LE(coarse.segments.size(), 12U);
  EXPECT_GT(coarse.interpolation_error, 2 * fine.interpolation_error);
  // The energy between kinks stays exact.
  const double exact = tissue.enthalpy(celsius(-8), kBody);
  EXPECT_NEAR(coarse.enthalpy(celsius(-8)), exact, 1e-9 * std::abs(exact));
}

TEST(SegmentBuilder, TooManyKinksAreInputErrors) {
  Tissue tissue = testing::reference_tissue();
  std::vector<std::pair<double, double>> points;
  for (int i = 0; i <= 40; ++i) points.emplace_back(celsius(37 + i), 1 + 0.3 * (i % 2));
  tissue.conductivity_law = make_law("conductivity", "table", {}, {{"points", points}});
  ASSERT_TRUE(tissue.check().empty());
  EXPECT_THROW((void)build_segment_law(tissue, kBody, 0.05, 32), InputError);
  EXPECT_THROW((void)build_segment_law(testing::reference_tissue(), celsius(200), 0.05, 32),
               InputError);
}

TEST(SegmentBuilder, MaterialWithoutFreezingIsOnePiece) {
  Tissue gas;
  gas.density = 1.14;
  gas.heat_capacity = 1007;
  gas.conductivity_37 = 0.027;
  gas.freezing_law = make_law("freezing", "none");
  const SegmentLaw law = build_segment_law(gas, kBody, 0.05, 32);
  ASSERT_EQ(law.segments.size(), 1U);
  EXPECT_DOUBLE_EQ(law.capacity(5e5), 1.14 * 1007);
  EXPECT_DOUBLE_EQ(law.conductivity(-5e5), 0.027);
  EXPECT_EQ(law.source(1e5), 0);
}

}  // namespace
}  // namespace thermodose
