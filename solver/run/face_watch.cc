#include "run/face_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {

constexpr double kDepth = 0.05;           // of the domain's edge
constexpr double kBand = 0.15;            // meshes: nodes this near to the face
constexpr double kLimit = 10;             // K: about 0.2 % of the volume of the ice
constexpr double kSameTemperature = 0.5;  // K

bool held_at_start(const DomainSpec& domain, std::size_t face) {
  const FaceSpec& f = domain.faces[face];
  return f.kind == "fixed" &&
         std::abs(f.temperature - domain.initial_temperature) < kSameTemperature;
}

// 0..5 = x_min .. z_max, -1: none of them.
int side_of(const DomainSpec& domain, std::size_t face) {
  return domain.mesh ? domain.faces[face].side : static_cast<int>(face);
}

// Of a mesh from a file: another face in the same plane cools or heats, an applicator or the air.
// The plane is the surface of the body then, and cannot be moved away from it.
bool is_body_surface(const DomainSpec& domain, int side) {
  if (!domain.mesh || side < 0) return false;
  for (std::size_t face = 0; face < domain.faces.size(); ++face) {
    const FaceSpec& f = domain.faces[face];
    if (f.side == side && f.kind != "insulated" && !held_at_start(domain, face)) return true;
  }
  return false;
}

bool watched(const DomainSpec& domain, std::size_t face) {
  const int side = side_of(domain, face);
  if (side < 0 || is_body_surface(domain, side) ||
      (domain.axisymmetric && (side == 0 || side == 2 || side == 3)))
    return false;
  return held_at_start(domain, face);
}

double depth(const DomainSpec& domain, std::size_t face, const Vec3& point) {
  const std::size_t axis = face / 2;
  const double edge = domain.upper[axis] - domain.lower[axis];
  return (face % 2 == 0 ? point[axis] - domain.lower[axis] : domain.upper[axis] - point[axis]) /
         edge;
}

// The grid plane nearest to the depth.
std::vector<WatchedNode> plane(std::size_t face, const NodeGeometry& g) {
  const std::size_t axis = face / 2;
  const int last = g.nodes[axis] - 1;
  const int inside = std::max(1, static_cast<int>(std::lround(kDepth * last)));
  std::array<int, 3> lo{}, hi = g.nodes;
  lo[axis] = face % 2 == 0 ? inside : last - inside;
  hi[axis] = lo[axis] + 1;
  std::vector<WatchedNode> out;
  for (int k = lo[2]; k < hi[2]; ++k)
    for (int j = lo[1]; j < hi[1]; ++j)
      for (int i = lo[0]; i < hi[0]; ++i) {
        const auto row = static_cast<std::size_t>(j) +
                         static_cast<std::size_t>(g.nodes[1]) * static_cast<std::size_t>(k);
        out.push_back({static_cast<std::size_t>(i) + static_cast<std::size_t>(g.nodes[0]) * row,
                       kDepth * last / inside});
      }
  return out;
}

std::vector<WatchedNode> nodes_inside(const DomainSpec& domain, std::size_t face,
                                      const NodeGeometry& g) {
  if (g.uniform) return plane(face, g);
  std::vector<WatchedNode> out;
  for (std::size_t i = 0; i < g.points.size(); ++i) {
    const double d = depth(domain, face, g.points[i]);
    // Nodes nearer than half the depth say too little: what they change would be blown up.
    if (d >= 0.5 * kDepth && d <= kBand) out.push_back({i, kDepth / d});
  }
  return out;
}

}  // namespace

template <class Real>
void FaceWatch<Real>::begin(const HeatSystem<Real>& system, const Real* /*state*/) {
  for (std::size_t face = 0; face < nodes_.size(); ++face)
    if (watched(domain_, face))
      nodes_[face] = nodes_inside(domain_, static_cast<std::size_t>(side_of(domain_, face)),
                                  system.geometry());
}

template <class Real>
void FaceWatch<Real>::instant(const Frame<Real>& frame) {
  const auto& temperature = frame.fields->temperature();
  for (std::size_t face = 0; face < nodes_.size(); ++face)
    for (const auto& node : nodes_[face])
      change_[face] = std::max(change_[face], node.scale * std::abs(temperature[node.index] -
                                                                    domain_.initial_temperature));
}

std::string face_name(const DomainSpec& domain, std::size_t face) {
  if (domain.mesh) return domain.faces[face].name;
  static constexpr const char* kBox[] = {"x_min", "x_max", "y_min", "y_max", "z_min", "z_max"};
  return domain.axisymmetric && face == 1 ? "r_max" : kBox[face];
}

bool tissue_beyond(const DomainSpec& domain, std::size_t face) {
  const FaceSpec& f = domain.faces[face];
  if (!domain.mesh || f.kind == "convective") return f.kind != "convective";
  return f.kind == "fixed" ? held_at_start(domain, face) && !is_body_surface(domain, f.side)
                           : f.side >= 0;
}

std::string small_domain_warning(const DomainSpec& domain, const std::vector<double>& change) {
  std::string faces;
  double most = 0;
  for (std::size_t face = 0; face < change.size(); ++face) {
    if (change[face] <= kLimit) continue;
    faces += (faces.empty() ? "" : ", ") + face_name(domain, face);
    most = std::max(most, change[face]);
  }
  if (faces.empty()) return "";
  return fmt::format(
      "the domain is small: close to {} tissue changed by up to {:.0f} K, although the face is "
      "held "
      "at the initial temperature; move it away, or results depend on where it is",
      faces, most);
}

template class FaceWatch<float>;
template class FaceWatch<double>;

}  // namespace thermodose
