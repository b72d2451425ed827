// Implements: check_draft; case/case_checks.h: probes, protocol, settings.
#include "case/case_checks.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/segment_distance.h"
#include "base/text.h"
#include "case/key_lookup.h"

namespace thermodose {

namespace {

constexpr const char* kAll = "all";
constexpr double kMinute = 60;

/// The part of a probe that is inside tissue, as far as the case says.
struct Needle {
  std::string name;
  Vec3 begin{}, end{};  ///< m, active length
  double radius = 0;    ///< m
};

Vec3 along(const Vec3& from, const Vec3& direction, double s) {
  return {from[0] + s * direction[0], from[1] + s * direction[1], from[2] + s * direction[2]};
}

/// Unit vector of the shaft; nothing and a problem when the keys do not give one.
std::optional<Vec3> shaft(const ProbeDraft& p, const std::string& path, Problems& problems) {
  if (p.direction.has_value() == p.entry.has_value()) {
    problems.add_at(path, p.direction ? "found both direction and entry, expected one of them"
                                      : "missing: one of direction and entry");
    return std::nullopt;
  }
  Vec3 d = p.direction.value_or(Vec3{});
  if (p.entry) d = along(*p.entry, p.tip, -1);
  const double length = std::hypot(d[0], d[1], d[2]);
  if (length < 1e-9) {
    problems.add_at(child_path(path, p.entry ? "entry" : "direction"),
                    p.entry ? "the entry is at the tip: the shaft has no direction"
                            : "the direction 0 0 0 points nowhere");
    return std::nullopt;
  }
  for (double& c : d) c /= length;
  return d;
}

/// Keys of the device of a probe; empty when the device was not read.
std::map<std::string, double> device_values(const CaseDraft& d, const std::string& name) {
  for (const auto& device : d.devices) {
    if (device.name == name && device.object) return real_values(*device.object);
  }
  return {};
}

double value_or_zero(const std::map<std::string, double>& values, const char* key) {
  const auto found = values.find(key);
  return found == values.end() ? 0 : found->second;
}

void check_inside(const CaseDraft& d, const std::string& path, const ProbeDraft& probe,
                  const Needle& needle, const Vec3& direction, Problems& problems) {
  if (d.mesh && !d.axisymmetric()) {
    problems.add_at(path,
                    "a mesh of hexahedra takes no probes: leave the needle out of the mesh, make "
                    "its surface a physical group, and give that in domain.faces.groups convection "
                    "with ambient against time; or take domain.box, where probes need no mesh");
    return;
  }
  if (!in_domain(d, probe.tip)) {
    problems.add_at(
        child_path(path, "tip"),
        "the tip " + point_text(probe.tip) + " lies outside the domain (" + domain_text(d) + ")");
  } else if (!in_domain(d, needle.end)) {
    problems.add_at(path, "the active length ends at " + point_text(needle.end) +
                              ", outside the domain (" + domain_text(d) + ")");
  }
  if (!d.axisymmetric()) return;
  const double off_axis = std::hypot(probe.tip[0], probe.tip[1]);
  if (off_axis > 1e-9 || std::hypot(direction[0], direction[1]) > 1e-9) {
    problems.add_at(path, std::string(d.mesh ? "in an axisymmetric mesh" : "in a cylinder") +
                              " a probe must lie on the z axis: tip 0 0 z, direction "
                              "0 0 1 or 0 0 -1");
  }
}

void check_apart(const std::vector<Needle>& needles, Problems& problems) {
  for (std::size_t i = 0; i < needles.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double gap =
          segment_distance(needles[i].begin, needles[i].end, needles[j].begin, needles[j].end);
      if (gap >= needles[i].radius + needles[j].radius - 1e-9) continue;
      problems.add_at(child_path("probes", needles[i].name), "cuts into probe '" + needles[j].name +
                                                                 "': their axes come as near as " +
                                                                 text::number(gap * 1e3) + " mm");
    }
  }
}

void check_step(const StepDraft& s, const std::string& path, Problems& problems) {
  const int kinds = (s.freeze ? 1 : 0) + (s.passive_thaw ? 1 : 0) + (s.active_thaw ? 1 : 0);
  if (kinds != 1) {
    problems.add_at(path, std::string(kinds == 0 ? "found none" : "found more than one") +
                              " of freeze, passive_thaw and active_thaw, expected exactly one");
    return;
  }
  if (s.power && !s.freeze) {
    problems.add_at(child_path(path, "power"), "has a meaning with freeze only");
  }
  if (s.temperature && !s.active_thaw) {
    problems.add_at(child_path(path, "temperature"), "has a meaning with active_thaw only");
  }
  if (s.active_thaw && !s.temperature) {
    problems.add_at(child_path(path, "temperature"),
                    "missing; expected: what the active thaw warms the probe to");
  }
}

/// Names of the probes of a group, `all` spelt out; problems for unknown and doubled ones.
std::set<std::string> group_probes(const CaseDraft& d, const GroupDraft& group,
                                   const std::string& path, Problems& problems) {
  const std::set<std::string> known(d.probe_names.begin(), d.probe_names.end());
  std::set<std::string> out;
  if (group.probes.empty()) problems.add_at(path, "the list is empty; name probes, or all");
  for (std::size_t i = 0; i < group.probes.size(); ++i) {
    const std::string& name = group.probes[i];
    const std::string at = child_path(path, i);
    if (name == kAll && known.empty()) {
      problems.add_at(at, "the case has no probes");
    } else if (name == kAll && group.probes.size() > 1) {
      problems.add_at(at, "all stands alone: it names every probe");
    } else if (name == kAll) {
      out = known;
    } else if (known.count(name) == 0) {
      auto allowed = d.probe_names;
      if (!allowed.empty()) allowed.emplace_back(kAll);
      problems.add_at(at, "unknown probe " + text::quoted(name) + "; the case has " +
                              (allowed.empty() ? "no probes" : text::list(allowed)) +
                              text::did_you_mean(name, allowed));
    } else if (!out.insert(name).second) {
      problems.add_at(at, "probe " + text::quoted(name) + " is named twice");
    }
  }
  return out;
}

struct Busy {
  double begin, end;  ///< s
  std::size_t group;
};

void check_overlap(const std::map<std::string, std::vector<Busy>>& plan, Problems& problems) {
  for (const auto& [probe, intervals] : plan) {
    for (std::size_t i = 0; i < intervals.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Busy &a = intervals[j], &b = intervals[i];
        if (std::min(a.end, b.end) - std::max(a.begin, b.begin) <= 1e-9) continue;
        problems.add_at(child_path("protocol", b.group),
                        "probe '" + probe + "' is also in " + child_path("protocol", a.group) +
                            " at the same time: " + text::number(a.begin / kMinute) + " .. " +
                            text::number(a.end / kMinute) + " min and " +
                            text::number(b.begin / kMinute) + " .. " +
                            text::number(b.end / kMinute) + " min");
      }
    }
  }
}

void check_rate(double end, double every, double most, const char* key, Problems& problems) {
  if (every <= 0 || end / every <= most) return;
  problems.add_at(child_path("output", key), "would be due " + text::number(end / every) +
                                                 " times, allowed: at most " + text::number(most));
}

/// Thermocouples and surfaces of probes share the columns of a table (run/trace_recorder.h).
void check_columns(const CaseDraft& d, Problems& problems) {
  for (const auto& thermocouple : d.thermocouple_names) {
    for (const auto& probe : d.probe_names) {
      if (thermocouple != probe + "_surface") continue;
      std::string message = "its column '" + thermocouple;
      message += "_degC' in traces.csv would be that of the surface of probe '" + probe;
      message += "'; choose another name";
      problems.add_at(child_path("thermocouples", thermocouple), message);
    }
  }
}

}  // namespace

void check_probes(const CaseDraft& d, Problems& problems) {
  constexpr std::size_t kMostProbes = 1000;
  if (d.probes.size() > kMostProbes) {
    problems.add_at("probes", "found " + std::to_string(d.probes.size()) + ", allowed: at most " +
                                  std::to_string(kMostProbes));
    return;
  }
  std::vector<Needle> needles;
  for (std::size_t i = 0; i < d.probes.size(); ++i) {
    const std::string path = child_path("probes", d.probe_names[i]);
    if (d.probe_names[i] == kAll) {
      problems.add_at(path, "the name 'all' stands for every probe; choose another one");
    }
    if (!problems.good(path)) continue;
    const auto direction = shaft(d.probes[i], path, problems);
    if (!direction) continue;
    const auto device = device_values(d, d.probes[i].device);
    const double dead = value_or_zero(device, "dead_tip");
    const double active = value_or_zero(device, "active_length");
    const Needle needle{d.probe_names[i], along(d.probes[i].tip, *direction, dead),
                        along(d.probes[i].tip, *direction, dead + active),
                        0.5 * value_or_zero(device, "diameter")};
    if (domain_good(d, problems)) {
      check_inside(d, path, d.probes[i], needle, *direction, problems);
    }
    if (!device.empty()) needles.push_back(needle);
  }
  check_apart(needles, problems);
}

void check_protocol(const CaseDraft& d, Problems& problems) {
  std::map<std::string, std::vector<Busy>> plan;
  for (std::size_t i = 0; i < d.protocol.size(); ++i) {
    const GroupDraft& group = d.protocol[i];
    const std::string path = child_path("protocol", i), steps = child_path(path, "steps");
    if (group.steps.empty() && problems.good(steps)) {
      problems.add_at(steps, "the list is empty; a group needs at least one step");
    }
    for (std::size_t j = 0; j < group.steps.size(); ++j) {
      const std::string step = child_path(steps, j);
      if (problems.good(step)) check_step(group.steps[j], step, problems);
    }
    if (problems.good(child_path(path, "probes")) && !problems.told("probes")) {
      for (const auto& probe : group_probes(d, group, child_path(path, "probes"), problems)) {
        if (problems.good(path)) plan[probe].push_back({group.start, end_of(group), i});
      }
    }
  }
  check_overlap(plan, problems);
  if (d.protocol.empty() && !d.duration && problems.good("protocol") && problems.good("duration")) {
    problems.add_at("duration", "missing; a case without a protocol must say how long it lasts");
  }
}

void check_settings(const CaseDraft& d, Problems& problems) {
  check_columns(d, problems);
  if (domain_good(d, problems)) {
    for (std::size_t i = 0; i < d.thermocouples.size(); ++i) {
      if (in_domain(d, d.thermocouples[i])) continue;
      problems.add_at(child_path("thermocouples", d.thermocouple_names[i]),
                      "the point " + point_text(d.thermocouples[i]) + " lies outside the domain (" +
                          domain_text(d) + ")");
    }
    if (d.mesh && d.numerics.cell_size)
      problems.add_at("numerics.cell_size", "a mesh from a file has its own cells: remove the key");
    const double smallest = d.has_cylinder ? std::min(d.radius, d.top - d.bottom)
                                           : std::min({d.size[0], d.size[1], d.size[2]});
    if (!d.mesh && d.numerics.cell_size && *d.numerics.cell_size > 0.5 * smallest) {
      problems.add_at("numerics.cell_size", "found " + text::number(*d.numerics.cell_size * 1e3) +
                                                " mm, allowed: at most half the shortest edge of "
                                                "the domain, " +
                                                text::number(0.5 * smallest * 1e3) + " mm");
    }
  }
  const NumericsSpec& n = d.numerics;
  if (n.engine == "grid" && (d.has_cylinder || d.mesh)) {
    problems.add_at("numerics.engine", std::string("the engine grid solves boxes; a ") +
                                           (d.mesh ? "mesh from a file" : "cylinder") +
                                           " needs mesh");
  }
  if (n.integrator == "bdf2" && n.engine != "mesh" && !d.has_cylinder && !d.mesh) {
    problems.add_at("numerics.integrator", "bdf2 runs on the mesh engine: add engine: mesh");
  }
  auto isotherms = d.output.isotherms;
  std::sort(isotherms.begin(), isotherms.end());
  if (isotherms.empty() && problems.good("output.isotherms")) {
    problems.add_at("output.isotherms", "the list is empty; name a temperature, or remove the key");
  }
  constexpr std::size_t kMostIsotherms = 100;
  if (isotherms.size() > kMostIsotherms) {
    problems.add_at("output.isotherms", "found " + std::to_string(isotherms.size()) +
                                            " temperatures, allowed: at most " +
                                            std::to_string(kMostIsotherms));
  }
  if (std::adjacent_find(isotherms.begin(), isotherms.end()) != isotherms.end()) {
    problems.add_at("output.isotherms", "a temperature is named twice");
  }
  double end = d.duration.value_or(0);
  for (const auto& group : d.protocol) end = d.duration ? end : std::max(end, end_of(group));
  check_rate(end, d.output.fields_every, 1e5, "fields_every", problems);
  check_rate(end, d.output.isotherms_every, 1e6, "isotherms_every", problems);
  check_rate(end, d.output.traces_every, 1e7, "traces_every", problems);
}

void check_draft(const CaseDraft& draft, Problems& problems) {
  check_domain(draft, problems);
  check_regions(draft, problems);
  check_materials(draft, problems);
  check_probes(draft, problems);
  check_protocol(draft, problems);
  check_dose(draft, problems);
  check_evaluation(draft, problems);
  check_settings(draft, problems);
}

}  // namespace thermodose
