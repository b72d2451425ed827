// Implements: dose model "three_state": cells alive A, vulnerable V, dead D, A + V + D = 1
// (O'Neill et al., Ann. Biomed. Eng. 39:570, 2011),
//   dA/dt = -k A + k_b V,   dV/dt = k A - (k_b + k) V,   dD/dt = k V,
//   k = k_f exp(T / T_k) (1 - A), T in degC.
// Integrated for V and D, which are small at first, by the classical Runge-Kutta method of fourth
// order in as many equal parts of a step as the fastest rates need, T linear in time.
//
// Limits. Fitted to hepatocytes. Above 60 degC it is slow beside experience (16 min to 80 % dead
// at 60 degC): a second opinion, not the only criterion. At 37 degC it has no stable state, so
// below `counts_from` cells stay as they are. Above 100 degC the rates stay what they are there.
#include <algorithm>
#include <cmath>

#include "base/registry.h"
#include "base/types.h"
#include "dose/exponential.h"
#include "dose/warm_walk.h"
#include "dose/zero_pages.h"

namespace thermodose {

namespace {

constexpr double kCeiling = kZeroCelsius + 100;  // K
/// Largest rate times length of a part of a step.
constexpr double kPart = 0.2;

struct CellRates {
  double forward = 3.33e-3;   ///< k_f, 1/s
  double backward = 7.77e-3;  ///< k_b, 1/s
  double scale = 40.5;        ///< T_k, K
};

/// Shares of one block while it is advanced, as what they have changed by.
struct Shares {
  float vulnerable[dose::kBlock], dead[dose::kBlock];
};

/// One part of a step; s = part / parts of the way from tile.begin to tile.end.
void advance_part(const dose::WarmTile& tile, const CellRates& rates, float s, float part,
                  const Shares& start, Shares& change) {
  const auto forward = static_cast<float>(rates.forward);
  const auto backward = static_cast<float>(rates.backward);
  const auto inverse = static_cast<float>(1 / rates.scale);
  for (std::size_t i = 0; i < dose::kBlock; ++i) {
    const float v = start.vulnerable[i] + change.vulnerable[i];
    const float d = start.dead[i] + change.dead[i];
    const float h = part * tile.seconds[i];
    const float from = tile.begin[i];
    const float way = tile.end[i] - from;
    const float k0 = forward * dose::fast_exp((from + s * way) * inverse);
    const float growth = dose::fast_exp(0.5F * part * way * inverse);
    const float km = k0 * growth;
    const float k1 = km * growth;
    const auto dv = [backward](float k, float vs, float ds) {
      const float hit = k * (vs + ds);
      return hit * (1.0F - vs - ds) - (backward + hit) * vs;
    };
    const auto dd = [](float k, float vs, float ds) { return k * (vs + ds) * vs; };
    const float v1 = dv(k0, v, d);
    const float d1 = dd(k0, v, d);
    const float v2 = dv(km, v + 0.5F * h * v1, d + 0.5F * h * d1);
    const float d2 = dd(km, v + 0.5F * h * v1, d + 0.5F * h * d1);
    const float v3 = dv(km, v + 0.5F * h * v2, d + 0.5F * h * d2);
    const float d3 = dd(km, v + 0.5F * h * v2, d + 0.5F * h * d2);
    const float v4 = dv(k1, v + h * v3, d + h * d3);
    const float d4 = dd(k1, v + h * v3, d + h * d3);
    change.vulnerable[i] += h * (1.0F / 6) * (v1 + 2 * v2 + 2 * v3 + v4);
    change.dead[i] += h * (1.0F / 6) * (d1 + 2 * d2 + 2 * d3 + d4);
  }
}

class ThreeState : public DoseModel {
 public:
  void keys(Keys& k) override {
    const char* source = "hepatocytes; O'Neill et al. 2011";
    k.real(key("forward_rate", "1/s", "k_f, rate of injury at 0 degC, of which T_k makes more.")
               .range(0, 0.1)
               .optional()
               .source(source),
           rates_.forward);
    k.real(key("backward_rate", "1/s", "k_b, rate of recovery of vulnerable cells.")
               .range(0, 0.1)
               .optional()
               .source(source),
           rates_.backward);
    k.real(key("temperature_scale", "K", "T_k, warming by which the rate of injury grows e-fold.")
               .range(20, 100)
               .optional()
               .source(source),
           rates_.scale);
    k.real(key("initially_alive", "1", "Share of the cells alive at the start.")
               .range(0, 1)
               .optional()
               .source(source),
           alive_);
    k.real(key("initially_dead", "1",
               "Share of the cells dead at the start; the rest of 1 is "
               "vulnerable, and without it nothing happens.")
               .range(0, 1)
               .optional(),
           dead_);
    k.real(key("counts_from", "degC", "Below this cells stay as they are.").range(0, 60).optional(),
           floor_);
  }

  std::vector<std::string> check() const override {
    if (alive_ + dead_ <= 1 && alive_ < 1) return {};
    return {"initially_alive: must be below 1 and leave room for initially_dead"};
  }

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double time) override {
    vulnerable_at_start_ = std::max(0.0, 1 - alive_ - dead_);
    state_.vulnerable = dose::ZeroVector<double>(nodes);
    state_.dead = dose::ZeroVector<double>(nodes);
    const double hottest = (kCeiling - kZeroCelsius) / rates_.scale;
    fastest_ = rates_.forward * std::exp(hottest) + rates_.backward;
    walk_.start(laws, all, initial, time, floor_, kCeiling);
  }

  void advance(const DoseStep& step) override {
    walk_.advance(step, [&](std::size_t at, auto length, const dose::WarmTile& tile) {
      advance_tile(length, tile, state_.vulnerable.data() + at, state_.dead.data() + at);
    });
  }

  std::vector<DoseField> fields() const override {
    return {{"alive", "1", "Share of the cells alive."},
            {"vulnerable", "1", "Share of the cells injured, which recover or die."},
            {"dead", "1", "Share of the cells dead; 0.8 counts as a dead place."}};
  }

  std::vector<float> values(std::size_t index, double time) const override {
    std::vector<float> out(state_.dead.size());
    const auto share = [&](double v, double d) { return share_of(index, v, d); };
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = share(state_.vulnerable[i], state_.dead[i]);
    walk_.rest(time, [&](std::size_t at, auto length, const dose::WarmTile& tile) {
      double vulnerable[dose::kBlock], dead[dose::kBlock];
      std::copy_n(state_.vulnerable.data() + at, std::size_t(length), vulnerable);
      std::copy_n(state_.dead.data() + at, std::size_t(length), dead);
      advance_tile(length, tile, vulnerable, dead);
      for (std::size_t i = 0; i < length; ++i) out[at + i] = share(vulnerable[i], dead[i]);
    });
    return out;
  }

  void look(std::size_t index, double /*time*/, const std::vector<NodeRun>& runs,
            std::vector<float>& field) const override {
    for (const NodeRun& run : runs)
      for (std::size_t i = run.begin; i < run.end; ++i)
        field[i] = share_of(index, state_.vulnerable[i], state_.dead[i]);
  }

 private:
  /// Share `index` of the fields for what has changed since the start.
  float share_of(std::size_t index, double vulnerable, double dead) const {
    const double v = vulnerable_at_start_ + vulnerable, d = dead_ + dead;
    const double shares[] = {1 - v - d, v, d};
    return static_cast<float>(std::clamp(shares[index], 0.0, 1.0));
  }

  /// What has changed since the start.
  struct State {
    dose::ZeroVector<double> vulnerable, dead;
  };

  /// Parts depend on the length of the step alone, so that results do not depend on blocks.
  template <class Length>
  void advance_tile(Length length, const dose::WarmTile& tile, double* vulnerable,
                    double* dead) const {
    const int parts = std::max(1, static_cast<int>(std::ceil(tile.span * fastest_ / kPart)));
    Shares start;
    for (std::size_t i = 0; i < dose::kBlock; ++i) {
      const std::size_t from = i < length ? i : 0;
      start.vulnerable[i] = static_cast<float>(vulnerable_at_start_ + vulnerable[from]);
      start.dead[i] = static_cast<float>(dead_ + dead[from]);
    }
    Shares change{};
    const float part = 1.0F / static_cast<float>(parts);
    for (int p = 0; p < parts; ++p) {
      advance_part(tile, rates_, part * static_cast<float>(p), part, start, change);
    }
    for (std::size_t i = 0; i < length; ++i) {
      vulnerable[i] += double(change.vulnerable[i]);
      dead[i] += double(change.dead[i]);
    }
  }

  CellRates rates_;
  double alive_ = 0.99;
  double dead_ = 0;
  double floor_ = kZeroCelsius + 37;  ///< K
  double fastest_ = 0;                ///< 1/s
  double vulnerable_at_start_ = 0;
  State state_;
  dose::WarmWalk walk_;
};

THERMODOSE_REGISTER("dose", "three_state", ThreeState,
                    "Cell death by heat: cells alive, vulnerable and dead (O'Neill et al. 2011, "
                    "hepatocytes).");

}  // namespace
}  // namespace thermodose
