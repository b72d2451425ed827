// Implements: mix_laws (see segment_mix.h).
#include "physics/segment_mix.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace thermodose {

namespace {

constexpr double kSameBreak = 1e-7;  // K

/// Sums over the parts at one temperature.
struct Values {
  double enthalpy = 0, theta = 0, source = 0;
};

class Mixture {
 public:
  explicit Mixture(const std::vector<LawPart>& parts) : parts_(parts) {}

  Values at(double temperature) const {
    Values v;
    for (const auto& part : parts_) {
      const double h = part.law->enthalpy(temperature);
      v.enthalpy += part.share * h;
      v.theta += part.share * part.law->kirchhoff(h);
      v.source += part.share * part.law->source(h);
    }
    return v;
  }

  /// Temperatures of all breaks, increasing; the reference where there is none.
  std::vector<double> breaks() const {
    std::vector<double> out;
    for (const auto& part : parts_)
      for (const Segment& s : part.law->segments)
        if (std::isfinite(s.hi)) out.push_back(part.law->temperature(s.hi));
    if (out.empty()) out.push_back(parts_.front().law->reference_temperature);
    std::sort(out.begin(), out.end());
    out.erase(
        std::unique(out.begin(), out.end(), [](double a, double b) { return b - a < kSameBreak; }),
        out.end());
    return out;
  }

 private:
  const std::vector<LawPart>& parts_;
};

// Drops the break whose enthalpy lies nearest to the chord of its neighbours. The first and the
// last stay: the unbounded pieces begin there.
void drop_least(std::vector<double>& breaks, const Mixture& mixture) {
  std::size_t least = 1;
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i + 1 < breaks.size(); ++i) {
    const double a = breaks[i - 1], b = breaks[i], c = breaks[i + 1];
    const double ha = mixture.at(a).enthalpy, hb = mixture.at(b).enthalpy,
                 hc = mixture.at(c).enthalpy;
    const double miss = std::abs(hb - ha - (hc - ha) * (b - a) / (c - a));
    if (miss < smallest) {
      smallest = miss;
      least = i;
    }
  }
  breaks.erase(breaks.begin() + static_cast<std::ptrdiff_t>(least));
}

// The piece that is exact at three temperatures; lo and hi are its ends in H.
Segment piece(const Mixture& mixture, double ta, double tb, double lo, double hi) {
  const Values a = mixture.at(ta), m = mixture.at(0.5 * (ta + tb)), b = mixture.at(tb);
  const double dh = b.enthalpy - a.enthalpy;
  Segment s{};
  s.lo = lo;
  s.hi = hi;
  s.pivot = std::min(std::max(0.0, lo), hi);
  s.t1 = (tb - ta) / dh;
  const auto quadratic = [&](double fa, double fm, double fb, double& c1, double& c2) {
    c1 = (4 * fm - 3 * fa - fb) / dh;
    c2 = 2 * (fa - 2 * fm + fb) / (dh * dh);
    if (!std::isfinite(lo) || !std::isfinite(hi)) c1 = (fb - fa) / dh, c2 = 0;
    c1 += 2 * c2 * (s.pivot - a.enthalpy);
  };
  quadratic(a.theta, m.theta, b.theta, s.th1, s.th2);
  quadratic(a.source, m.source, b.source, s.s1, s.s2);
  return s;
}

}  // namespace

SegmentLaw mix_laws(const std::vector<LawPart>& parts, int max_segments) {
  assert(!parts.empty() && max_segments >= 3);
  const Mixture mixture(parts);
  std::vector<double> breaks = mixture.breaks();
  while (breaks.size() + 1 > static_cast<std::size_t>(max_segments)) drop_least(breaks, mixture);

  SegmentLaw law;
  law.reference_temperature = parts.front().law->reference_temperature;
  law.min_temperature = parts.front().law->min_temperature;
  law.max_temperature = parts.front().law->max_temperature;
  for (const auto& part : parts) {
    if (part.law->made_of.empty()) law.made_of.push_back({part.law->material, part.share});
    for (const auto& [material, share] : part.law->made_of)
      law.made_of.push_back({material, part.share * share});
    assert(part.law->reference_temperature == law.reference_temperature);
    law.material += (law.material.empty() ? "" : " + ") + part.law->material;
    law.source_at_reference += part.share * part.law->source_at_reference;
    law.min_temperature = std::max(law.min_temperature, part.law->min_temperature);
    law.max_temperature = std::min(law.max_temperature, part.law->max_temperature);
    law.interpolation_error = std::max(law.interpolation_error, part.law->interpolation_error);
  }
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto enthalpy = [&](double t) { return mixture.at(t).enthalpy; };
  law.segments.push_back(
      piece(mixture, breaks.front() - 1, breaks.front(), -infinity, enthalpy(breaks.front())));
  for (std::size_t i = 0; i + 1 < breaks.size(); ++i)
    law.segments.push_back(
        piece(mixture, breaks[i], breaks[i + 1], law.segments.back().hi, enthalpy(breaks[i + 1])));
  law.segments.push_back(
      piece(mixture, breaks.back(), breaks.back() + 1, law.segments.back().hi, infinity));
  return law;
}

}  // namespace thermodose
