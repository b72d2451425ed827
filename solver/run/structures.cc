// Implements: run/structures.h.
#include "run/structures.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "dose/eval_structure.h"
#include "geometry/gmsh_domain.h"
#include "geometry/vec.h"
#include "run/placement.h"

namespace thermodose {

namespace {

// Outside the domain by less than this is the rounding of the lines.
constexpr double kSomeOutside = 0.005;
// What is in a gas can be no target; a part of an organ may hold some.
constexpr double kMostBare = 0.5;
constexpr double kSomeBare = 0.02;
// Fewer points than an evaluation takes: only whether there is something is asked.
constexpr std::size_t kFewPoints = 100000;

void join(BoundingBox& a, const BoundingBox& b) {
  for (std::size_t d = 0; d < 3; ++d) {
    a.lower[d] = std::min(a.lower[d], b.lower[d]);
    a.upper[d] = std::max(a.upper[d], b.upper[d]);
  }
}

/// The domain as a mesh: for what lies in it, the size of cells says no more than the plan does.
NodeGeometry geometry_of(const Model& model, const Plan& plan) {
  NodeGeometry g;
  const CaseSpec& spec = *model.spec;
  if (model.mesh != nullptr) {
    g.uniform = false;
    g.axisymmetric = spec.domain.axisymmetric;
    g.points = model.mesh->mesh().points;
    g.cells = model.mesh->mesh().cells;
    return g;
  }
  if (!spec.domain.axisymmetric) {
    const Lattice lattice = make_lattice(spec, plan);
    g.origin = lattice.origin;
    g.spacing = lattice.spacing;
    g.nodes = lattice.nodes;
    return g;
  }
  g.uniform = false;
  g.axisymmetric = true;
  const Vec3 &a = spec.domain.lower, &b = spec.domain.upper;
  g.points = {{a[0], 0, a[2]}, {b[0], 0, a[2]}, {a[0], 0, b[2]}, {b[0], 0, b[2]}};
  g.cells = {0, 1, 2, 3};
  return g;
}

struct Findings {
  std::vector<Problem> problems;
  std::vector<std::string> warnings;
};

/// Of a structure in the domain; a reason.
std::pair<double, std::string> share_outside_body(const Model& model,
                                                  const evaluation::SampledStructure& s) {
  double all = 0;
  double bare = 0;
  std::string why;
  for (const evaluation::LinePiece& piece : s.pieces())
    for (std::size_t n = piece.begin; n + 1 < piece.end; ++n) {
      const double x0 = s.knots()[n];
      const double x1 = s.knots()[n + 1];
      const double volume = s.measure(piece, x0, x1);
      all += volume;
      std::string where = outside_body(model, s.point(piece, 0.5 * (x0 + x1)));
      if (where.empty()) continue;
      bare += volume;
      why = std::move(where);
    }
  return {all > 0 ? bare / all : 0, why};
}

struct Within {
  double active = 0;  // m
  double shaft = 0;   // m, with a tip that does not freeze
};

/// Of a needle, the lengths inside a structure as far as the domain goes.
Within lengths_within(const evaluation::Structure& structure, const BoundingBox& domain,
                      const ProbeSpec& probe, const ActiveSegment& active) {
  constexpr double step = 0.25e-3;  // m
  constexpr double most = 0.4;      // m, of a shaft
  const BoundingBox box = evaluation::common(structure.bounds, domain);
  const auto inside = [&](const Vec3& p) {
    return evaluation::within(box, p) && structure.inside(p);
  };
  const auto along = [&](const Vec3& from, double length) {
    double sum = 0;
    for (double s = 0.5 * step; s < length; s += step)
      sum += inside(from + s * probe.direction) ? step : 0;
    return sum;
  };
  const double begin = dot(active.begin - probe.tip, probe.direction);
  const double end = dot(active.end - probe.tip, probe.direction);
  const double first = std::min(begin, end);
  const double last = std::max(begin, end);
  Within out;
  out.active = along(probe.tip + first * probe.direction, last - first);
  out.shaft = along(probe.tip, first) + along(probe.tip + last * probe.direction, most);
  return out;
}

void tell_of_needles(const Model& model, const std::string& name,
                     const evaluation::Structure& organ, const BoundingBox& domain,
                     std::vector<std::string>& warnings) {
  constexpr double told = 0.5e-3;  // m
  for (std::size_t p = 0; p < model.segments.size(); ++p) {
    const ProbeSpec& probe = model.spec->probes[p];
    const Within in = lengths_within(organ, domain, probe, model.segments[p]);
    if (in.active >= told)
      warnings.push_back(fmt::format("{:.1f} mm of the active length of probe {} lie in protect.{}",
                                     1e3 * in.active, probe.name, name));
    if (in.shaft >= told)
      warnings.push_back(
          fmt::format("shaft or tip of probe {} passes through protect.{} over {:.1f} mm",
                      probe.name, name, 1e3 * in.shaft));
  }
}

/// An organ may go on beyond the domain, whose faces are watched (run/face_watch.h); a target not.
void check(const Model& model, const std::string& key, const evaluation::Structure& structure,
           bool whole, const evaluation::FieldSampler& sampler, Findings& out) {
  const evaluation::SampledStructure s(structure, sampler, {0, kFewPoints});
  if (!(s.volume_in_domain() > 0)) {
    out.problems.push_back(
        {"", 0, key,
         s.volume() > 0 ? "lies outside the domain: are the coordinates those of the frame of the "
                          "case (RAS or LPS)?"
                        : "has no volume: other regions cover it, or it is not in the anatomy"});
    return;
  }
  const auto [share, where] = share_outside_body(model, s);
  if (whole && share > kMostBare) {
    out.problems.push_back(
        {"", 0, key,
         fmt::format("{:.0f} % of it lies {}: are the coordinates those of the frame of the case?",
                     100 * share, where)});
  } else if (share > kSomeBare) {
    out.warnings.push_back(fmt::format("{:.0f} % of {} lies {}", 100 * share, key, where));
  }
  const double outside = 1 - s.volume_in_domain() / s.volume();
  if (whole && outside > kSomeOutside)
    out.warnings.push_back(fmt::format(
        "{:.0f} % of {} lies outside the domain, where nothing is known: it counts as untreated",
        100 * outside, key));
}

}  // namespace

evaluation::Structure StructureMaker::make(const StructureSpec& spec, const std::string& name) {
  if (spec.shape != nullptr) {
    const auto& shape = dynamic_cast<const Shape&>(*spec.shape);
    return {shape.bounds(), [&shape](const Vec3& p) { return shape.contains(p); }};
  }
  const std::vector<std::string> names =
      spec.regions.empty() ? std::vector<std::string>{name} : spec.regions;
  if (!parts_) {
    parts_.emplace();
    if (model_.anatomy != nullptr) *parts_ = model_.anatomy->part_bounds();
  }
  std::vector<bool> member(model_.region_name.size());
  BoundingBox box{{HUGE_VAL, HUGE_VAL, HUGE_VAL}, {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL}};
  for (std::size_t r = 0; r < member.size(); ++r) {
    member[r] = std::find(names.begin(), names.end(), model_.region_name[r]) != names.end();
    if (!member[r]) continue;
    const Shape* shape = model_.region_shape[r];
    join(box, shape == nullptr ? (*parts_)[r] : shape->bounds());
  }
  evaluation::Structure out;
  out.bounds = box;
  out.inside = [this_model = &model_, member](const Vec3& p) {
    const int r = this_model->region_at(p);
    return r >= 0 && member[static_cast<std::size_t>(r)];
  };
  add_steps(member, out);
  return out;
}

/// Parts of an anatomy of voxels have corners and plane faces; regions may lie over them.
void StructureMaker::add_steps(const std::vector<bool>& member, evaluation::Structure& out) const {
  const Anatomy* anatomy = model_.anatomy;
  if (anatomy == nullptr) return;
  const auto end = member.begin() + static_cast<std::ptrdiff_t>(anatomy->parts().size());
  if (std::find(member.begin(), end, true) == end) return;
  out.planes = anatomy->voxel_planes();
  out.corners = [anatomy, inside = out.inside, parts = std::vector<bool>(member.begin(), end)](
                    const BoundingBox& box, double spacing) {
    std::vector<Vec3> points = anatomy->step_points(parts, box, spacing);
    points.erase(
        std::remove_if(points.begin(), points.end(), [&](const Vec3& p) { return !inside(p); }),
        points.end());
    return points;
  };
}

std::optional<double> volume_on_cells(const StructureSpec& spec, const std::string& name,
                                      const std::vector<RegionSummary>& regions) {
  if (spec.shape != nullptr) return std::nullopt;
  double volume = 0;
  for (const RegionSummary& r : regions) {
    const bool member = spec.regions.empty() ? r.name == name
                                             : std::find(spec.regions.begin(), spec.regions.end(),
                                                         r.name) != spec.regions.end();
    if (member) volume += r.volume;
  }
  return volume;
}

std::vector<std::string> require_structures(const Model& model, const Plan& plan) {
  Findings out;
  const CaseSpec& spec = *model.spec;
  const NodeGeometry geometry = geometry_of(model, plan);
  const evaluation::FieldSampler sampler(geometry);
  StructureMaker maker(model);
  for (const auto& t : spec.targets)
    check(model, "targets." + t.name, maker.make(t.where, t.name), true, sampler, out);
  for (const auto& p : spec.protect) {
    const evaluation::Structure organ = maker.make(p.where, p.name);
    check(model, "protect." + p.name, organ, false, sampler, out);
    tell_of_needles(model, p.name, organ, sampler.domain(), out.warnings);
  }
  for (auto& problem : out.problems) problem.file = spec.file;
  if (!out.problems.empty()) throw InputError(std::move(out.problems));
  return out.warnings;
}

}  // namespace thermodose
