// Implements: geometry/gmsh_domain.h.
#include "geometry/gmsh_domain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/registry.h"
#include "base/text.h"

namespace thermodose {

namespace {

constexpr double kNear = 1e-9;  // of the longest side of the mesh

/// What a case calls a physical group: its name, or its number where it has none.
std::string group_name(const MshFile& file, int dimension, int number) {
  const auto found = file.names.find({dimension, number});
  return found == file.names.end() || found->second.empty() ? std::to_string(number)
                                                            : found->second;
}

BoundingBox nothing() {
  return {{HUGE_VAL, HUGE_VAL, HUGE_VAL}, {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL}};
}

void grow(BoundingBox& box, const Vec3& p) {
  for (std::size_t d = 0; d < 3; ++d) {
    box.lower[d] = std::min(box.lower[d], p[d]);
    box.upper[d] = std::max(box.upper[d], p[d]);
  }
}

/// Box around the points of a mesh, of rings that of (r, 0, z).
BoundingBox box_of(const FileMesh& mesh) {
  BoundingBox box = nothing();
  for (const Vec3& p : mesh.points) grow(box, p);
  return box;
}

double longest_side(const BoundingBox& box) {
  return std::max(
      {box.upper[0] - box.lower[0], box.upper[1] - box.lower[1], box.upper[2] - box.lower[2]});
}

/// The body of revolution of a box of (r, z).
BoundingBox solid(const BoundingBox& flat) {
  return {{-flat.upper[0], -flat.upper[0], flat.lower[2]},
          {flat.upper[0], flat.upper[0], flat.upper[2]}};
}

/// The side of the box that a face lies on: 0..5 = x_min .. z_max, of rings 1, 4 or 5; -1 for none.
int side_of(const FileMesh& mesh, const OuterFace& face, const BoundingBox& box) {
  const double close = kNear * longest_side(box);
  for (int side = 0; side < 6; ++side) {
    const auto axis = std::size_t(side) / 2;
    if (mesh.axisymmetric && (side == 0 || axis == 1)) continue;
    const double x = side % 2 == 0 ? box.lower[axis] : box.upper[axis];
    bool on = true;
    for (std::size_t i = 0; i < mesh.nodes_per_face(); ++i)
      on = on && std::abs(mesh.points[std::size_t(face.nodes[i])][axis] - x) <= close;
    if (on) return side;
  }
  return -1;
}

const char* side_name(bool axisymmetric, int side) {
  static constexpr const char* kNames[] = {"x_min", "x_max", "y_min", "y_max", "z_min", "z_max"};
  if (side < 0 || side > 5) return "other";
  return axisymmetric && side == 1 ? "r_max" : kNames[side];
}

}  // namespace

void GmshDomain::keys(Keys& k) {
  source_.keys(k,
               "Gmsh mesh, .msh of version 2.2 or 4.1 as text: hexahedra, or quadrilaterals in the "
               "plane x = r, y = z of an axisymmetric one; a relative path starts at the case.");
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
  source_.place(context);
  std::vector<Problem> problems;
  const auto tell = [&](int line, const std::string& message) {
    problems.push_back(
        {"", 0, "file",
         source_.path + ": " + (line > 0 ? fmt::format("line {}: ", line) : "") + message});
  };
  MshFile file;
  try {
    file = read_msh(source_.path);
  } catch (const InputError& e) {
    for (const Problem& p : e.problems()) tell(p.line, p.message);
    throw InputError(std::move(problems));
  }
  const std::vector<std::string> messages = make_mesh(file);
  for (const auto& message : messages) tell(0, message);
  make_parts(file, problems);
  if (messages.empty()) {
    make_faces(file, problems);
    source_.check_size(longest_side(box_of(mesh())), "mesh", problems);
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  for (const auto& note : mesh().notes) log::warning(source_.path + ": " + note);
  if (hexes_)
    in_hexes_ = std::make_unique<HexLocator>(*hexes_);
  else
    in_rings_ = std::make_unique<RingLocator>(rings_);
}

const FileMesh& GmshDomain::mesh() const {
  if (hexes_) return *hexes_;
  return rings_;
}

/// Hexahedra make a mesh in space, whose quadrilaterals are faces. Returns what is wrong with it.
std::vector<std::string> GmshDomain::make_mesh(const MshFile& file) {
  std::vector<std::string> messages;
  const double metres = source_.metres();
  if (file.hexes.empty())
    rings_ = make_ring_mesh(file, metres, messages);
  else
    hexes_ = std::make_unique<HexMesh>(make_hex_mesh(file, metres, messages));
  return messages;
}

void GmshDomain::make_parts(const MshFile& file, std::vector<Problem>& problems) {
  std::map<int, int> part_of{{0, -1}};  // by the number of the group
  std::set<int> present;
  const auto meet = [&](const auto& cells) {
    for (const auto& cell : cells)
      if (cell.group != 0) present.insert(cell.group);
  };
  axisymmetric() ? meet(file.quads) : meet(file.hexes);
  std::vector<std::string> names, missing;
  for (const int number : present) {
    const std::string name = group_name(file, axisymmetric() ? 2 : 3, number);
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
                        source_.path + " has no cells in a physical group " + text::quoted(name) +
                            "; it has " + (names.empty() ? "none" : text::list(names)) +
                            text::did_you_mean(name, names)});
  }
  if (!missing.empty())
    problems.push_back({"", 0, "groups",
                        "missing: the tissue of " + text::join(missing, ", ") +
                            ", physical groups of " + source_.path + "; expected " +
                            "NAME: {tissue: ...} for each of them"});
  if (!problems.empty()) return;
  for (std::size_t c = 0; c < mesh().cell_group.size(); ++c) {
    cell_part_.push_back(part_of[mesh().cell_group[c]]);
    if (cell_part_.back() >= 0) parts_[std::size_t(cell_part_.back())].volume += mesh().volume(c);
  }
}

void GmshDomain::make_faces(const MshFile& file, std::vector<Problem>& problems) {
  const BoundingBox box = box_of(mesh());
  // Groups in order of their number, then what is in none, side by side.
  std::map<std::pair<int, int>, int> face_of;
  const auto key_of = [&](const OuterFace& e) {
    const int side = side_of(mesh(), e, box);
    return e.group != 0 ? std::pair(0, e.group) : std::pair(1, side < 0 ? 9 : side);
  };
  for (const OuterFace& e : mesh().boundary) face_of.emplace(key_of(e), 0);
  for (auto& [key, face] : face_of) {
    face = static_cast<int>(faces_.size());
    const auto& [loose, number] = key;
    if (loose == 0)
      faces_.push_back({group_name(file, axisymmetric() ? 1 : 2, number), true, -2});
    else
      faces_.push_back({side_name(axisymmetric(), number), false, -2});
  }
  for (const OuterFace& e : mesh().boundary) {
    outer_face_.push_back(face_of[key_of(e)]);
    MeshFace& face = faces_[std::size_t(outer_face_.back())];
    const int side = side_of(mesh(), e, box);
    face.side = face.side == -2 || face.side == side ? side : -1;
  }
  for (const int number : mesh().hidden)
    hidden_.push_back(group_name(file, axisymmetric() ? 1 : 2, number));
  std::set<std::string> names;
  for (const MeshFace& face : faces_)
    if (face.grouped && !names.insert(face.name).second)
      problems.push_back({"", 0, "file",
                          source_.path + ": two physical groups of " + group_kind() +
                              " are named " + text::quoted(face.name) +
                              ": give each its own name"});
  if (faces_.size() > kMostFaces)
    problems.push_back({"", 0, "file",
                        fmt::format("{}: found {} outer faces, allowed: {}: join physical groups "
                                    "of {} that take the same condition",
                                    source_.path, faces_.size(), kMostFaces, group_kind())});
}

int GmshDomain::cell_at(const Vec3& p) const {
  return in_hexes_ ? in_hexes_->cell_at(p) : in_rings_->cell_at(std::hypot(p[0], p[1]), p[2]);
}

int GmshDomain::part_at(const Vec3& p) const {
  const int cell = cell_at(p);
  return cell < 0 ? -1 : cell_part_[std::size_t(cell)];
}

BoundingBox GmshDomain::bounds() const {
  const BoundingBox box = box_of(mesh());
  return axisymmetric() ? solid(box) : box;
}

std::vector<BoundingBox> GmshDomain::part_bounds() const {
  std::vector<BoundingBox> boxes(parts_.size(), nothing());
  for (std::size_t c = 0; c < cell_part_.size(); ++c) {
    if (cell_part_[c] < 0) continue;
    for (std::size_t i = 0; i < mesh().nodes_per_cell(); ++i)
      grow(boxes[std::size_t(cell_part_[c])], mesh().point(c, i));
  }
  if (axisymmetric())
    for (BoundingBox& box : boxes) box = solid(box);
  return boxes;
}

namespace {
THERMODOSE_REGISTER(
    "domain_mesh", "gmsh", GmshDomain,
    "Cells that Gmsh made (text of version 2.2 or 4.1): an applicator as it was drawn. "
    "Hexahedra, whose physical groups of volumes are tissues and those of surfaces "
    "outer faces; or quadrilaterals in (r, z), whose groups of surfaces are tissues "
    "and those of curves outer faces.");
}  // namespace

}  // namespace thermodose
