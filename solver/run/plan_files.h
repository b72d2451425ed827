// Surfaces of an evaluated plan as files.
// Implements: lesions and targets as .vtp (with the margins at their points) and .stl, millimetres;
// axisymmetric ones as bodies of revolution.
#pragma once

#include <string>
#include <vector>

#include "geometry/surface_mesh.h"
#include "run/model.h"
#include "run/plan_evaluation.h"

namespace thermodose {

/// As triangles in space, and the number of the point each one comes from (its values).
struct SpaceSurface {
  TriangleSurface triangles;
  std::vector<std::size_t> origin;
};
SpaceSurface in_space(const evaluation::Surface& surface);

/// Writes <directory>/<name>.vtp and .stl of each, atomically; makes the directory. `frame` as in
/// geometry/surface_files.h. Throws IoError.
void write_surfaces(const std::string& directory, const std::vector<NamedSurface>& surfaces,
                    const std::string& frame = "");

/// RAS or LPS where the case lies in an image, else empty.
std::string frame_name(const Model& model);

}  // namespace thermodose
