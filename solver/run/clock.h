// When things happen in a run.
// Implements: the sorted instants a run lands on: switches and corners, isotherm and field times
// (multiples of their periods, 0, begin and end of every step of the protocol), the end. Instants
// closer than a microsecond are one (devices/schedule.h).
#pragma once

#include <vector>

#include "case/case_spec.h"
#include "devices/schedule.h"

namespace thermodose {

struct Instant {
  double time = 0;  ///< s
  bool switches = false, isotherms = false, fields = false;
};

class Clock {
 public:
  Clock(const CaseSpec& spec, const Schedule& schedule);
  bool finished() const { return next_ >= instants_.size(); }
  Instant next() { return instants_[next_++]; }
  const std::vector<Instant>& instants() const { return instants_; }

 private:
  std::vector<Instant> instants_;
  std::size_t next_ = 0;
};

}  // namespace thermodose
