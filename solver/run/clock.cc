#include "run/clock.h"

#include <cmath>
#include <map>

namespace thermodose {

Clock::Clock(const CaseSpec& spec, const Schedule& schedule) {
  std::map<double, Instant> at;
  const double end = exact_time(spec.end_time);
  const auto instant = [&](double t) -> Instant& {
    Instant& i = at[exact_time(t)];
    i.time = exact_time(t);
    return i;
  };
  for (const double t : schedule.switch_times())
    if (t <= end) instant(t).switches = true;
  const auto every = [&](double period, bool Instant::*flag) {
    const auto count = period > 0 ? static_cast<long>(std::floor(end / period * (1 + 1e-12))) : 0L;
    for (long n = 0; n <= count; ++n) instant(static_cast<double>(n) * period).*flag = true;
  };
  every(spec.output.isotherms_every, &Instant::isotherms);
  every(spec.output.fields_every, &Instant::fields);
  // Steps begin and end at what a reader looks for: the largest ice, the end of a thaw.
  for (const double t : schedule.step_times())
    if (t <= end) instant(t).isotherms = instant(t).fields = true;
  instant(end).isotherms = instant(end).fields = true;
  // A convective face may have corners of its own ambient temperature.
  for (const auto& face : spec.domain.faces)
    for (const auto& [t, ambient] : face.ambient)
      if (t > 0 && t < end) instant(t).switches = true;
  for (const auto& [t, i] : at) instants_.push_back(i);
}

}  // namespace thermodose
