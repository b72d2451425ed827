// The protocol of a run, probe by probe.
// Implements: groups of probes with steps and cycles -> intervals per probe that tile [0, inf);
// the instants where something switches or has a corner; the temperature a shaft law starts from.
// All instants are whole microseconds, so that equal instants compare equal however they were
// summed (60.1 s + 0.2 s == 60.3 s).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "devices/cryoprobe.h"

namespace thermodose {

/// A probe as the schedule needs it. `law` outlives the schedule.
struct ScheduleProbe {
  std::string name;
  const ShaftLaw* law = nullptr;
};

struct ScheduleStep {
  std::string kind;                   ///< "freeze", "passive_thaw", "active_thaw"
  double duration = 0;                ///< s
  double power = 1;                   ///< fraction of full power in (0, 1] (freeze)
  std::optional<double> temperature;  ///< K (active_thaw)
};

/// Probes that run one list of steps together, `cycles` times, from `start`.
struct ScheduleGroup {
  std::vector<std::size_t> probes;  ///< indices of probes
  double start = 0;                 ///< s
  int cycles = 1;
  std::vector<ScheduleStep> steps;
};

/// The double nearest to a whole number of microseconds. Times that are to be compared with
/// those of a schedule (output times) go through it.
double exact_time(double seconds);

class Schedule {
 public:
  /// Throws InputError with every problem: unknown kind, duration <= 0, power outside (0, 1], thaw
  /// temperature missing or outside 15..40 degC, cycles < 1, start < 0, a probe in two groups at
  /// once.
  Schedule(std::vector<ScheduleProbe> probes, const std::vector<ScheduleGroup>& groups,
           double initial_temperature);

  std::size_t probes() const { return probes_.size(); }
  /// Intervals of a probe in order of time; they tile [0, inf), gaps are `off`.
  const std::vector<ProbeInterval>& intervals(std::size_t probe) const { return intervals_[probe]; }
  /// Index of the interval with begin <= t < end.
  std::size_t interval_at(std::size_t probe, double t) const;
  ProbeMode mode(std::size_t probe, double t) const;
  /// Condition of a probe at t by the law of one interval. A step asks with the interval of its
  /// beginning, so that its last instant still belongs to it.
  SurfaceCondition condition(std::size_t probe, std::size_t interval, double t) const;

  /// Begin, end and corners of all intervals, and 0, sorted, unique, finite. s.
  const std::vector<double>& switch_times() const { return switch_times_; }
  /// Begin and end of every step of the protocol, sorted, unique, finite. s. Without the corners.
  std::vector<double> step_times() const;
  /// End of the last step of the last group, s.
  double end_time() const { return end_time_; }

  /// True when the interval's law starts from a temperature that only the solution knows: it
  /// freezes or thaws actively after a passive thaw or a pause.
  bool needs_sensed_temperature(std::size_t probe, std::size_t interval) const;
  /// Gives the sensed surface temperature in K; must precede `condition` of such an interval.
  void set_surface_at_begin(std::size_t probe, std::size_t interval, double temperature);

 private:
  void build(const std::vector<ScheduleGroup>& groups);
  /// Carries surface temperatures from interval `first` on to those that follow from it.
  void carry(std::size_t probe, std::size_t first);
  void collect_switch_times();

  std::vector<ScheduleProbe> probes_;
  std::vector<std::vector<ProbeInterval>> intervals_;
  std::vector<double> switch_times_;
  double initial_temperature_;
  double end_time_ = 0;
};

}  // namespace thermodose
