#include "run/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "base/error.h"
#include "devices/cryoprobe.h"
#include "dose/dose_model.h"
#include "geometry/gmsh_domain.h"
#include "geometry/vec.h"
#include "physics/segment_builder.h"
#include "physics/segment_mix.h"
#include "physics/tissue.h"
#include "run/criterion.h"
#include "run/perfusion_stop.h"

namespace thermodose {

namespace {

constexpr int kMaxSegments = 32;
constexpr int kProfilePoints = 41;

template <class Type>
const Type& as(const Configurable& object, const std::string& what) {
  const auto* typed = dynamic_cast<const Type*>(&object);
  if (typed == nullptr)
    throw InputError(Problem{"", 0, what, "this entry of its registry cannot be used here"});
  return *typed;
}

const NamedConfigurable& named(const std::vector<NamedConfigurable>& all, const std::string& name) {
  const auto it =
      std::find_if(all.begin(), all.end(), [&](const auto& n) { return n.name == name; });
  if (it == all.end()) throw InputError(Problem{"", 0, name, "no such entry"});
  return *it;
}

void add_caveats(std::vector<std::string>& out, const NamedConfigurable& entry,
                 const std::vector<std::string>& texts) {
  // "library: liver.yaml + case": the text is the library's, some of the numbers are not.
  const bool varied = entry.origin.find(" + ") != std::string::npos;
  for (const auto& text : texts) {
    const std::string line = fmt::format(
        "{}: {}{}", entry.name, text, varied ? " (of the entry before this case changed it)" : "");
    if (std::find(out.begin(), out.end(), line) == out.end()) out.push_back(line);
  }
}

/// `seen`: some of it may lie in the domain.
int law_of(Model& model, const std::string& tissue, double tolerance, bool seen = true) {
  const auto known = std::find(model.law_names.begin(), model.law_names.end(), tissue);
  const auto& entry = named(model.spec->materials, tissue);
  const auto& material = as<Tissue>(*entry.object, tissue);
  if (seen) add_caveats(model.caveats, entry, material.caveats);
  if (known != model.law_names.end()) return static_cast<int>(known - model.law_names.begin());
  model.laws.push_back(
      build_segment_law(material, model.spec->domain.initial_temperature, tolerance, kMaxSegments));
  model.laws.back().material = tissue;
  model.law_names.push_back(tissue);
  model.tissues.push_back(&material);
  return static_cast<int>(model.laws.size()) - 1;
}

std::vector<std::string> ends_of_scale(const Model& model) {
  const TissueScale* scale = model.anatomy != nullptr ? model.anatomy->scale() : nullptr;
  if (scale == nullptr) return {};
  return {scale->ends()[0], scale->ends()[1]};
}

/// Parts of a label map that reach into the domain: an image shows more than a treatment touches.
std::vector<bool> parts_seen(const Model& model) {
  std::vector<bool> seen(model.anatomy->parts().size(), true);
  if (model.mesh != nullptr || !(model.anatomy->resolution() > 0)) return seen;
  const DomainSpec& domain = model.spec->domain;
  const std::vector<BoundingBox> bounds = model.anatomy->part_bounds();
  for (std::size_t n = 0; n < seen.size(); ++n)
    for (std::size_t d = 0; d < 3; ++d)
      if (bounds[n].upper[d] < domain.lower[d] || bounds[n].lower[d] > domain.upper[d])
        seen[n] = false;
  return seen;
}

void add_anatomy(Model& model, double temperature_tolerance) {
  const CaseSpec& spec = *model.spec;
  if (spec.domain.mesh) {
    model.mesh = &as<GmshDomain>(*spec.domain.mesh, "domain.mesh");
    model.anatomy = model.mesh;
  } else if (spec.anatomy) {
    model.anatomy = &as<Anatomy>(*spec.anatomy, "anatomy");
  } else {
    return;
  }
  for (const auto& text : model.anatomy->caveats()) model.caveats.push_back("anatomy: " + text);
  for (const std::string& tissue : ends_of_scale(model))
    law_of(model, tissue, temperature_tolerance);
  const std::vector<bool> seen = parts_seen(model);
  for (std::size_t n = 0; n < model.anatomy->parts().size(); ++n) {
    const AnatomyPart& part = model.anatomy->parts()[n];
    model.region_name.push_back(part.name);
    model.region_law.push_back(law_of(model, part.tissue, temperature_tolerance, seen[n]));
    model.region_shape.push_back(nullptr);
    model.region_bounds.emplace_back();
  }
}

// After all tissues: laws of one tissue come first.
void add_scale(Model& model, double temperature_tolerance) {
  const std::vector<std::string> ends = ends_of_scale(model);
  if (ends.empty()) return;
  model.scale = model.anatomy->scale();
  const std::array<int, 2> end{law_of(model, ends[0], temperature_tolerance),
                               law_of(model, ends[1], temperature_tolerance)};
  for (std::size_t l = 0; l < model.laws.size(); ++l)
    model.law_shares.push_back({{static_cast<LawIndex>(l), 1.0}});
  const int grades = model.scale->grades();
  model.grade_law.push_back(end[0]);
  for (int n = 1; n < grades; ++n) {
    LawShares shares{{static_cast<LawIndex>(end[0]), 1 - static_cast<double>(n) / grades},
                     {static_cast<LawIndex>(end[1]), static_cast<double>(n) / grades}};
    if (shares[1].second > shares[0].second) std::swap(shares[0], shares[1]);
    std::vector<LawPart> parts;
    for (const auto& [law, share] : shares) parts.push_back({&model.laws[law], share});
    SegmentLaw mixture = mix_laws(parts, kMaxSegments);
    model.grade_law.push_back(static_cast<int>(model.laws.size()));
    model.laws.push_back(std::move(mixture));
    model.law_shares.push_back(std::move(shares));
  }
  model.grade_law.push_back(end[1]);
}

ActiveSegment segment_of(const ProbeSpec& probe, const Cryoprobe& device) {
  ActiveSegment s;
  s.radius = device.diameter / 2;
  for (std::size_t c = 0; c < 3; ++c) {
    s.begin[c] = probe.tip[c] + device.dead_tip * probe.direction[c];
    s.end[c] = s.begin[c] + device.active_length * probe.direction[c];
  }
  for (int i = 0; i < kProfilePoints; ++i)
    s.profile.push_back(device.law().profile(static_cast<double>(i) / (kProfilePoints - 1)));
  if (std::all_of(s.profile.begin(), s.profile.end(), [](double x) { return x == 1; }))
    s.profile.clear();
  return s;
}

bool throttled(const CaseSpec& spec, const std::string& probe) {
  const auto names = [&](const auto& name) { return name == "all" || name == probe; };
  const auto reduced = [](const StepSpec& s) { return s.kind == "freeze" && s.power < 1; };
  return std::any_of(spec.protocol.begin(), spec.protocol.end(), [&](const auto& group) {
    return std::any_of(group.probes.begin(), group.probes.end(), names) &&
           std::any_of(group.steps.begin(), group.steps.end(), reduced);
  });
}

double ambient_at(const std::vector<std::pair<double, double>>& curve, double t) {
  const auto after = std::upper_bound(curve.begin(), curve.end(), t,
                                      [](double x, const auto& p) { return x < p.first; });
  if (after == curve.begin()) return curve.front().second;
  if (after == curve.end()) return curve.back().second;
  const auto before = after - 1;
  const double f = (t - before->first) / (after->first - before->first);
  return before->second + f * (after->second - before->second);
}

/// Two dose models must not write one field, as the same model twice would.
void refuse_equal_fields(const CaseSpec& spec) {
  std::map<std::string, std::size_t> owner;
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < spec.dose.size(); ++i) {
    for (const DoseField& field : as<DoseModel>(*spec.dose[i], "dose").fields()) {
      const auto [first, fresh] = owner.emplace(field.name, i);
      if (fresh || first->second == i) continue;
      problems.push_back({spec.file, 0, fmt::format("dose[{}]", i),
                          fmt::format("{} would write the field '{}', as dose[{}] does: remove one",
                                      spec.dose_names[i], field.name, first->second)});
    }
  }
  if (!problems.empty()) throw InputError(std::move(problems));
}

}  // namespace

int Model::graded_law(double fraction) const {
  const double steps = static_cast<double>(grade_law.size()) - 1;
  return grade_law[static_cast<std::size_t>(std::lround(fraction * steps))];
}

int Model::region_at(const Vec3& p) const {
  for (std::size_t r = region_shape.size(); r-- > 0 && region_shape[r] != nullptr;)
    if (region_shape[r]->contains(p)) return static_cast<int>(r);
  return anatomy == nullptr ? -1 : anatomy->part_at(p);
}

namespace {

constexpr std::size_t kChunk = 256;  // points whose parts fit on the stack

BoundingBox box_around(const Vec3* points, std::size_t n) {
  constexpr double slack = 1e-9;  // m: rounding of bounds
  BoundingBox box{points[0], points[0]};
  for (std::size_t i = 1; i < n; ++i)
    for (std::size_t d = 0; d < 3; ++d) {
      box.lower[d] = std::min(box.lower[d], points[i][d]);
      box.upper[d] = std::max(box.upper[d], points[i][d]);
    }
  for (std::size_t d = 0; d < 3; ++d) {
    box.lower[d] -= slack;
    box.upper[d] += slack;
  }
  return box;
}

bool meet(const BoundingBox& a, const BoundingBox& b) {
  bool all = true;
  for (std::size_t d = 0; d < 3; ++d)
    all = all && a.lower[d] <= b.upper[d] && b.lower[d] <= a.upper[d];
  return all;
}

}  // namespace

// Shapes that are elsewhere cost one comparison for all points.
void Model::regions_at(const Vec3* points, std::size_t n, MaterialIndex* out) const {
  if (n > kChunk) {
    regions_at(points, kChunk, out);
    return regions_at(points + kChunk, n - kChunk, out + kChunk);
  }
  std::array<int, kChunk> part{};
  part.fill(-1);
  if (anatomy != nullptr) anatomy->parts_at(points, n, part.data());
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<MaterialIndex>(part[i] + 1);
  const BoundingBox around = box_around(points, n);
  for (std::size_t r = 0; r < region_shape.size(); ++r) {
    if (region_shape[r] == nullptr || !meet(region_bounds[r], around)) continue;
    for (std::size_t i = 0; i < n; ++i)
      if (region_shape[r]->contains(points[i])) out[i] = static_cast<MaterialIndex>(r + 1);
  }
}

namespace {

// Directions in space that no needle is parallel to all of.
constexpr double kDiagonal = 0.57735026918962576;  // 1 / sqrt(3)
constexpr std::array<Vec3, 14> kSides{{{1, 0, 0},
                                       {-1, 0, 0},
                                       {0, 1, 0},
                                       {0, -1, 0},
                                       {0, 0, 1},
                                       {0, 0, -1},
                                       {kDiagonal, kDiagonal, kDiagonal},
                                       {kDiagonal, kDiagonal, -kDiagonal},
                                       {kDiagonal, -kDiagonal, kDiagonal},
                                       {kDiagonal, -kDiagonal, -kDiagonal},
                                       {-kDiagonal, kDiagonal, kDiagonal},
                                       {-kDiagonal, kDiagonal, -kDiagonal},
                                       {-kDiagonal, -kDiagonal, kDiagonal},
                                       {-kDiagonal, -kDiagonal, -kDiagonal}}};

// Along a needle and as far from it as the edge of its ice may come to stand.
double sharp_around(const Model& model, const ActiveSegment& s, double width) {
  constexpr int kPoints = 20;     // along the needle, and from its axis outwards
  constexpr double kIce = 20e-3;  // m; ice of single needles has a radius of 15 to 20 mm
  const double samples = (kPoints + 1.0) * (kPoints + 1.0) * static_cast<double>(kSides.size());
  std::vector<double> share(model.tissues.size());
  for (int i = 0; i <= kPoints; ++i)
    for (int ring = 0; ring <= kPoints; ++ring)
      for (const auto& side : kSides) {
        const Vec3 on_axis = s.begin + (static_cast<double>(i) / kPoints) * (s.end - s.begin);
        const int law = model.law_at(on_axis + (kIce * ring / kPoints) * side);
        if (model.law_shares.empty()) {
          share[static_cast<std::size_t>(law)] += 1 / samples;
          continue;
        }
        for (const auto& [tissue, part] : model.law_shares[static_cast<std::size_t>(law)])
          share[tissue] += part / samples;
      }
  double sharp = 0;
  for (std::size_t law = 0; law < share.size(); ++law)
    if (model.tissues[law]->freezing_width() < width) sharp += share[law];
  return sharp;
}

}  // namespace

double Model::sharply_freezing(double width) const {
  double most = 0;
  if (segments.empty() || laws.size() == 1)  // a cold face or surroundings may freeze any of them
    for (const auto* tissue : tissues) most = tissue->freezing_width() < width ? 1 : most;
  else
    for (const ActiveSegment& s : segments) most = std::max(most, sharp_around(*this, s, width));
  return most;
}

Model make_model(const CaseSpec& spec, double temperature_tolerance) {
  Model model;
  model.spec = &spec;
  refuse_equal_fields(spec);
  auto problems = criterion_problems(spec);
  for (auto& problem : perfusion_stop_problems(spec)) problems.push_back(std::move(problem));
  if (!problems.empty()) throw InputError(std::move(problems));
  law_of(model, spec.tissue, temperature_tolerance);
  add_anatomy(model, temperature_tolerance);
  for (const auto& region : spec.regions) {
    model.region_name.push_back(region.name);
    model.region_law.push_back(law_of(model, region.tissue, temperature_tolerance));
    model.region_shape.push_back(&as<Shape>(*region.shape, "regions." + region.name + ".shape"));
    model.region_bounds.push_back(model.region_shape.back()->bounds());
  }
  add_scale(model, temperature_tolerance);
  for (const auto& probe : spec.probes) {
    const auto& entry = named(spec.devices, probe.device);
    const auto& device = as<Cryoprobe>(*entry.object, probe.device);
    model.devices.push_back(&device);
    model.segments.push_back(segment_of(probe, device));
    add_caveats(model.caveats, entry, device.caveats);
    if (throttled(spec, probe.name))
      add_caveats(model.caveats, entry,
                  {"a power below 100 % moves the target linearly from off_temperature, which is a "
                   "convention: calibrate it for your generator"});
  }
  return model;
}

Schedule make_schedule(const Model& model) {
  const CaseSpec& spec = *model.spec;
  std::vector<ScheduleProbe> probes;
  for (std::size_t p = 0; p < spec.probes.size(); ++p)
    probes.push_back({spec.probes[p].name, &model.devices[p]->law()});
  std::vector<ScheduleGroup> groups;
  for (const auto& group : spec.protocol) {
    ScheduleGroup out;
    out.start = group.start;
    out.cycles = group.cycles;
    for (const auto& s : group.steps)
      out.steps.push_back({s.kind, s.duration, s.power, s.temperature});
    for (std::size_t p = 0; p < spec.probes.size(); ++p) {
      const bool in = std::any_of(group.probes.begin(), group.probes.end(), [&](const auto& name) {
        return name == "all" || name == spec.probes[p].name;
      });
      if (in) out.probes.push_back(p);
    }
    groups.push_back(std::move(out));
  }
  try {
    return {std::move(probes), groups, spec.domain.initial_temperature};
  } catch (const InputError& e) {
    auto problems = e.problems();
    for (auto& problem : problems) problem.file = spec.file;
    throw InputError(std::move(problems));
  }
}

CaseConditions::CaseConditions(const Model& model, const Schedule& schedule)
    : model_(model), schedule_(schedule) {}

SurfaceCondition CaseConditions::probe(std::size_t index, double t, double inside) const {
  return schedule_.condition(index, schedule_.interval_at(index, inside), t);
}

SurfaceCondition CaseConditions::face(int face, double t) const {
  const FaceSpec& f = model_.spec->domain.faces[static_cast<std::size_t>(face)];
  if (f.kind == "fixed") return {SurfaceCondition::Kind::temperature, f.temperature, 0};
  if (f.kind == "convective")
    return {SurfaceCondition::Kind::convective, ambient_at(f.ambient, t), f.coefficient};
  return {};
}

}  // namespace thermodose
