// Implements: run/structures.h.
#include "run/structures.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "dose/eval_structure.h"
#include "geometry/gmsh_domain.h"

namespace thermodose {

namespace {

// Outside the domain by less than this is the rounding of the lines.
constexpr double kSomeOutside = 0.005;
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

/// An organ may go on beyond the domain, whose faces are watched (run/face_watch.h); a target not.
void check(const std::string& key, const evaluation::Structure& structure, bool whole,
           const evaluation::FieldSampler& sampler, Findings& out) {
  const evaluation::SampledStructure s(structure, sampler, {0, kFewPoints});
  if (!(s.volume_in_domain() > 0)) {
    out.problems.push_back(
        {"", 0, key,
         s.volume() > 0 ? "lies outside the domain"
                        : "has no volume: other regions cover it, or it is not in the anatomy"});
    return;
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
  return {box, [this_model = &model_, member = std::move(member)](const Vec3& p) {
            const int r = this_model->region_at(p);
            return r >= 0 && member[static_cast<std::size_t>(r)];
          }};
}

std::vector<std::string> require_structures(const Model& model, const Plan& plan) {
  Findings out;
  const CaseSpec& spec = *model.spec;
  const NodeGeometry geometry = geometry_of(model, plan);
  const evaluation::FieldSampler sampler(geometry);
  StructureMaker maker(model);
  for (const auto& t : spec.targets)
    check("targets." + t.name, maker.make(t.where, t.name), true, sampler, out);
  for (const auto& p : spec.protect)
    check("protect." + p.name, maker.make(p.where, p.name), false, sampler, out);
  for (auto& problem : out.problems) problem.file = spec.file;
  if (!out.problems.empty()) throw InputError(std::move(out.problems));
  return out.warnings;
}

}  // namespace thermodose
