// Implements: run/export.h.
#include "run/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>

#include "base/error.h"
#include "geometry/image_io.h"
#include "geometry/label_anatomy.h"
#include "geometry/surface_files.h"
#include "geometry/surface_mesh.h"
#include "output/atomic_file.h"
#include "run/model.h"
#include "run/plan_files.h"
#include "run/structures.h"

namespace thermodose {

namespace {

constexpr double kMostVoxels = 5e8;
// Voxels and surface of a region differ by more only where the spacing misses some of it.
constexpr double kThin = 0.15;

/// Voxels over the domain, in the frame of its image or in RAS; the numbers of the case run along
/// i, j, k.
struct Voxels {
  ImageGrid grid;
  ImageFrame frame = ImageFrame::ras;
};

Voxels voxels_of(const CaseSpec& spec, const Model& model, double spacing) {
  Voxels v;
  if (const auto* labels = dynamic_cast<const LabelAnatomy*>(model.anatomy))
    v.frame = labels->frame();
  const double sign = v.frame == ImageFrame::ras ? -1 : 1;  // the grid is LPS
  double count = 1;
  for (std::size_t d = 0; d < 3; ++d) {
    const double edge = spec.domain.upper[d] - spec.domain.lower[d];
    const double n = std::max(1.0, std::ceil(edge / spacing - 1e-6));
    count *= n;
    if (count > kMostVoxels)
      throw InputError(
          Problem{"", 0, "--spacing",
                  fmt::format("more than {:.0g} voxels: take a larger one than {:g} mm",
                              kMostVoxels, 1e3 * spacing)});
    v.grid.size[d] = static_cast<int>(n);
    v.grid.spacing[d] = 1e3 * spacing;
    const double first =
        0.5 * (spec.domain.lower[d] + spec.domain.upper[d]) - 0.5 * (n - 1) * spacing;
    const double turn = d < 2 ? sign : 1;
    v.grid.origin[d] = turn * 1e3 * first;
    v.grid.axes[d][d] = turn;
  }
  return v;
}

std::vector<std::uint16_t> sample(const Model& model, const Voxels& v,
                                  std::vector<std::size_t>& counts) {
  std::vector<std::uint16_t> out;
  out.reserve(v.grid.voxels());
  counts.assign(model.region_name.size() + 1, 0);
  for (int k = 0; k < v.grid.size[2]; ++k)
    for (int j = 0; j < v.grid.size[1]; ++j)
      for (int i = 0; i < v.grid.size[0]; ++i) {
        const int region =
            model.region_at(v.grid.point({double(i), double(j), double(k)}, v.frame));
        const std::size_t label = region < 0 ? 0 : static_cast<std::size_t>(region) + 1;
        out.push_back(static_cast<std::uint16_t>(label));
        ++counts[label];
      }
  return out;
}

std::string map_text(const CaseSpec& spec, const Model& model,
                     const std::vector<std::size_t>& counts, const std::string& image) {
  std::string text = fmt::format(
      "# Labels of {0}, written by thermodose export.\n# Use: anatomy: {{labels: {{file: {0}, map: "
      "labels.yaml, background: {1}}}}}\ntitle: regions of a case\nlabels:\n",
      image, spec.tissue);
  for (std::size_t r = 0; r < model.region_name.size(); ++r)
    if (counts[r + 1] > 0)
      text += fmt::format("  {}: {{name: {}, tissue: {}}}\n", r + 1, model.region_name[r],
                          model.law_names[static_cast<std::size_t>(model.region_law[r])]);
  return text;
}

/// Regions without a voxel: too small or thin for the spacing, outside the domain, or covered.
std::string missing_text(const Model& model, const std::vector<std::size_t>& counts) {
  std::vector<std::string> names;
  for (std::size_t r = 0; r < model.region_name.size(); ++r)
    if (counts[r + 1] == 0) names.push_back(model.region_name[r]);
  if (names.empty()) return "";
  return fmt::format("left out, without a voxel: {} of {} regions: {}", names.size(),
                     model.region_name.size(), fmt::join(names, ", "));
}

/// The surface of a region in its bounds, which lie in the domain.
std::string write_region(const Model& model, const CaseSpec& spec, std::size_t region,
                         double sampled, StructureMaker& maker, const ExportOptions& options) {
  const std::string& name = model.region_name[region];
  const auto structure = maker.make({{name}, "", nullptr}, name);
  BoundingBox box = evaluation::common(structure.bounds, {spec.domain.lower, spec.domain.upper});
  if (evaluation::is_empty(box)) return "";
  const TriangleSurface surface = extract_surface(structure.inside, box, options.spacing);
  if (surface.triangles.empty()) return "";
  const std::string path = options.directory + "/" + name;
  write_stl(part_name(path + ".stl"), surface, frame_name(model));
  publish_part(path + ".stl");
  write_vtp(part_name(path + ".vtp"), surface, {}, frame_name(model));
  publish_part(path + ".vtp");
  const double volume = enclosed_volume(surface);
  return fmt::format("{0}.stl, {0}.vtp: {1:.3g} mL in {2} triangles{3}", name, 1e6 * volume,
                     surface.triangles.size(),
                     std::abs(volume - sampled) > kThin * sampled
                         ? ": thin for this spacing, with holes; take half its thickness"
                         : "");
}

}  // namespace

std::vector<std::string> export_case(const CaseSpec& spec, const ExportOptions& options) {
  if (spec.domain.axisymmetric || spec.domain.mesh)
    throw InputError(Problem{spec.file, 0, "domain", "images and surfaces need a box"});
  const Model model = make_model(spec, 0.05);
  const Voxels voxels = voxels_of(spec, model, options.spacing);
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error) throw IoError(options.directory + ": cannot be made: " + error.message());
  std::vector<std::size_t> counts;
  const auto labels = sample(model, voxels, counts);
  const std::string image = "labels." + options.extension;
  write_image(options.directory + "/" + image, voxels.grid, labels, "labels");
  write_file_atomically(options.directory + "/labels.yaml", map_text(spec, model, counts, image));
  std::vector<std::string> lines{fmt::format("{}: {} x {} x {} voxels of {:g} mm", image,
                                             voxels.grid.size[0], voxels.grid.size[1],
                                             voxels.grid.size[2], 1e3 * options.spacing)};
  for (std::size_t r = 0; r < model.region_name.size(); ++r)
    if (counts[r + 1] > 0)
      lines.push_back(
          fmt::format("  {:>3} {:<24} {:.3g} mL", r + 1, model.region_name[r],
                      1e6 * voxels.grid.voxel_volume() * static_cast<double>(counts[r + 1])));
  const std::string missing = missing_text(model, counts);
  if (!missing.empty()) lines.push_back(missing);
  lines.emplace_back("labels.yaml: names and tissues of the labels");
  StructureMaker maker(model);
  for (std::size_t r = 0; options.surfaces && r < model.region_name.size(); ++r) {
    const std::string line = write_region(
        model, spec, r, voxels.grid.voxel_volume() * static_cast<double>(counts[r + 1]), maker,
        options);
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

}  // namespace thermodose
