// Implements: the control of a shaft temperature that the shaft laws share (controlled_law.h).
#include "devices/controlled_law.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace thermodose {

namespace {
double between(double from, double target, double progress) {
  return from + progress * (target - from);
}
}  // namespace

SurfaceCondition ControlledLaw::at(double t, const ProbeInterval& interval) const {
  const double elapsed = std::max(t - interval.begin, 0.0);
  const double from = interval.surface_at_begin;
  if (interval.mode == ProbeMode::freeze) {
    const double target =
        between(off_temperature_, full_temperature(), std::clamp(interval.power, 0.0, 1.0));
    return condition(between(from, target, progress(elapsed)), interval.mode);
  }
  if (interval.mode == ProbeMode::active_thaw) {
    const double done = elapsed < rise_time_ ? elapsed / rise_time_ : 1;
    return condition(between(from, interval.thaw_temperature, done), interval.mode);
  }
  return {};
}

std::vector<double> ControlledLaw::corners(const ProbeInterval& interval) const {
  std::vector<double> elapsed;
  if (interval.mode == ProbeMode::freeze) elapsed = progress_corners();
  if (interval.mode == ProbeMode::active_thaw && rise_time_ > 0) elapsed = {rise_time_};
  std::vector<double> out;
  for (const double e : elapsed) {
    const double t = interval.begin + e;
    if (t > interval.begin && t < interval.end) out.push_back(t);
  }
  return out;
}

std::pair<double, double> ControlledLaw::temperature_range() const {
  const double warm = std::max(off_temperature_, kThawMax);
  const double cold = std::min(off_temperature_, full_temperature());
  return {std::min(cold, warm + max_progress() * (cold - warm)), warm};
}

void ControlledLaw::control_keys(Keys& k) {
  k.real(key("off_temperature", "degC",
             "Temperature that zero power stands for: the target at power d is "
             "off_temperature + d (full-power temperature - off_temperature).")
             .range(0, 50),
         off_temperature_);
  k.real(key("rise_time", "s",
             "Time in which an active thaw reaches its temperature, linearly; 0 = at once.")
             .range(0, 600)
             .optional(),
         rise_time_);
}

std::vector<std::string> ControlledLaw::check_control(const std::string& full_key) const {
  if (full_temperature() < off_temperature_) return {};
  return {full_key + ": must be colder than off_temperature"};
}

void Fall::keys(Keys& k) {
  k.text(key("fall", "",
             "How the temperature falls when a freeze begins: linear in fall_time, then held; or "
             "exponential with time constant fall_time.")
             .one_of({"linear", "exponential"}),
         shape_);
  k.real(
      key("fall_time", "s", "Length of the linear fall, or time constant of the exponential one.")
          .range(1e-3, 3600),
      time_);
}

double Fall::progress(double elapsed) const {
  assert(time_ > 0);
  if (shape_ == "exponential") return -std::expm1(-elapsed / time_);
  return elapsed < time_ ? elapsed / time_ : 1;
}

std::vector<double> Fall::corners() const {
  if (shape_ == "exponential") return {};
  return {time_};
}

double interpolate(const std::vector<std::pair<double, double>>& table, double x) {
  assert(!table.empty());
  if (x <= table.front().first) return table.front().second;
  if (x >= table.back().first) return table.back().second;
  const auto above = std::upper_bound(
      table.begin(), table.end(), x,
      [](double value, const std::pair<double, double>& point) { return value < point.first; });
  const auto below = above - 1;
  const double s = (x - below->first) / (above->first - below->first);
  return below->second + s * (above->second - below->second);
}

}  // namespace thermodose
