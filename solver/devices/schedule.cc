// Implements: the protocol schedule (schedule.h).
#include "devices/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>

#include "base/error.h"
#include "devices/controlled_law.h"

namespace thermodose {

namespace {

constexpr double kTicksPerSecond = 1e6;
constexpr double kForever = std::numeric_limits<double>::infinity();

std::int64_t ticks(double seconds) { return std::llround(seconds * kTicksPerSecond); }
// The quotient of two exact numbers is correctly rounded: one instant, one double.
double seconds(std::int64_t t) { return static_cast<double>(t) / kTicksPerSecond; }

const std::map<std::string, ProbeMode>& kinds() {
  static const std::map<std::string, ProbeMode> all = {{"freeze", ProbeMode::freeze},
                                                       {"passive_thaw", ProbeMode::passive_thaw},
                                                       {"active_thaw", ProbeMode::active_thaw}};
  return all;
}

/// Collects the problems of groups; keys read like "protocol[1].steps[0].power".
class Checker {
 public:
  explicit Checker(const std::vector<ScheduleProbe>& probes) : probes_(probes) {}

  void group(std::size_t index, const ScheduleGroup& g) {
    const std::string at = fmt::format("protocol[{}]", index);
    if (g.probes.empty()) add(at + ".probes", "names no probe");
    if (g.steps.empty()) add(at + ".steps", "has no step");
    if (!(g.start >= 0 && std::isfinite(g.start))) add(at + ".start", "must be 0 s or later");
    if (g.cycles < 1) add(at + ".cycles", fmt::format("is {}, must be at least 1", g.cycles));
    auto sorted = g.probes;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end()) add(at + ".probes", "names " + probes_[*twice].name + " twice");
    for (std::size_t i = 0; i < g.steps.size(); ++i) {
      step(fmt::format("{}.steps[{}]", at, i), g.steps[i]);
    }
  }

  void overlap(std::size_t probe, std::size_t group, const ProbeInterval& before,
               const ProbeInterval& next) {
    add(fmt::format("protocol[{}]", group),
        fmt::format("probe {} would begin a step at {} s while a step of another group lasts "
                    "from {} s to {} s",
                    probes_[probe].name, next.begin, before.begin, before.end));
  }

  void raise() {
    if (!problems_.empty()) throw InputError(problems_);
  }

 private:
  void step(const std::string& at, const ScheduleStep& s) {
    const auto kind = kinds().find(s.kind);
    if (kind == kinds().end()) {
      add(at, "'" + s.kind + "' is none of freeze, passive_thaw, active_thaw");
      return;
    }
    if (!(std::isfinite(s.duration) && ticks(s.duration) > 0)) {
      add(at, fmt::format("lasts {} s; a step lasts at least a microsecond", s.duration));
    }
    if (kind->second == ProbeMode::freeze && !(s.power > 0 && s.power <= 1)) {
      add(at + ".power", fmt::format("is {} %, allowed above 0 % to 100 %", 100 * s.power));
    }
    if (kind->second == ProbeMode::active_thaw) thaw(at, s);
  }

  void thaw(const std::string& at, const ScheduleStep& s) {
    if (!s.temperature) {
      add(at + ".temperature", "is missing; an active thaw needs 15 degC to 40 degC");
    } else if (!(*s.temperature >= kThawMin - 1e-9 && *s.temperature <= kThawMax + 1e-9)) {
      add(at + ".temperature", fmt::format("is {:g} degC, an active thaw allows 15 degC to 40 degC",
                                           *s.temperature - kZeroCelsius));
    }
  }

  void add(std::string key, std::string message) {
    problems_.push_back({"", 0, std::move(key), std::move(message)});
  }

  const std::vector<ScheduleProbe>& probes_;
  std::vector<Problem> problems_;
};

/// An interval and the group it comes from.
struct Placed {
  ProbeInterval interval;
  std::size_t group;
};

std::vector<ProbeInterval> unroll(const ScheduleGroup& g) {
  std::vector<ProbeInterval> out;
  std::int64_t at = ticks(g.start);
  for (int cycle = 0; cycle < g.cycles; ++cycle) {
    for (const auto& s : g.steps) {
      const std::int64_t end = at + ticks(s.duration);
      ProbeInterval i;
      i.begin = seconds(at);
      i.end = seconds(end);
      i.mode = kinds().at(s.kind);
      i.power = i.mode == ProbeMode::freeze ? s.power : 0;
      i.thaw_temperature = s.temperature.value_or(0);
      out.push_back(i);
      at = end;
    }
  }
  return out;
}

/// Fills the gaps with `off`, from 0 to infinity.
std::vector<ProbeInterval> tile(const std::vector<Placed>& placed) {
  std::vector<ProbeInterval> out;
  const auto off = [&out](double begin, double end) {
    ProbeInterval i;
    i.begin = begin;
    i.end = end;
    i.power = 0;
    if (begin < end) out.push_back(i);
  };
  double at = 0;
  for (const auto& p : placed) {
    off(at, p.interval.begin);
    out.push_back(p.interval);
    at = p.interval.end;
  }
  off(at, kForever);
  return out;
}

}  // namespace

double exact_time(double s) { return seconds(ticks(s)); }

Schedule::Schedule(std::vector<ScheduleProbe> probes, const std::vector<ScheduleGroup>& groups,
                   double initial_temperature)
    : probes_(std::move(probes)), initial_temperature_(initial_temperature) {
  build(groups);
  for (std::size_t p = 0; p < probes_.size(); ++p) {
    auto& first = intervals_[p].front();
    first.surface_at_begin = initial_temperature_;
    carry(p, 0);
  }
  collect_switch_times();
}

void Schedule::build(const std::vector<ScheduleGroup>& groups) {
  Checker checker(probes_);
  for (std::size_t g = 0; g < groups.size(); ++g) checker.group(g, groups[g]);
  checker.raise();

  std::vector<std::vector<Placed>> placed(probes_.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto steps = unroll(groups[g]);
    end_time_ = std::max(end_time_, steps.back().end);
    for (const std::size_t p : groups[g].probes) {
      assert(p < probes_.size());
      for (const auto& s : steps) placed[p].push_back({s, g});
    }
  }
  for (std::size_t p = 0; p < placed.size(); ++p) {
    auto& mine = placed[p];
    std::stable_sort(mine.begin(), mine.end(), [](const Placed& a, const Placed& b) {
      return a.interval.begin < b.interval.begin;
    });
    for (std::size_t i = 1; i < mine.size(); ++i) {
      if (mine[i].interval.begin < mine[i - 1].interval.end) {
        checker.overlap(p, mine[i].group, mine[i - 1].interval, mine[i].interval);
        break;
      }
    }
    intervals_.push_back(tile(mine));
  }
  checker.raise();
}

std::size_t Schedule::interval_at(std::size_t probe, double t) const {
  const auto& all = intervals_[probe];
  const auto after =
      std::upper_bound(all.begin(), all.end(), t,
                       [](double value, const ProbeInterval& i) { return value < i.begin; });
  return after == all.begin() ? 0 : static_cast<std::size_t>(after - all.begin()) - 1;
}

ProbeMode Schedule::mode(std::size_t probe, double t) const {
  return intervals_[probe][interval_at(probe, t)].mode;
}

SurfaceCondition Schedule::condition(std::size_t probe, std::size_t interval, double t) const {
  const ProbeInterval& i = intervals_[probe][interval];
  if (i.mode == ProbeMode::off || i.mode == ProbeMode::passive_thaw) return {};
  assert(!std::isnan(i.surface_at_begin) && "the sensed temperature was not given");
  return probes_[probe].law->at(t, i);
}

bool Schedule::needs_sensed_temperature(std::size_t probe, std::size_t interval) const {
  const auto& all = intervals_[probe];
  const auto passive = [](ProbeMode m) {
    return m == ProbeMode::off || m == ProbeMode::passive_thaw;
  };
  return interval > 0 && !passive(all[interval].mode) && passive(all[interval - 1].mode);
}

void Schedule::set_surface_at_begin(std::size_t probe, std::size_t interval, double temperature) {
  assert(needs_sensed_temperature(probe, interval));
  intervals_[probe][interval].surface_at_begin = temperature;
  carry(probe, interval);
}

void Schedule::carry(std::size_t probe, std::size_t first) {
  auto& all = intervals_[probe];
  for (std::size_t i = first + 1; i < all.size(); ++i) {
    if (needs_sensed_temperature(probe, i)) {
      if (first > 0) return;  // what follows hangs on that one
      all[i].surface_at_begin = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    const ProbeInterval& before = all[i - 1];
    const bool held = before.mode == ProbeMode::freeze || before.mode == ProbeMode::active_thaw;
    all[i].surface_at_begin =
        held ? probes_[probe].law->at(before.end, before).temperature : before.surface_at_begin;
  }
}

std::vector<double> Schedule::step_times() const {
  std::vector<double> out;
  for (const auto& intervals : intervals_)
    for (const auto& i : intervals)
      if (i.mode != ProbeMode::off) out.insert(out.end(), {i.begin, i.end});
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void Schedule::collect_switch_times() {
  switch_times_.push_back(0);
  for (std::size_t p = 0; p < intervals_.size(); ++p) {
    for (const auto& i : intervals_[p]) {
      switch_times_.push_back(i.begin);
      if (std::isfinite(i.end)) switch_times_.push_back(i.end);
      if (i.mode == ProbeMode::off || i.mode == ProbeMode::passive_thaw) continue;
      for (const double corner : probes_[p].law->corners(i)) {
        switch_times_.push_back(exact_time(corner));
      }
    }
  }
  std::sort(switch_times_.begin(), switch_times_.end());
  switch_times_.erase(std::unique(switch_times_.begin(), switch_times_.end()), switch_times_.end());
}

}  // namespace thermodose
