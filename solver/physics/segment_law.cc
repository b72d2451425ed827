// Implements: evaluation of a SegmentLaw and its bounds (see segment_law.h for the equations).
#include "physics/segment_law.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace thermodose {

namespace {

double clamp(double x, double lo, double hi) { return std::min(std::max(x, lo), hi); }

/// Distance from the pivot that the piece contributes at H, J/m3.
double offset(const Segment& s, double enthalpy) { return clamp(enthalpy, s.lo, s.hi) - s.pivot; }

/// The piece that holds H; at a break the one above.
const Segment& piece_at(const std::vector<Segment>& segments, double enthalpy) {
  assert(!segments.empty());
  std::size_t i = segments.size() - 1;
  while (i > 0 && enthalpy < segments[i].lo) --i;
  return segments[i];
}

/// Largest value of c1 + 2 c2 d over the piece; unbounded ends are linear and add nothing.
double largest_slope(const Segment& s, double c1, double c2) {
  double largest = -std::numeric_limits<double>::infinity();
  for (const double end : {s.lo, s.hi}) {
    const double d = std::isfinite(end) ? end - s.pivot : 0.0;
    assert(std::isfinite(end) || c2 == 0.0);
    largest = std::max(largest, c1 + 2 * c2 * d);
  }
  return largest;
}

}  // namespace

double SegmentLaw::excess(double enthalpy) const {
  double u = 0;
  for (const Segment& s : segments) u += s.t1 * offset(s, enthalpy);
  return u;
}

double SegmentLaw::kirchhoff(double enthalpy) const {
  double theta = 0;
  for (const Segment& s : segments) {
    const double d = offset(s, enthalpy);
    theta += (s.th1 + s.th2 * d) * d;
  }
  return theta;
}

double SegmentLaw::source(double enthalpy) const {
  double value = source_at_reference;
  for (const Segment& s : segments) {
    const double d = offset(s, enthalpy);
    value += (s.s1 + s.s2 * d) * d;
  }
  return value;
}

double SegmentLaw::capacity(double enthalpy) const { return 1 / piece_at(segments, enthalpy).t1; }

double SegmentLaw::conductivity(double enthalpy) const {
  const Segment& s = piece_at(segments, enthalpy);
  return (s.th1 + 2 * s.th2 * offset(s, enthalpy)) / s.t1;
}

double SegmentLaw::source_slope(double enthalpy) const {
  const Segment& s = piece_at(segments, enthalpy);
  return s.s1 + 2 * s.s2 * offset(s, enthalpy);
}

double SegmentLaw::enthalpy(double temperature) const {
  assert(!segments.empty());
  const double u = temperature - reference_temperature;
  // Walk away from H = 0 (the pivots), piece by piece, and invert the piece that reaches u.
  double reached = 0;
  if (u >= 0) {
    for (const Segment& s : segments) {
      if (s.hi <= 0) continue;
      const double gain = s.t1 * (s.hi - s.pivot);
      if (u <= reached + gain) return s.pivot + (u - reached) / s.t1;
      reached += gain;
    }
  } else {
    for (auto s = segments.rbegin(); s != segments.rend(); ++s) {
      if (s->lo >= 0) continue;
      const double gain = s->t1 * (s->lo - s->pivot);
      if (u >= reached + gain) return s->pivot + (u - reached) / s->t1;
      reached += gain;
    }
  }
  // No number passes through to where states are judged.
  assert(std::isnan(temperature) && "the outermost pieces must reach to infinity");
  return std::numeric_limits<double>::quiet_NaN();
}

double SegmentLaw::max_diffusivity() const {
  double largest = 0;
  for (const Segment& s : segments) largest = std::max(largest, largest_slope(s, s.th1, s.th2));
  return largest;
}

double SegmentLaw::max_diffusivity(double low, double high) const {
  double largest = 0;
  for (const Segment& s : segments) {
    if (s.hi < low || s.lo > high) continue;
    for (const double end : {std::max(low, s.lo), std::min(high, s.hi)})
      largest = std::max(largest, s.th1 + 2 * s.th2 * (end - s.pivot));
  }
  return largest;
}

double SegmentLaw::max_inverse_capacity() const {
  double largest = 0;
  for (const Segment& s : segments) largest = std::max(largest, s.t1);
  return largest;
}

double SegmentLaw::max_conductivity() const {
  double largest = 0;
  for (const Segment& s : segments)
    largest = std::max(largest, largest_slope(s, s.th1, s.th2) / s.t1);
  return largest;
}

double SegmentLaw::max_source_rate() const {
  double largest = 0;
  for (const Segment& s : segments) largest = std::max(largest, largest_slope(s, -s.s1, -s.s2));
  return largest;
}

}  // namespace thermodose
