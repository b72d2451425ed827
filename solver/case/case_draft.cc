// Implements: case/case_draft.h, the way between the file's words and CaseSpec.
#include "case/case_draft.h"

#include <algorithm>
#include <cmath>

#include "base/bounded.h"
#include "base/domain_mesh.h"
#include "base/units.h"

namespace thermodose {

namespace {

FaceSpec face_spec(const FaceDraft& draft) {
  FaceSpec face;
  if (draft.fixed) {
    face.kind = "fixed";
    face.temperature = *draft.fixed;
  } else if (draft.convection) {
    face.kind = "convective";
    face.coefficient = *draft.convection;
    face.ambient = draft.ambient;
  } else {
    face.kind = "insulated";
  }
  return face;
}

FaceDraft face_draft(const FaceSpec& face) {
  FaceDraft draft;
  draft.present = true;
  if (face.kind == "fixed") draft.fixed = face.temperature;
  if (face.kind == "insulated") draft.insulated = true;
  if (face.kind == "convective") {
    draft.convection = face.coefficient;
    draft.ambient = face.ambient;
  }
  return draft;
}

/// A sum or difference of lengths without the digits that rounding left (5 - 5.1 cm).
double tidy(double metres) {
  static const units::Unit millimetre = units::parse_unit("mm");
  return millimetre.to_si(millimetre.from_si(metres));
}

/// The condition of a boundary group, or that of all other faces.
FaceSpec mesh_face_spec(const CaseDraft& d, const MeshFace& face) {
  const auto named = std::find(d.face_group_names.begin(), d.face_group_names.end(), face.name);
  const bool own = face.grouped && named != d.face_group_names.end();
  FaceSpec spec =
      face_spec(own ? d.face_groups[static_cast<std::size_t>(named - d.face_group_names.begin())]
                    : d.faces[all_faces]);
  spec.name = face.name;
  spec.group = face.grouped;
  spec.side = face.side;
  return spec;
}

void take_mesh(const CaseDraft& d, DomainSpec& domain) {
  domain.mesh_name = d.mesh_name;
  domain.mesh = d.mesh;
  const BoundingBox box = dynamic_cast<const Bounded&>(*d.mesh).bounds();
  domain.lower = box.lower;
  domain.upper = box.upper;
  if (domain.axisymmetric) {  // (r, z)
    domain.lower[0] = domain.lower[1] = domain.upper[1] = 0;
  }
  domain.faces.clear();
  for (const MeshFace& face : dynamic_cast<const DomainMesh&>(*d.mesh).faces())
    domain.faces.push_back(mesh_face_spec(d, face));
}

DomainSpec domain_spec(const CaseDraft& d) {
  DomainSpec domain;
  domain.axisymmetric = d.axisymmetric();
  domain.initial_temperature = d.initial_temperature;
  if (d.mesh) {
    take_mesh(d, domain);
    return domain;
  }
  if (d.has_cylinder) {
    domain.lower = {0, 0, d.bottom};
    domain.upper = {d.radius, 0, d.top};
  } else {
    for (std::size_t i = 0; i < 3; ++i) {
      domain.lower[i] = tidy(d.center[i] - 0.5 * d.size[i]);
      domain.upper[i] = tidy(d.center[i] + 0.5 * d.size[i]);
    }
  }
  for (std::size_t i = 0; i < domain.faces.size(); ++i) {
    const bool outer_radius = d.has_cylinder && i == x_max;
    const FaceDraft& own = d.faces[outer_radius ? static_cast<std::size_t>(r_max) : i];
    domain.faces[i] = face_spec(own.present ? own : d.faces[all_faces]);
    // The axis, and the faces that do not exist in (r, z).
    if (d.has_cylinder && (i == x_min || i == y_min || i == y_max)) {
      domain.faces[i] = FaceSpec{};
      domain.faces[i].kind = "insulated";
    }
  }
  return domain;
}

Vec3 unit_direction(const ProbeDraft& probe) {
  Vec3 d = probe.direction.value_or(Vec3{});
  if (probe.entry) {
    for (std::size_t i = 0; i < 3; ++i) d[i] = (*probe.entry)[i] - probe.tip[i];
  }
  const double length = std::hypot(d[0], d[1], d[2]);
  // A vector that already has unit length stays as it is, to the last bit.
  if (std::fabs(length - 1) > 1e-15) {
    for (double& c : d) c /= length;
  }
  return d;
}

StepSpec step_spec(const StepDraft& draft) {
  StepSpec step;
  if (draft.freeze) {
    step.kind = "freeze";
    step.duration = *draft.freeze;
    step.power = draft.power.value_or(1);
  } else if (draft.passive_thaw) {
    step.kind = "passive_thaw";
    step.duration = *draft.passive_thaw;
  } else {
    step.kind = "active_thaw";
    step.duration = draft.active_thaw.value_or(0);
    step.temperature = draft.temperature;
  }
  return step;
}

StepDraft step_draft(const StepSpec& step) {
  StepDraft draft;
  if (step.kind == "freeze") {
    draft.freeze = step.duration;
    draft.power = step.power;
  } else if (step.kind == "passive_thaw") {
    draft.passive_thaw = step.duration;
  } else {
    draft.active_thaw = step.duration;
    draft.temperature = step.temperature;
  }
  return draft;
}

void probes_and_protocol(const CaseDraft& d, CaseSpec& spec) {
  double last = 0;
  for (std::size_t i = 0; i < d.probes.size(); ++i) {
    const ProbeDraft& p = d.probes[i];
    spec.probes.push_back({d.probe_names[i], p.device, p.tip, unit_direction(p)});
  }
  for (const auto& g : d.protocol) {
    ProtocolGroupSpec group;
    group.probes = g.probes;
    group.start = g.start;
    group.cycles = g.cycles;
    for (const auto& s : g.steps) group.steps.push_back(step_spec(s));
    spec.protocol.push_back(std::move(group));
    last = std::max(last, end_of(g));
  }
  spec.end_time = d.duration.value_or(last);
}

}  // namespace

double end_of(const GroupDraft& group) {
  double once = 0;
  for (const auto& s : group.steps) {
    once += s.freeze.value_or(0) + s.passive_thaw.value_or(0) + s.active_thaw.value_or(0);
  }
  return group.start + group.cycles * once;
}

CaseSpec spec_of(const CaseDraft& d) {
  CaseSpec spec;
  spec.version = d.version;
  spec.title = d.title;
  spec.domain = domain_spec(d);
  spec.tissue = d.tissue;
  spec.materials = d.materials;
  spec.devices = d.devices;
  spec.anatomy_name = d.anatomy_name;
  spec.anatomy = d.anatomy;
  spec.regions = d.regions;
  probes_and_protocol(d, spec);
  spec.dose_names = d.dose_names;
  spec.dose = d.dose;
  spec.perfusion_stops = d.perfusion_stops;
  spec.thermocouple_names = d.thermocouple_names;
  for (const Vec3& p : d.thermocouples) {
    spec.thermocouples.push_back(d.axisymmetric() ? Vec3{std::hypot(p[0], p[1]), 0, p[2]} : p);
  }
  spec.targets = d.targets;
  for (std::size_t i = 0; i < d.targets.size(); ++i) spec.targets[i].name = d.target_names[i];
  spec.protect = d.protect;
  for (std::size_t i = 0; i < d.protect.size(); ++i) spec.protect[i].name = d.protect_names[i];
  spec.accuracy = d.accuracy;
  spec.numerics = d.numerics;
  spec.output = d.output;
  return spec;
}

namespace {

void draft_mesh(const DomainSpec& domain, CaseDraft& d) {
  d.mesh_name = domain.mesh_name;
  d.mesh = domain.mesh;
  for (const FaceSpec& face : domain.faces) {
    if (!face.group) {  // all of these have one condition
      d.faces[all_faces] = face_draft(face);
      continue;
    }
    d.face_group_names.push_back(face.name);
    d.face_groups.push_back(face_draft(face));
  }
}

}  // namespace

bool CaseDraft::axisymmetric() const {
  const auto* file = dynamic_cast<const DomainMesh*>(mesh.get());
  return has_cylinder || (mesh != nullptr && (file == nullptr || file->axisymmetric()));
}

CaseDraft draft_of(const CaseSpec& spec) {
  CaseDraft d;
  d.version = spec.version;
  d.title = spec.title;
  const DomainSpec& domain = spec.domain;
  d.has_cylinder = domain.axisymmetric && !domain.mesh;
  d.has_box = !domain.axisymmetric && !domain.mesh;
  d.radius = domain.upper[0];
  d.bottom = domain.lower[2];
  d.top = domain.upper[2];
  for (std::size_t i = 0; i < 3; ++i) {
    d.center[i] = tidy(0.5 * (domain.lower[i] + domain.upper[i]));
    d.size[i] = tidy(domain.upper[i] - domain.lower[i]);
  }
  d.initial_temperature = domain.initial_temperature;
  if (domain.mesh) draft_mesh(domain, d);
  for (std::size_t i = 0; !domain.mesh && i < domain.faces.size(); ++i) {
    if (domain.axisymmetric && i != x_max && i != z_min && i != z_max) continue;
    const bool outer_radius = domain.axisymmetric && i == x_max;
    d.faces[outer_radius ? static_cast<std::size_t>(r_max) : i] = face_draft(domain.faces[i]);
  }
  d.tissue = spec.tissue;
  d.materials = spec.materials;
  d.devices = spec.devices;
  d.anatomy_name = spec.anatomy_name;
  d.anatomy = spec.anatomy;
  d.regions = spec.regions;
  for (const auto& p : spec.probes) {
    d.probe_names.push_back(p.name);
    ProbeDraft probe;
    probe.device = p.device;
    probe.tip = p.tip;
    probe.direction = p.direction;
    d.probes.push_back(probe);
  }
  for (const auto& g : spec.protocol) {
    GroupDraft group;
    group.probes = g.probes;
    group.start = g.start;
    group.cycles = g.cycles;
    for (const auto& s : g.steps) group.steps.push_back(step_draft(s));
    d.protocol.push_back(std::move(group));
  }
  d.duration = spec.end_time;
  d.dose_names = spec.dose_names;
  d.dose = spec.dose;
  d.perfusion_stops = spec.perfusion_stops;
  d.has_perfusion_stops = !spec.perfusion_stops.field.empty();
  d.thermocouple_names = spec.thermocouple_names;
  d.thermocouples = spec.thermocouples;
  d.targets = spec.targets;
  for (const auto& t : spec.targets) d.target_names.push_back(t.name);
  d.protect = spec.protect;
  for (const auto& p : spec.protect) d.protect_names.push_back(p.name);
  d.accuracy = spec.accuracy;
  d.numerics = spec.numerics;
  d.output = spec.output;
  return d;
}

}  // namespace thermodose
