// What the shaft laws share: a controlled temperature that goes from where it is to a target.
// Implements: freezing   T(t) = T_begin + phi(t - t_begin) (T_target(d) - T_begin)
//             throttling T_target(d) = T_off + d (T_full - T_off), d = power (duty) in (0, 1]
//             active thaw: to the interval's thaw temperature, linear in rise_time (0 = at once)
//             passive thaw and off: zero heat flux
// phi is the law's own progress, 0 at the beginning of a freeze, 1 at its end. The controlled
// temperature is that of the surface, or of the cryogen for a convective law.
// Sources: zero flux reproduces measured passive rewarming (Sarshoghi, IceSphere lung model, and
// Go-Smart); the linear throttling law is a convention to be calibrated per generator.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "devices/cryoprobe.h"

namespace thermodose {

/// Bounds of an active thaw, K: 15 degC (Go-Smart: 288 K) to 40 degC (helium, electric).
inline constexpr double kThawMin = kZeroCelsius + 15;
inline constexpr double kThawMax = kZeroCelsius + 40;

/// A shaft law whose temperature is controlled as the equations above say.
class ControlledLaw : public ShaftLaw {
 public:
  SurfaceCondition at(double t, const ProbeInterval& interval) const final;
  std::vector<double> corners(const ProbeInterval& interval) const final;
  std::pair<double, double> temperature_range() const final;

 protected:
  /// Declares off_temperature and rise_time.
  void control_keys(Keys& k);
  /// Problems of the keys above for this full-power temperature.
  std::vector<std::string> check_control(const std::string& full_key) const;

  /// Temperature at full power after a long freeze, K.
  virtual double full_temperature() const = 0;
  /// phi(elapsed) for elapsed >= 0 s.
  virtual double progress(double elapsed) const = 0;
  /// Largest phi: above 1 when the law overshoots.
  virtual double max_progress() const { return 1; }
  /// Times since the beginning of a freeze where phi has a corner, s.
  virtual std::vector<double> progress_corners() const = 0;
  /// Condition of the surface for a controlled temperature in K.
  virtual SurfaceCondition condition(double temperature, ProbeMode mode) const = 0;

 private:
  double off_temperature_ = 0;  ///< K, where the probe stands at zero power
  double rise_time_ = 0;        ///< s, active thaw
};

/// The closed forms of phi: linear min(t / fall_time, 1), exponential 1 - exp(-t / fall_time).
class Fall {
 public:
  /// Declares `fall` and `fall_time`.
  void keys(Keys& k);
  double progress(double elapsed) const;
  std::vector<double> corners() const;

 private:
  std::string shape_;
  double time_ = 0;  ///< s: length of the ramp, or time constant
};

/// Value of a table at x: linear between points, held outside. The table is not empty.
double interpolate(const std::vector<std::pair<double, double>>& table, double x);

}  // namespace thermodose
