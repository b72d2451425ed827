// Implements: run/plan_files.h.
#include "run/plan_files.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "geometry/label_anatomy.h"
#include "geometry/surface_files.h"
#include "output/atomic_file.h"

namespace thermodose {

namespace {

constexpr std::size_t kSectors = 96;  // of a body of revolution: 0.05 % of its radius off
constexpr double kPi = 3.14159265358979323846;

/// A quadrilateral between two circles as two triangles; circles of radius 0 are points.
void add_ring(TriangleSurface& out, std::uint32_t a, std::uint32_t b, std::uint32_t next_a,
              std::uint32_t next_b, bool a_on_axis, bool b_on_axis) {
  if (!b_on_axis) out.triangles.push_back({a, next_b, b});
  if (!a_on_axis) out.triangles.push_back({a, next_a, next_b});
}

SpaceSurface revolved(const evaluation::Surface& surface) {
  SpaceSurface out;
  for (std::size_t s = 0; s < kSectors; ++s) {
    const double angle = 2 * kPi * static_cast<double>(s) / kSectors;
    for (std::size_t n = 0; n < surface.points.size(); ++n) {
      const Vec3& p = surface.points[n];
      out.triangles.points.push_back({p[0] * std::cos(angle), p[0] * std::sin(angle), p[2]});
      out.origin.push_back(n);
    }
  }
  const std::size_t n = surface.points.size();
  for (const auto& face : surface.faces) {
    const auto a = static_cast<std::size_t>(face[0]), b = static_cast<std::size_t>(face[1]);
    const bool a_on_axis = surface.points[a][0] < 1e-12, b_on_axis = surface.points[b][0] < 1e-12;
    for (std::size_t s = 0; s < kSectors; ++s) {
      const std::size_t next = (s + 1) % kSectors;
      const auto at = [&](std::size_t point, bool on_axis, std::size_t sector) {
        return static_cast<std::uint32_t>(point + (on_axis ? 0 : sector * n));
      };
      add_ring(out.triangles, at(a, a_on_axis, s), at(b, b_on_axis, s), at(a, a_on_axis, next),
               at(b, b_on_axis, next), a_on_axis, b_on_axis);
    }
  }
  return out;
}

std::vector<PointValues> values_of(const NamedSurface& surface, const SpaceSurface& space) {
  std::vector<PointValues> out;
  for (const auto& [name, values] : surface.values) {
    out.push_back({name, {}});
    for (const std::size_t n : space.origin)
      out.back().values.push_back(static_cast<float>(values[n]));
  }
  return out;
}

}  // namespace

SpaceSurface in_space(const evaluation::Surface& surface) {
  if (surface.axisymmetric) return revolved(surface);
  SpaceSurface out;
  out.triangles.points = surface.points;
  for (std::size_t n = 0; n < surface.points.size(); ++n) out.origin.push_back(n);
  for (const auto& face : surface.faces)
    out.triangles.triangles.push_back({static_cast<std::uint32_t>(face[0]),
                                       static_cast<std::uint32_t>(face[1]),
                                       static_cast<std::uint32_t>(face[2])});
  return out;
}

std::string frame_name(const Model& model) {
  const auto* labels = dynamic_cast<const LabelAnatomy*>(model.anatomy);
  if (labels == nullptr) return "";
  return labels->frame() == ImageFrame::ras ? "RAS" : "LPS";
}

void write_surfaces(const std::string& directory, const std::vector<NamedSurface>& surfaces,
                    const std::string& frame) {
  if (surfaces.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw IoError(fmt::format("{}: cannot be made: {}", directory, error.message()));
  for (const NamedSurface& s : surfaces) {
    const SpaceSurface space = in_space(s.surface);
    const std::string path = directory + "/" + s.name;
    write_vtp(part_name(path + ".vtp"), space.triangles, values_of(s, space), frame);
    publish_part(path + ".vtp");
    write_stl(part_name(path + ".stl"), space.triangles, frame);
    publish_part(path + ".stl");
  }
}

}  // namespace thermodose
