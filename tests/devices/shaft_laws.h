// Implements: shaft laws with the numbers that the tests of this room share.
#pragma once

#include <memory>
#include <stdexcept>

#include "base/registry.h"
#include "devices/cryoprobe.h"
#include "devices/key_setter.h"

namespace thermodose::test {

inline constexpr double kBody = kZeroCelsius + 37;

inline double degc(double celsius) { return kZeroCelsius + celsius; }

inline std::shared_ptr<ShaftLaw> shaft_law(const std::string& name, const Values& values) {
  const auto* entry = registry::find("shaft_law", name);
  if (entry == nullptr) throw std::logic_error("no shaft law " + name);
  auto law = std::dynamic_pointer_cast<ShaftLaw>(entry->make());
  set_keys(*law, values);
  return law;
}

/// The probe of the reference case: 37 -> -140 degC linearly in 60 s.
inline Values reference_values() {
  Values v;
  v.reals = {{"end_temperature", degc(-140)}, {"fall_time", 60}, {"off_temperature", kBody}};
  v.texts = {{"fall", "linear"}};
  return v;
}

inline Values convective_values() {
  Values v;
  v.reals = {{"cryogen_temperature", degc(-150)},
             {"coefficient", 4000},
             {"thaw_coefficient", 800},
             {"fall_time", 15},
             {"off_temperature", kBody}};
  v.texts = {{"fall", "exponential"}};
  return v;
}

/// An overshooting measured curve.
inline Values table_values() {
  Values v;
  v.reals = {{"off_temperature", kBody}};
  v.curves["temperature"] = {
      {0, kBody}, {10, degc(-50)}, {20, degc(-120)}, {40, degc(-145)}, {60, degc(-140)}};
  return v;
}

inline ProbeInterval freeze(double begin, double end, double from, double power = 1) {
  ProbeInterval i;
  i.begin = begin;
  i.end = end;
  i.mode = ProbeMode::freeze;
  i.power = power;
  i.surface_at_begin = from;
  return i;
}

inline ProbeInterval active_thaw(double begin, double end, double from, double to) {
  ProbeInterval i = freeze(begin, end, from, 0);
  i.mode = ProbeMode::active_thaw;
  i.thaw_temperature = to;
  return i;
}

}  // namespace thermodose::test
