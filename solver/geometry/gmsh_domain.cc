// Implements: geometry/gmsh_domain.h.
#include "geometry/gmsh_domain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "base/error.h"
#include "base/registry.h"
#include "base/text.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {

constexpr double kNear = 1e-9;  // of the longest side of the mesh

/// What a case calls a physical group: its name, or its number where it has none.
std::string group_name(const MshFile& file, int dimension, int number) {
  const auto found = file.names.find({dimension, number});
  return found == file.names.end() || found->second.empty() ? std::to_string(number)
                                                            : found->second;
}

/// Box of (r, z) around the mesh.
BoundingBox flat_box(const RingMesh& mesh) {
  BoundingBox box{mesh.points.front(), mesh.points.front()};
  for (const Vec3& p : mesh.points)
    for (const std::size_t d : {0U, 2U}) {
      box.lower[d] = std::min(box.lower[d], p[d]);
      box.upper[d] = std::max(box.upper[d], p[d]);
    }
  return box;
}

/// The body of revolution of a box of (r, z).
BoundingBox solid(const BoundingBox& flat) {
  return {{-flat.upper[0], -flat.upper[0], flat.lower[2]},
          {flat.upper[0], flat.upper[0], flat.upper[2]}};
}

/// The side of the box that an edge lies on: 1, 4 or 5, -1 for none.
int side_of(const RingMesh& mesh, const RingEdge& edge, const BoundingBox& box) {
  const double close = kNear * std::max(box.upper[0], box.upper[2] - box.lower[2]);
  const Vec3 &a = mesh.points[std::size_t(edge.nodes[0])],
             &b = mesh.points[std::size_t(edge.nodes[1])];
  const auto both = [&](std::size_t d, double x) {
    return std::abs(a[d] - x) <= close && std::abs(b[d] - x) <= close;
  };
  if (both(0, box.upper[0])) return 1;
  if (both(2, box.lower[2])) return 4;
  return both(2, box.upper[2]) ? 5 : -1;
}

}  // namespace

void GmshDomain::keys(Keys& k) {
  k.text(key("file", "",
             "Gmsh mesh, .msh of version 2.2 or 4.1 as text: quadrilaterals in the plane x = r, y "
             "= z; a relative path starts at the case."),
         file_);
  k.text(key("unit", "", "Unit of the coordinates of the file, which does not say it.")
             .one_of({"mm", "cm", "m"}),
         unit_);
  k.named(
      key("groups", "",
          "Physical groups of the cells, by name, or by number those without a name. All of them "
          "are needed; cells of no group are of the background `tissue`.")
          .optional(),
      group_names_, [&](std::size_t n) { groups_.resize(n); },
      [&](Keys& group, std::size_t i) {
        group.text(key("tissue", "", "A material of the library or of `materials`."),
                   groups_[i].tissue);
      });
}

void GmshDomain::prepare(const ReadContext& context) {
  file_ = fs::absolute(fs::path(context.directory) / file_).lexically_normal().string();
  std::vector<Problem> problems;
  const auto tell = [&](int line, const std::string& message) {
    problems.push_back(
        {"", 0, "file", file_ + ": " + (line > 0 ? fmt::format("line {}: ", line) : "") + message});
  };
  MshFile file;
  try {
    file = read_msh(file_);
  } catch (const InputError& e) {
    for (const Problem& p : e.problems()) tell(p.line, p.message);
    throw InputError(std::move(problems));
  }
  std::vector<std::string> messages;
  mesh_ = make_ring_mesh(file, unit_ == "mm" ? 1e-3 : unit_ == "cm" ? 1e-2 : 1, messages);
  for (const auto& message : messages) tell(0, message);
  make_parts(file, problems);
  if (messages.empty()) {
    make_faces(file, problems);
    check_size(problems);
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  locator_ = std::make_unique<RingLocator>(mesh_);
}

void GmshDomain::make_parts(const MshFile& file, std::vector<Problem>& problems) {
  std::map<int, int> part_of{{0, -1}};  // by the number of the group
  std::set<int> present;
  for (const auto& quad : file.quads)
    if (quad.group != 0) present.insert(quad.group);
  std::vector<std::string> names, missing;
  for (const int number : present) {
    const std::string name = group_name(file, 2, number);
    const auto known = std::find_if(parts_.begin(), parts_.end(),
                                    [&](const AnatomyPart& part) { return part.name == name; });
    if (known != parts_.end()) {  // two groups of one name are one
      part_of[number] = static_cast<int>(known - parts_.begin());
      continue;
    }
    names.push_back(name);
    const auto found = std::find(group_names_.begin(), group_names_.end(), names.back());
    if (found == group_names_.end()) {
      missing.push_back(text::quoted(names.back()));
      continue;
    }
    part_of[number] = static_cast<int>(parts_.size());
    parts_.push_back({names.back(), groups_[std::size_t(found - group_names_.begin())].tissue, 0});
  }
  for (const auto& name : group_names_) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    problems.push_back({"", 0, "groups." + name,
                        file_ + " has no cells in a physical group " + text::quoted(name) +
                            "; it has " + (names.empty() ? "none" : text::list(names)) +
                            text::did_you_mean(name, names)});
  }
  if (!missing.empty())
    problems.push_back({"", 0, "groups",
                        "missing: the tissue of " + text::join(missing, ", ") +
                            ", physical groups of " + file_ + "; expected " +
                            "NAME: {tissue: ...} for each of them"});
  if (!problems.empty()) return;
  for (std::size_t c = 0; c < mesh_.cell_group.size(); ++c) {
    cell_part_.push_back(part_of[mesh_.cell_group[c]]);
    if (cell_part_.back() >= 0) parts_[std::size_t(cell_part_.back())].volume += mesh_.volume(c);
  }
}

void GmshDomain::make_faces(const MshFile& file, std::vector<Problem>& problems) {
  const BoundingBox box = flat_box(mesh_);
  // Groups in order of their number, then what is in none, side by side.
  std::map<std::pair<int, int>, int> face_of;
  const auto key_of = [&](const RingEdge& e) {
    const int side = side_of(mesh_, e, box);
    return e.group != 0 ? std::pair(0, e.group) : std::pair(1, side < 0 ? 9 : side);
  };
  for (const RingEdge& e : mesh_.boundary) face_of.emplace(key_of(e), 0);
  for (auto& [key, face] : face_of) {
    face = static_cast<int>(faces_.size());
    const auto& [loose, number] = key;
    if (loose == 0)
      faces_.push_back({group_name(file, 1, number), true, -2});
    else
      faces_.push_back({number == 1   ? "r_max"
                        : number == 4 ? "z_min"
                        : number == 5 ? "z_max"
                                      : "other",
                        false, -2});
  }
  for (const RingEdge& e : mesh_.boundary) {
    edge_face_.push_back(face_of[key_of(e)]);
    MeshFace& face = faces_[std::size_t(edge_face_.back())];
    const int side = side_of(mesh_, e, box);
    face.side = face.side == -2 || face.side == side ? side : -1;
  }
  for (const int number : mesh_.hidden) hidden_.push_back(group_name(file, 1, number));
  std::set<std::string> names;
  for (const MeshFace& face : faces_)
    if (face.grouped && !names.insert(face.name).second)
      problems.push_back({"", 0, "file",
                          file_ + ": two physical groups of lines are named " +
                              text::quoted(face.name) + ": give each its own name"});
  if (faces_.size() > kMostFaces)
    problems.push_back({"", 0, "file",
                        fmt::format("{}: found {} outer faces, allowed: {}: join physical groups "
                                    "of lines that take the same condition",
                                    file_, faces_.size(), kMostFaces)});
}

/// Nothing in a patient is as large or as small: the unit is another one.
void GmshDomain::check_size(std::vector<Problem>& problems) const {
  constexpr double kLargest = 3, kSmallest = 1e-4;  // m
  const BoundingBox box = flat_box(mesh_);
  const double side = std::max(box.upper[0], box.upper[2] - box.lower[2]);
  if (side <= kLargest && side >= kSmallest) return;
  problems.push_back({"", 0, "unit",
                      "found " + text::quoted(unit_) + ", which makes the mesh " +
                          text::number(1e3 * side) +
                          " mm long, allowed: 0.1 mm to 3 m; in which unit is " + file_ + "?"});
}

int GmshDomain::cell_at(const Vec3& p) const {
  return locator_->cell_at(std::hypot(p[0], p[1]), p[2]);
}

int GmshDomain::part_at(const Vec3& p) const {
  const int cell = cell_at(p);
  return cell < 0 ? -1 : cell_part_[std::size_t(cell)];
}

BoundingBox GmshDomain::bounds() const { return solid(flat_box(mesh_)); }

std::vector<BoundingBox> GmshDomain::part_bounds() const {
  std::vector<BoundingBox> flat(
      parts_.size(), {{HUGE_VAL, HUGE_VAL, HUGE_VAL}, {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL}});
  for (std::size_t c = 0; c < cell_part_.size(); ++c) {
    if (cell_part_[c] < 0) continue;
    BoundingBox& box = flat[std::size_t(cell_part_[c])];
    for (const Vec3& p : mesh_.corners(c))
      for (std::size_t d = 0; d < 3; ++d) {
        box.lower[d] = std::min(box.lower[d], p[d]);
        box.upper[d] = std::max(box.upper[d], p[d]);
      }
  }
  for (BoundingBox& box : flat) box = solid(box);
  return flat;
}

namespace {
THERMODOSE_REGISTER("domain_mesh", "gmsh", GmshDomain,
                    "Quadrilaterals in (r, z) that Gmsh made (text of version 2.2 or 4.1): an "
                    "applicator as it was drawn. Physical groups of surfaces are tissues, those of "
                    "curves are outer faces.");
}  // namespace

}  // namespace thermodose
