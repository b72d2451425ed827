// Implements: build_segment_law (see segment_builder.h for the method).
#include "physics/segment_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace thermodose {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Relative difference below which two pieces count as one (far above round-off, far below any
/// tolerance).
constexpr double kSame = 1e-10;
constexpr std::size_t kMostPieces = 32;
constexpr double kWiden = 1.3;
constexpr double kHopeless = 1e3;  // K
constexpr int kSamples = 12;

/// A piece while it is built: polynomials in x = H - h0.
struct Piece {
  double ta, tb;  // K; unbounded for the outermost
  double ha, hb;  // J/m3
  double h0;      // J/m3, origin of the polynomials: a finite end
  double t1;      // dT/dH
  double th1, th2;
  double s1, s2;
};

struct Miss {
  double temperature = 0;   // K
  double conductivity = 0;  // relative
  double source = 0;        // relative to the scale
};

struct Limits {
  double temperature, conductivity, source;
  bool hold(const Miss& m) const {
    return m.temperature <= temperature && m.conductivity <= conductivity && m.source <= source;
  }
  Limits scaled(double factor) const {
    return {temperature * factor, conductivity * factor, source * factor};
  }
};

/// The same piece with its polynomials about another origin.
Piece moved(const Piece& p, double origin) {
  Piece out = p;
  const double x = origin - p.h0;
  out.h0 = origin;
  out.th1 += 2 * p.th2 * x;
  out.s1 += 2 * p.s2 * x;
  return out;
}

/// Builds the pieces of one tissue.
class Builder {
 public:
  Builder(const Tissue& tissue, double reference) : tissue_(tissue), reference_(reference) {
    nodes_ = tissue.knots();
    nodes_.push_back(reference);
    std::sort(nodes_.begin(), nodes_.end());
    nodes_.erase(std::unique(nodes_.begin(), nodes_.end(), nearly_equal_kinks), nodes_.end());
    for (const double t : nodes_) scale_ = std::max(scale_, std::abs(tissue.source(t)));
  }

  /// All pieces within the limits, the outermost unbounded, equal neighbours merged.
  std::vector<Piece> pieces(const Limits& limits) const;
  Miss miss(const Piece& piece) const;

 private:
  Piece between(double a, double b) const;
  Piece below(double end) const { return beyond(end, end - 1); }
  Piece above(double end) const { return beyond(end, end + 1); }
  Piece beyond(double end, double outside) const;
  double farthest(double a, double b, const Limits& limits) const;
  std::vector<double> ends(double a, double b, const Limits& limits, std::size_t most) const;
  std::vector<double> even_ends(double a, double b, const Limits& limits) const;
  bool continues(const Piece& left, const Piece& right) const;

  const Tissue& tissue_;
  double reference_;
  std::vector<double> nodes_;
  double scale_ = 0;  // largest |S| at a node, W/m3
};

Piece Builder::between(double a, double b) const {
  Piece p{};
  p.ta = a;
  p.tb = b;
  p.ha = tissue_.enthalpy(a, reference_);
  p.hb = tissue_.enthalpy(b, reference_);
  p.h0 = p.ha;
  const double dh = p.hb - p.ha;
  assert(dh > 0 && b > a);
  p.t1 = (b - a) / dh;
  // k = mean + slope (T - middle); the mean carries the exact integral.
  const double mean = tissue_.conductivity_integral(a, b) / (b - a);
  const double slope = (tissue_.conductivity(b) - tissue_.conductivity(a)) / (b - a);
  p.th1 = (mean - 0.5 * slope * (b - a)) * p.t1;
  p.th2 = 0.5 * slope * p.t1 * p.t1;
  const double sa = tissue_.source(a), sm = tissue_.source(0.5 * (a + b)), sb = tissue_.source(b);
  p.s1 = (4 * sm - 3 * sa - sb) / dh;
  p.s2 = 2 * (sa - 2 * sm + sb) / (dh * dh);
  // Curvature that is round-off only would hide that neighbours are equal.
  if (std::abs(p.th2 * dh) <= kSame * p.th1) p.th1 = mean * p.t1, p.th2 = 0;
  if (std::abs(p.s2) * dh * dh <= kSame * scale_) p.s1 = (sb - sa) / dh, p.s2 = 0;
  return p;
}

/// The unbounded piece that starts at `end` and holds `outside`: constant C, k and p.
Piece Builder::beyond(double end, double outside) const {
  const bool upward = outside > end;
  Piece p{};
  p.ta = upward ? end : -kInfinity;
  p.tb = upward ? kInfinity : end;
  p.h0 = tissue_.enthalpy(end, reference_);
  p.ha = upward ? p.h0 : -kInfinity;
  p.hb = upward ? kInfinity : p.h0;
  p.t1 = 1 / tissue_.capacity(outside);
  p.th1 = tissue_.conductivity(outside) * p.t1;
  p.s1 = (tissue_.source(outside) - tissue_.source(end)) / (outside - end) * p.t1;
  return p;
}

Miss Builder::miss(const Piece& piece) const {
  Miss worst;
  if (!std::isfinite(piece.ta) || !std::isfinite(piece.tb)) return worst;
  const double s0 = tissue_.source(piece.ta);
  for (int i = 0; i <= kSamples; ++i) {  // the ends too: k has its largest miss there
    const double t = piece.ta + (piece.tb - piece.ta) * i / kSamples;
    const double reached = piece.ta + piece.t1 * tissue_.enthalpy(t, piece.ta);
    worst.temperature = std::max(worst.temperature, std::abs(reached - t));
    const double x = (t - piece.ta) / piece.t1;  // where the piece has the temperature t
    const double k = (piece.th1 + 2 * piece.th2 * x) / piece.t1;
    const double exact = tissue_.conductivity(t);
    worst.conductivity = std::max(worst.conductivity, std::abs(k - exact) / exact);
    if (scale_ > 0) {
      const double s = s0 + (piece.s1 + piece.s2 * x) * x;
      worst.source = std::max(worst.source, std::abs(s - tissue_.source(t)) / scale_);
    }
  }
  return worst;
}

/// The largest end e in (a, b] such that the piece from a to e stays within the limits.
double Builder::farthest(double a, double b, const Limits& limits) const {
  if (limits.hold(miss(between(a, b)))) return b;
  double good = 0, bad = 1;  // fractions of b - a
  for (int i = 0; i < 20; ++i) {
    const double middle = 0.5 * (good + bad);
    (limits.hold(miss(between(a, a + middle * (b - a)))) ? good : bad) = middle;
  }
  assert(good > 0 && "a law is not continuous between its knots");
  return a + good * (b - a);
}

/// Ends of consecutive pieces from a to b, each as long as the limits allow; gives up (more than
/// `most` ends) once there are too many.
std::vector<double> Builder::ends(double a, double b, const Limits& limits,
                                  std::size_t most) const {
  std::vector<double> out;
  while (a < b && out.size() <= most) {
    a = farthest(a, b, limits);
    out.push_back(a);
  }
  return out;
}

/// The same number of pieces with the tightest limits that still need no more: no sliver at b.
std::vector<double> Builder::even_ends(double a, double b, const Limits& limits) const {
  std::vector<double> best = ends(a, b, limits, kMostPieces);
  if (best.size() == 1 || best.size() > kMostPieces) return best;
  double too_tight = 0, enough = 1;
  for (int i = 0; i < 10; ++i) {
    const double factor = 0.5 * (too_tight + enough);
    std::vector<double> tried = ends(a, b, limits.scaled(factor), best.size());
    if (tried.size() > best.size()) {
      too_tight = factor;
    } else {
      enough = factor;
      best = std::move(tried);
    }
  }
  return best;
}

/// True when `right` is the continuation of `left` up to round-off.
bool Builder::continues(const Piece& left, const Piece& right) const {
  const bool left_finite = std::isfinite(left.ha), right_finite = std::isfinite(right.hb);
  const double dl = left_finite ? left.hb - left.ha : 0;
  const double dr = right_finite ? right.hb - right.ha : 0;
  const double span = dl + dr;
  // Slopes where they meet, and curvatures.
  const double xl = left.hb - left.h0, xr = right.ha - right.h0;
  const double th = left.th1 + 2 * left.th2 * xl, thr = right.th1 + 2 * right.th2 * xr;
  const double s = left.s1 + 2 * left.s2 * xl, sr = right.s1 + 2 * right.s2 * xr;
  const double width = std::max(span, 1 / left.t1);  // J/m3, at least what 1 K takes
  return std::abs(left.t1 - right.t1) <= kSame * left.t1 && std::abs(th - thr) <= kSame * th &&
         std::abs(left.th2 - right.th2) * width <= kSame * th &&
         std::abs(s - sr) * width <= kSame * scale_ &&
         std::abs(left.s2 - right.s2) * width * width <= kSame * scale_;
}

std::vector<Piece> Builder::pieces(const Limits& limits) const {
  std::vector<Piece> out{below(nodes_.front())};
  const auto append = [&](const Piece& next) {
    Piece& last = out.back();
    if (!continues(last, next)) {
      out.push_back(next);
      return;
    }
    // Keep the polynomials of an unbounded piece (they are exactly linear), else of the wider.
    const bool take_next = std::isfinite(last.ha) &&
                           (!std::isfinite(next.hb) || next.hb - next.ha > last.hb - last.ha);
    Piece merged = take_next ? moved(next, std::isfinite(last.ha) ? last.ha : next.h0) : last;
    merged.ta = last.ta;
    merged.ha = last.ha;
    merged.tb = next.tb;
    merged.hb = next.hb;
    last = merged;
  };
  for (std::size_t i = 0; i + 1 < nodes_.size(); ++i) {
    double from = nodes_[i];
    for (const double to : even_ends(from, nodes_[i + 1], limits)) {
      append(between(from, to));
      from = to;
    }
  }
  append(above(nodes_.back()));
  return out;
}

Segment finish(const Piece& p) {
  const double pivot = std::min(std::max(0.0, p.ha), p.hb);
  const Piece at_pivot = moved(p, pivot);
  return {p.ha, p.hb, pivot, p.t1, at_pivot.th1, at_pivot.th2, at_pivot.s1, at_pivot.s2};
}

void reject(const std::string& what) { throw InputError(Problem{"", 0, "material", what}); }

}  // namespace

SegmentLaw build_segment_law(const Tissue& tissue, double reference_temperature,
                             double temperature_tolerance, int max_segments) {
  assert(temperature_tolerance > 0 && max_segments >= 3 && max_segments <= 32);
  if (reference_temperature < tissue.min_temperature ||
      reference_temperature > tissue.max_temperature)
    reject(
        fmt::format("the initial temperature {:.2f} degC is outside the range of the laws, "
                    "{:.2f} to {:.2f} degC",
                    reference_temperature - kZeroCelsius, tissue.min_temperature - kZeroCelsius,
                    tissue.max_temperature - kZeroCelsius));
  const Builder builder(tissue, reference_temperature);
  const auto limit = static_cast<std::size_t>(max_segments);
  Limits limits{temperature_tolerance, kConductivityTolerance, kSourceTolerance};
  std::vector<Piece> pieces = builder.pieces(limits);
  while (pieces.size() > limit) {
    limits = limits.scaled(kWiden);
    // Widening stops to help once only the kinks are left.
    if (limits.temperature > kHopeless)
      reject(fmt::format("the laws have more kinks than {} pieces can follow", max_segments));
    pieces = builder.pieces(limits);
  }
  SegmentLaw law;
  law.reference_temperature = reference_temperature;
  law.source_at_reference = tissue.source(reference_temperature);
  law.min_temperature = tissue.min_temperature;
  law.max_temperature = tissue.max_temperature;
  for (const Piece& p : pieces) {
    law.segments.push_back(finish(p));
    law.interpolation_error = std::max(law.interpolation_error, builder.miss(p).temperature);
  }
  return law;
}

}  // namespace thermodose
