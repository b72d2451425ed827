// Implements: run/placement.h.
#include "run/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>

#include "base/segment_distance.h"
#include "base/text.h"
#include "geometry/gmsh_domain.h"
#include "physics/tissue.h"
#include "run/face_watch.h"

namespace thermodose {

namespace {

// Cells between two needles below which the ice between them is not resolved.
constexpr double kCellsBetween = 2;
constexpr double kSameTemperature = 0.05;  // K

// Smallest distance of the axis of a needle from the faces of the domain, m; negative outside.
double clearance(const DomainSpec& domain, const ActiveSegment& s) {
  double least = 1e300;
  for (const Vec3& end : {s.begin, s.end})
    for (std::size_t d = 0; d < 3; ++d)
      least = std::min({least, end[d] - domain.lower[d], domain.upper[d] - end[d]});
  return least;
}

double gap_between(const ActiveSegment& a, const ActiveSegment& b) {
  return segment_distance(a.begin, a.end, b.begin, b.end) - a.radius - b.radius;
}

// Distance of a point from the axis of a needle, from its tip to far beyond its handle.
double from_axis(const Vec3& p, const ProbeSpec& probe) {
  constexpr double far = 1;  // m
  const Vec3 handle{probe.tip[0] + far * probe.direction[0],
                    probe.tip[1] + far * probe.direction[1],
                    probe.tip[2] + far * probe.direction[2]};
  return segment_distance(p, p, probe.tip, handle);
}

}  // namespace

std::vector<Problem> misplaced_probes(const Model& model, const Lattice& lattice) {
  std::vector<Problem> problems;
  for (std::size_t p = 0; p < model.segments.size(); ++p) {
    const ActiveSegment& s = model.segments[p];
    try {
      couple_probe(lattice, s);
    } catch (const std::invalid_argument&) {
      // The splines reach one and a half cells beyond the ring of a station.
      const double needed =
          s.radius + end_extension(s.radius, lattice.spacing) + 1.5 * lattice.spacing;
      problems.push_back(
          {model.spec->file, 0, "probes." + model.spec->probes[p].name,
           fmt::format("lies too close to the edge of the domain: its active length comes within "
                       "{:.2f} mm of a face, cells of {:.2f} mm need {:.2f} mm",
                       1e3 * clearance(model.spec->domain, s), 1e3 * lattice.spacing,
                       1e3 * needed)});
    }
  }
  return problems;
}

std::vector<Problem> misplaced_on_axis(const Model& model) {
  std::vector<Problem> problems;
  const DomainSpec& domain = model.spec->domain;
  for (std::size_t p = 0; p < model.segments.size(); ++p) {
    const ActiveSegment& s = model.segments[p];
    const auto [low, high] = std::minmax(s.begin[2], s.end[2]);
    // Its ends may not lie on a face: what is held there would contradict the needle.
    if (low - domain.lower[2] >= s.radius && domain.upper[2] - high >= s.radius &&
        domain.upper[0] >= 2 * s.radius)
      continue;
    problems.push_back(
        {model.spec->file, 0, "probes." + model.spec->probes[p].name,
         fmt::format("does not fit into the domain: its active length reaches from z = {:.2f} to "
                     "{:.2f} mm at a radius of {:.2f} mm; the domain, from z = {:.2f} to {:.2f} mm "
                     "and of radius {:.2f} mm, has to go on for {:.2f} mm beyond",
                     1e3 * low, 1e3 * high, 1e3 * s.radius, 1e3 * domain.lower[2],
                     1e3 * domain.upper[2], 1e3 * domain.upper[0], 1e3 * s.radius)});
  }
  return problems;
}

namespace {

// Length of the edges at the surface of a needle, along its active length, m.
double fitted_length(const RingMesh& mesh, const ActiveSegment& s) {
  const auto [low, high] = std::minmax(s.begin[2], s.end[2]);
  const double close = 1e-6 * (s.radius + high - low);  // as fem/mesh_probe.cc
  std::set<double> heights;
  double length = 0;
  for (std::size_t c = 0; c < mesh.cell_group.size(); ++c) {
    const auto p = mesh.corners(c);
    for (const auto& [i, j] :
         {std::pair(0U, 1U), std::pair(1U, 3U), std::pair(3U, 2U), std::pair(2U, 0U)}) {
      const auto [a, b] = std::minmax(p[i][2], p[j][2]);
      if (std::abs(p[i][0] - s.radius) > close || std::abs(p[j][0] - s.radius) > close ||
          a < low - close || b > high + close)
        continue;
      if (heights.insert(0.5 * (a + b)).second) length += b - a;  // once, not once per cell
    }
  }
  return length;
}

}  // namespace

std::vector<Problem> unfitted_probes(const Model& model) {
  std::vector<Problem> problems;
  const RingMesh* mesh = model.mesh == nullptr ? nullptr : model.mesh->rings();
  for (std::size_t p = 0; p < model.segments.size() && mesh != nullptr; ++p) {
    const ActiveSegment& s = model.segments[p];
    const auto [low, high] = std::minmax(s.begin[2], s.end[2]);
    if (std::abs(fitted_length(*mesh, s) - (high - low)) < 1e-5 * (high - low)) continue;
    problems.push_back(
        {model.spec->file, 0, "probes." + model.spec->probes[p].name,
         fmt::format("the mesh has no line of edges along its active surface, x = {:.4g} mm from y "
                     "= {:.4g} to {:.4g} mm: draw that line in Gmsh, or leave the needle out of "
                     "the mesh and hold its boundary group at a temperature in faces.groups",
                     1e3 * s.radius, 1e3 * low, 1e3 * high)});
  }
  return problems;
}

std::string outside_body(const Model& model, const Vec3& p) {
  // Of gases 0.001 to 0.002, of an inflated lung 1.5 MJ/m3/K.
  constexpr double kGas = 0.05e6;  // J/m3/K
  if (model.region_at(p) < 0 && model.anatomy != nullptr && model.anatomy->resolution() > 0)
    return "outside the image";
  const auto law = static_cast<std::size_t>(model.tissue_at(p));
  if (model.tissues[law]->capacity(model.spec->domain.initial_temperature) >= kGas) return "";
  return fmt::format("in {}, which is a gas", model.law_names[law]);
}

namespace {

struct Share {
  double outside = 0;  // 0 .. 1
  std::string where;   // of the first point outside
};

Share active_share_outside(const Model& model, const ActiveSegment& s) {
  constexpr int kPoints = 200;
  Share out;
  for (int i = 0; i < kPoints; ++i) {
    const double u = (i + 0.5) / kPoints;
    Vec3 p{};
    for (std::size_t d = 0; d < 3; ++d) p[d] = s.begin[d] + u * (s.end[d] - s.begin[d]);
    const std::string where = outside_body(model, p);
    if (where.empty()) continue;
    if (out.where.empty()) out.where = where;
    out.outside += 1.0 / kPoints;
  }
  return out;
}

constexpr double kMostOutside = 0.5;
constexpr double kSomeOutside = 0.02;

}  // namespace

std::vector<Problem> probes_outside_body(const Model& model) {
  const char* const question = "are the coordinates those of the frame of the case?";
  std::vector<Problem> problems;
  const CaseSpec& spec = *model.spec;
  for (std::size_t n = 0; n < spec.probes.size(); ++n) {
    const ProbeSpec& probe = spec.probes[n];
    const std::string where = outside_body(model, probe.tip);
    const Share share = active_share_outside(model, model.segments[n]);
    if (!where.empty()) {
      problems.push_back({spec.file, 0, "probes." + probe.name + ".tip",
                          fmt::format("the tip ({:g}, {:g}, {:g}) mm lies {}: it must lie in the "
                                      "body; {}",
                                      1e3 * probe.tip[0], 1e3 * probe.tip[1], 1e3 * probe.tip[2],
                                      where, question)});
    } else if (share.outside > kMostOutside) {
      problems.push_back({spec.file, 0, "probes." + probe.name,
                          fmt::format("{:.0f} % of its active length lies {}: it must lie in the "
                                      "body; {}",
                                      100 * share.outside, share.where, question)});
    }
  }
  return problems;
}

namespace {

// The first lines; the rest is counted.
std::vector<std::string> some_of(std::vector<std::string> lines) {
  constexpr std::size_t kMost = 10;
  if (lines.size() <= kMost) return lines;
  const std::size_t more = lines.size() - kMost;
  lines.resize(kMost);
  lines.push_back(fmt::format("... and {} more of this kind", more));
  return lines;
}

// A label map may hold a hundred parts that a domain around one organ does not reach.
std::string some_names(std::vector<std::string> names, const std::vector<RegionSpec>& painted) {
  constexpr std::size_t kMost = 5;
  std::stable_partition(names.begin(), names.end(), [&](const std::string& name) {
    return std::any_of(painted.begin(), painted.end(),
                       [&](const RegionSpec& r) { return r.name == name; });
  });
  const std::size_t all = names.size();
  if (all <= kMost) return text::join(names, ", ");
  names.resize(kMost);
  return fmt::format("{} parts ({}, ...; `regions` of summary.json has all)", all,
                     text::join(names, ", "));
}

// Convective faces whose surroundings are not at the temperature of the start.
std::string faces_that_drift(const DomainSpec& domain) {
  std::vector<std::string> names;
  for (std::size_t face = 0; face < domain.faces.size(); ++face) {
    const FaceSpec& f = domain.faces[face];
    if (f.kind != "convective" || f.group || f.coefficient <= 0 || f.ambient.empty()) continue;
    if (std::abs(f.ambient.front().second - domain.initial_temperature) > kSameTemperature)
      names.push_back(face_name(domain, face));
  }
  if (names.empty()) return "";
  return fmt::format(
      "the surroundings of {} are not at the temperature of the start, {:g} degC everywhere: "
      "tissue "
      "there cools or warms from the start, with or without probes (compare with a run without)",
      fmt::join(names, ", "), domain.initial_temperature - kZeroCelsius);
}

}  // namespace

std::vector<std::string> placement_warnings(const Model& model, double spacing) {
  std::vector<std::string> close, inside, bare;
  const CaseSpec& spec = *model.spec;
  for (std::size_t b = 1; b < model.segments.size(); ++b)
    for (std::size_t a = 0; a < b; ++a) {
      const double gap = gap_between(model.segments[a], model.segments[b]);
      if (gap >= kCellsBetween * spacing) continue;
      close.push_back(
          fmt::format("probes {} and {} are {:.2f} mm apart, less than {:.0f} cells of {:.2f} mm: "
                      "the ice between them is not resolved",
                      spec.probes[a].name, spec.probes[b].name, 1e3 * std::max(0.0, gap),
                      kCellsBetween, 1e3 * spacing));
    }
  for (std::size_t t = 0; t < spec.thermocouples.size(); ++t)
    for (std::size_t p = 0; p < spec.probes.size(); ++p) {
      const double far = from_axis(spec.thermocouples[t], spec.probes[p]);
      if (far < model.segments[p].radius)
        inside.push_back(fmt::format(
            "thermocouple {} lies inside the needle {} ({:.2f} mm from its axis): it reads the "
            "space of the needle, not tissue",
            spec.thermocouple_names[t], spec.probes[p].name, 1e3 * far));
    }
  for (std::size_t p = 0; p < model.segments.size(); ++p) {
    const Share share = active_share_outside(model, model.segments[p]);
    if (share.outside > kSomeOutside)
      bare.push_back(fmt::format("{:.0f} % of the active length of probe {} lies {}",
                                 100 * share.outside, spec.probes[p].name, share.where));
  }
  auto out = some_of(std::move(close));
  for (auto& line : some_of(std::move(bare))) out.push_back(std::move(line));
  const Tissue& tissue = *model.tissues.front();  // the background
  const double start = spec.domain.initial_temperature;
  const double blood = tissue.arterial_temperature.value_or(start);
  if (tissue.perfusion_coefficient() > 0 && std::abs(start - blood) > kSameTemperature)
    out.push_back(fmt::format(
        "the tissue begins at {:.2f} degC and its blood is at {:.2f} degC: it warms or cools "
        "everywhere from the start, with or without probes",
        start - kZeroCelsius, blood - kZeroCelsius));
  const std::string drift = faces_that_drift(spec.domain);
  if (!drift.empty()) out.push_back(drift);
  for (auto& line : some_of(std::move(inside))) out.push_back(std::move(line));
  return out;
}

std::vector<std::string> region_warnings(const std::vector<RegionSummary>& regions,
                                         const std::vector<RegionSpec>& painted) {
  std::vector<std::string> nowhere, thin;
  for (const auto& r : regions) {
    if (r.volume <= 0 && r.nodes == 0) nowhere.push_back(r.name);
    if (r.volume > 0 && r.nodes == 0) thin.push_back(r.name);
  }
  std::vector<std::string> out;
  if (!nowhere.empty())
    out.push_back(fmt::format(
        "{} of `regions` or `anatomy` {} no volume in the domain: outside of it, under another "
        "one, or thinner than a quarter of a cell",
        some_names(nowhere, painted), nowhere.size() == 1 ? "has" : "have"));
  if (!thin.empty())
    out.push_back(
        fmt::format("no node lies in {}: thinner than the cells, it counts with its share of "
                    "them, but region_id and material_id do not show it",
                    some_names(thin, painted)));
  return out;
}

}  // namespace thermodose
