// Implements: case/case_checks.h: domain, faces, regions, materials.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/bounded.h"
#include "base/text.h"
#include "base/tissue_source.h"
#include "case/case_checks.h"
#include "case/key_lookup.h"

namespace thermodose {

namespace {

constexpr double kMillimetre = 1e-3;

std::string mm(double metres) { return text::number(metres / kMillimetre); }
std::string degrees(double kelvin) { return text::number(kelvin - kZeroCelsius) + " degC"; }

/// The box around the domain; a cylinder as a solid.
BoundingBox domain_box(const CaseDraft& d) {
  if (d.mesh) return dynamic_cast<const Bounded&>(*d.mesh).bounds();
  if (d.has_cylinder) return {{-d.radius, -d.radius, d.bottom}, {d.radius, d.radius, d.top}};
  BoundingBox box{};
  for (std::size_t i = 0; i < 3; ++i) {
    box.lower[i] = d.center[i] - 0.5 * d.size[i];
    box.upper[i] = d.center[i] + 0.5 * d.size[i];
  }
  return box;
}

void check_face(const FaceDraft& face, const std::string& path, Problems& problems) {
  const int kinds = (face.fixed ? 1 : 0) + (face.insulated ? 1 : 0) + (face.convection ? 1 : 0);
  if (kinds != 1) {
    problems.add_at(path, std::string(kinds == 0 ? "found none" : "found more than one") +
                              " of fixed, insulated: true and convection, expected exactly one");
    return;
  }
  if (face.convection && face.ambient.empty()) {
    problems.add_at(path, "missing: convection needs the temperature beyond it, ambient: 37 degC");
  }
  if (!face.convection && !face.ambient.empty()) {
    problems.add_at(child_path(path, "ambient"), "has a meaning with convection only");
  }
}

/// Conditions of boundary groups, and whether some edges are left for `all`.
void check_mesh_faces(const CaseDraft& d, const DomainMesh& mesh, Problems& problems) {
  const std::string parent = "domain.faces", groups = child_path(parent, "groups");
  for (std::size_t i = 0; i < d.faces.size(); ++i)
    if (i != all_faces && d.faces[i].present)
      problems.add_at(child_path(parent, kFaceNames[i]),
                      "a mesh has the faces of its physical groups: name them in faces.groups");
  std::vector<std::string> names, unnamed;
  for (const MeshFace& face : mesh.faces()) {
    if (face.grouped) names.push_back(face.name);
    const auto& given = d.face_group_names;
    if (!face.grouped || std::find(given.begin(), given.end(), face.name) == given.end())
      unnamed.push_back(face.grouped ? face.name : face.name + " (in no group)");
  }
  for (std::size_t i = 0; i < d.face_groups.size(); ++i) {
    const std::string &name = d.face_group_names[i], path = child_path(groups, name);
    const auto& hidden = mesh.hidden_groups();
    if (std::find(hidden.begin(), hidden.end(), name) != hidden.end()) {
      problems.add_at(path, std::string("its ") + mesh.group_kind() + " are inside the mesh" +
                                (mesh.axisymmetric() ? " or on the axis" : "") +
                                ": they are no face");
    } else if (std::find(names.begin(), names.end(), name) == names.end()) {
      problems.add_at(path, std::string("the mesh has no physical group of ") + mesh.group_kind() +
                                " " + text::quoted(name) + "; it has " +
                                (names.empty() ? "none" : text::list(names)) +
                                text::did_you_mean(name, names));
    } else if (problems.good(path)) {
      check_face(d.face_groups[i], path, problems);
    }
  }
  if (!unnamed.empty() && !d.faces[all_faces].present && problems.good(groups))
    problems.add_at(child_path(parent, "all"),
                    "missing; say what happens at " + text::join(unnamed, ", "));
}

void check_faces(const CaseDraft& d, Problems& problems) {
  const std::string parent = "domain.faces";
  if (d.faces[all_faces].present && problems.good(child_path(parent, kFaceNames[all_faces])) &&
      d.mesh)
    check_face(d.faces[all_faces], child_path(parent, kFaceNames[all_faces]), problems);
  if (d.mesh) {
    if (const DomainMesh* mesh = domain_mesh(d, problems)) check_mesh_faces(d, *mesh, problems);
    return;
  }
  if (!d.face_group_names.empty())
    problems.add_at(child_path(parent, "groups"), "has a meaning with domain.mesh only");
  bool every_face_named = true;
  for (std::size_t i = 0; i < d.faces.size(); ++i) {
    const std::string path = child_path(parent, kFaceNames[i]);
    const bool cylinder_face = i == r_max || i == z_min || i == z_max;
    const bool exists = i == all_faces || (d.has_cylinder ? cylinder_face : i != r_max);
    if (i != all_faces && exists && !d.faces[i].present) every_face_named = false;
    if (!d.faces[i].present) continue;
    if (!exists) {
      problems.add_at(path,
                      d.has_cylinder
                          ? "a cylinder has the faces r_max, z_min and z_max only"
                          : "a box has the faces x_min, x_max, y_min, y_max, z_min and z_max only");
    } else if (problems.good(path)) {
      check_face(d.faces[i], path, problems);
    }
  }
  if (!every_face_named && !d.faces[all_faces].present && problems.good(parent)) {
    problems.add_at(child_path(parent, "all"),
                    "missing; say what happens at the faces that have no entry of their own");
  }
}

/// Axisymmetric: a shape is sampled at (r, z), so it must be a body of revolution.
bool on_axis(const BoundingBox& b) {
  const double scale = std::max({std::fabs(b.upper[0]), std::fabs(b.upper[1]), kMillimetre});
  const auto same = [&](double p, double q) { return p == q || std::fabs(p - q) < 1e-9 * scale; };
  return same(b.lower[0], -b.upper[0]) && same(b.lower[1], -b.upper[1]) &&
         same(b.upper[0], b.upper[1]);
}

/// True, and told, when no part of `what` is in the domain.
bool outside(const CaseDraft& d, const Bounded& shape, const std::string& what,
             const std::string& path, Problems& problems) {
  const BoundingBox box = domain_box(d), b = shape.bounds();
  for (std::size_t i = 0; i < 3; ++i) {
    if (b.lower[i] < box.upper[i] && b.upper[i] > box.lower[i]) continue;
    problems.add_at(path, "the " + what + " lies outside the domain (" + domain_text(d) + ")");
    return true;
  }
  return false;
}

void check_limits(const std::map<std::string, double>& keys, const std::string& name,
                  const std::pair<std::string, double>& asked, Problems& problems) {
  const auto limit = [&](const char* key) {
    const auto found = keys.find(key);
    return found == keys.end() ? std::nan("") : found->second;
  };
  const double lower = limit("min_temperature"), upper = limit("max_temperature");
  if (asked.second < lower || asked.second > upper) {
    problems.add_at(asked.first, "found " + degrees(asked.second) + ", but the data of tissue '" +
                                     name + "' hold for " + degrees(lower) + " .. " +
                                     degrees(upper) + " only");
  }
}

}  // namespace

void check_place(const CaseDraft& d, const Bounded& shape, const std::string& path,
                 Problems& problems) {
  if (outside(d, shape, "region", path, problems)) return;
  const BoundingBox b = shape.bounds();
  if (d.axisymmetric() && !shape.may_be_round()) {
    problems.add_at(path, "a surface has no symmetry about an axis: it needs domain.box");
  } else if (d.axisymmetric() && !on_axis(b)) {
    problems.add_at(path, std::string("the shape is not symmetric about the z axis, but the domain "
                                      "is ") +
                              (d.mesh ? "axisymmetric" : "a cylinder"));
  }
}

bool domain_good(const CaseDraft& d, const Problems& problems) {
  const int shapes = (d.has_box ? 1 : 0) + (d.has_cylinder ? 1 : 0) + (d.mesh ? 1 : 0);
  return shapes == 1 && problems.good("domain.box") && problems.good("domain.cylinder") &&
         problems.good("domain.mesh");
}

const DomainMesh* domain_mesh(const CaseDraft& d, const Problems& problems) {
  return problems.good("domain.mesh") ? dynamic_cast<const DomainMesh*>(d.mesh.get()) : nullptr;
}

bool in_domain(const CaseDraft& d, const Vec3& p) {
  if (d.mesh) return dynamic_cast<const DomainMesh&>(*d.mesh).contains(p);
  const BoundingBox box = domain_box(d);
  constexpr double slack = 1e-9;  // m
  if (d.has_cylinder && std::hypot(p[0], p[1]) > d.radius + slack) return false;
  for (std::size_t i = 0; i < 3; ++i) {
    if (p[i] < box.lower[i] - slack || p[i] > box.upper[i] + slack) return false;
  }
  return true;
}

std::string domain_text(const CaseDraft& d) {
  const BoundingBox b = domain_box(d);
  const auto range = [&](const std::string& name, std::size_t i) {
    return name + " " + mm(b.lower[i]) + " .. " + mm(b.upper[i]);
  };
  if (d.mesh && !d.axisymmetric())
    return "a mesh in " + range("x", 0) + ", " + range("y", 1) + ", " + range("z", 2) + " mm";
  if (d.mesh) return "a mesh in r 0 .. " + mm(b.upper[0]) + ", " + range("z", 2) + " mm";
  if (d.has_cylinder) return "r 0 .. " + mm(d.radius) + ", " + range("z", 2) + " mm";
  return range("x", 0) + ", " + range("y", 1) + ", " + range("z", 2) + " mm";
}

std::string point_text(const Vec3& p) {
  return "(" + mm(p[0]) + ", " + mm(p[1]) + ", " + mm(p[2]) + ") mm";
}

void check_domain(const CaseDraft& d, Problems& problems) {
  const auto is_told = [&] { return !problems.good("domain"); };
  std::vector<std::string> shapes;
  if (d.has_box) shapes.emplace_back("box");
  if (d.has_cylinder) shapes.emplace_back("cylinder");
  if (d.mesh) shapes.emplace_back("mesh");
  if (shapes.size() != 1) {
    if (shapes.empty() && is_told()) return;  // the section itself is missing or broken
    problems.add_at("domain", shapes.empty()
                                  ? "missing: one of box, cylinder and mesh"
                                  : "found " + text::list(shapes) + ", expected one of them");
    return;
  }
  if (d.has_cylinder && problems.good("domain.cylinder") && !(d.top > d.bottom)) {
    problems.add_at(
        "domain.cylinder.top",
        "found " + mm(d.top) + " mm, which is not above bottom, " + mm(d.bottom) + " mm");
  }
  check_faces(d, problems);
}

void check_anatomy(const CaseDraft& d, Problems& problems) {
  const auto* bounded = dynamic_cast<const Bounded*>(d.anatomy.get());
  if (bounded == nullptr || !problems.good("anatomy") || !domain_good(d, problems)) return;
  if (d.axisymmetric() || d.mesh) {
    problems.add_at("anatomy",
                    std::string(d.axisymmetric() ? "an anatomy has no symmetry about an axis"
                                                 : "a mesh from a file has parts of its own") +
                        ": it needs domain.box");
    return;
  }
  outside(d, *bounded, "anatomy", "anatomy", problems);
}

void check_regions(const CaseDraft& d, Problems& problems) {
  check_anatomy(d, problems);
  std::set<std::string> names;
  const auto* parts = dynamic_cast<const TissueSource*>(d.anatomy.get());
  if (parts != nullptr && problems.good("anatomy"))
    for (const auto& name : parts->part_names()) names.insert(name);
  if (domain_mesh(d, problems) != nullptr)
    for (const auto& name : dynamic_cast<const TissueSource&>(*d.mesh).part_names())
      names.insert(name);
  for (std::size_t i = 0; i < d.regions.size(); ++i) {
    const RegionSpec& region = d.regions[i];
    const std::string path = child_path("regions", i);
    if (!region.name.empty() && !names.insert(region.name).second) {
      problems.add_at(child_path(path, "name"),
                      "the name " + text::quoted(region.name) + " is used twice");
    }
    const auto* bounded = dynamic_cast<const Bounded*>(region.shape.get());
    const std::string shape = child_path(path, "shape");
    if (bounded != nullptr && problems.good(shape) && domain_good(d, problems)) {
      check_place(d, *bounded, shape, problems);
    }
  }
}

void check_materials(const CaseDraft& d, Problems& problems) {
  std::vector<std::pair<std::string, double>> asked;
  if (problems.good("domain.initial_temperature")) {
    asked.emplace_back("domain.initial_temperature", d.initial_temperature);
  }
  for (std::size_t i = 0; i < d.faces.size(); ++i) {
    const std::string path = child_path("domain.faces", kFaceNames[i]);
    if (d.faces[i].fixed && problems.good(path)) {
      asked.emplace_back(child_path(path, "fixed"), *d.faces[i].fixed);
    }
  }
  for (std::size_t i = 0; i < d.face_groups.size(); ++i) {
    const std::string path =
        child_path(child_path("domain.faces", "groups"), d.face_group_names[i]);
    if (d.face_groups[i].fixed && problems.good(path))
      asked.emplace_back(child_path(path, "fixed"), *d.face_groups[i].fixed);
  }
  for (const auto& material : d.materials) {
    if (!material.object) continue;
    const auto values = real_values(*material.object);
    for (const auto& temperature : asked) {
      check_limits(values, material.name, temperature, problems);
    }
  }
}

}  // namespace thermodose
