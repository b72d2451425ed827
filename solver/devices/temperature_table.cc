// Implements: shaft law "temperature_table": the surface temperature follows a measured curve of
// the time since the freeze began. The curve's shape is what is kept: phi(t) = (T(t) - T(0)) /
// (T(end) - T(0)), so that a second freeze that begins at another temperature joins without a jump
// and a freeze that begins at T(0) at full power is the curve itself.
#include <algorithm>
#include <cmath>

#include "base/registry.h"
#include "devices/controlled_law.h"

namespace thermodose {

namespace {

using Table = std::vector<std::pair<double, double>>;

/// Deviation from the chord below which a point of the table is no corner, K.
constexpr double kCornerTolerance = 1;

/// Adds the points of table(first, last) that a polyline within kCornerTolerance needs (Douglas
/// and Peucker 1973): densely measured curves must not force a time step per point.
void add_corners(const Table& table, std::size_t first, std::size_t last,
                 std::vector<double>& out) {
  const auto [t0, y0] = table[first];
  const auto [t1, y1] = table[last];
  double worst = kCornerTolerance;
  std::size_t at = first;
  for (std::size_t i = first + 1; i < last; ++i) {
    const double chord = y0 + (y1 - y0) * (table[i].first - t0) / (t1 - t0);
    if (std::abs(table[i].second - chord) > worst) {
      worst = std::abs(table[i].second - chord);
      at = i;
    }
  }
  if (at == first) return;
  add_corners(table, first, at, out);
  out.push_back(table[at].first);
  add_corners(table, at, last, out);
}

class TemperatureTable : public ControlledLaw {
 public:
  void keys(Keys& k) override {
    k.curve(key("temperature", "degC",
                "Surface temperature at full power against time; the last value is held.")
                .range(-200, 50),
            key("time", "s", "Time since the freeze began; the first one is 0.").range(0, 1e5),
            table_);
    control_keys(k);
  }

  std::vector<std::string> check() const override {
    if (table_.size() < 2) return {"temperature: at least two points are needed"};
    if (table_.front().first != 0) return {"temperature: the first time must be 0"};
    if (table_.back().second >= table_.front().second) {
      return {"temperature: the last value must be colder than the first"};
    }
    return check_control("temperature");
  }

 protected:
  double full_temperature() const override { return table_.back().second; }
  double progress(double elapsed) const override {
    if (elapsed >= table_.back().first) return 1;
    const double start = table_.front().second;
    return (interpolate(table_, elapsed) - start) / (full_temperature() - start);
  }
  double max_progress() const override {
    double most = 1;
    for (const auto& [time, value] : table_) most = std::max(most, progress(time));
    return most;
  }
  std::vector<double> progress_corners() const override {
    std::vector<double> out;
    add_corners(table_, 0, table_.size() - 1, out);
    out.push_back(table_.back().first);
    return out;
  }
  SurfaceCondition condition(double temperature, ProbeMode /*mode*/) const override {
    return {SurfaceCondition::Kind::temperature, temperature, 0};
  }

 private:
  Table table_;  ///< (s, K)
};

THERMODOSE_REGISTER(
    "shaft_law", "temperature_table", TemperatureTable,
    "Prescribed surface temperature from a table against the time since the freeze began, linear "
    "between points and held after the last; begun elsewhere or throttled, the curve keeps its "
    "shape between the present temperature and T_off + d (T_end - T_off).");

}  // namespace
}  // namespace thermodose
