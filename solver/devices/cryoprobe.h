// Cryoprobes: what happens at the surface of the active length.
// Implements: the interface of registry "shaft_law" and the device "cryoprobe".
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/keys.h"
#include "base/types.h"
#include "physics/surface_condition.h"

namespace thermodose {

enum class ProbeMode { off, freeze, passive_thaw, active_thaw };

/// One stretch of a probe's protocol, times absolute.
struct ProbeInterval {
  double begin = 0, end = 0;  ///< s
  ProbeMode mode = ProbeMode::off;
  double power = 1;             ///< freeze: fraction of full power
  double thaw_temperature = 0;  ///< K, active thaw
  double surface_at_begin = 0;  ///< K, surface temperature when the interval began (schedule.h)
};

/// How the active surface follows the controls. Registry "shaft_law".
class ShaftLaw : public Configurable {
 public:
  /// Condition at absolute time t inside `interval`.
  virtual SurfaceCondition at(double t, const ProbeInterval& interval) const = 0;
  /// Relative heat-transfer coefficient at fraction s in [0, 1] of the active length from the
  /// tip side; 1 for laws without a profile.
  virtual double profile(double) const { return 1; }
  /// Times inside `interval` where the law has a corner (end of a ramp); steps land on them.
  virtual std::vector<double> corners(const ProbeInterval& interval) const = 0;
  /// Coldest and warmest surface or cryogen temperature the law can prescribe, K.
  virtual std::pair<double, double> temperature_range() const = 0;
};

/// A needle with an active length; the rest of the shaft is adiabatic. Registry "device".
class Cryoprobe : public Configurable {
 public:
  double diameter = 0;       ///< m
  double active_length = 0;  ///< m
  double dead_tip = 0;       ///< m, inactive length between the tip and the active length
  std::string law_name;
  std::shared_ptr<Configurable> law_object;  ///< registry "shaft_law"
  std::string data;                          ///< where the numbers come from
  std::vector<std::string> caveats;          ///< what is unverified; a run prints them as warnings

  void keys(Keys& k) override;
  std::vector<std::string> check() const override;
  /// The law; `check` has made sure that there is one.
  const ShaftLaw& law() const;
};

}  // namespace thermodose
