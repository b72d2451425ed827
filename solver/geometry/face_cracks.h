// Do the parts of a mesh share their nodes?
// Implements: outer nodes that lie on an outer face of another cell, where heat could not pass.
#pragma once

#include <vector>

#include "geometry/file_mesh.h"

namespace thermodose {

/// Nodes of `boundary` within `same` (m) of a bilinear face of it that is not their own.
std::vector<int> cracked_nodes(const std::vector<Vec3>& points,
                               const std::vector<OuterFace>& boundary, double same);

}  // namespace thermodose
